"""Year and date of birth.

Rule (the table of the agreed rules): a year; a date, day first; month and year; two digits are 19xx; date cells; a year
typed into a date cell (14/3/1905 to 21/6/1905, its serial number is the year); serial numbers 5479 to 16437 as number or
text; estimates ("khoảng 1932", "1932?", "~1932", "1932-1933"); nothing or "không rõ" → unknown. Years before 1905 or
after 1942 could not have taken part in 1954.
"""

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from veterans.lists.codes import YEARS
from veterans.lists.grid import DATE, NUMBER, TEXT, Cell, as_date, as_serial
from veterans.lists.text import folded, is_blank_mark

_SERIALS = (5479, 16437)
_TYPED_YEARS = (date(1905, 3, 14), date(1905, 6, 21))
_UNKNOWN = frozenset(
    (
        "khong ro",
        "khong nho",
        "khong biet",
        "chua ro",
        "khong xac dinh",
        "khong nho ro",
        "khong co",
        "ko ro",
        "k ro",
        "khong",
    )
)

_S = r"\s*[/.\-]\s*"
_YEAR = re.compile(r"(?:(?:sinh )?(?:nam|sn)[.:]? ?)?(\d{4})(?:\.0)?")
_SHORT = re.compile(r"'?(\d{2})(?:\.0)?")
_SERIAL = re.compile(r"(\d{4,5})(?:\.0)?")
_DATE = re.compile(rf"(?:ngay )?(\d{{1,2}}){_S}(\d{{1,2}}){_S}(\d{{4}}|\d{{2}})")
_SPOKEN = re.compile(r"(?:sinh )?(?:ngay )?(\d{1,2})[, ]+thang (\d{1,2})[, ]+nam (\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ t]\d{2}:\d{2}.*)?")
_MONTH = re.compile(rf"(?:thang )?(\d{{1,2}}){_S}(\d{{4}})|thang (\d{{1,2}})[, ]+nam (\d{{4}})")
_BEFORE = re.compile(
    r"(?:~|≈|(?:khoang(?: chung| nam)?|uoc(?: chung| nam| tinh)?|do(?: chung| nam)?|chung|tam|k\.?|kh\.?|c\.)(?: nam)?[:.]?)\s*(.+)"
)
_AFTER = re.compile(r"(.+?)\s*(?:\(\s*(?:\?|khoang|uoc|uoc chung|uoc tinh|khong chac|k)\s*\)|\?)")
_RANGE = re.compile(r"(\d{4})\s*(?:[-–/]|hoac|hay|den)\s*(\d{4})")


class Birth(NamedTuple):
    """`code` says what is wrong; "birth_missing" is the warning that nothing is known."""

    year: int | None = None
    day: date | None = None
    estimated: bool | None = None
    code: str = ""


MISSING = Birth(code="birth_missing")


def parse_birth(cell: Cell | None) -> Birth:
    """One cell: a year, a date, or words. Error cells and formulas without a value are the caller's."""
    if cell is None:
        return MISSING
    if cell.kind == DATE:
        first, last = _TYPED_YEARS
        return _year(as_serial(cell.value)) if first <= cell.value <= last else _day(cell.value)
    if cell.kind == NUMBER:
        return _words(str(cell.value)) if isinstance(cell.value, int) else Birth(code="birth_unreadable")
    return _words(cell.value) if cell.kind == TEXT else Birth(code="birth_unreadable")


def parse_birth_parts(day: Cell | None, month: Cell | None, year: Cell | None) -> Birth:
    """Three columns for one date; a missing day or month leaves the year alone."""
    found = parse_birth(year)
    if found.code or found.day or found.estimated or found.year is None:
        return found
    numbers = [_part(cell) for cell in (day, month)]
    if -1 in numbers:
        return Birth(code="birth_unreadable")
    if None in numbers:
        month_number = numbers[1]
        return found if month_number is None or 1 <= month_number <= 12 else Birth(code="birth_impossible_date")
    return _calendar(found.year, numbers[1], numbers[0])


def _part(cell: Cell | None) -> int | None:
    """A day or month alone; None where there is none, -1 where it is no number."""
    if cell is None or (cell.kind == TEXT and (is_blank_mark(cell.value) or folded(cell.value) in _UNKNOWN)):
        return None
    text = str(cell.value).strip().removesuffix(".0")
    return int(text) if cell.kind in (NUMBER, TEXT) and text.isascii() and text.isdigit() and len(text) <= 2 else -1


@lru_cache(maxsize=20_000)
def _words(text: str) -> Birth:
    if is_blank_mark(text):
        return MISSING
    words = folded(text).strip(" .,;").lstrip("'")
    if words in _UNKNOWN:
        return MISSING
    found = _plain(words)
    if found:
        return found
    if match := _RANGE.fullmatch(words):
        return _year(int(match[1]), estimated=True)
    after = _AFTER.fullmatch(words)
    match = _BEFORE.fullmatch(after[1].strip() if after else words) or after
    if match:
        inner = _plain(match[1].strip()) or (_RANGE.fullmatch(match[1]) and _year(int(match[1][:4])))
        if inner and (inner.year or inner.code == "birth_out_of_range"):
            return Birth(inner.year, None, True if inner.year else None, inner.code)
    return Birth(code="birth_unreadable")


def _plain(words: str) -> Birth | None:
    """A year, a date, or month and year; None for anything else."""
    if (match := _SERIAL.fullmatch(words)) and _SERIALS[0] <= int(match[1]) <= _SERIALS[1]:
        return _day(as_date(int(match[1])))
    if (match := _YEAR.fullmatch(words)) and 1000 <= int(match[1]) <= 2999:
        return _year(int(match[1]))
    if match := _SHORT.fullmatch(words):
        return _year(1900 + int(match[1]))
    if match := _DATE.fullmatch(words) or _SPOKEN.fullmatch(words):
        day, month, year = map(int, match.groups())
        return _calendar(1900 + year if len(match[3]) == 2 else year, month, day)
    if match := _ISO.fullmatch(words):
        year, month, day = map(int, match.groups())
        return _calendar(year, month, day)
    if match := _MONTH.fullmatch(words):
        month, year = int(match[1] or match[3]), int(match[2] or match[4])
        return _year(year) if 1 <= month <= 12 else Birth(code="birth_impossible_date")
    return None


def _calendar(year: int, month: int | None, day: int | None) -> Birth:
    try:
        return _day(date(year, month or 0, day or 0))
    except ValueError:
        return Birth(code="birth_impossible_date")


def _day(day: date) -> Birth:
    found = _year(day.year)
    return found if found.code else Birth(day.year, day, False)


def _year(year: int, *, estimated: bool = False) -> Birth:
    if not YEARS[0] <= year <= YEARS[1]:
        return Birth(year, None, None, "birth_out_of_range")
    return Birth(year, None, estimated)
