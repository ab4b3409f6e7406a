"""Working days of Việt Nam: public holidays, swapped days, make-up Saturdays.

The base comes from the package `holidays`; what an office records in its own calendar
(`overrides`) wins over it. Years are computed once for each process, afterwards a question
costs microseconds. The government announces each year's days off late in the year before;
until somebody knows that of a year, it is "not announced": its days are only likely.
"""

import importlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from functools import cache
from typing import NamedTuple

from directive_tracker.vietnamese import ZONE, vn_date

OPENS = time(7, 30)
CLOSES = time(17, 0)

# Announced swaps: day off → (make-up working day, number of the notice). `holidays` knows the
# days but not the papers, which people ask for; a swap missing there still counts from here.
SWAPS = {
    date(2024, 4, 29): (date(2024, 5, 4), "2450/VPCP-KGVX"),
    date(2025, 5, 2): (date(2025, 4, 26), "6150/TB-BLĐTBXH"),
}

# Outside these years only Saturdays and Sundays are off: nobody has announced anything.
_FIRST_YEAR, _LAST_YEAR = 1995, 2099


class _Year(NamedTuple):
    """What is known of one year before an office's own calendar."""

    days: tuple[int, ...]  # ordinals of working days, ascending
    holidays: dict[date, str]
    made_up: dict[date, date]  # make-up day → the day off it stands for, where announced here


@cache
def _base_year(year: int) -> _Year:
    """Compute one year. Errors: OverflowError outside the years 1–9999."""
    if not 1 <= year <= 9999:
        raise OverflowError(f"no calendar for the year {year}")
    names, weekend_work = _announced(year) if _FIRST_YEAR <= year <= _LAST_YEAR else ({}, set())
    made_up = {}
    for day_off, (make_up, notice) in SWAPS.items():
        if day_off.year == year:
            names[day_off] = f"Nghỉ hoán đổi, làm bù {vn_date(make_up)} (văn bản số {notice})"
        if make_up.year == year:
            made_up[make_up] = day_off
    working = set(weekend_work) | set(made_up)
    first = date(year, 1, 1).toordinal()
    last = date(year, 12, 31).toordinal()
    # Ordinal 1 is a Monday, so a remainder of 6 is a Saturday and of 0 a Sunday.
    days = {number for number in range(first, last + 1) if number % 7 not in (6, 0)}
    days -= {day.toordinal() for day in names}
    days |= {day.toordinal() for day in working}
    return _Year(tuple(sorted(days)), names, made_up)


def _announced(year: int) -> tuple[dict[date, str], set[date]]:
    """Holidays with Vietnamese names and weekend working days of a year, from the package.

    The package takes 0.4 s to import, so it is loaded when a year is first asked for and not
    by every command. The neighbouring years are read too: a swap across New Year is filed under
    the year of its day off.
    """
    package = importlib.import_module("holidays")
    years = package.country_holidays("VN", years=range(year - 1, year + 2), language="vi", expand=False)
    names = {day: name for day, name in years.items() if day.year == year}
    return names, {day for day in years.weekend_workdays if day.year == year}


@cache
def announced_through() -> int:
    """The newest year whose official days off the package or the swaps above know; earlier ones are history.

    Read from the package's table of what was ordered for single years, not from its rules, which speak of any year.
    """
    package = importlib.import_module("holidays")
    return max(*package.country_holidays("VN").special_public_holidays, *(day.year for day in SWAPS))


class Walk(NamedTuple):
    """Working days counted one by one, and the days passed over between them, both in the order of counting."""

    counted: tuple[date, ...]
    passed: tuple[date, ...]


def warm_up(*years: int) -> None:
    """Load the given years, so that the first page of a server does not wait for them.

    Arguments: years as numbers. Errors: OverflowError outside the years 1–9999.
    """
    for year in years:
        _base_year(year)


def _plain(day: date) -> int:
    """Refuse datetimes: which day they are depends on a time zone the caller must choose."""
    if isinstance(day, datetime):
        raise TypeError("a date is needed, not a datetime")
    return day.toordinal()


