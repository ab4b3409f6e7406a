"""When the working calendar changes: which due days of issued work move with it, and moving them.

A due day moves only while it still stems from its rule: the work is open or paused, its day is neither extended nor
put off by a return, and it is exactly what the rule gives by the calendar so far. What was moved by hand, finished or
closed stays.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from directive_tracker.vietnamese import vn_date
from directive_tracker.workdays import WorkCalendar
from notifications import outbox
from notifications.models import Notice
from records.audit import record
from tasks import reminders, tallies
from tasks.duerules import due_of, follows_calendar, task_due
from tasks.enums import OPEN_STATES, AssignmentRole, AssignmentState, DirectiveState, DueSource
from tasks.errors import TransitionNotAllowed
from tasks.models import Assignment, AssignmentProduct, Directive, DirectiveTask, Product
from tasks.models.assignment import AT_ONCE, DUE_TAKEN
from units.calendar_changes import Move
from units.errors import Refused
from units.models import Unit

FROM_THE_RULE = (DueSource.TEXT, DueSource.OFFICE, DueSource.AGREED)
# A part handed on has a day of its own, which no rule gave.
ROLES = (AssignmentRole.LEAD, AssignmentRole.COORDINATING, AssignmentRole.INFORMED)
# Names of moved work in the log of one directive.
_LOGGED = 40
# Milestones stand below all parts of the same unit and task.
MAX_ID = 2**63


@dataclass(frozen=True)
class WorkMove:
    """The due day of one unit's part; unit, task and directive are loaded."""

    assignment: Assignment
    new: date

    @property
    def mark(self) -> tuple:
        """What tells it from every other preview."""
        return ("work", self.assignment.pk, self.assignment.due_version, self.assignment.due_current, self.new)

    @property
    def move(self) -> Move:
        """What an administrator sees of it."""
        return Move(self.assignment.unit.short_name, self.assignment.task.code, self.assignment.due_current, self.new)

    @property
    def place(self) -> tuple:
        """Units in official order, tasks in the order of the text."""
        return _place(self.assignment.unit, self.assignment.task, self.assignment.pk)

    @property
    def directive(self) -> Directive:
        """Whose work it is."""
        return self.assignment.directive


@dataclass(frozen=True)
class MilestoneMove:
    """The day of one product of one unit's part."""

    pk: int
    unit: Unit
    task: DirectiveTask
    old: date
    new: date

    @property
    def mark(self) -> tuple:
        """What tells it from every other preview."""
        return ("product", self.pk, self.old, self.new)

    @property
    def move(self) -> Move:
        """What an administrator sees of it."""
        return Move(self.unit.short_name, self.task.code, self.old, self.new, what="mốc sản phẩm")

    @property
    def place(self) -> tuple:
        """Below its work."""
        return (*_place(self.unit, self.task, 0)[:-1], MAX_ID, self.pk)

    @property
    def directive(self) -> Directive:
        """Whose work it is."""
        return self.task.directive


def _place(unit: Unit, task: DirectiveTask, pk: int) -> tuple:
    return (unit.sort_order, unit.pk, task.directive_id, task.order, pk)


Shift = tuple[int, date, date, date]  # id of task or product, day of receipt, old day, new day


def find(old: WorkCalendar, new: WorkCalendar) -> Sequence[WorkMove | MilestoneMove]:
    """What would move, in official order of units. At most five statements, whatever the number of parts."""
    products = defaultdict(list)
    rows = Product.objects.filter(task__directive__state=DirectiveState.ISSUED).select_related("task__directive")
    for product in rows.order_by("task", "order"):
        products[product.task_id].append(product)
    tasks = {pk: row for pk, row in products.items() if any(follows_calendar(product) for product in row)}
    if not tasks:
        return []
    receipts = _open_work().filter(task__in=tasks).order_by().values_list("task", "assigned_on").distinct()
    work_shifts, product_shifts = [], []
    for task_id, received in receipts:
        work_shifts += _work_shift(tasks[task_id], received, old, new)
        product_shifts += _product_shifts(tasks[task_id], received, old, new)
    units: dict[int, Unit] = Unit.objects.in_bulk() if product_shifts else {}
    by_id = {pk: row[0].task for pk, row in tasks.items()}
    moves = [*_moved_work(work_shifts, by_id, units), *_moved_products(product_shifts, by_id, units)]
    return sorted(moves, key=lambda move: move.place)


def _open_work() -> QuerySet:
    """Parts whose day may follow a rule; of which directives, the tasks say."""
    states = [*OPEN_STATES, AssignmentState.PAUSED]
    return Assignment.objects.filter(state__in=states, role__in=ROLES, due_source__in=FROM_THE_RULE)


def _work_shift(products: list[Product], received: date, old: WorkCalendar, new: WorkCalendar) -> Iterator[Shift]:
    directive = products[0].task.directive
    before, _ = task_due(products, directive, old, received=received)
    after, _ = task_due(products, directive, new, received=received)
    if before is not None and after is not None and before != after:
        yield products[0].task_id, received, before, after


