"""The text as it is checked: every stretch with the tasks that point at it, what is open, what was set aside."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tasks.checking.lines import continued, paragraphs_in
from tasks.intake.lines import Paragraph
from tasks.intake.outline import Item, outline_of
from tasks.textcleaning import Span

# A heading offers to set aside what stands under it from so many open sentences on.
LEAST_IN_SECTION = 2


class Piece(NamedTuple):
    """A stretch without a border inside.

    tasks: ids of the tasks that point at it; begins, ends: those whose words begin or end with it.
    open: the sentence nobody decided about that it belongs to; aside: the stretch set aside; both as places.
    closes: whether that sentence or stretch ends with it. notes: marks of the footnotes called at its end.
    """

    text: str
    start: int
    end: int
    tasks: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    open: Span | None = None
    aside: Span | None = None
    closes: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A heading with what stands under it. waiting: open sentences in it."""

    start: int
    end: int
    waiting: int


@dataclass(frozen=True)
class CheckedParagraph:
    """One paragraph: a line, with the lines that go on with it."""

    start: int
    pieces: list[Piece]
    section: Section | None = None


def checked_paragraphs(
    body: str,
    spans: Sequence[tuple[int, int, int]],
    waiting: Sequence[Span],
    aside: Sequence[Span],
    footnotes: Iterable[dict] = (),
    read: Sequence[Paragraph] | None = None,
) -> list[CheckedParagraph]:
    """Cut the body at every border; time grows with the length.

    Arguments: spans, (start, end, id of the task), in the order of the tasks; waiting, the open sentences; aside, what
    is no task; footnotes, of the text; read, its paragraphs where they are known.
    """
    read = paragraphs_in(body) if read is None else read
    # Lines of head and foot stand alone, as they are printed.
    goes_on = continued(body, read) - {start for start, _ in aside}
    notes = _notes(footnotes)
    cutting = _Cutting(body, spans, waiting, aside, notes)
    sections = sections_of(body, waiting, aside, read)
    found, start = [], 0
    for line in body.split("\n"):
        end = start + len(line)
        if line.strip():
            inner = cutting.cuts[bisect_left(cutting.cuts, start + 1) : bisect_left(cutting.cuts, end)]
            places = zip([start, *inner], [*inner, end], strict=True)
            pieces = [cutting.piece(a, b, last=b == end) for a, b in places]
            if start in goes_on and found:
                _go_on(found[-1].pieces, start)
                found[-1].pieces.extend(pieces)
            else:
                found.append(CheckedParagraph(start, pieces, sections.get(start)))
        start = end + 1
    return found


def _go_on(pieces: list[Piece], start: int) -> None:
    """Put the line end before the next line: inside of what runs on over it."""
    last = pieces[-1]
    if last.ends or last.closes or last.notes:
        pieces.append(Piece("\n", start - 1, start))
    else:
        pieces[-1] = last._replace(text=f"{last.text}\n", end=start)


def _notes(footnotes: Iterable[dict]) -> dict[int, list[str]]:
    """The marks of the footnotes by the place where each is called."""
    found: dict[int, list[str]] = {}
    for note in footnotes:
        if note.get("at") is not None:
            found.setdefault(note["at"], []).append(str(note["mark"]))
    return found


class _Cutting:
    """What holds a stretch, asked in the order of the text."""

    def __init__(
        self,
        body: str,
        spans: Sequence[tuple[int, int, int]],
        waiting: Sequence[Span],
        aside: Sequence[Span],
        notes: dict[int, list[str]],
    ) -> None:
        self.body, self.notes = body, notes
        self.cuts = sorted({*notes, *(cut for place in [*spans, *waiting, *aside] for cut in place[:2])})
        self.order = {task: number for number, task in enumerate(dict.fromkeys(task for *_, task in spans))}
        self.coming = sorted(spans, reverse=True)
        self.running: list[tuple[int, int, int]] = []
        self.seen: set[int] = set()
        self.open, self.aside = _Walk(waiting), _Walk(aside)

    def piece(self, start: int, end: int, *, last: bool) -> Piece:
        """One stretch without a border inside. Arguments: last, of its line."""
        while self.coming and self.coming[-1][0] < end:
            self.running.append(self.coming.pop())
        self.running = [span for span in self.running if span[1] > start]
        tasks = self._ordered(task for *_, task in self.running)
        begins = tuple(task for task in tasks if task not in self.seen)
        self.seen.update(begins)
        waits = None if tasks else self.open.holding(start, end)
        aside = None if tasks or waits else self.aside.holding(start, end)
        held = waits or aside
        return Piece(
            text=self.body[start:end],
            start=start,
            end=end,
            tasks=tasks,
            begins=begins,
            ends=self._ordered(task for _, to, task in self.running if self._ends(to, end, last=last)),
            open=waits,
            aside=aside,
            closes=held is not None and self._ends(held[1], end, last=last),
            notes=tuple(self.notes.get(end, ())),
        )

    def _ordered(self, tasks: Iterable[int]) -> tuple[int, ...]:
        return tuple(sorted(set(tasks), key=self.order.__getitem__))

    def _ends(self, to: int, end: int, *, last: bool) -> bool:
        """Whether a stretch up to there ends here; blanks and a line end behind the line's words count for nothing."""
        return to <= end or (last and not self.body[end:to].strip())


class _Walk:
    """Stretches in order, asked for rising places."""

    def __init__(self, places: Iterable[Span]) -> None:
        self.places, self.at = sorted(places), 0

    def holding(self, start: int, end: int) -> Span | None:
        """The first stretch that holds all of it."""
        while self.at < len(self.places) and self.places[self.at][1] <= start:
            self.at += 1
        for place in self.places[self.at :]:
            if place[0] > start:
                return None
            if end <= place[1]:
                return place
        return None


# --- sections -------------------------------------------------------------------------------------


def sections_of(
    body: str, waiting: Sequence[Span], aside: Sequence[Span] = (), read: Sequence[Paragraph] | None = None
) -> dict[int, Section]:
    """The headings with open sentences under them, by the place of their line; none that is set aside itself."""
    starts = sorted(start for start, _ in waiting)
    if len(starts) < LEAST_IN_SECTION:
        return {}
    outline = outline_of(paragraphs_in(body) if read is None else read)
    items = list(outline.walk())
    ends: dict[int, int] = {}
    # Children come after what they stand under, so the last ones are measured first.
    for item in reversed(items):
        ends[id(item)] = max([item.own.end if item.own.places else 0, *_below(item, ends)])
    found: dict[int, Section] = {}
    set_aside = {start for start, _ in aside}
    for item in items:
        if not (item.children or item.loose):
            continue
        # Blanks before a heading do not belong to its line's words, but to the line.
        start = body.rfind("\n", 0, item.own.lines[0].start) + 1
        count = bisect_left(starts, ends[id(item)]) - bisect_left(starts, start)
        if count >= LEAST_IN_SECTION and start not in set_aside:
            found.setdefault(start, Section(start, ends[id(item)], count))
    return found


def _below(item: Item, ends: dict[int, int]) -> list[int]:
    return [ends[id(child)] for child in item.children] + [paragraph.end for paragraph in item.loose]
