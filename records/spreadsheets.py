"""Cells that a spreadsheet shows and never computes: the one way every export writes xlsx and csv.

What units and people type ends up in sheets that others open; "=HYPERLINK(…)" must stay a text there.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
# Half-width and full-width: input methods write the wide ones, and some programs compute them as well.
FORMULA_SIGNS = "=+-@＝＋－＠\t\r\n"
MAX_CELL = 32_767
BOLD = Font(bold=True)
_TITLE_SIGNS = re.compile(r"[\[\]:*?/\\]")


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet might compute the text: its first sign, blanks aside, begins a formula."""
    return text[:1] in tuple(FORMULA_SIGNS) or text.lstrip()[:1] in tuple(FORMULA_SIGNS)


def plain_text(text: str) -> str:
    """The text without signs that no sheet can hold, and not longer than a cell. Lines end as in Excel: XML readers
    do not agree on what a bare CR becomes."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return ILLEGAL_CHARACTERS_RE.sub("", lines)[:MAX_CELL]


def text_cell(sheet, value: Any, *, bold: bool = False, wrap: bool = False) -> WriteOnlyCell:
    """A cell of a write-only sheet: numbers and dates as they are, every text as text.

    What begins like a formula also keeps Excel's own mark for text, so that it stays text when
    somebody edits the cell or saves the sheet anew. Arguments: sheet; value, None is empty; bold;
    wrap, at the top of the cell.
    """
    if isinstance(value, str):
        value = plain_text(value)
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = is_formula_like(value)
    if bold:
        cell.font = BOLD
    if wrap:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def sheet_title(text: str) -> str:
    """A name Excel takes for a sheet: at most 31 signs, none of those it forbids."""
    return _TITLE_SIGNS.sub(" ", plain_text(text)).strip("' ")[:31] or "Trang 1"


def workbook(sheets: dict[str, Iterable[Sequence[Any]]], *, widths: Sequence[int] = ()) -> bytes:
    """A plain workbook: sheet name → rows, the first row bold.

    Arguments: sheets; widths of the columns, in signs. For anything else use text_cell.
    """
    book = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(sheet_title(title))
        for number, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        for number, row in enumerate(rows):
            sheet.append([text_cell(sheet, value, bold=number == 0, wrap=isinstance(value, str)) for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def csv_bytes(rows: Iterable[Sequence[Any]], *, separator: str = ",") -> bytes:
    """A CSV file as Excel opens it: UTF-8 with its mark, lines ended by CR LF, no cell that computes.

    csv has no types, so a text that begins like a formula gets a leading apostrophe; numbers stay numbers.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=separator)
    for row in rows:
        writer.writerow([_csv_value(value) for value in row])
    return buffer.getvalue().encode("utf-8-sig")


def _csv_value(value: Any) -> Any:
    if not isinstance(value, str):
        return "" if value is None else value
    text = plain_text(value)
    return "'" + text if is_formula_like(text) else text
