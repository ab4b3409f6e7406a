"""Rows that stand between the persons: sections, totals, notes, the foot. And what a section decides for its rows."""

import re
from functools import lru_cache
from typing import NamedTuple

from directive_tracker.vietnamese import nfc
from veterans.lists.fields.category import categories_in
from veterans.lists.places import Mention, Places, unit_word
from veterans.lists.text import folded

_MARKER = re.compile(r"\s*([IVXLC]{1,6}|[A-ZĐ]|[a-zđ]|\d{1,3}(?:\.\d{1,2})*)\s*[./)\-–:]+\s*(?=\D)(.*)")
_MARKER_ALONE = re.compile(r"\s*([IVXLC]{1,6}|[A-ZĐ]|\d{1,3}(?:\.\d{1,2})*)\s*[./)\-–:]*\s*")
_COUNT = re.compile(
    r"\s*(?:[:(\-–]\s*)?\(?\s*(?:(?:gồm|có|tổng số|cộng)\s*:?\s*)?\d+\s*(?:người|nguoi|đ/c|đồng chí|hội viên|cụ|trường hợp)?\s*\)?\s*\.?\s*$",
    re.IGNORECASE,
)
_ROMAN = re.compile(r"[IVXLC]+")
_PREFIX = re.compile(r"(?:danh sách|ds\.?|đơn vị|mục|phần|khối|địa bàn)\s*:?\s+(?=\S)", re.IGNORECASE)

_LIVING = re.compile(r"\b(?:con song|dang song|hien con)\b")
_DEAD = re.compile(r"\b(?:da mat|tu tran|da chet|qua doi|hy sinh|da khuat|da hy sinh)\b")

_TOTAL = re.compile(
    r"(?:tong cong|tong so|cong danh sach|danh sach (?:nay )?(?:co|gom)|an dinh danh sach|cong chung|tong danh sach)\b.*"
    r"|(?:cong|tong)(?: [a-z]{1,3}| \d+)?\s*(?:[:.=(]\s*.*|\d+.*)?|(?:cong|tong) (?:xa|phuong|thi tran|huyen|muc|toan|so|nguoi|thon|trang|phan|i+)\b.*"
)
_TOTAL_ACCENTED = re.compile(r"\W*(?:tổng|cộng|danh sách|ấn định)", re.IGNORECASE)
_PLACE_AND_DATE = re.compile(
    r"(?:[^,]{1,60},\s*)?ngay\s*[\d.…_/\s]*\s*,?\s*thang\s*[\d.…_/\s]*\s*,?\s*nam\s*[\d.…_\s]*|[^,]{1,60},\s*thang\s*[\d.…_/\s]*\s*,?\s*nam\s*[\d.…_\s]*|[^,]{1,60},\s*(?:ngay\s*)?[\d.…_]+\s*[/.-]\s*[\d.…_]+\s*[/.-]\s*[\d.…_]+"
)
_FOOT = re.compile(
    r"\W*(?:nguoi lap|lap bieu|lap bang|nguoi tong hop|tm\s?\.|t/m|tl\s?\.|kt\s?\.|k/t|chu tich|pho chu tich|truong ban|pho truong ban|bi thu|pho bi thu"
    r"|xac nhan|thu truong|can bo|ky ten|ky, ghi|\(ky|noi nhan|dai dien|nguoi kiem|ke toan|truong phong|phe duyet|ban thuong truc|uy ban nhan dan|t\.m|ban chap hanh|truong thon|thon truong|gia lang)(?![a-z]).*"
)
_NOTE = re.compile(
    r"\W*(?:ghi chu|luu y|chu thich|chu y|giai thich|nguon|kem theo|theo so lieu|ky hieu|danh sach|phu luc|bieu so|bang tong hop|cong hoa xa hoi|doc lap tu do)\b.*|[*(].*"
)


# A hamlet as a section; without its accent only before a number, for there are families of the name Lang and Tô.
_HAMLET = re.compile(
    r"(?:thôn|làng|buôn|tổ dân phố|tdp|khối phố|khu phố|tổ(?= \d))\b|(?:thon|lang|to dan pho|to|khoi pho) \d",
    re.IGNORECASE,
)


def names_hamlet(text: str) -> bool:
    """ "Thôn 5", "LÀNG KON TUH": nobody has such a name."""
    return bool(_HAMLET.match(nfc(text)))


