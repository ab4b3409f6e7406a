"""One table of a sheet: its headings, the role of each column, and where each field of a person stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from veterans.lists.columns import WEAK, Heading, bare, roles_of
from veterans.lists.fields.birth import parse_birth
from veterans.lists.fields.category import categories_in, is_mark
from veterans.lists.fields.sex import numbers_of
from veterans.lists.grid import Cell, Row, column_letter
from veterans.lists.guessing import fits, guess
from veterans.lists.headings import Block
from veterans.lists.places import Mention, Places

# Columns by which a row is about a person even without a name.
_DATA = ("birth", "category", "id_number", "address", "village", "commune")
_NAMES = ("full_name", "family_name", "given_name")
_ABOUT = (*_DATA, "sex", "ethnicity", "phone", "living", "death_year")


@dataclass(frozen=True)
class Title:
    """What stands above a table, and the sheet's name."""

    lines: tuple[str, ...]
    is_new: bool
    mention: Mention
    sheet: Mention
    categories: frozenset[str]

    @property
    def category(self) -> str:
        """The category when exactly one is named."""
        return next(iter(self.categories)) if len(self.categories) == 1 else ""


@dataclass(frozen=True)
class Table:
    """A table with its columns by role."""

    numbers: tuple[int, ...]
    roles: dict[int, str]
    headings: dict[int, Heading]
    title: Title
    places: Places = field(repr=False)
    by_role: dict[str, tuple[int, ...]] = field(repr=False, default_factory=dict)
    # Columns of any data about a person; those that make a row an error when the name is missing; those of the name.
    about: frozenset[int] = field(repr=False, default_factory=frozenset)
    data: frozenset[int] = field(repr=False, default_factory=frozenset)
    names: tuple[int, ...] = field(repr=False, default=())
    sexes: dict[int, dict[str, str]] = field(repr=False, default_factory=dict)

    @property
    def letters(self) -> dict[str, str]:
        """Column letter → role, as it is shown."""
        return {column_letter(column): role for column, role in sorted(self.roles.items())}

    def columns(self, role: str) -> tuple[int, ...]:
        """The columns of a role, from the left."""
        return self.by_role.get(role, ())

    def heading(self, column: int) -> str:
        """As typed, all levels."""
        return self.headings[column].words if column in self.headings else ""


def make_table(
    block: Block, title: Title, sample: Sequence[Row], places: Places, corrections: Mapping[int, str]
) -> Table:
    """Arguments: sample, some rows under the heading; corrections, column → role as somebody put it right."""
    roles = roles_of(block.headings)
    _split_shared_name(block, roles, sample)
    weak = {
        column: roles.pop(column)
        for column, heading in block.headings.items()
        if column in roles and bare(heading.path[-1]) in WEAK and len(heading.path) == 1
    }
    unclear = {
        column: [row.all[column] for row in sample if column in row.all]
        for column in {*block.headings, *(column for row in sample for column in row.all)}
        if column not in roles and column not in corrections
    }
    have = set(roles.values())
    # What such a word usually means is kept where the values do not speak against it.
    own = {column: role for column, role in weak.items() if fits(role, unclear.get(column, []), places)}
    roles.update(own)
    rest = {column: cells for column, cells in unclear.items() if column not in own}
    roles.update(guess(rest, have | set(own.values()), places))
    for column, role in weak.items():
        roles.setdefault(column, role)
    _sides_by_values(roles, sample)
    _each_once(roles, block)
    for column in block.headings:
        roles.setdefault(column, "note")
    roles.update(corrections)
    return _finish(block, title, places, roles)


def _split_shared_name(block: Block, roles: dict[int, str], sample: Sequence[Row]) -> None:
    """ "Họ và tên" written over two columns: family and given name where both hold something of their own."""
    names = sorted(column for column, role in roles.items() if role == "full_name")
    if len(names) < 2:
        return
    first, second = names[:2]
    own = [row for row in sample if first in row.own and second in row.own]
    if first in block.shared and own and len(own) * 2 >= len([row for row in sample if first in row.own]):
        roles[first], roles[second] = "family_name", "given_name"
        names = names[2:]
    else:
        names = names[1:]
    for column in names:
        roles.pop(column)


def _sides_by_values(roles: dict[int, str], sample: Sequence[Row]) -> None:
    """ "Nam" and "Nữ" without a word about birth above: years of birth where most of them are years, else ticks."""
    sides = {column: role for column, role in roles.items() if role in ("sex_male_tick", "sex_female_tick")}
    cells = [row.all[column] for row in sample for column in sides if column in row.all]
    births = sum(not is_mark(cell) and parse_birth(cell).year is not None for cell in cells)
    if len(cells) >= 2 and births * 2 > len(cells) and not any(role.startswith("birth") for role in roles.values()):
        for column, role in sides.items():
            roles[column] = "birth_year_male" if role == "sex_male_tick" else "birth_year_female"


def _each_once(roles: dict[int, str], block: Block) -> None:
    """A second column of the same single role says nothing more: the first one counts, except for parts of an address."""
    several = {"address", "village", "note", "unit", "hometown", "no", "category"}
    seen: set[str] = set()
    for column in sorted(roles):
        role = roles[column]
        if role in seen and role not in several:
            roles[column] = "note"
        seen.add(role)


def _finish(block: Block, title: Title, places: Places, roles: dict[int, str]) -> Table:
    by_role: dict[str, tuple[int, ...]] = {}
    for column in sorted(roles):
        role = roles[column]
        group = "category_tick" if role.startswith("category_tick") else role
        by_role[group] = (*by_role.get(group, ()), column)
    about = {column for column, role in roles.items() if role.startswith(_ABOUT)}
    data = {column for column, role in roles.items() if role.startswith(_DATA)}
    sexes = {
        column: numbers_of(" ".join(block.headings[column].path))
        for column in by_role.get("sex", ())
        if column in block.headings
    }
    names = tuple(column for role in _NAMES for column in by_role.get(role, ()))
    return Table(
        block.numbers, dict(sorted(roles.items())), block.headings, title, places, by_role, frozenset(about),
        frozenset(data), names, sexes,
    )  # fmt: skip


def make_title(lines: Sequence[str], sheet: Mention, places: Places) -> Title:
    """What the lines above a table say. A line that begins a list ("DANH SÁCH …") names its category, not a letterhead."""
    is_new = any(places.names_new_province(line) for line in lines)
    found = [places.in_text(line, is_new=is_new) for line in lines]
    communes = tuple(dict.fromkeys(one for mention in found for one in mention.communes))
    districts = frozenset(one for mention in found for one in mention.districts)
    start = next(
        (place for place, line in enumerate(lines) if "danh sách" in line.lower() or "danh sach" in line.lower()), 0
    )
    named = [categories_in(line) for line in lines]
    after = frozenset(one for place in named[start:] for one in place)
    return Title(
        tuple(lines),
        is_new,
        Mention(communes, districts),
        sheet,
        after or frozenset(one for place in named for one in place),
    )


def value_of(cells: dict[int, Cell], columns: Sequence[int]) -> tuple[int, Cell] | None:
    """The first filled of the columns."""
    for column in columns:
        cell = cells.get(column)
        if cell is not None:
            return column, cell
    return None
