"""Small workbooks for the tests of the import, written with openpyxl."""

import io
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from units.importing.checking import check_book
from units.importing.plan import Plan
from units.importing.reading import read_book
from units.importing.snapshot import take_snapshot

TODAY = date(2024, 4, 15)
AREA_HEAD = ["Mã", "Tên", "Cấp", "Thuộc", "Từ ngày", "Đến ngày"]
UNIT_HEAD = ["Mã", "Tên đầy đủ", "Tên ngắn", "Loại", "Trực thuộc", "Địa bàn", "Điện thoại", "Từ ngày", "Đến ngày"]
PEOPLE_HEAD = [
    "Tên đăng nhập",
    "Họ và tên",
    "Điện thoại",
    "Thư",
    "Vai trò",
    "Đơn vị",
    "Địa bàn",
    "Đầu mối",
    "Từ ngày",
    "Đến ngày",
]
DEPUTY_HEAD = ["Người thay", "Thay cho", "Từ ngày", "Đến ngày", "Lý do"]
HEADS = {"Địa bàn": AREA_HEAD, "Đơn vị": UNIT_HEAD, "Người và vai trò": PEOPLE_HEAD, "Thay mặt": DEPUTY_HEAD}

Sheets = dict[str, Sequence[Sequence[Any]]]


def xlsx(sheets: Sheets, change: Callable[[Workbook], None] = lambda book: None) -> bytes:
    """A workbook: title of a sheet → its rows, headings included. change: called with it before it is saved."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def lists(**rows: Sequence[Sequence[Any]]) -> bytes:
    """A workbook of rows under the usual headings: areas=, units=, people=, deputies=."""
    titles = dict(zip(("areas", "units", "people", "deputies"), HEADS, strict=True))
    return xlsx({titles[name]: [HEADS[titles[name]], *lines] for name, lines in rows.items()})


def upload(content: bytes, name: str = "danh-sach.xlsx") -> SimpleUploadedFile:
    """The same as a browser sends it."""
    return SimpleUploadedFile(name, content)


def check(content: bytes, *, today: date = TODAY, kind: str = ".xlsx") -> Plan:
    """Read and check against the database of now."""
    return check_book(read_book(content, kind), take_snapshot(), today=today)


def places(plan: Plan) -> list[tuple[str, int | None, str, str, str]]:
    """(sheet, row, column, what is wrong, what would be right) of each error."""
    return [(one.sheet, one.row, one.column, one.wrong, one.right) for one in plan.problems]
