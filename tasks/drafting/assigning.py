"""Who gets what, on a draft: cells of the assignment matrix, words that a person fixes, groups unfolded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from tasks.drafting.changes import hold, step
from tasks.drafting.proposing import reviewer_for
from tasks.enums import AssignmentRole
from tasks.errors import Refused
from tasks.models import Addressee, Directive, DirectiveTask, DraftVerb, TaskRecipient
from units.groups import members_of
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


@dataclass(frozen=True)
class Given:
    """What a step of giving did. unfolded: codes of tasks in which a group gave way to its members."""

    changed: int
    unfolded: tuple[str, ...] = ()


@transaction.atomic
def set_roles(
    directive: Directive,
    wanted: Mapping[tuple[DirectiveTask, Body], AssignmentRole | None],
    *,
    by: Any,
    now: datetime,
    on: date | None = None,
) -> Given:
    """Give tasks to bodies, each in a role of its own, or take them away (None); one step.

    Args:
        on: the day whose members of groups count. A unit that shall have less than a group it belongs to is taken out
            of the group in that task: the other members get it one by one. What the group gives anyway is not written
            a second time. None: groups and their members are left as they are.

    Errors: Refused for no draft, or a role that is not given before issue.
    """
    if any(role is not None and role not in ROLE_OF_KEY.values() for role in wanted.values()):
        raise Refused("Chỉ giao được chủ trì, phối hợp hoặc để biết.")
    hold(directive)
    tasks = list({task.pk: task for task, _ in wanted}.values())
    kept: dict[int, dict[Body, list[TaskRecipient]]] = {task.pk: {} for task in tasks}
    for row in TaskRecipient.objects.filter(task__in=tasks).select_related("unit", "group").order_by("pk"):
        body = row.unit or row.group
        if body is not None:
            kept[row.task_id].setdefault(body, []).append(row)
    groups = {body.pk for rows in kept.values() for body in rows if isinstance(body, UnitGroup)}
    groups |= {body.pk for _, body in wanted if isinstance(body, UnitGroup)}
    members = members_of(groups, on=on) if on is not None and groups else {}
    changes = [_Change(task, kept[task.pk], members) for task in tasks]
    by_task = {change.task.pk: change for change in changes}
    # Groups first: their members are weighed against what the group will have.
    for (task, body), role in sorted(wanted.items(), key=lambda item: isinstance(item[0][1], Unit)):
        by_task[task.pk].put(body, role)
    touched = [change for change in changes if change.is_needed]
    if touched:
        pks = {change.task.pk for change in touched}
        about = _said({cell: role for cell, role in wanted.items() if cell[0].pk in pks})
        with step(directive, DraftVerb.ASSIGN, [change.task for change in touched], by=by, now=now, about=about):
            TaskRecipient.objects.filter(pk__in=[row.pk for change in touched for row in change.gone]).delete()
            TaskRecipient.objects.bulk_create(row for change in touched for row in change.new)
            _keep_reviewers(directive, [change.task for change in touched])
    unfolded = tuple(change.task.code for change in touched if change.unfolded)
    return Given(sum(change.cells for change in touched), unfolded)


class _Change:
    """What becomes of the recipients of one task."""

    def __init__(
        self, task: DirectiveTask, kept: dict[Body, list[TaskRecipient]], members: Mapping[int, list[Unit]]
    ) -> None:
        self.task = task
        self.kept = kept
        self.members = members
        self.member_pks = {pk: {unit.pk for unit in units} for pk, units in members.items()} if members else {}
        self.cells = 0
        self.unfolded = False
        self.gone: list[TaskRecipient] = []
        self.new: list[TaskRecipient] = []

    @property
    def is_needed(self) -> bool:
        return bool(self.gone or self.new)

    def put(self, body: Body, role: AssignmentRole | None) -> None:
        """Let the body have this role and no other."""
        rows = self.kept.get(body, [])
        by_groups = self._groups_of(body)
        if by_groups and (role is None or any(_rank(row.role) < _rank(role) for row in by_groups)):
            self._unfold([row for row in by_groups if role is None or _rank(row.role) < _rank(role)], but=body)
            by_groups = self._groups_of(body)
        wanted = [] if role is None or any(row.role == role for row in by_groups) else [role]
        if [row.role for row in rows] == wanted:
            # Taken out of a group is a change as well.
            return
        self.cells += 1
        written = rows[0].written if rows else ""
        self._replace(body, [TaskRecipient(task=self.task, role=one, written=written, **_is(body)) for one in wanted])

    def _groups_of(self, body: Body) -> list[TaskRecipient]:
        """The rows of groups by which a unit has the task as things stand."""
        if not isinstance(body, Unit):
            return []
        return [
            row
            for group, rows in self.kept.items()
            if isinstance(group, UnitGroup) and body.pk in self.member_pks.get(group.pk, ())
            for row in rows
        ]

    def _unfold(self, rows: list[TaskRecipient], *, but: Body) -> None:
        """Put the members in the place of groups, but for one of them."""
        self.unfolded = True
        self.cells += 1
        for row in rows:
            assert row.group is not None
            for unit in self.members[row.group.pk]:
                if unit != but and not self.kept.get(unit):
                    alone = TaskRecipient(task=self.task, role=row.role, written=row.written, unit=unit)
                    self._replace(unit, [alone])
            self._replace(row.group, [])

    def _replace(self, body: Body, rows: list[TaskRecipient]) -> None:
        before = self.kept.get(body, [])
        self.gone += [row for row in before if row.pk is not None]
        self.new = [row for row in self.new if not any(row is old for old in before)] + rows
        self.kept[body] = rows


def _rank(role: str) -> int:
    """The first of several roles is what a unit gets at issue."""
    return list(ROLE_OF_KEY.values()).index(AssignmentRole(role))


def _said(wanted: Mapping[tuple[DirectiveTask, Body], AssignmentRole | None]) -> str:
    """ "3: Tỉnh đoàn – để biết; 1, 2: Ban Tuyên giáo – không giao"."""
    by_role: dict[AssignmentRole | None, tuple[dict[str, None], dict[str, None]]] = {}
    for (task, body), role in wanted.items():
        codes, bodies = by_role.setdefault(role, ({}, {}))
        codes[task.code], bodies[str(body)] = None, None
    return "; ".join(
        f"{_listed(codes)}: {_listed(bodies)} – {role.label.lower() if role else 'không giao'}"
        for role, (codes, bodies) in by_role.items()
    )


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
    """Say which bodies the written words mean in this task; the words stay beside each. Errors: Refused for none or no draft."""
    _fix(recipient, _same_words(recipient).filter(task=recipient.task, role=recipient.role), bodies, by=by, now=now)


def fix_words_everywhere(recipient: TaskRecipient, bodies: Sequence[Body], *, by: Any, now: datetime) -> int:
    """The same for every task of the document where nobody has said what these words mean; return in how many.

    Errors: as fix_words.
    """
    nobody = Q(unit__isnull=True, group__isnull=True) | Q(confidence__isnull=False)
    here = Q(task=recipient.task, role=recipient.role)
    return _fix(recipient, _same_words(recipient).filter(nobody | here), bodies, by=by, now=now)


def _same_words(recipient: TaskRecipient) -> QuerySet[TaskRecipient]:
    """All rows of the document that come from the same words; the row alone where it came from none."""
    if not recipient.written:
        return TaskRecipient.objects.filter(pk=recipient.pk)
    return TaskRecipient.objects.filter(task__directive=recipient.task.directive, written=recipient.written)


def _fix(
    recipient: TaskRecipient, rows: QuerySet[TaskRecipient], bodies: Sequence[Body], *, by: Any, now: datetime
) -> int:
    """Put the bodies in the place of these rows, once in each task and role; return in how many tasks."""
    if not bodies:
        raise Refused("Hãy chọn ít nhất một đơn vị hoặc nhóm đơn vị.")
    directive, written = recipient.task.directive, recipient.written
    found = list(rows.select_related("task").order_by("task__order", "pk"))
    gone = [row.pk for row in found]
    tasks = list({row.task_id: row.task for row in found}.values())
    others = TaskRecipient.objects.filter(task__in=tasks).exclude(pk__in=gone)
    taken = set(others.values_list("task_id", "role", "unit_id", "group_id"))
    new = []
    for row in {(row.task_id, row.role): row for row in found}.values():
        for body in dict.fromkeys(bodies):
            fixed = TaskRecipient(task=row.task, role=row.role, written=written, **_is(body))
            if (fixed.task_id, fixed.role, fixed.unit_id, fixed.group_id) not in taken:
                new.append(fixed)
    words = f"{written} là " if written else ""
    about = f"{_listed(task.code for task in tasks)}: {words}{_listed(str(body) for body in bodies)}"
    with step(directive, DraftVerb.ASSIGN, tasks, by=by, now=now, about=about):
        TaskRecipient.objects.filter(pk__in=gone).delete()
        TaskRecipient.objects.bulk_create(new)
        _keep_reviewers(directive, tasks)
    return len(tasks)


def fix_line(line: Addressee, bodies: Sequence[Body], *, by: Any, now: datetime) -> None:
    """Say which bodies a line under "Kính gửi" means; none are allowed: the line stays words. Errors: Refused for no draft."""
    about = f"{line.written}: {_listed(str(body) for body in bodies) or 'giữ nguyên chữ'}"
    with step(line.directive, DraftVerb.ADDRESS, lines=[line], by=by, now=now, about=about):
        line.units.set([body for body in bodies if isinstance(body, Unit)])
        line.groups.set([body for body in bodies if isinstance(body, UnitGroup)])


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


@transaction.atomic
def fold(directive: Directive, group: UnitGroup, *, on: date, by: Any, now: datetime) -> int:
    """Put a group in the place of its members of that day, in every task that all of them have in one and the same role and
    by nothing else; return how many tasks. Errors: Refused for no draft.
    """
    hold(directive)
    members = {unit.pk for unit in group.members_on(on)}
    rows: dict[int, list[TaskRecipient]] = {}
    given = set()
    found = TaskRecipient.objects.filter(task__directive=directive).select_related("task").order_by("pk")
    for row in found.filter(Q(unit__in=members) | Q(group=group)):
        if row.group_id is None:
            rows.setdefault(row.task_id, []).append(row)
        else:
            given.add(row.task_id)
    whole = [
        of_task
        for pk, of_task in rows.items()
        if pk not in given
        and len(of_task) == len(members)
        and {row.unit_id for row in of_task} == members
        and len({row.role for row in of_task}) == 1
    ]
    if not whole:
        return 0
    tasks = [of_task[0].task for of_task in whole]
    about = f"{_listed([task.code for task in tasks])}: {group}, gộp từ từng đơn vị"
    with step(directive, DraftVerb.ASSIGN, tasks, by=by, now=now, about=about):
        TaskRecipient.objects.filter(pk__in=[row.pk for of_task in whole for row in of_task]).delete()
        TaskRecipient.objects.bulk_create(
            TaskRecipient(
                task=of_task[0].task,
                role=of_task[0].role,
                group=group,
                # The words of the document that all of them share; else nobody has written the group.
                written=of_task[0].written if len({row.written for row in of_task}) == 1 else "",
            )
            for of_task in whole
        )
        _keep_reviewers(directive, tasks)
    return len(whole)


def drop(recipient: TaskRecipient, *, by: Any, now: datetime) -> None:
    """Take one recipient out of its task. Errors: Refused for no draft."""
    task = recipient.task
    with step(task.directive, DraftVerb.ASSIGN, [task], by=by, now=now, about=f"{task.code}: bỏ {recipient}"):
        recipient.delete()
        _keep_reviewers(task.directive, [task])
