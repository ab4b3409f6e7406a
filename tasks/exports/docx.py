"""Word files in the layout of official documents: the frame that every letter and report shares.

Every number comes from the profile (party_form.py, layouts.toml). Number, day and signature stay blank: they are filled in
after signing.
"""

import io
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from directive_tracker.demo_line import DEMO_LINE
from tasks.exports import docx_tables
from tasks.exports.party_form import Letters, PartyForm

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LEFT, CENTRE, JUSTIFIED = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
# Room that is written into by hand.
BLANK = "\u00a0" * 7
# How wide signs of "Times New Roman Bold" are on average, in parts of the size: measured over the heads of documents.
_CAPITAL, _SMALL, _SPACE = 0.705, 0.5, 0.26
_MM_PER_PT = 0.3528
# Word leaves so much at each side of a cell.
_CELL_EDGES_MM = 3.8
grid = docx_tables.grid


def new_paper(form: PartyForm, *, title: str, moment: datetime, demo: bool) -> Paper:
    """An empty document with paper, margins, letters and page numbers of the form.

    Args:
        title: for the file's properties; moment: when it was made, aware.
        demo: put the line that says the data is invented on top of every page.
    """
    paper = Document()
    section, page = paper.sections[0], form.page
    section.page_width, section.page_height = Mm(page.width_mm), Mm(page.height_mm)
    section.top_margin, section.bottom_margin = Mm(page.top_mm), Mm(page.bottom_mm)
    section.left_margin, section.right_margin = Mm(page.left_mm), Mm(page.right_mm)
    section.header_distance = section.footer_distance = Mm(page.number_mm)
    section.different_first_page_header_footer = True
    normal: Any = paper.styles["Normal"]
    normal.font.name, normal.font.size = page.font, Pt(form.parts.body.pt)
    normal.font.color.rgb = RGBColor(0, 0, 0)
    # Word asks for the letters of each script apart; without these Vietnamese may come out in another font.
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), page.font)
    _language(normal)
    _page_head(section.header.paragraphs[0], form, number=True, demo=demo)
    _page_head(section.first_page_header.paragraphs[0], form, number=False, demo=demo)
    properties = paper.core_properties
    properties.title, properties.author, properties.comments = title[:255], "", DEMO_LINE if demo else ""
    properties.language, properties.created = "vi-VN", moment.replace(tzinfo=None)
    properties.modified, properties.last_modified_by = properties.created, ""
    return paper


def write_bytes(paper: Paper) -> bytes:
    """The finished file."""
    buffer = io.BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


def marked(content: bytes, form: PartyForm, words: str) -> bytes:
    """A finished file with a line on top of every page, whatever stands there already."""
    paper = Document(io.BytesIO(content))
    look = form.parts.demo
    for section in paper.sections:
        heads = [section.header, section.first_page_header, section.even_page_header]
        used = [True, section.different_first_page_header_footer, paper.settings.odd_and_even_pages_header_footer]
        for top, is_used in zip(heads, used, strict=True):
            if is_used and not any(words in paragraph.text for paragraph in top.paragraphs):
                first = top.paragraphs[0].insert_paragraph_before() if top.paragraphs else top
                line(first, words, look.pt, align=CENTRE, bold=look.bold)
    return write_bytes(paper)


def across(paper: Paper, form: PartyForm) -> Any:
    """Begin an appendix on a page across; its pages go on being numbered, the first one too. Returns the section."""
    section, page = paper.add_section(WD_SECTION.NEW_PAGE), form.page
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(page.height_mm), Mm(page.width_mm)
    section.top_margin, section.bottom_margin = Mm(page.across_top_mm), Mm(page.across_bottom_mm)
    section.left_margin, section.right_margin = Mm(page.across_left_mm), Mm(page.across_right_mm)
    section.different_first_page_header_footer = False
    return section


