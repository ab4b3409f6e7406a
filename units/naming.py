"""Which unit or group a written name means on a day."""

from dataclasses import dataclass
from datetime import date

from directive_tracker.vietnamese import fold
from units.models import Unit, UnitGroup


@dataclass(frozen=True)
class Match:
    """One body a name means. confidence: 1 to 100."""

    unit: Unit | None
    group: UnitGroup | None
    confidence: int


class Namebook:
    """The names of the units and groups of one day."""

    def __init__(self, *, on: date) -> None:
        self._meant: dict[str, Match] = {}
        for unit in Unit.objects.valid_on(on).in_official_order():
            for name in (unit.name, unit.short_name):
                self._meant.setdefault(fold(name), Match(unit, None, 100))
        for group in UnitGroup.objects.order_by("pk"):
            self._meant.setdefault(fold(group.name), Match(None, group, 100))

    def match(self, written: str, *, issuer: str = "") -> tuple[Match, ...]:
        """What a name means; nothing where it is not known."""
        found = self._meant.get(fold(written))
        return () if found is None else (found,)
