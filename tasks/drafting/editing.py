"""What the office does to a draft's breakdown: create from marked words, edit, split, merge, remove, move, check off.

Each function is one step (tasks/drafting/changes.py) and can be undone. Whatever a person touched counts as looked at.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.db.models import F

from directive_tracker.vietnamese import nfc, shortened
from tasks.drafting.changes import put_in_order, step
from tasks.drafting.codes import code_of, free_code
from tasks.drafting.proposing import (
    SHORT_TITLE,
    TITLE,
    Making,
    condition_values,
    products_of,
)
from tasks.enums import AssignmentRole, Strength
from tasks.errors import Refused
from tasks.intake.proposal import TaskProposal
from tasks.intake.reading import read_passage
from tasks.intake.splitting import Part, split
from tasks.models import (
    Clause,
    Directive,
    DirectiveTask,
    DirectiveText,
    DraftVerb,
    Indicator,
    NonTaskSpan,
    Product,
    TaskRecipient,
    TaskSpan,
)
from tasks.textcleaning import Span, paragraphs
from tasks.waiting import move_waits, share_waits
from units.naming import Namebook

# What a product is, wherever it hangs.
PRODUCT_FIELDS = tuple(
    field.name for field in Product._meta.concrete_fields if field.name not in ("id", "task", "order")
)
# So many signs a marked passage has at least; less is a slip of the mouse.
LEAST_MARKED = 3


def add_task(text: DirectiveText, marked: Span, *, by: Any, now: datetime, today: date) -> DirectiveTask:
    """A task from marked words; who, with whom and until when are proposed from them.

    Arguments: marked, places in the text's body; today, in Việt Nam.
    Errors: Refused where nothing is marked, the places are outside of the text, or the document is no draft.
    """
    start, end = _trimmed(text.body, marked)
    directive = text.directive
    with step(directive, DraftVerb.ADD, by=by, now=now) as said:
        clause = _clause_at(text, start, end)
        asked = read_passage(text.body[start:end], clause.code, start)
        making = Making(directive, text, Namebook(on=directive.issued_date or today), taken=_codes(directive))
        # A person made it: no rule did, and nobody need look at it again.
        task = making.task(replace(asked, start=start, end=end, why=()), clause, _make_room(directive, text, start))
        making.write()
        said.created, said.about = [task], task.code
    return task


def mark_again(task: DirectiveTask, text: DirectiveText, marked: Iterable[Span], *, by: Any, now: datetime) -> None:
    """Point a task at other words, those of a corrected text for one; the task counts as looked at.

    Errors: Refused where nothing is marked, the places are outside of the text, or the document is no draft.
    """
    places = sorted({_trimmed(text.body, span) for span in marked})
    if not places:
        raise Refused("Hãy chọn câu của nhiệm vụ.")
    with step(task.directive, DraftVerb.EDIT, [task], by=by, now=now):
        task.spans.all().delete()
        TaskSpan.objects.bulk_create(TaskSpan(task=task, text=text, start=start, end=end) for start, end in places)
        task.clause = _clause_at(text, *places[0])
        task.check_off(by=by, now=now)
        task.save()


def _trimmed(body: str, marked: Span) -> Span:
    """The marked places without blanks at their ends. Errors: Refused where too little is left."""
    start, end = marked
    if not 0 <= start < end <= len(body):
        raise Refused("Đoạn được chọn không nằm trong văn bản. Hãy chọn lại đoạn chữ.")
    words = body[start:end]
    start += len(words) - len(words.lstrip())
    end -= len(words) - len(words.rstrip())
    if end - start < LEAST_MARKED:
        raise Refused("Chưa chọn đoạn chữ nào. Hãy bôi đen câu giao việc rồi tạo nhiệm vụ.")
    return start, end


def _codes(directive: Directive) -> set[str]:
    return set(directive.tasks.values_list("code", flat=True))


def _clause_at(text: DirectiveText, start: int, end: int) -> Clause:
    """The clause the words stand in, or the one before them; a first one where the text has none."""
    clauses = list(text.clauses.order_by("start"))
    holding = [clause for clause in clauses if clause.start <= start and end <= clause.end]
    if holding:
        return min(holding, key=lambda clause: clause.end - clause.start)
    before = [clause for clause in clauses if clause.start <= start]
    if before:
        return before[-1]
    place = next(((a, b) for a, b in paragraphs(text.body) if a <= start < b), (start, end))
    code = free_code(code_of("p1"), {clause.code for clause in clauses})
    return Clause.objects.create(text=text, code=code, order=0, start=place[0], end=place[1])


def _make_room(directive: Directive, text: DirectiveText, start: int) -> int:
    """The order number of a task whose words begin there: behind those that begin before it."""
    last = 0
    for order, first in directive.tasks.filter(spans__text=text).values_list("order", "spans__start").order_by("order"):
        if first <= start:
            last = max(last, order)
    return _free_order(directive, after=last, count=1)


def _free_order(directive: Directive, *, after: int, count: int) -> int:
    """Move the later tasks down by `count`; return the first free number."""
    directive.tasks.filter(order__gt=after).update(order=F("order") + count)
    return after + 1


def edit_task(task: DirectiveTask, values: dict[str, Any], *, by: Any, now: datetime) -> None:
    """Save the fields a person typed; the task counts as looked at.

    Arguments: values, by field name ("monitors" too).
    Errors: Refused when the document is no draft or another task has the code.
    """
    with step(task.directive, DraftVerb.EDIT, [task], by=by, now=now):
        code = values.get("code", task.code)
        if code != task.code and code in _codes(task.directive):
            raise Refused(f"Mã “{code}” đã dùng cho nhiệm vụ khác của văn bản này. Hãy đặt mã khác.")
        monitors = values.pop("monitors", None)
        for name, value in values.items():
            setattr(task, name, value)
        task.check_off(by=by, now=now)
        task.save()
        if monitors is not None:
            task.monitors.set(monitors)


def check_off(directive: Directive, tasks: Iterable[DirectiveTask], *, by: Any, now: datetime) -> int:
    """Note that a person looked at these proposals; return how many were open. Errors: Refused for no draft."""
    waiting = [task for task in tasks if task.is_unchecked]
    if not waiting:
        return 0
    with step(directive, DraftVerb.CHECK, waiting, by=by, now=now):
        DirectiveTask.objects.filter(pk__in=[task.pk for task in waiting]).update(checked_by=by, checked_at=now)
    return len(waiting)


# --- split ----------------------------------------------------------------------------------------


def parts_of(task: DirectiveTask) -> list[Part]:
    """How the task's paragraph would be split by its verbs; one part where it orders one thing."""
    span = task.first_span
    if span is None:
        return []
    recipients = list(task.recipients.select_related("unit", "group").order_by("pk"))

    def names(role: AssignmentRole) -> tuple[str, ...]:
        return tuple(dict.fromkeys(r.written or str(r) for r in recipients if r.role == role))

    body = span.text.body
    proposal = TaskProposal(
        clause=task.code,
        text=body[span.start : span.end],
        start=span.start,
        end=span.end,
        lead=names(AssignmentRole.LEAD),
        coordinating=names(AssignmentRole.COORDINATING),
        condition=task.condition_text or None,
        encouraged=task.is_encouraged,
    )
    return split(proposal, body)


