"""Where a table begins: heading rows of one to several levels, with or without merged cells."""

from collections.abc import Sequence
from typing import NamedTuple

from veterans.lists.columns import Heading, bare, role_of_text, strong_role
from veterans.lists.fields.category import category_of
from veterans.lists.grid import BOOL, DATE, NUMBER, TEXT, Cell, Row

MAX_LEVELS = 5
_NAMES = ("full_name", "family_name")
# What stands under a heading of several columns.
_SUB_WORDS = frozenset(
    "nam nu ngay thang ho ten dem thon lang xa phuong huyen tinh con song mat da mat tu tran so to khac ong ba nam sinh".split()
) | {"con song", "da mat", "tu tran", "nam sinh", "ho dem", "thi tran"}


_LONE = frozenset(("living_tick", "death_year", "birth", "commune", "village", "district", "id_number", "phone"))


class Block(NamedTuple):
    """The heading rows of a table and the heading of each column."""

    numbers: tuple[int, ...]
    headings: dict[int, Heading]
    # Columns that share one heading because it is written across them, without a level below.
    shared: frozenset[int]


def is_heading(row: Row) -> bool:
    """Whether a row can only be the main row of a heading: the name's heading and another, or three others."""
    roles = set()
    for cell in row.own.values():
        if cell.kind == TEXT:
            role = strong_role(cell.value)
            if role:
                roles.add(role)
        elif cell.kind in (DATE, BOOL):
            return False
    if len(roles) < 2:
        return False
    named = any(role in roles for role in _NAMES)
    return named or len(roles - {"no", "note"}) >= 3 or (len(roles) >= 3 and not _numbers(row))


def _numbers(row: Row) -> int:
    return sum(cell.kind == NUMBER for cell in row.own.values())


def find_block(rows: Sequence[Row]) -> tuple[Block, int] | None:
    """The heading that begins with the first of the rows.

    Arguments: rows, the next ones of the sheet. Returns the block and how many rows it takes; None when no heading
    begins here. A row of group headings may stand above the main row.
    """
    main = 0 if is_heading(rows[0]) else 1
    if main == 1 and not (len(rows) > 1 and is_heading(rows[1]) and _is_group_row(rows[0], rows[1])):
        # A second level of groups may stand above the first.
        main = 2
        if not (
            len(rows) > 2
            and is_heading(rows[2])
            and _is_group_row(rows[1], rows[2])
            and _is_group_row(rows[0], rows[1])
        ):
            return None
    count = main + 1
    while count < min(len(rows), main + MAX_LEVELS) and _is_sub_row(rows[count], rows[:count]):
        count += 1
    taken = rows[:count]
    headings, shared = _paths(taken)
    return Block(tuple(row.number for row in taken), headings, shared), count


def _is_group_row(row: Row, below: Row) -> bool:
    """Texts right above a main row: some are merged down into it, or are headings themselves."""
    if below.number != row.number + 1 or len(row.own) < 2:
        return False
    if any(cell.kind != TEXT or len(cell.value) > 80 for cell in row.own.values()):
        return False
    merged_down = any(
        below.own.get(column) is None and below.all.get(column) is cell for column, cell in row.own.items()
    )
    return merged_down or any(strong_role(cell.value) for cell in row.own.values())


def _is_sub_row(row: Row, above: Sequence[Row]) -> bool:
    """A further level: headings of columns whose upper level is written across, or nothing is above."""
    last = above[-1]
    if row.number != last.number + 1 or not row.own or is_column_numbers(row):
        return False
    texts = [cell for cell in row.own.values() if cell.kind == TEXT]
    if len(texts) != len(row.own) or any(len(cell.value) > 60 for cell in texts):
        return False
    main = {column: cell for one in above for column, cell in one.all.items()}
    key_columns = [
        column for column, cell in main.items() if strong_role(cell.value) in ("no", "full_name", "family_name")
    ]
    covered = any(column not in row.own and column in row.all for column in main)
    if covered and all(column not in row.own for column in key_columns[:1]):
        # A section that is merged across its row is no level.
        return len(row.own) > 1 or (
            len(row.all) > 3 and (_is_sub_word(texts[0].value) or role_of_text(texts[0].value) in _LONE)
        )
    filled = [column for column in key_columns if column in row.own]
    if filled and not all(_is_sub_word(row.own[column].value) for column in filled):
        return False
    words = sum(_is_sub_word(cell.value) or role_of_text(cell.value) in _LONE for cell in texts)
    if len(texts) == 1:
        # One heading alone below another, not merged: never under the name, and no section.
        column = min(row.own)
        return column > max(key_columns, default=0) and column in main and role_of_text(texts[0].value) in _LONE
    return len(texts) >= 2 and words * 5 >= len(texts) * 3


def _is_sub_word(text: str) -> bool:
    return bare(text) in _SUB_WORDS or bool(category_of(text)) or bool(role_of_text(text) and strong_role(text))


def _paths(rows: Sequence[Row]) -> tuple[dict[int, Heading], frozenset[int]]:
    """The texts over each column, from the top down. A text that is not merged reaches over the empty cells to its
    right as far as a lower level stands under them."""
    width = max((max(row.all) for row in rows if row.all), default=-1) + 1
    levels: list[dict[int, Cell]] = []
    for place, row in enumerate(rows):
        level = dict(row.all)
        for column in range(1, width):
            left = level.get(column - 1)
            if column in level or left is None:
                continue
            below = any(column in lower.own for lower in rows[place + 1 :])
            above = any(
                column in upper and column - 1 in upper and upper[column] is not upper[column - 1] for upper in levels
            )
            left_below = any(column - 1 in lower.own for lower in rows[place + 1 :])
            if below and left_below and not above:
                level[column] = left
        levels.append(level)
    headings: dict[int, Heading] = {}
    for column in range(width):
        path: list[str] = []
        for level in levels:
            cell = level.get(column)
            if cell is not None and cell.kind == TEXT and (not path or path[-1] != cell.value):
                path.append(cell.value)
        if path:
            headings[column] = Heading(tuple(path))
    cells = {
        column: next((level[column] for level in reversed(levels) if column in level), None) for column in headings
    }
    shared = frozenset(
        column
        for column, cell in cells.items()
        if any(cells.get(beside) is cell for beside in (column - 1, column + 1)) and cell is not None
    )
    return headings, shared


def is_column_numbers(row: Row) -> bool:
    """The row "(1) (2) (3) …" under a heading: small numbers that grow from column to column."""
    if len(row.own) < 3:
        return False
    numbers = []
    for column in sorted(row.own):
        cell = row.own[column]
        text = str(cell.value).strip(" ()[].") if cell.kind in (NUMBER, TEXT) else ""
        if text.isascii() and text.isdigit() and len(text) <= 2:
            numbers.append(int(text))
        elif not (cell.kind == TEXT and len(text) <= 3):
            # Letters stand over some columns ("A", "B"); anything longer is no such row.
            return False
    return len(numbers) >= 3 and numbers == sorted(set(numbers)) and numbers[0] <= 3 and numbers[-1] <= len(row.own) + 8
