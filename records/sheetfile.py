"""One list as a workbook, written row by row: memory stays the same however long the list is.

Every list of the program leaves it through here, so that all of them look and behave alike: the head says what was filtered
and when, real dates and numbers, texts that stay texts, a head row that stays in sight and is printed on every page, A4 across.
openpyxl (records/spreadsheets.py) is for small sheets and for those with pictures of their own.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from directive_tracker.demo_line import DEMO_LINE
from directive_tracker.vietnamese import ZONE, vn_date, vn_datetime
from records.spreadsheets import is_formula_like, plain_text, sheet_title

# Excel holds 1 048 576 rows; what is longer goes on in a second sheet.
MOST_ROWS = 1_048_000
# So often a job says how far it is.
STEP = 500
A4 = 9
FIRST_YEAR = 1900


@dataclass(frozen=True)
class Column:
    """One column: its head and its width in signs."""

    title: str
    width: int = 14


@dataclass(frozen=True)
class Head:
    """What stands above the rows.

    title: the list's name; filters: what it was narrowed to, in words, "" for nothing; at: the moment of its figures;
    demo: whether the line about trial data comes first.
    """

    title: str
    at: datetime
    filters: str = ""
    demo: bool = False

    @property
    def lines(self) -> list[str]:
        """The lines above the head row."""
        demo = [DEMO_LINE] if self.demo else []
        filters = f"Lọc theo: {self.filters}" if self.filters else "Không lọc: toàn bộ danh sách được xem"
        return [*demo, self.title, f"Số liệu lúc {vn_datetime(self.at.astimezone(ZONE))} · {filters}"]


def _no_step(done: int, total: int) -> None:
    """Nobody waits for a word."""


def write_list(
    target: Any,
    head: Head,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    total: int = 0,
    step: Callable[[int, int], None] = _no_step,
    most_rows: int = MOST_ROWS,
) -> int:
    """Write the workbook and return how many rows stand in it.

    Args:
        target: a path or a binary file.
        rows: as many values each as there are columns; None is an empty cell.
        total: how many rows there will be, as far as it is known; step: told (done, total), may raise to stop.
        most_rows: of one sheet.
    """
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    sheets = _Book(book, head, columns)
    done, waiting = 0, iter(rows)
    try:
        while True:
            # The first sheet is there even of an empty list.
            first = next(waiting, None)
            if first is None and sheets.count:
                break
            sheets.begin()
            for row in islice(chain([] if first is None else [first], waiting), most_rows):
                sheets.write(row)
                done += 1
                if done % STEP == 0:
                    step(done, max(total, done))
            sheets.end()
    finally:
        # Also where the work was stopped: its temporary files are taken away with it.
        book.close()
    step(done, done)
    return done


@dataclass
class _Book:
    """The workbook while it is written: the sheet in hand and its next row."""

    book: xlsxwriter.Workbook
    head: Head
    columns: Sequence[Column]
    count: int = 0
    row: int = 0
    sheet: Worksheet | None = None
    formats: dict[str, Format] = field(default_factory=dict)

    def __post_init__(self) -> None:
        top = {"valign": "top"}
        self.formats = {
            "title": self.book.add_format({"bold": True}),
            "head": self.book.add_format(
                {"bold": True, "text_wrap": True, "border": 1, "valign": "vcenter", "bg_color": "#E8ECF2"}
            ),
            "text": self.book.add_format({**top, "text_wrap": True}),
            "quoted": self.book.add_format({**top, "text_wrap": True, "quote_prefix": True}),
            "number": self.book.add_format(top),
            "whole": self.book.add_format({**top, "num_format": "#,##0"}),
            "day": self.book.add_format({**top, "num_format": "dd/mm/yyyy", "align": "left"}),
            "moment": self.book.add_format({**top, "num_format": "dd/mm/yyyy hh:mm", "align": "left"}),
        }

    def begin(self) -> None:
        """Open the next sheet with its head."""
        self.count += 1
        name = sheet_title(self.head.title)
        sheet = self.sheet = self.book.add_worksheet(name if self.count == 1 else f"{name[:26]} ({self.count})")
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        if self.head.demo:
            sheet.set_header(f"&C{DEMO_LINE}")
        sheet.set_footer("&RTrang &P/&N")
        for number, column in enumerate(self.columns):
            sheet.set_column(number, number, column.width)
        lines = self.head.lines
        for number, line in enumerate(lines):
            sheet.write_string(number, 0, plain_text(line), self.formats["title"])
        self.row = len(lines)
        for number, column in enumerate(self.columns):
            sheet.write_string(self.row, number, column.title, self.formats["head"])
        sheet.repeat_rows(self.row)
        sheet.freeze_panes(self.row + 1, 0)
        self.row += 1

    def end(self) -> None:
        """Name the stretch that the small arrows of the head row filter."""
        assert self.sheet is not None
        top = len(self.head.lines)
        self.sheet.autofilter(top, 0, max(self.row - 1, top), len(self.columns) - 1)

    def write(self, values: Sequence[Any]) -> None:
        """Put one row down."""
        sheet, formats, row = self.sheet, self.formats, self.row
        assert sheet is not None
        for number, value in enumerate(values):
            # Asked in the order of how often it is so: this runs a million times.
            if isinstance(value, str):
                if value:
                    text = plain_text(value)
                    sheet.write_string(row, number, text, formats["quoted" if is_formula_like(text) else "text"])
            elif value is None:
                continue
            elif isinstance(value, bool):
                sheet.write_string(row, number, "có" if value else "không", formats["text"])
            elif isinstance(value, date):
                self._write_day(number, value)
            elif isinstance(value, int):
                sheet.write_number(row, number, value, formats["whole"])
            elif isinstance(value, float | Decimal):
                sheet.write_number(row, number, float(value), formats["number"])
            else:
                raise TypeError(f"no cell for a value of type {type(value).__name__}")
        self.row += 1

    def _write_day(self, number: int, value: date) -> None:
        """A day, or a moment as a clock in the office shows it; Excel's calendar begins in 1900, before that it is a text."""
        assert self.sheet is not None
        if value.year < FIRST_YEAR:
            self.sheet.write_string(self.row, number, vn_date(value), self.formats["text"])
        elif isinstance(value, datetime):
            self.sheet.write_datetime(self.row, number, _local(value), self.formats["moment"])
        else:
            self.sheet.write_datetime(self.row, number, value, self.formats["day"])


def _local(moment: datetime) -> datetime:
    """As a clock in the office shows it; Excel knows no time zones."""
    return moment.astimezone(ZONE).replace(tzinfo=None) if moment.tzinfo else moment
