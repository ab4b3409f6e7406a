"""The rows that could not be taken, as they were typed, each with what is wrong: mended there and sent again."""

from collections.abc import Iterator
from typing import Any

from directive_tracker.vietnamese import vn_date
from records.spreadsheets import workbook
from tasks.errors import Refused
from veterans.importing import values
from veterans.importing.taking import opened
from veterans.lists import opening
from veterans.lists.codes import ERRORS_HEADING
from veterans.lists.grid import Cell, Kind
from veterans.lists.grid import Row as GridRow
from veterans.lists.text import clean
from veterans.models import ImportedRow, PersonImport

LONGEST_SHEET = 120
NONE_KEPT = "Không còn dòng lỗi nào được giữ của danh sách này."


def error_file(found: PersonImport) -> bytes:
    """A workbook: of each sheet with errors what stands above its tables, the sections, and the rows with errors.

    Errors: OSError, crypto.Unreadable, FileRefused when the file is gone or damaged; Refused when no row with an error
        is kept (any more).
    """
    file = opened(found)
    wrong: dict[str, dict[int, str]] = {}
    kept = found.rows.filter(outcome=ImportedRow.Outcome.ERROR, sealed__isnull=False)
    for row in kept.iterator(chunk_size=2000):
        said = values.said_in(row.sealed, row.sheet, row.number, found)
        wrong.setdefault(row.sheet, {})[row.number] = " ".join(said.errors)
    if not wrong:
        raise Refused(NONE_KEPT)
    persons: dict[str, set[int]] = {}
    for sheet, number in found.rows.values_list("sheet", "number").iterator(chunk_size=5000):
        persons.setdefault(sheet, set()).add(number)
    sheets: dict[str, Iterator[list[Any]]] = {}
    for sheet in opening.sheets(file, found.file.original_name):
        name = clean(sheet.name)[:LONGEST_SHEET]
        if name in wrong:
            headings = {
                n for table in found.columns if table["sheet"][:LONGEST_SHEET] == name for n in table["header_rows"]
            }
            lines = list(_lines(sheet.rows, wrong[name], persons[name], headings))
            sheets[name or "Danh sách"] = iter(lines)
        else:
            for _ in sheet.rows:  # sheets are gone through in turn
                pass
    return workbook(sheets)


def _lines(
    rows: Iterator[GridRow], wrong: dict[int, str], persons: set[int], headings: set[int]
) -> Iterator[list[Any]]:
    """Everything but the persons that were understood, with a last column for what is wrong."""
    kept = [row for row in rows if row.number in wrong or row.number not in persons]
    # A file that comes for the second time has such a column already.
    former = {
        column
        for row in kept
        if row.number in headings
        for column, cell in row.own.items()
        if cell.value == ERRORS_HEADING
    }
    columns = [column for column in range(_width(kept)) if column not in former]
    first_heading = max(headings, default=0)
    for row in kept:
        line = [shown_value(row.own.get(column)) for column in columns]
        note = wrong.get(row.number, "")
        yield [*line, ERRORS_HEADING if row.number == first_heading else note]


def _width(rows: list[GridRow]) -> int:
    return max((column for row in rows for column in row.own), default=0) + 1


def shown_value(cell: Cell | None) -> Any:
    """A cell as a sheet shows it; errors and what was never computed stay empty for somebody to type."""
    if cell is None or cell.kind in (Kind.ERROR, Kind.NO_VALUE):
        return ""
    if cell.kind == Kind.BOOL:
        return "x" if cell.value else ""
    if cell.kind == Kind.DATE:
        return vn_date(cell.value)
    if cell.kind == Kind.NUMBER and isinstance(cell.value, int) and abs(cell.value) >= 10**7:
        return str(cell.value)
    return cell.value
