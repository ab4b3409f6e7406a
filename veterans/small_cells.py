"""Numbers of people as they may leave the district: small ones are hidden, and nobody can work them out.

Fewer than five people could be told by name in a small place. A number that is hidden is no use when it follows from the
others by subtraction, so that whatever would give it away is said more coarsely too. Pure functions; a test tries to work
out every hidden number from what they say, knowing how they work.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SMALL_CELL = 5
SMALL_WORDS = "dưới 5"


def small_cell(people: int) -> str:
    """Return a number of people as it may leave the district: "0", "dưới 5" or the number."""
    return SMALL_WORDS if is_small(people) else _number(people)


def is_small(people: int) -> bool:
    """Whether the number could be told by name; nobody at all is nobody's name."""
    return 0 < people < SMALL_CELL


def _number(people: int) -> str:
    return f"{people:,}".replace(",", ".")


def halves(first: int, second: int) -> tuple[str, str]:
    """Two parts in words, whose sum is said beside them (`small_cell`).

    Where one is small the other is said as "trên N", as far as the sum alone tells: 45 and 2 of 47 are "trên 42" and
    "dưới 5". Where both may be small they are told apart no further than that neither is nobody.
    """
    total = first + second
    if not (is_small(first) or is_small(second)):
        return _number(first), _number(second)
    if is_small(total):
        return small_cell(first), small_cell(second)
    if total < 2 * SMALL_CELL:
        return f"dưới {_number(total)}", f"dưới {_number(total)}"
    big = f"trên {_number(total - SMALL_CELL)}"
    return (small_cell(first), big) if is_small(first) else (big, small_cell(second))


def part_of_second(first: int, second: int, part: int) -> str:
    """How many of the second of two halves are of one sort, said beside both halves and their sum.

    Args:
        part: at most `second`.
    """
    if not (is_small(first) or is_small(second)):
        return halves(part, second - part)[0]
    total = first + second
    if part == 0:
        return "0"
    if is_small(total) or (is_small(second) and total >= 2 * SMALL_CELL):
        return SMALL_WORDS
    if total < 2 * SMALL_CELL:
        return f"dưới {_number(total)}"
    # The first is small: the second is one of total − 4 … total − 1, and the part must fit to each of them.
    if is_small(part):
        return small_cell(part)
    exact_to = total - (2 * SMALL_CELL - 1)
    return _number(part) if part <= exact_to else f"trên {_number(max(SMALL_CELL - 1, exact_to))}"


@dataclass(frozen=True)
class CoarseRow:
    """One row of a table that may leave: of one place, or of several put together; cells are exact, 0 or five and more."""

    names: tuple[str, ...]
    cells: tuple[int, ...]


def coarse(rows: Mapping[str, Sequence[int]]) -> list[CoarseRow]:
    """Put rows together until no cell is small; nothing when not even their sum is without one.

    Cells are never blanked, so that no sum gives a blank away: what is published is a whole, coarser table. Which rows may
    come together follows from their places alone, never from their numbers – halves of the list, halves of these, and so
    on, a half standing for itself only where the other one can too: a choice by numbers would say something of them.

    Args:
        rows: name → numbers of people, in an order that has nothing to do with them.
    """
    whole = _together(rows, list(rows))
    return [] if not rows or _has_small(whole) else _parted(rows, whole)


def _parted(rows: Mapping[str, Sequence[int]], whole: CoarseRow) -> list[CoarseRow]:
    names = whole.names
    if len(names) < 2:
        return [whole]
    halves_of = (_together(rows, names[: len(names) // 2]), _together(rows, names[len(names) // 2 :]))
    if any(map(_has_small, halves_of)):
        return [whole]
    return [row for half in halves_of for row in _parted(rows, half)]


def _together(rows: Mapping[str, Sequence[int]], names: Sequence[str]) -> CoarseRow:
    return CoarseRow(tuple(names), tuple(map(sum, zip(*(rows[name] for name in names), strict=True))))


def _has_small(row: CoarseRow) -> bool:
    return any(map(is_small, row.cells))


@dataclass(frozen=True)
class PublicTable:
    """What of a table by place and stage may leave: its columns (the words of `columns` below), its rows."""

    columns: tuple[str, ...]
    rows: tuple[CoarseRow, ...]


WHOLE = ("none", "planned", "visited")
HALVES = ("waiting", "visited")
TOTAL = ("total",)


def public_table(rows: Mapping[str, tuple[int, int, int]]) -> PublicTable:
    """The finest table that may leave, of places with their people without a plan, in one, and visited.

    Which columns there are follows from the sums of all places, which are said beside the table by `halves`: a column
    that is not said there stands in no row.
    """
    none, planned, visited = (sum(cells) for cells in zip(*rows.values(), strict=True)) if rows else (0, 0, 0)
    if is_small(none + planned) or is_small(visited):
        columns, kept = TOTAL, {name: (sum(cells),) for name, cells in rows.items()}
    elif is_small(none) or is_small(planned):
        columns, kept = HALVES, {name: (cells[0] + cells[1], cells[2]) for name, cells in rows.items()}
    else:
        columns, kept = WHOLE, dict(rows)
    return PublicTable(columns, tuple(coarse(kept)))
