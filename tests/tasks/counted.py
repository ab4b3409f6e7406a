"""A counter of the tests' own, which answers what it was told, and the figures it counts."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from tasks.indicators import counters
from tasks.indicators.counters import WHOLE, Ask, Counter, Hide, Tally, Untold
from tasks.models import Indicator
from tests.tasks.indicators.figures import make_indicator

CODE = "thu.dem"


@dataclass(eq=False)
class Record:
    """What is on record: unit → a number, or the numbers of parts by code. asks: what was asked for, newest last."""

    by_unit: dict[int, int | dict[str, int]] = field(default_factory=dict)
    asks: list[Ask] = field(default_factory=list)

    def count(self, asks: Sequence[Ask]) -> list[dict[str, Tally]]:
        self.asks += asks
        return [self._answer(ask) for ask in asks]

    def _answer(self, ask: Ask) -> dict[str, Tally]:
        known = [self.by_unit[pk] for pk in ask.unit_ids if pk in self.by_unit]
        if not known:
            return {}
        if ask.parts:
            parts = {code: sum(one.get(code, 0) for one in known) for code, _ in ask.parts}
            return {code: Tally(value, value) for code, value in parts.items()} | {
                WHOLE: Tally(sum(parts.values()), sum(parts.values()))
            }
        value = sum(known)
        return {WHOLE: Tally(value, value)}


def hide_small(cells):
    """Fewer than five are not told."""
    return {key: Untold("dưới 5", range(1, 5)) for key, cell in cells.items() if 0 < cell.people < 5}


@contextmanager
def counting(hide: Hide = hide_small) -> Iterator[Record]:
    """A record that counts while the test runs."""
    record = Record()
    counters.register(Counter(CODE, "Sổ thử", "số thử", "người", record.count, hide))
    yield record
    counters.forget(CODE)


def counted_figure(task, code: str = "A", **values) -> Indicator:
    """A running total of people that the record counts."""
    known = {"name": "Người được thăm", "measure": "người", "counted_from": CODE}
    return make_indicator(task, code, **(known | values))
