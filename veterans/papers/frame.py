"""What every paper begins and ends with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ALIGN_VERTICAL, WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from directive_tracker.vietnamese import ZONE, vn_datetime
from tasks.exports import docx
from tasks.exports.party_form import PartyForm, form_for
from veterans.models import Person

PERSONAL = "Có dữ liệu cá nhân: chỉ dùng cho mục đích trên, hủy khi xong."


@dataclass(frozen=True)
class Mark:
    """Whose copy a paper is: by whom, when (aware) and what for, in words; demo: all of it is invented."""

    by: str
    at: datetime
    purpose: str
    demo: bool

    @property
    def words(self) -> str:
        return f"Lập bởi {self.by}, lúc {vn_datetime(self.at.astimezone(ZONE))}. Mục đích: {self.purpose}. {PERSONAL}"


def upright(mark: Mark) -> PartyForm:
    """A4 upright, with narrower margins than a letter: a table stands on it."""
    form = form_for(mark.at.astimezone(ZONE).date())
    return replace(form, page=replace(form.page, left_mm=20, right_mm=15))


def across(mark: Mark) -> PartyForm:
    """A4 across."""
    form = upright(mark)
    page = replace(form.page, width_mm=form.page.height_mm, height_mm=form.page.width_mm, left_mm=15)
    return replace(form, page=page)


def begin(form: PartyForm, mark: Mark, *, title: str) -> Paper:
    """An empty paper; its properties name nobody."""
    paper = docx.new_paper(form, title=title, moment=mark.at.astimezone(ZONE), demo=mark.demo)
    if form.page.width_mm > form.page.height_mm:
        paper.sections[0].orientation = WD_ORIENT.LANDSCAPE
    return paper


def heading(paper: Paper, organ: str, title: str, lines: Sequence[str] = (), *, new_page: bool = False) -> None:
    """Who issues at the left, the title in the middle, lines below it."""
    first = docx.line(paper, organ.upper(), 12, bold=True)
    first.paragraph_format.page_break_before = new_page
    head = docx.line(paper, title.upper(), 15, align=docx.CENTRE, bold=True)
    head.paragraph_format.space_before = Pt(6)
    for number, text in enumerate(lines, start=1):
        last = docx.line(paper, text, 13, align=docx.CENTRE, bold=number == 1)
    if lines:
        last.paragraph_format.space_after = Pt(6)


def named(paper: Paper, name: str, text: str) -> Paragraph:
    """ "Trưởng đoàn: …", as the line it makes."""
    line = docx.line(paper, f"{name}: ", 13)
    docx.run(line, text, 13, bold=False)
    line.runs[0].bold = True
    line.paragraph_format.space_after = Pt(2)
    return line


def aligned(table: Any, columns: str) -> Any:
    """Set the columns: l, c or r for each; the head stays in the middle. Rows are in the middle of their height."""
    sides = {"l": docx.LEFT, "c": docx.CENTRE, "r": WD_ALIGN_PARAGRAPH.RIGHT}
    for row in list(table.rows)[1:]:
        for cell, side in zip(row.cells, columns, strict=True):
            cell.paragraphs[0].alignment = sides[side]
            cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    return table


def room_to_sign(table: Any, *, height_mm: float = 10) -> None:
    """Rows high enough to be written into by hand; the head stays as it is."""
    for row in list(table.rows)[1:]:
        row.height, row.height_rule = Mm(height_mm), WD_ROW_HEIGHT_RULE.AT_LEAST


def end(paper: Paper, mark: Mark) -> bytes:
    """The finished file, with whose copy it is."""
    last = docx.line(paper, mark.words, 10, italic=True)
    last.paragraph_format.space_before = Pt(8)
    return docx.write_bytes(paper)


def year_words(person: Person) -> str:
    """The year of birth alone: "1932", "khoảng 1932", "chưa rõ"."""
    if person.birth_year is None:
        return "chưa rõ"
    return f"khoảng {person.birth_year}" if person.birth_is_estimated else str(person.birth_year)


def lower_first(words: str) -> str:
    """As it stands inside a sentence: "huyện Sa Thầy"."""
    return words[:1].lower() + words[1:]
