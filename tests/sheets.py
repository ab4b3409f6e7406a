"""Asking for a list as an Excel file as its page's button does, and reading what came."""

import io
from typing import Any

from openpyxl import load_workbook


def ask(client: Any, key: str, loc: str = "") -> Any:
    """The answer to the button of one list with the filters of the page's address."""
    return client.post(f"/xuat-excel/{key}/", {"loc": loc})


def table(content: bytes) -> tuple[list[str], list[list[Any]]]:
    """The lines above the head row, and the head row with all rows below it."""
    rows = [list(row) for row in load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)]
    top = next(number for number, row in enumerate(rows) if str(row[0]).startswith("Số liệu lúc")) + 1
    return [str(row[0]) for row in rows[:top]], rows[top:]


def columns(content: bytes, *names: str) -> list[tuple[Any, ...]]:
    """The values of these columns, row by row."""
    head, *rows = table(content)[1]
    places = [head.index(name) for name in names]
    return [tuple(row[place] for place in places) for row in rows]
