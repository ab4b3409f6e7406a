"""The Excel form of a unit's figures: one line for each figure, or each of its parts, that the report at hand asks for.

What may be typed is open, everything else is locked (without a password: it hinders nobody, it keeps columns together). A
line is known again by its key in a hidden column, so it may be sorted, moved or left out; a hidden sheet says of which report
the form is.
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from directive_tracker.demo_line import DEMO_LINE
from directive_tracker.vietnamese import ZONE, vn_datetime
from records.spreadsheets import is_formula_like, plain_text
from tasks.models import Indicator, IndicatorCategory, ProgressReport, UnitReport

# What the hidden sheet says; another version of the form is another number.
MARK, VERSION = "mau-so-lieu", 1
SHEET, HIDDEN = "Số liệu", "nguon"
HEAD = (
    ("Mã việc", 9),
    ("Việc", 34),
    ("Chỉ tiêu", 44),
    ("Trong đó", 24),
    ("Đơn vị tính", 11),
    ("Mức phấn đấu", 11),
    ("Báo cáo lần trước", 11),
    ("Đang có trong bản nháp", 11),
    ("Số kỳ này", 14),
    ("Giải thích", 40),
    ("Mã dòng", 14),
)
VALUE, COMMENT, KEY = "Số kỳ này", "Giải thích", "Mã dòng"
LARGEST_ROW = 10_000


@dataclass(frozen=True)
class Line:
    """One figure to be typed: of a section, in one part of it where it is asked for by parts."""

    section: ProgressReport
    indicator: Indicator
    part: IndicatorCategory | None = None

    @property
    def key(self) -> str:
        """What the line is known by: "12-5" or "12-5-3"."""
        return "-".join(str(row.pk) for row in (self.section, self.indicator, self.part) if row is not None)

    @property
    def stored(self) -> int | None:
        """What the draft holds."""
        if self.part is not None:
            return self.section.indicator_parts.get(self.indicator.code, {}).get(self.part.code)
        return self.section.indicator_values.get(self.indicator.code)

    @property
    def stored_comment(self) -> str:
        return self.section.indicator_comments.get(self.indicator.code, "")

    @property
    def name(self) -> str:
        """ "Số buổi tuyên truyền, thanh niên"."""
        return f"{self.indicator.name}, {self.part.name}" if self.part else self.indicator.name


def lines_of(sections: Iterable[ProgressReport]) -> Iterator[Line]:
    """What may be typed now, in the order of the report's form."""
    for section in sections:
        if section.is_editable:
            for indicator in section.assignment.task.indicators.all():
                parts = list(indicator.categories.all())
                if parts:
                    yield from (Line(section, indicator, part) for part in parts)
                else:
                    yield Line(section, indicator)


def write_form(report: UnitReport, lines: list[Line], last: dict[str, int], *, now: datetime, demo: bool) -> bytes:
    """The form for these lines.

    Args:
        last: key of a line → what was reported last.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet(SHEET)
        locked = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "bg_color": "#F3F4F6"})
        quoted = book.add_format(
            {"text_wrap": True, "valign": "top", "border": 1, "bg_color": "#F3F4F6", "quote_prefix": True}
        )
        formats = {
            "text": locked,
            "quoted": quoted,
            "head": book.add_format({"bold": True, "text_wrap": True, "border": 1, "bg_color": "#E8ECF2"}),
            "title": book.add_format({"bold": True}),
            "value": book.add_format({"locked": False, "num_format": "#,##0", "valign": "top", "border": 1}),
            "comment": book.add_format({"locked": False, "text_wrap": True, "valign": "top", "border": 1}),
        }
        top = _head(sheet, report, formats, now=now, demo=demo)
        for number, line in enumerate(lines, start=top + 1):
            _row(sheet, number, line, last.get(line.key), formats)
        _behave(sheet, top, top + len(lines), demo=demo)
        hidden = book.add_worksheet(HIDDEN)
        hidden.write_row(0, 0, [MARK, VERSION, report.pk, report.unit_id, report.period_id or 0])
        hidden.write_row(1, 0, [plain_text(words_of(report))])
        hidden.very_hidden()
    return buffer.getvalue()


def words_of(report: UnitReport) -> str:
    """Which report it is: "Huyện ủy Đắk Hà, Kỳ 2 (tháng 3/2024), Kế hoạch 70 năm"."""
    period = report.period.name if report.period else "báo cáo giữa kỳ"
    return f"{report.unit.name}, {period}, {report.directive.short_title}"


def _head(sheet: Worksheet, report: UnitReport, formats: dict, *, now: datetime, demo: bool) -> int:
    """The lines above the head row, and that row; returns its number."""
    lines = [
        *([DEMO_LINE] if demo else []),
        f"Số liệu báo cáo – {words_of(report)}",
        f"Tải lúc {vn_datetime(now.astimezone(ZONE))}. Chỉ ghi vào hai cột “{VALUE}” và “{COMMENT}”; ô để trống thì giữ "
        "nguyên số đang có trong bản nháp.",
    ]
    for number, line in enumerate(lines):
        sheet.write_string(number, 0, plain_text(line), formats["title"])
    for number, (name, width) in enumerate(HEAD):
        sheet.set_column(number, number, width, None, {"hidden": True} if name == KEY else {})
        sheet.write_string(len(lines), number, name, formats["head"])
    return len(lines)


def _row(sheet: Worksheet, number: int, line: Line, last: int | None, formats: dict) -> None:
    indicator, task = line.indicator, line.section.assignment.task
    target = None if line.part else getattr(indicator, "unit_target", indicator.target)
    texts = (task.code, task.short_title, indicator.name, line.part.name if line.part else "", indicator.measure)
    for column, text in enumerate(texts):
        kept = plain_text(text)
        if not kept:
            sheet.write_blank(number, column, None, formats["text"])
            continue
        sheet.write_string(number, column, kept, formats["quoted" if is_formula_like(kept) else "text"])
    for column, value in enumerate((target, last, line.stored), start=len(texts)):
        if value is None:
            sheet.write_blank(number, column, None, formats["text"])
        else:
            sheet.write_number(number, column, value, formats["text"])
    sheet.write_blank(number, 8, None, formats["value"])
    sheet.write_blank(number, 9, None, formats["comment"])
    sheet.write_string(number, 10, line.key, formats["text"])


def _behave(sheet: Worksheet, top: int, last: int, *, demo: bool) -> None:
    """Whole numbers only, the head in sight, A4 across, the rest locked."""
    if last > top:
        sheet.data_validation(
            top + 1,
            8,
            last,
            8,
            {
                "validate": "integer",
                "criteria": ">=",
                "value": 0,
                "ignore_blank": True,
                "error_title": "Số nguyên từ 0 trở lên",
                "error_message": "Xin ghi một số nguyên từ 0 trở lên, không ghi chữ và đơn vị tính.",
            },
        )
    sheet.autofilter(top, 0, max(last, top), len(HEAD) - 1)
    sheet.freeze_panes(top + 1, 3)
    sheet.repeat_rows(top)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    if demo:
        sheet.set_header(f"&C{DEMO_LINE}")
    sheet.set_footer("&RTrang &P/&N")
    sheet.protect("", {"sort": True, "autofilter": True, "format_columns": True, "format_rows": True})
