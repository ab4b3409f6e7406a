"""Units and groups under the short keys that addresses and forms of the matrix use: "u12", "g3"."""

import re
from collections.abc import Iterable
from datetime import date

from directive_tracker.vietnamese import fold
from tasks.drafting.assigning import Body
from units.models import Unit, UnitGroup

# Ids of rows have at most so many digits.
_KEY = re.compile(r"([ug])([0-9]{1,12})")
# So many columns may be added or opened by an address.
MOST_KEYS = 100
# So many are shown of what a word finds.
FOUND = 20


def key_of(body: Body) -> str:
    return f"u{body.pk}" if isinstance(body, Unit) else f"g{body.pk}"


def parse_key(text: str) -> tuple[str, int] | None:
    """ "u12" → ("u", 12); None for what is no key."""
    found = _KEY.fullmatch(text)
    return (found[1], int(found[2])) if found else None


def keys_in(text: str) -> list[str]:
    """The keys of a list with commas, each once, without what is none."""
    return [key for key in dict.fromkeys(text.split(",")) if parse_key(key)][:MOST_KEYS]


def bodies_of(keys: Iterable[str], *, on: date) -> dict[str, Body]:
    """Key → body, in the order of the keys; what is not there that day is absent. At most two statements."""
    parsed = {key: parsed for key in keys if (parsed := parse_key(key)) is not None}
    wanted: dict[str, list[int]] = {"u": [], "g": []}
    for kind, pk in parsed.values():
        wanted[kind].append(pk)
    found: dict[str, Body] = {}
    if wanted["u"]:
        found |= {key_of(unit): unit for unit in Unit.objects.valid_on(on).filter(pk__in=wanted["u"])}
    if wanted["g"]:
        found |= {key_of(group): group for group in UnitGroup.objects.filter(pk__in=wanted["g"])}
    return {key: found[key] for key in parsed if key in found}


def find_bodies(text: str, *, on: date) -> list[Body]:
    """Groups, then units, whose names hold all the words, without accents; at most FOUND of each (two statements)."""
    # PostgreSQL takes no NUL in a text.
    words = fold(text.replace("\x00", " "))[:80].split()
    if not words:
        return []
    units = Unit.objects.valid_on(on).in_official_order()
    for word in words:
        units = units.filter(search_key__contains=word)
    # A handful of rows, without a folded column of their own.
    groups = [group for group in UnitGroup.objects.all() if all(word in fold(group.name) for word in words)]
    return [*groups[:FOUND], *units[:FOUND]]
