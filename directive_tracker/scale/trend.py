"""Invented figures at the end of ten past weeks, so that trend pages have something to read."""

from collections import defaultdict
from datetime import date, timedelta

from directive_tracker.scale.directives import at
from directive_tracker.scale.loader import Rows
from tasks.models import FigureDay
from tasks.ranking.days import KEPT
from tasks.tallies import Figures, total_of

WEEKS = 10
NOTHING = Figures()


def moved(week: int, number: int) -> bool:
    """Whether the unit's figures changed in that week: in the first, the last and one between, so that each week brings some."""
    return week in (1, WEEKS, 2 + number % (WEEKS - 2))


def before(figures: Figures, week: int) -> Figures:
    """What stood that many weeks ago, when that much less was done or late."""
    share = (WEEKS + 1 - week) / WEEKS
    done_on_time, done_late = int(figures.done_on_time * share), int(figures.done_late * share)
    overdue = int(figures.open_overdue * share)
    return Figures(
        done_on_time=done_on_time,
        done_late=done_late,
        open_overdue=overdue,
        open_in_time=figures.counted - done_on_time - done_late - overdue,
        open_without_due=figures.open_without_due,
        outside=figures.outside,
        waiting=figures.waiting if week == 1 else 0,
    )


class Trend:
    """Writes the rows of one directive after the other."""

    def __init__(self, tables: list[Rows], *, today: date) -> None:
        self._today = today
        self._rows = Rows(FigureDay, "directive_id", "unit_id", "day", *KEPT, "noted_at")
        tables.append(self._rows)

    def write(self, directive: int, units: dict[int, Figures]) -> None:
        """Ten weeks of a directive, the oldest first; the whole is the sum of its units.

        Args:
            units: what stands today, by unit.
        """
        stands: dict[int, Figures] = defaultdict(lambda: NOTHING)
        for week in range(WEEKS, 0, -1):
            day = self._today - timedelta(days=7 * week)
            for number, (unit, figures) in enumerate(units.items()):
                if moved(week, number):
                    stands[unit] = before(figures, week)
                    self._add(directive, unit, day, stands[unit])
            self._add(directive, None, day, total_of(stands.values()))

    def _add(self, directive: int, unit: int | None, day: date, figures: Figures) -> None:
        columns = [getattr(figures, name) for name in KEPT]
        self._rows.add(directive, unit, day, *columns, at(day + timedelta(days=1), 0))
