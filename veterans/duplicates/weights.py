"""What speaks for and against two entries being one person, in bits, and the score that follows from it.

A comparison is worth log2(m / u): m, how often it comes out so for two mentions of one person; u, for two people taken by chance. The m are
estimates of how lists differ (slips, dropped accents, old numbers, people who moved); the u of names, years and places are
counted (frequencies). Above them stand two rules: what namesakes differ in is never outvoted but by an equal ID number, and
a name, a year and a commune in common are no reason alone.
"""

from math import log2

from rapidfuzz.distance import OSA, Hamming

from veterans.duplicates import reasons as why
from veterans.duplicates.entries import Entry, Name
from veterans.duplicates.frequencies import Frequencies

# Proposed from here on, of 100.
LEAST = 65
_KEEP_OUT = 40

_M = {why.NAME_SAME: -0.4, why.NAME_MARKS: -3.0, why.NAME_ORDER: -4.5, why.NAME_TYPO: -2.6, why.NAME_MIDDLE: -3.3}
_NAME_OTHER = -8.0
_YEARS = {0: -0.2, 1: -3.6, 2: -6.6}
_YEAR_OTHER = -8.0
_YEAR_UNKNOWN = -0.5
_TWO_YEARS_NEAR = 1.0
_DAY = log2(365.0)
_DAY_OTHER = -6.0
_COMMUNE_OTHER = -3.8
_HAMLET_OTHER = -5.0
_ID_SAME, _ID_SLIP, _ID_OTHER = 24.0, 6.0, -12.0
# An old number of nine digits beside a new one of twelve says almost nothing.
_ID_OLD_AND_NEW = -0.9
_PHONE_SAME, _PHONE_OTHER = 12.0, -2.5
_SEX_SAME, _SEX_OTHER = 0.9, -6.0
_CATEGORY_SAME, _CATEGORY_OTHER = 1.2, -2.5
_ID_DIGITS = 12


def compare(one: Entry, other: Entry, counted: Frequencies) -> tuple[int, tuple[str, ...]]:
    """Score from 0 to 100 and the reasons, the weightiest kinds first. Proposed from LEAST on."""
    codes: list[str] = []
    bits = counted.prior + _numbers(one, other, codes)
    known = why.ID_SAME in codes
    name_bits = _names(one, other, counted, codes)
    if name_bits is None and not known:
        return 0, (why.NAME_OTHER,)
    if name_bits is None:
        codes.append(why.NAME_OTHER)
    bits += _NAME_OTHER if name_bits is None else name_bits
    bits += _birth(one, other, counted, codes) + _places(one, other, counted, codes) + _rest(one, other, codes)
    found = frozenset(codes)
    score = round(100 / (1 + 2.0 ** -max(min(bits, 60.0), -60.0)))
    if not known and (found & why.AGAINST or not found & why.MORE):
        score = min(score, _KEEP_OUT)
    return score, tuple(codes)


def _numbers(one: Entry, other: Entry, codes: list[str]) -> float:
    bits = 0.0
    if one.id_mark and other.id_mark:
        if one.id_mark == other.id_mark:
            codes.append(why.ID_SAME)
            bits += _ID_SAME
        elif one.id_digits == other.id_digits:
            slip = one.id_mark.isdigit() and len(one.id_mark) == one.id_digits == _ID_DIGITS and _is_slip(one, other)
            codes.append(why.ID_SLIP if slip else why.ID_OTHER)
            bits += _ID_SLIP if slip else _ID_OTHER
        else:
            bits += _ID_OLD_AND_NEW
    if one.phone_mark and other.phone_mark:
        if one.phone_mark == other.phone_mark:
            codes.append(why.PHONE_SAME)
            bits += _PHONE_SAME
        else:
            bits += _PHONE_OTHER
    return bits


def _is_slip(one: Entry, other: Entry) -> bool:
    return (
        Hamming.distance(one.id_mark, other.id_mark, score_cutoff=1) <= 1
        or OSA.distance(one.id_mark, other.id_mark, score_cutoff=1) <= 1
    )


def _names(one: Entry, other: Entry, counted: Frequencies, codes: list[str]) -> float | None:
    """Bits of the names that fit best; None when none fit."""
    best: tuple[float, str] | None = None
    for left in one.names:
        for right in other.names:
            kind = name_kind(left, right)
            if kind:
                bits = _M[kind] + _worth(kind, left, right, counted)
                if best is None or bits > best[0]:
                    best = bits, kind
    if best is None:
        return None
    codes.append(best[1])
    return best[0]


