"""Lines that were broken by a page's width are one paragraph, and a sentence over several of them is one sentence."""

import re
from collections.abc import Iterable, Sequence

from tasks.intake.lines import Paragraph, lines_of, paragraphs_of, width_of
from tasks.textcleaning import Span, uncovered

_ENDED = re.compile(r"[.;:!?…/][\"”’)\]]*$")


def paragraphs_in(body: str) -> list[Paragraph]:
    """The paragraphs as the reading joins them."""
    lines = lines_of(body)
    return list(paragraphs_of(lines, width_of(lines)))


def continued(body: str, paragraphs: Iterable[Paragraph]) -> set[int]:
    """Where the lines begin that go on with the line right before them."""
    found = set()
    for paragraph in paragraphs:
        for before, line in zip(paragraph.lines, paragraph.lines[1:], strict=False):
            start = line.start - line.indent
            if body[before.start + len(before.text) : start].strip(" \t") == "\n":
                found.add(start)
    return found


def open_sentences(body: str, taken: Sequence[Span], paragraphs: Iterable[Paragraph] | None = None) -> list[Span]:
    """The sentences that nothing touches, each with all of its lines.

    Arguments: taken, stretches of tasks and of what is no task; paragraphs, of paragraphs_in() where they are known.
    """
    goes_on = continued(body, paragraphs_in(body) if paragraphs is None else paragraphs)
    found: list[Span] = []
    for start, end in uncovered(body, taken):
        line = body.rfind("\n", 0, start) + 1
        joins = line in goes_on and not body[line:start].strip()
        if joins and found and not body[found[-1][1] : line].strip() and not _ENDED.search(body[: found[-1][1]][-3:]):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found
