"""The province's communes: which one a written name means, in the time before 1 July 2025 and since.

Rule: two spellings are the same when they are equal without case, accents (đ = d), blanks, hyphens and apostrophes, with or
without the unit word; Đăk may be written Đắk, Đak, Dak, Đác, Đắc or Dac, and Ngọk Ngọc. A written unit word must agree
when it tells two units apart. Nothing else is guessed.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from veterans.lists.text import folded, key


class CommuneRow(NamedTuple):
    """One commune as handed in. `district` is "" for a present one; is_new, of the time since 1 July 2025."""

    name: str
    district: str
    is_new: bool
    aliases: tuple[str, ...] = ()
    formed_from: tuple[tuple[str, str], ...] = ()  # (name, district) of those it took the place of


class AreaRows(NamedTuple):
    """The province as handed in: names as they are printed, with their unit word.

    is_after: whether lists are brought in after the change, so that a name may be meant as it was or as it is.
    """

    communes: tuple[CommuneRow, ...]
    districts: tuple[tuple[str, tuple[str, ...]], ...]  # name, other spellings
    old_province: str
    new_province: str
    is_after: bool = False


class Commune(NamedTuple):
    """A commune that is meant. province: of a present one, where names of both times are told apart by it."""

    name: str
    district: str | None
    word: str
    province: str = ""

    def __str__(self) -> str:
        above = self.district or self.province
        return f"{self.name} ({above})" if above else self.name


COMMUNE_WORDS = {
    "xã": "xa",
    "xa": "xa",
    "phường": "phuong",
    "phuong": "phuong",
    "x.": "xa",
    "p.": "phuong",
    "tt.": "thi tran",
    "tt": "thi tran",
    "t.t": "thi tran",
    "t.t.": "thi tran",
    "x": "xa",
    "p": "phuong",
}
DISTRICT_WORDS = {"huyện", "huyen", "h.", "h", "tp.", "tp", "t.p", "t.p.", "tx.", "quận"}
_TWO_WORDS = {
    ("thị", "trấn"): "commune",
    ("thi", "tran"): "commune",
    ("thành", "phố"): "district",
    ("thanh", "pho"): "district",
    ("thị", "xã"): "district",
}
PROVINCE_WORDS = {"tỉnh", "tinh", "t."}
# Without a dot these are also letters of other words, so they only count before a name that is known.
_WEAK_WORDS = frozenset(("x", "p", "tt", "h", "xa", "phuong"))
_DOTTED = re.compile(r"\b(tt|tp|tx|x|p|h|t\.t|t\.p)\.(?=\S)", re.IGNORECASE)
_EDGE = " .,;:–-()"
_LONGEST = 5


class Word(NamedTuple):
    """What a text begins with: level "commune", "district", "province" or ""; the unit word in key form; the rest."""

    level: str
    word: str
    rest: str
    weak: bool


@lru_cache(maxsize=50_000)
def unit_word(text: str) -> Word:
    """ "P. Quang Trung" → commune, phuong, "Quang Trung"."""
    words = _DOTTED.sub(r"\1. ", text).split()
    if len(words) < 2:
        return Word("", "", text, False)
    first = words[0].lower().rstrip(":")
    pair = (first, words[1].lower())
    if pair in _TWO_WORDS and len(words) > 2:
        level = _TWO_WORDS[pair]
        return Word(level, "thi tran" if level == "commune" else "", " ".join(words[2:]), False)
    if first in COMMUNE_WORDS:
        return Word("commune", COMMUNE_WORDS[first], " ".join(words[1:]), first in _WEAK_WORDS)
    if first in DISTRICT_WORDS:
        return Word("district", "", " ".join(words[1:]), first in _WEAK_WORDS)
    if first in PROVINCE_WORDS:
        return Word("province", "", " ".join(words[1:]), False)
    return Word("", "", text, False)


def place_key(name: str) -> str:
    """The key two spellings are compared by, the unit word already gone."""
    found = key(name).replace("ngoc", "ngok")
    return "dak" + found[3:] if found.startswith("dac") else found


class Places:
    """The communes and districts by their spellings."""

    def __init__(self, rows: AreaRows) -> None:
        self._communes: dict[bool, dict[str, list[Commune]]] = {False: {}, True: {}}
        self._districts: dict[str, str] = {}
        self._formed_from: dict[Commune, frozenset[tuple[str, str]]] = {}
        self._is_after = rows.is_after
        # The same words come in every row.
        self._known_communes = lru_cache(maxsize=20_000)(self._find_communes)
        self._known_district = lru_cache(maxsize=20_000)(self._find_district)
        for row in rows.communes:
            named = unit_word(row.name)
            above = (None, named.word, rows.new_province) if row.is_new else (row.district or None, named.word)
            commune = Commune(row.name, *above)
            self._formed_from[commune] = frozenset(row.formed_from)
            for spelling in (named.rest, *row.aliases):
                same = self._communes[row.is_new].setdefault(place_key(_bare(spelling)), [])
                if commune not in same:
                    same.append(commune)
        for name, aliases in rows.districts:
            for spelling in (name, *aliases):
                self._districts[place_key(_bare(spelling))] = name
        self.old_province = place_key(_bare(rows.old_province))
        self.new_province = place_key(_bare(rows.new_province))

    def communes(self, text: str, *, is_new: bool) -> tuple[Commune, ...]:
        """Those that a name can mean: none, one, or several of the same name."""
        return self._known_communes(text, is_new)

    def _find_communes(self, text: str, is_new: bool) -> tuple[Commune, ...]:
        found = self._communes_named(text, is_new)
        if is_new or not self._is_after:
            return found
        # Nobody writes the province beside every name: since the change one of today may be meant. Where it took the
        # place of one that had the name before, both are the same; else the list has to say which.
        before = {(commune.name, commune.district or "") for commune in found}
        present = self._communes_named(text, True)
        both = (*found, *(commune for commune in present if not self._formed_from[commune] & before))
        word = unit_word(text).word
        return tuple(commune for commune in both if commune.word == word) or both

    def _communes_named(self, text: str, is_new: bool) -> tuple[Commune, ...]:
        named = unit_word(text)
        known = self._communes[is_new]
        found = known.get(place_key(named.rest), []) if named.level == "commune" else []
        if not found and named.level in ("", "commune"):
            # The name itself may begin like a unit word.
            found, named = known.get(place_key(text), []), Word("", "", text, False)
        agreeing = [commune for commune in found if commune.word == named.word] if named.word else []
        if not named.word:
            return tuple(found)
        # Where the word tells units of one name apart it must agree; where there is only one it may be wrong.
        return tuple(agreeing if agreeing or len({commune.word for commune in found}) > 1 else found)

    def district(self, text: str) -> str | None:
        """The district a name means, with or without its unit word."""
        return self._known_district(text)

    def _find_district(self, text: str) -> str | None:
        named = unit_word(text)
        return self._districts.get(place_key(named.rest if named.level == "district" else text))

    def is_province(self, text: str) -> bool:
        """Whether a name is that of the province, of either time."""
        named = unit_word(text)
        return place_key(named.rest if named.level == "province" else text) in (self.old_province, self.new_province)

    def names_new_province(self, text: str) -> bool:
        """Whether a text names the province of the time since 1 July 2025 anywhere."""
        return self.new_province in key(text)

    def in_text(self, text: str, *, is_new: bool) -> "Mention":
        """What a title, section or sheet's name says about the place: only names after a unit word count."""
        words = _DOTTED.sub(r"\1. ", text).split()
        communes: list[tuple[Commune, ...]] = []
        districts: set[str] = set()
        unknown = ""
        for place in range(len(words) - 1):
            rest = words[place:]
            head = unit_word(" ".join(rest[: _LONGEST + 2]))
            if head.level not in ("commune", "district"):
                continue
            name = _until_sign(head.rest)
            found: tuple[Commune, ...] = ()
            for count in range(min(len(name), _LONGEST), 0, -1):
                typed = " ".join(name[:count])
                if head.level == "district":
                    if district := self._districts.get(place_key(typed)):
                        districts.add(district)
                        break
                else:
                    whole = " ".join(rest[: len(rest[: _LONGEST + 2]) - len(head.rest.split())]) + " " + typed
                    if found := self.communes(whole, is_new=is_new):
                        communes.append(found)
                        break
            if head.level == "commune" and not found and not head.weak and place == 0:
                unknown = " ".join(name)
        return Mention(tuple(dict.fromkeys(communes)), frozenset(districts), unknown)


class Mention(NamedTuple):
    """The communes a text names (each with all it can mean), the districts, and an unknown name it begins with."""

    communes: tuple[tuple[Commune, ...], ...] = ()
    districts: frozenset[str] = frozenset()
    unknown: str = ""


def _bare(name: str) -> str:
    return unit_word(name).rest


def _until_sign(text: str) -> list[str]:
    """The words up to a comma, colon, bracket or dash."""
    found = []
    for word in text.split():
        if word[0] in "(–-:,;":
            break
        found.append(word.rstrip(",;:)."))
        if word[-1] in ",;:)":
            break
    return found


def is_village_like(text: str) -> bool:
    """A part of an address that begins with a number, a street or a hamlet cannot be a bare commune name."""
    words = folded(text).split()
    return not words or words[0] in _VILLAGE_WORDS or words[0][0].isdigit()


_VILLAGE_WORDS = frozenset("thon lang to so duong hem ngo ngach khu khoi ap xom buon ban tdp kdc doi".split())
