"""The full name.

Rule: a leading honorific goes (Ông, Bà, Cụ ông, Cụ bà, Cụ, Ô., B., Đ/c, Đồng chí, with or without ":" or "."); text in
brackets at the end goes and is kept as a note; every word gets a capital first letter. Accents are never added.
"""

import re
from typing import NamedTuple

from veterans.lists.text import capitalised, clean, without_bracket

_HONORIFIC = re.compile(
    r"\s*(?:(cụ\s+ông|cụ\s+bà|ông|bà|cụ|đồng\s+chí|đ/c|đ\.c)(?:\s*[:.]\s*|\s+|/\s*|$)|([ôb])(?:\s*[:.]\s*))",
    re.IGNORECASE,
)
_MALE, _FEMALE = ("ông", "ô"), ("bà", "b")
_LOST = re.compile(r"[^\W\d_]\?|\?[^\W\d_]|\ufffd")
_DIGIT = re.compile(r"\d")
# Nothing was written; other signs alone are a name without a letter.
_NOTHING = re.compile(r"[\s\-–—_.…?]*")
_RUNS = ("=", "+", "-", "@", "＝", "＋", "＠")


class Name(NamedTuple):
    """The name as it is kept; `sex` by an honorific; `note`, what stood in brackets; `codes`, what is wrong."""

    full_name: str | None
    sex: str | None = None
    note: str = ""
    codes: tuple[str, ...] = ()


def parse_name(text: str) -> Name:
    """Read a name; family and given name are joined by a blank before."""
    if _NOTHING.fullmatch(text):
        return Name(None, codes=("name_missing",))
    codes: list[str] = []
    if text.startswith(_RUNS) and len(text) > 1:
        return Name(None, codes=("formula_text",))
    bare, note = without_bracket(text)
    rest, sex = _without_honorific(bare)
    if _LOST.search(rest):
        codes.append("name_garbled")
    if _NOTHING.fullmatch(rest):
        return Name(None, sex, note, ("name_missing",))
    if _DIGIT.search(rest) or not any(sign.isalpha() for sign in rest):
        codes.append("name_invalid")
    return Name(None if codes else capitalised(clean(rest)), sex, note, tuple(codes))


def _without_honorific(text: str) -> tuple[str, str | None]:
    sexes = set()
    while match := _HONORIFIC.match(text):
        word = (match[1] or match[2]).lower().split()[-1]
        if word in _MALE:
            sexes.add("male")
        elif word in _FEMALE:
            sexes.add("female")
        text = text[match.end() :]
    return text.strip(), sexes.pop() if len(sexes) == 1 else None
