"""One assignment as its page reads it: in one statement, with what says which other kinds of rows there are to read."""

from datetime import date
from typing import Any

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL
from django.http import Http404

from directive_tracker.prepared import Prepared
from directive_tracker.row_ids import row_id
from directive_tracker.workdays import WorkCalendar
from tasks.enums import AssignmentRole, SectionState
from tasks.events import section as events_section
from tasks.handing.contributions import sources_of
from tasks.instructions.reading import any_instruction
from tasks.models import (
    Amendment,
    Assignment,
    AssignmentProduct,
    CallNote,
    ChaseLetter,
    DelayNote,
    ExtensionRequest,
    ProductRelease,
    ProgressReport,
    ReportRound,
    TaskWait,
    UnitQuestion,
)
from tasks.querysets import access_for
from tasks.rounds.review_time import reviewer_of
from tasks.rounds.review_time import words as review_words
from tasks.talking.querysets import with_talk
from units.access import Access, Seer
from units.calendar import with_calendar
from units.people import with_contact

# Of those who work on it, so many on the page of the work; all of them stand in a table of their own.
PARTS = 30
_ON_IT = "EXISTS (SELECT 1 FROM {table} WHERE assignment_id = tasks_assignment.id)"
_OTHERS = f"""EXISTS (
    SELECT 1 FROM tasks_assignment AS other WHERE other.task_id = tasks_assignment.task_id
    AND (other.parent_id = tasks_assignment.id OR other.role = '{AssignmentRole.COORDINATING.value}')
)"""
# Flag → condition about the row of tasks_assignment. Written by hand: put together by the query API, a dozen of them take
# longer than the database does for the whole page.
_ANY = {
    "has_products": _ON_IT.format(table=AssignmentProduct._meta.db_table),
    "has_releases": f"""EXISTS (
        SELECT 1 FROM {ProductRelease._meta.db_table} AS release
        JOIN {AssignmentProduct._meta.db_table} AS delivery ON delivery.id = release.delivery_id
        WHERE delivery.assignment_id = tasks_assignment.id
    )""",
    "has_requests": _ON_IT.format(table=ExtensionRequest._meta.db_table),
    "has_questions": _ON_IT.format(table=UnitQuestion._meta.db_table),
    "has_parts": "EXISTS (SELECT 1 FROM tasks_assignment AS part WHERE part.parent_id = tasks_assignment.id)",
    "has_others": _OTHERS,
    "has_amendments": f"""EXISTS (
        SELECT 1 FROM {Amendment._meta.db_table} AS amendment
        WHERE amendment.task_id = tasks_assignment.task_id AND amendment.applied_at IS NOT NULL
    )""",
    "has_waits": f"EXISTS (SELECT 1 FROM {TaskWait._meta.db_table} AS w WHERE w.task_id = tasks_assignment.task_id)",
    "has_said": " OR ".join(
        _ON_IT.format(table=model._meta.db_table) for model in (CallNote, DelayNote, ChaseLetter.assignments.through)
    ),
}


# Long texts of a section that its rounds hold frozen, and what only other pages say of a person.
_UNREAD = tuple(
    f"section__{name}"
    for name in ("results", "difficulties", "proposals", "indicator_values", "indicator_parts", "indicator_comments")
)


def _whole(access: Access, today: date, pk: int) -> QuerySet:
    """One assignment with everything its page needs, as far as these rights see it."""
    user = Seer(access)
    found = (
        Assignment.objects.visible_to(user)
        .select_related("task__reviewing_unit", "unit", "directive__office", "parent__unit", "acknowledged_by")
        .with_last_contact()
        .with_told_count()
        .with_pending_extension()
        .annotate(
            has_instructions=any_instruction(),
            **{name: RawSQL(f"({sql})", (), output_field=BooleanField()) for name, sql in _ANY.items()},
        )
    )
    found = with_calendar(with_talk(with_contact(found, today=today), user))
    return events_section.with_events(found).filter(pk=pk)


def _rounds(access: Access, assignment: int) -> QuerySet:
    sections = ProgressReport.objects.visible_to(Seer(access)).filter(assignment=assignment)
    return (
        ReportRound.objects.filter(section__in=sections.exclude(state=SectionState.DRAFT).order_by())
        .select_related("submitted_by", "section__unit_report__period")
        .defer(*_UNREAD)
        .order_by("-section_id", "-number")
    )


def _products(assignment: int) -> QuerySet:
    """Of an assignment found through its door."""
    rows = AssignmentProduct.objects.filter(assignment=assignment)
    return rows.select_related("product", "file").order_by("product__order")


def _parts(access: Access, role: str, pk: int, task: int = 0, unit: int = 0) -> QuerySet:
    """Who contributes to an assignment of that role, as far as these rights see them; task and unit of lead work only."""
    work = Assignment(pk=pk, role=role, task_id=task, unit_id=unit)
    return (
        Assignment.objects.visible_to(Seer(access))
        .filter(sources_of(work))
        .select_related("unit", "task", "directive")
        .order_by("-role", "unit__sort_order", "pk")[:PARTS]
    )


_WHOLE, _ROUNDS, _PRODUCTS, _PARTS = Prepared(_whole), Prepared(_rounds), Prepared(_products), Prepared(_parts)


def load_assignment(user: Any, pk: int, *, today: date) -> Assignment:
    """One visible assignment with what its page needs, else 404; the calendar comes along (units.calendar.calendar_from)."""
    number = row_id(str(pk))
    found: list[Assignment] = _WHOLE.rows(number, key=(access_for(user), today)) if number else []
    if not found:
        raise Http404("No Assignment matches the given query.")
    return found[0]


def products_of(assignment: Assignment) -> list[AssignmentProduct]:
    """The products of one assignment with their papers (one statement, none where there are none)."""
    return _PRODUCTS.rows(assignment.pk) if assignment.has_products else []


def parts_of(user: Any, assignment: Assignment) -> list[Assignment]:
    """Who contributes to it and what was handed on of it, as far as the user may see; the first of them (one statement, none
    where there are none)."""
    if not (assignment.has_parts or (assignment.is_lead and assignment.has_others)):
        return []
    about = (assignment.pk, assignment.task_id, assignment.unit_id) if assignment.is_lead else (assignment.pk,)
    return _PARTS.rows(*about, key=(access_for(user), assignment.role))


def rounds_of(user: Any, assignment: Assignment, *, today: date, calendar: WorkCalendar) -> list[ReportRound]:
    """What was reported on it and the user may see, newest first, with section, period and how long it was reviewed (one
    statement)."""
    rounds: list[ReportRound] = _ROUNDS.rows(assignment.pk, key=(access_for(user),))
    reviewer = reviewer_of(assignment)
    for round_ in rounds:
        round_.review = review_words(round_, reviewer, today=today, calendar=calendar)
    return rounds
