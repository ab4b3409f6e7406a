"""A workbook's rows, as typed, with their places; no database, no judgement about what they mean."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum, XmlError, ZipError

from directive_tracker.vietnamese import fold, nfc, vn_number
from records.errors import UploadRefused
from units.importing import archive
from units.importing.layout import LAYOUTS, PASSED_OVER, QUIET_HEADERS, Layout

KINDS = (".xlsx", ".xls", ".ods", ".csv")
MAX_ROWS = 20_000
HEADER_ROWS = 30

_INVISIBLE: dict[int, None] = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_TOTAL = re.compile(r"(?:tong cong|tong so|tong|cong)(?: ?[:.].*| \d.*)?")
_COUNTED = re.compile(r"\(?\d{1,2}\)?")
_FOOT = re.compile(r"(?:nguoi lap|nguoi ky|noi nhan|ghi chu|xac nhan|thu truong|tm\.|t/m|kt\.)|.*ngay .*thang .*nam ")

Grid = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Place:
    """A column of a sheet: its letter and its heading as typed."""

    letter: str
    header: str


@dataclass(frozen=True)
class Row:
    """What stands in one row: values only where a cell is filled; texts composed and without stray blanks."""

    sheet: str
    number: int
    values: dict[str, Any]
    places: dict[str, Place] = field(repr=False)
    layout: Layout = field(repr=False)


@dataclass(frozen=True)
class Sheet:
    """One sheet that was recognised."""

    layout: Layout
    title: str
    places: dict[str, Place]
    rows: list[Row]


@dataclass(frozen=True)
class Remark:
    """Something to know that is no error."""

    sheet: str
    row: int | None
    text: str


@dataclass
class Book:
    """A workbook as read."""

    sheets: list[Sheet] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def row_count(self) -> int:
        """All rows with data."""
        return sum(len(sheet.rows) for sheet in self.sheets)


def read_book(data: bytes, extension: str, *, layouts: Sequence[Layout] = LAYOUTS) -> Book:
    """Read the sheets that are recognised by their headings; everything else is passed over with a remark.

    Arguments: data; extension with its dot, small, one of KINDS; layouts, the sheets there may be.
    Errors: UploadRefused when it cannot be read, nothing in it is recognised, or it has too many rows.
    """
    book = Book()
    grids = _csv_grids(data) if extension == ".csv" else _workbook_grids(data, extension, book)
    for title, grid, notes in grids:
        _add_sheet(book, title, grid, notes, layouts)
    if not book.sheets:
        known = "; ".join(f"“{layout.title}”" for layout in layouts)
        raise UploadRefused(
            f"Không nhận ra trang nào trong tệp. Cần một trang có dòng tiêu đề như tệp mẫu: {known}. Hãy tải tệp mẫu và giữ tên các cột."
        )
    if book.row_count > MAX_ROWS:
        raise UploadRefused(
            f"Tệp có {vn_number(book.row_count)} dòng; mỗi lần nhập nhiều nhất {vn_number(MAX_ROWS)} dòng. Hãy chia thành nhiều tệp."
        )
    return book


def as_utf8(data: bytes) -> tuple[bytes, str]:
    """A csv file in UTF-8, and how it was written where that was guessed.

    UTF-8 and UTF-16 say or prove what they are; anything else is taken for Windows-1258, which the
    headings must then confirm. Errors: UploadRefused when it is no text at all.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16").encode("utf-8"), ""
        except UnicodeDecodeError as error:
            raise UploadRefused("Không đọc được chữ trong tệp csv: tệp bị hỏng.") from error
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return nfc(data.decode("cp1258", errors="replace")).encode("utf-8"), "Windows-1258"
    return data, ""


# --- grids --------------------------------------------------------------------------------------

Grids = list[tuple[str, Grid, archive.Notes]]


def _csv_grids(data: bytes) -> Grids:
    text = as_utf8(data)[0].decode("utf-8-sig")
    lines = text.splitlines()[:20]
    separator = max(";\t,", key=lambda sign: sum(line.count(sign) for line in lines))
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise UploadRefused("Không đọc được tệp csv: một ô dài quá mức.") from error
    return [("csv", rows, archive.Notes())]


