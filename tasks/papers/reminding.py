"""Reminding units of signed papers whose scan is missing: who would be told of which reports, who is left out and why."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.models import User
from directive_tracker.vietnamese import ZONE, vn_date
from notifications import kinds, outbox
from notifications.models import Notice
from notifications.outbox import Telling
from records.audit import record
from tasks.chasing.rules import quiet_since, ways_of_telling
from tasks.errors import Refused
from tasks.models import UnitReport
from tasks.querysets import access_for
from units.calendar import work_calendar
from units.models import Unit
from units.people import reporters_of

KIND = "scan_missing"
# One press of a button; whoever has more to remind of chooses by document or unit.
MOST = 500
_LABEL = UnitReport._meta.label_lower


@dataclass
class Recipient:
    """One unit that would be told: of which reports, and who hears it."""

    unit: Unit
    reports: list[UnitReport] = field(default_factory=list)
    people: list[User] = field(default_factory=list)

    @property
    def ways(self) -> str:
        """ "2 người, trong ứng dụng và bằng thư"."""
        return ways_of_telling(len(self.people), len([user for user in self.people if user.email]))


@dataclass(frozen=True)
class LeftOut:
    """One report nobody is told of, and why."""

    report: UnitReport
    why: str


@dataclass(frozen=True)
class Plan:
    """Who would be told, and who not."""

    recipients: list[Recipient]
    left_out: list[LeftOut]

    @property
    def reports(self) -> list[UnitReport]:
        return [report for recipient in self.recipients for report in recipient.reports]

    @property
    def people(self) -> int:
        return sum(len(recipient.people) for recipient in self.recipients)


def plan_reminders(reports: QuerySet[UnitReport], *, user: Any, now: datetime) -> Plan:
    """Look at reports that came through their door and say what reminding of their scans would do.

    Left out: what lacks none any more, reports of the person's own units, what was reminded of in the last two working
    days, and units in which nobody would hear it.

    Statements: reports, their last reminders, people, calendar – whatever the number of rows.
    """
    today = timezone.localdate(now, ZONE)
    rows = list(
        reports.select_related("unit", "directive", "period").order_by("unit__sort_order", "unit", "submitted_at", "pk")
    )
    lacking = set(UnitReport.objects.filter(pk__in=[row.pk for row in rows]).lacking_signed_paper().values_list("pk"))
    own = access_for(user).interested_unit_ids
    told = _told(rows, since=quiet_since(today, work_calendar()))
    recipients: dict[int, Recipient] = {}
    left_out = []
    for report in rows:
        why = ""
        if (report.pk,) not in lacking:
            why = "không còn thiếu bản chụp"
        elif report.unit_id in own:
            why = "báo cáo của đơn vị mình, không tự nhắc"
        elif report.pk in told:
            why = f"đã nhắc ngày {vn_date(told[report.pk])}"
        if why:
            left_out.append(LeftOut(report, why))
        else:
            recipients.setdefault(report.unit_id, Recipient(report.unit)).reports.append(report)
    people = reporters_of(recipients, today=today)
    for unit_id, recipient in list(recipients.items()):
        recipient.people = people.get(unit_id, [])
        if not recipient.people:
            left_out += [LeftOut(row, "đơn vị chưa có cán bộ đầu mối, xin gọi điện") for row in recipient.reports]
            del recipients[unit_id]
    return Plan(list(recipients.values()), left_out)


def with_last_reminder(reports: QuerySet[UnitReport]) -> QuerySet[UnitReport]:
    """Annotate `reminded_at`: when the unit was last reminded of the report's scan."""
    told = Notice.objects.filter(kind=KIND, target_type=_LABEL, target_id=OuterRef("pk")).order_by("-planned_at")
    return reports.annotate(reminded_at=Subquery(told.values("planned_at")[:1]))


def _told(reports: Iterable[UnitReport], *, since: date) -> dict[int, date]:
    """Report → the day of its last reminder, where that is not before `since`."""
    told = Notice.objects.filter(kind=KIND, target_type=_LABEL, target_id__in=[report.pk for report in reports])
    newest = told.order_by().values_list("target_id").annotate(last=Max("planned_at"))
    days = {pk: timezone.localdate(last, ZONE) for pk, last in newest}
    return {pk: day for pk, day in days.items() if day >= since}


@transaction.atomic
def remind(reports: QuerySet[UnitReport], *, by: Any, now: datetime) -> Plan:
    """Remind of everything of these that may be reminded of, in one transaction; mails join the person's one of the day.

    Looked at again under lock: what a colleague has reminded of in the same moment is left out.

    Errors: Refused when there are too many, or nothing is left to remind of.
    """
    ids = list(reports.order_by("pk").values_list("pk", flat=True)[: MOST + 1])
    if len(ids) > MOST:
        raise Refused(f"Mỗi lần nhắc nhiều nhất {MOST} báo cáo; xin lọc theo văn bản hoặc theo đơn vị.")
    # Everybody locks in the same order; the second of two people waits here and then sees the first one's reminders.
    list(UnitReport.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))
    plan = plan_reminders(UnitReport.objects.filter(pk__in=ids), user=by, now=now)
    if not plan.recipients:
        raise Refused("Không còn báo cáo nào cần nhắc trong các báo cáo đã chọn; lý do ghi ở từng báo cáo bên dưới.")
    _tell(plan, now=now)
    found = plan.reports
    data = {"count": len(found), "units": len(plan.recipients)}
    directives = {report.directive for report in found}
    target = found[0] if len(found) == 1 else directives.pop() if len(directives) == 1 else None
    record("report.scan_reminded", by=by, at=now, target=target, data={} if len(found) == 1 else data)
    return plan


def _tell(plan: Plan, *, now: datetime) -> None:
    day = timezone.localdate(now, ZONE)
    outbox.tell_many(
        [
            Telling(
                key=f"{KIND}:{report.pk}:{day.isoformat()}:{user.pk}",
                kind=KIND,
                recipient=user,
                title=f"Còn thiếu bản chụp báo cáo đã ký: {report.directive}",
                url=report.get_absolute_url(),
                target=report,
                unit_id=report.unit_id,
                mail="daily",
            )
            for recipient in plan.recipients
            for report in recipient.reports
            for user in recipient.people
        ],
        now=now,
    )


def _still_missing(notices: list[Notice], *, now: datetime) -> set[int]:
    """The scan has not been attached meanwhile."""
    rows = UnitReport.objects.filter(pk__in={notice.target_id for notice in notices}).lacking_signed_paper()
    still = set(rows.values_list("pk", flat=True))
    return {notice.pk for notice in notices if notice.target_id in still}


def register() -> None:
    """Make the kind known."""
    kinds.register(KIND, "Thiếu bản chụp đã ký", still_applies=_still_missing)
