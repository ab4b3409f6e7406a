"""Tasks × bodies of a draft: what each has been given, by itself and through its groups, in a fixed number of statements."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from directive_tracker.workdays import WorkCalendar
from tasks.assigning.bodies import bodies_of, key_of
from tasks.drafting.assigning import ROLE_OF_KEY, Body
from tasks.duerules import task_due
from tasks.enums import AssignmentRole
from tasks.issuing import DraftReading, IssuePreview, in_order, preview_of, read_draft
from tasks.matrix import column_name
from tasks.models import Directive, DirectiveTask, TaskRecipient
from units.calendar import work_calendar
from units.models import Unit, UnitGroup

# Role → the letter of its key and sign.
LETTERS = {role.value: key for key, role in ROLE_OF_KEY.items()}
RANK = {role.value: place for place, role in enumerate(ROLE_OF_KEY.values())}
# So many names of bodies stand on a card of the phone's list.
NAMES_ON_A_CARD = 6


@dataclass(frozen=True, slots=True)
class Cell:
    """What a body has of a task. own: its role by itself, by_group: the one through its groups; "" for none."""

    own: str = ""
    by_group: str = ""

    @property
    def effective(self) -> str:
        """What it gets at issue: the first of its roles."""
        if self.own and self.by_group:
            return min(self.own, self.by_group, key=RANK.__getitem__)
        return self.own or self.by_group

    @property
    def differs(self) -> bool:
        """It has been given the task by itself in another role than its group."""
        return bool(self.own and self.by_group) and self.own != self.by_group

    @property
    def words(self) -> str:
        """What is read aloud."""
        own, group = _word(self.own), _word(self.by_group)
        if not self.by_group:
            return own or "không giao"
        if not self.own or self.own == self.by_group:
            return f"{group} theo nhóm"
        if self.effective == self.own:
            return f"{own}, nhóm {group}"
        return f"{group} theo nhóm, giao riêng {own} không thêm gì"

    @property
    def letter(self) -> str:
        """The sign: C, P, B or ""."""
        return LETTERS[self.effective].upper() if self.effective else ""

    @property
    def look(self) -> str:
        """Names of its look: the key's letter, "g" through a group only, "x" unlike the group."""
        if not self.effective:
            return ""
        extra = " x" if self.differs else " g" if self.by_group else ""
        return LETTERS[self.effective] + extra


NOTHING = Cell()


def _word(role: str) -> str:
    return AssignmentRole(role).label.lower() if role else ""


@dataclass(frozen=True)
class Column:
    """A body. size: units of a group that day; of_group: the opened group behind which a unit stands."""

    key: str
    body: Body
    name: str
    size: int = 0
    opened: bool = False
    of_group: str = ""

    @property
    def is_group(self) -> bool:
        return isinstance(self.body, UnitGroup)


@dataclass(frozen=True)
class Row:
    """A task with a cell for each column, None where nothing is given; words that no body stands for."""

    task: DirectiveTask
    due: date | None
    cells: tuple[Cell | None, ...]
    open_texts: list[TaskRecipient] = field(default_factory=list)
    columns: tuple[Column, ...] = ()
    # The first of several tasks of its clause.
    begins_clause: bool = False

    @property
    def given(self) -> list[tuple[str, list[str], int]]:
        """(role in words, first names, how many more) of what was given by itself, for a narrow screen."""
        said = []
        for role in ROLE_OF_KEY.values():
            names = [
                column.name
                for column, cell in zip(self.columns, self.cells, strict=True)
                if cell is not None and cell.own == role
            ]
            if names:
                said.append((role.label, names[:NAMES_ON_A_CARD], max(0, len(names) - NAMES_ON_A_CARD)))
        return said


@dataclass(frozen=True)
class Grid:
    """What the page shows."""

    reading: DraftReading
    calendar: WorkCalendar
    columns: tuple[Column, ...]
    rows: list[Row]

    @property
    def directive(self) -> Directive:
        return self.reading.directive

    @cached_property
    def preview(self) -> IssuePreview:
        """What issuing would do today."""
        return preview_of(self.reading, calendar=self.calendar)


