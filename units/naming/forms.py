"""The names bodies go by, found by their words: exactly, without accents, run together, with a word or two misspelt."""

from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from units.naming.words import Word, plain_key

NO_ACCENTS = 90
OTHER_SPELLING = 80
ONE_SLIP = 70
TWO_SLIPS = 65
# Among so many names alike nobody can say which is meant.
_MOST_ALIKE = 1_000
_MOST_WORDS = 20
_LOOK_ALIKE = frozenset(
    frozenset(pair.split("/"))
    for pair in "y/v i/l l/t i/j o/c e/c h/b n/h u/n r/n m/n f/t g/q d/o a/o o/0 i/1 l/1 s/5 b/6 z/2 k/c".split()
)


# "unit" or "group", and its key.
Target = tuple[str, int]


class Form(NamedTuple):
    """One name of a body. target: a unit or a group, by kind and key. certain: 100 for a name of the day, less for others.

    placed: whether it says of which level or place ("tỉnh", "Đắk Hà").
    """

    target: Target
    words: tuple[Word, ...]
    certain: int
    placed: bool = True


class Hit(NamedTuple):
    """A body that may be meant, and how sure that is (1–100)."""

    target: Target
    certain: int
    placed: bool = True


class Forms:
    """The names of many bodies."""

    def __init__(self) -> None:
        self._all: list[Form] = []
        self._by_key: dict[str, list[Form]] = {}
        self._firsts: set[str] = set()
        self.vocabulary: set[str] = set()
        self.longest = 0

    def add(self, form: Form) -> None:
        """Learn a name; a body may have many."""
        if not form.words:
            return
        same = self._by_key.setdefault(plain_key(form.words), [])
        if any(one.target == form.target and one.certain >= form.certain and one.words == form.words for one in same):
            return
        same.append(form)
        self._all.append(form)
        self.vocabulary.update(word.plain for word in form.words)
        self.longest = max(self.longest, len(form.words))
        self._firsts.add(form.words[0].plain)

    def __iter__(self) -> Iterator[Form]:
        return iter(self._all)

    def may_begin(self, words: Sequence[Word]) -> bool:
        """Whether a name begins with the first of these words."""
        return words[0].plain in self._firsts

    def exact(self, words: Sequence[Word], certain: int, *, bare: bool) -> list[Hit]:
        """Bodies of that name. Arguments: certain, how sure the words are; bare, whether the text has no accents at all."""
        return [
            Hit(form.target, min(certain, form.certain, _accents(words, form, bare)), form.placed)
            for form in self._by_key.get(plain_key(words), ())
        ]

    def near(self, words: Sequence[Word], certain: int, known: frozenset[str]) -> list[Hit]:
        """Bodies whose name was run together or has one misspelt word, or two. Arguments: known, words that are no slips."""
        key = plain_key(words)
        found = [
            Hit(form.target, min(certain, form.certain, OTHER_SPELLING), form.placed)
            for form in self._joined.get(key.replace(" ", ""), ())
            if plain_key(form.words) != key
        ]
        # A word of another name is no slip: another office or another place is meant.
        strange = [place for place, word in enumerate(words) if word.plain not in known]
        if found or not 0 < len(strange) <= 2 or len(words) > _MOST_WORDS:
            return found
        forms = self._holes.get(_hole(words, strange[0]), []) if len(strange) == 1 else self._sharing(words, strange)
        if len(forms) > _MOST_ALIKE:
            return []
        surest = ONE_SLIP if len(strange) == 1 else TWO_SLIPS
        return [
            Hit(form.target, min(certain, form.certain, surest), form.placed)
            for form in forms
            if all(is_slip(words[place].plain, form.words[place].plain, len(strange)) for place in strange)
        ]

    def _sharing(self, words: Sequence[Word], strange: list[int]) -> list[Form]:
        """Names of as many words that have all the others of these at their places."""
        sure = [(place, word.plain) for place, word in enumerate(words) if place not in strange]
        lists = [self._standing.get((len(words), *one), []) for one in sure]
        rarest = min(lists, key=len, default=[])
        if len(rarest) > _MOST_ALIKE:
            return []
        return [form for form in rarest if all(form.words[place].plain == plain for place, plain in sure)]

    @cached_property
    def _joined(self) -> dict[str, list[Form]]:
        found: dict[str, list[Form]] = {}
        for key, forms in self._by_key.items():
            found.setdefault(key.replace(" ", ""), []).extend(forms)
        return found

    @cached_property
    def _holes(self) -> dict[str, list[Form]]:
        """Names by their words with one left out: a slip is behind one of as many keys as the name has words."""
        found: dict[str, list[Form]] = {}
        for form in self._all:
            for place in range(len(form.words)):
                found.setdefault(_hole(form.words, place), []).append(form)
        return found

    @cached_property
    def _standing(self) -> dict[tuple[int, int, str], list[Form]]:
        """Names by their length, a place in them and the word there."""
        found: dict[tuple[int, int, str], list[Form]] = {}
        for form in self._all:
            for place, word in enumerate(form.words):
                found.setdefault((len(form.words), place, word.plain), []).append(form)
        return found


def _hole(words: Sequence[Word], place: int) -> str:
    return f"{plain_key(words[:place])} * {plain_key(words[place + 1 :])}"


def _accents(words: Sequence[Word], form: Form, bare: bool) -> int:
    if all(one.marked == other.marked for one, other in zip(words, form.words, strict=True)):
        return 100
    return NO_ACCENTS if bare else OTHER_SPELLING


@lru_cache(maxsize=5_000)
def is_slip(typed: str, right: str, of_words: int = 1) -> bool:
    """Whether one word is the other with a letter or two wrong, left out or doubled; with one, where two words are wrong.

    In words of up to three letters, where another letter is another word, only for letters that look alike or are doubled.
    """
    if abs(len(typed) - len(right)) > 2 or not typed.isalnum() or typed == right:
        return False
    if min(len(typed), len(right)) <= 3:
        return _looks_alike(typed, right) or _is_doubled(typed, right) or _is_doubled(right, typed)
    allowed = 1 if max(len(typed), len(right)) <= 5 or of_words > 1 else 2
    return distance(typed, right, allowed) <= allowed


def _looks_alike(one: str, other: str) -> bool:
    if len(one) != len(other):
        return False
    wrong = [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
    return len(wrong) == 1 and frozenset(wrong[0]) in _LOOK_ALIKE


def _is_doubled(longer: str, shorter: str) -> bool:
    return len(longer) == len(shorter) + 1 and any(
        longer[:at] + longer[at + 1 :] == shorter and longer[at] == longer[at - 1] for at in range(1, len(longer))
    )


def distance(one: str, other: str, limit: int) -> int:
    """Letters to change, add, leave out or swap; limit + 1 where more are needed."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        older, before, row = before, row, [at]
        for place, wanted in enumerate(other, start=1):
            cost = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != wanted))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == wanted:
                cost = min(cost, older[place - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]
