"""Workbooks of Excel 97–2003 and 5/95 (BIFF), through xlrd: it tells fonts, hidden rows and date formats."""

import io
import struct
from collections.abc import Iterator
from typing import BinaryIO

import xlrd
from xlrd.compdoc import CompDoc, CompDocError

from veterans.lists.codes import FileRefused
from veterans.lists.grid import BOOL, ERROR, TEXT, Cell, Merge, Sheet, number_cell, spread

# A full sheet of 65 536 rows with twenty columns; more cells take more memory than a list is worth.
MAX_CELLS = 1_400_000
MAX_BYTES = 40 * 1024 * 1024
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_MULBLANK, _MULRK, _FILEPASS = 0x00BE, 0x00BD, 0x002F
_SINGLE = frozenset(
    (0x0001, 0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x0201, 0x0203, 0x0204, 0x0205, 0x00D6, 0x00FD, 0x027E)
)
# What xlrd lets through of a damaged file; it has no error of its own for most damage.
DAMAGE = (
    xlrd.XLRDError, CompDocError, struct.error, IndexError, KeyError, AssertionError, UnicodeDecodeError, ValueError,
    OverflowError, TypeError, AttributeError, NotImplementedError, RecursionError, ZeroDivisionError, LookupError,
)  # fmt: skip


def sheets(file: BinaryIO) -> Iterator[Sheet]:
    """The worksheets in the order of the workbook.

    Errors: FileRefused (too_large, password_protected); those of DAMAGE for a damaged file.
    """
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise FileRefused("too_large")
    _weigh(_stream(data))
    # What it has to say about a strange file is for its own makers.
    book = xlrd.open_workbook(
        file_contents=data, formatting_info=True, on_demand=True, ragged_rows=True, logfile=io.StringIO()
    )
    for number in range(book.nsheets):
        sheet = book.sheet_by_index(number)
        merges: dict[int, list[Merge]] = {}
        for top, bottom, left, right in sheet.merged_cells:
            merges.setdefault(top + 1, []).append(Merge(top + 1, left, bottom, right - 1))
        yield Sheet(sheet.name, sheet.visibility != 0, spread(_rows(book, sheet), merges))
        book.unload_sheet(number)


def _stream(data: bytes) -> bytes:
    """The records of the workbook, without the file system around them."""
    if data[:8] != b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return data
    system = CompDoc(data, logfile=io.StringIO())
    for name in ("Workbook", "Book"):
        found, start, size = system.locate_named_stream(name)
        if found:
            return bytes(found[start : start + size])
    raise xlrd.XLRDError("no workbook inside")


def _weigh(stream: bytes) -> None:
    """Count the cells before anything is made of them. Errors: FileRefused."""
    place = cells = 0
    while place + 4 <= len(stream):
        record, size = struct.unpack_from("<HH", stream, place)
        if record == _FILEPASS:
            raise FileRefused("password_protected")
        if record == _MULBLANK:
            cells += (size - 6) // 2
        elif record == _MULRK:
            cells += (size - 6) // 6
        elif record in _SINGLE:
            cells += 1
        if cells > MAX_CELLS:
            raise FileRefused("too_large")
        place += 4 + size


def _rows(book: xlrd.book.Book, sheet: xlrd.sheet.Sheet) -> Iterator[tuple[int, bool, dict[int, Cell]]]:
    fonts = {
        index: book.font_list[format_.font_index].name
        for index, format_ in enumerate(book.xf_list)
        if format_.font_index < len(book.font_list)
    }
    for number in range(sheet.nrows):
        values, kinds = sheet.row_values(number), sheet.row_types(number)
        found = {}
        for column, (kind, value) in enumerate(zip(kinds, values, strict=True)):
            if kind not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                font = fonts.get(sheet.cell_xf_index(number, column), "") if kind != xlrd.XL_CELL_ERROR else ""
                if kind == xlrd.XL_CELL_TEXT and (runs := sheet.rich_text_runlist_map.get((number, column))):
                    font = _run_font(book, runs, font)
                cell = _cell(kind, value, font)
                if cell is not None:
                    found[column] = cell
        info = sheet.rowinfo_map.get(number)
        yield number + 1, bool(info and info.hidden), found


def _run_font(book: xlrd.book.Book, runs: list[tuple[int, int]], font: str) -> str:
    """The font of a text's beginning, where the text brings its own."""
    offset, index = runs[0]
    return book.font_list[index].name if offset == 0 and index < len(book.font_list) else font


def _cell(kind: int, value: object, font: str) -> Cell | None:
    if kind == xlrd.XL_CELL_TEXT:
        return Cell(TEXT, value, font) if str(value).strip() else None
    if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return number_cell(float(value), font, is_date=kind == xlrd.XL_CELL_DATE)  # type: ignore[arg-type]
    if kind == xlrd.XL_CELL_BOOLEAN:
        return Cell(BOOL, bool(value))
    return Cell(ERROR, _ERRORS.get(int(value), "#LỖI!"))  # type: ignore[call-overload]
