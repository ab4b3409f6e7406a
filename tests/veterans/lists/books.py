"""Lists made for the tests, in every kind of file, and what the reader makes of them. All persons are invented."""

import io
import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from veterans.lists.places import AreaRows, CommuneRow, Places
from veterans.lists.reading import RowRead, TableRead, read_list

TODAY = date(2026, 3, 2)
AREAS = Path(__file__).parents[3] / "units" / "data" / "areas.json"


@cache
def places() -> Places:
    """The province as every installation starts with it."""
    content = json.loads(AREAS.read_text(encoding="utf-8"))
    old = [
        CommuneRow(name, district["name"], False, tuple(aliases))
        for district in content["districts"]
        for _, name, _, aliases in district["communes"]
    ]
    new = [CommuneRow(name, "", True, tuple(aliases)) for _, name, aliases in content["new_communes"]]
    districts = tuple((one["name"], tuple(one["aliases"])) for one in content["districts"])
    return Places(AreaRows((*old, *new), districts, content["old_province"]["name"], content["new_province"]["name"]))


def xlsx(
    *sheets: Sequence[Sequence[Any]],
    names: Sequence[str] = (),
    merged: Sequence[str] = (),
    hidden: Sequence[int] = (),
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
