"""Changing the working calendar: first what it would move, then all of it in one transaction.

This is the only way in. What later rooms compute from the calendar (due days) they hang on `movers` in
AppConfig.ready(); this room knows nothing of their work but whose it is, its code and its days.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from django.core import signing
from django.db import transaction

from directive_tracker.vietnamese import vn_date, vn_weekday
from directive_tracker.workdays import WorkCalendar
from records import audit
from units.calendar import calendar_of, hold_calendar
from units.errors import Refused
from units.models import CalendarDay, CalendarYear

_SALT = "units.calendar_changes"
# The words of one act in the log stay short; the days themselves are in the calendar.
_LOGGED = 40


@dataclass(frozen=True)
class Day:
    """What a day shall be. is_working None: the office's own entry goes, the published calendar counts again."""

    day: date
    is_working: bool | None
    reason: str = ""
    notice_number: str = ""
    swapped_with: date | None = None

    @property
    def words(self) -> str:
        """ "02/5/2024 (Thứ Năm): nghỉ – Nghỉ bù"."""
        what = {True: "làm việc", False: "nghỉ", None: "theo lịch chung"}[self.is_working]
        reason = _row_of(self).words if self.is_working is not None else ""
        return f"{vn_date(self.day)} ({vn_weekday(self.day)}): {what}" + (f" – {reason}" if reason else "")


@dataclass(frozen=True)
class Year:
    """What the office knows of a year."""

    year: int
    announced: bool
    notice_number: str = ""

    @property
    def words(self) -> str:
        """ "năm 2027: lịch nghỉ đã công bố (văn bản số …)"."""
        number = f" (văn bản số {self.notice_number})" if self.notice_number else ""
        return f"năm {self.year}: lịch nghỉ {'đã' if self.announced else 'chưa'} công bố{number}"


@dataclass(frozen=True)
class Change:
    """Days and years as they shall be; nothing said of a day leaves it alone."""

    days: tuple[Day, ...] = ()
    years: tuple[Year, ...] = ()

    def sealed(self) -> str:
        """The change as a text that a page may carry and nobody can alter."""
        days = [
            [one.day.isoformat(), one.is_working, one.reason, one.notice_number, _iso(one.swapped_with)]
            for one in self.days
        ]
        years = [[year.year, year.announced, year.notice_number] for year in self.years]
        return signing.dumps([days, years], salt=_SALT, compress=True)

    @classmethod
    def unsealed(cls, text: str) -> "Change":
        """The change that `sealed` made. Errors: Refused when it is another text."""
        try:
            days, years = signing.loads(text, salt=_SALT)
        except signing.BadSignature as error:
            raise Refused("Không đọc được thay đổi này. Xin nhập lại.") from error
        return cls(
            tuple(
                Day(date.fromisoformat(day), is_working, reason, number, _day(swapped))
                for day, is_working, reason, number, swapped in days
            ),
            tuple(Year(*year) for year in years),
        )


@dataclass(frozen=True)
class Move:
    """One due day that would move: whose, the code of the work, from when to when; `what` only where it is a milestone."""

    unit: str
    code: str
    old: date | None
    new: date | None
    what: str = ""


class Mover(Protocol):
    """What a later room does when the calendar changes."""

    def find(self, old: WorkCalendar, new: WorkCalendar) -> Sequence[Any]:
        """What would move, in a fixed order; each has a `move` (Move) and a `mark` that tells it from every other."""

    def apply(self, found: Sequence[Any], *, by, now: datetime, reason: str) -> None:
        """Move these. Errors: whatever stops it undoes the whole change."""


movers: list[Mover] = []


@dataclass(frozen=True)
class Preview:
    """What a change would do. digest: a mark of everything shown; two equal previews have the same."""

    change: Change
    days: list[tuple[Day, Day | None]]  # what really changes: as it shall be, the office's own entry of now
    years: list[Year]
    moves: list[Move]
    digest: str
    found: list[Sequence[Any]] = field(repr=False, default_factory=list)

    @property
    def has_work(self) -> bool:
        """Whether anything changes at all."""
        return bool(self.days or self.years)

    @property
    def unit_count(self) -> int:
        """How many units would be given other days."""
        return len({move.unit for move in self.moves})

    @property
    def reason(self) -> str:
        """Why due days move, for their history: "Lịch làm việc thay đổi: 02/5/2024 (Thứ Năm): nghỉ – …"."""
        words = "; ".join(day.words for day, _ in self.days[:3])
        more = f"; và {len(self.days) - 3} ngày khác" if len(self.days) > 3 else ""
        return f"Lịch làm việc thay đổi: {words}{more}"


class Stale(Refused):
    """Somebody changed the calendar or the work since the preview; `preview` is what it would do now."""

    def __init__(self, preview: Preview) -> None:
        super().__init__(
            "Lịch hoặc phần việc vừa thay đổi nên chưa lưu gì. Dưới đây là kết quả tính lại; xin xem rồi lưu."
        )
        self.preview = preview


