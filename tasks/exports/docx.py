"""Word files in the form of Party documents: the frame that every letter and report shares.

The numbers stand in party_form.py. Number, day and signature stay blank: they are filled in after signing.
"""

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from directive_tracker.demo_line import DEMO_LINE
from tasks.exports.party_form import FONT, PARTY, STAR, PartyForm

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LEFT, CENTRE, JUSTIFIED = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
# Room that is written into by hand.
BLANK = "\u00a0" * 7
PUBLIC_PT = 13


def new_paper(form: PartyForm, *, title: str, moment: datetime, demo: bool) -> Paper:
    """An empty document with paper, margins, letters and page numbers of the form.

    Args:
        title: for the file's properties; moment: when it was made, aware.
        demo: put the line that says the data is invented on top of every page.
    """
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(form.page_width_mm), Mm(form.page_height_mm)
    section.top_margin, section.bottom_margin = Mm(form.top_mm), Mm(form.bottom_mm)
    section.left_margin, section.right_margin = Mm(form.left_mm), Mm(form.right_mm)
    section.header_distance = section.footer_distance = Mm(form.page_number_mm)
    section.different_first_page_header_footer = True
    normal: Any = paper.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(form.body_pt)
    normal.font.color.rgb = RGBColor(0, 0, 0)
    # Word asks for the letters of each script apart; without these Vietnamese may come out in another font.
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    _language(normal)
    _page_head(section.header.paragraphs[0], form, number=True, demo=demo)
    _page_head(section.first_page_header.paragraphs[0], form, number=False, demo=demo)
    properties = paper.core_properties
    properties.title, properties.author, properties.comments = title, "", DEMO_LINE if demo else ""
    properties.language, properties.created = "vi-VN", moment.replace(tzinfo=None)
    properties.modified, properties.last_modified_by = properties.created, ""
    return paper


def write_bytes(paper: Paper) -> bytes:
    """The finished file."""
    buffer = io.BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


def head(
    paper: Paper, form: PartyForm, *, superior: str, organ: str, symbol: str, place: str, day: date, subject: str = ""
) -> None:
    """The head: organ and number at the left, the Party's name, place and (blank) day at the right.

    Args:
        superior: the organ above, "" where there is none; organ: who issues.
        symbol: what follows the number, e.g. "CV/VPTU".
        day: of which only the year is written.
        subject: what a letter without a type name is about (công văn), "" for others.
    """
    table = bare_table(paper, [form.head_left_mm, form.head_right_mm])
    left, right = table.rows[0].cells
    lines = []
    if superior:
        lines.append((superior.upper(), form.superior_pt, {}))
    lines += [(organ.upper(), form.organ_pt, {"bold": True}), (STAR, form.organ_pt, {})]
    lines.append((f"Số {BLANK}-{symbol}", form.number_pt, {}))
    if subject:
        lines.append((subject, form.letter_summary_pt, {"italic": True}))
    for number, (text, size, look) in enumerate(lines):
        line(left if number else left.paragraphs[0], text, size, align=CENTRE, **look)
    title = line(right.paragraphs[0], PARTY, form.party_pt, align=CENTRE, bold=True)
    _line_below(title, inset_mm=_inset(form))
    line(right, "", form.place_pt, align=CENTRE)
    words = f"{place}, ngày {BLANK} tháng {BLANK} năm {day.year}"
    line(right, words, form.place_pt, align=CENTRE, italic=True)


def public_head(
    paper: Paper,
    form: PartyForm,
    *,
    superior: str,
    organ: str,
    symbol: str,
    place: str,
    day: date,
    right: Sequence[str],
) -> None:
    """The head of bodies outside the Party (Nghị định 30/2020/NĐ-CP): organ and number left, country and motto right.

    Args:
        right: the lines at the right, the last one with the line below it.
    """
    table = bare_table(paper, [form.head_left_mm, form.head_right_mm])
    left, other = table.rows[0].cells
    lines = [(superior.upper(), {})] if superior else []
    lines += [(organ.upper(), {"bold": True}), (f"Số: {BLANK}/{symbol}", {})]
    for number, (text, look) in enumerate(lines):
        line(left if number else left.paragraphs[0], text, PUBLIC_PT, align=CENTRE, **look)
    for number, text in enumerate(right):
        size = PUBLIC_PT if number == 0 else form.place_pt
        last = line(other if number else other.paragraphs[0], text, size, align=CENTRE, bold=True)
    _line_below(last, inset_mm=20)
    line(other, f"{place}, ngày {BLANK} tháng {BLANK} năm {day.year}", form.place_pt, align=CENTRE, italic=True)