def head(
    paper: Paper,
    form: PartyForm,
    *,
    superior: str,
    organ: str,
    symbol: str,
    place: str,
    day: date,
    subject: str = "",
    right: Sequence[str] = (),
    draft: int = 0,
) -> None:
    """The head: organ and number at the left, Party or country, place and (blank) day at the right.

    Args:
        superior: the organ above, "" where there is none; organ: who issues.
        symbol: what follows the number, e.g. "CV/VPTU".
        day: of which only the year is written.
        subject: what a letter without a type name is about (công văn), "" for others.
        right: other lines than the profile's at the right (the Youth Union's); the last one with the line below it.
        draft: number of the draft, 0 for none.
    """
    page, parts, words = form.page, form.parts, form.words
    left, other = bare_table(paper, [page.head_left_mm, page.head_right_mm]).rows[0].cells
    lines = [(superior, parts.superior)] if superior else []
    lines.append((organ, parts.organ))
    if words.star:
        lines.append((words.star, parts.star))
    lines.append((number_words(form, symbol), parts.number))
    if subject:
        lines.append((f"{words.about}{subject}", parts.letter_summary))
    if draft:
        lines.append((words.draft.format(number=draft), parts.draft))
    for number, (text, letters) in enumerate(lines):
        paragraph = part(left if number else left.paragraphs[0], text, letters, align=CENTRE)
        if letters is parts.organ and page.organ_line_share:
            length = page.organ_line_share * min(_length_mm(text, letters), page.head_left_mm - _CELL_EDGES_MM)
            _drawn_line(left, form, length_mm=length, width_mm=page.head_left_mm - _CELL_EDGES_MM, after=paragraph)
    titles = right or words.right
    for number, text in enumerate(titles):
        letters = parts.right_last if number == len(titles) - 1 else parts.right_first
        part(other if number else other.paragraphs[0], text, letters, align=CENTRE)
    # Above an empty line, not below the title: set in as far as the title is short, that would break into two lines.
    below = part(other, "", parts.place, align=CENTRE)
    _line_at(below, form, "top", inset_mm=_inset(titles[-1], letters, page.head_right_mm - _CELL_EDGES_MM))
    part(other, f"{place}, ngày {BLANK} tháng {BLANK} năm {day.year}", parts.place, align=CENTRE)


def title(paper: Paper, form: PartyForm, type_name: str, about: Sequence[str], *, below: str = "") -> None:
    """ "BÁO CÁO", what about, hyphens or a line. about: one or more lines; below: a remark in italics."""
    parts = form.parts
    part(paper, "", parts.body).paragraph_format.space_before = Pt(form.text.before_pt)
    part(paper, type_name, parts.type_name, align=CENTRE)
    for text in about:
        look = part(paper, text, parts.summary, align=CENTRE).paragraph_format
        look.left_indent = look.right_indent = Mm(form.text.summary_inset_mm)
    if below:
        line(paper, below, parts.summary.pt, align=CENTRE, italic=True)
    hyphens(paper, form, _length_mm(about[-1] if about else type_name, parts.summary))


def hyphens(paper: Paper, form: PartyForm, length_mm: float, *, width_mm: float = 0) -> None:
    """What ends a title: five hyphens, or a line of a part of the text's length. width_mm: of the page's text."""
    if form.words.under_summary:
        part(paper, form.words.under_summary, form.parts.under_summary, align=CENTRE)
    elif form.page.summary_line_share:
        width = width_mm or form.page.text_mm
        _drawn_line(paper, form, length_mm=min(length_mm, width) * form.page.summary_line_share, width_mm=width)


def part(where: Any, text: str, letters: Letters, *, align: Any = LEFT) -> Any:
    """One line of a part of the document, without space around it; like `line`."""
    words = text.upper() if letters.upper else text
    return line(
        where, words, letters.pt, align=align, bold=letters.bold, italic=letters.italic, underline=letters.underline
    )


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
    """Letters of one look; what a Word file cannot hold falls away."""
    piece = paragraph.add_run(docx_tables.clean(text))
    piece.font.size, piece.bold, piece.italic, piece.underline = Pt(size), bold, italic, underline
    return piece