def _workbook_grids(data: bytes, extension: str, book: Book) -> Grids:
    notes = archive.inspect(data, extension) if extension != ".xls" else {}
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        grids: Grids = []
        for meta in workbook.sheets_metadata:
            sheet = workbook.get_sheet_by_name(meta.name)
            grid = sheet.to_python(skip_empty_area=False)
            _fill_down(grid, sheet.merged_cell_ranges or ())
            grids.append((meta.name, grid, notes.get(meta.name, archive.Notes())))
            if grid and meta.visible != SheetVisibleEnum.Visible:
                book.remarks.append(Remark(meta.name, None, "Trang này đang ẩn trong tệp; vẫn được đọc."))
    except PasswordError as error:
        raise UploadRefused("Tệp có mật khẩu nên không đọc được. Hãy bỏ mật khẩu rồi gửi lại.") from error
    except (CalamineError, XmlError, ZipError, OSError, ValueError) as error:
        raise UploadRefused("Không đọc được tệp: tệp bị hỏng hoặc không đúng với đuôi tên.") from error
    return grids


def _fill_down(grid: list[list[Any]], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Merged over several rows, a cell belongs to each of them; merged over columns, only to the first."""
    for (top, left), (bottom, _) in merged:
        for number in range(top + 1, min(bottom + 1, len(grid))):
            if left < len(grid[number]) and left < len(grid[top]):
                grid[number][left] = grid[top][left]


def tidy(value: Any) -> Any:
    """A cell's value: texts composed, invisible signs and stray blanks gone, nothing as None, 12.0 as 12."""
    if isinstance(value, str):
        return " ".join(nfc(value).translate(_INVISIBLE).split()) or None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, time | timedelta):
        return str(value)
    return value


# --- recognising a sheet ------------------------------------------------------------------------


@dataclass(frozen=True)
class _Heading:
    layout: Layout
    last_row: int  # index into the grid
    columns: dict[str, int]
    texts: list[str]
    score: int


def _add_sheet(book: Book, title: str, grid: Grid, notes: archive.Notes, layouts: Sequence[Layout]) -> None:
    if fold(title) in PASSED_OVER or not any(tidy(cell) is not None for row in grid for cell in row):
        return
    heading = _find_heading(grid, title, layouts)
    if heading is None:
        book.remarks.append(Remark(title, None, "Bỏ qua trang này: không có dòng tiêu đề nào nhận ra được."))
        return
    places = {
        name: Place(column_letter(index), _typed(grid, heading, index)) for name, index in heading.columns.items()
    }
    _remark_columns(book, title, grid, heading)
    if notes.never_computed:
        book.remarks.append(
            Remark(
                title,
                None,
                f"Ô {notes.never_computed} có công thức chưa tính ra giá trị nên đọc là ô trống. Hãy mở tệp bằng Excel và lưu lại.",
            )
        )
    rows: list[Row] = []
    for index in range(heading.last_row + 1, len(grid)):
        row = _read_row(title, index, grid[index], heading, places, book)
        if row is not None:
            rows.append(row)
            if row.number in notes.hidden:
                book.remarks.append(Remark(title, row.number, "Dòng này đang ẩn trong tệp; vẫn được đọc."))
    book.sheets.append(Sheet(heading.layout, title, places, rows))


