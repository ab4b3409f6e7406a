"""TCVN3 (ABC, fonts .Vn…) and VNI (fonts VNI-…) → Unicode, and how they are told apart where no font is set.

Sources: TCVN 5712:1993 (table VN3) with ư on U+00AD; the table of VNI Software for Windows.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from typing import Literal, NamedTuple

from directive_tracker.syllables import score
from directive_tracker.vietnamese import nfc

Encoding = Literal["unicode", "tcvn3", "vni"]

_TCVN3 = {
    "¡": "Ă", "¢": "Â", "£": "Ê", "¤": "Ô", "¥": "Ơ", "¦": "Ư", "§": "Đ",
    "¨": "ă", "©": "â", "ª": "ê", "«": "ô", "¬": "ơ", "\xad": "ư", "®": "đ",
    "µ": "à", "¶": "ả", "·": "ã", "¸": "á", "¹": "ạ", "»": "ằ", "¼": "ẳ", "½": "ẵ", "¾": "ắ", "Æ": "ặ",
    "Ç": "ầ", "È": "ẩ", "É": "ẫ", "Ê": "ấ", "Ë": "ậ", "Ì": "è", "Î": "ẻ", "Ï": "ẽ", "Ð": "é", "Ñ": "ẹ",
    "Ò": "ề", "Ó": "ể", "Ô": "ễ", "Õ": "ế", "Ö": "ệ", "×": "ì", "Ø": "ỉ", "Ü": "ĩ", "Ý": "í", "Þ": "ị",
    "ß": "ò", "á": "ỏ", "â": "õ", "ã": "ó", "ä": "ọ", "å": "ồ", "æ": "ổ", "ç": "ỗ", "è": "ố", "é": "ộ",
    "ê": "ờ", "ë": "ở", "ì": "ỡ", "í": "ớ", "î": "ợ", "ï": "ù", "ñ": "ủ", "ò": "ũ", "ó": "ú", "ô": "ụ",
    "õ": "ừ", "ö": "ử", "÷": "ữ", "ø": "ứ", "ù": "ự", "ú": "ỳ", "û": "ỷ", "ü": "ỹ", "ý": "ý", "þ": "ỵ",
}  # fmt: skip

# After a vowel: what the second sign adds (NFD).
_VNI_MARKS = {
    "ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323",
    "â": "\u0302", "à": "\u0302\u0300", "á": "\u0302\u0301", "å": "\u0302\u0309", "ã": "\u0302\u0303", "ä": "\u0302\u0323",
    "ê": "\u0306", "è": "\u0306\u0300", "é": "\u0306\u0301", "ú": "\u0306\u0309", "ü": "\u0306\u0303", "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_SINGLE = {
    "ô": "ơ", "ö": "ư", "î": "ỵ", "ì": "ì", "í": "í", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "ñ": "đ",
    "Ô": "Ơ", "Ö": "Ư", "Î": "Ỵ", "Ì": "Ì", "Í": "Í", "Æ": "Ỉ", "Ó": "Ĩ", "Ò": "Ị", "Ñ": "Đ",
}  # fmt: skip
_VNI_BREVE_BASE, _VNI_CIRCUMFLEX_BASE = "aA", "aAeEoO"
_VNI_PAIR = re.compile("([aeouyôöAEOUYÔÖ])([øùûõïâàáåãäêèéúüëØÙÛÕÏÂÀÁÅÃÄÊÈÉÚÜË])|([ôöîìíæóòñÔÖÎÌÍÆÓÒÑ])")
_TCVN3_TABLE = str.maketrans(_TCVN3)
# What no text in Unicode has, of whatever people the name is: signs and letters that Vietnamese does not know, a capital
# letter inside a word, or two vowels that never stand together.
_FOREIGN = "ÄÅÆÇËÎÏÐÑÖ×ØÛÜÞßäåæçëîïðñö÷øûüþª«¬\xad®¨©µ¶·¸¹»¼½¾¡¢£¤¥¦§"
_HARD_TCVN3 = re.compile(f"[{_FOREIGN}]|[a-zà-ÿ][ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝ]")
_HARD_VNI = re.compile("[øûïåäëüöñîæØÛÏÅÄËÜÖÑÎÆ]|[aAeE][âàáãêèéùõúÂÀÁÃÊÈÉÙÕÚ]|[oOôÔuUyY][ùõÙÕ]|[oO][âÂ]|[ôÔ][àáãâ]")
# Letters of Latin-1 that stand for nothing in an encoding.
_NEVER_TCVN3 = re.compile("[ÀÁÂÃÄÅÍÙÚÛàðÿ]")
_NEVER_VNI = re.compile("[çðýþßÿÇÐÝÞ×÷]")
# Windows keeps these letters of VNI and TCVN3 where Latin-1 has controls; nothing of theirs stands there.
_BEYOND = re.compile("[^\x00-\xff‘’“”–—…\u0300-\u036f]")
# So many lines of a text, and so much of each, say what it is in; so many must speak for an old encoding.
_LINES, _LINE, _CLEARLY = 400, 400, 3
_LATIN = re.compile(r"[\x00-\xff‘’“”–—…]*")


def from_tcvn3(text: str, font: str = "") -> str:
    """TCVN3 → Unicode. A font whose name ends in H shows small letters as capitals."""
    read = text.translate(_TCVN3_TABLE)
    return read.upper() if is_capital_font(font) else read


def from_vni(text: str) -> str:
    """VNI → Unicode; a sign that is no VNI stays."""
    return nfc(_VNI_PAIR.sub(_vni_letter, text))


def _vni_letter(match: re.Match[str]) -> str:
    base, mark, single = match.groups()
    if single:
        return _VNI_SINGLE[single]
    added = _VNI_MARKS[mark.lower()]
    if ("\u0302" in added and base not in _VNI_CIRCUMFLEX_BASE) or ("\u0306" in added and base not in _VNI_BREVE_BASE):
        # No such letter: two letters that only stand side by side.
        return _VNI_SINGLE.get(base, base) + _VNI_SINGLE.get(mark, mark)
    return nfc(_VNI_SINGLE.get(base, base) + added)


@lru_cache(maxsize=1_000)
def font_encoding(font: str) -> Encoding | None:
    """What a font's name says: .VnTime → TCVN3, VNI-Times → VNI."""
    name = font.lower()
    if name.startswith(".vn"):
        return "tcvn3"
    return "vni" if name.startswith("vni") else None


