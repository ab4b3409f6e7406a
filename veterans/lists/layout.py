"""The rows of a sheet, one after another: title, heading, section, total, note, foot, or a person."""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import NamedTuple

from veterans.lists.codes import FileRefused
from veterans.lists.columns import Heading
from veterans.lists.grid import DATE, ERROR, NO_VALUE, NUMBER, TEXT, Cell, Row
from veterans.lists.headings import find_block, is_column_numbers, is_heading
from veterans.lists.places import Mention, Places, unit_word
from veterans.lists.sections import (
    Sections,
    is_foot,
    is_marker,
    is_note,
    is_total,
    mention_of,
    names_hamlet,
    read_section,
    split_marker,
)
from veterans.lists.tables import Table, Title, make_table, make_title
from veterans.lists.text import is_blank_mark

# A heading is looked for this far; the values of as many rows tell what an unclear column holds.
MAX_COLUMNS = 500
SAMPLE = 60
_COPY = re.compile(r"\s*\(\d+\)$")


class Placed(NamedTuple):
    """One row and what it is. skip: why it is no person, "" for a person; `table` is that of a person."""

    row: Row
    skip: str
    table: Table | None = None
    sections: Sections | None = None


class Ahead:
    """Rows that can be looked at before they are taken."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows, self._waiting = rows, deque()

    def look(self, count: int) -> list[Row]:
        """The next rows, at most so many."""
        while len(self._waiting) < count:
            row = next(self._rows, None)
            if row is None:
                break
            self._waiting.append(row)
        return list(self._waiting) if len(self._waiting) <= count else [self._waiting[place] for place in range(count)]

    def take(self) -> Row | None:
        """The next row; None at the end."""
        return self._waiting.popleft() if self._waiting else next(self._rows, None)


class Layout:
    """Goes through one sheet. Tables are handed out as they begin, through `tables`."""

    def __init__(self, name: str, rows: Iterator[Row], places: Places, corrections: Mapping[int, str]) -> None:
        self._name, self._ahead, self._places, self._corrections = name, Ahead(rows), places, corrections
        self._lines: list[str] = []
        self._first_title: Title | None = None
        self._table: Table | None = None
        self._ended = False
        self._sections = Sections()
        self.tables: list[Table] = []

    def rows(self) -> Iterator[Placed]:
        """Every row that holds anything, heading rows of a new table left out. Errors: FileRefused (too_wide)."""
        while (row := self._ahead.take()) is not None:
            if len(row.own) > MAX_COLUMNS:
                raise FileRefused("too_wide", why=self._name)
            repeated = self._heading(row)
            if repeated is not None:
                yield from repeated
                continue
            placed = self._place(row)
            if not placed.skip:
                self._lines = []
            elif self._table is not None and placed.skip in ("section", "note", "title", "signature"):
                # They may be the title of a table that begins below.
                self._lines.extend(_texts(row))
            yield placed

    # --- headings ---------------------------------------------------------------------------

    def _heading(self, row: Row) -> list[Placed] | None:
        """Begin a table where one begins: None where not, else the rows of a heading that is only repeated."""
        if len(row.own) < 2 or not self._may_be_heading(row):
            return None
        found = find_block([row, *self._ahead.look(7)])
        if found is None:
            return None
        block, count = found
        rows = [row]
        for _ in range(count - 1):
            following = self._ahead.take()
            if following is not None:
                rows.append(following)
        if max(block.headings, default=0) >= MAX_COLUMNS and len(block.headings) > MAX_COLUMNS:
            raise FileRefused("too_wide", why=self._name)
        if self._table is not None and _same(self._table.headings, block.headings):
            self._ended = False
            return [Placed(one, "heading_again") for one in rows]
        following = takewhile(lambda one: not is_heading(one), self._ahead.look(SAMPLE))
        sample = [one for one in following if len(one.own) > 2 and not is_column_numbers(one)]
        table = make_table(block, self._title(), sample, self._places, self._corrections)
        self._table, self._ended, self._sections = table, False, Sections()
        if self._lines and split_marker(self._lines[-1])[0]:
            # The first section may stand above the heading, as in a list that prints its heading in every section.
            section = read_section(*split_marker(self._lines[-1]), self._places, is_new=table.title.is_new)
            if section.kinds:
                self._sections.enter(section)
        self._lines = []
        self.tables.append(table)
        return []

    def _may_be_heading(self, row: Row) -> bool:
        """Cheap: a row about a person begins with a number or has one somewhere."""
        if self._table is None:
            return True
        for kind, value, *_ in row.own.values():
            if kind in (NUMBER, DATE) or (kind == TEXT and value.isdigit()):
                return False
        return True

    def _title(self) -> Title:
        sheet = self._sheet_mention()
        title = make_title(self._lines, sheet, self._places)
        if self._first_title is None:
            self._first_title = title
            return title
        first = self._first_title
        # What a later table does not say itself, the sheet's first title says.
        return Title(
            title.lines,
            title.is_new or first.is_new,
            title.mention
            if title.mention.communes
            else Mention(first.mention.communes, title.mention.districts or first.mention.districts),
            sheet,
            title.categories or first.categories,
        )

    def _sheet_mention(self) -> Mention:
        is_new = any(self._places.names_new_province(line) for line in self._lines) or bool(
            self._first_title and self._first_title.is_new
        )
        # A copy of a sheet is called "… (2)".
        name = split_marker(_COPY.sub("", self._name))[1]
        return mention_of(name, self._places, is_new=is_new) if name else Mention()

    # --- rows of a table --------------------------------------------------------------------

    def _place(self, row: Row) -> Placed:
        table = self._table
        texts = [row.own[column] for column in sorted(row.own) if row.own[column].kind == TEXT]
        if table is None:
            self._lines.extend(cell.value for cell in texts)
            return Placed(row, "title")
        if is_column_numbers(row) and len(row.own) * 2 >= len(table.roles):
            return Placed(row, "column_numbers")
        no_columns = table.columns("no")
        if all(column in no_columns for column in row.own) and not any(
            cell.kind == TEXT and not _is_number(cell.value) and not is_blank_mark(cell.value)
            for cell in row.own.values()
        ):
            return Placed(row, "signature" if self._ended else "number_only")
        first = texts[0].value if texts else ""
        if first and is_total(first):
            return Placed(row, "total")
        if not no_columns and len(row.own) == 1 and 0 in row.own and _is_number(str(row.own[0].value)):
            return Placed(row, "number_only")
        about = self._about(row, table) and not self._is_marked_section(row, table)
        if self._ended:
            # A name alone under the place and date is a signature, whatever stands beside it.
            return Placed(row, "signature")
        if not about:
            skip = self._between(row, texts, table)
            if skip:
                return Placed(row, skip)
        return self._person(row, table)

    def _person(self, row: Row, table: Table) -> Placed:
        return Placed(row, "", table, self._sections)

    def _about(self, row: Row, table: Table) -> bool:
        """Whether any cell is about a person, beside name and number; a section written across does not count."""
        anchor = row.own[min(row.own)]
        named = any(column in row.own for column in table.names)
        for column, cell in row.own.items():
            if column in table.about and not (cell is anchor and self._is_across(row, anchor)):
                if cell.kind == TEXT and (
                    is_total(cell.value)
                    or is_blank_mark(cell.value)
                    # "ngày 5 tháng 3 năm 1932" beside a name is a birth.
                    or (is_foot(cell.value) and not (named and table.roles[column].startswith("birth")))
                ):
                    continue
                if len(row.own) <= 3 and cell.kind == TEXT and self._is_section_text(cell.value):
                    continue
                return True
        return False

    def _is_marked_section(self, row: Row, table: Table) -> bool:
        """A letter or Roman number in the first cell, beside it words that decide something, and at most a count."""
        if not 2 <= len(row.own) <= 3 or 0 not in row.own:
            return False
        first, other, *rest = (row.own[column] for column in sorted(row.own))
        if any(not _is_count(cell) for cell in rest):
            return False
        if first.kind != TEXT or other.kind != TEXT or not is_marker(first.value) or first.value[0].isdigit():
            return False
        section = read_section(first.value.strip(" ./)-–:"), other.value, self._places, is_new=table.title.is_new)
        return bool(section.kinds)

    def _is_across(self, row: Row, anchor: Cell) -> bool:
        return sum(cell is anchor for cell in row.all.values()) >= 3

    def _is_section_text(self, text: str) -> bool:
        """Words that begin a section by themselves: numbered, or a commune's name with its unit word in capitals."""
        marker, rest = split_marker(text)
        return bool(marker and not marker.isdigit() and unit_word(rest).level)

    def _between(self, row: Row, texts: list[Cell], table: Table) -> str:
        """What a row without data about a person is; "" when it may still be a person by the name alone."""
        if any(is_foot(cell.value) for cell in texts):
            self._ended = True
            return "signature"
        if not texts:
            return (
                "note"
                if not any(cell.kind in (ERROR, NO_VALUE) and column in table.names for column, cell in row.own.items())
                else ""
            )
        if is_note(texts[0].value):
            return "note"
        section = self._section(row, texts, table)
        if section:
            return section
        names = [column for column in table.names if column in row.own]
        if not names:
            return "note"
        name = row.own[names[0]]
        numbered = any(column in row.own for column in table.columns("no"))
        if name.kind == TEXT and is_blank_mark(name.value):
            return "note"
        if not numbered and len(texts) <= 2 and self._is_above_heading(table):
            return "title"
        looks_like_note = name.kind == TEXT and (len(name.value.split()) > 7 or name.value.rstrip()[-1:] in ".:;")
        return "note" if looks_like_note and not numbered else ""

    def _is_above_heading(self, table: Table) -> bool:
        """Whether a heading follows before any row about a person: what stands there is a title."""
        following = self._ahead.look(8)
        for place, row in enumerate(following):
            if is_heading(row):
                return True
            if self._about(row, table) or any(column in row.own for column in table.columns("no")) or place > 5:
                return False
        return False

    def _section(self, row: Row, texts: list[Cell], table: Table) -> str:
        """Enter a section where the row is one."""
        columns = sorted(row.own)
        first = row.own[columns[0]]
        rest = [row.own[column] for column in columns[1:]]
        marker, text = "", ""
        if first.kind in (TEXT, NUMBER) and is_marker(str(first.value)) and rest and rest[0].kind == TEXT:
            marker, text, rest = str(first.value).strip(" ./)-–:"), rest[0].value, rest[1:]
        elif first.kind == TEXT:
            marker, text = split_marker(first.value)
        if not text or any(not _is_count(cell) for cell in rest):
            return ""
        section = read_section(marker, text, self._places, is_new=table.title.is_new, before=self._sections.last_style)
        in_name = columns[0] in table.names or (len(columns) > 1 and columns[1] in table.names)
        across = self._is_across(row, first)
        worded = (
            unit_word(section.text).level in ("commune", "district")
            or names_hamlet(text)
            or section.living is not None
            or bool(section.categories)
        )
        lettered = bool(marker) and not marker[0].isdigit()
        if worded or across or lettered or not in_name or (marker and section.kinds):
            self._sections.enter(section)
            return "section"
        return ""


def _texts(row: Row) -> list[str]:
    return [row.own[column].value for column in sorted(row.own) if row.own[column].kind == TEXT]


def _is_number(text: str) -> bool:
    return text.strip(" .)").isdigit()


def _is_count(cell: Cell) -> bool:
    """ "12", "12 người" behind the name of a section."""
    if cell.kind in (NUMBER, NO_VALUE):
        return True
    return cell.kind == TEXT and cell.value.lstrip("(: ")[:1].isdigit() and len(cell.value) <= 25


def _same(one: dict[int, Heading], other: dict[int, Heading]) -> bool:
    """Whether a heading is that of the open table printed again."""
    if not other:
        return False
    agreeing = sum(
        one.get(column) == heading or bool(one.get(column) and one[column].path[-1] == heading.path[-1])
        for column, heading in other.items()
    )
    return agreeing == len(other) or (agreeing * 10 >= len(other) * 9 and len(one) == len(other))
