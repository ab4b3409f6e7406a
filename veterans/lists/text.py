"""Clean text: composed, without stray signs; and the keys that spellings are compared by."""

import re
import unicodedata
from functools import lru_cache

from directive_tracker.vietnamese import fold, nfc

# Dropped without a trace (the agreed rule: zero-width characters go). The soft hyphen too, after old encodings:
# in TCVN3 it is a letter.
_INVISIBLE: dict[int, None] = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_NOT_KEY = re.compile(r"[^0-9a-z]+")
# Nothing was written: a dash, dots, a question mark.
_BLANK_MARK = re.compile(r"[\s\-–—_.…?*/]*")
_REPEAT = re.compile(r"""[-–—./\s]*(?:n\.?\s?t\.?|nhu tren|nhu tr|["“”″〃]|''|’’|//)[-–—./\s]*""")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
ERROR_TEXTS = frozenset(
    ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!", "#CALC!")
)


# A text without any of these is clean already, once it is composed.
_UNCLEAN = re.compile(
    r"[\x00-\x1f\x7f-\xa0\xad\u0300-\u036f\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]|  |^ | $"
)


def clean(text: str) -> str:
    """NFC, no-break space → space, zero-width characters gone, one blank where there were several, trimmed."""
    if not _UNCLEAN.search(text) and (text.isascii() or unicodedata.is_normalized("NFC", text)):
        return text
    if text.isascii():
        return " ".join(_CONTROL.sub("", text).split())
    return " ".join(_CONTROL.sub("", nfc(text).translate(_INVISIBLE)).split())


@lru_cache(maxsize=50_000)
def folded(text: str) -> str:
    """Without accents and case, remembered: the same words come in every row."""
    return fold(text)


@lru_cache(maxsize=50_000)
def key(text: str) -> str:
    """Letters and digits only, without accents and case (đ = d): by this two spellings are compared."""
    return _NOT_KEY.sub("", fold(text))


def is_blank_mark(text: str) -> bool:
    """ "", "-", "…", "?" – what is written where nothing is known."""
    return len(text) < 30 and _BLANK_MARK.fullmatch(text) is not None


_REPEAT_BEGINS = frozenset("nN\"“”″〃'’-–—./")


def is_repeat(text: str) -> bool:
    """ "nt", "-nt-", a ditto mark, "như trên": the value of the same column in the row above."""
    return len(text) <= 12 and text[:1] in _REPEAT_BEGINS and _is_repeat(text)


@lru_cache(maxsize=20_000)
def _is_repeat(text: str) -> bool:
    return any(sign.isalpha() or sign in "\"“”″〃'’/" for sign in text) and _REPEAT.fullmatch(fold(text)) is not None


def capitalised(name: str) -> str:
    """Every word with a capital first letter and small letters after it, also after an apostrophe or hyphen."""
    return " ".join(map(_capitalised_word, name.split(" ")))


@lru_cache(maxsize=20_000)
def _capitalised_word(word: str) -> str:
    out = []
    start = True
    for sign in word.lower():
        out.append(sign.upper() if start and sign.isalpha() else sign)
        start = not (sign.isalnum() or unicodedata.combining(sign))
    return nfc("".join(out))


def without_bracket(text: str) -> tuple[str, str]:
    """Text and what stands in brackets at its end: "A Pớt (Tư)" → ("A Pớt", "Tư")."""
    match = re.fullmatch(r"(.*?)\s*\(([^()]*)\)?\s*", text)
    return (match[1], match[2].strip()) if match and match[1] else (text, "")