def _worth(kind: str, left: Name, right: Name, counted: Frequencies) -> float:
    if kind == why.NAME_MIDDLE:
        return counted.family_and_given(left)
    if kind != why.NAME_TYPO:
        return counted.name(left)
    return min(counted.nearly(left), counted.nearly(right))


def name_kind(left: Name, right: Name) -> str:
    """How two names agree: a code of reasons, or "" when they are two names."""
    if left.words == right.words:
        bare = left.is_plain or right.is_plain
        return why.NAME_SAME if bare or left.marked == right.marked else why.NAME_MARKS
    if left.key == right.key:
        return why.NAME_ORDER
    a, b = left.words, right.words
    if len(a) == len(b):
        differing = [place for place in range(len(a)) if a[place] != b[place]]
        if len(differing) <= 2 and all(_is_typo(a[place], b[place]) for place in differing):
            return why.NAME_TYPO
    if len(a) > 1 < len(b) and a[0] == b[0] and a[-1] == b[-1] and abs(len(a) - len(b)) <= 1:
        return why.NAME_MIDDLE
    if len(a) != len(b) and OSA.distance("".join(a), "".join(b), score_cutoff=1) <= 1:
        return why.NAME_TYPO
    return ""


def _is_typo(a: str, b: str) -> bool:
    most = 1 if max(len(a), len(b)) < 6 else 2
    # A name of one or two letters (A, Y, H') is another one when a letter differs.
    return max(len(a), len(b)) > 1 and OSA.distance(a, b, score_cutoff=most) <= most


def _birth(one: Entry, other: Entry, counted: Frequencies, codes: list[str]) -> float:
    if not one.year or not other.year:
        return 0.0 if one.year == other.year else _YEAR_UNKNOWN
    apart = abs(one.year - other.year)
    days = bool(one.day and other.day)
    if apart == 0:
        bits = _YEARS[0] + counted.year(one.year)
        if not days:
            codes.append(why.YEAR_SAME)
            return bits
        if one.day == other.day:
            codes.append(why.DATE_SAME)
            return bits + _DAY
        if one.day == other.day[::-1]:  # type: ignore[index]
            codes.append(why.DATE_SWAPPED)
            return bits
        codes.append(why.DATE_OTHER)
        return bits + _DAY_OTHER
    guessed = one.is_estimated or other.is_estimated
    if apart == 1 or (apart == 2 and guessed):
        codes.append(why.YEAR_NEAR)
        bits = _YEARS[apart] + counted.year(one.year) - _TWO_YEARS_NEAR
        if days and one.day == other.day:
            return bits + _DAY
        return bits + (_DAY_OTHER if days else 0.0)
    codes.append(why.YEAR_OTHER)
    return _YEAR_OTHER / (2 if guessed and apart < 6 else 1)


def _places(one: Entry, other: Entry, counted: Frequencies, codes: list[str]) -> float:
    if one.commune is None or other.commune is None:
        return 0.0
    if one.commune != other.commune:
        codes.append(why.COMMUNE_OTHER)
        return _COMMUNE_OTHER
    bits = counted.commune(one.commune)
    if not one.hamlet or not other.hamlet:
        codes.append(why.COMMUNE_SAME)
        return bits
    if one.hamlet == other.hamlet:
        codes.append(why.HAMLET_SAME)
        return bits + counted.hamlet(one.commune, one.hamlet)
    if _is_spelling(one.hamlet, other.hamlet):
        codes.append(why.COMMUNE_SAME)
        return bits
    codes.append(why.HAMLET_OTHER)
    return bits + _HAMLET_OTHER


def _is_spelling(a: str, b: str) -> bool:
    """Two spellings of one place, or one place said more exactly; other figures are other places."""
    figures = "".join(sign for sign in a if sign.isdigit()), "".join(sign for sign in b if sign.isdigit())
    if figures[0] != figures[1]:
        return False
    shorter, longer = sorted((a, b), key=len)
    return OSA.distance(a, b, score_cutoff=1) <= 1 or (len(shorter) > 4 and shorter in longer)


def _rest(one: Entry, other: Entry, codes: list[str]) -> float:
    bits = 0.0
    if one.sex and other.sex:
        if one.sex != other.sex:
            codes.append(why.SEX_OTHER)
        bits += _SEX_SAME if one.sex == other.sex else _SEX_OTHER
    if one.categories and other.categories:
        same = bool(one.categories & other.categories)
        codes.append(why.CATEGORY_SAME if same else why.CATEGORY_OTHER)
        bits += _CATEGORY_SAME if same else _CATEGORY_OTHER
    return bits
