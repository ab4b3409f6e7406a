"""The office's page of the day: what waits for a decision, what is late, what comes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Exists, Min, OuterRef, QuerySet
from django.utils import timezone

from directive_tracker.vietnamese import ZONE, vn_date, vn_weekday
from directive_tracker.workdays import WorkCalendar
from tasks import tallies
from tasks.arriving.reading import count_waiting
from tasks.chasing.notes import NOTHING, Said, said_about
from tasks.enums import AssignmentRole, AssignmentState, ConditionState, DirectiveState, QuestionKind
from tasks.models import (
    Assignment,
    Directive,
    DirectiveTask,
    ExtensionRequest,
    Instruction,
    ReportingPeriod,
    Tally,
    UnitQuestion,
    UnitReport,
    UpwardReport,
)
from tasks.overview import overdue_conditions
from tasks.paging import COUNTED_UP_TO
from tasks.papers.missing import count_missing
from tasks.querysets import access_for
from tasks.rounds.review_time import ReviewTimes, review_times
from tasks.timeliness import days_overdue, timeliness_kind, timeliness_words
from tasks.upward.telling import due_soon
from units.calendar import work_calendar
from units.models import Membership
from units.people import Contact, contacts_of

ROWS = 25
ACKNOWLEDGE_WITHIN = 2  # working days

WAITING_FOR = {
    AssignmentState.ASSIGNED: "đơn vị tiếp nhận",
    AssignmentState.IN_PROGRESS: "đơn vị",
    AssignmentState.REDO: "đơn vị bổ sung",
    AssignmentState.AWAITING_UNIT_HEAD: "lãnh đạo đơn vị",
    AssignmentState.SUBMITTED: "Văn phòng",
    AssignmentState.RETURNED_BY_UNIT: "Văn phòng",
}


@dataclass(frozen=True)
class Row:
    """One line of a list of assignments, with everything it shows."""

    assignment: Assignment
    days_late: int
    timeliness: str
    time_kind: str
    waiting_for: str
    last_contact: datetime | None
    contact: Membership | Contact | None
    said: Said = NOTHING
    promise: str = ""
    promise_broken: bool = False


@dataclass(frozen=True)
class Today:
    """Everything the page shows; built in a fixed number of statements."""

    sentence: str
    reports: list[UnitReport]
    report_count: int
    extensions: list[ExtensionRequest]
    given_back: list[Assignment]
    conditions: list[DirectiveTask]
    instructions: list[Instruction]
    pressing: list[Row]
    pressing_count: int
    not_acknowledged_units: int
    next_week: list[Row]
    next_week_count: int
    review_times: ReviewTimes
    questions: list[UnitQuestion]
    missing_scans: int
    upward: list[UpwardReport]
    arrived: int
    periods_now: list[ReportingPeriod] = field(default_factory=list)
    periods_next: list[ReportingPeriod] = field(default_factory=list)

    @property
    def decisions(self) -> int:
        return (
            self.report_count
            + len(self.extensions)
            + len(self.given_back)
            + len(self.questions)
            + len(self.conditions)
            + len(self.instructions)
        )


def build_today(user, *, today: date) -> Today:
    """Gather the page for one member of the office."""
    calendar = work_calendar()
    week_end = today + timedelta(days=6 - today.weekday())
    tallies.roll_forward(today=today)
    mine = Assignment.objects.visible_to(user).filter(directive__state=DirectiveState.ISSUED)
    # What waits for somebody else to decide is no decision of this person's; parts wait for who handed them on.
    own = access_for(user).interested_unit_ids
    late_or_due = (
        (mine.overdue(today=today) | mine.due_between(today, week_end)).open().filter(due_current__lte=week_end)
    )
    coming = mine.due_between(week_end + timedelta(days=1), week_end + timedelta(days=7))
    pressing, pressing_count = _rows(late_or_due, today=today)
    next_week, next_week_count = _rows(coming, today=today)
    waiting_reports, report_count = _reports(user, calendar, today=today)
    periods = list(
        ReportingPeriod.objects.filter(
            directive__state=DirectiveState.ISSUED,
            due_on__gte=today,
            due_on__lte=week_end + timedelta(days=7),
        ).select_related("directive")[:ROWS]
    )
    late = DirectiveTask.objects.visible_to(user).undecided_late(today=today)
    undecided = list(late.order_by("pk").values_list("code", flat=True)[:ROWS])
    not_acknowledged = _units_not_acknowledged(mine.exclude(role=AssignmentRole.PART), calendar, today=today)
    return Today(
        sentence=_sentence(calendar, not_acknowledged, undecided, today=today),
        reports=waiting_reports,
        report_count=report_count,
        extensions=list(waiting_extensions(user, own)[:ROWS]),
        given_back=list(
            mine.filter(state=AssignmentState.RETURNED_BY_UNIT)
            .exclude(unit__in=own)
            .exclude(role=AssignmentRole.PART)
            .with_open_question()
            .for_listing()
            .order_by("pk")[:ROWS]
        ),
        conditions=_conditions(user, own, today=today),
        instructions=list(
            Instruction.objects.visible_to(user)
            .untouched()
            .filter(directive__state=DirectiveState.ISSUED)
            .order_by("said_on", "pk")[:ROWS]
        ),
        pressing=pressing,
        pressing_count=pressing_count,
        not_acknowledged_units=not_acknowledged,
        next_week=next_week,
        next_week_count=next_week_count,
        questions=_questions(user, own),
        missing_scans=count_missing(user),
        upward=due_soon(user, today=today, calendar=calendar, most=ROWS),
        arrived=count_waiting(user),
        review_times=review_times(today=today, calendar=calendar),
        periods_now=[period for period in periods if period.due_on <= week_end],
        periods_next=[period for period in periods if period.due_on > week_end],
    )


def _reports(user, calendar: WorkCalendar, *, today: date) -> tuple[list[UnitReport], int]:
    """The reports that wait longest, each with its working days, and how many wait."""
    reports = (
        UnitReport.objects.visible_to(user)
        .waiting_for(user)
        .select_related("unit", "directive", "period", "submitted_by")
        .order_by("submitted_at", "pk")
    )
    waiting = list(reports[:ROWS])
    for report in waiting:
        since = timezone.localdate(report.submitted_at, ZONE)
        report.waits = calendar.count_between(since, today) if since < today else 0
    return waiting, reports.count()


def waiting_extensions(user, own: frozenset[int]) -> QuerySet[ExtensionRequest]:
    """Requests for more time that this person decides; parts wait for who handed them on."""
    return (
        ExtensionRequest.objects.visible_to(user)
        .pending()
        .exclude(assignment__unit__in=own)
        .exclude(assignment__role=AssignmentRole.PART)
        .select_related("assignment__task", "assignment__unit", "requested_by")
        .order_by("pk")
    )


def _questions(user, own: frozenset[int]) -> list[UnitQuestion]:
    """What units ask and wait to hear about."""
    return list(
        UnitQuestion.objects.visible_to(user)
        .waiting()
        .exclude(kind=QuestionKind.NOT_OURS)
        .exclude(assignment__unit__in=own)
        .exclude(assignment__role=AssignmentRole.PART)
        .select_related("assignment__task", "assignment__unit")
        .order_by("pk")[:ROWS]
    )


def _conditions(user, own: frozenset[int], *, today: date) -> list[DirectiveTask]:
    """Undecided tasks in which none of the person's own units has a part; `condition_late` once their day is over."""
    concerned = Assignment.objects.filter(task=OuterRef("pk"), unit__in=own).exclude(role=AssignmentRole.INFORMED)
    tasks = list(
        DirectiveTask.objects.visible_to(user)
        .filter(condition_state=ConditionState.UNDECIDED, directive__state=DirectiveState.ISSUED)
        .exclude(Exists(concerned))
        .select_related("directive", "condition_decider")
        .order_by("condition_decide_by", "pk")[:ROWS]
    )
    for task in tasks:
        task.condition_late = task.condition_decide_by is not None and task.condition_decide_by < today
    return tasks