def split_by_verbs(task: DirectiveTask, *, by: Any, now: datetime) -> list[DirectiveTask]:
    """One task for each order in its paragraph ("Tách theo việc").

    Errors: Refused where it orders one thing only, or the document is no draft.
    """
    parts = parts_of(task)
    if len(parts) < 2:
        raise Refused("Đoạn này chỉ giao một việc, không tách thêm được. Có thể chọn vị trí để tách bằng tay.")
    pieces = [(part.spans, part.title, part.encouraged, part.coordinating, part.condition) for part in parts]
    return _split(task, pieces, by=by, now=now)


def split_at(task: DirectiveTask, places: Sequence[int], *, by: Any, now: datetime) -> list[DirectiveTask]:
    """One task for each stretch between the given places of the text.

    Errors: Refused where no place lies inside the task's words, or the document is no draft.
    """
    span = task.first_span
    inside = sorted({place for place in places if span is not None and span.start < place < span.end})
    if span is None or not inside:
        raise Refused("Chỗ tách không nằm trong đoạn của nhiệm vụ. Hãy chọn chỗ khác.")
    body = span.text.body
    pieces = []
    for start, end in pairwise([span.start, *inside, span.end]):
        start, end = _trimmed(body, (start, end))
        words = body[start:end].strip(" ,;.")
        pieces.append((((start, end),), words[:1].upper() + words[1:], task.is_encouraged, None, None))
    return _split(task, pieces, by=by, now=now)


