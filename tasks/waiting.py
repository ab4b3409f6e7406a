"""Tasks that wait for another one of their document: set by the office, told on the pages.

The one rule of "đang chờ" is TaskWaitQuerySet.open(): somebody who leads the other task has not finished it. Reports and
timeliness know nothing of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import CharField, Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat

from directive_tracker.vietnamese import nfc, vn_date
from records.audit import record
from tasks.drafting.changes import step
from tasks.errors import Refused
from tasks.models import Directive, DirectiveTask, DraftVerb, TaskWait

WORDS = 200
# A task that waits for more is no task any more.
MOST = 20


@dataclass(frozen=True)
class Wait:
    """One wait as a page says it. other: the task at its other end; is_open: it is still waited for; due: until when."""

    row: TaskWait
    other: DirectiveTask
    is_open: bool
    due: date | None


@dataclass(frozen=True)
class Waits:
    """What a task waits for and what waits for it, in the order of the document."""

    before: list[Wait]
    after: list[Wait]

    @property
    def open(self) -> list[Wait]:
        return [wait for wait in self.before if wait.is_open]

    def __bool__(self) -> bool:
        return bool(self.before or self.after)


def waits_of(user: Any, task_id: int) -> Waits:
    """Both sides of one task. One statement."""
    rows = (
        TaskWait.objects.visible_to(user)
        .filter(Q(task=task_id) | Q(waits_for=task_id))
        .with_open()
        .select_related("task", "waits_for")
    )
    before, after = [], []
    for row in rows:
        side, other = (before, row.waits_for) if row.task_id == task_id else (after, row.task)
        side.append(Wait(row, other, row.is_open, row.open_due))
    return Waits(*(sorted(side, key=lambda wait: (wait.other.order, wait.other.pk)) for side in (before, after)))


def with_open_wait(assignments: QuerySet) -> QuerySet:
    """With what each one's task waits for at this moment: the first in the document's order, and how many there are.

    Adds waits_on ("1b.1 Rà soát danh sách", or None), waits_due and waits_count; no statement of its own.
    """
    rows = TaskWait.objects.filter(task=OuterRef("task")).open()
    first = rows.order_by("waits_for__order", "pk")
    said = Concat("waits_for__code", Value(" "), "waits_for__short_title", output_field=CharField())
    count = rows.order_by().values("task").annotate(number=Count("pk")).values("number")
    return assignments.annotate(
        waits_on=Subquery(first.annotate(said=said).values("said")[:1]),
        waits_due=Subquery(first.with_open().values("open_due")[:1]),
        waits_count=Coalesce(Subquery(count), 0),
    )


def add_wait(task: DirectiveTask, waits_for: DirectiveTask, *, words: str = "", by: Any, now: datetime) -> TaskWait:
    """Let a task wait for another one; in a draft this is a step that can be undone.

    Errors: Refused for itself, a task of another document, one it waits for already, a circle, or a document that is no
    longer followed.
    """
    words = " ".join(nfc(words).split())
    if len(words) > WORDS:
        raise Refused(f"Lời ghi dài nhất {WORDS} ký tự; đang có {len(words)}.")
    if task.pk == waits_for.pk:
        raise Refused(f"Nhiệm vụ {task.code} không thể chờ chính nó.")
    if task.directive_id != waits_for.directive_id:
        raise Refused("Chỉ chờ được nhiệm vụ của cùng một văn bản.")
    with transaction.atomic():
        directive = _held(task)
        _refuse_circle(task, waits_for)
        if task.waits.count() >= MOST:
            raise Refused(f"Một nhiệm vụ chờ nhiều nhất {MOST} nhiệm vụ khác.")
        row = TaskWait(task=task, waits_for=waits_for, words=words, set_by=by, set_at=now)
        if directive.is_draft:
            with step(directive, DraftVerb.EDIT, [task], by=by, now=now):
                _store(row)
        else:
            _store(row)
            record("task.wait_added", by=by, at=now, target=task, data={"waits_for": waits_for.code}, reason=words)
    return row


def remove_wait(row: TaskWait, *, by: Any, now: datetime) -> None:
    """A task does not wait for the other one any more. Errors: Refused when that was done already, or the document is closed."""
    task = row.task
    with transaction.atomic():
        directive = _held(task)
        found = TaskWait.objects.filter(pk=row.pk)
        if not found.exists():
            raise Refused("Mục này đã được bỏ trước đó.")
        if directive.is_draft:
            with step(directive, DraftVerb.EDIT, [task], by=by, now=now):
                found.delete()
        else:
            found.delete()
            record("task.wait_removed", by=by, at=now, target=task, data={"waits_for": row.waits_for.code})


def _held(task: DirectiveTask) -> Directive:
    """The document, held so that two people set no circle together. Errors: Refused when it is no longer followed."""
    directive = Directive.objects.select_for_update().get(pk=task.directive_id)
    if not (directive.is_draft or directive.is_issued):
        raise Refused("Văn bản này đã kết thúc theo dõi, không sửa được nữa.")
    return directive


def _refuse_circle(task: DirectiveTask, waits_for: DirectiveTask) -> None:
    """Errors: Refused, with the way round in codes."""
    way = _way(_edges(task.directive_id), waits_for.pk, task.pk)
    if not way:
        return
    codes = dict(DirectiveTask.objects.filter(pk__in=way).values_list("pk", "code"))
    round_ = " → ".join(codes[pk] for pk in reversed(way))
    raise Refused(
        f"{task.code} không thể chờ {waits_for.code}, vì {waits_for.code} đang chờ {task.code} (thứ tự làm: {round_})."
    )


def _edges(directive_id: int) -> dict[int, list[int]]:
    """Each task that waits → those it waits for."""
    found: dict[int, list[int]] = {}
    for task, other in TaskWait.objects.filter(task__directive=directive_id).values_list("task", "waits_for"):
        found.setdefault(task, []).append(other)
    return found


def _way(edges: dict[int, list[int]], start: int, goal: int) -> list[int]:
    """The tasks from one to another along what they wait for, both ends included; empty where there is no way."""
    came: dict[int, int | None] = {start: None}
    waiting = [start]
    while waiting:
        at = waiting.pop()
        if at == goal:
            way: list[int] = []
            step_back: int | None = at
            while step_back is not None:
                way.append(step_back)
                step_back = came[step_back]
            return way[::-1]
        for following in edges.get(at, ()):
            if following not in came:
                came[following] = at
                waiting.append(following)
    return []


def _store(row: TaskWait) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(f"{row.task.code} đã chờ {row.waits_for.code} rồi.") from None


def open_words(waits: Iterable[Wait]) -> str:
    """ "1b.1 Rà soát danh sách (hạn 15/3/2024), 1c.1 …": what is waited for, on one line."""
    return ", ".join(f"{wait.other}" + (f" (hạn {vn_date(wait.due)})" if wait.due else "") for wait in waits)


# --- a draft's tasks that become several or one -------------------------------------------------------


def share_waits(task: DirectiveTask, pieces: Iterable[DirectiveTask]) -> None:
    """A task was split: the new pieces wait for what the whole waited for, and who waited for the whole waits for each."""
    before, after = list(task.waits.all()), list(task.awaited_by.all())
    TaskWait.objects.bulk_create(
        [_copy(row, task=piece) for piece in pieces for row in before]
        + [_copy(row, waits_for=piece) for piece in pieces for row in after]
    )


def move_waits(first: DirectiveTask, others: list[DirectiveTask]) -> None:
    """Tasks became one: it waits for what any of them waited for; what would be a wait for itself, or a circle, falls away.

    Called before the others are deleted, with which their own rows go.
    """
    merged = {task.pk for task in (first, *others)}
    rows = list(TaskWait.objects.filter(Q(task__in=others) | Q(waits_for__in=others)).order_by("pk"))
    TaskWait.objects.filter(Q(task__in=others) | Q(waits_for__in=others)).delete()
    edges = _edges(first.directive_id)
    for row in rows:
        task = first.pk if row.task_id in merged else row.task_id
        other = first.pk if row.waits_for_id in merged else row.waits_for_id
        if task == other or other in edges.get(task, ()) or _way(edges, other, task):
            continue
        edges.setdefault(task, []).append(other)
        made = _copy(row)
        made.task_id, made.waits_for_id = task, other
        made.save()


def _copy(row: TaskWait, **changed: DirectiveTask) -> TaskWait:
    kept = {"task": row.task, "waits_for": row.waits_for, "words": row.words, "set_by": row.set_by}
    return TaskWait(**{**kept, **changed}, set_at=row.set_at)
