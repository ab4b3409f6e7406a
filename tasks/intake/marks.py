"""The marks of lists and headings: what kind, which number, where the words begin."""

import re
from dataclasses import dataclass
from enum import IntEnum


class Kind(IntEnum):
    """Kinds of marks, the outer ones first; Roman numbers and capitals stand in either order."""

    ROMAN = 1
    CAPITAL = 2
    ARTICLE = 3
    NUMBER = 4
    SMALL = 6
    BRACKETED = 7
    DASH = 8
    PLUS = 9
    STAR = 10


OUTER = (Kind.ROMAN, Kind.CAPITAL)
BULLETS = (Kind.DASH, Kind.PLUS, Kind.STAR)


@dataclass(frozen=True)
class Mark:
    """One mark. label: as printed ("II", "2.1", "đ"), "" for bullets; length: characters before the words."""

    kind: Kind
    label: str
    length: int


_PATTERNS = (
    (Kind.ARTICLE, re.compile(r"Điều\s+(\d{1,3})\s*[.:]?\s+")),
    (
        Kind.ROMAN,
        re.compile(
            r"(?:(?:Phần|PHẦN|Mục|MỤC|Chương|CHƯƠNG)\s+)?([IVXL]{1,6})\s*(?:[.):]|/(?!\d)|\s[-–]|[-–](?=\s*[A-ZĐÂĂÊÔƠƯÁÀẢÃẠÝỨỔ]))\s*(?=\S)"
        ),
    ),
    (Kind.CAPITAL, re.compile(r"([A-HĐ])\s*[./)]\s+(?=\S)")),
    (
        Kind.NUMBER,
        re.compile(
            r"(\d{1,2}(?:\.\d{1,2}){1,3})\s*[./):]?\s+(?=\D)|(\d{1,2})\s*[./):]\s+(?=\S)|(\d{1,2})\s?[.)](?=[^\W\d])|(\d{1,2})[-–]\s+(?=[^\W\d])"
        ),
    ),
    (Kind.SMALL, re.compile(r"([a-zđ])\s*[.)/]\s+(?=\S)|([a-zđ])\)(?=\S)")),
    (Kind.BRACKETED, re.compile(r"\((\d{1,2}|[ivx]{1,4}|[a-zđ])\)\s*(?=\S)")),
    (Kind.DASH, re.compile(r"()[-–—‒−]\s*(?=[^\s\d])|()[-–—]\s+(?=\d)")),
    (Kind.PLUS, re.compile(r"()\+\s*(?=[^\s\d])")),
    (Kind.STAR, re.compile(r"()(?:\*|[•●▪◦·])\s*(?=\S)")),
)


def mark_of(text: str) -> Mark | None:
    """The mark a paragraph begins with, or None."""
    for kind, pattern in _PATTERNS:
        if found := pattern.match(text):
            label = next((group for group in found.groups() if group), "")
            return Mark(kind, label, found.end())
    return None
