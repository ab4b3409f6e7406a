"""Diễn biến theo tuần: the four classes at the end of each week since a directive was issued, and as they stand now.

A week ends on Sunday, when the week's work is over (a make-up Saturday belongs to it). What stood then was kept
(tasks/ranking/days.py); the last point are the kept figures of today. Beyond MOST_WEEKS the points are ends of months.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from directive_tracker.vietnamese import vn_date, vn_number
from tasks.models import Directive, FigureDay
from tasks.ranking.days import noted_days
from tasks.whole.charts import Stack, stack_of
from tasks.whole.kept import read_kept, total_of
from units.access import Access, access_of

MOST_WEEKS = 60
MOST_MONTHS = 60
# With fewer ends of weeks a chart says nothing that a sentence does not.
FEWEST = 2
SUNDAY = 7
CLASSES = ("done_on_time", "done_late", "open_in_time", "open_overdue")

# The four classes of all shown units.
Values = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """The figures at the end of one day; no stack where nothing is known yet."""

    day: date
    stack: Stack | None
    note: str = ""


@dataclass(frozen=True)
class Trend:
    """What the fragment and the page show."""

    directive: Directive
    points: list[Point]
    by_month: bool
    is_whole: bool
    # Days since the first known one on which nobody counted.
    uncounted: int

    @property
    def known(self) -> list[Point]:
        """The points of which something is known, the oldest first."""
        return [point for point in self.points if point.stack is not None]

    @property
    def is_enough(self) -> bool:
        """Whether there are ends of two weeks to compare, beside today."""
        return len(self.known) > FEWEST

    @property
    def stacks(self) -> list[Stack | None]:
        """What the chart draws."""
        return [point.stack for point in self.points]

    @property
    def newest_first(self) -> list[Point]:
        """What the table shows."""
        return list(reversed(self.known))

    @property
    def sentence(self) -> str:
        """ "So với 14/4/2024: thêm 3 việc hoàn thành; việc quá hạn từ 2 lên 3"; "" with nothing to compare."""
        if len(self.known) < FEWEST:
            return ""
        before, now = self.known[-2], self.known[-1]
        return f"So với {vn_date(before.day)}: {_done_words(before.stack, now.stack)}; {_late_words(before.stack, now.stack)}"


def _done_words(before: Stack | None, now: Stack | None) -> str:
    more = _done(now) - _done(before)
    if more > 0:
        return f"thêm {vn_number(more)} việc hoàn thành"
    return f"bớt {vn_number(-more)} việc hoàn thành" if more else "không thêm việc hoàn thành"


def _done(stack: Stack | None) -> int:
    return stack.done_on_time + stack.done_late if stack else 0


def _late_words(before: Stack | None, now: Stack | None) -> str:
    was, is_now = (stack.open_overdue if stack else 0 for stack in (before, now))
    if was == is_now:
        return f"vẫn {vn_number(is_now)} việc quá hạn" if is_now else "không có việc quá hạn"
    return f"việc quá hạn từ {vn_number(was)} {'lên' if is_now > was else 'xuống'} {vn_number(is_now)}"


def build_trend(directive: Directive, user, *, today: date) -> Trend:
    """The whole for office and readers, the own units together for a unit's people; the same statements at any size."""
    access = access_of(user, today=today)
    whole = access.sees_all_assignments
    rows = list(
        FigureDay.objects.visible_to(user)
        .filter(directive=directive, unit__isnull=whole)
        .order_by("day", "pk")
        .values_list("unit_id", "day", *CLASSES)
    )
    end = directive.closed_on or today
    ends, by_month = days_of(directive.issued_on or today, end)
    noted = noted_days(ends[0]) | {row[1] for row in rows}
    points = _points(rows, ends[:-1], noted, by_month=by_month)
    points.append(_last(directive, access, _short(end, by_month), end, today=today))
    first = min((row[1] for row in rows), default=end)
    return Trend(directive, points, by_month, whole, _uncounted(max(first, ends[0]), end, noted))


def days_of(first: date, end: date) -> tuple[list[date], bool]:
    """The days of the points: the Sundays from the first day on that are over, then the last day itself.

    Returns: the days, and whether they are ends of months, which stand for weeks that are too many.
    """
    sundays = [first + timedelta(days=SUNDAY - first.isoweekday())]
    while sundays[-1] < end:
        sundays.append(sundays[-1] + timedelta(days=7))
    sundays[-1] = end
    if len(sundays) <= MOST_WEEKS:
        return sundays, False
    months = sorted({_end_of_month(day) for day in sundays})
    return [*[day for day in months if day < end], end][-MOST_MONTHS:], True


def _end_of_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _points(rows: list[tuple], days: Iterable[date], noted: set[date], *, by_month: bool) -> list[Point]:
    """What stood at the end of each day: the newest row until then of each place, added up."""
    newest: dict[int | None, Values] = {}
    points, place, counted = [], 0, None
    for day in days:
        while place < len(rows) and rows[place][1] <= day:
            unit, counted, *values = rows[place]
            newest[unit] = tuple(values)
            place += 1
        if not newest:
            points.append(Point(day, None))
            continue
        counted = max((other for other in noted if other <= day), default=counted)
        sums = (sum(column) for column in zip(*newest.values(), strict=True))
        note = "" if day in noted else f"không ghi được, lấy số liệu ngày {vn_date(counted)}"
        points.append(Point(day, Stack(_short(day, by_month), *sums), note))
    return points


def _last(directive: Directive, access: Access, label: str, end: date, *, today: date) -> Point:
    """The figures as they are kept now; those of an ended directive stay what they were on its last day."""
    units = read_kept(directive, today=today).units
    if not access.sees_all_assignments:
        units = [line for line in units if line.pk in access.visible_unit_ids]
    note = "kết thúc theo dõi" if directive.is_closed else "hôm nay"
    return Point(end, stack_of(label, total_of(units)), note)


def _uncounted(first: date, end: date, noted: set[date]) -> int:
    days = (first + timedelta(days=offset) for offset in range((end - first).days))
    return sum(1 for day in days if day not in noted)


def _short(day: date, by_month: bool) -> str:
    """What the axis has room for: "07/4", or "4/2024"."""
    return f"{day.month}/{day.year}" if by_month else vn_date(day).rsplit("/", 1)[0]
