"""A row of a table → a person with where each value came from, or the codes of what is wrong."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from directive_tracker.vietnamese import vn_date
from veterans.lists.codes import CAMPAIGN, ERRORS_HEADING, Problem, problem
from veterans.lists.fields.birth import Birth, parse_birth, parse_birth_parts
from veterans.lists.fields.category import category_of, is_mark
from veterans.lists.fields.ethnicity import parse_ethnicity
from veterans.lists.fields.id_number import parse_id
from veterans.lists.fields.living import UNKNOWN, Living, parse_death, parse_living, parse_living_tick
from veterans.lists.fields.name import Name, parse_name
from veterans.lists.fields.phone import parse_phone
from veterans.lists.fields.place import Address, Around, Found, from_around, read_address, settle, split_address
from veterans.lists.fields.sex import parse_sex
from veterans.lists.grid import ERROR, NO_VALUE, Cell, Row, column_letter
from veterans.lists.places import Commune
from veterans.lists.sections import Sections
from veterans.lists.tables import Table
from veterans.lists.text import is_blank_mark

_REQUIRED = frozenset(
    "full_name family_name given_name birth birth_year birth_day birth_month birth_year_male birth_year_female commune category".split()
)


_BROKEN = (ERROR, NO_VALUE)


class Evidence(NamedTuple):
    """Where a value came from: the column (or "section", "sheet", "title"), what stands there, and what stood there
    before an old encoding was turned into Unicode."""

    field: str
    where: str
    typed: str
    before: str = ""


class Person(NamedTuple):
    """A person as the list says; None where it does not say."""

    full_name: str
    sex: str | None
    birth_year: int | None
    birth_date: date | None
    birth_is_estimated: bool | None
    ethnicity: str | None
    commune: str
    district: str | None
    address: str | None
    category: str
    living: bool | None
    death_year: int | None
    id_number: str | None
    phone: str | None
    notes: str
    evidence: tuple[Evidence, ...]


class Outcome(NamedTuple):
    """What one row gives: a person when there are no errors. name: as it is written."""

    person: Person | None
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    name: str


class Reader:
    """Reads the rows of one table, from the top: a repeat mark means the value above."""

    def __init__(self, table: Table, today: date) -> None:
        self._table, self._today, self._places = table, today, table.places
        self._above: dict[int, Cell] = {}
        self._is_new_by_title = table.title.is_new
        self._place_columns = tuple(sorted(column for role in ("address", "village") for column in table.columns(role)))
        self._province_columns = table.columns("province")
        self._note_columns = tuple(one for one in table.columns("note") if table.heading(one) != ERRORS_HEADING)
        # The same words come in many rows.
        self._address = lru_cache(maxsize=20_000)(self._read_address)

    def _read_address(self, text: str, is_new: bool, beside_commune: bool, is_village: bool) -> Address:
        # Beside a column of the commune a place alone is a hamlet, whatever its name.
        is_hamlet = beside_commune and not split_address(text, self._places, is_new=is_new)[1:]
        return read_address(text, self._places, is_new=is_new, only_marked=is_hamlet or is_village)

    def read(self, row: Row, repeats: Callable[[dict[int, Cell]], list[int]], sections: Sections) -> Outcome:
        """Arguments: repeats, the columns that hold repeat marks; sections, those open at this row."""
        cells = row.all
        if marked := repeats(cells):
            cells = dict(cells)
            for column in marked:
                above = self._above.get(column)
                if above is None:
                    del cells[column]
                else:
                    cells[column] = above
        self._above = cells
        return _One(self, row, cells, sections).outcome()


class _One:
    """One row while it is read."""

    def __init__(self, reader: Reader, row: Row, cells: dict[int, Cell], sections: Sections) -> None:
        self.table, self.places, self.today = reader._table, reader._places, reader._today
        self._by_role = self.table.by_role
        self.row, self.sections, self.reader = row, sections, reader
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []
        self.evidence: list[Evidence] = []
        self.name_written = ""
        self.cells, self.lost = self._usable(cells)

    def outcome(self) -> Outcome:
        if self.row.hidden:
            self._warn("hidden")
        name = self._name()
        birth, birth_sex = self._birth()
        sex = self._sex() or birth_sex or name.sex
        place, address = self._place()
        category = self._category()
        living = self._living(birth)
        number, phone = self._number(), self._phone()
        ethnicity = self._first("ethnicity", parse_ethnicity)
        if self.errors:
            return Outcome(None, tuple(self.errors), tuple(self.warnings), self.name_written)
        person = Person(
            name.full_name or "", sex, birth.year, birth.day, birth.estimated, ethnicity, place.commune or "",
            place.district, address, category, living.living, living.death_year, number, phone,
            "; ".join(part for part in (name.note, *self._notes()) if part), tuple(self.evidence),
        )  # fmt: skip
        return Outcome(person, (), tuple(self.warnings), self.name_written)

    # --- cells ------------------------------------------------------------------------------

    def _usable(self, cells: dict[int, Cell]) -> tuple[dict[int, Cell], set[str]]:
        """Cells without error cells and formulas that were never computed; the fields that lost their value by one."""
        lost: set[str] = set()
        for cell in cells.values():
            if cell[0] in _BROKEN:
                break
        else:
            return cells, lost
        kept = {}
        for column, cell in cells.items():
            if cell.kind not in (ERROR, NO_VALUE):
                kept[column] = cell
                continue
            role = self.table.roles.get(column, "note")
            tick = role.startswith("category_tick")
            code = "cell_error" if cell.kind == ERROR else "formula_no_value"
            if role in _REQUIRED or tick:
                lost.add(
                    "category"
                    if tick
                    else "birth"
                    if role.startswith("birth")
                    else "name"
                    if role.endswith("name")
                    else role
                )
                self._fail(code, column, str(cell.value or ""))
            elif role in ("address", "village"):
                lost.add("address")
                self._warn_cell(code, column, cell)
            elif role not in ("no", "note"):
                self._warn_cell(code, column, cell)
        return kept, lost

    def _warn_cell(self, code: str, column: int, cell: Cell) -> None:
        if code == "cell_error":
            self._warn(code, column, str(cell.value))

    def _get(self, role: str) -> tuple[int, Cell] | None:
        for column in self._by_role.get(role, ()):
            cell = self.cells.get(column)
            if cell is not None:
                return column, cell
        return None

    def _fail(self, code: str, column: int | None = None, value: str = "", **more: object) -> None:
        if all(one.code != code for one in self.errors):
            self.errors.append(self._problem(code, column, value, warning=False, **more))

    def _warn(self, code: str, column: int | None = None, value: str = "") -> None:
        if all(one.code != code for one in self.warnings):
            self.warnings.append(self._problem(code, column, value, warning=True))

    def _problem(self, code: str, column: int | None, value: str, *, warning: bool, **more: object) -> Problem:
        letter = "" if column is None else column_letter(column)
        heading = "" if column is None else self.table.heading(column)
        return problem(code, warning=warning, letter=letter, heading=heading, value=value, **more)

    def _note(self, field: str, column: int, cell: Cell) -> None:
        self.evidence.append(Evidence(field, column_letter(column), words_of(cell), cell.before))

    def _first(self, role: str, parse: Callable[[str], str | None]) -> str | None:
        at = self._get(role)
        if at is None:
            return None
        found = parse(words_of(at[1]))
        if found is not None:
            self._note(role, *at)
        return found

    # --- fields -----------------------------------------------------------------------------

    def _name(self) -> Name:
        found = [at for role in ("full_name", "family_name", "given_name") if (at := self._get(role))]
        if "name" in self.lost:
            return Name(None)
        texts = [words_of(cell) for _, cell in found]
        text = " ".join(one for one in texts if len(texts) == 1 or not is_blank_mark(one))
        self.name_written = text
        name = parse_name(text)
        column = (
            found[0][0]
            if found
            else next(iter(self.table.columns("full_name") or self.table.columns("family_name")), None)
        )
        for code in name.codes:
            self._fail(code, column, text)
        for at in found:
            self._note("full_name", *at)
        return name

    def _birth(self) -> tuple[Birth, str | None]:
        if "birth" in self.lost:
            return Birth(), None
        sides = [(sex, at) for sex in ("male", "female") if (at := self._get(f"birth_year_{sex}"))]
        filled = [(sex, at, birth) for sex, at in sides if (birth := parse_birth(at[1])).code != "birth_missing"]
        if len(filled) > 1:
            self._fail("birth_conflict", filled[0][1][0], words_of(filled[0][1][1]))
            return Birth(), None
        if filled:
            sex, at, birth = filled[0]
            return self._checked_birth(birth, *at), sex
        at = self._get("birth_year") or self._get("birth_month") or self._get("birth_day")
        if at is not None and not self.table.columns("birth"):
            parts = [self._get(role) for role in ("birth_day", "birth_month", "birth_year")]
            return self._checked_birth(parse_birth_parts(*(part[1] if part else None for part in parts)), *at), None
        at = self._get("birth") or at
        if at is None:
            self._warn("birth_missing")
            return Birth(), None
        return self._checked_birth(parse_birth(at[1]), *at), None

    def _checked_birth(self, birth: Birth, column: int, cell: Cell) -> Birth:
        if birth.code == "birth_missing":
            self._warn("birth_missing", column)
        elif birth.code:
            self._fail(birth.code, column, words_of(cell), year=birth.year)
        else:
            self._note("birth", column, cell)
        return birth

    def _sex(self) -> str | None:
        if at := self._get("sex"):
            found = parse_sex(words_of(at[1]), self.table.sexes.get(at[0], {}))
            if found:
                self._note("sex", *at)
                return found
        ticked = [
            sex
            for sex in ("male", "female")
            if (one := self._get(f"sex_{sex}_tick")) and (is_mark(one[1]) or parse_sex(words_of(one[1]), {}) == sex)
        ]
        return ticked[0] if len(ticked) == 1 else None

    def _category(self) -> str:
        if "category" in self.lost:
            return ""
        ticks, at = self.table.columns("category_tick"), self._get("category")
        marked = [column for column in ticks if (cell := self.cells.get(column)) and is_mark(cell)]
        if len(marked) > 1:
            self._fail("category_conflict", marked[0], words_of(self.cells[marked[0]]))
            return ""
        if marked:
            self._note("category", marked[0], self.cells[marked[0]])
            return self.table.roles[marked[0]].split(":")[1]
        if at is not None and not is_blank_mark(words_of(at[1])):
            found = category_of(words_of(at[1]))
            if found:
                self._note("category", *at)
            else:
                self._fail("category_unknown", at[0], words_of(at[1]))
            return found
        if not ticks and not self.table.columns("category"):
            if found := self.sections.category():
                self.evidence.append(Evidence("category", "section", ""))
                return found
            if found := self.table.title.category:
                self.evidence.append(Evidence("category", "title", ""))
                return found
        self._fail("category_missing", next(iter((*self.table.columns("category"), *ticks)), None))
        return ""

    def _living(self, birth: Birth) -> Living:
        columns = [role for role in ("living_status", "living_tick", "death_year") if self.table.columns(role)]
        if not columns:
            return Living(self.sections.living())
        found = UNKNOWN
        for role, parse in (
            ("living_status", parse_living),
            ("living_tick", parse_living_tick),
            ("death_year", parse_death),
        ):
            at = self._get(role)
            said = parse(at[1] if at else None)
            if at and said.living is not None and (found.living is None or not said.living):
                self._note("living", *at)
                found = Living(said.living, said.death_year or found.death_year)
        year = found.death_year
        if year is not None and (
            year < CAMPAIGN or year > self.today.year or (birth.year is not None and year < birth.year)
        ):
            at = self._get("death_year") or self._get("living_status") or self._get("living_tick")
            self._fail("death_year_impossible", at[0] if at else None, words_of(at[1]) if at else "", year=year)
        return found

    def _number(self) -> str | None:
        at = self._get("id_number")
        if at is None:
            return None
        number, code = parse_id(words_of(at[1]))
        if code:
            self._fail(code, at[0], words_of(at[1]))
        elif number:
            self._note("id_number", *at)
        return number

    def _phone(self) -> str | None:
        at = self._get("phone")
        if at is None:
            return None
        number, code = parse_phone(words_of(at[1]))
        if code:
            self._warn(code, at[0], words_of(at[1]))
        elif number:
            self._note("phone", *at)
        return number

    def _notes(self) -> list[str]:
        return [words_of(self.cells[column]) for column in self.reader._note_columns if column in self.cells]

    # --- place ------------------------------------------------------------------------------

    def _place(self) -> tuple[Found, str | None]:
        texts = [
            (column, words_of(self.cells[column])) for column in self.reader._place_columns if column in self.cells
        ]
        written = self._get("commune")
        is_new = self._is_new(texts, written)
        left: list[str] = []
        named: tuple[tuple[Commune, ...], str, int] | None = None
        district = self._district_of_row()
        for column, text in texts:
            found = self.reader._address(text, is_new, written is not None, self.table.roles[column] == "village")
            left.extend(found.left)
            district = district or found.district
            if found.written:
                named = (found.communes, found.written, column)
            self._note("address", column, self.cells[column])
        address = ", ".join(left) or None
        return self._commune(written, named, district, is_new=is_new), address

    def _is_new(self, texts: list[tuple[int, str]], written: tuple[int, Cell] | None) -> bool:
        if self.reader._is_new_by_title:
            return True
        said = [text for _, text in texts]
        said += [words_of(self.cells[column]) for column in self.reader._province_columns if column in self.cells]
        if written is not None:
            said.append(words_of(written[1]))
        return any(self.places.names_new_province(text) for text in said)

    def _district_of_row(self) -> str | None:
        at = self._get("district")
        return self.places.district(words_of(at[1])) if at else None

    def _commune(
        self, written: tuple[int, Cell] | None, named: tuple[tuple[Commune, ...], str, int] | None, district: str | None,
        *, is_new: bool,
    ) -> Found:  # fmt: skip
        if "commune" in self.lost:
            return Found(None, None)
        around = Around((*self.sections.mentions(), self.table.title.sheet, self.table.title.mention))
        if self.table.columns("commune"):
            found = self._from_column(written, district, around, is_new=is_new)
        elif named:
            found = settle(named[0], named[1], (district, around.district()))
            column = named[2]
            if found.code:
                self._fail(found.code, column, found.written, choices=", ".join(found.choices))
                return found
            self._note("commune", column, self.cells[column])
        else:
            found = from_around(around, district)
            if found.commune:
                self.evidence.append(Evidence("commune", "around", found.commune))
        if found.code == "commune_missing" and "address" in self.lost:
            self._fail("cell_error", self.reader._place_columns[0], "")
        elif found.code:
            self._fail(found.code, written[0] if written else None, found.written, choices=", ".join(found.choices))
        return found

    def _from_column(
        self, written: tuple[int, Cell] | None, district: str | None, around: Around, *, is_new: bool
    ) -> Found:
        text = words_of(written[1]) if written else ""
        if written is None or is_blank_mark(text):
            return Found(None, None, "commune_missing")
        self._note("commune", *written)
        communes = self.places.communes(text, is_new=is_new)
        if not communes and len(split_address(text, self.places, is_new=is_new)) > 1:
            # A whole address in the column of the commune.
            inner = read_address(text, self.places, is_new=is_new, only_marked=False)
            communes, district = inner.communes, district or inner.district
        return settle(
            communes,
            text,
            (district, *(next(iter(one.districts)) for one in around.mentions if len(one.districts) == 1)),
        )


def words_of(cell: Cell) -> str:
    """A cell's value as text, for the fields that take text."""
    value = cell.value
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return vn_date(value)
    if isinstance(value, bool):
        return "x" if value else ""
    return "" if value is None else str(value)
