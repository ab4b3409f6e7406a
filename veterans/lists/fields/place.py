"""Commune, district and what is left of the address.

Rule: a commune column decides alone. Else the part of the address that names a commune, with the parts after it naming
district and province. Else the section row, else the sheet's name, else the title. A name of two districts is settled by
the district in the row, else in section, sheet name or title. One of today where the row's address or the title names
the new province, and in a list brought in since the change where no commune before it had the name. The address is what stands before the commune, its parts joined by ", ".
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from veterans.lists.places import Commune, Mention, Places, is_village_like, unit_word
from veterans.lists.text import is_blank_mark

_DIVIDED = re.compile(r"\s*[,;]\s*|\s+[-–—]\s+")
# A unit word in the middle of a part: "Thôn 3 xã …".
_INNER = re.compile(
    r"(?<=\S)\s+(?=(?:xã|phường|thị trấn|huyện|thành phố|tỉnh|x\.|p\.|tt\.|tp\.?|h\.|xa|phuong|thi tran|huyen|tinh)\s*\S)",
    re.IGNORECASE,
)
_DASHED = re.compile(r"-(?=(?:xã|phường|thị trấn|huyện|thành phố|tỉnh|x\.|p\.|tt\.|tp)\s*\S)", re.IGNORECASE)


class Address(NamedTuple):
    """What one address says."""

    left: tuple[str, ...]  # parts before the commune
    communes: tuple[Commune, ...] = ()
    written: str = ""  # the part that names a commune, known or not
    district: str | None = None


class Found(NamedTuple):
    """The commune of a row, or the code of what is wrong."""

    commune: str | None
    district: str | None
    code: str = ""
    written: str = ""
    choices: tuple[str, ...] = ()


class Around(NamedTuple):
    """What stands around the rows of a table: section, sheet's name, title, in the order in which they count."""

    mentions: tuple[Mention, ...]

    def district(self) -> str | None:
        """The nearest district that is named alone."""
        for mention in self.mentions:
            if len(mention.districts) == 1:
                return next(iter(mention.districts))
        return None


def split_address(text: str, places: Places, *, is_new: bool) -> list[str]:
    """The parts of an address; a unit word divides too where what it names is a place."""
    parts: list[str] = []
    for part in _DIVIDED.split(_DASHED.sub(" - ", text) if "-" in text else text):
        pieces = _INNER.split(part) if " " in part else [part]
        kept = [pieces[0]]
        for piece in pieces[1:]:
            named = unit_word(piece)
            known = places.communes(piece, is_new=is_new) or places.district(piece) or places.is_province(piece)
            if known or (named.level and not named.weak and named.rest[:1].isupper()):
                kept.append(piece)
            else:
                kept[-1] += f" {piece}"
        parts.extend(kept)
    return [part.strip(" .") for part in parts if part and not is_blank_mark(part)]


def read_address(text: str, places: Places, *, is_new: bool, only_marked: bool) -> Address:
    """Arguments: only_marked, whether only a name with its unit word is a commune (a column of hamlets alone)."""
    parts = split_address(text, places, is_new=is_new)
    place = _commune_place(parts, places, is_new=is_new, only_marked=only_marked)
    if place is None:
        end = len(parts)
        while end > 0 and _is_above(parts[end - 1], places):
            end -= 1
        district = next((found for part in parts[end:] if (found := places.district(part))), None)
        return Address(tuple(parts[:end]), district=district)
    district = next((found for part in parts[place + 1 :] if (found := places.district(part))), None)
    return Address(tuple(parts[:place]), places.communes(parts[place], is_new=is_new), parts[place], district)


def _is_above(part: str, places: Places) -> bool:
    """A part that names a district or province with its word."""
    return unit_word(part).level in ("district", "province") and bool(places.district(part) or places.is_province(part))


def _commune_place(parts: list[str], places: Places, *, is_new: bool, only_marked: bool) -> int | None:
    """Which part names a commune: one with a unit word, else a bare name that only districts and provinces follow."""
    for number in range(len(parts) - 1, -1, -1):
        named = unit_word(parts[number])
        if named.level == "commune" and (not named.weak or places.communes(parts[number], is_new=is_new)):
            return number
    if only_marked:
        return None
    for number, part in enumerate(parts):
        above = parts[number + 1 :]
        if (
            not is_village_like(part)
            and unit_word(part).level == ""
            and all(places.district(one) or places.is_province(one) for one in above)
            and places.communes(part, is_new=is_new)
        ):
            return number
    return None


def settle(communes: tuple[Commune, ...], written: str, districts: Iterable[str | None]) -> Found:
    """One of the communes of a name. Arguments: districts that may settle it, nearest first."""
    if not communes:
        return Found(None, None, "commune_unknown", written)
    if len(communes) > 1:
        for district in districts:
            agreeing = tuple(commune for commune in communes if district and commune.district == district)
            if len(agreeing) == 1:
                communes = agreeing
                break
    if len(communes) > 1:
        return Found(None, None, "commune_ambiguous", written, tuple(map(str, communes)))
    return Found(communes[0].name, communes[0].district)


def from_around(around: Around, district: str | None) -> Found:
    """The commune that section, sheet's name or title names, when it names exactly one."""
    for mention in around.mentions:
        if len(mention.communes) == 1:
            found = mention.communes[0]
            nearest = (district, *(next(iter(one.districts)) for one in around.mentions if len(one.districts) == 1))
            return settle(found, found[0].name, nearest)
        if mention.unknown and not mention.communes:
            return Found(None, None, "commune_unknown", mention.unknown)
    return Found(None, None, "commune_missing")
