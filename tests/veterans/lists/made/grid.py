"""A made list before it becomes a file: sheets of cells with merges, hidden rows and fonts."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Failed:
    """An error cell."""

    text: str


@dataclass(frozen=True)
class Formula:
    """A formula with the value stored beside it; None where it was never computed."""

    value: int | str | None


Value = str | int | float | date | Failed | Formula | None


@dataclass
class Page:
    """One sheet. cells: (row, column), both from 1 → value; fonts the same; merges: top, left, bottom, right."""

    name: str
    cells: dict[tuple[int, int], Value] = field(default_factory=dict)
    fonts: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    hidden: bool = False

    def rows(self) -> list[tuple[int, list[tuple[int, Any]]]]:
        """Row number → its cells from the left."""
        found: dict[int, list[tuple[int, Any]]] = {}
        for (row, column), value in self.cells.items():
            if value is not None and value != "":
                found.setdefault(row, []).append((column, value))
        return [(row, sorted(found[row], key=lambda one: one[0])) for row in sorted(found)]
