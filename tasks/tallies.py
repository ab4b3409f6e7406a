"""The figures shown to everyone: kept by the writers, rolled forward by the first reader of a day."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields
from datetime import date

from django.db import connection, transaction
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from directive_tracker.transactions import joined
from tasks.enums import OUTSIDE_STATES, AssignmentState, ConditionState, DirectiveState, Strength
from tasks.models import Assignment, Directive, Tally
from tasks.timeliness import COUNTED, Timeliness, overdue_q, timeliness_expression


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
    def open_with_due_in_time(self) -> int:
        return self.open_in_time - self.open_without_due


FIGURE_NAMES = tuple(field.name for field in fields(Figures))
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


def live_counts(directive: Directive, by: str, *, today: date, ids=None) -> dict[int, Figures]:
    """Count a directive's lead assignments now, grouped by "unit" or "task".

    Args:
        ids: only these unit or task ids; None for all.
    """
    rows = Assignment.objects.filter(directive=directive).lead().annotate(timeliness=timeliness_expression(today))
    if ids is not None:
        rows = rows.filter(**{f"{by}__in": ids})
    grouped = rows.values(f"{by}_id").annotate(**_count_expressions()).order_by()
    return {row[f"{by}_id"]: Figures(**{name: row[name] for name in FIGURE_NAMES}) for row in grouped}


def counts_of_followed(*, today: date) -> dict[tuple[int, int], Figures]:
    """Count the lead assignments of every issued directive now, by (directive, unit); one statement."""
    rows = Assignment.objects.filter(directive__state=DirectiveState.ISSUED).lead()
    grouped = rows.annotate(timeliness=timeliness_expression(today)).order_by().values("directive_id", "unit_id")
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
    touched = Q(unit__in=unit_ids) | Q(task__in=task_ids)
    tallies = list(Tally.objects.select_for_update().filter(touched, directive=directive).order_by("pk"))
    by_unit, by_task = _counted_now(directive, touched, today=today)
    missing = [
        Tally(directive=directive, unit_id=pk, day=today) for pk in unit_ids - {tally.unit_id for tally in tallies}
    ] + [Tally(directive=directive, task_id=pk, day=today) for pk in task_ids - {tally.task_id for tally in tallies}]
    for tally in [*tallies, *missing]:
        counts = by_unit.get(tally.unit_id) if tally.unit_id else by_task.get(tally.task_id)
        for name in FIGURE_NAMES:
            setattr(tally, name, getattr(counts or Figures(), name))
        tally.day = max(tally.day, today)
    Tally.objects.bulk_create(missing)
    _write(tallies)


def _write(tallies: list[Tally]) -> None:
    """Write the figures of rows that are there. Django's bulk_update puts a CASE together for each of a dozen columns,
    which costs a sender more than everything else that is written with a report."""
    fields = [Tally._meta.get_field(name) for name in (*FIGURE_NAMES, "day")]
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    rows = [
        [*(field.get_db_prep_save(getattr(tally, field.attname), connection) for field in fields), tally.pk]
        for tally in tallies
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {quote(Tally._meta.db_table)} SET {columns} WHERE {quote('id')} = %s",
                rows,
            )


def _counted_now(directive: Directive, touched: Q, *, today: date) -> tuple[dict[int, Figures], dict[int, Figures]]:
    """Figures by unit and by task of the lead work that `touched` names, from one plain statement.

    A writer touches one unit and one task: some hundred rows, counted here in less time than it takes to put together
    the two statements of `live_counts`, with which it agrees (`differences`, and a test over all states).
    """
    rows = (
        Assignment.objects.filter(touched, directive=directive)
        .lead()
        .order_by()
        .values_list(
            *("unit_id", "task_id", "state", "due_current", "submitted_on", "completed_on", "acknowledged_on"),
            *("task__strength", "task__condition_state"),
        )
    )
    by_unit: dict[int, Counter[str]] = defaultdict(Counter)
    by_task: dict[int, Counter[str]] = defaultdict(Counter)
    for unit_id, task_id, *values in rows:
        for name in _stands_in(*values, today=today):
            by_unit[unit_id][name] += 1
            by_task[task_id][name] += 1
    figures = ({pk: Figures(**counts) for pk, counts in counted.items()} for counted in (by_unit, by_task))
    return next(figures), next(figures)


def _stands_in(state, due, submitted_on, completed_on, acknowledged_on, strength, condition, *, today: date):
    """The names of the figures in which one lead assignment is counted."""
    S = AssignmentState
    undecided = condition == ConditionState.UNDECIDED
    names = []
    if state in OUTSIDE_STATES or undecided or strength == Strength.ENCOURAGED:
        names.append("outside")
        if state == S.PAUSED:
            names.append("paused")
        elif undecided:
            names.append("undecided")
        elif strength == Strength.ENCOURAGED and state not in OUTSIDE_STATES:
            names.append("encouraged")
    elif state == S.COMPLETED:
        names.append("done_on_time" if due is None or completed_on <= due else "done_late")
    elif due is not None and (submitted_on > due if state == S.SUBMITTED else due < today):
        names.append("open_overdue")
    else:
        names += ["open_in_time"] if due is not None else ["open_in_time", "open_without_due"]
    if state == S.SUBMITTED:
        names.append("waiting")
    if state == S.ASSIGNED and acknowledged_on is None:
        names.append("not_acknowledged")
    return names


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
    rows = list(rows)
    return Figures(**{name: sum(getattr(row, name) for row in rows) for name in FIGURE_NAMES})


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