def _split(task: DirectiveTask, pieces: list[tuple], *, by: Any, now: datetime) -> list[DirectiveTask]:
    """The first piece stays the task itself, so that links to it stay good; the others are new ones behind it."""
    directive = task.directive
    with step(directive, DraftVerb.SPLIT, [task], by=by, now=now) as said:
        text = task.first_span.text
        # Another step may have moved it since the page was made.
        task.refresh_from_db(fields=["order", "code"])
        recipients, products = list(task.recipients.order_by("pk")), list(task.products.order_by("order"))
        monitors = list(task.monitors.all())
        whole = " ".join(" ".join(text.body[a:b] for a, b in task.spans.values_list("start", "end")).split())
        base, taken = task.code, _codes(directive) - {task.code}
        first = _free_order(directive, after=task.order, count=len(pieces) - 1)
        made = []
        for number, (spans, title, encouraged, partners, condition) in enumerate(pieces):
            piece = task if number == 0 else _copy(task)
            piece.code = free_code(f"{base}.{number + 1}", taken)
            taken.add(piece.code)
            piece.order = task.order if number == 0 else first + number - 1
            title = nfc(" ".join(title.split()))
            piece.title, piece.short_title = shortened(title, TITLE), shortened(title, SHORT_TITLE)
            piece.strength = Strength.ENCOURAGED if encouraged else Strength.REQUIRED
            _keep_condition(piece, text.body, spans, condition)
            piece.check_off(by=by, now=now)
            piece.save()
            if number == 0:
                piece.spans.all().delete()
                piece.recipients.all().delete()
                piece.products.all().delete()
            TaskSpan.objects.bulk_create(TaskSpan(task=piece, text=text, start=a, end=b) for a, b in spans)
            TaskRecipient.objects.bulk_create(_recipients(piece, recipients, partners, whole))
            others = [span for at, row in enumerate(pieces) if at != number for span in row[0]]
            Product.objects.bulk_create(_products(piece, products, text.body, spans, others))
            if number:
                piece.monitors.set(monitors)
            made.append(piece)
        share_waits(task, made[1:])
        said.created = made[1:]
        said.about = f"{base} thành {', '.join(piece.code for piece in made)}"
    return made


def _copy(task: DirectiveTask) -> DirectiveTask:
    """A new task with the same fields, not stored yet."""
    kept = {
        field.name: getattr(task, field.name)
        for field in DirectiveTask._meta.concrete_fields
        if not field.primary_key and field.name != "search_key"
    }
    return DirectiveTask(**kept)


def _keep_condition(piece: DirectiveTask, body: str, spans: Iterable[Span], condition: str | None) -> None:
    """The condition stays with the piece whose words hold it; with all where no piece does."""
    words = " ".join(body[a:b] for a, b in spans)
    if (
        piece.condition_text
        and condition is None
        and piece.condition_text not in words
        and piece.condition_text in body
    ):
        for name, value in condition_values(None, piece.directive.office).items():
            setattr(piece, name, value)


def _recipients(
    piece: DirectiveTask, recipients: list[TaskRecipient], partners: Sequence[str] | None, whole: str
) -> list[TaskRecipient]:
    """Those of the whole; a partner whom the paragraph names only where the piece names him.

    Arguments: partners, whom the piece's words name, None where a person cut it; whole, the paragraph's words.
    """

    def stays(row: TaskRecipient) -> bool:
        named_elsewhere = row.written in whole and row.written not in (partners or ())
        return row.role != AssignmentRole.COORDINATING or partners is None or not row.written or not named_elsewhere

    return [
        TaskRecipient(
            task=piece,
            role=row.role,
            written=row.written,
            unit_id=row.unit_id,
            group_id=row.group_id,
            confidence=row.confidence,
        )
        for row in recipients
        if stays(row)
    ]


def _products(
    piece: DirectiveTask, products: list[Product], body: str, spans: Iterable[Span], others: Iterable[Span]
) -> list[Product]:
    """The stated times whose words stand in this piece, and those whose words stand in no other one.

    Arguments: spans, of this piece; others, of all the others.
    """
    here, elsewhere = (" ".join(" ".join(body[a:b].split()) for a, b in places) for places in (spans, others))
    kept = [row for row in products if not row.due_basis or row.due_basis in here or row.due_basis not in elsewhere]
    return [
        Product(task=piece, order=order, **{name: getattr(row, name) for name in PRODUCT_FIELDS})
        for order, row in enumerate(kept, start=1)
    ] or products_of(piece, ())


# --- merge, remove, move --------------------------------------------------------------------------


