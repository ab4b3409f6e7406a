"""Giving many cells at once, and which cells are others than before: what the matrix sends and gets back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tasks.assigning.bodies import bodies_of
from tasks.assigning.grid import NOTHING, Cells, cells_of
from tasks.drafting.assigning import Body, set_roles
from tasks.enums import AssignmentRole
from tasks.errors import Refused
from tasks.models import Directive, DirectiveTask
from units.groups import members_of

# A draft of so many tasks against so many bodies is none.
MOST_CELLS = 40_000
GONE = "Có nhiệm vụ không còn trong dự thảo (đã gộp, tách hoặc bỏ). Hãy tải lại trang."
UNKNOWN = "Có đơn vị không còn trong danh mục đơn vị hôm nay. Hãy tải lại trang."


@dataclass(frozen=True)
class Outcome:
    """changed: how many cells were given or taken; cells: the cells that look otherwise now; unfolded: codes of tasks in
    which a group gave way to its members, so that there are more columns."""

    changed: int
    cells: Cells
    unfolded: tuple[str, ...] = ()


def read_tasks(directive: Directive, task_ids: Iterable[int]) -> list[DirectiveTask]:
    """The tasks with their recipients, in order (two statements). Errors: Refused when one is not there."""
    wanted = set(task_ids)
    tasks = list(directive.tasks.filter(pk__in=wanted).prefetch_related("recipients").order_by("order", "pk"))
    if len(tasks) != len(wanted):
        raise Refused(GONE)
    return tasks


def read_cells(tasks: Iterable[DirectiveTask], *, on: date) -> Cells:
    """What stands stored in the rows of these tasks (one statement)."""
    tasks = list(tasks)
    groups = {row.group_id for task in tasks for row in task.recipients.all() if row.group_id is not None}
    return cells_of(tasks, members_of(groups, on=on))


def give(
    directive: Directive,
    task_ids: Iterable[int],
    keys: Iterable[str],
    role: AssignmentRole | None,
    *,
    by: Any,
    now: datetime,
    on: date,
) -> Outcome:
    """Give every one of the tasks to every one of the bodies, or take it away (None); one step.

    Errors: Refused for nothing chosen, a task or body that is not there, or no draft.
    """
    tasks, keys = read_tasks(directive, task_ids), list(keys)
    bodies = bodies_of(keys, on=on)
    if len(bodies) != len(set(keys)):
        raise Refused(UNKNOWN)
    if not tasks or not bodies:
        raise Refused("Hãy chọn ít nhất một nhiệm vụ và một đơn vị.")
    if len(tasks) * len(bodies) > MOST_CELLS:
        raise Refused("Chọn quá nhiều ô một lúc. Hãy giao từng phần.")
    return give_each(
        directive, {(task, body): role for task in tasks for body in bodies.values()}, by=by, now=now, on=on
    )


def give_each(
    directive: Directive,
    wanted: Mapping[tuple[DirectiveTask, Body], AssignmentRole | None],
    *,
    by: Any,
    now: datetime,
    on: date,
) -> Outcome:
    """Give each cell its own role; one step. Errors: Refused for no draft."""
    tasks = list({task.pk: task for task, _ in wanted}.values())
    before = read_cells(tasks, on=on)
    given = set_roles(directive, wanted, by=by, now=now, on=on)
    after = read_cells(read_tasks(directive, before), on=on)
    return Outcome(given.changed, differences(before, after), given.unfolded)


def differences(before: Cells, after: Cells) -> Cells:
    """The cells of `after` that are not as they were, taken ones as NOTHING."""
    found: Cells = {}
    for task, cells in after.items():
        was = before.get(task, {})
        changed = {key: cells.get(key, NOTHING) for key in was.keys() | cells.keys() if was.get(key) != cells.get(key)}
        if changed:
            found[task] = changed
    return found