def is_capital_font(font: str) -> bool:
    """.VnTimeH and its like."""
    return font.lower().startswith(".vn") and font.rstrip().endswith("H")


def convert(text: str, encoding: Encoding, font: str = "") -> str:
    """The text in Unicode."""
    if encoding == "tcvn3":
        return from_tcvn3(text, font)
    return from_vni(text) if encoding == "vni" else text


def may_be_old(text: str) -> bool:
    """Whether a text could be TCVN3 or VNI at all: accented, and nothing in it that only Unicode has."""
    return not text.isascii() and _LATIN.fullmatch(nfc(text)) is not None


class Evidence(NamedTuple):
    """What the words of a text speak for, and whether clearly: two syllables or more, and none that is wrong."""

    way: Encoding
    is_clear: bool


@lru_cache(maxsize=20_000)
def evidence(text: str) -> Evidence | None:
    """Which encoding the words themselves speak for; None where two are as good.

    Decided by how many words become Vietnamese syllables. "NguyÔn V¨n" is none as it stands; "Vò" may be Vò or Vũ.
    """
    if text.isascii():
        return None
    composed = nfc(text)
    if not _LATIN.fullmatch(composed):
        return Evidence("unicode", True)
    ways: dict[Encoding, int] = {"unicode": score(composed)}
    if not _NEVER_TCVN3.search(composed):
        ways["tcvn3"] = score(from_tcvn3(text))
    if not _NEVER_VNI.search(composed):
        ways["vni"] = score(from_vni(composed))
    best = max(ways.values())
    winners = [way for way, points in ways.items() if points == best]
    if len(winners) != 1 or (winners[0] == "tcvn3" and not _HARD_TCVN3.search(text)):
        return None
    if winners[0] == "vni" and not _HARD_VNI.search(composed):
        return None
    return Evidence(winners[0], best >= 2)