def merge(tasks: Sequence[DirectiveTask], *, by: Any, now: datetime) -> DirectiveTask:
    """Make the tasks one: the first stays, with the words, bodies and products of all.

    Errors: Refused for fewer than two, tasks of two documents, a figure that two of them ask for, or no draft.
    """
    tasks = sorted(tasks, key=lambda task: (task.order, task.pk))
    if len({task.pk for task in tasks}) < 2:
        raise Refused("Hãy chọn ít nhất hai nhiệm vụ để gộp.")
    if len({task.directive_id for task in tasks}) > 1:
        raise Refused("Chỉ gộp được nhiệm vụ của cùng một văn bản.")
    first, *others = tasks
    with step(first.directive, DraftVerb.MERGE, tasks, by=by, now=now):
        spans = {(s.text_id, s.start): s.end for s in TaskSpan.objects.filter(task__in=tasks).order_by("end")}
        recipients = list(TaskRecipient.objects.filter(task__in=tasks).order_by("task__order", "pk"))
        products = list(Product.objects.filter(task__in=tasks).order_by("task__order", "order"))
        monitors = {unit for task in tasks for unit in task.monitors.all()}
        title = "; ".join(dict.fromkeys(task.title.rstrip(" .;") for task in tasks))
        _move_figures(first, others)
        move_waits(first, others)
        for task in others:
            task.delete()
        first.spans.all().delete()
        first.recipients.all().delete()
        first.title, first.short_title = shortened(title, TITLE), shortened(title, SHORT_TITLE)
        first.check_off(by=by, now=now)
        first.save()
        TaskSpan.objects.bulk_create(
            TaskSpan(task=first, text_id=text, start=start, end=end) for (text, start), end in sorted(spans.items())
        )
        seen: set[tuple] = set()
        kept = []
        for row in recipients:
            whom = (row.unit_id, row.group_id, "" if row.unit_id or row.group_id else row.written)
            if whom not in seen:
                seen.add(whom)
                kept.append(row)
        for row in kept:
            row.pk, row.task = None, first
        TaskRecipient.objects.bulk_create(kept)
        _move_products(first, products)
        first.monitors.set(monitors)
    return first


def _move_figures(first: DirectiveTask, others: list[DirectiveTask]) -> None:
    """The others' figures become its own. Errors: Refused where two tasks ask for the same."""
    codes = list(Indicator.objects.filter(task__in=[first, *others]).values_list("code", flat=True))
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise Refused(f"Các nhiệm vụ này cùng có chỉ tiêu {', '.join(twice)}. Hãy bỏ bớt ở một nhiệm vụ rồi gộp.")
    Indicator.objects.filter(task__in=others).update(task=first)


def _move_products(first: DirectiveTask, products: list[Product]) -> None:
    """The others' products behind its own; the same product with the same day once."""
    first.products.all().delete()
    seen: set[tuple] = set()
    rows = []
    for row in products:
        values = {name: getattr(row, name) for name in PRODUCT_FIELDS}
        if (key := tuple(values.values())) not in seen:
            seen.add(key)
            rows.append(Product(task=first, order=len(rows) + 1, **values))
    Product.objects.bulk_create(rows)


def remove(task: DirectiveTask, *, dismiss: bool, by: Any, now: datetime) -> None:
    """Take a task out of the draft.

    Arguments: dismiss, its words are "không phải nhiệm vụ"; else they stand open again.
    Errors: Refused for no draft.
    """
    spans = list(task.spans.select_related("text").order_by("start"))
    text = spans[0].text if spans and dismiss else None
    with step(task.directive, DraftVerb.REMOVE, [task], text=text, by=by, now=now):
        if text is not None:
            _dismiss(text, [(span.start, span.end) for span in spans], by=by, now=now)
        task.delete()


def move(task: DirectiveTask, *, before: DirectiveTask | None, by: Any, now: datetime) -> None:
    """Put the task before another one, or last. Errors: Refused for no draft or a task of another document."""
    if before is not None and before.directive_id != task.directive_id:
        raise Refused("Chỉ sắp được thứ tự trong cùng một văn bản.")
    with step(task.directive, DraftVerb.MOVE, by=by, now=now, about=task.code):
        rest = list(task.directive.tasks.exclude(pk=task.pk).order_by("order", "pk"))
        at = len(rest) if before is None else [row.pk for row in rest].index(before.pk)
        rest.insert(at, task)
        put_in_order({row.pk: order for order, row in enumerate(rest, start=1)})


# --- "không phải nhiệm vụ" --------------------------------------------------------------------------


def _dismiss(text: DirectiveText, spans: Iterable[Span], *, by: Any, now: datetime) -> None:
    NonTaskSpan.objects.bulk_create(
        (NonTaskSpan(text=text, start=start, end=end, marked_by=by, marked_at=now) for start, end in spans),
        ignore_conflicts=True,
    )


def dismiss(text: DirectiveText, spans: Sequence[Span], *, by: Any, now: datetime) -> int:
    """Mark stretches "không phải nhiệm vụ"; return how many. Errors: Refused for places outside of the text or no draft."""
    spans = [_trimmed(text.body, span) for span in spans]
    if spans:
        with step(text.directive, DraftVerb.DISMISS, by=by, now=now, text=text, about=f"{len(spans)} câu"):
            _dismiss(text, spans, by=by, now=now)
    return len(spans)


def reopen(text: DirectiveText, marked: Span, *, by: Any, now: datetime) -> int:
    """Take "không phải nhiệm vụ" away from what touches these places; return how many marks. Errors: Refused for no draft."""
    touched = text.non_tasks.filter(start__lt=marked[1], end__gt=marked[0])
    count = touched.count()
    if count:
        with step(text.directive, DraftVerb.REOPEN, by=by, now=now, text=text, about=f"{count} câu"):
            touched.delete()
    return count
