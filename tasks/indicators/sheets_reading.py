"""A filled-in form of figures, read: of which report it is, and what stands in which cell. Pure functions; no database."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, XmlError, ZipError

from directive_tracker.vietnamese import fold, nfc, vn_number
from records.errors import UploadRefused
from tasks.indicators.sheets import COMMENT, HIDDEN, KEY, LARGEST_ROW, MARK, VALUE, VERSION
from tasks.indicators.typed import read_count
from units.importing import archive

NOT_OURS = (
    "Tệp này không phải mẫu số liệu tải từ báo cáo. Hãy bấm “Tải mẫu Excel”, ghi số vào tệp ấy rồi nạp lại; "
    "đừng chép các dòng sang một tệp mới."
)
# Above the head row stand a few lines of words; people add some.
HEAD_WITHIN = 30
_DAMAGED = "Không đọc được tệp: tệp bị hỏng hoặc không đúng với đuôi tên."


@dataclass(frozen=True)
class Problem:
    """What is wrong in one cell, and what would be right."""

    cell: str
    words: str


@dataclass(frozen=True)
class Typed:
    """What stands in one line of the form; None and "" where the cell is empty."""

    key: str
    value: str | None
    comment: str
    value_cell: str
    comment_cell: str


@dataclass
class Filled:
    """A form as it came back."""

    report: int
    words: str
    lines: list[Typed] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_form(data: bytes) -> Filled:
    """Read a checked .xlsx file (records/uploads.check_upload).

    Errors: UploadRefused when it is none of our forms, another version of it, or cannot be read.
    """
    notes = archive.inspect(data, ".xlsx")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        if HIDDEN not in book.sheet_names:
            raise UploadRefused(NOT_OURS)
        source = book.get_sheet_by_name(HIDDEN).to_python(skip_empty_area=False)
        found = _source(source)
        for name in book.sheet_names:
            if name != HIDDEN and _read_sheet(found, book.get_sheet_by_name(name), notes.get(name)):
                return found
    except PasswordError as error:
        raise UploadRefused("Tệp có mật khẩu nên không đọc được. Hãy bỏ mật khẩu rồi nạp lại.") from error
    except (CalamineError, XmlError, ZipError, OSError) as error:
        raise UploadRefused(_DAMAGED) from error
    raise UploadRefused(
        f"Không thấy dòng tiêu đề của mẫu: cần các cột “{VALUE}”, “{COMMENT}” và cột ẩn “{KEY}”. Hãy tải lại mẫu."
    )


def _source(grid: Sequence[Sequence[Any]]) -> Filled:
    first = [*(grid[0] if grid else ()), None, None, None]
    if first[0] != MARK or not isinstance(first[2], int | float):
        raise UploadRefused(NOT_OURS)
    if first[1] != VERSION:
        raise UploadRefused("Tệp này theo mẫu cũ. Hãy tải mẫu mới từ báo cáo rồi ghi lại số.")
    words = str(grid[1][0]) if len(grid) > 1 and grid[1] else ""
    return Filled(int(first[2]), nfc(words)[:400])


def _read_sheet(found: Filled, sheet: CalamineSheet, notes: archive.Notes | None) -> bool:
    """Take the lines of this sheet in; False where it has no head row of ours."""
    grid = sheet.to_python(skip_empty_area=False)
    heads = [
        {fold(cell): column for column, cell in enumerate(row) if isinstance(cell, str)} for row in grid[:HEAD_WITHIN]
    ]
    top = next((n for n, names in enumerate(heads) if fold(VALUE) in names and fold(KEY) in names), None)
    if top is None:
        return False
    places = heads[top]
    value, key = places[fold(VALUE)], places[fold(KEY)]
    comment = places.get(fold(COMMENT), -1)
    merged = _merged_below(sheet, value)
    for number in range(top + 1, min(len(grid), top + 1 + LARGEST_ROW)):
        cell = f"{_letter(value)}{number + 1}"
        if number in merged:
            found.problems.append(
                Problem(cell, "ô này gộp với ô khác nên không biết số thuộc dòng nào. Xin bỏ gộp ô rồi ghi lại.")
            )
            continue
        line = _line(grid[number], number, value, comment, key)
        if line is not None and not line.key:
            words = "dòng này không còn mã dòng nên không biết là chỉ tiêu nào. Xin ghi số vào đúng dòng của mẫu."
            found.problems.append(Problem(cell, words))
        elif line is not None:
            found.lines.append(line)
    if notes is not None and notes.never_computed:
        words = "công thức chưa tính ra giá trị. Xin mở tệp bằng Excel và lưu lại, hoặc ghi thẳng số vào ô."
        found.problems.append(Problem(notes.never_computed, words))
    return True


def _line(row: Sequence[Any], number: int, value: int, comment: int, key: int) -> Typed | None:
    """One line, or None where nothing was typed in it."""
    typed, words = _text(_at(row, value)), _text(_at(row, comment)) if comment >= 0 else None
    if typed is None and words is None:
        return None
    return Typed(
        key=_text(_at(row, key)) or "",
        value=typed,
        comment=words or "",
        value_cell=f"{_letter(value)}{number + 1}",
        comment_cell=f"{_letter(comment)}{number + 1}" if comment >= 0 else "",
    )


def _merged_below(sheet: CalamineSheet, column: int) -> set[int]:
    """The rows in which the column is part of a cell that was merged from several rows."""
    rows: set[int] = set()
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left <= column <= right and bottom > top and bottom - top < LARGEST_ROW:
            rows |= set(range(top, bottom + 1))
    return rows


def _at(row: Sequence[Any], column: int) -> Any:
    return row[column] if 0 <= column < len(row) else None


def _text(value: Any) -> str | None:
    """A cell as somebody would have typed it; None for an empty one."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e18 else vn_number(round(value, 6))
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date | time | timedelta):
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
    text = " ".join(nfc(str(value)).split()) if value is not None else ""
    return text or None


def count_of(line: Typed, measure: str) -> int | None:
    """The figure in a line; None for an empty cell. Errors: ValueError with a sentence."""
    return None if line.value is None else read_count(line.value, measure=measure)


def _letter(index: int) -> str:
    """0 → "A", 27 → "AB"."""
    letters = ""
    while index >= 0:
        index, rest = divmod(index, 26)
        letters, index = chr(65 + rest) + letters, index - 1
    return letters
