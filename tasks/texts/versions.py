"""Adding a version of the text. The first original is never touched; what has been issued keeps its sentences.

On a draft the tasks move to the new text where the same words stand exactly once; a task whose words are gone stays with
its old ones and asks to be marked again (tasks/texts/reading.py: waiting_for_marks).
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from directive_tracker.old_encodings import most_of
from directive_tracker.vietnamese import vn_datetime
from records import secrecy
from records.audit import record
from records.uploads import store_checked
from tasks.drafting.changes import note_new_text
from tasks.enums import DirectiveState
from tasks.errors import Refused
from tasks.lifecycle import required_reason
from tasks.models import Clause, Directive, DirectiveTask, DirectiveText, NonTaskSpan, TaskSpan
from tasks.sources import Document, read_document
from tasks.textcleaning import CleanText, clean
from tasks.texts.moving import Mover

# Signs of a typed text: some hundred pages.
MOST_SIGNS = 1_000_000


@dataclass(frozen=True)
class Added:
    """A new version: how many tasks moved to it, and the codes of those that ask to be marked again."""

    text: DirectiveText
    moved: int = 0
    left: list[str] = field(default_factory=list)


def add_file(
    directive: Directive, upload: UploadedFile, *, reason: str, seen: int, by: Any, now: datetime, declared: str = ""
) -> Added:
    """Add the text of a file as a new version; the file is kept with its checksum.

    Arguments: seen, the version the person had before the eyes; declared, the degree of secrecy a person chose.
    Errors: records.uploads.UploadRefused (secret papers among them) before anything is stored; Refused as `add_words`.
    """
    document = read_document(upload, declared=declared)
    return _add(directive, document.text, document, reason=reason, seen=seen, by=by, now=now)


def add_words(directive: Directive, words: str, *, reason: str, seen: int, by: Any, now: datetime) -> Added:
    """Add the typed text as a new version; footnotes stay as they are.

    Errors: records.errors.SecretDocumentRefused for a mark of secrecy; Refused without a reason, for a text that is empty,
    too long, typed for the fonts of before Unicode or no other one, a document that is not followed any more, or when
    somebody else added a version since.
    """
    secrecy.guard(words, "")
    if len(words) > MOST_SIGNS:
        raise Refused("Lời văn quá dài để sửa tại đây. Hãy gửi bản sửa bằng tệp.")
    if most_of(words.splitlines()) != "unicode":
        raise Refused("Lời văn gõ bằng bảng mã cũ (TCVN3 hoặc VNI). Hãy chuyển sang Unicode rồi dán lại.")
    return _add(directive, clean(words), None, reason=reason, seen=seen, by=by, now=now)


@transaction.atomic
def _add(
    directive: Directive,
    clean_text: CleanText,
    document: Document | None,
    *,
    reason: str,
    seen: int,
    by: Any,
    now: datetime,
) -> Added:
    reason = required_reason(reason, "lý do sửa lời văn")
    # One at a time; the second of two people sees the first one's version.
    state = Directive.objects.select_for_update().values_list("state", flat=True).get(pk=directive.pk)
    if state == DirectiveState.CLOSED:
        raise Refused("Văn bản đã kết thúc theo dõi, không thêm bản sửa lời văn được.")
    old = directive.texts.select_related("added_by").order_by("-version").first()
    if old is None:
        raise Refused("Văn bản này chưa có lời văn để sửa.")
    _refuse_stale(old, seen)
    body, footnotes = clean_text
    if not body.strip():
        raise Refused("Lời văn trống. Hãy ghi lời văn đã sửa.")
    mover = Mover(old.body, body)
    if document is None:
        footnotes = [{**note, "at": mover.after(note.get("at"))} for note in old.footnotes]
    if body == old.body and footnotes == old.footnotes:
        raise Refused("Lời văn này không khác bản hiện nay.")
    text = DirectiveText.objects.create(
        directive=directive,
        version=old.version + 1,
        body=body,
        footnotes=footnotes,
        source_sha256=document.file.sha256 if document else "",
        created_at=now,
        added_by=by,
        reason=reason,
        **_read_from(document),
    )
    _carry_marks(old, text, mover)
    added = Added(text)
    if state == DirectiveState.DRAFT:
        added = Added(text, *_carry_tasks(directive, old, text, mover))
        note_new_text(directive, text, by=by, now=now)
    if document is not None:
        text.source_file = store_checked(document.file, by=by, now=now)
        text.save(update_fields=["source_file"])
    data = {"version": text.version, "moved": added.moved, "marked_again": len(added.left)}
    record("text.version_added", by=by, at=now, target=directive, data=data, reason=reason)
    return added


def _read_from(document: Document | None) -> dict[str, str]:
    """How the words were come by; what a person typed is no reading any more."""
    if document is None:
        return {}
    return {"read_by": document.read_by, "read_with": document.read_with, "read_pages": document.read_pages}


def _refuse_stale(newest: DirectiveText, seen: int) -> None:
    """The text was written against another version. Errors: Refused with who added the newer one when."""
    if newest.version != seen:
        raise Refused(
            f"{newest.added_by or 'Người khác'} đã thêm bản {newest.version} lúc {vn_datetime(newest.created_at)}. "
            "Hãy xem bản ấy rồi sửa tiếp; những gì bạn gõ vẫn còn bên dưới."
        )


def _carry_marks(old: DirectiveText, new: DirectiveText, mover: Mover) -> None:
    """What is "không phải nhiệm vụ" stays so where the same words stand."""
    carried = {}
    for row in old.non_tasks.order_by("start"):
        place = mover.alike(row.start, row.end)
        if place is not None:
            carried.setdefault(place, row)
    NonTaskSpan.objects.bulk_create(
        NonTaskSpan(text=new, start=start, end=end, marked_by_id=row.marked_by_id, marked_at=row.marked_at)
        for (start, end), row in carried.items()
    )


def _carry_tasks(directive: Directive, old: DirectiveText, new: DirectiveText, mover: Mover) -> tuple[int, list[str]]:
    """Clauses and tasks of a draft go to the new text; how many tasks moved and the codes of those that could not."""
    _carry_clauses(directive, old, new, mover)
    spans: dict[int, list[TaskSpan]] = {}
    for span in TaskSpan.objects.filter(task__directive=directive, text=old).order_by("task", "start"):
        spans.setdefault(span.task_id, []).append(span)
    moved, stay = [], []
    for task, rows in spans.items():
        places = [mover.exact(row.start, row.end) for row in rows]
        # A task speaks of one text: all its stretches move, or none.
        if None in places or len(set(places)) < len(places):
            stay.append(task)
            continue
        for row, place in zip(rows, places, strict=True):
            row.text = new
            row.start, row.end = place or (row.start, row.end)
        moved += rows
    TaskSpan.objects.bulk_update(moved, ["text", "start", "end"], batch_size=500)
    left = directive.tasks.filter(pk__in=stay).order_by("order").values_list("code", flat=True)
    return len(spans) - len(stay), list(left)


def _carry_clauses(directive: Directive, old: DirectiveText, new: DirectiveText, mover: Mover) -> None:
    """The clauses stand in the new text under their codes, with the tasks; one that is gone stays with the old text."""
    places = {row.pk: (row, mover.near(row.start, row.end)) for row in old.clauses.order_by("order")}
    made = Clause.objects.bulk_create(
        Clause(text=new, code=row.code, title=row.title, order=row.order, start=place[0], end=place[1])
        for row, place in places.values()
        if place is not None
    )
    by_code = {clause.code: clause for clause in made}
    for row, place in places.values():
        if place is not None:
            DirectiveTask.objects.filter(directive=directive, clause=row).update(clause=by_code[row.code])
