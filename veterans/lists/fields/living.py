"""Whether the person is alive, and the year of death.

Rule: còn sống, sống, còn, a mark under "còn sống" → alive; đã mất, mất, từ trần, chết, hy sinh, with or without a year
or date, and a year in a death column → not alive; empty → unknown. The year must not be before 1954, before the birth
or in the future.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from veterans.lists.fields.category import is_mark
from veterans.lists.grid import DATE, NUMBER, TEXT, Cell, as_date, as_serial
from veterans.lists.text import folded, is_blank_mark

_DEAD = re.compile(r"(?:da |bi |vua )?(?:mat|tu tran|chet|hy sinh|hi sinh|qua doi|khuat|ta the)\b")
_ALIVE = re.compile(r"(?:hien |dang |van )*(?:con song|song|con)\b(?!.*\b(?:mat|chet|tu tran)\b)")
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_SHORT_DATE = re.compile(r"(?<!\d)\d{1,2}[/.-]\d{1,2}[/.-](\d{2})(?!\d)")
_SERIAL = re.compile(r"\d{5}")


class Living(NamedTuple):
    """`living` None: unknown."""

    living: bool | None = None
    death_year: int | None = None


UNKNOWN = Living()


def parse_living(cell: Cell | None) -> Living:
    """A column of words."""
    if cell is None:
        return UNKNOWN
    if cell.kind == TEXT:
        return _words(cell.value)
    if cell.kind in (NUMBER, DATE):
        return parse_death(cell)
    return UNKNOWN


def parse_living_tick(cell: Cell | None) -> Living:
    """A column "còn sống" with marks; words in it count as words."""
    if cell is not None and is_mark(cell):
        return Living(True)
    return parse_living(cell)


def parse_death(cell: Cell | None) -> Living:
    """A column of the year or date of death; a mark in it says only that."""
    if cell is None:
        return UNKNOWN
    if is_mark(cell):
        return Living(False)
    if cell.kind == DATE:
        # A year typed into a cell formatted as a date.
        return Living(False, as_serial(cell.value) if cell.value.year == 1905 else cell.value.year)
    if cell.kind == NUMBER:
        return _number(cell.value)
    if cell.kind != TEXT or is_blank_mark(cell.value):
        return UNKNOWN
    if _SERIAL.fullmatch(cell.value):
        return _number(int(cell.value))
    year = _year_in(cell.value)
    return Living(False, year) if year else _words(cell.value)


def _number(value: float) -> Living:
    if isinstance(value, int):
        if 1800 <= value <= 2200:
            return Living(False, value)
        # Days of 1954 and later, as Excel counts them.
        if value >= 19_725 and (day := as_date(value)):
            return Living(False, day.year)
    return UNKNOWN


@lru_cache(maxsize=5_000)
def _words(text: str) -> Living:
    words = folded(text)
    if _ALIVE.match(words):
        return Living(True)
    if _DEAD.match(words):
        return Living(False, _year_in(text))
    return UNKNOWN


def _year_in(text: str) -> int | None:
    if match := _YEAR.search(text):
        return int(match[1])
    if match := _SHORT_DATE.search(text):
        short = int(match[1])
        return (1900 if short >= 54 else 2000) + short
    return None
