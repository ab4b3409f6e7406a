"""Nhiệm vụ × đơn vị: every task against every unit, read in a fixed number of statements."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from directive_tracker.prepared import Prepared
from tasks.enums import (
    STATE_WORDS,
    WORD_SIGNS,
    AssignmentRole,
    AssignmentState,
    ConditionState,
    ProductKind,
    Strength,
    UnitWord,
)
from tasks.models import Assignment, AssignmentProduct, Clause, Directive, DirectiveTask
from tasks.querysets import AssignmentQuerySet, access_for
from tasks.timeliness import days_overdue
from units.access import Access, Seer
from units.calendar import work_calendar
from units.models import Unit
from units.models.unit import GroupMember

S = AssignmentState
# Not taken note of for more than this many working days wants a call.
ACKNOWLEDGE_WITHIN = 2
DEPLOYMENT_TITLE = "Văn bản triển khai"

CHASED = (UnitWord.NEW, UnitWord.DOING, UnitWord.REDO)

# Column heads are narrow; the full name stands in the title.
SHORTER = (
    ("Huyện ủy ", "HU "),
    ("Thành ủy ", "ThU "),
    ("Đảng ủy ", "ĐU "),
    ("Đảng đoàn ", "ĐĐ "),
    ("Liên đoàn Lao động", "LĐLĐ"),
    ("Cựu chiến binh", "CCB"),
)

CELL_FIELDS = (
    "pk",
    "task_id",
    "unit_id",
    "role",
    "state",
    "due_current",
    "submitted_on",
    "completed_on",
    "acknowledged_on",
    "assigned_on",
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One unit's part of one task, ready to print: kind is a key of the look's signs."""

    pk: int
    kind: str
    days_late: int = 0
    coordinating: bool = False
    to_chase: bool = False

    @property
    def late_words(self) -> str:
        """ "quá hạn 3 ngày", "xong muộn 3 ngày", "gửi muộn 3 ngày" or ""."""
        if not self.days_late:
            return ""
        words = {"done": "xong muộn", "waiting": "gửi muộn"}.get(self.kind, "quá hạn")
        return f"{words} {self.days_late} ngày"

    @property
    def words(self) -> str:
        """ "Đang làm, quá hạn 3 ngày" – what is read aloud and exported."""
        word = WORD_SIGNS[UnitWord(self.kind)][1]
        parts = [word, "phối hợp" if self.coordinating else "", self.late_words]
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Column:
    """A unit as a column: the narrow name and the full one."""

    unit: Unit
    name: str


@dataclass(frozen=True)
class Row:
    """A task (or the line of the văn bản triển khai) with a cell or None per column."""

    code: str
    title: str
    cells: tuple[Cell | None, ...]
    done: int
    total: int
    task: DirectiveTask | None = None
    needs_chasing: bool = False
    full_title: str = ""


@dataclass(frozen=True)
class Group:
    """The rows of one clause."""

    clause: Clause
    rows: list[Row]


@dataclass(frozen=True)
class Matrix:
    """What the page, its transposed form, the phone's list and the export show."""

    directive: Directive
    columns: list[Column]
    deployment: Row | None
    groups: list[Group]
    clauses: list[Clause]
    unit_groups: list[tuple[int, str]]

    @property
    def rows(self) -> list[Row]:
        """All rows, the văn bản triển khai first."""
        tasks = [row for group in self.groups for row in group.rows]
        return [self.deployment, *tasks] if self.deployment else tasks

    @property
    def to_chase(self) -> int:
        """How many parts want a call."""
        return sum(1 for group in self.groups for row in group.rows for cell in row.cells if cell and cell.to_chase)

    def by_unit(self) -> list[tuple[Column, list[tuple[Row, Cell | None]]]]:
        """The same turned round: every unit with (row, cell) of every row."""
        rows = self.rows
        return [(column, [(row, row.cells[place]) for row in rows]) for place, column in enumerate(self.columns)]


def column_name(unit: Unit) -> str:
    """The unit's short name, shortened once more the way offices write."""
    name = unit.short_name
    for long, short in SHORTER:
        name = name.replace(long, short)
    return name


