"""A written name as words: small letters, without signs, abbreviations written out; the word lists are in data/*.txt."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

from directive_tracker.vietnamese import fold, nfc

_DATA = Path(__file__).parent / "data"
# A list of bodies that came uncut may be long; a longer text is no name.
LONGEST_TEXT = 1200
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_LOOKALIKES = str.maketrans({"ð": "đ", "ɖ": "đ", "ƀ": "b", "ɓ": "b"})
_BRACKETS = re.compile(r"\([^()]*\)")
_APOSTROPHE = re.compile(r"\s*['’‘`´ʼ]\s*")
SEPARATORS = frozenset(", ; & / + :".split())
_AND = "va"
# Where one name of a list may end.
PARTING = SEPARATORS | {_AND, "cung"}
_MOST_READINGS = 6
_LONGEST_ABBREVIATION = 9


def _signs() -> dict[int, str]:
    """Separators stand alone, other signs part words, what cannot be seen goes."""
    table = dict.fromkeys([*range(0x21, 0x7F), *range(0xA1, 0xC0), *range(0x2010, 0x2070)], " ")
    table = {point: to for point, to in table.items() if not chr(point).isalnum()}
    table.update({ord(sign): f" {sign} " for sign in SEPARATORS})
    table.update(dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF], ""))
    return table


def _letters() -> dict[int, str]:
    """Letters without their marks."""
    points = [*range(0xC0, 0x250), *range(0x250, 0x2B0), *range(0x1E00, 0x1F00)]
    table = {point: plain for point in points if (plain := fold(chr(point))) != chr(point)}
    table.update(dict.fromkeys(range(0x300, 0x370), ""))
    return table


_SIGNS = _signs()
_PLAIN = {**_letters(), **_SIGNS}


class Word(NamedTuple):
    """One word. plain: without marks; marked: with them, the tone at its end wherever it was typed; capitals: all are."""

    plain: str
    marked: str
    capitals: bool = False


class Reading(NamedTuple):
    """One way to read a name. certain: 100 as written, less where abbreviations were written out."""

    words: tuple[Word, ...]
    certain: int


def prepared(text: str) -> str:
    """The text in composed form, without remarks in brackets and apostrophes; "" where it is too long to be a name."""
    if len(text) > LONGEST_TEXT:
        return ""
    text = nfc(text)
    if "(" in text:
        text = _BRACKETS.sub(" ", text)
    return _APOSTROPHE.sub("", text)


def plain_tokens(text: str) -> list[str]:
    """Words without marks and separators of a prepared text. One call for the whole, so that a long text costs little."""
    return text.casefold().translate(_PLAIN).split()


def words_of(text: str, plain: list[str] | None = None) -> list[Word]:
    """Words and separators of a prepared text. Arguments: plain, what plain_tokens gave for it, where that is known."""
    plain = plain_tokens(text) if plain is None else plain
    signed = text.translate(_SIGNS)
    typed, marked = signed.split(), signed.casefold().split()
    if not len(plain) == len(marked) == len(typed):
        # Marks without a letter make words that are empty without them.
        return [Word(one, one) for one in plain]
    return [Word(one, tone_last(two), three.isupper()) for one, two, three in zip(plain, marked, typed, strict=True)]


@lru_cache(maxsize=20_000)
def tone_last(word: str) -> str:
    """ "hoà" and "hòa" give the same: letters, then tones."""
    letters, tones = [], []
    for sign in unicodedata.normalize("NFD", word.translate(_LOOKALIKES)):
        if sign in _TONES:
            tones.append(_TONES[sign])
        else:
            letters.append(sign)
    return nfc("".join(letters)) + "".join(tones)


def phrase_with_signs(text: str) -> list[Word]:
    """The words and separators of a name in the database."""
    return words_of(prepared(text))


@lru_cache(maxsize=20_000)
def phrase(text: str) -> tuple[Word, ...]:
    """The words of a phrase of our own lists and of names in the database."""
    return without_separators(phrase_with_signs(text))


def without_separators(words: Sequence[Word]) -> tuple[Word, ...]:
    """Commas, "&" and "và" say nothing within one name."""
    return tuple(word for word in words if word.plain != _AND and word.plain not in SEPARATORS)


def is_separator(word: Word) -> bool:
    """Whether names may be parted here."""
    return word.plain in PARTING


def plain_key(words: Sequence[Word]) -> str:
    """The words without marks as one string."""
    return " ".join([word.plain for word in words])


# --- word lists ---------------------------------------------------------------------------------


def _lines(name: str) -> list[str]:
    text = (_DATA / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _pairs(name: str) -> list[tuple[str, str]]:
    return [(left.strip(), right.strip()) for left, _, right in (line.partition("=") for line in _lines(name))]


@cache
def _abbreviations() -> dict[str, tuple[tuple[Word, ...], ...]]:
    return {
        "".join(fold(short).split()): tuple(phrase(one) for one in meanings.split("|"))
        for short, meanings in _pairs("abbreviations.txt")
    }


@cache
def _same() -> dict[str, list[tuple[tuple[str, ...], tuple[Word, ...]]]]:
    """By the first word left: (words left, words right), the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], tuple[Word, ...]]]] = {}
    for left, right in _pairs("same.txt"):
        words = tuple(word.plain for word in phrase(left))
        found.setdefault(words[0], []).append((words, phrase(right)))
    for pairs in found.values():
        pairs.sort(key=lambda pair: -len(pair[0]))
    return found


