"""The workbooks that go out: an empty template, the current state in the same layout, and a file of errors."""

import io
from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from directive_tracker.demo_line import DEMO_LINE
from records.spreadsheets import text_cell
from units.importing.layout import (
    AREAS,
    CHOICES_TITLE,
    DEPUTIES,
    ERROR_HEADER,
    ERRORS_TITLE,
    GUIDE_TITLE,
    LAYOUTS,
    LONG_AGO_WORD,
    PEOPLE,
    UNITS,
    YES_NO,
    Layout,
)
from units.importing.people import PERSON_COLUMNS
from units.importing.places import area_ref, unit_ref
from units.importing.plan import LONG_AGO, Plan, problems_by_row
from units.importing.reading import Book, Sheet
from units.importing.snapshot import Snapshot
from units.models import AreaLevel, Role, UnitKind

DAY_FORMAT = "dd/mm/yyyy"
HEAD_FILL = PatternFill("solid", fgColor="E8EDF3")
WRONG_FILL = PatternFill("solid", fgColor="F9D7D3")
BOLD = Font(bold=True)
TOP = Alignment(vertical="top", wrap_text=True)
_LISTS = list(dict.fromkeys(column.choices for layout in LAYOUTS for column in layout.columns if column.choices))
# Lists to choose from are offered in that many rows.
CHOOSING_ROWS = 1000
_WIDE = 64

Lines = Iterable[Sequence[Any]]


def template_bytes(*, demo: bool) -> bytes:
    """An empty workbook with every sheet, its choices, and a sheet that explains. demo: say that data are invented."""
    return _bytes({layout.kind: [] for layout in LAYOUTS}, demo=demo)


def state_bytes(snapshot: Snapshot, *, demo: bool) -> bytes:
    """What is in the database now, in the layout that is read: brought back unchanged it changes nothing."""
    lines = {
        AREAS: [_area_line(snapshot, area) for area in snapshot.areas.values()],
        UNITS: [_unit_line(snapshot, unit) for unit in sorted(snapshot.units.values(), key=_official_order)],
        PEOPLE: _people_lines(snapshot),
        DEPUTIES: _deputation_lines(snapshot),
    }
    return _bytes(lines, demo=demo)


def row_count(snapshot: Snapshot) -> int:
    """About how many rows the current state has, for deciding whether a job has to write it."""
    people = len(snapshot.people) + len(snapshot.roles)
    return len(snapshot.areas) + len(snapshot.units) + people + len(snapshot.deputations)


# --- lines --------------------------------------------------------------------------------------


def _official_order(unit: Any) -> tuple[int, int]:
    return (unit.sort_order, unit.pk)


def _day(value: Any) -> Any:
    return LONG_AGO_WORD if value == LONG_AGO else value


def _yes_no(value: bool) -> str:
    return YES_NO[0] if value else YES_NO[1]


def _area_line(snapshot: Snapshot, area: Any) -> list[Any]:
    above = snapshot.areas.get(area.parent_id)
    level, parent = AreaLevel(area.level).label, area_ref(snapshot, above).label if above else None
    return [area.code, area.name, level, parent, _day(area.valid_from), area.valid_to]


def _unit_line(snapshot: Snapshot, unit: Any) -> list[Any]:
    above, area = snapshot.units.get(unit.parent_id), snapshot.areas.get(unit.area_id)
    return [
        unit.code,
        unit.name,
        unit.short_name,
        UnitKind(unit.kind).label,
        unit_ref(above).label if above else None,
        area_ref(snapshot, area).label if area else None,
        unit.symbol,
        unit.phone,
        unit.email,
        unit.sort_order,
        _yes_no(unit.needs_head_approval),
        _day(unit.valid_from),
        unit.valid_to,
    ]


def _people_lines(snapshot: Snapshot) -> list[list[Any]]:
    roles: dict[int, list[Any]] = {}
    for role in snapshot.roles.values():
        roles.setdefault(role.user_id, []).append(role)
    lines = []
    for person in sorted(snapshot.people.values(), key=lambda one: one.username):
        about = [person.username, *(getattr(person, name) for name in PERSON_COLUMNS)]
        own = roles.get(person.pk, [])
        lines += [about + _role_cells(snapshot, role) for role in own] or [[*about, *[None] * 6]]
    return lines


def _role_cells(snapshot: Snapshot, role: Any) -> list[Any]:
    # A unit noted with a registrar is no part of the role.
    registrar = role.role == Role.REGISTRAR
    unit = None if registrar else snapshot.units.get(role.unit_id)
    area = snapshot.areas.get(role.area_id) if registrar else None
    return [
        Role(role.role).label,
        unit_ref(unit).label if unit else None,
        area_ref(snapshot, area).label if area else None,
        _yes_no(role.is_contact),
        _day(role.valid_from),
        role.valid_to,
    ]


def _deputation_lines(snapshot: Snapshot) -> list[list[Any]]:
    names = {person.pk: person.username for person in snapshot.people.values()}
    return [
        [names[one.deputy_id], names[one.principal_id], one.valid_from, one.valid_to, one.reason]
        for one in snapshot.deputations.values()
        if one.ended_at is None
    ]


# --- writing ------------------------------------------------------------------------------------


def _bytes(lines: dict[str, Lines], *, demo: bool) -> bytes:
    book = Workbook(write_only=True)
    for layout in LAYOUTS:
        sheet = _start(book, layout, [DEMO_LINE] if demo else [])
        for line in lines[layout.kind]:
            sheet.append([_cell(sheet, value) for value in line])
    _guide(book)
    _choices(book)
    return _saved(book)


