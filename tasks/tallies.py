"""The figures shown to everyone: kept by the writers, rolled forward by the first reader of a day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields
from datetime import date
from operator import attrgetter
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from directive_tracker.plans import kept
from directive_tracker.transactions import joined
from tasks.enums import OUTSIDE_STATES, AssignmentRole, AssignmentState, ConditionState, DirectiveState, Strength
from tasks.models import Assignment, Directive, Tally
from tasks.timeliness import COUNTED, Timeliness, overdue_q, timeliness_expression, timeliness_of


@dataclass(frozen=True)
class Figures:
    """The four classes and what stands beside them; `counted` is their sum."""

    done_on_time: int = 0
    done_late: int = 0
    open_in_time: int = 0
    open_overdue: int = 0
    open_without_due: int = 0
    outside: int = 0
    paused: int = 0
    undecided: int = 0
    encouraged: int = 0
    waiting: int = 0
    not_acknowledged: int = 0

    @property
    def counted(self) -> int:
        return self.done_on_time + self.done_late + self.open_in_time + self.open_overdue

    @property
    def done(self) -> int:
        return self.done_on_time + self.done_late

    @property
    def open(self) -> int:
        return self.open_in_time + self.open_overdue

    @property
    def came_due(self) -> int:
        """What the rate of work done in time is a rate of: done, or open past its day."""
        return self.done + self.open_overdue

    @property
    def open_with_due_in_time(self) -> int:
        return self.open_in_time - self.open_without_due


_ALL = Q()
FIGURE_NAMES = tuple(field.name for field in fields(Figures))
_ALL_FIGURES = attrgetter(*FIGURE_NAMES)
# Directive → the units and tasks whose rows are to be counted when the block of `counted_once` ends.
_collected: ContextVar[dict | None] = ContextVar("tallies_collected", default=None)


@contextmanager
def counted_once(*, today: date) -> Iterator[None]:
    """Count the rows that many acts within one transaction touch once, before it commits.

    For whoever does much at a time (all of a report, a played day); readers within the block see old figures.
    """
    outer = _collected.get()
    if outer is not None:  # the outermost block counts
        yield
        return
    touched: dict = defaultdict(lambda: (set(), set()))
    token = _collected.set(touched)
    try:
        with transaction.atomic():
            yield
            _collected.set(None)
            for directive, (unit_ids, task_ids) in touched.items():
                refresh(directive, unit_ids=unit_ids, task_ids=task_ids, today=today)
    finally:
        _collected.reset(token)


def _count_expressions() -> dict[str, Count]:
    """Counts over rows annotated with `timeliness`; the outside ones name their reason once,
    in the order paused, undecided, encouraged."""
    T, S = Timeliness, AssignmentState
    paused = Q(state=S.PAUSED)
    undecided = ~paused & Q(task__condition_state=ConditionState.UNDECIDED)
    encouraged = (
        ~paused
        & ~Q(task__condition_state=ConditionState.UNDECIDED)
        & Q(task__strength=Strength.ENCOURAGED)
        & ~Q(state__in=[S.NOT_APPLICABLE, S.CANCELLED])
    )
    conditions = {
        "done_on_time": Q(timeliness=T.DONE_ON_TIME),
        "done_late": Q(timeliness=T.DONE_LATE),
        "open_in_time": Q(timeliness=T.OPEN_IN_TIME),
        "open_overdue": Q(timeliness=T.OPEN_OVERDUE),
        "open_without_due": Q(timeliness=T.OPEN_IN_TIME, due_current__isnull=True),
        "outside": Q(timeliness=T.OUTSIDE),
        "paused": paused,
        "undecided": undecided,
        "encouraged": encouraged,
        "waiting": Q(state=S.SUBMITTED),
        "not_acknowledged": Q(state=S.ASSIGNED, acknowledged_on__isnull=True),
    }
    return {name: Count("pk", filter=condition) for name, condition in conditions.items()}


def figures_with(assignment: Assignment, *, today: date) -> tuple[str, ...]:
    """The figures that count this lead assignment: what `live_counts` asks the database, of one row (task loaded)."""
    kind, state = timeliness_of(assignment, today=today), assignment.state
    found = [kind.value]
    if kind == Timeliness.OPEN_IN_TIME and assignment.due_current is None:
        found.append("open_without_due")
    if state == AssignmentState.PAUSED:
        found.append("paused")
    elif assignment.task.condition_state == ConditionState.UNDECIDED:
        found.append("undecided")
    elif assignment.task.strength == Strength.ENCOURAGED and state not in OUTSIDE_STATES:
        found.append("encouraged")
    if state == AssignmentState.SUBMITTED:
        found.append("waiting")
    if state == AssignmentState.ASSIGNED and assignment.acknowledged_on is None:
        found.append("not_acknowledged")
    return tuple(found)


def live_counts(directive: Directive, by: str, *, today: date, only: Q = _ALL) -> dict[int, Figures]:
    """Count a directive's lead assignments now, grouped by "unit" or "task".

    Args:
        only: of these assignments.
    """
    rows = Assignment.objects.filter(only, directive=directive).lead()
    rows = rows.annotate(timeliness=timeliness_expression(today))
    grouped = rows.values(f"{by}_id").annotate(**_count_expressions()).order_by()
    return {row[f"{by}_id"]: Figures(**{name: row[name] for name in FIGURE_NAMES}) for row in grouped}


def counts_of_followed(*, today: date) -> dict[tuple[int, int], Figures]:
    """Count the lead assignments of every issued directive now, by (directive, unit); one statement."""
    return counts_by_unit(Assignment.objects.filter(directive__state=DirectiveState.ISSUED), today=today)


def counts_by_unit(rows: QuerySet, *, today: date | F) -> dict[tuple[int, int], Figures]:
    """Count the lead assignments among these, by (directive, unit); one statement.

    Args:
        today: the day, or the column that holds it where each row has another one.
    """
    grouped = rows.lead().annotate(timeliness=timeliness_expression(today)).order_by().values("directive_id", "unit_id")
    counted = grouped.annotate(**_count_expressions())
    return {
        (row["directive_id"], row["unit_id"]): Figures(**{name: row[name] for name in FIGURE_NAMES}) for row in counted
    }


def refresh(directive: Directive, *, unit_ids: Iterable[int], task_ids: Iterable[int], today: date):
    """Recount the rows that a change touched, in the writer's transaction.

    1. Lock the rows in one order, so that two writers wait for each other instead of
       overlooking each other's uncommitted change.
    2. Count again after the lock.
    3. Write.
    """
    unit_ids, task_ids = set(unit_ids), set(task_ids)
    collected = _collected.get()
    if collected is not None:
        units, tasks = collected[directive]
        units |= unit_ids
        tasks |= task_ids
        return
    with joined():
        _recount(directive, unit_ids, task_ids, today)


def _recount(directive: Directive, unit_ids: set[int], task_ids: set[int], today: date) -> None:
    keys = {"unit_id": unit_ids, "task_id": task_ids}
    if _count_again(directive, keys, today) == len(unit_ids) + len(task_ids):
        return
    known = set(Tally.objects.filter(directive=directive).values_list("unit_id", "task_id"))
    wanted = [(pk, None) for pk in unit_ids] + [(None, pk) for pk in task_ids]
    missing = [key for key in wanted if key not in known]
    Tally.objects.bulk_create(
        [Tally(directive=directive, unit_id=unit, task_id=task, day=today) for unit, task in missing]
    )
    _count_again(directive, keys, today)


# Which class a lead assignment is in, in the words of tasks/timeliness.py; a writer counts some hundred rows, and the
# statement is put together here because the query API takes longer for that than the database for the counting
# (`live_counts` counts the same, and `differences` compares them).
_CLASSES = """
SELECT tally.id AS tally_id, part.state, part.due_current, part.acknowledged_on, task.strength, task.condition_state,
    CASE
        WHEN part.id IS NULL THEN ''
        WHEN part.state IN ({outside}) OR task.condition_state = '{undecided}' OR task.strength = '{encouraged}'
            THEN '{T.OUTSIDE}'
        WHEN part.state = '{S.COMPLETED}' AND (part.due_current IS NULL OR part.completed_on <= part.due_current)
            THEN '{T.DONE_ON_TIME}'
        WHEN part.state = '{S.COMPLETED}' THEN '{T.DONE_LATE}'
        WHEN part.due_current IS NULL THEN '{T.OPEN_IN_TIME}'
        WHEN part.state = '{S.SUBMITTED}' AND part.submitted_on > part.due_current THEN '{T.OPEN_OVERDUE}'
        WHEN part.state <> '{S.SUBMITTED}' AND part.due_current < %s THEN '{T.OPEN_OVERDUE}'
        ELSE '{T.OPEN_IN_TIME}'
    END AS class