@dataclass(frozen=True)
class Wrappers:
    """What may stand before a body that is meant itself; the first word of each, to look no further in vain."""

    phrases: frozenset[str]
    firsts: frozenset[str]


@cache
def wrappers() -> Wrappers:
    """The list in data/wrappers.txt."""
    phrases = frozenset(plain_key(phrase(line)) for line in _lines("wrappers.txt"))
    return Wrappers(phrases, frozenset(one.split()[0] for one in phrases))


@cache
def own_vocabulary() -> frozenset[str]:
    """Every word of the lists: none of them is another one misspelt."""
    words = {word.plain for name in ("wrappers.txt", "heads.txt") for line in _lines(name) for word in phrase(line)}
    for left, right in _pairs("same.txt"):
        words |= {word.plain for word in (*phrase(left), *phrase(right))}
    for short, meanings in _abbreviations().items():
        words |= {short, *(word.plain for meaning in meanings for word in meaning)}
    return frozenset(words) | SEPARATORS


# --- readings -----------------------------------------------------------------------------------


def readings(words: Sequence[Word]) -> list[Reading]:
    """The words as they stand, then with abbreviations written out; one of several meanings each, so few are made."""
    found = [Reading(tuple(words), 100)]
    parts = _expanded(words)
    if parts is not None:
        for choice in _choices(parts):
            found.append(Reading(tuple(word for part in choice for word in part), 95))
    return found


def _choices(parts: list[tuple[tuple[Word, ...], ...]]) -> list[tuple[tuple[Word, ...], ...]]:
    count = 1
    for part in parts:
        count *= len(part)
    if count > _MOST_READINGS:
        parts = [part[:1] for part in parts]
    return list(product(*parts))


def _expanded(words: Sequence[Word]) -> list[tuple[tuple[Word, ...], ...]] | None:
    """For each stretch the ways to read it; None where nothing is shortened."""
    parts: list[tuple[tuple[Word, ...], ...]] = []
    at, any_found = 0, False
    while at < len(words):
        length, meanings = _abbreviation_at(words, at)
        if meanings:
            as_written = (tuple(words[at : at + length]),)
            parts.append(meanings + as_written if _is_syllable(words[at].plain) else meanings)
            any_found = True
        else:
            parts.append(((words[at],),))
        at += length
    return parts if any_found else None


def _abbreviation_at(words: Sequence[Word], at: int) -> tuple[int, tuple[tuple[Word, ...], ...]]:
    """(how many words, meanings) of the longest abbreviation here: "LĐ - TB & XH" is three words and signs."""
    known = _abbreviations()
    best: tuple[int, tuple[tuple[Word, ...], ...]] = (1, ())
    letters = ""
    for end in range(at, min(at + 6, len(words))):
        word = words[end]
        if end > at and word.plain == "&":
            continue
        if len(word.plain) > _LONGEST_ABBREVIATION:
            break
        if not word.plain.isalpha() or (end > at and not word.capitals):
            break
        letters += word.plain
        if len(letters) > _LONGEST_ABBREVIATION:
            break
        if letters in known and (words[at].capitals or not (end == at and _is_syllable(letters))):
            best = (end - at + 1, known[letters])
    return best


def _is_syllable(letters: str) -> bool:
    """Whether an abbreviation could be a word, so that only capitals show what it is."""
    return len(letters) == 1 or (len(letters) <= 3 and any(vowel in letters for vowel in "aeiouy"))


def first_words_of_pairs() -> frozenset[str]:
    """The first words of what is written in two ways."""
    return frozenset(_same())


def unified(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """One way to write bodies that are written in several (data/same.txt)."""
    known = _same()
    plain = tuple([word.plain for word in words])
    if known.keys().isdisjoint(plain):
        return words
    found: list[Word] = []
    at = 0
    while at < len(words):
        for left, right in known.get(plain[at], ()):
            if plain[at : at + len(left)] == left:
                found += right
                at += len(left)
                break
        else:
            found.append(words[at])
            at += 1
    return tuple(found)
