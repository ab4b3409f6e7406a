"""Reminding the office of what it owes the bodies above: in the app only, three working days before and one after."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from directive_tracker.vietnamese import ZONE, vn_date
from directive_tracker.workdays import WorkCalendar
from notifications import kinds, outbox
from notifications.kinds import Coming
from notifications.outbox import Telling
from tasks.models import UpwardReport
from units.calendar import work_calendar
from units.models import Membership, Role

KIND = "upward"
# Working days: so many before the day "Hôm nay" and the first notice speak of it, so many after it the second notice.
DUE_WITHIN, LATE_AFTER = 3, 1
# Three working days reach no farther, a long Tết among them.
FARTHEST = timedelta(days=21)


def soon(today: date, calendar: WorkCalendar) -> date:
    """The last day that is near."""
    return calendar.add(today, DUE_WITHIN)


def stage_of(due: date, *, today: date, calendar: WorkCalendar) -> str:
    """What is told today of a report due on that day: "near", "late" or nothing."""
    if today <= due <= soon(today, calendar):
        return "near"
    return "late" if due < today and calendar.add(due, LATE_AFTER) <= today else ""


class UpwardPlanner:
    """One notice a report, day, stage and person of the office."""

    def plan(self, *, now: datetime, since: datetime | None) -> int:
        """Write down what is due; `since`: of rows touched from then on."""
        today = timezone.localdate(now, ZONE)
        rows = UpwardReport.objects.due_until(today + FARTHEST).select_related("directive")
        if since is not None:
            rows = rows.filter(updated_at__gte=since)
        if not rows:
            return 0
        calendar = work_calendar()
        due = [(row, stage) for row in rows if (stage := stage_of(row.due, today=today, calendar=calendar))]
        if not due:
            return 0
        people = list(Membership.objects.active_on(today).filter(role=Role.OFFICE).select_related("user"))
        return outbox.tell_many([_telling(row, stage, one) for row, stage in due for one in people], now=now)

    def coming(self, *, now: datetime) -> list[Coming]:
        """Nothing of it is mailed."""
        return []

    def touched(self, since: datetime) -> list[QuerySet]:
        """Rows that were written or changed."""
        return [UpwardReport.objects.open().filter(updated_at__gte=since)]


def _telling(report: UpwardReport, stage: str, person: Membership) -> Telling:
    said = "đến hạn" if stage == "near" else "quá hạn"
    key = f"{KIND}:{report.pk}:{report.due.isoformat()}:{stage}:{person.user_id}"
    return Telling(
        key=key,
        kind=KIND,
        recipient=person.user,
        title=f"Báo cáo {report.to_whom} {said} {vn_date(report.due)}: {report.about}",
        url=report.get_absolute_url(),
        target=report,
        unit_id=person.unit_id,
    )


def register() -> None:
    """Make the kind and its planner known (tasks/notice_kinds.py)."""
    kinds.register(KIND, "Báo cáo lên cấp trên")
    kinds.planners.append(UpwardPlanner())


def due_soon(user: Any, *, today: date, calendar: WorkCalendar, most: int) -> list[UpwardReport]:
    """What *Hôm nay* says in its line: open, near or late, the soonest first. One statement."""
    return list(UpwardReport.objects.visible_to(user).due_until(soon(today, calendar)).by_due()[:most])
