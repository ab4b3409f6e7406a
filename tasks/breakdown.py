"""From a committed data file to clauses, tasks, products and recipients of one recorded text.

The files are tasks/data/<slug>.json, each keyed by the SHA-256 of the original text beside it. They
quote the words that give a task; here quotes become places in the clean text, and a quote that is
not there exactly once stops the recording.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.core.exceptions import ValidationError

from tasks.enums import RULES_OF_MODE, ConditionState, IndicatorMode, PeriodKind, Strength
from tasks.errors import Refused
from tasks.models import (
    Addressee,
    CitedDocument,
    Clause,
    CopyRecipient,
    Directive,
    DirectiveTask,
    DirectiveText,
    Indicator,
    IndicatorCategory,
    NonTaskSpan,
    Product,
    ReportingPeriod,
    TaskRecipient,
    TaskSpan,
    TaskWait,
)
from tasks.textcleaning import Span, paragraphs
from units.models import Unit, UnitGroup

DATA = Path(__file__).parent / "data"
HEADER_DATES = ("issued_date", "event_date")


class BrokenBreakdown(ValueError):
    """The data file does not fit the text; it must be mended, nothing is guessed."""


def breakdown_for(sha256: str) -> dict | None:
    """Return the content of the data file for this original text, or None. Errors: ValueError when a file is damaged."""
    for path in sorted(DATA.glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["sha256"] == sha256:
            return content
    return None


def header_values(content: dict) -> dict:
    """The Directive's fields, dates read. Errors: Refused when the office is not there."""
    values = dict(content["header"])
    for name in HEADER_DATES:
        values[name] = date.fromisoformat(values[name]) if values.get(name) else None
    values["office"] = _Bodies().unit(content["office"])
    return values


def _missing(code: str) -> Refused:
    return Refused(
        f"Chưa khai đơn vị hoặc nhóm đơn vị mà văn bản này nhắc đến (mã “{code}”). Hãy khai trước rồi ghi lại."
    )


class _Bodies:
    """Units and groups by code."""

    def __init__(self) -> None:
        self.units = {unit.code: unit for unit in Unit.objects.all()}
        self.groups = {group.code: group for group in UnitGroup.objects.all()}

    def unit(self, code: str) -> Unit:
        if code not in self.units:
            raise _missing(code)
        return self.units[code]

    def group(self, code: str) -> UnitGroup:
        if code not in self.groups:
            raise _missing(code)
        return self.groups[code]


@dataclass
class _Recorder:
    """What the steps share."""

    directive: Directive
    text: DirectiveText
    content: dict
    bodies: _Bodies
    by: object
    now: datetime


def apply_breakdown(directive: Directive, text: DirectiveText, content: dict, *, by, now: datetime) -> int:
    """Create everything the data file says about the text; return the number of tasks.

    Errors: BrokenBreakdown, Refused when a unit is not there; the caller's transaction then leaves nothing behind.
    """
    recorder = _Recorder(directive, text, content, _Bodies(), by, now)
    _record_papers(recorder)
    clauses = _record_clauses(recorder)
    _record_non_tasks(recorder)
    for order, row in enumerate(content["tasks"], start=1):
        _record_task(recorder, row, order, clauses)
    _record_waits(recorder)
    return len(content["tasks"])


def _record_papers(recorder: _Recorder) -> None:
    """Cited documents, lines of address, copies, reporting periods."""
    directive, content = recorder.directive, recorder.content
    for order, row in enumerate(content["cited_documents"], start=1):
        values = {**row, "date": date.fromisoformat(row["date"])}
        CitedDocument.objects.create(directive=directive, order=order, **values)
    for order, row in enumerate(content["addressees"], start=1):
        _unique_place(recorder.text.body, f"- {row['written']}")
        line = Addressee.objects.create(directive=directive, order=order, written=row["written"])
        line.units.set([recorder.bodies.unit(code) for code in row.get("units", [])])
        line.groups.set([recorder.bodies.group(code) for code in row.get("groups", [])])
    for order, written in enumerate(content["copies"], start=1):
        CopyRecipient.objects.create(directive=directive, order=order, written=written)
    for row in content["periods"]:
        days = {name: date.fromisoformat(row[name]) for name in ("opens_on", "cutoff_on", "due_on")}
        starts = date.fromisoformat(row["starts_on"]) if "starts_on" in row else None
        kind = row.get("kind", PeriodKind.CUSTOM)
        ReportingPeriod.objects.create(directive=directive, name=row["name"], kind=kind, starts_on=starts, **days)


# --- places in the text ---------------------------------------------------------------------------


def _unique_place(body: str, quote: str, within: Span | None = None) -> Span:
    """Where the quote stands. Errors: BrokenBreakdown unless it is there exactly once."""
    start, end = within or (0, len(body))
    count = body.count(quote, start, end)
    if count != 1:
        raise BrokenBreakdown(f"{quote!r} stands {count} times in the text, not once")
    place = body.index(quote, start, end)
    return place, place + len(quote)


def _paragraph_number(body: str, beginning: str) -> int:
    """Which paragraph begins so. Errors: BrokenBreakdown unless exactly one does."""
    found = [number for number, (start, end) in enumerate(paragraphs(body)) if body[start:end].startswith(beginning)]
    if len(found) != 1:
        raise BrokenBreakdown(f"{len(found)} paragraphs begin with {beginning!r}, not one")
    return found[0]