def preview(change: Change) -> Preview:
    """Say what the change would do now, without doing it.

    Errors: Refused when one day is said twice, or a swap would be left with one of its days, with a sentence.
    """
    _refuse_doubles(change)
    days = {row.date: row for row in CalendarDay.objects.all()}
    years = {row.year: row for row in CalendarYear.objects.all()}
    announced = {year: row.announced for year, row in years.items()}
    old = calendar_of(days.values(), announced)
    changed_days = [(day, was) for day in change.days if (was := _as_it_is(days, day)) != _as_it_shall_be(day)]
    changed_years = [year for year in change.years if _year_of(years.get(year.year)) != year]
    for day, _ in changed_days:
        days.pop(day.day, None)
        if day.is_working is not None:
            days[day.day] = _row_of(day)
    announced |= {year.year: year.announced for year in changed_years}
    new = calendar_of(days.values(), announced)
    _refuse_half_swaps(days.values(), new)
    found = [mover.find(old, new) for mover in movers] if changed_days else []
    moves = [row.move for rows in found for row in rows]
    marks = [[row.mark for row in rows] for rows in found]
    seen = repr((changed_days, changed_years, marks)).encode()
    return Preview(change, changed_days, changed_years, moves, hashlib.sha256(seen).hexdigest(), found)


@transaction.atomic
def apply(change: Change, *, digest: str, by, now: datetime) -> Preview:
    """Write the days, move what they move, record it: everything or nothing.

    Args:
        digest: the mark of the preview that the person saw.
        by: the administrator; now: aware moment of the pages' clock.
    Errors: Stale when the preview is no longer true; Refused when nothing would change.
    """
    hold_calendar(to_change=True)
    shown = preview(change)
    if shown.digest != digest:
        raise Stale(shown)
    if not shown.has_work:
        raise Refused("Không có gì thay đổi: lịch đã đúng như vậy.")
    for day, _ in shown.days:
        _write_day(day)
    for year in shown.years:
        values = {"announced": year.announced, "notice_number": year.notice_number, "by": by, "at": now}
        CalendarYear.objects.update_or_create(year=year.year, defaults=values)
    for mover, rows in zip(movers, shown.found, strict=False):
        mover.apply(rows, by=by, now=now, reason=shown.reason)
    _record(shown, by=by, now=now)
    return shown


def _record(shown: Preview, *, by, now: datetime) -> None:
    """One act, one event: the days as they were and as they are, and how many due days moved."""
    data: dict[str, Any] = {}
    before = [was.words for _, was in shown.days if was is not None][:_LOGGED]
    after = [*(day.words for day, _ in shown.days), *(year.words for year in shown.years)][:_LOGGED]
    if before:
        data["entries_before"] = before
    data |= {"entries": after, "due_days_moved": len(shown.moves), "count": len(shown.days) + len(shown.years)}
    audit.record("calendar.changed", by=by, at=now, data=data)


def _write_day(day: Day) -> None:
    if day.is_working is None:
        CalendarDay.objects.filter(date=day.day).delete()
        return
    values = {
        "is_working": day.is_working,
        "reason": day.reason,
        "notice_number": day.notice_number,
        "swapped_with": day.swapped_with,
    }
    CalendarDay.objects.update_or_create(date=day.day, defaults=values)


def _refuse_doubles(change: Change) -> None:
    seen: set[date] = set()
    for one in change.days:
        if one.day in seen:
            raise Refused(f"Ngày {vn_date(one.day)} được nhắc hai lần. Mỗi ngày chỉ ghi một lần.")
        seen.add(one.day)


def _refuse_half_swaps(rows: Iterable[CalendarDay], calendar: WorkCalendar) -> None:
    """Of two days that stand for each other one is worked and one is not; else a day would be won or lost."""
    for row in rows:
        if row.swapped_with is not None and calendar.is_working_day(row.swapped_with) == row.is_working:
            what = "làm việc" if row.is_working else "nghỉ"
            raise Refused(
                f"Ngày {vn_date(row.date)} ({what}) hoán đổi với ngày {vn_date(row.swapped_with)}, nên một ngày phải nghỉ "
                "và một ngày phải làm việc. Hãy ghi hoặc bỏ cả hai ngày cùng lúc."
            )


def _row_of(day: Day) -> CalendarDay:
    return CalendarDay(
        date=day.day,
        is_working=bool(day.is_working),
        reason=day.reason,
        notice_number=day.notice_number,
        swapped_with=day.swapped_with,
    )


def entry_of(row: CalendarDay) -> Day:
    """A stored day as a change would say it."""
    return Day(row.date, row.is_working, row.reason, row.notice_number, row.swapped_with)


def _as_it_is(days: dict[date, CalendarDay], day: Day) -> Day | None:
    row = days.get(day.day)
    return entry_of(row) if row is not None else None


def _as_it_shall_be(day: Day) -> Day | None:
    return day if day.is_working is not None else None


def _year_of(row: CalendarYear | None) -> Year | None:
    return Year(row.year, row.announced, row.notice_number) if row is not None else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def removal_of(row: CalendarDay, others: Iterable[CalendarDay]) -> Change:
    """Take an entry away; of a swap both days, for half a swap is a gift or a loss of a day."""
    days = [Day(row.date, None)]
    days += [Day(other.date, None) for other in others if other.date == row.swapped_with]
    return Change(tuple(days))
