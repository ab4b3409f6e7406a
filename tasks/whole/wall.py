"""The wall screen: one directive in figures that are read across a room; no person is named."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from directive_tracker.vietnamese import vn_date, vn_number, vn_weekday
from tasks.models import Directive
from tasks.overview import sentence_of
from tasks.tallies import Figures
from tasks.whole.coming import coming, last_day
from tasks.whole.kept import Line, read_kept, total_of
from tasks.whole.narrowing import works_of
from units.access import Access
from units.calendar import calendar_from

# What fits on the screen without scrolling; the rest is said in a line.
UNITS, COMING = 10, 5


@dataclass(frozen=True)
class Coming:
    """Work on one task that is due on one day in so many units."""

    day: str
    code: str
    title: str
    units: int


@dataclass(frozen=True)
class Wall:
    """Everything the screen shows, and the moment its figures are of."""

    directive: Directive
    at: datetime
    sentence: str
    total: Figures
    late: list[Line]
    late_more: int
    coming: list[Coming]
    coming_more: int
    coming_last: date

    @property
    def large(self) -> list[tuple[str, str]]:
        """The large figures: number, words."""
        return [
            (f"{vn_number(self.total.done)}/{vn_number(self.total.counted)}", "việc hoàn thành"),
            (vn_number(self.total.open_overdue), "việc quá hạn"),
            (vn_number(self.total.waiting), "việc chờ xác nhận"),
        ]


def build_wall(directive: Directive, access: Access, *, now: datetime, today: date) -> Wall:
    """The screen of an issued or ended directive (with `calendar`), for office and readers; constant statements."""
    kept = read_kept(directive, today=today)
    total = total_of(kept.units)
    late = [line for line in kept.units if line.figures.open_overdue]
    rows: list[Any] = []
    if directive.is_issued:
        works = works_of(access, directive.pk, clause=None, group=None, day=kept.day)
        rows = list(coming(works, day=kept.day))
    return Wall(
        directive=directive,
        at=now,
        sentence=sentence_of(
            directive, total, kept.conditions, today=today, calendar=calendar_from(directive.calendar)
        ),
        total=total,
        late=late[:UNITS],
        late_more=len(late) - len(late[:UNITS]),
        coming=[
            Coming(
                f"{vn_weekday(row['due_current'])} {vn_date(row['due_current'])}",
                row["task__code"],
                row["task__short_title"],
                row["n"],
            )
            for row in rows[:COMING]
        ],
        coming_more=max(0, len(rows) - COMING),
        coming_last=last_day(kept.day),
    )
