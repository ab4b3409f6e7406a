"""A year of the working calendar from a workbook or csv file: every error with its place, the same file twice nothing."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

from directive_tracker.demo_line import DEMO_LINE
from directive_tracker.vietnamese import fold, vn_date
from directive_tracker.workdays import WorkCalendar
from records.spreadsheets import workbook
from records.uploads import check_upload
from units.calendar_changes import Change, Day, Year
from units.importing import values
from units.importing.layout import Column, Layout
from units.importing.plan import Problem, typed
from units.importing.reading import KINDS, Book, Remark, Row, as_utf8, read_book
from units.importing.values import Wrong
from units.models import CalendarDay

OFF, WORK = "Nghỉ", "Làm việc"
LAYOUT = Layout(
    "calendar",
    "Lịch làm việc",
    "Một dòng là một ngày nghỉ, hoặc một Thứ Bảy, Chủ nhật làm bù.",
    ("date", "is_working"),
    (
        Column("date", "Ngày", "dd/mm/yyyy.", ("ngày nghỉ", "ngày tháng"), 13),
        Column("is_working", "Nghỉ hay làm việc", "Nghỉ, hoặc Làm việc nếu là ngày làm bù.", ("nghỉ/làm việc", "loại ngày", "nghỉ, làm việc"), 18, (OFF, WORK)),
        Column("reason", "Lý do", "Ví dụ Tết Nguyên Đán, Làm bù.", ("tên ngày", "nội dung", "dịp"), 36),
        Column("notice_number", "Số thông báo", "Để trống nếu không có.", ("số văn bản", "thông báo", "số công văn"), 20),
        Column("swapped_with", "Hoán đổi với", "Ngày đổi cho ngày này; để trống nếu không đổi.", ("hoán đổi với ngày", "làm bù cho ngày", "làm bù ngày"), 15),
    ),
)  # fmt: skip
_OFF_WORDS = {"nghi", "ngay nghi", "nghi le", "nghi bu", "n"}
_WORK_WORDS = {"lam viec", "lam bu", "lam", "ngay lam bu", "di lam", "lv"}
_REASON_MOST = CalendarDay._meta.get_field("reason").max_length or 0
_NUMBER_MOST = CalendarDay._meta.get_field("notice_number").max_length or 0
_WEEKDAY_BEFORE = re.compile(r"^(?:thứ \w+|chủ nhật)\s*,?\s*(?:ngày\s+)?(?=\d)", re.IGNORECASE)


@dataclass(frozen=True)
class Read:
    """What a file says. change: what differs from the calendar of now; same: rows that are right already."""

    change: Change
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    same: int = 0


def accept(upload: UploadedFile) -> Book:
    """Check a file as every upload and read it; nothing is stored. Errors: UploadRefused with a sentence."""
    if (upload.name or "").lower().endswith(".csv") and (upload.size or 0) <= settings.UPLOAD_MAX_BYTES:
        data, _ = as_utf8(upload.read())
        upload = SimpleUploadedFile(upload.name or "tep.csv", data)
    checked = check_upload(upload, allow=KINDS)
    return read_book(checked.data, checked.extension, layouts=(LAYOUT,))


def read_year(
    book: Book, year: int, *, calendar: WorkCalendar, own: dict[date, CalendarDay], announce: Year | None
) -> Read:
    """From rows to a change.

    Args:
        year: the year the file is about; a day of another year must be swapped with one of this.
        calendar: the calendar of now; own: the office's entries in it.
        announce: what to note of the year besides, or None.
    """
    days: dict[date, Day] = {}
    problems: list[Problem] = []
    same = 0
    for sheet in book.sheets:
        for row in sheet.rows:
            day, wrong = _day_of(row, year)
            if day is not None and day.day in days and days[day.day] != day:
                wrong = [_problem(row, "date", Wrong("Ngày này đã ghi khác ở một dòng trên.", "Mỗi ngày một dòng."))]
            problems += wrong
            if day is None or wrong:
                continue
            if day.day in days or (day.day not in own and calendar.is_working_day(day.day) == day.is_working):
                same += 1
            else:
                days[day.day] = day
    change = Change(tuple(days[day] for day in sorted(days)), (announce,) if announce else ())
    return Read(change, problems, book.remarks, same)


def _day_of(row: Row, year: int) -> tuple[Day | None, list[Problem]]:
    """The day of one row, or what is wrong with it."""
    found: dict[str, Any] = {}
    problems = []
    for name, parse in _PARSERS.items():
        value = row.values.get(name)
        try:
            found[name] = parse(value) if value is not None else _missing(name)
        except Wrong as wrong:
            problems.append(_problem(row, name, wrong))
    if not problems:
        problems = [_problem(row, name, wrong) for name, wrong in _contradictions(found, year)]
    if problems:
        return None, problems
    return Day(found["date"], **{name: found[name] for name in _PARSERS if name != "date"}), []


def _missing(name: str) -> Any:
    if name in ("notice_number", "reason"):
        return ""
    if name == "swapped_with":
        return None
    column = LAYOUT.column(name)
    raise Wrong(f"Thiếu {column.header.lower()}.", column.says)


def _contradictions(found: dict[str, Any], year: int) -> Iterator[tuple[str, Wrong]]:
    day, swapped = found["date"], found["swapped_with"]
    if day.year != year and (swapped is None or swapped.year != year):
        yield "date", Wrong(f"Ngày {vn_date(day)} không thuộc năm {year}.", f"Chỉ ghi các ngày của năm {year}.")
    if swapped == day:
        yield "swapped_with", Wrong("Một ngày không hoán đổi với chính nó.", "Ghi ngày kia, hoặc để trống.")
    if not found["reason"]:
        yield "reason", Wrong("Thiếu lý do.", "Ví dụ Tết Nguyên Đán, Làm bù.")


def _problem(row: Row, name: str, wrong: Wrong) -> Problem:
    place = row.places.get(name)
    letter, header = (place.letter, place.header) if place else ("", LAYOUT.column(name).header)
    return Problem(row.sheet, row.number, letter, header, typed(row, name), wrong.wrong, wrong.right)


def _date(value: Any) -> date:
    """A day, also with its weekday before it, as notices write it. Errors: Wrong."""
    day = values.day(_WEEKDAY_BEFORE.sub("", value) if isinstance(value, str) else value)
    if not 1995 <= day.year <= 2099:
        raise Wrong(f"Năm {day.year} nằm ngoài lịch.", "Năm từ 1995 đến 2099.")
    return day


def _works(value: Any) -> bool:
    words = fold(values.as_text(value))
    if words in _OFF_WORDS:
        return False
    if words in _WORK_WORDS:
        return True
    raise Wrong(f"Không rõ “{values.as_text(value)}” là nghỉ hay làm việc.", f"Ghi {OFF} hoặc {WORK}.")


_PARSERS: dict[str, Callable[[Any], Any]] = {
    "date": _date,
    "is_working": _works,
    "reason": values.text(_REASON_MOST),
    "notice_number": values.optional(values.text(_NUMBER_MOST)),
    "swapped_with": values.optional(_date, empty=None),
}


def template_bytes(year: int, calendar: WorkCalendar, own: dict[date, CalendarDay], *, demo: bool) -> bytes:
    """A workbook of the year as it is known now, to be corrected and brought back; unchanged it changes nothing.

    Days off that are plain weekends are not listed. demo: say that data are invented.
    """
    rows: list[list[Any]] = [[DEMO_LINE]] if demo else []
    rows.append([column.header for column in LAYOUT.columns])
    for day in special_days(year, calendar):
        entry = own.get(day)
        works = calendar.is_working_day(day)
        reason = entry.reason if entry else (calendar.why_working(day) if works else calendar.why(day))
        number, swapped = (entry.notice_number, entry.swapped_with) if entry else ("", None)
        rows.append([day, WORK if works else OFF, reason, number, swapped])
    return workbook({LAYOUT.title: rows}, widths=[column.width for column in LAYOUT.columns])


def special_days(year: int, calendar: WorkCalendar) -> list[date]:
    """The days of a year that are off or worked for another reason than their weekday, and all days with a name."""
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    days = (date.fromordinal(number) for number in range(first, last + 1))
    return [day for day in days if calendar.why(day) is not None or calendar.why_working(day) is not None]
