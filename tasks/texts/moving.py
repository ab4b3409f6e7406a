"""Where the words of one text stand in another version of it. Pure: two strings in, places out."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cached_property
from itertools import islice

from tasks.textcleaning import Span, paragraphs

# So many signs before a footnote's place say where it stands.
BEFORE_NOTE = 30


def _alike_at_the_beginning(old: str, new: str) -> int:
    """How many signs the two have in common before the first difference."""
    least = min(len(old), len(new))
    if old[:least] == new[:least]:
        return least
    return next(place for place, (a, b) in enumerate(zip(old, new, strict=False)) if a != b)


class Mover:
    """Finds places of the old text again in the new one."""

    def __init__(self, old: str, new: str):
        self.old, self.new = old, new
        self.head = _alike_at_the_beginning(old, new)
        tail = _alike_at_the_beginning(old[::-1], new[::-1])
        # What both begin with is not counted a second time from the end.
        self.tail = min(tail, len(old) - self.head, len(new) - self.head)

    def exact(self, start: int, end: int) -> Span | None:
        """Where the same words stand, line ends and blanks aside: at a place nothing before or behind which changed, or
        exactly once. None where neither is so."""
        shifted = self._untouched(start, end)
        if shifted is not None:
            return shifted
        found = list(islice(_standing(self.old[start:end], self.new), 2))
        return found[0] if len(found) == 1 else None

    def alike(self, start: int, end: int) -> Span | None:
        """As `exact`; of words that stand as often in both texts, the first is the first, the second the second."""
        place = self.exact(start, end)
        if place is not None:
            return place
        words = self.old[start:end]
        before, after = list(_standing(words, self.old)), list(_standing(words, self.new))
        at = next((number for number, found in enumerate(before) if found[0] >= start), None)
        return after[at] if at is not None and len(before) == len(after) else None

    def near(self, start: int, end: int) -> Span | None:
        """As `exact`; else the lines that stand in the place of those in which the words begin and end."""
        place = self.exact(start, end)
        if place is not None:
            return place
        first, last = self._line_at(start), self._line_at(max(start, end - 1))
        if first is None or last is None or first[0] >= last[1]:
            return None
        return first[0], last[1]

    def after(self, place: int | None) -> int | None:
        """A single place, found by the words before it; None where these are gone."""
        if place is None or place <= self.head:
            return place
        if place >= len(self.old) - self.tail:
            return place + len(self.new) - len(self.old)
        found = self.exact(max(0, place - BEFORE_NOTE), place)
        return found[1] if found else None

    def _untouched(self, start: int, end: int) -> Span | None:
        if end <= self.head:
            return start, end
        if start >= len(self.old) - self.tail:
            by = len(self.new) - len(self.old)
            return start + by, end + by
        return None

    def _line_at(self, place: int) -> Span | None:
        number = next((at for at, (a, b) in enumerate(self._old_lines) if a <= place < b), None)
        return self._pairs.get(number) if number is not None else None

    @cached_property
    def _old_lines(self) -> list[Span]:
        return list(paragraphs(self.old))

    @cached_property
    def _pairs(self) -> dict[int, Span]:
        """Number of a line of the old text → the place of the line that took its place."""
        new_lines = list(paragraphs(self.new))
        before = [self.old[a:b] for a, b in self._old_lines]
        after = [self.new[a:b] for a, b in new_lines]
        pairs = {}
        for _, a, b, c, d in SequenceMatcher(None, before, after).get_opcodes():
            if b - a == d - c:
                pairs.update({a + step: new_lines[c + step] for step in range(b - a)})
        return pairs


def _standing(words: str, text: str) -> Iterator[Span]:
    """Where these whole words stand in the text, whatever blanks and line ends are between them."""
    pieces = words.split()
    if not pieces:
        return
    begins = r"(?<!\w)" if pieces[0][0].isalnum() else ""
    ends = r"(?!\w)" if pieces[-1][-1].isalnum() else ""
    pattern = begins + r"\s+".join(re.escape(piece) for piece in pieces) + ends
    for found in re.finditer(pattern, text):
        yield found.span()