def _rows(assignments, *, today: date) -> tuple[list[Row], int]:
    """The first lines, and how many there are; where there are more than COUNTED_UP_TO, one more than that."""
    count = assignments.order_by()[: COUNTED_UP_TO + 1].count()
    shown = list(assignments.for_table().with_last_contact().with_pending_extension().by_due()[:ROWS])
    return rows_of(shown, today=today), count


def rows_of(
    assignments: list[Assignment],
    *,
    today: date,
    contacts: Mapping[int, Membership | Contact] | None = None,
    said: Mapping[int, Said] | None = None,
) -> list[Row]:
    """List rows for annotated assignments (with_last_contact, with_pending_extension).

    Args:
        contacts: whom to telephone in each unit, where that has been read already.
        said: what was said about each assignment, likewise.
    """
    if contacts is None:
        contacts = contacts_of([a.unit_id for a in assignments], today=today)
    if said is None:
        # Asked of late work only: a list without any pays nothing.
        said = said_about([a.pk for a in assignments if days_overdue(a, today=today)])
    return [
        Row(
            assignment=assignment,
            days_late=days_overdue(assignment, today=today),
            timeliness=timeliness_words(assignment, today=today),
            time_kind=timeliness_kind(assignment, today=today),
            waiting_for=(
                "Văn phòng (xin gia hạn)"
                if assignment.pending_extension_id
                else WAITING_FOR.get(AssignmentState(assignment.state), "")
            ),
            last_contact=max(filter(None, (assignment.last_nudge_at, assignment.last_notice_at)), default=None),
            contact=contacts.get(assignment.unit_id),
            said=(answer := said.get(assignment.pk, NOTHING)),
            promise=answer.promise(today=today),
            promise_broken=answer.is_broken(today=today),
        )
        for assignment in assignments
    ]


def _units_not_acknowledged(assignments, calendar: WorkCalendar, *, today: date) -> int:
    given_by = calendar.add(today, -ACKNOWLEDGE_WITHIN)
    return (
        assignments.filter(
            state=AssignmentState.ASSIGNED,
            acknowledged_on__isnull=True,
            assigned_on__lte=given_by,
            role=AssignmentRole.LEAD,
        )
        .values("unit")
        .distinct()
        .count()
    )


def _sentence(calendar: WorkCalendar, not_acknowledged: int, undecided: list[str], *, today: date) -> str:
    """ "Thứ Hai 15/4/2024 · 3 việc quá hạn · 2 đơn vị chưa tiếp nhận · còn 14 ngày làm việc đến 07/5"."""
    overdue = sum(
        Tally.objects.filter(directive__state=DirectiveState.ISSUED, unit__isnull=False).values_list(
            "open_overdue", flat=True
        )
    )
    parts = [f"{vn_weekday(today)} {vn_date(today)}"]
    parts.append(f"{overdue} việc quá hạn" if overdue else "không có việc quá hạn")
    if undecided:
        parts.append(overdue_conditions(undecided))
    if not_acknowledged:
        parts.append(f"{not_acknowledged} đơn vị chưa tiếp nhận")
    event = Directive.objects.filter(state=DirectiveState.ISSUED, event_date__gte=today).aggregate(
        first=Min("event_date")
    )["first"]
    if event is not None:
        days = calendar.count_between(today, event)
        parts.append(f"còn {days} ngày làm việc đến {vn_date(event)}" if days else f"hôm nay {vn_date(event)}")
    return " · ".join(parts)
