"""Which entries are compared at all (blocking), and the pairs that are proposed."""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterator, Sequence
from typing import NamedTuple

from veterans.duplicates.entries import Entry
from veterans.duplicates.frequencies import Frequencies
from veterans.duplicates.weights import LEAST, compare

# A heap that holds more (a list without hamlets, a number that stands in every row) is walked with a window:
# each entry against so many that follow it in the order of names, so that the work stays in proportion to the people.
_HEAP, _WINDOW = 250, 60
# A number that stands so often is no person's: somebody filled the column down.
_FILLED_DOWN = 20


class Found(NamedTuple):
    """A pair to propose: places of the two entries (smaller first), score from 0 to 100, reasons."""

    first: int
    second: int
    score: int
    reasons: tuple[str, ...]


def keys_of(entry: Entry) -> Iterator[Hashable]:
    """Under which heaps an entry stands; two entries are compared when they share one.

    An equal number, an equal telephone, the same words of the name in a commune, a day of birth, and within a hamlet a given
    name, or a family name with a year of birth one apart at most.
    """
    if entry.id_mark:
        yield "i", entry.id_mark
    if entry.phone_mark:
        yield "p", entry.phone_mark
    for name in entry.names:
        yield "n", name.key, entry.commune
        if entry.day and entry.year:
            yield "d", entry.year, entry.day, name.words[0]
            yield "e", entry.year, entry.day, name.words[-1]
        if entry.hamlet:
            yield "g", entry.commune, entry.hamlet, name.words[-1]
            family = name.words[0]
            if entry.year:
                yield "f", entry.commune, entry.hamlet, family, entry.year
                yield "f", entry.commune, entry.hamlet, family, entry.year + 1
            else:
                yield "f", entry.commune, entry.hamlet, family, None


def find(
    entries: Sequence[Entry], *, new: Collection[int] | None = None, counted: Frequencies | None = None
) -> list[Found]:
    """The pairs to propose, best first.

    Args:
        entries: everybody; memory grows with them and with the pairs found, never with the comparisons.
        new: places of entries of which one has to be in a pair; None compares all with all.
        counted: how common names are, where `entries` are not enough to tell.
    """
    entries = _without_filler(entries)
    counted = counted or Frequencies(entries)
    heaps: dict[Hashable, list[int]] = defaultdict(list)
    for place, entry in enumerate(entries):
        for key in keys_of(entry):
            heaps[key].append(place)
    fresh = None if new is None else frozenset(new)
    found: dict[tuple[int, int], Found] = {}
    for heap in heaps.values():
        if len(heap) == 1:
            continue
        for first, second in _together(heap, entries):
            if first == second or (first, second) in found:
                continue
            if fresh is not None and first not in fresh and second not in fresh:
                continue
            score, reasons = compare(entries[first], entries[second], counted)
            if score >= LEAST:
                found[first, second] = Found(first, second, score, reasons)
    return sorted(found.values(), key=lambda pair: (-pair.score, pair.first, pair.second))


def _without_filler(entries: Sequence[Entry]) -> Sequence[Entry]:
    """The entries without numbers and telephones that many of them have."""
    marks = Counter(mark for entry in entries for mark in (entry.id_mark, entry.phone_mark) if mark)
    filler = {mark for mark, count in marks.items() if count > _FILLED_DOWN}
    if not filler:
        return entries
    return [
        entry._replace(
            id_mark="" if entry.id_mark in filler else entry.id_mark,
            phone_mark="" if entry.phone_mark in filler else entry.phone_mark,
        )
        for entry in entries
    ]


def _together(heap: list[int], entries: Sequence[Entry]) -> Iterator[tuple[int, int]]:
    """The pairs of a heap, smaller place first."""
    window = len(heap)
    if window > _HEAP:
        window = _WINDOW
        heap = sorted(heap, key=lambda place: (entries[place].names[0].key, entries[place].year or 0, place))
    for at, one in enumerate(heap):
        for other in heap[at + 1 : at + 1 + window]:
            yield (one, other) if one < other else (other, one)