def body(
    paper: Paper,
    form: PartyForm,
    text: str,
    *,
    letters: Letters | None = None,
    keep_with_next: bool = False,
    after_pt: float = 0,
) -> Any:
    """One paragraph of the text: justified, first line set in, the profile's line height. letters: others than the body's."""
    paragraph = paper.add_paragraph()
    paragraph.alignment = JUSTIFIED
    look, spaces = paragraph.paragraph_format, form.text
    look.first_line_indent = Mm(spaces.first_line_mm)
    look.space_before, look.space_after = Pt(spaces.before_pt), Pt(after_pt)
    if spaces.line_rule == "exactly":
        look.line_spacing_rule, look.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(spaces.line)
    else:
        look.line_spacing = spaces.line
    if keep_with_next:
        look.keep_with_next = True
    shape = letters or form.parts.body
    words = text.upper() if shape.upper else text
    run(paragraph, words, shape.pt, bold=shape.bold, italic=shape.italic, underline=shape.underline)
    return paragraph


def heading(paper: Paper, form: PartyForm, level: int, number: str, text: str) -> Any:
    """ "I- …", "1. …", "a) …": level 1, 2, 3; number: "I", "1", "a"."""
    letters = (form.parts.heading_1, form.parts.heading_2, form.parts.heading_3)[level - 1]
    mark = form.words.headings[level - 1]
    return body(paper, form, f"{number}{mark[1:]}{text}", letters=letters, keep_with_next=True)


def addressed(paper: Paper, form: PartyForm, names: Sequence[str], *, proposal: bool = False) -> None:
    """ "Kính gửi:" and to whom. proposal: of a tờ trình."""
    parts, spaces, one = form.parts, form.text, len(names) == 1
    first = part(paper, "", parts.to, align=CENTRE if one else LEFT)
    first.paragraph_format.space_before, first.paragraph_format.space_after = (
        Pt(spaces.to_before_pt),
        Pt(spaces.to_after_pt),
    )
    if not one:
        first.paragraph_format.left_indent = Mm(spaces.first_line_mm)
    words = form.words.propose_to if proposal else form.words.to
    run(first, f"{words}: ", parts.to.pt, italic=parts.to.italic)
    if one:
        run(first, names[0], parts.to_names.pt)
        return
    for text in listed(form, names):
        part(paper, text, parts.to_names).paragraph_format.left_indent = Mm(spaces.to_list_mm)


def listed(form: PartyForm, entries: Sequence[str]) -> list[str]:
    """ "- Như trên," … "- Lưu Văn phòng Tỉnh ủy." with the signs of the form."""
    last, words = len(entries) - 1, form.words
    found = []
    for number, entry in enumerate(entries):
        filed = entry.removeprefix("Lưu ") if words.filing and entry.startswith("Lưu ") else ""
        text = f"{words.filing}{filed}" if filed else entry
        found.append(f"- {text}{words.list_last if number == last else words.list_end}")
    return found


def closing(
    paper: Paper, form: PartyForm, *, recipients: Sequence[str], authority: str, position: str, signer: str = ""
) -> None:
    """ "Nơi nhận" at the left; authority, position and an empty place for the signature at the right.

    Args:
        authority: "K/T CHÁNH VĂN PHÒNG", or "" where the head signs; signer: "" leaves the name blank.
    """
    parts = form.parts
    # A signature never stands alone on a page.
    if paper.paragraphs:
        paper.paragraphs[-1].paragraph_format.keep_with_next = True
    part(paper, "", parts.body).paragraph_format.keep_with_next = True
    table = bare_table(paper, [form.page.head_left_mm, form.page.head_right_mm])
    _mark(table.rows[0], "w:cantSplit")
    left, right = table.rows[0].cells
    part(left.paragraphs[0], "Nơi nhận:", parts.recipients)
    for text in listed(form, recipients):
        part(left, text, parts.recipients_list)
    first: Any = right.paragraphs[0]
    if authority:
        part(first, signed_for(form, authority), parts.authority, align=CENTRE)
        first = right
    part(first, position, parts.position, align=CENTRE)
    for _ in range(form.text.signature_lines):
        part(right, "", parts.signer, align=CENTRE)
    part(right, signer, parts.signer, align=CENTRE)


def number_words(form: PartyForm, symbol: str) -> str:
    """ "Số … -BC/VPTU", "Số: … /BC-UBND": the number blank, signs as the form sets them. symbol: "BC/VPTU"."""
    return form.words.number.format(number=BLANK, symbol=symbol_words(form, symbol))


def symbol_words(form: PartyForm, symbol: str) -> str:
    """ "BC/VPTU", "BC-UBND": the symbol as the form joins it."""
    return symbol.replace("/", form.words.symbol_joint)


