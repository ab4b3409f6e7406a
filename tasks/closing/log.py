"""The log of one document: every event about it, its tasks, work, reports and what else hangs on it, in order."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from directive_tracker.vietnamese import vn_datetime
from records import verbs
from records.models import AuditEvent
from records.sentences import details
from tasks.models import (
    Activity,
    Assignment,
    CitedDocument,
    Directive,
    Finding,
    Indicator,
    Inspection,
    Instruction,
    ReportLink,
    SummaryReport,
    UnitQuestion,
    UnitReport,
    UpwardReport,
)

AT_ONCE = 500
HEAD = (
    *("Số trong chuỗi", "Lúc", "Ai", "Thay mặt", "Việc", "Đối tượng", "Mã đối tượng"),
    *("Nội dung", "Lý do", "Mã của dòng trước", "Mã của dòng"),
)


def events_about(directive: Directive, user) -> list[int]:
    """The ids of the events about the document and what hangs on it which the person may read, oldest first. One
    statement for each kind of row."""
    found: set[int] = set()
    events = AuditEvent.objects.visible_to(user)
    for rows in _rows(directive):
        about = events.filter(target_type=rows.model._meta.label_lower, target_id__in=rows.order_by().values("pk"))
        found.update(about.order_by().values_list("pk", flat=True))
    return sorted(found)


def _rows(directive: Directive) -> Sequence[Any]:
    return (
        Directive.objects.filter(pk=directive.pk),
        directive.tasks.all(),
        directive.periods.all(),
        Assignment.objects.filter(directive=directive),
        UnitReport.objects.filter(directive=directive),
        UnitQuestion.objects.filter(assignment__directive=directive),
        Indicator.objects.filter(task__directive=directive),
        Instruction.objects.filter(directive=directive),
        Activity.objects.filter(assignment__directive=directive),
        Inspection.objects.filter(task__directive=directive),
        Finding.objects.filter(place__inspection__task__directive=directive),
        CitedDocument.objects.filter(directive=directive),
        UpwardReport.objects.filter(directive=directive),
        ReportLink.objects.filter(directive=directive),
        SummaryReport.objects.filter(directive=directive),
    )


def read(pks: Sequence[int]) -> Iterator[list[AuditEvent]]:
    """The events, so many at a time."""
    for start in range(0, len(pks), AT_ONCE):
        chunk = AuditEvent.objects.filter(pk__in=pks[start : start + AT_ONCE])
        yield list(chunk.select_related("actor", "acting_for").order_by("pk"))


def row(event: AuditEvent) -> tuple[Any, ...]:
    """One line of the sheet. Where somebody sat (the address of the machine) is left out."""
    return (
        event.number,
        vn_datetime(event.at),
        str(event.actor or "Hệ thống"),
        str(event.acting_for or ""),
        verbs.words(event.verb),
        event.target_label,
        f"{event.target_type} {event.target_id}",
        details(event),
        event.reason,
        event.prev_hash,
        event.hash,
    )


def as_json(event: AuditEvent) -> str:
    """One line of JSON (JSON Lines), without the machine's address."""
    data = {
        "number": event.number,
        "at": event.at.isoformat(),
        "actor": str(event.actor or ""),
        "acting_for": str(event.acting_for or ""),
        "verb": event.verb,
        "target_type": event.target_type,
        "target_id": event.target_id,
        "target_label": event.target_label,
        "data": event.data,
        "reason": event.reason,
        "uid": str(event.uid),
        "prev_hash": event.prev_hash,
        "hash": event.hash,
    }
    return json.dumps(data, ensure_ascii=False)


def head() -> tuple[int, str]:
    """Number and hash of the last sealed line of the whole log; (0, "") while there is none."""
    last = AuditEvent.objects.filter(number__isnull=False).order_by("-number").values_list("number", "hash").first()
    return last or (0, "")
