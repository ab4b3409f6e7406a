"""From a document's text as it came to the clean text whose code points everything else counts."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from directive_tracker.vietnamese import nfc

Span = tuple[int, int]


class CleanText(NamedTuple):
    """The body without marks; footnotes apart: {"mark": "1", "text": "…", "at": place in the body or None}."""

    body: str
    footnotes: list[dict]


_FOOTNOTE = re.compile(r"^<sup>(\w{1,3})</sup>\s*(\S.*)$")
_REFERENCE = re.compile(r"<sup>(\w{1,3})</sup>")
_HEADING = re.compile(r"^#{1,6}\s+")
# Not between letters or figures: "20*30*40" is no emphasis.
_STARS = re.compile(r"(?<![\w*])(\*{1,3})(?=[^\s*])([^*]*?)(?<=[^\s*])\1(?![\w*])")
# Line ends stay; other controls have no place in a text, and PostgreSQL refuses NUL.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\u200b]")
# Stands where a footnote was referred to until the line is clean and the place can be counted.
_PLACE = re.compile("\x02(\\w{1,3})\x03")

_MARKER = re.compile(r"\s*(?:[-–•*+]\s+|(?:\d{1,2}|[IVX]{1,5}|[a-zđ]{1,2})[.)]\s+)*")
_END = re.compile(r"[.!?…;]+[\"”’)]*\s+")
_ABBREVIATIONS = (
    "tp.",
    "tx.",
    "tt.",
    "p.",
    "q.",
    "ts.",
    "gs.",
    "pgs.",
    "ths.",
    "đ.",
    "số.",
    "kt.",
    "tm.",
    "tl.",
    "vv.",
)


def clean(original: str) -> CleanText:
    """Take away markdown marks, <sup>, trailing blanks and needless empty lines; set footnotes apart.

    Arguments: original, the text as decoded. Pure and repeatable: cleaning a clean body changes nothing.
    Errors: none.
    """
    text = _CONTROLS.sub("", nfc(original).replace("\r\n", "\n").replace("\r", "\n"))
    lines: list[str] = []
    notes: list[dict] = []
    for raw in text.split("\n"):
        line = raw.rstrip()
        if footnote := _FOOTNOTE.match(line):
            notes.append({"mark": footnote[1], "text": _plain(footnote[2]), "at": None})
            continue
        line = _REFERENCE.sub("\x02\\1\x03", line)
        line = _plain(line)
        if line or (lines and lines[-1]):
            lines.append(line)
    return _place_footnotes("\n".join(lines).strip("\n"), notes)


def _plain(line: str) -> str:
    """One line without marks of headings and emphasis."""
    previous = None
    line = _HEADING.sub("", line)
    while previous != line:
        previous, line = line, _STARS.sub(r"\2", line)
    return line.rstrip()


def _place_footnotes(text: str, notes: list[dict]) -> CleanText:
    """Take the references out of the text and note for each footnote where it was called."""
    parts, places, end, length = [], {}, 0, 0
    for found in _PLACE.finditer(text):
        parts.append(text[end : found.start()])
        length += found.start() - end
        places.setdefault(found[1], length)
        end = found.end()
    parts.append(text[end:])
    for note in notes:
        note["at"] = places.get(note["mark"])
    return CleanText("".join(parts), notes)


def paragraphs(body: str) -> Iterator[Span]:
    """The places of the lines that are not empty."""
    start = 0
    for line in body.split("\n"):
        if line.strip():
            yield start, start + len(line)
        start += len(line) + 1


def sentences(body: str) -> list[Span]:
    """The places of the sentences, without list marks and blanks around them.

    A semicolon ends one too: directives chain their orders with it. Nothing ends inside brackets, so
    "(07/5/1954 - 07/5/2024)" and a whole "(… ; …)" stay together; nor after "TP." and its like, nor
    where the text goes on with a small letter after a full stop.
    """
    found = []
    for start, end in paragraphs(body):
        place = _MARKER.match(body, start, end).end()  # type: ignore[union-attr]
        if place >= end:
            continue
        for match in _END.finditer(body, place, end):
            if _ends_here(body[place : match.end()], body[match.end() : match.end() + 1]):
                found.append((place, match.start() + len(match[0].rstrip())))
                place = match.end()
        if place < end:
            found.append((place, end))
    return found


def _ends_here(before: str, following: str) -> bool:
    """Whether the sign before the blank ends a sentence."""
    words = before.rstrip()
    if words.count("(") > words.count(")"):
        return False
    if words.endswith(";"):
        return True
    last = words.rsplit(maxsplit=1)[-1].casefold()
    return not following.islower() and last not in _ABBREVIATIONS


def uncovered(body: str, taken: Iterable[Span]) -> list[Span]:
    """The places of the sentences that none of these stretches touches.

    Arguments: taken, stretches of the body in any order; they may overlap.
    """
    borders: list[list[int]] = []
    for start, end in sorted(taken):
        if borders and start <= borders[-1][1]:
            borders[-1][1] = max(borders[-1][1], end)
        else:
            borders.append([start, end])
    starts, ends = [start for start, _ in borders], [end for _, end in borders]
    found = []
    for start, end in sentences(body):
        # The last stretch that begins before the sentence ends reaches into it, or none does.
        before = bisect_left(starts, end) - 1
        if before < 0 or ends[before] <= start:
            found.append((start, end))
    return found
