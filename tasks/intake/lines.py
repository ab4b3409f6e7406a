"""From the lines of a clean text to its paragraphs: hard line ends joined, page numbers dropped, every character's place kept."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tasks.intake import orders
from tasks.intake.bodies import Bodies
from tasks.intake.labels import is_label
from tasks.intake.marks import Kind, mark_of
from tasks.intake.words import phrases, tokens_of

_PAGE = re.compile(r"(?:[-–]\s*)?\d{1,3}(?:\s*[-–])?|(?:Trang|trang)\s+\d{1,3}(?:\s*/\s*\d{1,3})?")
# Notes at the foot of a page of a PDF: the number before the words, or above them.
_NOTE = re.compile(r"(\d{1,2})\s+(?=[A-ZĐÂĂÊÔƠƯ(])")
_NOTE_MARK = re.compile(r"\d{1,2}")
_PAGE_LINES = 60
_RULE = re.compile(r"[-–—_=*.~\s]{3,}")
_SENTENCE_END = re.compile(r"(?:[.;:!?]|\./\.)[\"”’)\]]*$")
_STRUCTURE = re.compile(
    r"(?:Nơi nhận|Kính gửi)\s*[:;]?|(?:Điều|Chương|Phần|Mục)\s+[\dIVX]+\b|PHỤ LỤC\b|Phụ lục\s+[\dIVX]*\s*$", re.I
)
# A line that ends with one of these has not said what it began to say.
_UNFINISHED = re.compile(
    r"(?:,|\b(?:số|ngày|tháng|quý|năm|của|và|với|các|những|tại|về|theo|đến|từ|cho|do|là|trong|việc|điều|khoản|thuộc|hoặc|để|bằng|giữa|trên))$",
    re.I,
)
_GAP = re.compile(r"\s{3,}|\t+")
# A year range or a figure after a line's end is no bullet: "2021\n- 2025".
_RANGE = re.compile(r"[-–]\s*\d")


@dataclass
class Line:
    """One line: its place in the text, its words without the blanks around them, the blanks before."""

    start: int
    text: str
    indent: int
    after_gap: bool = False
    is_note: bool = False

    @property
    def is_table(self) -> bool:
        """Whether cells stand in it."""
        return self.text.count("|") >= 2

    @property
    def columns(self) -> list[tuple[int, str]]:
        """(column, text) of what wide gaps set apart."""
        found, at = [], 0
        for gap in _GAP.finditer(self.text):
            found.append((self.indent + at, self.text[at : gap.start()]))
            at = gap.end()
        found.append((self.indent + at, self.text[at:]))
        return found


@dataclass
class Paragraph:
    """One paragraph with single blanks. places: of each character, where it stands in the clean text."""

    text: str = ""
    places: list[int] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def start(self) -> int:
        return self.places[0]

    @property
    def end(self) -> int:
        return self.places[-1] + 1

    def add(self, line: Line) -> None:
        """Append a line."""
        blank = (bool(self.text) and not self.text.endswith(("/", "-"))) or (
            bool(self.text) and self.text.endswith((" -", " –"))
        )
        letters, places = ([" "], [line.start - 1]) if blank else ([], [])
        for number, sign in enumerate(line.text):
            if sign.isspace():
                if letters and letters[-1] == " ":
                    continue
                sign = " "
            letters.append(sign)
            places.append(line.start + number)
        self.text += "".join(letters)
        self.places += places
        self.lines.append(line)

    def tail(self, at: int) -> "Paragraph":
        """The same from a character on."""
        return Paragraph(self.text[at:], self.places[at:], self.lines)


def lines_of(body: str) -> list[Line]:
    """The lines that say something; page numbers and rules are left out, notes at the foot of a page are marked."""
    found: list[Line] = []
    start, gap, paged = 0, False, False
    note = ""  # the number of the note that is being read
    raws = body.split("\n")
    for place, raw in enumerate(raws):
        text = raw.strip()
        indent = len(raw) - len(raw.lstrip())
        if not text:
            gap = not paged
            note = note if note and found and not found[-1].is_note else ""
        elif _PAGE.fullmatch(text) or _RULE.fullmatch(text):
            # The blank lines around a page's number end no paragraph.
            gap, paged = (False, True) if _PAGE.fullmatch(text) else (gap, paged)
            note = text if _NOTE_MARK.fullmatch(text) and _refers(found, text) and _has_text(raws, place + 1) else ""
        else:
            begins = _NOTE.match(text)
            if begins and _refers(found, begins[1]):
                note = begins[1]
            found.append(Line(start + indent, text, indent, gap, is_note=bool(note)))
            gap = paged = False
        start += len(raw) + 1
    return found


def _refers(lines: list[Line], mark: str) -> bool:
    """Whether a word just above carries the number of a note: "các địa phương1,"."""
    return any(re.search(rf"[^\W\d_]{{2}}[\"”)]?{mark}(?:[\s,.;:)]|$)", line.text) for line in lines[-_PAGE_LINES:])


def _has_text(raws: list[str], place: int) -> bool:
    return place < len(raws) and bool(raws[place].strip()) and mark_of(raws[place].strip()) is None


def width_of(lines: list[Line]) -> int:
    """The width at which the text was broken into lines, 0 where its lines are paragraphs."""
    lengths = sorted(line.indent + len(line.text) for line in lines if not line.is_table)
    if len(lengths) < 4:
        return 0
    wide = lengths[-1]
    if wide > 160:
        return 0
    going_on = sorted(
        line.indent + len(line.text)
        for line, after in itertools.pairwise(lines)
        if not _SENTENCE_END.search(line.text) and after.text[:1].islower() and mark_of(after.text) is None
    )
    # A few long lines do not make a text wide.
    return going_on[int(len(going_on) * 0.97)] if going_on and len(going_on) * 8 >= len(lines) else 0


def paragraphs_of(lines: list[Line], width: int) -> Iterator[Paragraph]:
    """Join what belongs together. Arguments: width, of width_of()."""
    paragraph: Paragraph | None = None
    for line in lines:
        if paragraph is not None and _goes_on(paragraph, line, width):
            paragraph.add(line)
            continue
        if paragraph is not None:
            yield paragraph
        paragraph = Paragraph()
        paragraph.add(line)
    if paragraph is not None:
        yield paragraph


def _goes_on(paragraph: Paragraph, line: Line, width: int) -> bool:
    before, text = paragraph.lines[-1], line.text
    if line.is_table or before.is_table or _STRUCTURE.match(text) or is_label(text):
        return False
    ended = bool(_SENTENCE_END.search(before.text))
    letter = text[:1].islower()
    mark = mark_of(text)
    if mark is not None:
        if ended:
            return False
        # "2021\n- 2025"; "chính trị\n- xã hội" where a line was full.
        if before.text[-1:].isdigit() and _RANGE.match(text) is not None:
            return True
        if line.after_gap or not _is_broken(before, line, width):
            return False
        if line.indent < paragraph.lines[0].indent:
            return True  # its paragraph would begin as far in as the one above
        return mark.kind == Kind.DASH and (text[mark.length :][:1].islower() or _is_one_name(before.text, text))
    if line.after_gap:
        # Pages and scans break sentences; a heading is not continued by a small letter.
        return not ended and len(paragraph.text) > 30 and (letter or _UNFINISHED.search(before.text) is not None)
    if ended and before.text.endswith(";") and is_label(paragraph.text):
        return True  # "Cơ quan phối hợp: A;", "B."
    if ended:
        # A sentence ended at the end of a full line; the next paragraph would begin further in.
        further = line.indent < paragraph.lines[0].indent
        flush = line.indent == before.indent and _is_broken(before, line, width)
        return bool(width) and (letter or (further and _is_full(before, width)) or flush)
    small = letter or text[:1] in "(,;)/" or text[:1].isdigit()
    if (small and not (text[:1].isdigit() and not width)) or _UNFINISHED.search(before.text):
        return True
    if text.isupper():
        # A heading in capitals that a line's end broke.
        return paragraph.text.isupper() and mark_of(paragraph.text) is not None
    broken = (_is_full(before, width) or _is_broken(before, line, width)) and not _begins_order(text)
    if not width or (not broken and _names_bodies_only(paragraph, text)):
        return False
    return _is_full(before, width) or _runs_on(paragraph)


def _begins_order(text: str) -> bool:
    return phrases("verbs").longest(tokens_of(text), 0) is not None


def _names_bodies_only(paragraph: Paragraph, text: str) -> bool:
    """Whether a numbered heading that is a whole list of bodies stands here, and what follows begins with none."""
    mark = mark_of(paragraph.text)
    if mark is None:
        return False
    if phrases("heads").longest(tokens := tokens_of(paragraph.text)[-1:], 0) is not None and tokens[0].capital:
        return False  # "…, Báo", whose name stands in the next line
    found = orders.heading_bodies(paragraph.text[mark.length :])
    return found is not None and Bodies(text).name_at(0) is None


def _is_one_name(before: str, text: str) -> bool:
    """Whether a line of work goes through a line's end: "Lao động", "- Thương binh và Xã hội"."""
    tokens = tokens_of(f"{before} {text}")
    end = len(tokens_of(before))
    fields = (phrases("fields").longest(tokens, place) for place in range(max(0, end - 4), end))
    return any(found is not None and found[0] > end for found in fields)


def _is_broken(line: Line, after: Line, width: int) -> bool:
    """Whether the first word of the next line would not have had room in this one."""
    room = width - line.indent - len(line.text)
    return bool(width) and 1 + len(after.text.split(maxsplit=1)[0]) > room


def _runs_on(paragraph: Paragraph) -> bool:
    """Whether running text stands here, whose lines end where they like: no heading ends so."""
    return not paragraph.text.isupper() and (mark_of(paragraph.text) is None or len(paragraph.lines) > 1)


def _is_full(line: Line, width: int) -> bool:
    # Letters of a printed page are not of one width.
    return line.indent + len(line.text) >= width * 0.78