def _product_shifts(products: list[Product], received: date, old: WorkCalendar, new: WorkCalendar) -> Iterator[Shift]:
    for product in products:
        before = due_of(product, product.task.directive, old, received=received)
        after = due_of(product, product.task.directive, new, received=received)
        if before is not None and after is not None and before != after:
            yield product.pk, received, before, after


def _moved_work(shifts: list[Shift], tasks: dict[int, DirectiveTask], units: dict[int, Unit]) -> list[WorkMove]:
    wanted = {(task, received, before): after for task, received, before, after in shifts}
    if not wanted:
        return []
    rows = _open_work().filter(task__in={shift[0] for shift in shifts}, due_current__in={shift[2] for shift in shifts})
    found = []
    for row in rows:
        after = wanted.get((row.task_id, row.assigned_on, row.due_current))
        if after is not None:
            # Few tasks and units stand behind many parts: one object for all of them.
            row.task, row.unit = tasks[row.task_id], units[row.unit_id]
            row.directive = row.task.directive
            found.append(WorkMove(row, after))
    return found


def _moved_products(
    shifts: list[Shift], tasks: dict[int, DirectiveTask], units: dict[int, Unit]
) -> list[MilestoneMove]:
    """Days of products that have not been handed in."""
    wanted = {(product, received, before): after for product, received, before, after in shifts}
    if not wanted:
        return []
    rows = AssignmentProduct.objects.filter(
        assignment__in=_open_work(),
        product__in={shift[0] for shift in shifts},
        due_date__in={shift[2] for shift in shifts},
        submitted_on=None,
        delivered_on=None,
    )
    found = []
    for pk, product, received, before, task, unit in rows.values_list(
        "pk", "product", "assignment__assigned_on", "due_date", "assignment__task", "assignment__unit"
    ):
        if (after := wanted.get((product, received, before))) is not None:
            found.append(MilestoneMove(pk, units[unit], tasks[task], before, after))
    return found


def apply(found: Sequence[WorkMove | MilestoneMove], *, by, now: datetime, reason: str) -> None:
    """Move these days; figures, planned notices and the log follow. Within the caller's transaction.

    Errors: units.errors.Refused when somebody else has just moved one of them.
    """
    work = [move for move in found if isinstance(move, WorkMove)]
    told = _told(found)
    try:
        Assignment.set_due_of_many([(move.assignment, move.new) for move in work], by=by, now=now, reason=reason)
    except TransitionNotAllowed as taken:
        raise Refused(str(taken)) from taken
    _move_products([move for move in found if isinstance(move, MilestoneMove)])
    _take_back_notices(work, now=now)
    _keep_figures(work, today=timezone.localdate(now))
    reminders.tell_due_moved([move.assignment for move in work], reason=reason, now=now)
    # One event a directive; each part's own history is its DueChange.
    for directive, moves in told.items():
        data = {"due_days": [_logged(move) for move in moves[:_LOGGED]], "count": len(moves)}
        record("directive.due_days_moved", by=by, at=now, target=directive, data=data, reason=reason)


def _told(found: Sequence[WorkMove | MilestoneMove]) -> dict[Directive, list[Move]]:
    """The moves of each directive in words, taken before the rows get their new days."""
    by_directive: dict[Directive, list[Move]] = defaultdict(list)
    for one in found:
        by_directive[one.directive].append(one.move)
    return by_directive


def _take_back_notices(moves: list[WorkMove], *, now: datetime) -> None:
    """What was planned for the old days; most parts have nothing planned, which one statement a chunk tells."""
    rows = {move.assignment.pk: move.assignment for move in moves}
    pks = sorted(rows)
    for start in range(0, len(pks), AT_ONCE):
        planned = Notice.objects.filter(
            target_type=Assignment._meta.label_lower,
            target_id__in=pks[start : start + AT_ONCE],
            state__in=outbox.UNTOLD,
            target_version__gte=1,
        )
        for pk in planned.order_by("target_id").values_list("target_id", flat=True).distinct():
            outbox.supersede(rows[pk], version_below=rows[pk].due_version, now=now)


def _logged(move: Move) -> str:
    """ "1a.1 Huyện ủy Đắk Hà 26/4/2024 → 25/4/2024"."""
    return f"{move.code} {move.unit} {vn_date(move.old)} → {vn_date(move.new)}"


def _move_products(moves: list[MilestoneMove]) -> None:
    alike: dict[tuple[date, date], list[int]] = defaultdict(list)
    for move in moves:
        alike[move.old, move.new].append(move.pk)
    for (before, after), pks in alike.items():
        for start in range(0, len(pks), AT_ONCE):
            chunk = pks[start : start + AT_ONCE]
            rows = AssignmentProduct.objects.filter(pk__in=chunk, due_date=before, submitted_on=None, delivered_on=None)
            if rows.update(due_date=after) != len(chunk):
                raise Refused(DUE_TAKEN)


def _keep_figures(moves: list[WorkMove], *, today: date) -> None:
    touched: dict[Directive, tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for move in moves:
        if move.assignment.role == AssignmentRole.LEAD:
            units, tasks = touched[move.assignment.directive]
            units.add(move.assignment.unit_id)
            tasks.add(move.assignment.task_id)
    for directive, (units, tasks) in touched.items():
        tallies.refresh(directive, unit_ids=units, task_ids=tasks, today=today)