def line(
    where: Any,
    text: str,
    size: float,
    *,
    align: Any = LEFT,
    bold: bool = False,
    italic: bool = False,
    underline: bool = False,
) -> Any:
    """One line without space around it, in a new paragraph of a cell or document, or in the given paragraph."""
    paragraph = where.add_paragraph() if hasattr(where, "add_paragraph") else where
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(0)
    run(paragraph, text, size, bold=bold, italic=italic, underline=underline)
    return paragraph


def run(
    paragraph: Any, text: str, size: float, *, bold: bool = False, italic: bool = False, underline: bool = False
) -> Any:
    """Letters of one look."""
    part = paragraph.add_run(text)
    part.font.size, part.bold, part.italic, part.underline = Pt(size), bold, italic, underline
    return part


def body(paper: Paper, form: PartyForm, text: str, *, keep_with_next: bool = False, after_pt: float = 0) -> Any:
    """One paragraph of the text: justified, first line set in, exact line height."""
    paragraph = paper.add_paragraph()
    paragraph.alignment = JUSTIFIED
    look = paragraph.paragraph_format
    look.first_line_indent = Mm(form.first_line_mm)
    look.space_before, look.space_after = Pt(form.before_pt), Pt(after_pt)
    look.line_spacing_rule, look.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(form.line_pt)
    look.keep_with_next = keep_with_next
    run(paragraph, text, form.body_pt)
    return paragraph


def addressed(paper: Paper, form: PartyForm, names: Sequence[str]) -> None:
    """ "Kính gửi:" and to whom."""
    first = line(paper, "", form.to_pt, align=CENTRE if len(names) == 1 else LEFT)
    first.paragraph_format.space_before, first.paragraph_format.space_after = Pt(18), Pt(6)
    if len(names) > 1:
        first.paragraph_format.left_indent = Mm(form.first_line_mm)
    run(first, f"{form.to_words}: ", form.to_pt, italic=True)
    if len(names) == 1:
        run(first, names[0], form.to_pt)
        return
    for text in listed(form, names):
        entry = line(paper, text, form.to_pt)
        entry.paragraph_format.left_indent = Mm(form.first_line_mm * 3)


def listed(form: PartyForm, entries: Sequence[str]) -> list[str]:
    """ "- Như trên," … "- Lưu Văn phòng Tỉnh ủy." with the signs of the form."""
    last = len(entries) - 1
    return [f"- {entry}{form.list_last if number == last else form.list_end}" for number, entry in enumerate(entries)]


def grid(
    paper: Paper,
    form: PartyForm,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    names: Sequence[int] = (),
):
    """A table with lines whose head is repeated on every page; a row of one text stands across the whole width.

    Args:
        widths: of the columns, in millimetres.
        names: places of the columns that begin at the left however short their texts are, the first one 0.
    """
    table = paper.add_table(rows=1, cols=len(heads))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for cell, text in zip(table.rows[0].cells, heads, strict=True):
        line(cell.paragraphs[0], text, form.table_pt, align=CENTRE, bold=True)
    _mark(table.rows[0], "w:tblHeader")
    for values in rows:
        row = table.add_row()
        _mark(row, "w:cantSplit")
        if len(values) == 1:
            whole = row.cells[0].merge(row.cells[-1])
            line(whole.paragraphs[0], values[0], form.table_pt, italic=True)
            continue
        for place, (cell, text) in enumerate(zip(row.cells, values, strict=True)):
            short = len(text) <= 10 and place not in names
            line(cell.paragraphs[0], text, form.table_pt, align=CENTRE if short else LEFT)
    _widths(table, widths)
    return table


