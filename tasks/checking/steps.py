"""The steps of the page "Soát văn bản": what a button asks for, on a page that may have grown old."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from directive_tracker.row_ids import row_id
from directive_tracker.vietnamese import vn_datetime
from tasks.assigning.bodies import bodies_of
from tasks.checking.page import waiting_in
from tasks.drafting import assigning, editing
from tasks.drafting.changes import undo
from tasks.errors import Refused
from tasks.models import Directive, DirectiveTask, DirectiveText, DraftChange, TaskRecipient
from tasks.textcleaning import Span

STRANGE = "Trang này không hiểu nút vừa bấm. Hãy tải lại trang rồi làm lại."


@dataclass(frozen=True)
class Done:
    """What was done, and where to look next: a task, or a place of the text.

    words: what the sentence of the last step, which always stands on the page, does not say.
    """

    words: str = ""
    task: int | None = None
    place: int | None = None

    @property
    def anchor(self) -> str:
        """The id on the page to go to, or ""."""
        if self.task is not None:
            return f"nv-{self.task}"
        return f"o-{self.place}" if self.place is not None else ""


@dataclass(frozen=True)
class Asked:
    """What was asked: by whom, when, on which draft; chosen: ticked tasks; seen: the newest step the page showed."""

    directive: Directive
    argument: str
    chosen: Sequence[str]
    seen: int
    by: Any
    now: datetime
    today: date

    @property
    def who(self) -> dict[str, Any]:
        return {"by": self.by, "now": self.now}

    @property
    def text(self) -> DirectiveText:
        """The text that is checked. Errors: Refused where the document has none."""
        text = self.directive.current_text
        if text is None:
            raise Refused("Văn bản này chưa có phần chữ.")
        return text

    def task(self, written: str | None = None) -> DirectiveTask:
        """The task that is meant, as the person saw it. Errors: Refused where it is gone or was changed since."""
        return self.tasks([self.argument if written is None else written])[0]

    def tasks(self, written: Sequence[str]) -> list[DirectiveTask]:
        """The tasks that are meant, in order. Errors: as task()."""
        ids = {_number(word) for word in written}
        refuse_changed(self.directive, ids, seen=self.seen)
        return list(self.directive.tasks.filter(pk__in=ids).order_by("order", "pk"))

    def span(self) -> Span:
        """The places that are meant. Errors: Refused for anything else."""
        start, _, end = self.argument.partition("-")
        return _number(start), _number(end)


def _number(word: str) -> int:
    """Errors: Refused for what is no number, or one no row can have."""
    found = row_id(word)
    if found is None:
        raise Refused(STRANGE)
    return found


def said(change: DraftChange) -> str:
    """ "Nguyễn Văn A, 02/3/2026 09:12: Đã tách nhiệm vụ 1 thành 1.1, 1.2"."""
    return f"{change.by or 'Chương trình'}, {vn_datetime(change.at)}: {change}"


def refuse_changed(directive: Directive, tasks: set[int], *, seen: int) -> None:
    """Refuse where a task is gone, or a step came since the page was shown that touched it, and say who did what when.

    Errors: Refused.
    """
    there = set(directive.tasks.filter(pk__in=tasks).values_list("pk", flat=True))
    gone = tasks - there
    newest = directive.draft_changes.select_related("by").order_by("-number")
    for change in newest if gone else newest.filter(number__gt=seen):
        touched = {int(pk) for pk in change.before.get("tasks", ())}
        if touched & (gone or tasks):
            words = "không còn nữa" if gone else "vừa được sửa"
            raise Refused(f"Nhiệm vụ này {words}. {said(change)}. Hãy xem lại rồi làm tiếp nếu vẫn cần.")
    if gone:
        raise Refused("Không có nhiệm vụ này trong văn bản. Hãy tải lại trang.")


@transaction.atomic
def perform(
    directive: Directive, do: str, *, chosen: Sequence[str], seen: str, by: Any, now: datetime, today: date
) -> Done:
    """Do what a button asks for: "check:12", "dismiss:100-140", "undo:7" …

    Arguments: do, the verb and what it is about; chosen, ids of the ticked tasks; seen, the number of the newest step
    that the page showed; now, today: the moment and its day in Việt Nam.
    Errors: Refused with a sentence; nothing has changed then.
    """
    verb, _, argument = do.partition(":")
    # One step at a time, and none on a page that is being overtaken.
    Directive.objects.select_for_update().get(pk=directive.pk)
    asked = Asked(directive, argument, chosen, _number(seen or "0"), by, now, today)
    if verb not in STEPS:
        raise Refused(STRANGE)
    return STEPS[verb](asked)


# --- single tasks ---------------------------------------------------------------------------------


def _next_unchecked(asked: Asked, task: DirectiveTask) -> int:
    """The next task that waits, else this one: checking goes on."""
    later = asked.directive.tasks.unchecked().filter(order__gt=task.order).order_by("order", "pk")
    return later.values_list("pk", flat=True).first() or task.pk


def _check(asked: Asked) -> Done:
    task = asked.task()
    if not editing.check_off(asked.directive, [task], **asked.who):
        return Done(f"Nhiệm vụ {task.code} đã được soát từ trước.", task=task.pk)
    return Done(task=_next_unchecked(asked, task))


def _check_all(asked: Asked) -> Done:
    waiting = list(asked.directive.tasks.unchecked().order_by("order"))
    refuse_changed(asked.directive, {task.pk for task in waiting}, seen=asked.seen)
    count = editing.check_off(asked.directive, waiting, **asked.who)
    return Done("" if count else "Không còn nhiệm vụ nào chờ soát.")


def _split(asked: Asked) -> Done:
    made = editing.split_by_verbs(asked.task(), **asked.who)
    return Done(task=made[0].pk)


def _cut(asked: Asked) -> Done:
    """ "cut:12-345": task 12, before the sign at 345."""
    written, _, place = asked.argument.partition("-")
    made = editing.split_at(asked.task(written), [_number(place)], **asked.who)
    return Done(task=made[0].pk)


def _merge(asked: Asked) -> Done:
    merged = editing.merge(asked.tasks(asked.chosen), **asked.who)
    return Done(task=merged.pk)


def _remove(asked: Asked, *, dismiss: bool) -> Done:
    task = asked.task()
    order, place = task.order, task.spans.order_by("start").values_list("start", flat=True).first()
    editing.remove(task, dismiss=dismiss, **asked.who)
    after = asked.directive.tasks.filter(order__gte=order).order_by("order", "pk")
    follows = after.values_list("pk", flat=True).first()
    if not dismiss and place is not None:
        return Done(place=place)
    return Done(task=follows)


def _up(asked: Asked) -> Done:
    task = asked.task()
    above = asked.directive.tasks.filter(order__lt=task.order).order_by("-order", "-pk").first()
    if above is None:
        return Done("Nhiệm vụ này đã đứng đầu.", task=task.pk)
    editing.move(task, before=above, **asked.who)
    return Done(task=task.pk)


def _down(asked: Asked) -> Done:
    task = asked.task()
    below = list(asked.directive.tasks.filter(order__gt=task.order).order_by("order", "pk")[:2])
    if not below:
        return Done("Nhiệm vụ này đã đứng cuối.", task=task.pk)
    editing.move(task, before=below[1] if len(below) > 1 else None, **asked.who)
    return Done(task=task.pk)


def _name(asked: Asked) -> Done:
    """ "name:12-u3": what the words of recipient 12 mean, wherever nobody has said it."""
    written, _, key = asked.argument.partition("-")
    recipients = TaskRecipient.objects.filter(task__directive=asked.directive).select_related("task__directive")
    row = recipients.filter(pk=_number(written)).first()
    if row is None:
        return Done("Tên này đã được ghi là đơn vị nào, hoặc đã bỏ khỏi nhiệm vụ.")
    bodies = list(bodies_of([key], on=asked.directive.issued_date or asked.today).values())
    assigning.fix_words_everywhere(row, bodies, **asked.who)
    return Done(task=row.task_id)


# --- words of the text ----------------------------------------------------------------------------


def _add(asked: Asked) -> Done:
    start, end = asked.span()
    text = asked.text
    for change in asked.directive.draft_changes.filter(number__gt=asked.seen).select_related("by").order_by("-number"):
        touched = {int(pk) for pk in change.before.get("tasks", ())}
        if text.task_spans.filter(task__in=touched, start__lt=end, end__gt=start).exists():
            raise Refused(f"Đoạn này vừa có nhiệm vụ. {said(change)}. Hãy xem lại rồi làm tiếp nếu vẫn cần.")
    task = editing.add_task(text, (start, end), today=asked.today, **asked.who)
    return Done(task=task.pk)


def _next_open(text: DirectiveText, place: int) -> int | None:
    """Where the next open sentence begins: one goes on there."""
    return next((start for start, _ in waiting_in(text) if start >= place), None)


def _dismiss(asked: Asked) -> Done:
    span, text = asked.span(), asked.text
    editing.dismiss(text, [span], **asked.who)
    return Done(place=_next_open(text, span[0]))


def _section(asked: Asked) -> Done:
    """All that is still open between two places, as under a heading."""
    (start, end), text = asked.span(), asked.text
    spans = [span for span in waiting_in(text) if start <= span[0] and span[1] <= end]
    if not spans:
        return Done("Mục này không còn câu nào chưa xét.")
    editing.dismiss(text, spans, **asked.who)
    return Done(place=_next_open(text, end))


def _rest(asked: Asked) -> Done:
    """All that is still open, as many as the person was told. Errors: Refused where it is another number by now."""
    text = asked.text
    spans = waiting_in(text)
    if not spans:
        return Done("Không còn câu nào chưa xét.")
    if len(spans) != _number(asked.argument):
        raise Refused(f"Lúc này còn {len(spans)} câu chưa xét, không phải {asked.argument}. Hãy xem lại rồi bấm lại.")
    editing.dismiss(text, spans, **asked.who)
    return Done()


def _reopen(asked: Asked) -> Done:
    span = asked.span()
    if not editing.reopen(asked.text, span, **asked.who):
        return Done("Đoạn này đang để ngỏ, không có dấu nào để bỏ.")
    return Done(place=_next_open(asked.text, span[0]))


def _undo(asked: Asked) -> Done:
    taken = undo(asked.directive, number=_number(asked.argument), **asked.who)
    there = set(asked.directive.tasks.values_list("pk", flat=True))
    first = next((int(pk) for pk in taken.before["tasks"] if int(pk) in there), None)
    return Done(f"Đã hoàn tác: {taken}.", task=first)


STEPS: dict[str, Callable[[Asked], Done]] = {
    "check": _check,
    "checkall": _check_all,
    "split": _split,
    "cut": _cut,
    "merge": _merge,
    "name": _name,
    "remove": lambda asked: _remove(asked, dismiss=False),
    "notask": lambda asked: _remove(asked, dismiss=True),
    "up": _up,
    "down": _down,
    "add": _add,
    "dismiss": _dismiss,
    "section": _section,
    "rest": _rest,
    "reopen": _reopen,
    "undo": _undo,
}
