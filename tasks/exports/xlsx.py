"""The matrix as a workbook: one sheet as on the screen, one with a line per assignment."""

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from directive_tracker.demo_line import DEMO_LINE
from directive_tracker.vietnamese import vn_datetime
from records.spreadsheets import XLSX, text_cell
from tasks.enums import NOT_ASSIGNED_SIGN, WORD_SIGNS, UnitWord
from tasks.matrix import Cell, Matrix, Row
from tasks.models import Assignment
from tasks.timeliness import days_overdue, timeliness_words

CONTENT_TYPE = XLSX
LIST_HEAD = (
    "Mã nhiệm vụ",
    "Nhiệm vụ",
    "Đơn vị",
    "Vai trò",
    "Tình trạng",
    "Hạn ban đầu",
    "Hạn hiện nay",
    "Số ngày quá hạn",
    "Thời hạn",
    "Báo cáo đến ngày",
    "Hoàn thành ngày",
)
LIST_WIDTHS = (12, 44, 34, 12, 24, 13, 13, 10, 22, 14, 14)


def matrix_workbook(
    matrix: Matrix,
    assignments: list[Assignment],
    *,
    as_of: datetime,
    demo: bool,
    step: Callable[[int, int], None] = lambda done, total: None,
) -> bytes:
    """Write the workbook.

    Args:
        assignments: the lines of the second sheet, with task and unit loaded.
        demo: put the line that says the data is invented on top of both sheets.
        step: told how much is done, (done, total); may raise to stop.
    """
    book = Workbook(write_only=True)
    total = len(matrix.rows) + len(assignments)
    head = [DEMO_LINE] if demo else []
    head += [
        f"Nhiệm vụ × đơn vị – {matrix.directive.short_title}",
        f"Số liệu đến {vn_datetime(as_of)}",
    ]
    _matrix_sheet(book, matrix, head, step, total)
    _list_sheet(book, assignments, head, as_of, step, len(matrix.rows), total)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _start_sheet(book: Workbook, title: str, widths, freeze: str, head: list[str]):
    sheet = book.create_sheet(title)
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = freeze
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    for line in head:
        sheet.append([text_cell(sheet, line, bold=True)])
    return sheet


def _matrix_sheet(book: Workbook, matrix: Matrix, head: list[str], step, total: int) -> None:
    widths = (8, 44, 10, *(16 for _ in matrix.columns))
    sheet = _start_sheet(book, "Nhiệm vụ × đơn vị", widths, f"D{len(head) + 2}", head)
    names = ["Mã", "Nhiệm vụ", "Xong", *(column.unit.short_name for column in matrix.columns)]
    sheet.append([text_cell(sheet, name, bold=True, wrap=True) for name in names])
    for number, row in enumerate(matrix.rows, start=1):
        step(number, total)
        sheet.append(_matrix_line(sheet, row))


def _matrix_line(sheet, row: Row) -> list[WriteOnlyCell]:
    title = row.full_title if row.task else row.title
    values = [row.code, title, f"{row.done}/{row.total}", *(_cell_words(cell) for cell in row.cells)]
    return [text_cell(sheet, value, wrap=True) for value in values]


def _cell_words(cell: Cell | None) -> str:
    if cell is None:
        return NOT_ASSIGNED_SIGN[0]
    return f"{WORD_SIGNS[UnitWord(cell.kind)][0]} {cell.words}"


def _list_sheet(book, assignments, head, as_of: datetime, step, done: int, total: int) -> None:
    sheet = _start_sheet(book, "Danh sách", LIST_WIDTHS, f"A{len(head) + 2}", head)
    sheet.append([text_cell(sheet, name, bold=True, wrap=True) for name in LIST_HEAD])
    today = as_of.date()
    for number, assignment in enumerate(assignments, start=1):
        if number % 50 == 0:
            step(done + number, total)
        sheet.append([text_cell(sheet, value, wrap=isinstance(value, str)) for value in _list_line(assignment, today)])
    step(total, total)


def _list_line(assignment: Assignment, today) -> list[Any]:
    return [
        assignment.task.code,
        assignment.task.title,
        assignment.unit.name,
        assignment.get_role_display(),
        assignment.word.label,
        assignment.due_original,
        assignment.due_current,
        days_overdue(assignment, today=today) if assignment.is_counted else 0,
        timeliness_words(assignment, today=today),
        assignment.submitted_on,
        assignment.completed_on,
    ]
