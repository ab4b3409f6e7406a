"""Words of a Vietnamese text and the word lists the reading goes by (data/*.txt)."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data"
_TOKEN = re.compile(r"[^\W_]+|[^\w\s]|_")
# "Hoà", "Uỷ" as people type them, and "Hòa", "Ủy": one way, without changing a length.
_TONES = {
    old: new
    for vowels, olds, news in (("oa", "àáảãạ", "òóỏõọ"), ("oe", "èéẻẽẹ", "òóỏõọ"), ("uy", "ỳýỷỹỵ", "ùúủũụ"))
    for old, new in zip((vowels[0] + tone for tone in olds), (tone + vowels[1] for tone in news), strict=True)
}
# Only where the syllable ends with them: "hoàn", "toàn", "quý" are written one way.
_TONE = re.compile(rf"(?<![qQ])(?:{'|'.join(_TONES)})(?!\w)")


@dataclass(frozen=True, slots=True)
class Token:
    """One word or sign. key: as the word lists have it."""

    key: str
    start: int
    end: int
    capital: bool
    upper: bool

    @property
    def is_word(self) -> bool:
        return self.key[0].isalnum()


def key_of(word: str) -> str:
    """Small letters, accents where dictionaries put them; as long as the word."""
    small = word.lower()
    if len(small) != len(word):  # a few letters of other scripts grow
        small = word
    return _TONE.sub(lambda found: _TONES[found[0]], small)


def tokens_of(text: str) -> list[Token]:
    """Words and signs with their places."""
    return [
        Token(
            key_of(found[0]),
            found.start(),
            found.end(),
            found[0][0].isupper(),
            found[0].isupper() and len(found[0]) > 1,
        )
        for found in _TOKEN.finditer(text)
    ]


class Phrases:
    """Word sequences, of which the longest that stands at a place is found."""

    def __init__(self) -> None:
        self._root: dict[str, Any] = {}

    def add(self, phrase: str, value: str = "yes") -> None:
        """Learn a phrase; a value is kept with it."""
        node = self._root
        for token in tokens_of(phrase):
            node = node.setdefault(token.key, {})
        node.setdefault("", set()).add(value)

    def longest(self, tokens: list[Token], at: int) -> tuple[int, frozenset[str]] | None:
        """(place after the phrase, its values), or None."""
        node, found = self._root, None
        for place in range(at, len(tokens)):
            node = node.get(tokens[place].key)  # type: ignore[assignment]
            if node is None:
                break
            if "" in node:
                found = place + 1, frozenset(node[""])
        return found


def _lines(name: str) -> list[str]:
    text = (_DATA / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def phrases(name: str) -> Phrases:
    """The list in data/<name>.txt; in a list with sections each phrase keeps the names of its sections."""
    found, section = Phrases(), "yes"
    for line in _lines(f"{name}.txt"):
        if line.startswith("["):
            section = line.strip("[]")
        else:
            found.add(line, section)
    return found
