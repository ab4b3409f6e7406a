"""The stored key by which somebody is found: every name without accents and case, between upright strokes.

"K'Sor" and "Rơ-Châm" are also typed "KSor", "K Sor", "Rơ Châm": a name with a sign inside is kept in these spellings too,
behind the names as they are written.
"""

import re
from collections.abc import Sequence

from directive_tracker import vietnamese

LONGEST = 500
# Apostrophes and hyphens as they are typed, printed and turned by word processors.
_JOINS = re.compile("['’‘ʼ`´′‐‑‒–—-]+")


def parts(folded: str) -> list[str]:
    """What stands between apostrophes and hyphens: "k'sor" → ["k", "sor"]."""
    return [part for part in _JOINS.split(folded) if part]


def search_key(full_name: str, other_names: Sequence[str] = ()) -> str:
    """Stroke, name, stroke: "|nguyen van hoa||"; with other names "|nguyen van hoa|ba hoa|"; "K'Sor" gives "|k'sor||ksor|k sor|".

    At most LONGEST signs; of what does not fit further spellings are left out first.
    """
    names = [vietnamese.fold(name) for name in (full_name, *other_names)]
    key = f"|{names[0]}|{'|'.join(names[1:])}|"[:LONGEST]
    for name in names:
        for spelling in _spellings(name):
            if len(key) + len(spelling) < LONGEST:
                key += f"{spelling}|"
    return key


def _spellings(folded: str) -> list[str]:
    """A name without its signs, and with blanks for them; nothing where it has none."""
    if not _JOINS.search(folded):
        return []
    joined, apart = _JOINS.sub("", folded), " ".join(_JOINS.sub(" ", folded).split())
    return list(dict.fromkeys(name for name in (" ".join(joined.split()), apart) if name and name != folded))