def signed_for(form: PartyForm, authority: str) -> str:
    """ "T/M …" as the form writes it, however it was typed ("TM", "T/M", "TM.")."""
    words = form.words
    for letters, mark in (("TM", words.for_all), ("KT", words.for_head), ("TL", words.by_order)):
        typed = re.match(rf"{letters[0]}(?:/{letters[1]}|{letters[1]}\.?)\s+", authority, re.IGNORECASE)
        if typed:
            return f"{mark} {authority[typed.end() :]}"
    return authority


def bare_table(paper: Paper, widths: Sequence[float]) -> Any:
    """A table of one row without lines."""
    table = paper.add_table(rows=1, cols=len(widths))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    # Word reads the columns' widths, LibreOffice the cells'.
    for column, cell, width in zip(table.columns, table.rows[0].cells, widths, strict=True):
        column.width = cell.width = Mm(width)
    return table


# --- what the package does not offer by itself -----------------------------------------------------


def _page_head(paragraph: Any, form: PartyForm, *, number: bool, demo: bool) -> None:
    """What stands above the text: the page's number, from the second page on, and the demo's line."""
    paragraph.alignment = CENTRE
    paragraph.paragraph_format.space_after = Pt(0)
    # The package's header style brings tabulators that would move the middle.
    paragraph.style = "Normal"
    if number:
        field = run(paragraph, "", form.parts.page_number.pt)
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            element = OxmlElement("w:instrText" if text else "w:fldChar")
            if text:
                element.set(qn("xml:space"), "preserve")
                element.text = text
            else:
                element.set(qn("w:fldCharType"), kind)
            field._r.append(element)
    if demo:
        look = form.parts.demo
        run(paragraph, f"{'   ·   ' if number else ''}{DEMO_LINE}", look.pt, bold=look.bold)


def _language(style: Any) -> None:
    """Vietnamese, so that Word does not underline every word."""
    language = OxmlElement("w:lang")
    for name in ("w:val", "w:eastAsia"):
        language.set(qn(name), "vi-VN")
    style.element.get_or_add_rPr().append(language)


def _mark(row: Any, name: str) -> None:
    """Set a property of a table row (repeat as head, do not split)."""
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _length_mm(text: str, letters: Letters) -> float:
    """About how long a line of text is."""
    words = text.upper() if letters.upper else text
    widths = (_CAPITAL if sign.isupper() else _SMALL if sign.isalnum() else _SPACE for sign in words)
    return sum(widths) * letters.pt * _MM_PER_PT


def _inset(text: str, letters: Letters, width_mm: float) -> float:
    """How far a line under a text is set in so that it is about as long as the text, in millimetres."""
    return max(0.0, (width_mm - _length_mm(text, letters)) / 2)


def _drawn_line(where: Any, form: PartyForm, *, length_mm: float, width_mm: float, after: Any = None) -> None:
    """A line in the middle, shorter than the text above it: the lower edge of an empty, very low paragraph."""
    paragraph = line(where, "", 1, align=CENTRE)
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraph.paragraph_format.line_spacing = paragraph.paragraph_format.space_after = Pt(2)
    _line_at(paragraph, form, "bottom", inset_mm=max(0.0, (width_mm - length_mm) / 2))
    if after is not None:
        after._p.addnext(paragraph._p)


def _line_at(paragraph: Any, form: PartyForm, edge: str, *, inset_mm: float) -> None:
    """A drawn line at the "top" or "bottom" of a paragraph, set in from both sides."""
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(inset_mm)
    borders, drawn = OxmlElement("w:pBdr"), OxmlElement(f"w:{edge}")
    thick = str(form.page.line_eighths_pt)
    for name, value in (("val", "single"), ("sz", thick), ("space", "1"), ("color", "000000")):
        drawn.set(qn(f"w:{name}"), value)
    borders.append(drawn)
    # The order inside pPr is fixed by the format: borders stand before spacing, indents and alignment.
    properties = paragraph._p.get_or_add_pPr()
    later = [qn(name) for name in ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")]
    place = next((element for element in properties if element.tag in later), None)
    if place is None:
        properties.append(borders)
    else:
        place.addprevious(borders)
