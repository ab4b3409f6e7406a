"""Which mails carry a link, to which report, and the words above it (notifications/kinds.py: mail links)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from directive_tracker.vietnamese import ZONE, vn_date
from notifications import kinds, outbox
from notifications.models import Message, Notice
from notifications.outbox import Telling
from tasks.drafts.opening import current_period, find_open_report, reportable_assignments
from tasks.enums import REPORTABLE_STATES, AssignmentRole, DirectiveState
from tasks.links.addresses import address_of
from tasks.links.making import ensure, last_day_of, open_of
from tasks.links.opening import works_for_unit
from tasks.models import (
    Assignment,
    Directive,
    Nudge,
    ProgressReport,
    ReportingPeriod,
    ReportLink,
    UnitReport,
)
from units.models import Unit

RENEWED = "report_link"
# What asks a unit for a report or reminds it of work; of the families the stages before and after the due day.
KINDS = frozenset({"issued", "returned", "nudge", "nudges", "bulletin", "kept", "reopened", "head_returned"})
FAMILIES = ("due-", "overdue-", "assigned-")


@dataclass(frozen=True)
class Report:
    """The report a mail's link opens."""

    unit: Unit
    directive: Directive
    period: ReportingPeriod | None


def _unit_of(notice: Notice) -> Unit | None:
    """The unit that a notice asks for a report; None where it asks for none."""
    if notice.kind == RENEWED:
        return Unit.objects.filter(report_links=notice.target_id).first()
    if notice.kind in KINDS or notice.kind.startswith(FAMILIES):
        return Unit.objects.filter(pk=notice.unit_id).first()
    return None


def report_in(mail: Message, notices: list[Notice], *, today: date) -> Report | None:
    """The one report that a mail to a person asks for: that of its first notice which asks for any."""
    if not settings.REPORT_LINKS or mail.recipient is None:
        return None
    for notice in notices:
        unit = _unit_of(notice)
        if unit is not None:
            directive = _directive_of(notice, unit) if unit.wants_report_links else None
            return report_for(unit, directive, mail.recipient, today=today) if directive is not None else None
    return None


def report_for(unit: Unit, directive: Directive, user, *, today: date) -> Report | None:
    """The report for which this person may be mailed a link now, or None."""
    wanted = settings.REPORT_LINKS and unit.wants_report_links and directive.report_links and directive.is_issued
    if not wanted or not works_for_unit(user, unit.pk, today=today):
        return None
    at_hand = find_open_report(unit, directive)
    if at_hand is not None:
        return Report(unit, directive, at_hand.period)
    if not reportable_assignments(unit, directive).exists():
        return None
    return Report(unit, directive, current_period(unit, directive, today=today))


def _directive_of(notice: Notice, unit: Unit) -> Directive | None:
    """The document of what a notice is about; of a whole unit, that of its most urgent open work."""
    directives = Directive.objects.all()
    if notice.target_type == Unit._meta.label_lower:
        urgent = (
            Assignment.objects.filter(unit=unit, state__in=REPORTABLE_STATES, directive__state=DirectiveState.ISSUED)
            .exclude(role=AssignmentRole.INFORMED)
            .order_by(F("due_current").asc(nulls_last=True), "pk")
            .values("directive")[:1]
        )
        return directives.filter(pk__in=urgent).first()
    ways = {
        Directive: "pk",
        Assignment: "assignments",
        ProgressReport: "unit_reports__sections",
        UnitReport: "unit_reports",
        Nudge: "assignments__nudges",
        ReportLink: "links",
    }
    way = {model._meta.label_lower: path for model, path in ways.items()}.get(notice.target_type)
    return directives.filter(**{way: notice.target_id}).first() if way else None


@dataclass(frozen=True)
class ReportMailLink:
    """The link of one mail to the report it asks for; the calendar is read once."""

    report: Report
    user: Any
    today: date
    last_day: date

    @property
    def words(self) -> str:
        """What stands above the link."""
        unit, period = self.report.unit, self.report.period
        what = f"báo cáo của {unit.short_name}" + (f" ({period})" if period else "")
        return (
            f"Mở ngay {what} về “{self.report.directive.short_title}”, không cần đăng nhập (dùng đến hết "
            f"{vn_date(self.last_day)}, chỉ mở báo cáo này; xin không chuyển thư này cho người ngoài đơn vị):"
        )

    def address(self, *, make: bool = True) -> str:
        """The address, for the mail itself and nothing that is kept; without `make` only that of a link that is out."""
        key = (self.report.unit, self.report.directive, self.report.period, self.user)
        if not make:
            found = open_of(*key, today=self.today)
            return address_of(found) if found is not None else ""
        return address_of(ensure(*key, now=timezone.now(), today=self.today, last_day=self.last_day))


class ReportLinks:
    """One link a mail, made when the mail leaves."""

    def of(self, mail: Message, notices: list[Notice], *, now: datetime) -> ReportMailLink | None:
        """The link to the report a mail asks for; changes nothing."""
        today = timezone.localdate(now, ZONE)
        report = report_in(mail, notices, today=today)
        if report is None:
            return None
        return ReportMailLink(report, mail.recipient, today, last_day_of(report.period, today=today))


def mail_again(link: ReportLink, *, now: datetime) -> int:
    """Have a link mailed to its person, at any hour, at most once an hour; how many mails are new."""
    return outbox.tell_many(
        [
            Telling(
                key=f"{RENEWED}:{link.directive_id}:{link.unit_id}:{now:%Y%m%d%H}:{link.user_id}",
                kind=RENEWED,
                recipient=link.user,
                title=f"Đường dẫn báo cáo: {link.directive.short_title}",
                target=link,
                mail="own",
            )
        ],
        now=now,
    )


def register() -> None:
    """Make the kind and the links known (tasks/reminders.py)."""
    kinds.register(RENEWED, "Đường dẫn báo cáo", any_hour=True, in_app=False)
    kinds.mail_links.append(ReportLinks())
