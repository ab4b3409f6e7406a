"""The lead work of a directive as it stood at a moment: today's rows, or put together again from what was written down.

For a day that is over each work is read backwards: its newest step of the workflow until then (StatusChange), its newest
due day until then (DueChange), whether its condition had been decided, what the office had accepted by then. All of these
are append-only. Whether it was in time then is asked of tasks/timeliness.py, as for today. What nobody writes down over
time – names, the units' order, the words of tasks – stands as it is now.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from directive_tracker.vietnamese import ZONE, vn_date
from tasks.enums import AssignmentState, ConditionState
from tasks.errors import Refused
from tasks.models import Assignment, Directive, DirectiveTask, DueChange, StatusChange
from units.models import Unit

S = AssignmentState
Row = TypeVar("Row")


@dataclass(frozen=True)
class Moment:
    """until: what was written down from then on counts for nothing; day: the day that dues are compared with."""

    day: date
    until: datetime
    is_past: bool


def moment_of(directive: Directive, as_of: date | None, *, now: datetime) -> Moment:
    """The moment of the figures: now, or the end of a day that is over.

    Errors: Refused with a sentence for a day that has not come, and for one before the directive was issued.
    """
    today = now.astimezone(ZONE).date()
    day = as_of or today
    if day > today:
        raise Refused(f"Ngày {vn_date(day)} chưa tới; số liệu chỉ lấy được đến hôm nay, {vn_date(today)}.")
    if directive.issued_on is not None and day < directive.issued_on:
        raise Refused(
            f"Ngày {vn_date(day)} trước ngày giao việc ({vn_date(directive.issued_on)}); hãy ghi một ngày từ ngày giao."
        )
    if day == today:
        return Moment(day, now + timedelta.resolution, is_past=False)
    return Moment(day, datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZONE), is_past=True)


@dataclass(frozen=True)
class Standing:
    """Tasks in the order of the text; lead works in that order and the official one of units; both as they stood.

    The rows are for reading: what is set on them is what was then, and must not be saved.
    """

    moment: Moment
    tasks: list[DirectiveTask]
    works: list[Assignment]
    units: dict[int, Unit]


def standing(directive: Directive, moment: Moment) -> Standing:
    """All lead work at that moment (3 statements for today, 5 for a day that is over)."""
    tasks = list(
        directive.tasks.select_related("clause", "condition_decider")
        .prefetch_related("indicators__targets")
        .order_by("order", "pk")
    )
    works = list(Assignment.objects.filter(directive=directive).lead().order_by("pk"))
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in={work.unit_id for work in works}).in_official_order()}
    if moment.is_past:
        later = {work.task_id for work in works}
        works = _as_they_stood(directive, works, moment)
        # A task that came later had no work then; one that never had any stands as it is.
        later -= {work.task_id for work in works}
        tasks = [_undecided_then(task, moment) for task in tasks if task.pk not in later]
    by_pk, place = {task.pk: task for task in tasks}, {pk: number for number, pk in enumerate(units)}
    for work in works:
        work.task, work.unit, work.directive = by_pk[work.task_id], units[work.unit_id], directive
    order = {task.pk: number for number, task in enumerate(tasks)}
    works.sort(key=lambda work: (order[work.task_id], place[work.unit_id], work.pk))
    return Standing(moment, tasks, works, units)


def _undecided_then(task: DirectiveTask, moment: Moment) -> DirectiveTask:
    if task.condition_decided_at is not None and task.condition_decided_at >= moment.until:
        task.condition_state = ConditionState.UNDECIDED
    return task


def _as_they_stood(directive: Directive, works: list[Assignment], moment: Moment) -> list[Assignment]:
    """The works that had been given by then, with the values of that moment."""
    steps = _by_work(StatusChange.objects.filter(assignment__directive=directive).order_by("pk"), "assignment_id")
    dues = _by_work(DueChange.objects.filter(assignment__directive=directive).order_by("version"), "assignment_id")
    found = []
    for work in works:
        if work.assigned_on > moment.day:
            continue
        _due_then(work, dues.get(work.pk, []), moment)
        _state_then(work, steps.get(work.pk, []), moment)
        if work.acknowledged_on is not None and work.acknowledged_on > moment.day:
            work.acknowledged_on = None
        found.append(work)
    return found


def _by_work(rows: Iterable[Any], name: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, name), []).append(row)
    return found


def _parted(rows: list[Row], moment: Moment) -> tuple[list[Row], list[Row]]:
    """Until then, and later."""
    known = [row for row in rows if row.at < moment.until]  # type: ignore[attr-defined]
    return known, rows[len(known) :]


def _due_then(work: Assignment, changes: list[DueChange], moment: Moment) -> None:
    known, later = _parted(changes, moment)
    if later:
        work.due_current = known[-1].new_due if known else later[0].old_due


def _state_then(work: Assignment, steps: list[StatusChange], moment: Moment) -> None:
    """The state of that moment with the days that belong to it; a work that nobody moved since stands as it is."""
    known, later = _parted(steps, moment)
    if not later:
        return
    work.state = known[-1].new_state if known else later[0].old_state or S.ASSIGNED
    sent = next((step for step in reversed(known) if step.new_state == S.SUBMITTED), None)
    sent_on = sent.at.astimezone(ZONE).date() if sent is not None else None
    last = known[-1].at.astimezone(ZONE).date() if known else work.assigned_on
    work.submitted_on = (sent_on or last) if work.state == S.SUBMITTED else None
    # Work is done on the day of the sending that was accepted later, not on the day of the acceptance.
    work.completed_on = (sent_on or last) if work.state == S.COMPLETED else None