def closing(
    paper: Paper, form: PartyForm, *, recipients: Sequence[str], authority: str, position: str, signer: str = ""
) -> None:
    """ "Nơi nhận" at the left; authority, position and an empty place for the signature at the right.

    Args:
        authority: "K/T CHÁNH VĂN PHÒNG", or "" where the head signs; signer: "" leaves the name blank.
    """
    gap = line(paper, "", form.body_pt)
    gap.paragraph_format.keep_with_next = True
    table = bare_table(paper, [form.head_left_mm, form.head_right_mm])
    _mark(table.rows[0], "w:cantSplit")
    left, right = table.rows[0].cells
    line(left.paragraphs[0], "Nơi nhận:", form.recipients_pt, underline=True)
    for text in listed(form, recipients):
        line(left, text, form.recipients_list_pt)
    first: Any = right.paragraphs[0]
    if authority:
        line(first, authority.upper(), form.authority_pt, align=CENTRE, bold=True)
        first = right
    line(first, position.upper(), form.authority_pt, align=CENTRE)
    for _ in range(form.signature_lines):
        line(right, "", form.signer_pt, align=CENTRE)
    line(right, signer, form.signer_pt, align=CENTRE, bold=True)


# --- what the package does not offer by itself -----------------------------------------------------


def _page_head(paragraph: Any, form: PartyForm, *, number: bool, demo: bool) -> None:
    """What stands above the text: the page's number, from the second page on, and the demo's line."""
    paragraph.alignment = CENTRE
    paragraph.paragraph_format.space_after = Pt(0)
    # The package's header style brings tabulators that would move the middle.
    paragraph.style = "Normal"
    if number:
        field = run(paragraph, "", form.page_number_pt)
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            element = OxmlElement("w:instrText" if text else "w:fldChar")
            if text:
                element.set(qn("xml:space"), "preserve")
                element.text = text
            else:
                element.set(qn("w:fldCharType"), kind)
            field._r.append(element)
    if demo:
        run(paragraph, f"{'   ·   ' if number else ''}{DEMO_LINE}", 10, bold=True)


def _language(style: Any) -> None:
    """Vietnamese, so that Word does not underline every word."""
    language = OxmlElement("w:lang")
    for name in ("w:val", "w:eastAsia"):
        language.set(qn(name), "vi-VN")
    style.element.get_or_add_rPr().append(language)


def bare_table(paper: Paper, widths: Sequence[float]) -> Any:
    """A table of one row without lines."""
    table = paper.add_table(rows=1, cols=len(widths))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _widths(table, widths)
    return table


def _widths(table: Any, widths: Sequence[float]) -> None:
    """Set columns and cells: Word reads the one, LibreOffice the other."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        if len(set(map(id, (cell._tc for cell in row.cells)))) == len(widths):
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Mm(width)
        else:
            row.cells[0].width = Mm(sum(widths))


def _mark(row: Any, name: str) -> None:
    """Set a property of a table row (repeat as head, do not split)."""
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _inset(form: PartyForm) -> float:
    """How far the line under the Party's name is set in so that it is about as long as the name, in millimetres."""
    # Bold capitals of this font are 0.67 of their size wide on average; 0.3528 mm to the point.
    name = len(PARTY) * 0.67 * form.party_pt * 0.3528
    return max(0.0, (form.head_right_mm - 4 - name) / 2)


def _line_below(paragraph: Any, *, inset_mm: float) -> None:
    """A drawn line below a paragraph, set in from both sides."""
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(inset_mm)
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    # The order inside pPr is fixed by the format: borders stand before spacing, indents and alignment.
    properties = paragraph._p.get_or_add_pPr()
    later = [qn(name) for name in ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")]
    place = next((element for element in properties if element.tag in later), None)
    if place is None:
        properties.append(borders)
    else:
        place.addprevious(borders)