class WorkCalendar:
    """The working days of one office.

    Arguments: overrides maps a date to True (people work) or False (they do not) and wins over
    public holidays; reasons maps overridden dates to the words `why` shall give; announced maps a
    year to what the office knows of it (True: its days off are official).
    Errors: every method taking a day raises TypeError for a datetime and OverflowError when the
    search leaves the years 1–9999.
    """

    def __init__(
        self,
        overrides: Mapping[date, bool] | None = None,
        *,
        reasons: Mapping[date, str] | None = None,
        announced: Mapping[int, bool] | None = None,
    ) -> None:
        self._overrides = dict(overrides or {})
        self._reasons = dict(reasons or {})
        self._announced = dict(announced or {})
        self._own_years: dict[int, tuple[int, ...] | None] = {}
        for day in self._overrides:
            self._own_years.setdefault(day.year, None)

    def _days(self, year: int) -> tuple[int, ...]:
        """Ordinals of the working days of a year, the office's own calendar included."""
        if year not in self._own_years:
            return _base_year(year).days
        known = self._own_years[year]
        if known is None:
            days = set(_base_year(year).days)
            for day, works in self._overrides.items():
                if day.year == year:
                    (days.add if works else days.discard)(day.toordinal())
            known = self._own_years[year] = tuple(sorted(days))
        return known

    def is_announced(self, year: int) -> bool:
        """Whether the days off of a year are official, as the package, the swaps above or the office know."""
        return self._announced.get(year, _FIRST_YEAR <= year <= announced_through())

    def not_announced(self, days: Iterable[date]) -> list[int]:
        """The years of these days whose days off nobody has announced yet, ascending."""
        return [year for year in sorted({day.year for day in days}) if not self.is_announced(year)]

    def is_working_day(self, day: date) -> bool:
        """Return whether people work on this date."""
        number = _plain(day)
        days = self._days(day.year)
        place = bisect_left(days, number)
        return place < len(days) and days[place] == number

    def add(self, day: date, count: int) -> date:
        """Return the count-th working day after the date, before it when count is negative.

        A count of 0 returns the date itself, working day or not. From a working day there and
        back leads to the same date.
        """
        number = _plain(day)
        if count == 0:
            return day
        year = day.year
        days = self._days(year)
        if count > 0:
            place = bisect_right(days, number) + count - 1
            while place >= len(days):
                place -= len(days)
                year += 1
                days = self._days(year)
        else:
            place = bisect_left(days, number) + count
            while place < 0:
                year -= 1
                days = self._days(year)
                place += len(days)
        return date.fromordinal(days[place])

    def walk(self, day: date, count: int) -> Walk:
        """Return every day on the way of `add(day, count)`: those that count and those passed over.

        The day itself is neither; the last one that counts is what `add` returns.
        """
        end = self.add(day, count)
        step = 1 if count > 0 else -1
        way = (
            [date.fromordinal(number) for number in range(_plain(day) + step, _plain(end) + step, step)]
            if count
            else []
        )
        working = [one for one in way if self.is_working_day(one)]
        return Walk(tuple(working), tuple(one for one in way if not self.is_working_day(one)))

    def count_between(self, start: date, end: date) -> int:
        """Return how many working days lie after start up to and including end.

        Negative when end is before start, so that `count_between(d, add(d, n)) == n` always holds.
        """
        first, last = _plain(start), _plain(end)
        if last < first:
            return -self._count(last, first - 1)
        return self._count(first + 1, last)

    def _count(self, first: int, last: int) -> int:
        """Working days from one ordinal to another, both included."""
        if last < first:
            return 0
        from_year, to_year = date.fromordinal(first).year, date.fromordinal(last).year
        total = 0
        for year in range(from_year, to_year + 1):
            days = self._days(year)
            low = bisect_left(days, first) if year == from_year else 0
            high = bisect_right(days, last) if year == to_year else len(days)
            total += high - low
        return total

    def next_working_day(self, day: date) -> date:
        """Return the first working day after the date."""
        return self.add(day, 1)

    def on_or_before(self, day: date) -> date:
        """Return the date itself if people work then, else the last working day before it."""
        return day if self.is_working_day(day) else self.add(day, -1)

    def on_or_after(self, day: date) -> date:
        """Return the date itself if people work then, else the first working day after it."""
        return day if self.is_working_day(day) else self.add(day, 1)

    def why(self, day: date) -> str | None:
        """Return the name of the holiday on this date in Vietnamese, or None.

        None for working days and plain weekends. A day off of the office's own calendar gives its
        recorded reason.
        """
        if self.is_working_day(day):
            return None
        if self._overrides.get(day) is False and day in self._reasons:
            return self._reasons[day]
        name = _base_year(day.year).holidays.get(day)
        if name is None and day in self._overrides:
            return "Ngày nghỉ theo lịch làm việc của cơ quan"
        return name

    def why_working(self, day: date) -> str | None:
        """Return why people work on this Saturday, Sunday or holiday, or None on ordinary days."""
        if not self.is_working_day(day):
            return None
        if self._overrides.get(day) and day in self._reasons:
            return self._reasons[day]
        day_off = _base_year(day.year).made_up.get(day)
        if day_off is not None:
            return f"Làm bù cho ngày {vn_date(day_off)} (văn bản số {SWAPS[day_off][1]})"
        if day.weekday() >= 5 or day in _base_year(day.year).holidays:
            return "Ngày làm bù"
        return None

    def window_open(self, moment: datetime) -> bool:
        """Return whether mail may go out: 07:30 up to, not including, 17:00 of a working day.

        Arguments: moment, an aware datetime. Errors: ValueError when it is naive.
        """
        local = self._local(moment)
        return OPENS <= local.time() < CLOSES and self.is_working_day(local.date())

    def next_window(self, moment: datetime) -> datetime:
        """Return the moment itself if mail may go out then, else when the next window opens.

        Arguments: moment, an aware datetime. Errors: ValueError when it is naive.
        """
        if self.window_open(moment):
            return moment
        local = self._local(moment)
        day = local.date()
        day = self.on_or_after(day) if local.time() < OPENS else self.next_working_day(day)
        return datetime.combine(day, OPENS, tzinfo=ZONE)

    @staticmethod
    def _local(moment: datetime) -> datetime:
        """The moment on a clock in Việt Nam."""
        if moment.tzinfo is None:
            raise ValueError("an aware datetime is needed")
        return moment.astimezone(ZONE)