def build_matrix(
    directive: Directive,
    user,
    *,
    today: date,
    clause_id: int | None = None,
    group_id: int | None = None,
    only_chase: bool = False,
) -> Matrix:
    """Read the matrix of what the user may see.

    Args:
        clause_id: only this clause's tasks; an unknown one is ignored.
        group_id: only the units of this group; an unknown one is ignored.
        only_chase: only rows and columns in which something is overdue, not taken note of for
            more than two working days, or to be done again.
    """
    access = access_for(user)
    tasks = _TASKS.rows(directive.pk)
    found = _CELLS.rows(directive.pk, key=(access,))
    units = _UNITS.rows(directive.pk, key=(access,))
    members = groups_of(directive.pk, [unit.pk for unit in units], today=today)
    clauses = list({task.clause_id: task.clause for task in tasks}.values())
    if group_id in members:
        units = [unit for unit in units if unit.pk in members[group_id][1]]
    of_one_clause = clause_id in {clause.pk for clause in clauses}
    if of_one_clause:
        tasks = [task for task in tasks if task.clause_id == clause_id]
    columns = [Column(unit, column_name(unit)) for unit in units]
    matrix = Matrix(
        directive=directive,
        columns=columns,
        deployment=None
        if of_one_clause
        else _deployment_row(_DELIVERIES.rows(directive.pk, key=(access,)), units, today=today),
        groups=_grouped(_task_rows(tasks, found, units, today=today)),
        clauses=clauses,
        unit_groups=[(pk, name) for pk, (name, _) in members.items()],
    )
    return _only_chase(matrix) if only_chase else matrix


def _visible(access: Access, directive: int) -> AssignmentQuerySet:
    """The parts that are cells, as far as these rights see them."""
    rows = Assignment.objects.visible_to(Seer(access)).filter(directive=directive).order_by()
    return rows.exclude(role__in=[AssignmentRole.PART, AssignmentRole.INFORMED])


def _cells(access: Access, directive: int) -> QuerySet:
    return _visible(access, directive).values_list(*CELL_FIELDS, named=True)


def _units(access: Access, directive: int) -> QuerySet:
    return Unit.objects.filter(pk__in=_visible(access, directive).values("unit_id")).in_official_order()


def _tasks(directive: int) -> QuerySet:
    return DirectiveTask.objects.filter(directive=directive).select_related("clause").order_by("order", "pk")


def _deliveries(access: Access, directive: int) -> QuerySet:
    """Every document that puts the directive to work: assignment, unit, state, and its three days."""
    lead = _visible(access, directive).filter(role=AssignmentRole.LEAD)
    return (
        AssignmentProduct.objects.filter(assignment__in=lead, product__kind=ProductKind.DEPLOYMENT)
        .exclude(assignment__state__in=[S.CANCELLED, S.NOT_APPLICABLE])
        .order_by("product__order", "pk")
        .values_list(
            *("assignment_id", "assignment__unit_id", "assignment__state"),
            *("due_date", "submitted_on", "delivered_on"),
        )
    )


_TASKS, _CELLS, _UNITS, _DELIVERIES = Prepared(_tasks), Prepared(_cells), Prepared(_units), Prepared(_deliveries)


def _members(today: date, directive: int) -> QuerySet:
    """Who is in a group that day, of the units that have work of the directive."""
    at_work = Assignment.objects.order_by().filter(directive=directive, unit=OuterRef("unit"))
    members = GroupMember.objects.filter(Exists(at_work), valid_from__lte=today).exclude(valid_to__lt=today)
    return members.order_by("group__name", "pk").values_list("group_id", "group__name", "unit_id")


_MEMBERS = Prepared(_members)


def groups_of(directive: int, units: Iterable[int], *, today: date) -> dict[int, tuple[str, set[int]]]:
    """The groups that hold some of the units on that day: id → (name, unit ids).

    Args:
        units: some of those that have work of the directive; others are left out.
    """
    wanted, groups = set(units), {}
    for group_id, name, unit_id in _MEMBERS.rows(directive, key=(today,)):
        if unit_id in wanted:
            groups.setdefault(group_id, (name, set()))[1].add(unit_id)
    return groups


