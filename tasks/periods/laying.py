"""Which periods there would be: days counted, nothing written. Pure functions over the working calendar."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from directive_tracker.vietnamese import vn_date, vn_weekday
from directive_tracker.workdays import WorkCalendar
from tasks.enums import PeriodKind

MOST_PERIODS = 36
QUARTERS = ("I", "II", "III", "IV")


@dataclass(frozen=True)
class Layout:
    """How the office wants the periods.

    Args:
        first, last: a day in the first and in the last month or quarter; of a custom period the days of its data.
        cutoff_day: the day of the month on which a month or quarter is cut off; a short month ends on its last day.
        opened_before: how many calendar days before the cut-off the report opens.
        sent_after: within how many working days after the cut-off it is to be sent.
        name: of a custom period.
    """

    kind: str
    first: date
    last: date
    cutoff_day: int = 14
    opened_before: int = 7
    sent_after: int = 2
    name: str = ""


@dataclass
class PlannedPeriod:
    """One period as it would be, with what should be looked at."""

    kind: str
    name: str
    starts_on: date
    opens_on: date
    cutoff_on: date
    due_on: date
    exists: bool = False
    notes: list[str] = field(default_factory=list)


def lay_out(layout: Layout, calendar: WorkCalendar) -> list[PlannedPeriod]:
    """The periods in the order of their days, at most one more than MOST_PERIODS."""
    if layout.kind == PeriodKind.CUSTOM:
        return [_planned(layout, layout.name, layout.first, layout.last, calendar)]
    step = 1 if layout.kind == PeriodKind.MONTHLY else 3
    month = _ends_in(layout.first, step)
    found: list[PlannedPeriod] = []
    while month <= _ends_in(layout.last, step) and len(found) <= MOST_PERIODS:
        starts = _cutoff(_move(month, -step), layout.cutoff_day) + timedelta(days=1)
        cutoff = _cutoff(month, layout.cutoff_day)
        found.append(_planned(layout, _name(layout.kind, month), starts, cutoff, calendar))
        month = _move(month, step)
    return found


def _ends_in(day: date, step: int) -> date:
    """The first day of the month in which the month (1) or quarter (3) of that day ends."""
    last = -(-day.month // step) * step
    return date(day.year, last, 1)


def _move(month: date, months: int) -> date:
    number = month.year * 12 + month.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _cutoff(month: date, day: int) -> date:
    return month.replace(day=min(day, monthrange(month.year, month.month)[1]))


def _name(kind: str, month: date) -> str:
    if kind == PeriodKind.MONTHLY:
        return f"Kỳ tháng {month.month}/{month.year}"
    return f"Kỳ quý {QUARTERS[(month.month - 1) // 3]}/{month.year}"


def _planned(layout: Layout, name: str, starts: date, cutoff: date, calendar: WorkCalendar) -> PlannedPeriod:
    return PlannedPeriod(
        kind=layout.kind,
        name=name,
        starts_on=starts,
        opens_on=cutoff - timedelta(days=layout.opened_before),
        cutoff_on=cutoff,
        due_on=calendar.add(cutoff, layout.sent_after),
    )


def look_at(planned: Iterable[PlannedPeriod], existing: Iterable, calendar: WorkCalendar) -> None:
    """Note on each planned period what a person should know: there already, data days shared, days off."""
    there = list(existing)
    for period in planned:
        period.exists = any(other.kind == period.kind and other.cutoff_on == period.cutoff_on for other in there)
        if period.exists:
            period.notes.append("đã có, không lập lại")
            continue
        shared = [other.name for other in there if _share_days(period, other)]
        if shared:
            period.notes.append(f"ngày số liệu trùng với {', '.join(shared)}: số trong kỳ có thể bị cộng hai lần")
        if not calendar.is_working_day(period.due_on):
            period.notes.append(f"ngày gửi là ngày nghỉ ({calendar.why(period.due_on) or vn_weekday(period.due_on)})")


def _share_days(period: PlannedPeriod, other) -> bool:
    return other.starts_on is not None and other.starts_on <= period.cutoff_on and period.starts_on <= other.cutoff_on


def day_words(day: date, calendar: WorkCalendar) -> str:
    """ "Thứ Năm 14/3/2024", "Chủ nhật 14/4/2024", "Thứ Năm 18/4/2024 (nghỉ: Ngày Giỗ Tổ Hùng Vương)"."""
    words = f"{vn_weekday(day)} {vn_date(day)}"
    reason = calendar.why(day) or calendar.why_working(day)
    if reason and (day.weekday() < 5 or calendar.is_working_day(day)):
        return f"{words} ({'làm việc' if calendar.is_working_day(day) else 'nghỉ'}: {reason})"
    return words
