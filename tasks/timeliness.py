"""In time or overdue: the one module, as a SQL expression and as a function, proven equal.

The four classes are those of the official statistics (domain: two axes). Counted is lead work
that is required, decided and not set aside; work without a due date counts as in time. While a
report waits for the office, the day it arrived stands in for today, so that a slow reviewer
never makes a unit late.
"""

from datetime import date

from django.db import models
from django.db.models import Case, F, Q, Value, When

from tasks.enums import OUTSIDE_STATES, AssignmentRole, AssignmentState, ConditionState, Strength


class Timeliness(models.TextChoices):
    DONE_ON_TIME = "done_on_time", "Hoàn thành đúng hạn"
    DONE_LATE = "done_late", "Hoàn thành quá hạn"
    OPEN_IN_TIME = "open_in_time", "Chưa hoàn thành, trong hạn"
    OPEN_OVERDUE = "open_overdue", "Chưa hoàn thành, quá hạn"
    OUTSIDE = "outside", "Ngoài thống kê"


T = Timeliness

COUNTED = (
    Q(role=AssignmentRole.LEAD)
    & ~Q(state__in=OUTSIDE_STATES)
    & ~Q(task__condition_state=ConditionState.UNDECIDED)
    & ~Q(task__strength=Strength.ENCOURAGED)
)


def overdue_q(today: date | F) -> Q:
    """Open and past its due day (23:59 in Việt Nam), counted or not."""
    waiting = Q(state=AssignmentState.SUBMITTED)
    late_waiting = waiting & Q(submitted_on__gt=F("due_current"))
    late_open = ~waiting & ~Q(state=AssignmentState.COMPLETED) & ~Q(state__in=OUTSIDE_STATES) & Q(due_current__lt=today)
    return late_waiting | late_open


def timeliness_expression(today: date | F) -> Case:
    """The class of each assignment as SQL; `today` is the day of the pages' clock, or the
    column that holds the day as of which each row counts."""
    done = Q(state=AssignmentState.COMPLETED)
    return Case(
        When(~COUNTED, then=Value(T.OUTSIDE)),
        When(done & Q(due_current__isnull=True), then=Value(T.DONE_ON_TIME)),
        When(done & Q(completed_on__lte=F("due_current")), then=Value(T.DONE_ON_TIME)),
        When(done, then=Value(T.DONE_LATE)),
        When(overdue_q(today), then=Value(T.OPEN_OVERDUE)),
        default=Value(T.OPEN_IN_TIME),
        output_field=models.CharField(),
    )


def timeliness_of(assignment, *, today: date) -> Timeliness:
    """The class of one assignment (its task must be loaded)."""
    if not assignment.is_counted:
        return T.OUTSIDE
    due = assignment.due_current
    if assignment.state == AssignmentState.COMPLETED:
        return T.DONE_ON_TIME if due is None or assignment.completed_on <= due else T.DONE_LATE
    return T.OPEN_OVERDUE if days_overdue(assignment, today=today) > 0 else T.OPEN_IN_TIME


def days_overdue(assignment, *, today: date) -> int:
    """Calendar days past the due date of an open or completed assignment; 0 when in time."""
    due = assignment.due_current
    if due is None or assignment.state in OUTSIDE_STATES:
        return 0
    if assignment.state == AssignmentState.COMPLETED:
        reference = assignment.completed_on
    elif assignment.state == AssignmentState.SUBMITTED:
        reference = assignment.submitted_on
    else:
        reference = today
    return max(0, (reference - due).days)


def timeliness_words(assignment, *, today: date) -> str:
    """Small text beside the state: "quá hạn 3 ngày", "còn 5 ngày", "không thời hạn"."""
    due = assignment.due_current
    if assignment.state in OUTSIDE_STATES:
        return ""
    late = days_overdue(assignment, today=today)
    if assignment.state == AssignmentState.COMPLETED:
        return f"xong muộn {late} ngày" if late else "đúng hạn"
    # Encouraged work has no target and never turns red; undecided work is owed by nobody yet.
    if assignment.task.strength == Strength.ENCOURAGED:
        return "khuyến khích"
    if assignment.task.condition_state == ConditionState.UNDECIDED:
        return "chờ quyết định"
    if due is None:
        return "không thời hạn"
    if assignment.state == AssignmentState.SUBMITTED:
        return f"gửi muộn {late} ngày" if late else "gửi trong hạn"
    if late:
        return f"quá hạn {late} ngày"
    left = (due - today).days
    return "hạn hôm nay" if left == 0 else f"còn {left} ngày"


DUE_SOON_DAYS = 3


def timeliness_kind(assignment, *, today: date) -> str:
    """The look of the small text: late, due-soon, in-time or no-due; encouraged and undecided work has no day to keep."""
    if assignment.due_current is None or assignment.task.is_encouraged or assignment.task.is_undecided:
        return "no-due"
    if days_overdue(assignment, today=today):
        return "late"
    waits_for_unit = assignment.state not in (AssignmentState.COMPLETED, AssignmentState.SUBMITTED)
    soon = (assignment.due_current - today).days <= DUE_SOON_DAYS
    return "due-soon" if waits_for_unit and soon else "in-time"
