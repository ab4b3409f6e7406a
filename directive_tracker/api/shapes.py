"""What is answered, and how it is made of rows. Everything here is promised: fields are added, never taken away or renamed."""

from typing import Any

from django.conf import settings

from directive_tracker.api.fields import Day, Moment, Shown
from tasks.enums import (
    AssignmentRole,
    AssignmentState,
    ConditionState,
    DirectiveState,
    DueSource,
    IndicatorMode,
    PeriodKind,
    ProductKind,
    ReportState,
    RoundDecision,
    SectionState,
    Strength,
    UnitWord,
)
from tasks.models import AssignmentProduct, Directive, DirectiveTask
from tasks.timeliness import Timeliness
from units.models import Unit as UnitRow
from units.models.unit import UnitKind

# --- names of things --------------------------------------------------------------------------------------------------------


class UnitRef(Shown):
    id: int
    code: str
    name: str


class DirectiveRef(Shown):
    id: int
    number: str
    short_title: str


class TaskRef(Shown):
    id: int
    code: str
    short_title: str


def unit_ref(row: UnitRow) -> dict[str, Any]:
    return {"id": row.pk, "code": row.code, "name": row.short_name}


def directive_ref(row: Directive) -> dict[str, Any]:
    return {"id": row.pk, "number": row.number, "short_title": row.short_title}


def task_ref(row: DirectiveTask) -> dict[str, Any]:
    return {"id": row.pk, "code": row.code, "short_title": row.short_title}


class Me(Shown):
    name: str
    holder: str
    unit: UnitRef | None
    roles: list[str]
    scopes: list[str]
    expires_at: Moment
    today: Day


# --- documents --------------------------------------------------------------------------------------------------------------


class DirectiveShown(Shown):
    id: int
    kind: str
    number: str
    issued_date: Day | None
    issuer: str
    title: str
    short_title: str
    event_name: str
    event_date: Day | None
    state: DirectiveState
    issued_on: Day | None
    closed_on: Day | None
    office: UnitRef
    url: str


class Clause(Shown):
    id: int
    code: str
    title: str


class Period(Shown):
    id: int
    name: str
    kind: PeriodKind
    opens_on: Day
    cutoff_on: Day
    due_on: Day


class DirectiveWhole(DirectiveShown):
    clauses: list[Clause]
    periods: list[Period]


def directive(row: Directive) -> dict[str, Any]:
    """One document; its office at hand."""
    return {
        "id": row.pk,
        "kind": row.kind,
        "number": row.number,
        "issued_date": row.issued_date,
        "issuer": row.issuer,
        "title": row.title,
        "short_title": row.short_title,
        "event_name": row.event_name,
        "event_date": row.event_date,
        "state": row.state,
        "issued_on": row.issued_on,
        "closed_on": row.closed_on,
        "office": unit_ref(row.office),
        "url": f"{settings.SITE_URL}{row.get_absolute_url()}",
    }


# --- tasks ------------------------------------------------------------------------------------------------------------------


class ProductAsked(Shown):
    id: int
    kind: ProductKind
    name: str
    is_required: bool
    has_paper: bool


class Category(Shown):
    code: str
    name: str


class IndicatorAsked(Shown):
    id: int
    code: str
    name: str
    measure: str
    mode: IndicatorMode
    target: int | None
    least: int | None
    most: int | None
    parts: list[Category]


class Task(Shown):
    id: int
    directive: int
    clause: str
    code: str
    title: str
    short_title: str
    strength: Strength
    words_and_counts_only: bool
    condition: ConditionState
    condition_text: str
    condition_decide_by: Day | None
    reviewing_unit: UnitRef
    products: list[ProductAsked]
    indicators: list[IndicatorAsked]
    url: str


def task(row: DirectiveTask) -> dict[str, Any]:
    """One task; clause, reviewing unit, products, indicators and their parts at hand."""
    return {
        "id": row.pk,
        "directive": row.directive_id,
        "clause": row.clause.code,
        "code": row.code,
        "title": row.title,
        "short_title": row.short_title,
        "strength": row.strength,
        "words_and_counts_only": row.words_and_counts_only,
        "condition": row.condition_state,
        "condition_text": row.condition_text,
        "condition_decide_by": row.condition_decide_by,
        "reviewing_unit": unit_ref(row.reviewing_unit),
        "products": [
            {
                "id": one.pk,
                "kind": one.kind,
                "name": one.name,
                "is_required": one.is_required,
                "has_paper": one.has_paper,
            }
            for one in row.products.all()
        ],
        "indicators": [
            {
                "id": one.pk,
                "code": one.code,
                "name": one.name,
                "measure": one.measure,
                "mode": one.mode,
                "target": one.target,
                "least": one.least,
                "most": one.most,
                "parts": [{"code": part.code, "name": part.name} for part in one.categories.all()],
            }
            for one in row.indicators.all()
        ],
        "url": f"{settings.SITE_URL}{row.get_absolute_url()}",
    }


