"""The plain grid that every kind of file is turned into: rows of cells, nothing judged yet."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from enum import IntEnum
from functools import lru_cache
from typing import Any, NamedTuple

# Beyond these columns a merged cell is not spread and a repeated one not repeated: no list is that wide.
MAX_SPREAD = 600

_EPOCH = date(1899, 12, 30)
_LAST_SERIAL = 2_958_465


class Kind(IntEnum):
    """What a cell holds."""

    TEXT = 1
    NUMBER = 2
    DATE = 3
    ERROR = 4  # "#N/A": the text of the error is the value
    NO_VALUE = 5  # a formula that was never computed
    BOOL = 6


# Looking a member up costs more than anything else that is done to a cell, and every cell is looked at many times.
TEXT, NUMBER, DATE, ERROR, NO_VALUE, BOOL = Kind


class Cell(NamedTuple):
    """One cell. `before` is the text as it stood in the file where an old encoding was turned into Unicode."""

    kind: Kind
    value: Any
    font: str = ""
    before: str = ""


class Row(NamedTuple):
    """One row with a value somewhere.

    number: the spreadsheet's, first row 1. own: column (first 0) → cell as it stands in the file.
    all: the same and what merged cells add to it.
    """

    number: int
    hidden: bool
    own: dict[int, Cell]
    all: dict[int, Cell]


class Merge(NamedTuple):
    """A merged range; columns first 0, rows first 1, all inclusive."""

    top: int
    left: int
    bottom: int
    right: int


class Sheet(NamedTuple):
    """One sheet; its rows can be gone through once."""

    name: str
    hidden: bool
    rows: Iterator[Row]


def as_date(serial: float) -> date | None:
    """The day of an Excel serial number (1900 system); None where it is none."""
    return _EPOCH + timedelta(days=int(serial)) if 1 <= serial <= _LAST_SERIAL else None


def as_serial(day: date) -> int:
    """The Excel serial number of a day."""
    return (day - _EPOCH).days


def number_cell(value: float, font: str, *, is_date: bool) -> Cell:
    """A number as Excel stores it: a date where the cell is formatted as one, a whole number without ".0"."""
    if is_date and (day := as_date(value)):
        return Cell(DATE, day, font)
    # Whole numbers up to here are exact as floats.
    return Cell(NUMBER, int(value) if abs(value) < 1e15 and value == int(value) else value, font)


@lru_cache(maxsize=20_000)
def column_letter(index: int) -> str:
    """0 → "A", 27 → "AB"."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """ "A" → 0, "AB" → 27. Errors: ValueError for anything but letters A–Z."""
    number = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise ValueError(f"not a column: {letters!r}")
        number = number * 26 + ord(letter) - 64
    return number - 1


def spread(rows: Iterable[tuple[int, bool, dict[int, Cell]]], merges: dict[int, list[Merge]]) -> Iterator[Row]:
    """Rows with what merged cells add: a value in a merged cell holds for all its rows and columns.

    Arguments: rows of (number, hidden, own cells), in order; merges by their first row, which may grow while the
    rows are read as long as a merge is there before its first row is.
    """
    cover: dict[int, tuple[int, Cell]] = {}
    for number, hidden, own in rows:
        for merge in merges.get(number, ()):
            anchor = own.get(merge.left)
            if anchor is not None:
                for column in range(merge.left, min(merge.right, merge.left + MAX_SPREAD) + 1):
                    cover[column] = (merge.bottom, anchor)
        if not cover:
            if own:
                yield Row(number, hidden, own, own)
            continue
        whole = dict(own)
        for column, (bottom, anchor) in list(cover.items()):
            if number > bottom:
                del cover[column]
            else:
                whole.setdefault(column, anchor)
        if own:
            yield Row(number, hidden, own, whole)
