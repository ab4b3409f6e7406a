"""The 54 ethnic groups by one name each; another way of writing one is known again, anything else stays as written."""

import json
from functools import cache
from pathlib import Path

from directive_tracker import vietnamese

_FILE = Path(__file__).parent / "data" / "ethnic_groups.json"


@cache
def groups() -> tuple[tuple[str, ...], ...]:
    """One tuple a group: the registry's name first, then other ways of writing it."""
    return tuple(tuple(names) for names in json.loads(_FILE.read_text(encoding="utf-8"))["groups"])


@cache
def names() -> tuple[str, ...]:
    """The registry's names, in the order of the alphabet."""
    return tuple(sorted((names[0] for names in groups()), key=vietnamese.fold))


@cache
def _by_key() -> dict[str, str]:
    own = [(names[0], names[0]) for names in groups()]
    # The registry's own names win over other groups' aliases, what was typed with accents over what was not.
    found: dict[str, str] = {}
    for written, name in (*own, *_aliases(), *((vietnamese.fold(each), name) for each, name in own)):
        found.setdefault(_key(written), name)
    return found


def _aliases() -> list[tuple[str, str]]:
    return [(other, names[0]) for names in groups() for other in names[1:]]


def _key(written: str) -> str:
    """Equal for spellings that differ in case, blanks, hyphens and apostrophes; tones count (Thổ is not Thô)."""
    return "".join(sign for sign in vietnamese.nfc(written).casefold() if sign.isalpha())


def name_of(written: str) -> str:
    """The registry's name of the group, or what was written where it is none of the 54."""
    plain = " ".join(vietnamese.nfc(written).split())
    return _by_key().get(_key(plain), plain)