@lru_cache(maxsize=5_000)
def is_total(text: str) -> bool:
    """ "Cộng", "Tổng cộng: 64 người", "Danh sách này có …"."""
    words = folded(text).lstrip(" -*(")
    return bool(_TOTAL.fullmatch(words)) and (text.isascii() or bool(_TOTAL_ACCENTED.match(text)))


@lru_cache(maxsize=5_000)
def is_foot(text: str) -> bool:
    """The place-and-date line, or words that stand above a signature."""
    words = folded(text)
    return bool(_PLACE_AND_DATE.fullmatch(words) or _FOOT.match(words))


@lru_cache(maxsize=5_000)
def is_note(text: str) -> bool:
    """Words about the list, not about a person."""
    return bool(_NOTE.fullmatch(folded(text)))


class Section(NamedTuple):
    """A section row: its numbering's style, and what it says."""

    style: str
    text: str
    mention: Mention
    living: bool | None
    categories: frozenset[str]

    @property
    def kinds(self) -> frozenset[str]:
        """What it decides about."""
        said = {"place"} if self.mention.communes or self.mention.unknown else set()
        if self.mention.districts and not said:
            said.add("district")
        if self.living is not None:
            said.add("living")
        if len(self.categories) == 1:
            said.add("category")
        return frozenset(said)


def split_marker(text: str) -> tuple[str, str]:
    """ "II/ Xã …" → ("II", "Xã …"); without numbering ("", text)."""
    match = _MARKER.fullmatch(text)
    return (match[1], match[2]) if match and match[2] else ("", text)


def is_marker(text: str) -> bool:
    """A cell that holds a section's number alone."""
    return bool(_MARKER_ALONE.fullmatch(text))


def read_section(marker: str, text: str, places: Places, *, is_new: bool, before: str = "") -> Section:
    """Arguments: before, the style of the section above, which tells "C." after "B." from a Roman hundred."""
    bare = _PREFIX.sub("", _COUNT.sub("", text).strip(" .:-–"))
    mention = mention_of(bare, places, is_new=is_new)
    words = folded(bare)
    alive, dead = bool(_LIVING.search(words)), bool(_DEAD.search(words))
    living = None if alive == dead else alive
    return Section(_style(marker, before), bare, mention, living, categories_in(bare))


def mention_of(text: str, places: Places, *, is_new: bool) -> Mention:
    """The place of a section or of a sheet's name: with a unit word anywhere, or the whole text as a bare name."""
    mention = places.in_text(text, is_new=is_new)
    if mention.communes or mention.districts or mention.unknown:
        return mention
    whole = places.communes(text, is_new=is_new) if unit_word(text).level in ("", "commune") else ()
    return Mention((whole,)) if whole else mention


def _style(marker: str, before: str) -> str:
    if not marker:
        return ""
    if marker[0].isdigit():
        return f"digit{marker.count('.')}"
    if marker.islower():
        return "small"
    if len(marker) == 1 and before == "letter" and marker != "I":
        return "letter"
    return "roman" if _ROMAN.fullmatch(marker) and (len(marker) > 1 or marker in "IVX") else "letter"


class Sections:
    """The sections that are open: an inner one ends where one of its own or an outer level begins."""

    def __init__(self) -> None:
        self._open: list[Section] = []

    def enter(self, section: Section) -> None:
        """A new section; those of the same numbering or about the same matter end, and all inside them."""
        for place, one in enumerate(self._open):
            same_style = bool(section.style) and one.style == section.style
            if same_style or (one.kinds & section.kinds) or ("district" in section.kinds and "place" in one.kinds):
                del self._open[place:]
                break
        self._open.append(section)

    @property
    def last_style(self) -> str:
        """The numbering of the letters that are open."""
        return next((one.style for one in reversed(self._open) if one.style == "letter"), "")

    def mentions(self) -> tuple[Mention, ...]:
        """Places that open sections name, the innermost first."""
        return tuple(one.mention for one in reversed(self._open))

    def living(self) -> bool | None:
        """Whether the section says that its people live."""
        return next((one.living for one in reversed(self._open) if one.living is not None), None)

    def category(self) -> str:
        """The category when the innermost section that names any names exactly one."""
        named = next((one.categories for one in reversed(self._open) if one.categories), frozenset())
        return next(iter(named)) if len(named) == 1 else ""
