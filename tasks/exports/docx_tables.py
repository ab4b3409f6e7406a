"""Tables of Word files, written as markup in one go: cell by cell the package takes seconds for some hundred rows."""

import re
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from docx.document import Document as Paper
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.table import Table

from tasks.exports.party_form import Letters, PartyForm

_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A text so short stands in the middle of its column.
_SHORT = 10
_TWIPS_PER_MM = 56.6929
_SIDES = {"l": "left", "c": "center", "r": "right"}


def clean(text: str) -> str:
    """A text without the signs that a Word file cannot hold."""
    return _NOT_IN_XML.sub("", text)


def grid(
    paper: Paper,
    form: PartyForm,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    names: Sequence[int] = (),
    columns: str = "",
    totals: int = 0,
) -> Table:
    """A table with lines whose head is repeated on every page; a row of one text stands across the whole width.

    Args:
        widths: of the columns, in millimetres.
        names: places of the columns that begin at the left however short their texts are, the first one 0.
        columns: l, c or r for each column instead: where its texts stand.
        totals: how many of the last rows are sums, and bold.
    """
    twips = [round(width * _TWIPS_PER_MM) for width in widths]
    letters, space = form.parts.table, round(form.text.cell_pt * 20)
    marked = [_row(heads, twips, "c" * len(heads), form.parts.table_head, space, properties="<w:tblHeader/>")]
    for number, values in enumerate(rows):
        if len(values) == 1:
            marked.append(_whole_row(values[0], sum(twips), len(twips), form.parts.note, letters, space))
            continue
        sides = columns or "".join(
            "c" if len(text) <= _SHORT and place not in names else "l" for place, text in enumerate(values)
        )
        look = form.parts.table_head if number >= len(rows) - totals else letters
        marked.append(_row(values, twips, sides, look, space))
    columns_of_it = "".join(f'<w:gridCol w:w="{each}"/>' for each in twips)
    table = parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableGrid"/>'
        f'<w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{columns_of_it}</w:tblGrid>{''.join(marked)}</w:tbl>"
    )
    place: Any = paper.element.body
    place._insert_tbl(table)
    return Table(table, paper._body)  # type: ignore[arg-type]


def _row(
    values: Sequence[str], twips: Sequence[int], sides: str, letters: Letters, space: int, *, properties: str = ""
) -> str:
    """One row; it stays on one page. Errors: ValueError for a row of another length."""
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{_paragraph(text, side, letters, space)}</w:tc>'
        for text, width, side in zip(values, twips, sides, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{properties}</w:trPr>{cells}</w:tr>"


def _whole_row(text: str, width: int, span: int, note: Letters, letters: Letters, space: int) -> str:
    """A line across the table: the name of what follows."""
    look = Letters(letters.pt, bold=note.bold, italic=note.italic)
    return (
        f'<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>'
        f'<w:gridSpan w:val="{span}"/></w:tcPr>{_paragraph(text, "l", look, space)}</w:tc></w:tr>'
    )


def _paragraph(text: str, side: str, letters: Letters, space: int) -> str:
    words = clean(text.upper() if letters.upper else text)
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(each)}</w:t>' for each in words.splitlines() or [""])
    style = (
        f'<w:b w:val="{int(letters.bold)}"/><w:i w:val="{int(letters.italic)}"/><w:sz w:val="{round(letters.pt * 2)}"/>'
    )
    return (
        f'<w:p><w:pPr><w:spacing w:before="{space}" w:after="{space}"/><w:jc w:val="{_SIDES[side]}"/></w:pPr>'
        f"<w:r><w:rPr>{style}</w:rPr>{lines}</w:r></w:p>"
    )
