"""A file → what was read of it, sheet after sheet, row after row; memory does not grow with the rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from typing import BinaryIO, NamedTuple

from directive_tracker.old_encodings import Decider, Encoding, convert, font_encoding, is_capital_font
from veterans.lists import opening
from veterans.lists.codes import FileRefused, Problem
from veterans.lists.columns import INNER_ROLES
from veterans.lists.grid import TEXT, Cell, Row, Sheet, column_index
from veterans.lists.layout import Layout
from veterans.lists.places import Places
from veterans.lists.rows import Person, Reader
from veterans.lists.tables import Table
from veterans.lists.text import clean, is_repeat

# So many rows tell in which encoding a sheet is, before its first row is read.
_FORERUN = 300


@dataclass(frozen=True, slots=True)
class SheetRead:
    """A sheet begins. name is "" for a text file."""

    name: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class TableRead:
    """A table begins: its heading rows, column letter → role, and column letter → heading as typed."""

    sheet: str
    header_rows: tuple[int, ...]
    columns: Mapping[str, str]
    headings: Mapping[str, str]


class RowRead(NamedTuple):
    """One row that holds anything. outcome: "ok", "error" or "skip"; person only when "ok"; skip says why; name: as it is
    written in a row about a person."""

    sheet: str
    number: int
    outcome: str
    skip: str = ""
    person: Person | None = None
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    name: str = ""

    def sentences(self) -> list[str]:
        """What is wrong, where, and what would be right, one sentence for each error and warning."""
        return [one.sentence(self.sheet, self.number) for one in (*self.errors, *self.warnings)]


Event = SheetRead | TableRead | RowRead
Corrections = Mapping[str, Mapping[str, str]]


def read_list(
    file: BinaryIO, *, name: str, places: Places, today: date, corrections: Corrections | None = None
) -> Iterator[Event]:
    """Read a list of persons.

    Args:
        file: open for reading, seekable; stays open.
        name: as the sender named it; only tells a text file from a broken workbook.
        places: the communes of the province.
        today: by which a year of death is in the future.
        corrections: sheet → column letter → role, as somebody put it right; "note" takes a column out.
    Yields: SheetRead, then for each table TableRead before its rows, and a RowRead for every row that holds anything
        (heading rows stand in TableRead). Empty sheets are not told.
    Errors: FileRefused, also after rows were given: nothing of the file may be kept then.
        ValueError for corrections with an unknown role or column.
    """
    mended = {sheet: _checked(columns) for sheet, columns in (corrections or {}).items()}
    anything = False
    for sheet in opening.sheets(file, name):
        try:
            for event in _read_sheet(sheet, places, today, mended.get(sheet.name, {})):
                anything = True
                yield event
        except FileRefused as refusal:
            raise refusal.of(name) from refusal
    if not anything:
        raise FileRefused("no_data", name)


def _checked(columns: Mapping[str, str]) -> dict[int, str]:
    for role in columns.values():
        if role not in INNER_ROLES:
            raise ValueError(f"unknown role {role!r}")
    return {column_index(letters): role for letters, role in columns.items()}


def _read_sheet(sheet: Sheet, places: Places, today: date, corrections: Mapping[int, str]) -> Iterator[Event]:
    rows = tidied(sheet.rows)
    first = next(rows, None)
    if first is None:
        return
    yield SheetRead(clean(sheet.name), sheet.hidden)
    name = clean(sheet.name)
    layout = Layout(name, chain((first,), rows), places, corrections)
    table: Table | None = None
    reader: Reader | None = None
    told = 0
    for placed in layout.rows():
        for begun in layout.tables[told:]:
            yield _told(name, begun)
        told = len(layout.tables)
        if placed.skip or placed.table is None or placed.sections is None:
            yield RowRead(name, placed.row.number, "skip", placed.skip)
            continue
        if reader is None or placed.table is not table:
            table, reader = placed.table, Reader(placed.table, today)
        outcome = reader.read(placed.row, _repeats, placed.sections)
        state = "error" if outcome.errors else "ok"
        yield RowRead(name, placed.row.number, state, "", *outcome)
    for begun in layout.tables[told:]:
        yield _told(name, begun)


def _told(sheet: str, table: Table) -> TableRead:
    headings = {letter: table.heading(column_index(letter)) for letter in table.letters}
    return TableRead(sheet, table.numbers, table.letters, headings)


def _repeats(cells: dict[int, Cell]) -> list[int]:
    """The columns of repeat marks."""
    return [column for column, cell in cells.items() if cell[0] == TEXT and is_repeat(cell[1])]


# --- texts --------------------------------------------------------------------------------------


def tidied(rows: Iterator[Row]) -> Iterator[Row]:
    """Rows with clean Unicode texts; cells that hold nothing are gone, and rows without any."""
    decider = Decider()
    forerun = list(islice(rows, _FORERUN))
    for row in forerun:
        decider.learn([(cell.value, cell.font) for cell in row.own.values() if cell.kind == TEXT])
    for row in chain(forerun, rows):
        tidy = _tidy_row(row, decider)
        if tidy.own:
            yield tidy


def _tidy_row(row: Row, decider: Decider) -> Row:
    if row.own is row.all:
        plain = _plain_cells(row.own, decider)
        if plain is not None:
            return Row(row.number, row.hidden, plain, plain)
    return _tidy_mixed_row(row, decider)


def _plain_cells(cells: dict[int, Cell], decider: Decider) -> dict[int, Cell] | None:
    """The clean cells of a row in Unicode without merged cells, as most are; None where one may be in an old encoding."""
    whole = {}
    for column, cell in cells.items():
        kind, text, font, _ = cell
        if kind == TEXT:
            if font and font_encoding(font):
                return None
            if not text.isascii() and not decider.is_plain(text, font):
                return None
            tidy = clean(text)
            if not tidy:
                continue
            if tidy != text:
                cell = Cell(TEXT, tidy, font)
        whole[column] = cell
    return whole


def _tidy_mixed_row(row: Row, decider: Decider) -> Row:
    same = row.own is row.all
    ways = _ways(row, decider)
    done: dict[int, Cell] = {}
    whole: dict[int, Cell] = {}
    for column, cell in row.all.items():
        if cell.kind != TEXT:
            whole[column] = cell
            continue
        # One cell that is merged over several columns stays one.
        fresh = None if same else done.get(id(cell))
        if fresh is None:
            fresh = _tidy_cell(cell, ways.get(column, "unicode"))
            if not same:
                done[id(cell)] = fresh
        if fresh.value:
            whole[column] = fresh
    return Row(
        row.number,
        row.hidden,
        whole if same else {column: whole[column] for column in row.own if column in whole},
        whole,
    )


def _ways(row: Row, decider: Decider) -> dict[int, Encoding]:
    """The encoding of each text that may be in an old one; none in most rows."""
    accented = [(column, cell) for column, cell in row.all.items() if cell.kind == TEXT and not cell.value.isascii()]
    if all(decider.is_plain(cell.value, cell.font) for _, cell in accented):
        return {}
    ways = decider.of_row([(cell.value, cell.font) for _, cell in accented])
    return dict(zip((column for column, _ in accented), ways, strict=True))


def _tidy_cell(cell: Cell, way: Encoding) -> Cell:
    if way == "unicode":
        text = clean(cell.value)
        if cell.font and is_capital_font(cell.font) and text.isascii():
            text = text.upper()
        return cell if text == cell.value else Cell(cell.kind, text, cell.font)
    return Cell(cell.kind, clean(convert(cell.value, way, cell.font)), cell.font, cell.value)