def column_letter(index: int) -> str:
    """0 → "A", 27 → "AB"."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _folded(row: Sequence[Any]) -> list[str]:
    cells = (tidy(cell) for cell in row)
    return [fold(cell) if isinstance(cell, str) and len(cell) <= 60 else "" for cell in cells]


def _find_heading(grid: Grid, title: str, layouts: Sequence[Layout]) -> _Heading | None:
    """The row (or two rows above each other) that most headings of one sheet are found in; earlier ones win."""
    folded = [_folded(row) for row in grid[: HEADER_ROWS + 1]]
    best: _Heading | None = None
    for index, upper in enumerate(folded[:HEADER_ROWS]):
        if not any(upper):
            continue
        lower = folded[index + 1] if index + 1 < len(folded) else []
        for layout in layouts:
            for last_row, texts in ((index, upper), (index + 1, _over(upper, lower, layout))):
                heading = _match(layout, last_row, texts, title)
                if heading and (best is None or heading.score > best.score):
                    best = heading
    return best


def _over(upper: list[str], lower: list[str], layout: Layout) -> list[str]:
    """Headings of two rows: the lower one where it is known, as under "Thời gian"."""
    known = set().union(*(column.keys for column in layout.columns))
    width = max(len(upper), len(lower))
    upper, lower = upper + [""] * (width - len(upper)), lower + [""] * (width - len(lower))
    return [below if below in known else above for above, below in zip(upper, lower, strict=True)]


def _match(layout: Layout, last_row: int, texts: list[str], title: str) -> _Heading | None:
    columns: dict[str, int] = {}
    for column in layout.columns:
        for index, text in enumerate(texts):
            if text and text in column.keys and column.name not in columns:
                columns[column.name] = index
    named = fold(title) == fold(layout.title)
    if len(columns) < 2 or not (named or set(layout.must) <= set(columns)):
        return None
    return _Heading(layout, last_row, columns, texts, len(columns) + 2 * named)


def _typed(grid: Grid, heading: _Heading, index: int) -> str:
    """The heading as typed, from the lower of its rows that is filled."""
    for number in (heading.last_row, heading.last_row - 1):
        if number >= 0 and index < len(grid[number]) and fold(str(tidy(grid[number][index]) or "")):
            return str(tidy(grid[number][index]))
    return ""


def _remark_columns(book: Book, title: str, grid: Grid, heading: _Heading) -> None:
    """Say which columns are not read: unknown ones, and a second one of the same heading."""
    taken = set(heading.columns.values())
    known = set().union(*(column.keys for column in heading.layout.columns))
    for index, text in enumerate(heading.texts):
        if not text or index in taken or text in QUIET_HEADERS:
            continue
        name = f"Cột {column_letter(index)} “{_typed(grid, heading, index)}”"
        why = "trùng với một cột đứng trước nên không đọc." if text in known else "không có trong mẫu nên không đọc."
        book.remarks.append(Remark(title, None, f"{name} {why}"))


# --- rows ---------------------------------------------------------------------------------------


def _read_row(
    title: str, index: int, cells: Sequence[Any], heading: _Heading, places: dict[str, Place], book: Book
) -> Row | None:
    """The row, or None where it holds no data: empty, headings again, a count of columns, a total, a foot."""
    values = {}
    for name, column in heading.columns.items():
        value = tidy(cells[column]) if column < len(cells) else None
        if value is not None:
            values[name] = value
    if not values or _is_heading_again(values, heading) or _is_count(values, heading):
        return None
    first = next((cell for cell in map(tidy, cells) if cell is not None), None)
    # Few rows begin with these letters, and folding every row is dear.
    words = fold(first) if isinstance(first, str) and first[0] in "TtCc" and len(first) <= 60 else ""
    if _TOTAL.fullmatch(words) or (len(values) == 1 and _FOOT.match(fold(str(next(iter(values.values())))))):
        book.remarks.append(Remark(title, index + 1, f"Bỏ qua dòng “{str(first)[:60]}”: không phải dữ liệu."))
        return None
    return Row(title, index + 1, values, places, heading.layout)


def _is_heading_again(values: dict[str, Any], heading: _Heading) -> bool:
    return len(values) > 1 and all(
        isinstance(value, str) and fold(value) in heading.layout.column(name).keys for name, value in values.items()
    )


def _is_count(values: dict[str, Any], heading: _Heading) -> bool:
    """The row "(1) (2) (3) …" under the headings."""
    if len(values) < 3 or not all(_COUNTED.fullmatch(str(value)) for value in values.values()):
        return False
    order = sorted(values, key=heading.columns.__getitem__)
    found = [int(re.sub(r"\D", "", str(values[name]))) for name in order]
    return found == sorted(set(found)) and found[-1] - found[0] <= len(heading.texts)
