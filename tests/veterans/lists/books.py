"""Lists made for the tests, in every kind of file, and what the reader makes of them. All persons are invented."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from veterans.committed_areas import committed_areas
from veterans.lists.places import Places
from veterans.lists.reading import RowRead, TableRead, read_list

TODAY = date(2026, 3, 2)


@cache
def places() -> Places:
    """The province as every installation starts with it."""
    return Places(committed_areas())


def xlsx(
    *sheets: Sequence[Sequence[Any]],
    names: Sequence[str] = (),
    merged: Sequence[str] = (),
    hidden: Sequence[int] = (),
    hidden_sheets: Sequence[int] = (),
    fonts: Mapping[str, str] | None = None,
    dates: Sequence[str] = (),
) -> io.BytesIO:
    """A workbook of Excel. merged, hidden, fonts (cell → font) and dates (cells shown as a day) are the first sheet's."""
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(names[number] if number < len(names) else f"Trang{number + 1}")
        for row in rows:
            sheet.append(list(row))
    first = book.worksheets[0]
    for place, name in (fonts or {}).items():
        first[place].font = Font(name=name)
    for place in dates:
        first[place].number_format = "dd/mm/yyyy"
    for area in merged:
        first.merge_cells(area)
    for row in hidden:
        first.row_dimensions[row].hidden = True
    for number in hidden_sheets:
        book.worksheets[number].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def csv(text: str, encoding: str = "utf-8") -> io.BytesIO:
    """A text file."""
    return io.BytesIO(text.encode(encoding))


def read(file: io.BytesIO, name: str = "danh-sach.xlsx", **more: Any) -> list[Any]:
    """All that is told."""
    return list(read_list(file, name=name, places=places(), today=TODAY, **more))


def rows_of(file: io.BytesIO, name: str = "danh-sach.xlsx", **more: Any) -> dict[int, RowRead]:
    """Row number → row, of the last sheet that has it."""
    return {one.number: one for one in read(file, name, **more) if isinstance(one, RowRead)}


def tables_of(file: io.BytesIO, name: str = "danh-sach.xlsx", **more: Any) -> list[TableRead]:
    """The tables in their order."""
    return [one for one in read(file, name, **more) if isinstance(one, TableRead)]


def outcomes(rows: Mapping[int, RowRead]) -> dict[int, str]:
    """Row number → "ok", the codes of its errors, or why it is skipped."""
    return {
        number: row.skip or " ".join(sorted(one.code for one in row.errors)) or "ok" for number, row in rows.items()
    }


def letters(columns: Sequence[str]) -> dict[str, str]:
    """Roles from the left → column letter → role."""
    return {get_column_letter(number + 1): role for number, role in enumerate(columns) if role}
