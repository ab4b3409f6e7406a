"""Sex.

Rule: from a sex column (Nam/Nữ, Ông/Bà, ticks, or 1/0 where the heading says which is which), the birth column of Nam or
Nữ that is filled, or an honorific. Never guessed from name or ID number.
"""

import re

from veterans.lists.text import folded

_WORDS = {
    "nam": "male",
    "nu": "female",
    "ong": "male",
    "ba": "female",
    "nam gioi": "male",
    "nu gioi": "female",
    "gai": "female",
    "trai": "male",
    "m": "male",
    "f": "female",
}
_NUMBER_WORD = re.compile(r"\b([01])\s*[:=\-.)]*\s*(?:la\s+)?(nam|nu)\b")
_WORD_NUMBER = re.compile(r"\b(nam|nu)\s*[:=\-.(]*\s*(?:la\s+|ghi\s+)?([01])\b")


def numbers_of(heading: str) -> dict[str, str]:
    """What 1 and 0 mean where a heading says so: "Giới tính (1: nam, 0: nữ)". One that is not named is the other."""
    words = folded(heading)
    pairs = [(number, word) for word, number in _WORD_NUMBER.findall(words)] or _NUMBER_WORD.findall(words)
    found = {number: _WORDS[word] for number, word in pairs}
    if len(found) == 1:
        ((number, sex),) = found.items()
        found["0" if number == "1" else "1"] = "female" if sex == "male" else "male"
    return found


def parse_sex(text: str, numbers: dict[str, str]) -> str | None:
    """Arguments: text of the cell; numbers, as numbers_of() gives them for its column."""
    words = folded(text).strip(" .:")
    return _WORDS.get(words) or numbers.get(words)
