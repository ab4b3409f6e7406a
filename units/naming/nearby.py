"""Bodies whose names are like what is written: offered where nothing is sure."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from math import log

from units.naming.finding import Finder
from units.naming.forms import Form, Hit, Target, distance
from units.naming.words import Word, phrase_with_signs, readings, unified, without_separators, words_of

_MOST_WORDS = 30
_MOST_OF_A_WORD = 300
_LEAST, _MOST = 20, 59
_TOO_SHORT, _LONGEST_WORD = 3, 20
_OF_THE_PLACE = 0.9


class Nearby:
    """Names by their words."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        self._by_word: dict[str, list[int]] | None = None
        self._shapes: dict[str, list[str]] = defaultdict(list)
        self._names: list[tuple[frozenset[str], Target]] = []

    def to(self, text: str, *, leave_out: set[Target], limit: int) -> list[Hit]:
        """The likeliest bodies. Arguments: text, prepared; leave_out, targets not to name; limit, how many."""
        if self._by_word is None:
            self._by_word = self._read()
        scores: dict[Target, float] = {}
        for reading in readings(words_of(text)[:_MOST_WORDS]):
            own = without_separators(reading.words)
            for words in {own, unified(own)}:
                self._score([word.plain for word in words], scores)
            self._score_place(own, scores)
        ranked = sorted(
            ((score, target) for target, score in scores.items() if target not in leave_out),
            key=lambda pair: (-pair[0], self._place(pair[1])),
        )
        found = [Hit(target, min(_MOST, round(_MOST * score))) for score, target in ranked[:limit]]
        return [hit for hit in found if hit.certain >= _LEAST]

    def _place(self, target: Target) -> tuple[int, int]:
        kind, key = target
        return (0, self._finder.known.units[key].sort_order) if kind == "unit" else (1, key)

    def _read(self) -> dict[str, list[int]]:
        known = self._finder.known
        for form in self._finder.forms:
            self._keep(form)
        for form in self._finder.groups.forms:
            self._keep(form)
        for key, unit in known.ended.items():
            heirs = [("unit", heir) for heir in self._heirs(key)]
            for name in {*known.names[key], *known.other_names.get(key, ()), unit.name}:
                words = _parts([word.plain for word in without_separators(phrase_with_signs(name))])
                self._names += [(words, heir) for heir in heirs]
        found: dict[str, list[int]] = defaultdict(list)
        for place, (words, _) in enumerate(self._names):
            for word in words:
                found[word].append(place)
        for word in found:
            if word.isalpha() and len(word) >= _TOO_SHORT:
                for shape in _shapes(word):
                    self._shapes[shape].append(word)
        return dict(found)

    def _keep(self, form: Form) -> None:
        self._names.append((_parts([word.plain for word in form.words]), form.target))

    def _heirs(self, key: int) -> set[int]:
        """Who follows a unit that has ended, over several steps, of those that exist that day."""
        known = self._finder.known
        found, seen, left = set(), set(), [key]
        while left:
            one = left.pop()
            if one in seen:
                continue
            seen.add(one)
            if one in known.units:
                found.add(one)
            else:
                left += known.successors.get(one, [])
        return found

    def _weight(self, word: str) -> float:
        """Rare words say more."""
        return log(1 + len(self._names) / (1 + len(self._by_word.get(word, ()))))

    def _score(self, words: list[str], scores: dict[Target, float]) -> None:
        known = _parts([self._like(word) for word in words])
        shared: dict[int, float] = defaultdict(float)
        for word in known:
            for place in self._by_word.get(word, ())[:_MOST_OF_A_WORD]:
                shared[place] += self._weight(word)
        total = sum(self._weight(word) for word in known)
        for place, weight in shared.items():
            own, target = self._names[place]
            score = 2 * weight / (total + sum(self._weight(word) for word in own))
            if score > scores.get(target, 0):
                scores[target] = score

    def _score_place(self, words: Sequence[Word], scores: dict[Target, float]) -> None:
        """A body of a district or commune that is not kept: the unit of the place."""
        for at in range(len(words)):
            for area in self._finder.places.called(words[at:]):
                for unit in self._finder.known.of_area.get(area, ()):
                    target = ("unit", unit)
                    scores[target] = max(scores.get(target, 0.0), _OF_THE_PLACE)

    def _like(self, word: str) -> str:
        """The word, or a known one that differs by a letter."""
        if word in self._by_word or not _TOO_SHORT <= len(word) <= _LONGEST_WORD:
            return word
        near = {one for shape in _shapes(word) for one in self._shapes.get(shape, ())}
        return min((one for one in near if distance(word, one, 1) <= 1), default=word)


def _shapes(word: str) -> set[str]:
    """The word and what is left of it without one letter: words a letter apart have one of these in common."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _parts(words: list[str]) -> frozenset[str]:
    """The words, those that stand side by side, and the first as such."""
    return frozenset(words) | {f"^{words[0]}" for _ in words[:1]} | {" ".join(pair) for pair in pairwise(words)}
