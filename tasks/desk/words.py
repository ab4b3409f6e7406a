"""The words by which documents and tasks are found from anywhere: whole words without accents, kept in a table of their own.

A table of words and not a search inside texts, because an index serves the beginning of a word on both databases, also
of words as short as "1a".
"""

import re
from typing import Any

from django.db.models import CharField, Lookup

from directive_tracker.vietnamese import fold

LONGEST = 40
# "1a.2", "05-cv/tu"; in an address or a name the parts count as well.
_WORD = re.compile(r"[a-z0-9]+(?:[./-][a-z0-9]+)*")
_PART = re.compile(r"[a-z0-9]{2,}")
# After every letter and sign that a word may hold, before nothing that it may.
_AFTER = "{"


def words_of(text: str) -> set[str]:
    """Every word of a text that may be searched for: "05-CV/TU" gives "05-cv/tu", "05", "cv", "tu"."""
    found = set(_WORD.findall(fold(text)))
    parts = {part for word in found for part in _PART.findall(word)}
    return {word[:LONGEST] for word in found | parts}


def typed_words(text: str, *, most: int = 6) -> list[str]:
    """What somebody typed, as beginnings of words, each once and in its order; the first `most` of them."""
    found = dict.fromkeys(word[:LONGEST] for word in _WORD.findall(fold(text)))
    return list(found)[:most]


@CharField.register_lookup
class FromStart(Lookup):
    """`word__from_start="dak"`: begins with that, in a form that the index of the column serves on either database.

    For columns that hold signs of _WORD only: nothing there needs escaping.
    """

    lookup_name = "from_start"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """A range, which SQLite's comparison byte by byte reads as a beginning."""
        column, params = self.process_lhs(compiler, connection)
        return f"({column} >= %s AND {column} < %s)", [*params, self.rhs, *params, self.rhs + _AFTER]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """LIKE, which an index with varchar_pattern_ops serves whatever the collation."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} LIKE %s", [*params, f"{self.rhs}%"]
