"""Which mails carry a link, to which report, and the words above it (notifications/kinds.py: mail links)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import F, Model, OuterRef, Subquery
from django.utils import timezone

from directive_tracker.vietnamese import ZONE, vn_date
from notifications import kinds, outbox
from notifications.models import Message, Notice
from notifications.outbox import Telling
from tasks.drafts.opening import current_periods, open_reports, reportable
from tasks.enums import REPORTABLE_STATES, AssignmentRole, DirectiveState
from tasks.links.addresses import address_of
from tasks.links.making import ensure, last_day_of, open_links
from tasks.links.opening import working
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


def report_for(unit: Unit, directive: Directive, user, *, today: date) -> Report | None:
    """The report for which this person may be mailed a link now, or None."""
    return _reports({0: _Wanted(unit, directive, user)}, today=today).get(0)


# --- many mails at once ---------------------------------------------------------------------------


@dataclass(frozen=True)
class _Wanted:
    """A report somebody is asked for."""

    unit: Unit
    directive: Directive
    user: Any


def reports_in(mails: list[tuple[Message, list[Notice]]], *, today: date) -> dict[int, Report]:
    """Mail id → the one report it asks its person for: that of its first notice which asks for any.

    The same number of statements for one mail and for many.
    """
    if not settings.REPORT_LINKS:
        return {}
    renewed = {
        notice.target_id for mail, notices in mails for notice in notices if notice.kind == RENEWED and mail.recipient
    }
    links = ReportLink.objects.in_bulk(renewed) if renewed else {}
    units = Unit.objects.in_bulk(
        {link.unit_id for link in links.values()}
        | {notice.unit_id for _, notices in mails for notice in notices if _asks(notice) and notice.unit_id}
    )
    first: dict[int, tuple[Notice, Unit, Any]] = {}
    for mail, notices in mails:
        for notice in notices if mail.recipient is not None else ():
            link = links.get(notice.target_id) if notice.kind == RENEWED else None
            unit = units.get((link.unit_id if link else None) if notice.kind == RENEWED else notice.unit_id)
            if unit is not None and _asks(notice):
                if unit.wants_report_links:
                    first[mail.pk] = (notice, unit, mail.recipient)
                break
    directives = _directives_of([notice for notice, _, _ in first.values()])
    wanted = {
        mail: _Wanted(unit, directives[notice.pk], user)
        for mail, (notice, unit, user) in first.items()
        if notice.pk in directives
    }
    return _reports(wanted, today=today)


def _asks(notice: Notice) -> bool:
    """Whether a notice asks a unit for a report."""
    return notice.kind == RENEWED or notice.kind in KINDS or notice.kind.startswith(FAMILIES)


def _reports(wanted: dict[int, _Wanted], *, today: date) -> dict[int, Report]:
    """For whom of them there is a report that a link may open now."""
    wanted = {
        key: one
        for key, one in wanted.items()
        if settings.REPORT_LINKS
        and one.unit.wants_report_links
        and one.directive.report_links
        and one.directive.is_issued
    }
    if not wanted:
        return {}
    members = working([one.user for one in wanted.values()], {one.unit.pk for one in wanted.values()}, today=today)
    wanted = {key: one for key, one in wanted.items() if (one.user.pk, one.unit.pk) in members}
    if not wanted:
        return {}
    units, directives = {one.unit.pk for one in wanted.values()}, {one.directive.pk for one in wanted.values()}
    at_hand = open_reports(units, directives)
    has_work = set(reportable(units, directives).values_list("unit_id", "directive_id").distinct())
    periods = current_periods(units, directives, today=today)
    found = {}
    for key, one in wanted.items():
        place = (one.unit.pk, one.directive.pk)
        if place in at_hand:
            found[key] = Report(one.unit, one.directive, at_hand[place].period)
        elif place in has_work:
            found[key] = Report(one.unit, one.directive, periods[place])
    return found


def _directives_of(notices: list[Notice]) -> dict[int, Directive]:
    """Notice id → the document of what it is about; of a whole unit, that of its most urgent open work."""
    targets: dict[str, set[int]] = {}
    for notice in notices:
        targets.setdefault(notice.target_type, set()).add(notice.target_id)
    ids: dict[tuple[str, int], int] = {}
    for kind, way in _WAYS.items():
        label = kind._meta.label_lower
        if label in targets:
            rows = kind._default_manager.filter(pk__in=targets[label]).annotate(to_directive=way)
            ids |= {
                (label, target): directive
                for target, directive in rows.values_list("pk", "to_directive")
                if directive is not None
            }
    directives = Directive.objects.in_bulk(set(ids.values())) if ids else {}
    places = {notice.pk: ids.get((notice.target_type, notice.target_id)) for notice in notices}
    return {notice: directives[directive] for notice, directive in places.items() if directive in directives}


_URGENT = (
    Assignment.objects.filter(unit=OuterRef("pk"), state__in=REPORTABLE_STATES, directive__state=DirectiveState.ISSUED)
    .exclude(role=AssignmentRole.INFORMED)
    .order_by(F("due_current").asc(nulls_last=True), "pk")
    .values("directive")[:1]
)
# What notices are about, and how its document is found.
_WAYS: dict[type[Model], Any] = {
    Directive: F("pk"),
    Assignment: F("directive_id"),
    ProgressReport: F("unit_report__directive_id"),
    UnitReport: F("directive_id"),
    Nudge: F("assignment__directive_id"),
    ReportLink: F("directive_id"),
    Unit: Subquery(_URGENT),
}


@dataclass(frozen=True)
class ReportMailLink:
    """The link of one mail to the report it asks for; the calendar is read once."""

    report: Report
    user: Any
    today: date
    last_day: date
    # The person's link to that report which is out already.
    known: ReportLink | None

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
        if not make:
            usable = self.known is not None and self.known.last_day >= self.today
            return address_of(self.known) if self.known is not None and usable else ""
        key = (self.report.unit, self.report.directive, self.report.period, self.user)
        return address_of(
            ensure(*key, now=timezone.now(), today=self.today, last_day=self.last_day, known=self.known, looked=True)
        )


class ReportLinks:
    """One link a mail, made when the mail leaves."""

    def of(self, mails: list[tuple[Message, list[Notice]]], *, now: datetime) -> dict[int, ReportMailLink]:
        """Mail id → the link to the report it asks for; changes nothing."""
        today = timezone.localdate(now, ZONE)
        reports = reports_in(mails, today=today)
        if not reports:
            return {}
        users = {mail.pk: mail.recipient for mail, _ in mails}
        known = open_links(
            {report.unit.pk for report in reports.values()},
            {report.directive.pk for report in reports.values()},
            {users[mail].pk for mail in reports},
        )
        last_days: dict[ReportingPeriod | None, date] = {}
        for report in reports.values():
            if report.period not in last_days:
                last_days[report.period] = last_day_of(report.period, today=today)
        return {
            mail: ReportMailLink(
                report,
                users[mail],
                today,
                last_days[report.period],
                known.get(
                    (report.unit.pk, report.directive.pk, report.period.pk if report.period else None, users[mail].pk)
                ),
            )
            for mail, report in reports.items()
        }


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