Cells = dict[int, dict[str, Cell]]


def cells_of(tasks: Iterable[DirectiveTask], members: Mapping[int, list[Unit]]) -> Cells:
    """Task → key → what that body has of it; tasks come with their recipients. No statement."""
    found: Cells = {}
    for task in tasks:
        own: dict[str, str] = {}
        by_group: dict[str, str] = {}
        for row in task.recipients.all():
            if row.unit_id is not None:
                _keep_first(own, f"u{row.unit_id}", row.role)
            elif row.group_id is not None:
                _keep_first(own, f"g{row.group_id}", row.role)
                for unit in members.get(row.group_id, ()):
                    _keep_first(by_group, f"u{unit.pk}", row.role)
        keys = own.keys() | by_group.keys()
        found[task.pk] = {key: Cell(own.get(key, ""), by_group.get(key, "")) for key in keys}
    return found


def _keep_first(roles: dict[str, str], key: str, role: str) -> None:
    if role in RANK and (key not in roles or RANK[role] < RANK[roles[key]]):
        roles[key] = role


def build_grid(directive: Directive, *, on: date, opened: Iterable[str] = (), added: Iterable[str] = ()) -> Grid:
    """Read the matrix of a draft.

    Args:
        on: the day whose members of groups count.
        opened: keys of groups whose members stand behind them.
        added: keys of bodies that have nothing yet and shall be columns.
    """
    extra = bodies_of(added, on=on)
    reading = read_draft(directive, on=on, groups=[body.pk for body in extra.values() if isinstance(body, UnitGroup)])
    columns = _columns(reading, set(opened), list(extra.values()))
    cells, calendar = cells_of(reading.tasks, reading.members), work_calendar()
    keys = [column.key for column in columns]
    of_clause = Counter(task.clause_id for task in reading.tasks)
    before, rows = 0, []
    for task in reading.tasks:
        due, _ = task_due(list(task.products.all()), directive, calendar, received=on)
        given = cells[task.pk]
        rows.append(
            Row(
                task,
                due,
                tuple(given.get(key) for key in keys),
                [row for row in task.recipients.all() if row.is_open_text],
                columns,
                begins_clause=task.clause_id != before and of_clause[task.clause_id] > 1,
            )
        )
        before = task.clause_id
    return Grid(reading, calendar, columns, rows)


def _columns(reading: DraftReading, opened: set[str], extra: list[Body]) -> tuple[Column, ...]:
    """Groups first, an opened one with its members; then the units that stand behind none of these, in official order."""
    groups: dict[int, UnitGroup] = {}
    units: dict[int, Unit] = {}
    for line in reading.lines:
        groups |= {group.pk: group for group in line.groups.all()}
        units |= {unit.pk: unit for unit in line.units.all()}
    for task in reading.tasks:
        for row in task.recipients.all():
            if row.group is not None:
                groups.setdefault(row.group.pk, row.group)
            elif row.unit is not None:
                units.setdefault(row.unit.pk, row.unit)
    for body in extra:
        if isinstance(body, Unit):
            units.setdefault(body.pk, body)
        else:
            groups.setdefault(body.pk, body)
    columns: list[Column] = []
    shown: set[int] = set()
    for group in groups.values():
        members, key = reading.members.get(group.pk, []), key_of(group)
        columns.append(Column(key, group, group.name, size=len(members), opened=key in opened))
        for unit in members if key in opened else ():
            if unit.pk not in shown:
                shown.add(unit.pk)
                columns.append(Column(key_of(unit), unit, column_name(unit), of_group=key))
    rest = in_order(unit for unit in units.values() if unit.pk not in shown)
    return (*columns, *(Column(key_of(unit), unit, column_name(unit)) for unit in rest))
