"""A year of the working calendar at a glance: twelve months, and every day that is not what its weekday says."""

import calendar as months
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from directive_tracker.vietnamese import vn_date
from directive_tracker.workdays import WorkCalendar
from units.calendar_import import special_days
from units.models import CalendarDay

OFF, MADE_UP, WORKED = "off", "made-up", ""


@dataclass(frozen=True)
class Cell:
    """One day of a month; kind: off, made-up or "". words: why, for those who hear the page."""

    day: date
    kind: str
    words: str
    is_own: bool
    is_today: bool


@dataclass(frozen=True)
class Month:
    """One month in weeks from Monday; None where the week belongs to another month."""

    number: int
    weeks: list[list[Cell | None]]
    working_days: int


@dataclass(frozen=True)
class Named:
    """A day off or a make-up day with its reason; entry: the office's own, which it can take away."""

    day: date
    is_working: bool
    why: str
    entry: CalendarDay | None


def months_of(year: int, calendar: WorkCalendar, own: Iterable[date], *, today: date) -> list[Month]:
    """The twelve months of a year."""
    entered = set(own)
    return [_month(year, number, calendar, entered, today) for number in range(1, 13)]


def _month(year: int, number: int, calendar: WorkCalendar, own: set[date], today: date) -> Month:
    weeks = [
        [_cell(day, calendar, own, today) if day.month == number else None for day in week]
        for week in months.Calendar().monthdatescalendar(year, number)
    ]
    working = sum(1 for week in weeks for cell in week if cell and cell.kind != OFF)
    return Month(number, weeks, working)


def _cell(day: date, calendar: WorkCalendar, own: set[date], today: date) -> Cell:
    if not calendar.is_working_day(day):
        return Cell(day, OFF, calendar.why(day) or "", day in own, day == today)
    why = calendar.why_working(day)
    return Cell(day, MADE_UP if why else WORKED, why or "", day in own, day == today)


def named_days(year: int, calendar: WorkCalendar, own: dict[date, CalendarDay]) -> list[Named]:
    """Every day of a year that has a reason, the office's own entries among them."""
    found = []
    for day in sorted({*special_days(year, calendar), *(day for day in own if day.year == year)}):
        works = calendar.is_working_day(day)
        why = (calendar.why_working(day) if works else calendar.why(day)) or ""
        found.append(Named(day, works, why, own.get(day)))
    return found


def year_words(calendar: WorkCalendar, year: int, number: str) -> str:
    """Whether the days off of a year are official: "Lịch nghỉ năm 2027 chưa công bố"."""
    if calendar.is_announced(year):
        return f"Lịch nghỉ năm {year} đã công bố" + (f" (văn bản số {number})" if number else "")
    return f"Lịch nghỉ năm {year} chưa công bố"


def file_name(year: int, today: date) -> str:
    """What the file of a year is called."""
    return f"lich-lam-viec-{year}-{vn_date(today).replace('/', '')}.xlsx"
