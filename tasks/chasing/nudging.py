"""Chasing one or many units at once: who would be told what, who is left out and why, and doing it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils import timezone

from directive_tracker.demo_line import DEMO_LINE
from directive_tracker.vietnamese import ZONE, vn_date
from directive_tracker.workdays import WorkCalendar
from records.audit import record
from tasks import reminders
from tasks.chasing.rules import chaser_of, quiet_since, ways_of_telling, why_not_owed
from tasks.errors import Refused
from tasks.lifecycle import required_reason
from tasks.models import Assignment, Nudge
from units.calendar import work_calendar
from units.models import Unit
from units.people import reporters_of

# One press of a button; whoever has more to chase chooses by document or unit.
MOST = 500
USUAL_WORDS = (
    "Đề nghị đơn vị khẩn trương thực hiện và báo cáo kết quả; nếu còn vướng mắc, xin nêu lý do và ngày dự kiến xong."
)


@dataclass
class Recipient:
    """One unit that would be told: its work, how many people, how many of them by mail as well."""

    unit: Unit
    assignments: list[Assignment] = field(default_factory=list)
    people: int = 0
    mails: int = 0

    @property
    def title(self) -> str:
        """The notice's title and the mail's subject, as they will stand."""
        return reminders.nudge_title(self.assignments)

    @property
    def ways(self) -> str:
        """ "2 người, trong ứng dụng và bằng thư"."""
        return ways_of_telling(self.people, self.mails)


@dataclass(frozen=True)
class LeftOut:
    """One piece of work nobody is told of, and why."""

    assignment: Assignment
    why: str


@dataclass(frozen=True)
class NudgePlan:
    """Who would be told, who not, and until when the mails wait (None: they leave at once)."""

    recipients: list[Recipient]
    left_out: list[LeftOut]
    mails_wait_until: datetime | None

    @property
    def assignments(self) -> list[Assignment]:
        return [assignment for recipient in self.recipients for assignment in recipient.assignments]

    @property
    def people(self) -> int:
        return sum(recipient.people for recipient in self.recipients)


def plan_nudges(assignments: QuerySet, *, user, now: datetime) -> NudgePlan:
    """Look at work that came through its door and say what a nudge by this person would do.

    Left out: work that waits for nobody in the unit (paused, undecided, sent, encouraged …), work this person may not
    chase, work chased in the last two working days, and units in which nobody would hear it.

    Statements: work, its last nudges, people, calendar, and for a unit's people which tasks they monitor – whatever the
    number of rows.
    """
    today = timezone.localdate(now, ZONE)
    calendar = work_calendar()
    chaser = chaser_of(user)
    rows = list(
        assignments.select_related("task", "unit", "directive__office")
        .with_pending_extension()
        .order_by("unit__sort_order", "unit", "due_current", "pk")
    )
    chased = _last_nudges(rows, since=quiet_since(today, calendar))
    recipients: dict[int, Recipient] = {}
    left_out: list[LeftOut] = []
    for assignment in rows:
        why = chaser.why_not(assignment) or why_not_owed(assignment)
        if not why and assignment.pk in chased:
            why = f"đã đôn đốc ngày {vn_date(chased[assignment.pk])}"
        if why:
            left_out.append(LeftOut(assignment, why))
        else:
            recipients.setdefault(assignment.unit_id, Recipient(assignment.unit)).assignments.append(assignment)
    people = reporters_of(recipients, today=today)
    told = []
    for unit_id, recipient in recipients.items():
        users = people.get(unit_id, [])
        recipient.people = len(users)
        recipient.mails = len([user for user in users if user.email])
        if users:
            told.append(recipient)
        else:
            left_out += [LeftOut(row, "đơn vị chưa có cán bộ đầu mối, xin gọi điện") for row in recipient.assignments]
    waits = any(recipient.mails for recipient in told) and not calendar.window_open(now)
    return NudgePlan(told, left_out, calendar.next_window(now) if waits else None)


def _last_nudges(assignments: Iterable[Assignment], *, since: date) -> dict[int, date]:
    """Assignment → the day of its last nudge, where that is not before `since`."""
    newest = (
        Nudge.objects.filter(assignment__in=[assignment.pk for assignment in assignments])
        .order_by()
        .values_list("assignment")
        .annotate(last=Max("at"))
    )
    days = {pk: timezone.localdate(last, ZONE) for pk, last in newest}
    return {pk: day for pk, day in days.items() if day >= since}


@transaction.atomic
def nudge_together(assignments: QuerySet, *, by, now: datetime, message: str) -> NudgePlan:
    """Chase everything of these that may be chased now, in one transaction; one notice and one mail a person and unit.

    Looked at again under lock: what a colleague chased in the same moment is left out.

    Errors: Refused when there are too many, nothing is left to chase, or the words are missing.
    """
    message = required_reason(message, "lời đôn đốc")
    ids = list(assignments.order_by("pk").values_list("pk", flat=True)[: MOST + 1])
    if len(ids) > MOST:
        raise Refused(f"Mỗi lần đôn đốc nhiều nhất {MOST} việc; xin chọn theo văn bản hoặc theo đơn vị.")
    # Everybody locks in the same order; the second of two people waits here and then sees the first one's nudges.
    list(Assignment.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))
    plan = plan_nudges(Assignment.objects.filter(pk__in=ids), user=by, now=now)
    if not plan.recipients:
        raise Refused("Không còn việc nào cần đôn đốc trong các việc đã chọn; lý do ghi ở từng việc bên dưới.")
    nudges = Nudge.objects.bulk_create(
        Nudge(assignment=assignment, by=by, at=now, message=message) for assignment in plan.assignments
    )
    reminders.tell_nudges(nudges, now=now)
    _record(plan, by=by, now=now, message=message)
    return plan


def _record(plan: NudgePlan, *, by, now: datetime, message: str) -> None:
    """One press, one event: about the work where it is one, else about its document where that is one."""
    if len(plan.assignments) == 1:
        record("assignment.nudged", by=by, at=now, target=plan.assignments[0], reason=message)
        return
    directives = {assignment.directive for assignment in plan.assignments}
    data = {
        "count": len(plan.assignments),
        "units": len(plan.recipients),
        "codes": sorted({assignment.task.code for assignment in plan.assignments}),
    }
    target = directives.pop() if len(directives) == 1 else None
    record("assignment.nudged_together", by=by, at=now, target=target, data=data, reason=message)


def zalo_text(unit: Unit, assignments: list[Assignment], *, sender: str, today: date, calendar: WorkCalendar) -> str:
    """A short text to paste into a group: codes, days and a link; no person, nothing that somebody typed for one.

    Args:
        sender: the name of the office or unit that chases.
        assignments: of one unit, with their tasks.
    """
    lines = [DEMO_LINE] if settings.DEMO else []
    lines.append(f"{sender} đôn đốc {unit.name}:")
    for assignment in assignments:
        lines.append(f"- {_line(assignment, today=today, calendar=calendar)}")
    path = (
        assignments[0].get_absolute_url() if len(assignments) == 1 else f"{reverse('tasks:unit_home')}?don-vi={unit.pk}"
    )
    lines.append(f"Đề nghị khẩn trương thực hiện, báo cáo tại: {settings.SITE_URL}{path}")
    return "\n".join(lines)


def _line(assignment: Assignment, *, today: date, calendar: WorkCalendar) -> str:
    """ "1a.3 Phát động thi đua, hạn 29/3/2024 (quá hạn 10 ngày làm việc)"."""
    words = f"{assignment.task.code} {assignment.task.short_title}".strip()
    due = assignment.due_current
    if due is None:
        return f"{words}, không thời hạn"
    if due >= today:
        return f"{words}, hạn {vn_date(due)}"
    return f"{words}, hạn {vn_date(due)} (quá hạn {days_late(due, today=today, calendar=calendar)})"


def days_late(due: date, *, today: date, calendar: WorkCalendar) -> str:
    """ "3 ngày làm việc"; a Saturday after a Friday's due day is late, but by no working day yet."""
    days = calendar.count_between(due, today)
    return f"{days} ngày làm việc" if days else "chưa đủ 1 ngày làm việc"
