"""What is compared of a person: plain tuples, the same for a row of a list and an entry of the registry."""

import re
from collections.abc import Hashable, Iterable
from functools import lru_cache
from typing import NamedTuple

from directive_tracker import vietnamese

# Words that say what kind of place it is; lists leave them out or take another one.
_KINDS = re.compile(r"^(thon|lang|plei|buon|ban|ap|khu|khoi|to dan pho|tdp|to)\.?\s*(so\s+)?(?=\S)")
_TOWN = {"to dan pho", "tdp", "to", "khoi", "khu"}
_SIGNS = re.compile(r"[^a-z0-9]+")


class Name(NamedTuple):
    """A name in the two forms it is compared in. words: folded; marked: small letters with their marks."""

    words: tuple[str, ...]
    marked: str
    is_plain: bool
    key: tuple[str, ...]


class Entry(NamedTuple):
    """One mention of a person. "" or None where nothing is known; nothing is guessed.

    key: how the caller knows it; names: the name and other names; year, day (month, day); id_mark: something equal for equal numbers (the
    digits, or a blind index), id_digits: 9 or 12; phone_mark likewise; sex: "male" or "female".
    """

    key: Hashable
    names: tuple[Name, ...]
    year: int | None = None
    day: tuple[int, int] | None = None
    is_estimated: bool = False
    commune: Hashable = None
    hamlet: str = ""
    id_mark: str = ""
    id_digits: int = 0
    phone_mark: str = ""
    sex: str = ""
    categories: frozenset[str] = frozenset()


@lru_cache(maxsize=200_000)
def name(words: str) -> Name:
    """A name ready for comparing. words: as written, one name."""
    # O'Neil, H'Byuh, Ka-Long: signs inside a word are written or not.
    marked = " ".join(re.sub(r"[-'’.]", "", vietnamese.nfc(words).lower()).split())
    folded = tuple(vietnamese.fold(marked).split()) or ("",)
    return Name(folded, marked, marked.isascii(), tuple(sorted(folded)))


def names(full_name: str, other_names: str = "") -> tuple[Name, ...]:
    """The name, and each of the other names, which are divided by ";"."""
    return (name(full_name), *(name(each) for each in other_names.split(";") if each.strip()))


@lru_cache(maxsize=50_000)
def hamlet(words: str) -> str:
    """A hamlet or address so that the usual spellings are equal: "Thôn Long Lai", "làng Long-Lai" → "longlai".

    A number alone keeps what it counts: "Thôn 3" and "Tổ 3" are two places.
    """
    folded = vietnamese.fold(words)
    kind = _KINDS.match(folded)
    rest = _SIGNS.sub("", folded[kind.end() :] if kind else folded)
    if kind and rest.isdigit():
        return ("to" if kind[1] in _TOWN else "thon") + str(int(rest))
    return rest


def categories(values: Iterable[str]) -> frozenset[str]:
    """The groups that say something; "other" fits everybody."""
    return frozenset(str(each) for each in values if each != "other")
