"""A directive's text cut into paragraphs and stretches, so that a page can mark what is a task."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from tasks.models import DirectiveText


@dataclass(frozen=True)
class Stretch:
    """A piece of text with the tasks that point at it; `is_open` when nobody decided about it yet."""

    text: str
    start: int
    end: int
    task_codes: tuple[str, ...] = ()
    is_open: bool = False


@dataclass(frozen=True)
class Paragraph:
    start: int
    stretches: list[Stretch] = field(default_factory=list)


def paragraphs_of(
    text: DirectiveText,
    spans: Iterable[tuple[int, int, str]] = (),
    open_sentences: Iterable[tuple[int, int]] = (),
) -> list[Paragraph]:
    """Cut the body at every border of a span.

    Args:
        spans: (start, end, task code) in code points; several may overlap.
        open_sentences: (start, end) of sentences that no task covers.
    """
    spans, open_sentences = list(spans), list(open_sentences)
    borders = {0, len(text.body)}
    for start, end, *_ in [*spans, *open_sentences]:
        borders |= {start, end}
    found, position = [], 0
    for line in text.body.split("\n"):
        start, end = position, position + len(line)
        position = end + 1
        if not line.strip():
            continue
        cuts = sorted({start, end} | {b for b in borders if start < b < end})
        stretches = [
            Stretch(
                text.body[a:b],
                a,
                b,
                tuple(code for s, e, code in spans if s <= a and b <= e),
                any(s <= a and b <= e for s, e in open_sentences),
            )
            for a, b in pairwise(cuts)
        ]
        found.append(Paragraph(start, stretches))
    return found
