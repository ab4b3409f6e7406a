"""How one task would be split: by its verbs, and the places where a person may cut it."""

import re
from dataclasses import dataclass

from tasks.drafting.editing import parts_of
from tasks.models import DirectiveTask

# A person cuts behind a sign, or before "và", "đồng thời": never inside a word.
_CUT = re.compile(r"(?<=[,;.:])\s+|\s+(?=(?:và|đồng thời|đồng chí|hoặc)\s)", re.IGNORECASE)
# So few signs are no task.
_LEAST = 8


@dataclass(frozen=True)
class ShownPart:
    """One order of a task as it would become a task of its own. words: as they stand in the text."""

    title: str
    words: tuple[str, ...]
    lead: tuple[str, ...]
    coordinating: tuple[str, ...]
    encouraged: bool


@dataclass(frozen=True)
class Stretch:
    """A stretch of the task's words; place: where it begins in the text; is_cut: whether one may cut before it."""

    words: str
    place: int
    is_cut: bool


def parts_to_show(task: DirectiveTask) -> list[ShownPart]:
    """The orders of a task, in the order of the text; fewer than two where nothing can be split by verbs."""
    span = task.first_span
    if span is None:
        return []
    body = span.text.body
    return [
        ShownPart(
            title=part.title,
            words=tuple(body[start:end] for start, end in part.spans),
            lead=part.lead,
            coordinating=part.coordinating,
            encouraged=part.encouraged,
        )
        for part in parts_of(task)
    ]


def cuts_of(task: DirectiveTask) -> list[Stretch]:
    """The first passage of a task between the places where it may be cut, in the order of the text."""
    span = task.first_span
    if span is None:
        return []
    body, found, start = span.text.body, [], span.start
    for gap in _CUT.finditer(body, span.start, span.end):
        if gap.end() - start < _LEAST or span.end - gap.end() < _LEAST:
            continue
        found.append(Stretch(body[start : gap.end()], start, is_cut=start != span.start))
        start = gap.end()
    return [*found, Stretch(body[start : span.end], start, is_cut=start != span.start)]
