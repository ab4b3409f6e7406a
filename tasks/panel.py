"""One assignment at a glance: the sentence, the due date, the last report, what happened, whom to call."""

from dataclasses import dataclass
from datetime import date

from records.models import StoredFile
from tasks.chasing.section import Section, section_of
from tasks.duerules import explain_delivery
from tasks.enums import AssignmentRole
from tasks.handing.contributions import sources_of
from tasks.history import Event, history_of
from tasks.indicators.reading import FigureLine, lines_of
from tasks.models import Assignment, AssignmentProduct, DueChange, ReportRound
from tasks.passages import Passage, passages_of
from tasks.reportview import read_round
from tasks.timeliness import timeliness_kind, timeliness_words
from units.access import Access
from units.calendar import work_calendar
from units.models import Membership
from units.people import contacts_of

LEADS = 5


@dataclass(frozen=True)
class LastReport:
    """The newest sending, frozen; what the unit types now is its own affair."""

    round: ReportRound
    content: dict
    indicators: list[FigureLine]
    files: list[StoredFile]


@dataclass(frozen=True)
class Other:
    """Another unit's share of the same task: who, state, due date."""

    assignment: Assignment
    timeliness: str


@dataclass(frozen=True)
class Panel:
    """Everything the side panel shows."""

    assignment: Assignment
    passages: list[Passage]
    timeliness: str
    time_kind: str
    deliveries: list[tuple[AssignmentProduct, str]]
    due_changes: list[DueChange]
    report: LastReport | None
    events: list[Event]
    contact: Membership | None
    shows_contact: bool
    coordinating: list[Other]
    leads: list[Other]
    chase: Section


def build_panel(assignment: Assignment, user, access: Access, *, today: date) -> Panel:
    """Gather the panel of one assignment the user may see (task, unit, directive loaded)."""
    calendar = work_calendar()
    deliveries = list(assignment.products.select_related("product", "file"))
    shows_contact = access.sees_all_assignments
    chase = section_of(assignment, user, access, today=today, calendar=calendar)
    return Panel(
        assignment=assignment,
        passages=passages_of(assignment.task),
        timeliness=timeliness_words(assignment, today=today),
        time_kind=timeliness_kind(assignment, today=today),
        deliveries=[(delivery, explain_delivery(delivery, assignment, calendar)) for delivery in deliveries],
        due_changes=list(assignment.due_changes.order_by("-version")),
        report=_last_report(assignment),
        events=history_of(assignment, chase.said),
        contact=(contacts_of([assignment.unit_id], today=today).get(assignment.unit_id) if shows_contact else None),
        shows_contact=shows_contact,
        coordinating=_coordinating(assignment, user, today=today),
        leads=_leads(assignment, today=today),
        chase=chase,
    )


def _last_report(assignment: Assignment) -> LastReport | None:
    found = (
        ReportRound.objects.filter(section__assignment=assignment)
        .select_related("submitted_by", "decided_by", "section__unit_report__period")
        .prefetch_related("files")
        .order_by("-pk")
        .first()
    )
    if found is None:
        return None
    content = read_round(found)
    return LastReport(
        round=found,
        content=content,
        indicators=lines_of(assignment.task.indicators.all(), content) if content.get("indicators") else [],
        files=list(found.files.all()),
    )


def _others(assignments, *, today: date) -> list[Other]:
    rows = assignments.select_related("unit", "task").order_by("unit__sort_order", "pk")
    return [Other(row, timeliness_words(row, today=today)) for row in rows]


def _coordinating(assignment: Assignment, user, *, today: date) -> list[Other]:
    """Who contributes to lead work, its parts included, as far as the user may see it."""
    if assignment.role != AssignmentRole.LEAD:
        return []
    return _others(Assignment.objects.visible_to(user).filter(sources_of(assignment)), today=today)


def _leads(assignment: Assignment, *, today: date) -> list[Other]:
    """Whom the work is for: name, date and state, by rule visible to it."""
    if assignment.role == AssignmentRole.LEAD:
        return []
    if assignment.is_part:
        return _others(Assignment.objects.filter(pk=assignment.parent_id), today=today)
    leads = Assignment.objects.filter(task=assignment.task_id, role=AssignmentRole.LEAD)
    return _others(leads, today=today)[:LEADS]
