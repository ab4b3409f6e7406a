"""How common names, years and places are: agreeing on a rare one says more (Fellegi and Sunter, 1969)."""

from collections import Counter
from collections.abc import Hashable, Iterable
from math import log2

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from veterans.duplicates.entries import Entry, Name

# Lists of a few hundred people do not tell how common a name is: everything is a little common there.
_SMOOTH, _PEOPLE = 5, 1_000
# Fewer people than live in one province are not expected.
_LEAST = 5_000
# So many people of a hundred stand there twice.
_SHARE = 0.06


class Frequencies:
    """Shares of names, years and places among the entries; everything in bits.

    Words of a name hang together (after A or Y other given names follow than after Nguyễn), so they are counted by family.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Count. entries: all that may be compared, or a sample of them."""
        self._names: Counter[tuple[str, ...]] = Counter()
        self._family: Counter[str] = Counter()
        self._middle: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self._given: Counter[tuple[str, str]] = Counter()
        self._years: Counter[int] = Counter()
        self._communes: Counter[Hashable] = Counter()
        self._hamlets: Counter[tuple[Hashable, str]] = Counter()
        people = 0
        for entry in entries:
            people += 1
            words = entry.names[0].words
            self._names[words] += 1
            self._family[words[0]] += 1
            self._middle[words[0], words[1:-1]] += 1
            self._given[words[0], words[-1]] += 1
            if entry.year:
                self._years[entry.year] += 1
            self._communes[entry.commune] += 1
            self._hamlets[entry.commune, entry.hamlet] += 1
        self._people = people + _PEOPLE
        self._vocabulary = list({given for _, given in self._given})
        self._alike: dict[str, list[str]] = {}
        self.prior = log2(_SHARE / max(people, _LEAST))

    def name(self, name: Name) -> float:
        """The bits that an equal whole name is worth: as many have it as are counted, at least as many as its parts let expect."""
        words = name.words
        family = self._family[words[0]] + _SMOOTH
        expected = (
            (self._middle[words[0], words[1:-1]] + _SMOOTH) * (self._given[words[0], words[-1]] + _SMOOTH) / family
            if len(words) > 1
            else family
        )
        return -log2(max(expected, self._names[words] - 1) / self._people)

    def family_and_given(self, name: Name) -> float:
        """The bits that equal first and last words are worth."""
        return -log2((self._given[name.words[0], name.words[-1]] + _SMOOTH) / self._people)

    def nearly(self, name: Name) -> float:
        """The bits that a name with a slip in its given name is worth: one slip away there are many other names."""
        words = name.words
        share = sum(self._given[words[0], other] for other in self._like(words[-1])) + _SMOOTH
        family = self._family[words[0]] + _SMOOTH
        middle = (self._middle[words[0], words[1:-1]] + _SMOOTH) / family
        return -log2(share * min(middle, 1.0) / self._people)

    def year(self, year: int) -> float:
        """The bits that an equal year of birth is worth."""
        return -log2((self._years[year] + _SMOOTH) / self._people)

    def commune(self, commune: Hashable) -> float:
        """The bits that an equal commune is worth."""
        return -log2((self._communes[commune] + _SMOOTH) / self._people)

    def hamlet(self, commune: Hashable, hamlet: str) -> float:
        """The bits that an equal hamlet is worth within an equal commune."""
        return -log2((self._hamlets[commune, hamlet] + 1) / (self._communes[commune] + _SMOOTH))

    def _like(self, word: str) -> list[str]:
        """The given names one slip away, and the word itself."""
        if word not in self._alike:
            found = extract(word, self._vocabulary, scorer=OSA.distance, score_cutoff=1, limit=None)
            self._alike[word] = [other for other, _, _ in found]
        return self._alike[word]
