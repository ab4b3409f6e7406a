"""The sentence that gives a task, marked in its own paragraph of the directive."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from directive_tracker.prepared import Prepared
from tasks.models import DirectiveTask, TaskSpan


@dataclass(frozen=True)
class Segment:
    """A stretch of a paragraph; marked where it gives the task."""

    text: str
    marked: bool


@dataclass(frozen=True)
class Passage:
    """One paragraph of the directive; from_picture: a program read it from a picture, it may be misread."""

    segments: tuple[Segment, ...]
    from_picture: bool = False


def passages_of(task: DirectiveTask) -> list[Passage]:
    """The paragraphs the task points at, in the order of the text; one statement."""
    return passages_in(_SPANS.rows(task.pk))


def _spans(task: int) -> QuerySet:
    return TaskSpan.objects.filter(task=task).select_related("text").order_by("text_id", "start")


_SPANS = Prepared(_spans)


def passages_in(spans: Iterable[TaskSpan]) -> list[Passage]:
    """The same of spans that are loaded with their text, in the order of the text."""
    paragraphs: dict[tuple[int, int, int], list[TaskSpan]] = {}
    for span in spans:
        start, end = paragraph_around(span.text.body, span.start, span.end)
        paragraphs.setdefault((span.text_id, start, end), []).append(span)
    return [
        Passage(
            tuple(mark(found[0].text.body, start, end, [(s.start, s.end) for s in found])),
            from_picture=found[0].text.is_from_picture,
        )
        for (_, start, end), found in paragraphs.items()
    ]


def paragraph_around(body: str, start: int, end: int) -> tuple[int, int]:
    """Where the lines that hold body[start:end] begin and end, without blanks at both ends."""
    first = body.rfind("\n", 0, start) + 1
    # A span may end with its own line break.
    last = body.find("\n", max(start, end - 1))
    last = len(body) if last < 0 else last
    while first < start and body[first].isspace():
        first += 1
    while last > end and body[last - 1].isspace():
        last -= 1
    return first, last


def mark(body: str, start: int, end: int, spans: list[tuple[int, int]]) -> list[Segment]:
    """Cut body[start:end] into marked and plain stretches; spans may touch or overlap."""
    merged: list[list[int]] = []
    for first, last in sorted(spans):
        first, last = max(first, start), min(last, end)
        if merged and first <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], last)
        elif last > first:
            merged.append([first, last])
    segments, at = [], start
    for first, last in merged:
        if first > at:
            segments.append(Segment(body[at:first], False))
        segments.append(Segment(body[first:last], True))
        at = last
    if at < end:
        segments.append(Segment(body[at:end], False))
    return segments