def _record_clauses(recorder: _Recorder) -> dict[str, Clause]:
    body = recorder.text.body
    spans = list(paragraphs(body))
    clauses = {}
    for order, row in enumerate(recorder.content["clauses"], start=1):
        start, end = spans[_paragraph_number(body, row["starts"])]
        clauses[row["code"]] = Clause.objects.create(
            text=recorder.text, code=row["code"], title=row["title"], order=order, start=start, end=end
        )
    return clauses


def _record_non_tasks(recorder: _Recorder) -> None:
    """Headings, preamble, signature: paragraph by paragraph."""
    body = recorder.text.body
    spans = list(paragraphs(body))
    for row in recorder.content["not_tasks"]:
        first = _paragraph_number(body, row["from"])
        last = _paragraph_number(body, row["to"]) if "to" in row else first
        for start, end in spans[first : last + 1]:
            NonTaskSpan.objects.create(
                text=recorder.text, start=start, end=end, marked_by=recorder.by, marked_at=recorder.now
            )


# --- tasks ----------------------------------------------------------------------------------------


def _record_task(recorder: _Recorder, row: dict, order: int, clauses: dict[str, Clause]) -> None:
    """One task with its spans, monitors, recipients, products and indicators."""
    if row["clause"] not in clauses:
        raise BrokenBreakdown(f"task {row['code']}: no clause {row['clause']!r}")
    clause = clauses[row["clause"]]
    task = DirectiveTask.objects.create(
        directive=recorder.directive,
        clause=clause,
        code=row["code"],
        order=order,
        title=row["title"],
        short_title=row["short_title"],
        strength=row.get("strength", Strength.REQUIRED),
        words_and_counts_only=row.get("words_and_counts_only", False),
        reviewing_unit=recorder.bodies.unit(row.get("reviewing_unit", recorder.content["office"])),
        **_condition(recorder, row),
    )
    task.monitors.set([recorder.bodies.unit(code) for code in row.get("monitors", [])])
    for quote in row["spans"]:
        start, end = _unique_place(recorder.text.body, quote, (clause.start, clause.end))
        TaskSpan.objects.create(task=task, text=recorder.text, start=start, end=end)
    for role in ("lead", "coordinating", "informed"):
        _record_recipients(recorder, task, role, row.get(role, []))
    _record_products(task, row["products"])
    for number, indicator in enumerate(row["indicators"], start=1):
        _record_indicator(task, indicator, number)


def _record_waits(recorder: _Recorder) -> None:
    """Which task comes after which, once all are there. Errors: BrokenBreakdown for a code nobody has."""
    codes = {task.code: task for task in recorder.directive.tasks.all()}
    for row in recorder.content["tasks"]:
        for wait in row.get("waits_for", ()):
            if wait["code"] not in codes:
                raise BrokenBreakdown(f"task {row['code']} waits for {wait['code']!r}, which is not there")
            TaskWait.objects.create(
                task=codes[row["code"]],
                waits_for=codes[wait["code"]],
                words=wait["words"],
                set_by=recorder.by,
                set_at=recorder.now,
            )


def _record_indicator(task: DirectiveTask, row: dict, order: int) -> None:
    """One figure; what it is put together by follows from its mode unless the file says so."""
    values = {"mode": IndicatorMode.CUMULATIVE, **row}
    parts = values.pop("categories", [])
    values.setdefault("over_periods", RULES_OF_MODE[IndicatorMode(values["mode"])][0])
    indicator = Indicator(task=task, order=order, **values)
    try:
        indicator.clean()
    except ValidationError as error:
        raise BrokenBreakdown(f"task {task.code}, indicator {indicator.code}: {error.message_dict}") from error
    indicator.save()
    for place, part in enumerate(parts, start=1):
        IndicatorCategory.objects.create(indicator=indicator, order=place, **part)


def _condition(recorder: _Recorder, row: dict) -> dict:
    condition = row.get("condition")
    if condition is None:
        return {}
    _unique_place(recorder.text.body, condition["text"])
    return {
        "condition_text": condition["text"],
        "condition_question": condition["question"],
        "condition_state": ConditionState.UNDECIDED,
        "condition_decider": recorder.bodies.unit(condition["decider"]),
        "condition_decide_by": date.fromisoformat(condition["decide_by"]),
    }


def _record_recipients(recorder: _Recorder, task: DirectiveTask, role: str, given: str | list[dict]) -> None:
    """Units, groups, or words alone; a string names one of the file's recipient sets."""
    rows = recorder.content["recipient_sets"][given] if isinstance(given, str) else given
    for row in rows:
        TaskRecipient.objects.create(
            task=task,
            role=role,
            written=row["written"],
            unit=recorder.bodies.unit(row["unit"]) if "unit" in row else None,
            group=recorder.bodies.group(row["group"]) if "group" in row else None,
        )


def _record_products(task: DirectiveTask, rows: list[dict]) -> None:
    for order, row in enumerate(rows, start=1):
        values = dict(row)
        for name in ("due_from", "due_date"):
            if name in values:
                values[name] = date.fromisoformat(values[name])
        product = Product(task=task, order=order, **values)
        try:
            product.full_clean(exclude=["task"], validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            raise BrokenBreakdown(f"task {task.code}, product {order}: {error.message_dict}") from error
        product.save()
