"""What a written name means on a day: a unit, a group, several of them, or nothing."""

from dataclasses import dataclass
from datetime import date

from units.models import Unit, UnitGroup
from units.naming.finding import Finder
from units.naming.forms import Hit, Target
from units.naming.issuer import NOBODY, Issuer
from units.naming.issuers import Issuers
from units.naming.lists import Lists
from units.naming.nearby import Nearby
from units.naming.reading import known_on
from units.naming.words import PARTING, plain_tokens, prepared, words_of

_MOST_KEPT = 2_000
# A name has few words that no name has: a slip, an abbreviation with signs in it.
_STRANGE_WORDS = 4
_WORDS_FOR_ONE_STRANGE = 10
_LONGEST_WORD = 40
# "các huyện" is left out of a list before its parts are read.
_LEFT_OUT = 4
# Words that leave open who is meant.
_OPEN = (" lien quan ", " khac ")


@dataclass(frozen=True)
class Match:
    """One body a name means: a unit or a group. confidence: 1 … 100; 60 is the least for a match, alternatives stay below."""

    unit: Unit | None
    group: UnitGroup | None
    confidence: int


class Namebook:
    """Names of units and groups on one day, read from the database once (eight statements)."""

    def __init__(self, *, on: date) -> None:
        self.day = on
        self._finder = Finder(known_on(on))
        self._lists = Lists(self._finder)
        self._nearby = Nearby(self._finder)
        self._reads_issuers = Issuers(self._finder)
        self._issuers: dict[str, Issuer] = {}
        self._found: dict[tuple[str, str], tuple[Match, ...]] = {}

    def match(self, written: str, *, issuer: str = "") -> tuple[Match, ...]:
        """The bodies a name means; () where it stays text and a person is asked.

        Several where one name means several. A list of which one part is not known is not matched at all, so that what is
        left over is not lost.
        Arguments: written, the name as it stands in the document; issuer, who issued it, "" where that is not known.
        """
        key = (written, issuer)
        if key not in self._found:
            if len(self._found) >= _MOST_KEPT:
                self._found.clear()
            self._found[key] = self._match(written, self._issuer(issuer))
        return self._found[key]

    def alternatives(self, written: str, *, limit: int = 5) -> tuple[Match, ...]:
        """Bodies that may be meant instead, the likeliest first, each below what counts as a match.

        For a body that had ended that day its successors are among them. Arguments: written, as in match; limit, how many.
        """
        matched = {hit.target for hit in self._hits(written, NOBODY)}
        near = self._nearby.to(prepared(written), leave_out=matched, limit=limit)
        return tuple(self._as_match(hit) for hit in near)

    def _match(self, written: str, issuer: Issuer) -> tuple[Match, ...]:
        return tuple(self._as_match(hit) for hit in self._hits(written, issuer))

    def _hits(self, written: str, issuer: Issuer) -> list[Hit]:
        text = prepared(written)
        tokens = plain_tokens(text)
        if not tokens or _is_open(tokens) or self._is_strange(tokens) or self._has_no_end(tokens):
            return []
        words, bare = words_of(text, tokens), text.isascii()
        hits = self._finder.one(words, issuer, bare=bare, slips=True) or self._lists.find(words, issuer, bare=bare)
        surest: dict[Target, Hit] = {}
        for hit in hits:
            if hit.target not in surest or hit.certain > surest[hit.target].certain:
                surest[hit.target] = hit
        return list(surest.values())

    def _is_strange(self, tokens: list[str]) -> bool:
        """Whether so many words are in no name that it is none."""
        known = self._finder.vocabulary
        strange = [token for token in tokens if token not in known]
        return len(strange) > _STRANGE_WORDS + len(tokens) // _WORDS_FOR_ONE_STRANGE or any(
            len(token) > _LONGEST_WORD for token in strange
        )

    def _has_no_end(self, tokens: list[str]) -> bool:
        """Whether so many words follow each other without a sign or an "và" that no name is so long."""
        longest = self._finder.longest + _LEFT_OUT
        if len(tokens) <= longest:
            return False
        length = 0
        for token in tokens:
            length = 0 if token in PARTING else length + 1
            if length > longest:
                return True
        return False

    def _issuer(self, written: str) -> Issuer:
        if not written.strip():
            return NOBODY
        if written not in self._issuers:
            self._issuers[written] = self._reads_issuers.read(words_of(prepared(written)))
        return self._issuers[written]

    def _as_match(self, hit: Hit) -> Match:
        kind, key = hit.target
        known = self._finder.known
        return Match(
            unit=known.units[key] if kind == "unit" else None,
            group=known.groups[key] if kind == "group" else None,
            confidence=hit.certain,
        )


def _is_open(tokens: list[str]) -> bool:
    """ "các đơn vị liên quan"."""
    text = f" {' '.join(tokens)} "
    return any(words in text for words in _OPEN)