def _saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _start(book: Workbook, layout: Layout, titles: Sequence[str], *, more: Sequence[tuple[str, int]] = ()) -> Any:
    """A new sheet with its widths, lists of choices, lines of title and headings."""
    sheet = book.create_sheet(layout.title)
    widths = [column.width for column in layout.columns] + [width for _, width in more]
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    first = len(titles) + 2
    sheet.freeze_panes = f"A{first}"
    for number, column in enumerate(layout.columns, start=1):
        if column.choices:
            letter = get_column_letter(number)
            _offer(sheet, f"{letter}{first}:{letter}{first + CHOOSING_ROWS}", column.choices)
    for title in titles:
        sheet.append([text_cell(sheet, title, bold=True)])
    headings = [column.header for column in layout.columns] + [name for name, _ in more]
    sheet.append([_heading(sheet, name) for name in headings])
    return sheet


def _offer(sheet: Any, cells: str, words: Sequence[str]) -> None:
    """A list to choose from; it stands on a sheet of its own, as Excel parts lists of words at their commas."""
    letter = get_column_letter(_LISTS.index(tuple(words)) + 1)
    rule = DataValidation(
        type="list", formula1=f"'{CHOICES_TITLE}'!${letter}$1:${letter}${len(words)}", allow_blank=True
    )
    # Read by our own check, which knows more spellings than the list.
    rule.showErrorMessage = False
    rule.add(cells)
    sheet.data_validations.append(rule)


def _heading(sheet: Any, words: str) -> Any:
    cell = text_cell(sheet, words, bold=True, wrap=True)
    cell.fill = HEAD_FILL
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    """A cell that is never computed; days are real days."""
    if value is None or value == "":
        return None
    cell = text_cell(sheet, value)
    if hasattr(value, "year"):
        cell.number_format = DAY_FORMAT
    elif isinstance(value, str):
        # Excel keeps the nought of a telephone number that is edited.
        cell.number_format = "@"
    return cell


def _choices(book: Workbook) -> None:
    """The sheet that the lists to choose from stand on."""
    sheet = book.create_sheet(CHOICES_TITLE)
    for words in zip_longest(*_LISTS):
        sheet.append([text_cell(sheet, word) for word in words])


def _guide(book: Workbook) -> None:
    sheet = book.create_sheet(GUIDE_TITLE)
    for letter, width in (("A", 20), ("B", 22), ("C", 90)):
        sheet.column_dimensions[letter].width = width
    for words in GUIDE:
        sheet.append([text_cell(sheet, words)])
    for layout in LAYOUTS:
        sheet.append([])
        sheet.append([text_cell(sheet, layout.title, bold=True), None, text_cell(sheet, layout.says)])
        for column in layout.columns:
            sheet.append([None, text_cell(sheet, column.header), text_cell(sheet, column.says)])
            if column.choices:
                sheet.append([None, None, text_cell(sheet, column.choices_said)])


GUIDE = (
    "Điền các trang trước, rồi nộp tệp ở trang “Nhập từ tệp”. Hệ thống kiểm tra trước, chưa ghi gì.",
    "Ô trống: giữ nguyên giá trị đang có. Ghi dấu - để xóa giá trị. Dòng không có trong tệp thì không bị xóa.",
    "Không có mật khẩu trong tệp: người mới được mời qua thư và tự đặt mật khẩu.",
)


# --- errors -------------------------------------------------------------------------------------


def errors_bytes(
    book: Book, plan: Plan, *, demo: bool, step: Callable[[int, int], None] = lambda done, total: None
) -> bytes:
    """The file as it came with its wrong cells marked and a last column that says why, after a sheet of all errors.

    It is read again as it is: the sheet of errors and the last column are passed over.
    """
    out = Workbook(write_only=True)
    titles = [DEMO_LINE] if demo else []
    _list_of_errors(out, plan, titles)
    by_row = problems_by_row(plan.problems)
    titles_used: set[str] = set()
    for number, sheet in enumerate(book.sheets, start=1):
        _marked_sheet(out, sheet, by_row, titles, titles_used)
        step(number, len(book.sheets))
    _choices(out)
    return _saved(out)


def _list_of_errors(out: Workbook, plan: Plan, titles: Sequence[str]) -> None:
    sheet = out.create_sheet(ERRORS_TITLE)
    for letter, width in zip("ABCDEF", (20, 8, 24, 32, _WIDE, _WIDE), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = f"A{len(titles) + 2}"
    for title in titles:
        sheet.append([text_cell(sheet, title, bold=True)])
    sheet.append(
        [_heading(sheet, words) for words in ("Trang", "Dòng", "Cột", "Giá trị", "Sai ở đâu", "Thế nào là đúng")]
    )
    for one in plan.problems:
        line = (one.sheet, one.row, one.column, one.value, one.wrong, one.right)
        sheet.append([text_cell(sheet, value, wrap=isinstance(value, str)) for value in line])


def _marked_sheet(out: Workbook, sheet: Sheet, by_row: dict, titles: Sequence[str], used: set[str]) -> None:
    target = _start(out, sheet.layout, titles, more=[(ERROR_HEADER, _WIDE)])
    if sheet.layout.title in used:
        target.title = f"{sheet.layout.title} ({len(used) + 1})"
    used.add(sheet.layout.title)
    for row in sheet.rows:
        problems = by_row.get((sheet.title, row.number), [])
        wrong = {problem.header for problem in problems}
        cells = []
        for column in sheet.layout.columns:
            cell = _cell(target, row.values.get(column.name))
            place = row.places.get(column.name)
            if problems and ((place.header if place else column.header) in wrong):
                cell = cell or text_cell(target, "")
                cell.fill = WRONG_FILL
            cells.append(cell)
        if problems:
            words = " ".join(f"{one.header}: {one.wrong} {one.right}".strip(": ") for one in problems)
            cells.append(text_cell(target, f"Dòng {row.number} – {words}", wrap=True))
        target.append(cells)