def most_of(lines: Iterable[str]) -> Encoding:
    """The encoding the lines of a running text speak for, taken together; Unicode where they do not clearly speak for another."""
    seen = Counter(found.way for line in islice(lines, _LINES) if (found := evidence(line[:_LINE])) is not None)
    for way in ("tcvn3", "vni"):
        if seen[way] >= _CLEARLY and seen[way] > 2 * (seen.total() - seen[way]):
            return way
    return "unicode"


class Decider:
    """Which encoding the texts of one sheet are in: by font, by the text, by its row, by the sheet so far."""

    def __init__(self) -> None:
        self._seen = {"unicode": 0, "tcvn3": 0, "vni": 0}
        # Texts that speak for an old encoding, by whether they stand in a font of it.
        self._in_old_font = self._in_other_font = 0
        self._is_unicode = False

    def learn(self, texts: list[tuple[str, str]]) -> None:
        """Count what the texts speak for. Arguments: (text, font) of cells."""
        for text, font in texts:
            if found := evidence(text):
                self._seen[found.way] += 1
                if found.way != "unicode":
                    has_font = font_encoding(font) is not None
                    self._in_old_font += has_font
                    self._in_other_font += not has_font
        self._is_unicode = self._most() == "unicode" and self._is_sure()

    def is_plain(self, text: str, font: str) -> bool:
        """Whether a text is Unicode without looking at its row: it has letters of no other encoding, or the sheet is in
        Unicode and nothing in the text speaks for another."""
        if font and font_encoding(font):
            return False
        if _BEYOND.search(text):
            return True
        return self._is_unicode and not _HARD_TCVN3.search(text) and not _HARD_VNI.search(text)

    def of_row(self, texts: list[tuple[str, str]]) -> list[Encoding]:
        """Arguments: (text, font) of each cell of a row. Returns the encoding of each."""
        found = [evidence(text) for text, _ in texts]
        clear = {one.way for one in found if one}
        of_row: Encoding = clear.pop() if len(clear) == 1 else self._most()
        answer: list[Encoding] = []
        for (text, font), own in zip(texts, found, strict=True):
            if not may_be_old(text):
                answer.append("unicode")
                continue
            by_font = font_encoding(font)
            if by_font and own and own.way != "unicode" and score(convert(text, by_font)) >= 0:
                # The font is right unless its letters make no sense.
                own = None
            if own and not own.is_clear and (by_font or self._is_sure()):
                # A word or two may be Vietnamese in several encodings; what stands around them knows better.
                own = None
            if own and (own.way != "unicode" or not by_font):
                answer.append(own.way)
            elif font and not by_font and self._fonts_tell():
                # Headings are often in another font, and in Unicode, over rows in an old one.
                answer.append("unicode")
            else:
                answer.append(by_font or (self._most() if self._is_sure() else of_row))
        return answer

    def _fonts_tell(self) -> bool:
        """Whether the sheet's old texts stand in fonts of their encoding: then other fonts are Unicode."""
        return self._in_old_font >= 5 and self._in_old_font > 5 * self._in_other_font

    def _is_sure(self) -> bool:
        """Whether the sheet speaks for one encoding alone, or nearly."""
        most = self._seen[self._most()]
        return most >= 5 and most > 5 * (sum(self._seen.values()) - most)

    def _most(self) -> Encoding:
        return max(self._seen, key=lambda way: self._seen[way])  # type: ignore[return-value]
