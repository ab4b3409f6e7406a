"""The group a person belongs to.

Rule: chiến sĩ Điện Biên (CCB, cựu chiến binh, bộ đội, bộ đội chủ lực, BD, CSĐB, CSDB), thanh niên xung phong (TNXP,
C.TNXP, cựu TNXP), dân công hỏa tuyến (DCHT, DC, dân công, DC hỏa tuyến), other (khác, người có công, thân nhân liệt
sĩ); case and where the tone stands do not matter. Or the one tick column that is marked.
"""

import re
from functools import lru_cache

from veterans.lists.grid import BOOL, NUMBER, TEXT, Cell
from veterans.lists.text import folded

SOLDIER, VOLUNTEER, LABOURER, OTHER = "dien_bien_soldier", "youth_volunteer", "frontline_labourer", "other"

_WORDS = {
    SOLDIER: "ccb|cuu chien binh|bo doi|bo doi chu luc|bd|csdb|chien si dien bien|chien si dien bien phu|csdbp|cuu chien si dien bien|chien sy dien bien|chien sy dien bien phu|chien si db|chien sy db|cs db|bo doi dien bien",
    VOLUNTEER: "tnxp|c tnxp|ctnxp|cuu tnxp|thanh nien xung phong|cuu thanh nien xung phong|c thanh nien xung phong|cuu t n x p|thanh nien xp",
    LABOURER: "dcht|dc|dan cong|dan cong hoa tuyen|dc hoa tuyen|dan cong ht|cuu dan cong hoa tuyen|cuu dcht",
    OTHER: "khac|nguoi co cong|than nhan liet si|than nhan liet sy|doi tuong khac|tnls",
}
_EXACT = {word: category for category, words in _WORDS.items() for word in words.split("|")}
# In the middle of a title only what cannot be part of other words.
_IN_TEXT = {
    SOLDIER: r"ccb|cuu chien binh|bo doi|csdb|chien s[iy] dien bien",
    VOLUNTEER: r"c?tnxp|thanh nien xung phong",
    LABOURER: r"dcht|dan cong",
    OTHER: r"nguoi co cong|than nhan liet s[iy]",
}
_TITLES = tuple((category, re.compile(rf"\b(?:{words})\b")) for category, words in _IN_TEXT.items())
_SIGNS = re.compile(r"[^0-9a-z]+")
_MARKS = frozenset(("x", "+", "v", "✓", "✔", "√", "☑", "☒", "✗", "✘", "1", "co", "×"))


@lru_cache(maxsize=20_000)
def category_of(text: str, *, loose: bool = True) -> str:
    """The category a text says; "" when it says none that is known.

    Arguments: loose, whether what stands in brackets may be left out.
    """
    words = _SIGNS.sub(" ", folded(text)).strip()
    found = _EXACT.get(words)
    if not found and loose and "(" in text:
        found = _EXACT.get(_SIGNS.sub(" ", folded(re.sub(r"\([^()]*\)?", " ", text))).strip())
    return found or ""


@lru_cache(maxsize=2_000)
def categories_in(text: str) -> frozenset[str]:
    """The categories that a title or section names."""
    words = _SIGNS.sub(" ", folded(text))
    return frozenset(category for category, pattern in _TITLES if pattern.search(words))


def is_mark(cell: Cell) -> bool:
    """x, X, +, v and other signs of a tick."""
    if cell.kind == BOOL:
        return bool(cell.value)
    if cell.kind == NUMBER:
        return cell.value == 1
    return cell.kind == TEXT and folded(cell.value).strip(" .()[]") in _MARKS
