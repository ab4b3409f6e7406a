"""Makes the program's own templates again: `python -m veterans.papers.make_templates` (they lie in templates/ beside it).

They are kept as files so that an office can take one, change its words in Word and put it in its place.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from tasks.exports.party_form import HD36

FOLDER = Path(__file__).parent / "templates"
CENTRE, RIGHT, JUSTIFIED = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY


def _paper(width: float, height: float, margin: float) -> Any:
    """An empty paper; lengths in millimetres."""
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.left_margin = section.right_margin = Mm(margin)
    section.top_margin = section.bottom_margin = Mm(margin)
    normal: Any = paper.styles["Normal"]
    normal.font.name, normal.font.size = HD36.page.font, Pt(14)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), HD36.page.font)
    about = paper.core_properties
    about.author = about.last_modified_by = about.comments = ""
    about.created = about.modified = datetime(2024, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    about.language = "vi-VN"
    return paper


def _line(paper: Any, text: str, *, size: float = 14, align: Any = None, before: float = 0, after: float = 6, **look):
    """One paragraph; space in points."""
    paragraph = paper.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    for name, value in look.items():
        setattr(run.font, name, value)
    return paragraph


def _said(paper: Any, text: str) -> None:
    """A paragraph of the letter, its first line set in."""
    _line(paper, text, align=JUSTIFIED).paragraph_format.first_line_indent = Mm(10)


def invitation() -> Any:
    """A letter on A5 across would be a card; A4 upright takes the words an office adds."""
    paper = _paper(210, 297, 25)
    paper.core_properties.title = "Thư mời gặp mặt"
    _line(paper, "{{ don_vi }}", bold=True, all_caps=True, align=CENTRE, after=2)
    _line(paper, "*", align=CENTRE, after=18)
    _line(paper, "Giấy mời", size=22, bold=True, all_caps=True, align=CENTRE, after=18)
    _line(paper, "Kính gửi: {{ kinh_goi }} {{ ho_ten }}", size=15, bold=True, align=CENTRE, after=2)
    _line(paper, "{{ noi_o }}", italic=True, align=CENTRE, after=18)
    _said(paper, "{{ don_vi }} trân trọng kính mời {{ kinh_goi }} đến dự buổi gặp mặt, tri ân nhân dịp {{ dot }}.")
    _said(paper, "Thời gian: {{ thoi_gian }}.")
    _said(paper, "Địa điểm: {{ dia_diem }}.")
    _said(paper, "{%p if xe_dua_don %}")
    _said(paper, "{{ xe_dua_don }}")
    _said(paper, "{%p endif %}")
    _said(paper, "Rất mong {{ kinh_goi }} thu xếp thời gian đến dự. Kính chúc {{ kinh_goi }} và gia đình mạnh khỏe.")
    for number, text in enumerate(("Ngày …… tháng …… năm {{ nam }}", "TM. {{ don_vi }}")):
        block = _line(paper, text, align=CENTRE, before=18 if number == 0 else 0, italic=not number, bold=bool(number))
        block.paragraph_format.left_indent = Mm(70)
    return paper


def envelope() -> Any:
    """220 x 110 mm, the size of letters folded in three."""
    paper = _paper(220, 110, 12)
    paper.core_properties.title = "Phong bì thư mời"
    _line(paper, "{{ don_vi }}", size=12, bold=True, all_caps=True, after=2)
    _line(paper, "Thư mời nhân dịp {{ dot }}", size=12, italic=True, after=30)
    for text, look in (
        ("Kính gửi: {{ kinh_goi }} {{ ho_ten }}", {"size": 17, "bold": True}),
        ("{{ noi_o }}", {"size": 15}),
    ):
        _line(paper, text, **look).paragraph_format.left_indent = Mm(85)
    return paper


MADE = {"thu-moi.docx": invitation, "phong-bi.docx": envelope}

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, make in MADE.items():
        make().save(FOLDER / name)