# --- units ------------------------------------------------------------------------------------------------------------------


class Unit(Shown):
    id: int
    code: str
    name: str
    short_name: str
    symbol: str
    kind: UnitKind
    parent: int | None
    valid_from: Day
    valid_to: Day | None


def unit(row: UnitRow) -> dict[str, Any]:
    return {
        "id": row.pk,
        "code": row.code,
        "name": row.name,
        "short_name": row.short_name,
        "symbol": row.symbol,
        "kind": row.kind,
        "parent": row.parent_id,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
    }


# --- works ------------------------------------------------------------------------------------------------------------------


class Assignment(Shown):
    id: int
    directive: DirectiveRef
    task: TaskRef
    unit: UnitRef
    role: AssignmentRole
    parent: int | None
    state: AssignmentState
    word: UnitWord
    timeliness: Timeliness
    days_overdue: int
    due_original: Day | None
    due_current: Day | None
    due_source: DueSource
    extended_times: int
    assigned_on: Day
    acknowledged_on: Day | None
    submitted_on: Day | None
    completed_on: Day | None
    updated_at: Moment
    url: str


class Delivery(Shown):
    id: int
    name: str
    kind: ProductKind
    is_required: bool
    has_paper: bool
    due_on: Day | None
    number: str
    symbol: str
    paper_date: Day | None
    signer: str
    submitted_on: Day | None
    delivered_on: Day | None


class AssignmentWhole(Assignment):
    products: list[Delivery]


def delivery(row: AssignmentProduct) -> dict[str, Any]:
    """One paper that a unit owes; its product at hand."""
    return {
        "id": row.pk,
        "name": row.product.name,
        "kind": row.product.kind,
        "is_required": row.product.is_required,
        "has_paper": row.product.has_paper,
        "due_on": row.due_date,
        "number": row.number,
        "symbol": row.symbol,
        "paper_date": row.paper_date,
        "signer": row.signer,
        "submitted_on": row.submitted_on,
        "delivered_on": row.delivered_on,
    }


# --- reports ----------------------------------------------------------------------------------------------------------------


class PeriodRef(Shown):
    id: int
    name: str


class Paper(Shown):
    number: str
    symbol: str
    date: Day | None
    signer: str


class Report(Shown):
    id: int
    directive: DirectiveRef
    unit: UnitRef
    period: PeriodRef | None
    state: ReportState
    submitted_at: Moment | None
    url: str


class FigurePart(Shown):
    name: str
    value: int


class Figure(Shown):
    code: str
    name: str
    measure: str
    value: int
    comment: str
    parts: list[FigurePart]


class SentPaper(Shown):
    delivery: int
    name: str
    number: str
    symbol: str
    date: Day | None
    signer: str
    file_name: str


class SentFile(Shown):
    id: int
    name: str
    size: int


class Section(Shown):
    id: int
    assignment: int
    task: TaskRef
    state: SectionState
    round: int
    submitted_at: Moment
    results: str
    difficulties: str
    proposals: str
    expected_on: Day | None
    no_change: bool
    nothing_arose: bool
    claims_completion: bool
    reported_outside_on: Day | None
    figures: list[Figure]
    papers: list[SentPaper]
    files: list[SentFile]
    decision: RoundDecision
    reason: str
    decided_at: Moment | None


class ReportWhole(Report):
    general_note: str | None
    paper: Paper | None
    sections: list[Section]


class WaitingFile(Shown):
    id: int
    name: str
    size: int
    kept_until: Moment


class Sent(Report):
    detail: str


# --- figures ----------------------------------------------------------------------------------------------------------------


class Counts(Shown):
    counted: int
    done_on_time: int
    done_late: int
    open_in_time: int
    open_overdue: int
    open_without_due: int
    outside: int
    paused: int
    undecided: int
    encouraged: int
    waiting: int
    not_acknowledged: int


class UnitCounts(Counts):
    unit: UnitRef


class TaskCounts(Counts):
    task: TaskRef


class Tallies(Shown):
    directive: DirectiveRef
    day: Day
    units: list[UnitCounts]
    tasks: list[TaskCounts]


class Value(Shown):
    id: int
    task: TaskRef
    unit: UnitRef
    indicator: str
    name: str
    measure: str
    part: str | None
    value: int
    comment: str
    report: int
    round: int
    submitted_on: Day
    decision: RoundDecision
    left_out: bool


# --- pages of lists ---------------------------------------------------------------------------------------------------------


class PageOf(Shown):
    next_cursor: str | None
    next: str | None


class DirectivePage(PageOf):
    items: list[DirectiveShown]


class TaskPage(PageOf):
    items: list[Task]


class UnitPage(PageOf):
    items: list[Unit]


class AssignmentPage(PageOf):
    items: list[Assignment]


class ReportPage(PageOf):
    items: list[Report]


class ValuePage(PageOf):
    items: list[Value]
