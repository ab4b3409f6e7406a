"""Every step on a draft's breakdown is kept with the rows before it, and can be taken back.

A step runs inside `step(...)`: the draft is held, the rows of the tasks it touches are written down, the change is
made, the step is appended. Undoing writes the rows back under their old ids, so that links to a task stay good.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core import serializers
from django.db import models, transaction
from django.db.models import Max

from directive_tracker.vietnamese import shortened
from records.audit import record
from tasks.enums import DirectiveState
from tasks.errors import Refused
from tasks.models import (
    Addressee,
    Directive,
    DirectiveTask,
    DirectiveText,
    DraftChange,
    DraftVerb,
    Indicator,
    IndicatorCategory,
    IndicatorTarget,
    NonTaskSpan,
    Product,
    TaskRecipient,
    TaskSpan,
    TaskWait,
)

ABOUT = 200
NOT_A_DRAFT = "Văn bản này không còn là dự thảo; việc đã giao được sửa ở từng phần việc."
# What hangs on a task while it is a draft, parents first.
_PARTS: tuple[tuple[type[models.Model], str], ...] = (
    (TaskSpan, "task__in"),
    (TaskRecipient, "task__in"),
    (Product, "task__in"),
    (Indicator, "task__in"),
    (IndicatorCategory, "indicator__task__in"),
    (IndicatorTarget, "indicator__task__in"),
)


@dataclass
class Step:
    """What a step says of itself while it runs. created: tasks that were not there before."""

    created: list[DirectiveTask] = field(default_factory=list)
    about: str = ""


@contextmanager
def step(
    directive: Directive,
    verb: DraftVerb,
    tasks: Iterable[DirectiveTask] = (),
    *,
    by: Any,
    now: datetime,
    text: DirectiveText | None = None,
    lines: Iterable[Addressee] = (),
    about: str = "",
) -> Iterator[Step]:
    """Run one step on a draft.

    Arguments: tasks, those it may change or remove; text, where it marks or unmarks "không phải nhiệm vụ";
    lines, under "Kính gửi", whose units and groups it may change; about, what the person saw it about (codes); the body may set `created` and `about`.
    Errors: Refused when the document is no draft any more.
    """
    with transaction.atomic():
        hold(directive)
        tasks = list(tasks)
        before = _snapshot(directive, tasks, text, lines)
        said = Step(about=about or ", ".join(task.code for task in tasks))
        yield said
        for task in said.created:
            before["tasks"][str(task.pk)] = None
        _append(directive, verb, before, about=said.about, by=by, now=now)


def hold(directive: Directive) -> None:
    """One step at a time on one draft. Errors: Refused when it is none."""
    state = Directive.objects.select_for_update().values_list("state", flat=True).get(pk=directive.pk)
    if state != DirectiveState.DRAFT:
        raise Refused(NOT_A_DRAFT)


def _append(
    directive: Directive,
    verb: DraftVerb,
    before: dict[str, Any],
    *,
    about: str,
    by: Any,
    now: datetime,
    undoes: DraftChange | None = None,
) -> DraftChange:
    change = DraftChange.objects.create(
        directive=directive,
        number=last_number(directive) + 1,
        verb=verb,
        about=shortened(about, ABOUT),
        before=before,
        by=by,
        at=now,
        undoes=undoes,
    )
    record(f"draft.{verb}", by=by, at=now, target=directive, data={"step": change.number, "about": change.about})
    return change


def last_number(directive: Directive) -> int:
    """The number of the last step on the draft, 0 before the first."""
    return directive.draft_changes.aggregate(last=Max("number"))["last"] or 0


def note_new_text(directive: Directive, text: DirectiveText, *, by: Any, now: datetime) -> None:
    """Note among the steps that a corrected text came: steps before it speak of other words and are not undone any more."""
    DraftChange.objects.create(
        directive=directive,
        number=last_number(directive) + 1,
        verb=DraftVerb.TEXT,
        about=f"thành bản {text.version}",
        before={"orders": {}, "tasks": {}},
        by=by,
        at=now,
    )


def put_in_order(orders: dict[int, int]) -> None:
    """Give tasks their places, by id; writes only those that stand elsewhere (two statements)."""
    rows = [task for task in DirectiveTask.objects.filter(pk__in=orders).only("order") if task.order != orders[task.pk]]
    for task in rows:
        task.order = orders[task.pk]
    DirectiveTask.objects.bulk_update(rows, ["order"])


# --- rows before ----------------------------------------------------------------------------------


def _rows(rows: Iterable[models.Model]) -> list[dict[str, Any]]:
    return serializers.serialize("python", rows)


def _waits(ids: list[int]) -> models.QuerySet[TaskWait]:
    """A wait hangs on both its ends and goes with either."""
    return TaskWait.objects.filter(models.Q(task__in=ids) | models.Q(waits_for__in=ids))


def _snapshot(
    directive: Directive,
    tasks: list[DirectiveTask],
    text: DirectiveText | None,
    lines: Iterable[Addressee] = (),
) -> dict[str, Any]:
    """The order of all tasks, the rows of these and all that hangs on them; a fixed number of statements."""
    ids = [task.pk for task in tasks]
    orders = {str(pk): order for pk, order in directive.tasks.values_list("pk", "order")}
    kept: dict[str, Any] = {"orders": orders, "tasks": {}}
    line_ids = [line.pk for line in lines]
    if line_ids:
        kept["lines"] = _rows(Addressee.objects.filter(pk__in=line_ids).prefetch_related("units", "groups"))
    if not ids and text is None:
        return kept
    for row in _rows(DirectiveTask.objects.filter(pk__in=ids).prefetch_related("monitors")):
        kept["tasks"][str(row["pk"])] = [row]
    owner: dict[int, str] = {}
    for model, lookup in _PARTS:
        for row in _rows(model._default_manager.filter(**{lookup: ids}).order_by("pk")):
            fields = row["fields"]
            task = str(fields["task"]) if "task" in fields else owner[fields["indicator"]]
            if model is Indicator:
                owner[row["pk"]] = task
            kept["tasks"][task].append(row)
    for row in _rows(_waits(ids).order_by("pk")):
        ends = (row["fields"]["task"], row["fields"]["waits_for"])
        kept["tasks"][str(next(pk for pk in ends if pk in ids))].append(row)
    if text is not None:
        kept["text"] = text.pk
        kept["non_tasks"] = _rows(text.non_tasks.order_by("pk"))
    return kept


# --- back -----------------------------------------------------------------------------------------


def last_step(directive: Directive) -> DraftChange | None:
    """The step that undoing would take back, or None; a corrected text is mended by another one. The rows
    before it are read when asked for."""
    last = (
        directive.draft_changes.exclude(verb=DraftVerb.UNDO)
        .filter(undone_by__isnull=True)
        .defer("before")
        .select_related("by")
        .order_by("-number")
        .first()
    )
    return None if last is not None and last.verb == DraftVerb.TEXT else last


@transaction.atomic
def undo(directive: Directive, *, by: Any, now: datetime, number: int | None = None) -> DraftChange:
    """Take back the last step; return it.

    Arguments: number, the step the person saw as the last one: where another came since, nothing is undone.
    Errors: Refused when there is none, another came since, or the document is no draft any more.
    """
    hold(directive)
    taken = last_step(directive)
    if taken is None:
        raise Refused("Không có bước nào để hoàn tác.")
    if number is not None and taken.number != number:
        raise Refused(f"Đã có bước khác sau đó ({taken}). Hãy xem lại trang rồi hoàn tác.")
    before = taken.before
    tasks = list(DirectiveTask.objects.filter(pk__in=[int(pk) for pk in before["tasks"]], directive=directive))
    text = directive.texts.filter(pk=before["text"]).first() if "text" in before else None
    lines = directive.addressees.filter(pk__in=[row["pk"] for row in before.get("lines", ())])
    now_there = _snapshot(directive, tasks, text, lines)
    for pk in before["tasks"]:
        now_there["tasks"].setdefault(pk, None)
    _write_back(before, tasks)
    _append(directive, DraftVerb.UNDO, now_there, about=str(taken), by=by, now=now, undoes=taken)
    return taken


def _write_back(before: dict[str, Any], tasks: list[DirectiveTask]) -> None:
    """Make the rows those of before: what was not there goes, what is gone comes back under its id."""
    ids = [task.pk for task in tasks]
    _waits(ids).delete()
    for model, lookup in reversed(_PARTS):
        model._default_manager.filter(**{lookup: ids}).delete()
    for task in tasks:
        if before["tasks"][str(task.pk)] is None:
            task.delete()
        else:
            # Codes may change places; none may meet another's on the way.
            DirectiveTask.objects.filter(pk=task.pk).update(code=f"~{task.pk}")
    for rows in before["tasks"].values():
        for restored in serializers.deserialize("python", rows or []):
            restored.save()
            # Written as it was, past Model.save: the words by which it is found are kept here.
            if isinstance(restored.object, DirectiveTask):
                restored.object.keep_words()
    put_in_order({int(pk): order for pk, order in before["orders"].items()})
    for restored in serializers.deserialize("python", before.get("lines", ())):
        restored.save()
    if "non_tasks" in before:
        NonTaskSpan.objects.filter(text_id=before["text"]).delete()
        for restored in serializers.deserialize("python", before["non_tasks"]):
            restored.save()