def _task_rows(tasks, found: Iterable, units: list[Unit], *, today: date) -> list[Row]:
    acknowledge_by = work_calendar().add(today, -ACKNOWLEDGE_WITHIN)
    by_task = {task.pk: task for task in tasks}
    cells: dict[tuple[int, int], Cell] = {}
    for row in found:
        task = by_task.get(row.task_id)
        if task is not None:
            cells[row.task_id, row.unit_id] = _cell(row, task, acknowledge_by, today=today)
    rows = []
    for task in tasks:
        line = tuple(cells.get((task.pk, unit.pk)) for unit in units)
        lead = [cell for cell in line if cell is not None and not cell.coordinating]
        rows.append(
            Row(
                code=task.code,
                title=task.short_title,
                full_title=task.title,
                cells=line,
                done=sum(1 for cell in lead if cell.kind == UnitWord.DONE),
                total=len(lead),
                task=task,
                needs_chasing=any(cell.to_chase for cell in line if cell is not None),
            )
        )
    return rows


def _cell(row, task: DirectiveTask, acknowledge_by: date, *, today: date) -> Cell:
    """One assignment (a named row of CELL_FIELDS) as a cell; the words of design, the days of timeliness."""
    state = AssignmentState(row.state)
    word = STATE_WORDS[state]
    undecided = task.condition_state == ConditionState.UNDECIDED
    if undecided and state != S.COMPLETED:
        word = UnitWord.OUTSIDE
    coordinating = row.role == AssignmentRole.COORDINATING
    # Encouraged and undecided work never turns red; a contribution is its lead's affair.
    counted = not coordinating and not undecided and task.strength != Strength.ENCOURAGED
    late = days_overdue(row, today=today) if counted else 0
    unread = state == S.ASSIGNED and row.acknowledged_on is None and row.assigned_on <= acknowledge_by
    chase = word != UnitWord.OUTSIDE and (
        (late > 0 and state not in (S.COMPLETED, S.SUBMITTED)) or unread or state == S.REDO
    )
    return Cell(row.pk, word.value, late, coordinating, chase)


def _deployment_row(deliveries: Iterable[tuple], units: list[Unit], *, today: date) -> Row | None:
    """The first line: who has delivered the document that puts the directive to work."""
    cells: dict[int, Cell] = {}
    for pk, unit_id, state, due, submitted, delivered in deliveries:
        kind = _delivery_kind(AssignmentState(state), submitted, delivered)
        until = delivered or submitted or today
        late = max(0, (until - due).days) if due is not None and kind != UnitWord.OUTSIDE else 0
        cell = Cell(pk, kind.value, late, to_chase=late > 0 and kind in CHASED)
        known = cells.get(unit_id)
        # A unit that owes two documents is done with the later of them.
        if known is None or known.kind == UnitWord.DONE:
            cells[unit_id] = cell
    if not cells:
        return None
    line = tuple(cells.get(unit.pk) for unit in units)
    present = [cell for cell in line if cell is not None]
    return Row(
        code="",
        title=DEPLOYMENT_TITLE,
        full_title="Kế hoạch, hướng dẫn, công văn triển khai văn bản chỉ đạo ở đơn vị",
        cells=line,
        done=sum(1 for cell in present if cell.kind == UnitWord.DONE),
        total=len(present),
        needs_chasing=any(cell.to_chase for cell in present),
    )


def _delivery_kind(state: AssignmentState, submitted, delivered) -> UnitWord:
    if delivered is not None:
        return UnitWord.DONE
    if state == S.PAUSED:
        return UnitWord.OUTSIDE
    if state == S.REDO:
        return UnitWord.REDO
    if submitted is not None:
        return UnitWord.WAITING
    return UnitWord.NEW if state == S.ASSIGNED else UnitWord.DOING


def _grouped(rows: list[Row]) -> list[Group]:
    groups: list[Group] = []
    for row in rows:
        if not groups or groups[-1].clause.pk != row.task.clause_id:
            groups.append(Group(row.task.clause, []))
        groups[-1].rows.append(row)
    return groups


def _only_chase(matrix: Matrix) -> Matrix:
    """Keep the rows and columns in which something wants a call."""
    rows = matrix.rows
    kept = [
        place
        for place in range(len(matrix.columns))
        if any(row.cells[place] is not None and row.cells[place].to_chase for row in rows)
    ]

    def narrow(row: Row) -> Row:
        return replace(row, cells=tuple(row.cells[place] for place in kept))

    groups = [Group(group.clause, [narrow(row) for row in group.rows if row.needs_chasing]) for group in matrix.groups]
    deployment = matrix.deployment
    return replace(
        matrix,
        columns=[matrix.columns[place] for place in kept],
        deployment=narrow(deployment) if deployment and deployment.needs_chasing else None,
        groups=[group for group in groups if group.rows],
    )
