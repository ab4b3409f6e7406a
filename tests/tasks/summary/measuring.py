"""Measures a summary report's Word file: for each part of the page how it is written, read back from the file itself."""

import io
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn

SIDES = {
    WD_ALIGN_PARAGRAPH.LEFT: "left",
    WD_ALIGN_PARAGRAPH.CENTER: "centred",
    WD_ALIGN_PARAGRAPH.JUSTIFY: "justified",
}


def opened(data: bytes) -> Any:
    """The file as python-docx reads it."""
    return Document(io.BytesIO(data))


def shape(paragraph: Any) -> str:
    """ "14, bold, capitals, centred" of the first letters of a line."""
    run = next(run for run in paragraph.runs if run.text.strip())
    words = [f"{run.font.size.pt:g}"]
    words += [name for name in ("bold", "italic", "underline") if getattr(run.font, name)]
    letters = [sign for sign in paragraph.text if sign.isalpha()]
    words += ["capitals"] if letters and "".join(letters).isupper() else []
    words += [SIDES[paragraph.alignment]] if paragraph.alignment is not None else []
    return ", ".join(words)


def spaces(paragraph: Any) -> str:
    """ "exactly 18 pt, 6 pt before, first line 10 mm"."""
    look = paragraph.paragraph_format
    exact = look.line_spacing_rule == WD_LINE_SPACING.EXACTLY
    pitch = f"exactly {look.line_spacing.pt:g} pt" if exact else f"{look.line_spacing:g} lines"
    return f"{pitch}, {look.space_before.pt:g} pt before, first line {look.first_line_indent.mm:.0f} mm"


def edges(section: Any) -> str:
    """ "210 × 297; 20, 20, 30, 15": the paper; top, bottom, left, right, all in millimetres."""
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    return f"{section.page_width.mm:.0f} × {section.page_height.mm:.0f}; " + ", ".join(
        f"{each.mm:.0f}" for each in margins
    )


def line_of(paragraph: Any) -> str:
    """Where a line is drawn at a paragraph: "line" or "none"."""
    return "line" if paragraph._p.pPr is not None and paragraph._p.pPr.find(qn("w:pBdr")) is not None else "none"


def find(paragraphs: Any, words: str) -> Any:
    """The one paragraph that begins with these words."""
    (found,) = [paragraph for paragraph in paragraphs if paragraph.text.startswith(words)]
    return found


def measure(data: bytes) -> dict[str, str]:
    """Every part of the first page, of the signature and of an appendix, as it stands in the file."""
    paper = opened(data)
    left, right = (cell.paragraphs for cell in paper.tables[0].rows[0].cells)
    body = paper.paragraphs
    signature = next(table for table in paper.tables if table.rows[0].cells[0].text.startswith("Nơi nhận"))
    below, signing = (cell.paragraphs for cell in signature.rows[0].cells)
    titles = [paragraph for paragraph in right if paragraph.text and "ngày" not in paragraph.text]
    about = find(body, "tổng hợp kết quả")
    under = body[[paragraph._p for paragraph in body].index(about._p) + 1]
    said = find(body, "- Huyện ủy Đắk Hà: Đã tổ chức")
    number = next(paragraph for paragraph in left if paragraph.text.startswith("Số"))
    grid = next(table for table in paper.tables if table.rows[0].cells[0].text == "Phân loại")
    portrait, *appendices = paper.sections
    return {
        "paper, edges": edges(portrait),
        "appendix: paper, edges": edges(appendices[0]),
        "font": paper.styles["Normal"].font.name,
        "page number": f"{portrait.header_distance.mm:.0f} mm from above, "
        f"{portrait.header.paragraphs[0].runs[0].font.size.pt:g}, {SIDES[portrait.header.paragraphs[0].alignment]}",
        "head, right, first line": f"{titles[0].text}: {shape(titles[0])}",
        "head, right, last line": f"{titles[-1].text}: {shape(titles[-1])}",
        "line below it": line_of(right[len(titles)]),
        "organ above": shape(left[0]),
        "organ": shape(left[1]),
        "below the organ": left[2].text or line_of(left[2]),
        "number": f"{' '.join(number.text.split())}: {shape(number)}",
        "place and day": shape(right[-1]),
        "draft": f"{left[-1].text}: {shape(left[-1])}",
        "type name": shape(find(body, "BÁO CÁO")),
        "what it is about": shape(about),
        "below it": under.text or line_of(under),
        "text": shape(said),
        "text: spaces": spaces(said),
        "part": _heading(body, "CÔNG TÁC LÃNH ĐẠO"),
        "section": _heading(body, "Đợt sinh hoạt"),
        "point": _heading(body, "Ban hành kế hoạch"),
        "table head": shape(grid.rows[0].cells[0].paragraphs[0]),
        "table": shape(grid.rows[1].cells[0].paragraphs[0]),
        "Nơi nhận": shape(below[0]),
        "its list": f"{below[1].text[-1]} {below[-1].text[-1]} {shape(below[1])}",
        "authority": f"{signing[0].text.split(' ')[0]} {shape(signing[0])}",
        "position": shape(signing[1]),
        "lines for the signature": str(sum(not paragraph.text for paragraph in signing) - 1),
    }


def _heading(paragraphs: Any, words: str) -> str:
    """ "I- 14, bold, capitals, justified": how a heading begins and looks."""
    found = next(paragraph for paragraph in paragraphs if words in paragraph.text[:30])
    return f"{found.text.split(words)[0].strip()} {shape(found)}"
