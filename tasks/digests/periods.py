"""For which period a digest is made, of which hour its data are, and when its mail may leave.

Weekly: data to Thursday 17:00, mail on Friday 07:30; monthly: data to the month's last working day 17:00, mail on the
next working day 07:30 (domain: time rules; the weekday and the hours are settings).
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from directive_tracker.vietnamese import ZONE
from directive_tracker.workdays import WorkCalendar
from tasks.models.digest import DigestKind, period_words

# A digest that nobody froze is caught up so long; later its figures would tell of another period.
CATCH_UP = timedelta(days=7)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Period:
    """One week or month: its days, the moment the timetable names for its data, and from when on its mail may leave."""

    kind: DigestKind
    first: date
    last: date
    cut_at: datetime
    mail_at: datetime

    @property
    def words(self) -> str:
        return period_words(self.kind, self.first, self.last)


def due_periods(*, now: datetime, calendar: WorkCalendar) -> list[Period]:
    """The newest week and the newest month whose data are due by `now`, those too old to be caught up left out."""
    found = [_newest_week(now, calendar), _newest_month(now, calendar)]
    return [period for period in found if now - period.cut_at < CATCH_UP]


def may_begin_between(after: datetime, until: datetime) -> bool:
    """Whether the data of some period may be due within (after, until]; without the calendar, so that a quiet minute
    costs nothing: every day of a month may be its last working one."""
    days = [moment.date() for moment in hours_between(after, until)]
    return any(day.isoweekday() == settings.DIGEST_WEEKDAY or _ends_a_month(day) for day in days)


def hours_between(after: datetime, until: datetime) -> Iterator[datetime]:
    """The hours of the data of every day within (after, until]."""
    day, last = after.astimezone(ZONE).date(), until.astimezone(ZONE).date()
    while day <= last:
        if after < _at(day) <= until:
            yield _at(day)
        day += timedelta(days=1)


def _ends_a_month(day: date) -> bool:
    """Whether the day may be its month's last working one: the longest holidays take nine days."""
    return monthrange(day.year, day.month)[1] - day.day < 12


def _at(day: date) -> datetime:
    """The hour of the data on that day."""
    return datetime.combine(day, settings.DIGEST_DATA_HOUR, tzinfo=ZONE)


def _period(kind: DigestKind, first: date, last: date, cut_on: date, calendar: WorkCalendar) -> Period:
    leaves_on = calendar.on_or_after(cut_on + timedelta(days=1))
    mail_at = datetime.combine(leaves_on, settings.DIGEST_MAIL_HOUR, tzinfo=ZONE)
    return Period(kind, first, last, _at(cut_on), mail_at)


def _newest_week(now: datetime, calendar: WorkCalendar) -> Period:
    """Seven days that end with the weekday of the data, holiday or not."""
    today = now.astimezone(ZONE).date()
    last = today - timedelta(days=(today.isoweekday() - settings.DIGEST_WEEKDAY) % 7)
    if _at(last) > now:
        last -= WEEK
    return _period(DigestKind.WEEKLY, last - timedelta(days=6), last, last, calendar)


def _newest_month(now: datetime, calendar: WorkCalendar) -> Period:
    """The month of `now` once its last working day's hour has come, else the one before."""
    today = now.astimezone(ZONE).date()
    month = _month(today, calendar)
    return month if month.cut_at <= now else _month(today.replace(day=1) - timedelta(days=1), calendar)


def _month(day: date, calendar: WorkCalendar) -> Period:
    first, last = day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    return _period(DigestKind.MONTHLY, first, last, calendar.on_or_before(last), calendar)
