"""Who gets what, on a draft: cells of the assignment matrix, words that a person fixes, groups unfolded."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from tasks.drafting.changes import step
from tasks.drafting.proposing import reviewer_for
from tasks.enums import AssignmentRole
from tasks.errors import Refused
from tasks.models import Directive, DirectiveTask, DraftVerb, TaskRecipient
from units.models import Unit, UnitGroup, UnitKind

Body = Unit | UnitGroup
# By the keys of the matrix.
ROLE_OF_KEY = {
    "c": AssignmentRole.LEAD,
    "p": AssignmentRole.COORDINATING,
    "b": AssignmentRole.INFORMED,
}


def _is(body: Body) -> dict[str, Body]:
    return {"unit": body} if isinstance(body, Unit) else {"group": body}


def set_role(
    directive: Directive,
    tasks: Sequence[DirectiveTask],
    bodies: Sequence[Body],
    role: AssignmentRole | None,
    *,
    by: Any,
    now: datetime,
) -> int:
    """Give every one of the tasks to every one of the bodies in a role, or take it from them (None); one step.

    Returns how many cells changed. Errors: Refused for no draft, or a role that is not given before issue.
    """
    if role is not None and role not in ROLE_OF_KEY.values():
        raise Refused("Chỉ giao được chủ trì, phối hợp hoặc để biết.")
    units = [body for body in bodies if isinstance(body, Unit)]
    groups = [body for body in bodies if isinstance(body, UnitGroup)]
    named = Q(unit__in=units) | Q(group__in=groups)
    kept = {}
    for row in TaskRecipient.objects.filter(named, task__in=tasks):
        kept.setdefault((row.task_id, row.unit_id, row.group_id), []).append(row)
    gone: list[int] = []
    new: list[TaskRecipient] = []
    touched: dict[int, DirectiveTask] = {}
    for task in tasks:
        for body in bodies:
            key = (task.pk, body.pk, None) if isinstance(body, Unit) else (task.pk, None, body.pk)
            rows = kept.get(key, [])
            if [row.role for row in rows] == ([role] if role else []):
                continue
            touched[task.pk] = task
            gone += [row.pk for row in rows]
            if role is not None:
                written = rows[0].written if rows else ""
                new.append(TaskRecipient(task=task, role=role, written=written, **_is(body)))
    if touched:
        words = role.label.lower() if role else "không giao"
        about = f"{_listed([task.code for task in touched.values()])}: {_listed([str(b) for b in bodies])} – {words}"
        with step(directive, DraftVerb.ASSIGN, touched.values(), by=by, now=now, about=about):
            TaskRecipient.objects.filter(pk__in=gone).delete()
            TaskRecipient.objects.bulk_create(new)
            _keep_reviewers(directive, list(touched.values()))
    return len(new) or len(gone)


def _listed(words: Iterable[str], most: int = 4) -> str:
    words = list(words)
    return ", ".join(words) if len(words) <= most else f"{', '.join(words[:most])} và {len(words) - most} mục khác"


def _keep_reviewers(directive: Directive, tasks: list[DirectiveTask]) -> None:
    """Nobody reviews what is theirs: the office's own work goes to the Standing Committee, and back."""
    leads: dict[int, list[TaskRecipient]] = {task.pk: [] for task in tasks}
    for row in TaskRecipient.objects.filter(task__in=tasks, role=AssignmentRole.LEAD):
        leads[row.task_id].append(row)
    above = Unit.objects.filter(kind=UnitKind.STANDING_COMMITTEE).values_list("pk", flat=True)
    # Another reviewer was chosen by a person and stays.
    ours = {directive.office_id, *above}
    for task in tasks:
        wanted = reviewer_for(directive, leads[task.pk])
        if task.reviewing_unit_id in ours and task.reviewing_unit_id != wanted.pk:
            DirectiveTask.objects.filter(pk=task.pk).update(reviewing_unit=wanted)


def fix_words(recipient: TaskRecipient, bodies: Sequence[Body], *, by: Any, now: datetime) -> None:
    """Say which bodies the written words mean; the words stay beside each. Errors: Refused for none or no draft."""
    if not bodies:
        raise Refused("Hãy chọn ít nhất một đơn vị hoặc nhóm đơn vị.")
    task = recipient.task
    about = f"{task.code}: {recipient.written} là {_listed([str(body) for body in bodies])}"
    with step(task.directive, DraftVerb.ASSIGN, [task], by=by, now=now, about=about):
        recipient.delete()
        TaskRecipient.objects.bulk_create(
            TaskRecipient(task=task, role=recipient.role, written=recipient.written, **_is(body)) for body in bodies
        )
        _keep_reviewers(task.directive, [task])


def fix_words_everywhere(recipient: TaskRecipient, bodies: Sequence[Body], *, by: Any, now: datetime) -> int:
    """The same for every task of the document where the same words are still open; return how many. Errors: as fix_words."""
    if not bodies:
        raise Refused("Hãy chọn ít nhất một đơn vị hoặc nhóm đơn vị.")
    directive = recipient.task.directive
    rows = list(
        TaskRecipient.objects.filter(
            task__directive=directive, written=recipient.written, unit__isnull=True, group__isnull=True
        ).select_related("task")
    )
    tasks = list({row.task_id: row.task for row in rows}.values())
    about = f"{_listed([task.code for task in tasks])}: {recipient.written} là {_listed([str(b) for b in bodies])}"
    with step(directive, DraftVerb.ASSIGN, tasks, by=by, now=now, about=about):
        TaskRecipient.objects.filter(pk__in=[row.pk for row in rows]).delete()
        TaskRecipient.objects.bulk_create(
            TaskRecipient(task=row.task, role=row.role, written=row.written, **_is(body))
            for row in rows
            for body in bodies
        )
        _keep_reviewers(directive, tasks)
    return len(rows)


def unfold(tasks: Sequence[DirectiveTask], group: UnitGroup, *, on: date, by: Any, now: datetime) -> int:
    """Put the members of that day in the place of a group, so that single ones can be changed; return how many rows.

    Errors: Refused for no draft.
    """
    rows = list(TaskRecipient.objects.filter(task__in=tasks, group=group).select_related("task__directive"))
    if not rows:
        return 0
    members = list(group.members_on(on))
    touched = list({row.task_id: row.task for row in rows}.values())
    taken = set(TaskRecipient.objects.filter(task__in=touched, unit__in=members).values_list("task_id", "unit_id"))
    new = [
        TaskRecipient(task=row.task, role=row.role, written=row.written, unit=unit)
        for row in rows
        for unit in members
        if (row.task_id, unit.pk) not in taken
    ]
    about = f"{group}: từng đơn vị"
    with step(touched[0].directive, DraftVerb.ASSIGN, touched, by=by, now=now, about=about):
        TaskRecipient.objects.filter(pk__in=[row.pk for row in rows]).delete()
        TaskRecipient.objects.bulk_create(new)
        _keep_reviewers(touched[0].directive, touched)
    return len(new)


def drop(recipient: TaskRecipient, *, by: Any, now: datetime) -> None:
    """Take one recipient out of its task. Errors: Refused for no draft."""
    task = recipient.task
    with step(task.directive, DraftVerb.ASSIGN, [task], by=by, now=now, about=f"{task.code}: bỏ {recipient}"):
        recipient.delete()
        _keep_reviewers(task.directive, [task])
