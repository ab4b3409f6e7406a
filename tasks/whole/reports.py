"""Who has sent the reports of the periods, and how often in time."""

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import Count, DateField, Exists, F, Min, OuterRef, Q, QuerySet, Value
from django.db.models.functions import TruncDate

from directive_tracker.prepared import Prepared
from directive_tracker.vietnamese import ZONE
from tasks.enums import AssignmentRole, RoundDecision
from tasks.models import Assignment, ReportingPeriod, ReportRound, UnitReport
from tasks.querysets import SENT_REPORT_STATES
from tasks.whole.kept import Line

# The newest periods whose senders the page names.
PERIODS = 3


@dataclass(frozen=True)
class Period:
    """One period for which reports were asked."""

    pk: int
    name: str
    cutoff_on: date
    due_on: date


@dataclass(frozen=True)
class PeriodStatus:
    """Who has sent the report of one period."""

    period: Period
    sent: int
    missing: list[Line]
    is_late: bool
    is_cut_off: bool

    @property
    def missing_words(self) -> str:
        """The names of those who have not, as one text: a hundred names are dear to a template."""
        return ", ".join([unit.name for unit in self.missing])

    @property
    def total(self) -> int:
        return self.sent + len(self.missing)


@dataclass
class Reports:
    """What is known of a directive's reports on one day.

    sent: (period, unit) of the newest periods; on_time: unit → how many came by the day they were due, of periods that are
    over; since: unit → the day it was given its first work.
    """

    day: date
    periods: list[Period] = field(default_factory=list)
    sent: set[tuple[int, int]] = field(default_factory=set)
    on_time: dict[int, int] = field(default_factory=dict)
    since: dict[int, date] = field(default_factory=dict)

    def rate(self, unit: int) -> tuple[int, int]:
        """(sent in time, asked for) of the periods whose last day is over; what ended before the unit had work was not
        asked of it."""
        since = self.since.get(unit)
        asked = len(self._over) - bisect_left(self._over, since) if since is not None else 0
        return min(self.on_time.get(unit, 0), asked), asked

    @cached_property
    def _over(self) -> list[date]:
        """The last days of the periods that are over, in order."""
        return sorted(period.due_on for period in self.periods if period.due_on < self.day)

    def statuses(self, units: list[Line]) -> list[PeriodStatus]:
        """The newest periods, newest first; a report that came back counts as sent."""
        found = []
        for period in self.periods[:PERIODS]:
            missing = [unit for unit in units if (period.pk, unit.pk) not in self.sent]
            found.append(
                PeriodStatus(
                    period,
                    len(units) - len(missing),
                    missing,
                    is_late=period.due_on < self.day,
                    is_cut_off=period.cutoff_on < self.day,
                )
            )
        return found


def _facts(day: date, directive: int) -> QuerySet:
    """Four short lists in one statement: opened periods, who sent in the newest, how many in time, since when units work."""
    opened = ReportingPeriod.objects.filter(directive=directive, opens_on__lte=day)
    newest = opened.order_by("-cutoff_on", "-pk").values("pk")[:PERIODS]
    sent = UnitReport.objects.filter(directive=directive, state__in=SENT_REPORT_STATES).order_by()
    leads = Assignment.objects.filter(directive=directive, role=AssignmentRole.LEAD).order_by()
    names = "what", "first", "second", "name", "day", "last"
    periods = opened.order_by().annotate(
        what=Value("period"), first=F("pk"), second=Value(0), day=F("cutoff_on"), last=F("due_on")
    )
    senders = sent.filter(period__in=newest).annotate(
        what=Value("sent"), first=F("period_id"), second=F("unit_id"), name=Value(""), day=_NO_DAY, last=_NO_DAY
    )
    in_time = (
        sent.annotate(sent_on=TruncDate("submitted_at", tzinfo=ZONE))
        .filter(_in_time(), period__due_on__lt=day)
        .values(first=F("unit_id"))
        .annotate(what=Value("in time"), second=Count("pk"), name=Value(""), day=_NO_DAY, last=_NO_DAY)
    )
    since = leads.values(first=F("unit_id")).annotate(
        what=Value("since"), second=Value(0), name=Value(""), day=Min("assigned_on"), last=_NO_DAY
    )
    return periods.values_list(*names).union(
        senders.values_list(*names), in_time.values_list(*names), since.values_list(*names), all=True
    )


_NO_DAY = Value(None, output_field=DateField())
_FACTS = Prepared(_facts)


def _in_time() -> Q:
    """Reports that reached the office by the day their period was due: the last sending, or an earlier one that the unit
    did not take back."""
    rounds = ReportRound.objects.filter(
        section__unit_report=OuterRef("pk"), submitted_on__lte=OuterRef("period__due_on")
    ).exclude(decision=RoundDecision.WITHDRAWN)
    return Q(sent_on__lte=F("period__due_on")) | Q(Exists(rounds))


def read_reports(directive: int, *, day: date) -> Reports:
    """What is known of the reports on one directive; one statement."""
    found = Reports(day)
    for what, first, second, name, start, last in _FACTS.rows(directive, key=(day,)):
        if what == "period":
            found.periods.append(Period(first, name, start, last))
        elif what == "sent":
            found.sent.add((first, second))
        elif what == "in time":
            found.on_time[first] = second
        else:
            found.since[first] = start
    found.periods.sort(key=lambda period: (period.cutoff_on, period.pk), reverse=True)
    return found