FROM tasks_tally AS tally
LEFT JOIN tasks_assignment AS part
    ON part.directive_id = tally.directive_id AND part.{{key}} = tally.{{key}} AND part.role = '{lead}'
LEFT JOIN tasks_directivetask AS task ON task.id = part.task_id
WHERE tally.directive_id = %s AND tally.{{key}} IN ({{places}})
""".format(
    S=AssignmentState,
    T=Timeliness,
    outside=", ".join(f"'{state.value}'" for state in OUTSIDE_STATES),
    undecided=ConditionState.UNDECIDED.value,
    encouraged=Strength.ENCOURAGED.value,
    lead=AssignmentRole.LEAD.value,
)
_FIGURES = {
    **{name: f"class = '{name}'" for name in ("done_on_time", "done_late", "open_in_time", "open_overdue", "outside")},
    "open_without_due": f"class = '{Timeliness.OPEN_IN_TIME.value}' AND due_current IS NULL",
    "paused": f"state = '{AssignmentState.PAUSED.value}'",
    "undecided": (
        f"state <> '{AssignmentState.PAUSED.value}' AND condition_state = '{ConditionState.UNDECIDED.value}'"
    ),
    "encouraged": (
        f"state NOT IN ({', '.join(repr(state.value) for state in OUTSIDE_STATES)})"
        f" AND condition_state <> '{ConditionState.UNDECIDED.value}' AND strength = '{Strength.ENCOURAGED.value}'"
    ),
    "waiting": f"state = '{AssignmentState.SUBMITTED.value}'",
    "not_acknowledged": f"state = '{AssignmentState.ASSIGNED.value}' AND acknowledged_on IS NULL",
}
_RECOUNT = """
UPDATE tasks_tally SET {columns}, day = CASE WHEN day < %s THEN %s ELSE day END
FROM (SELECT tally_id, {counts} FROM ({{classes}}) AS classes GROUP BY tally_id) AS counted
WHERE tasks_tally.id = counted.tally_id
""".format(
    columns=", ".join(f"{name} = counted.{name}" for name in FIGURE_NAMES),
    counts=", ".join(f"COUNT(*) FILTER (WHERE {_FIGURES[name]}) AS {name}" for name in FIGURE_NAMES),
)
_LOCK = "SELECT id FROM tasks_tally WHERE directive_id = %s AND ({touched}) ORDER BY id FOR UPDATE"


def _count_again(directive: Directive, keys: dict[str, set[int]], today: date) -> int:
    """Lock and count the rows of these units and tasks in one message; how many there were.

    On PostgreSQL the counting sees what was committed while the lock was waited for; on SQLite nobody else writes.
    """
    day = connection.ops.adapt_datefield_value(today)
    keys = {key: pks for key, pks in keys.items() if pks}
    if not keys:
        return 0
    places = {key: ", ".join(["%s"] * len(pks)) for key, pks in keys.items()}
    asked = []
    if connection.vendor == "postgresql":
        lock = _LOCK.format(touched=" OR ".join(f"{key} IN ({places[key]})" for key in keys))
        asked.append(kept(lock).asked([directive.pk, *(pk for pks in keys.values() for pk in pks)]))
    classes = " UNION ALL ".join(_CLASSES.format(key=key, places=places[key]) for key in keys)
    params: list[Any] = [day, day]
    for pks in keys.values():
        params += [day, directive.pk, *pks]
    asked.append(kept(_RECOUNT.format(classes=classes)).asked(params))
    with connection.cursor() as cursor:
        cursor.execute("; ".join(sql for sql, _ in asked), [param for _, given in asked for param in given])
        return cursor.rowcount


def roll_forward(directive: Directive | None = None, *, today: date) -> int:
    """Bring older rows (of all issued directives where none is named) to today in one statement;
    only the open classes depend on the day."""
    rows = Tally.objects.filter(day__lt=today)
    rows = (
        rows.filter(directive=directive)
        if directive is not None
        else rows.filter(directive__state=DirectiveState.ISSUED)
    )
    mine = (
        Assignment.objects.filter(directive=OuterRef("directive_id"))
        .filter(Q(unit=OuterRef("unit_id")) | Q(task=OuterRef("task_id")))
        .lead()
        .filter(COUNTED)
        .exclude(state=AssignmentState.COMPLETED)
        .order_by()
        .values("directive_id")
    )

    def count(rows):
        return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)

    return rows.update(
        open_overdue=count(mine.filter(overdue_q(today))),
        open_in_time=count(mine.exclude(overdue_q(today))),
        day=today,
    )


def by_unit(directive: Directive) -> list[Tally]:
    """The rows per unit, in official order; roll forward first."""
    return list(
        Tally.objects.filter(directive=directive, unit__isnull=False)
        .select_related("unit")
        .order_by("unit__sort_order", "unit_id")
    )


def by_task(directive: Directive) -> list[Tally]:
    """The rows per task, in the order of the text; roll forward first."""
    return list(
        Tally.objects.filter(directive=directive, task__isnull=False).select_related("task").order_by("task__order")
    )


def total_of(rows: Iterable[Tally | Figures]) -> Figures:
    """The sum over rows of one kind (units or tasks, never both)."""
    columns = zip(*map(_ALL_FIGURES, rows), strict=True)
    return Figures(*map(sum, columns))


def differences(directive: Directive, *, today: date) -> list[str]:
    """Compare tallies with live counts; one Vietnamese line for each difference."""
    roll_forward(directive, today=today)
    lines = []
    for kind in ("unit", "task"):
        live = live_counts(directive, kind, today=today)
        kept = {
            getattr(tally, f"{kind}_id"): tally
            for tally in Tally.objects.filter(directive=directive, **{f"{kind}__isnull": False})
        }
        for pk in live.keys() | kept.keys():
            for name in FIGURE_NAMES:
                counted = getattr(live.get(pk, Figures()), name)
                stored = getattr(kept[pk], name) if pk in kept else None
                if counted != stored:
                    lines.append(f"{kind} {pk}, {name}: giữ {stored}, đếm lại {counted}")
    return lines


def sums(directives) -> dict[int, dict[str, int]]:
    """Total figures of several directives in one statement, by directive id (unit rows)."""
    rows: Iterable[dict] = (
        Tally.objects.filter(directive__in=directives, unit__isnull=False)
        .values("directive_id")
        .annotate(**{f"sum_{name}": Sum(name) for name in FIGURE_NAMES})
        .order_by()
    )
    return {row["directive_id"]: {name: row[f"sum_{name}"] for name in FIGURE_NAMES} for row in rows}
