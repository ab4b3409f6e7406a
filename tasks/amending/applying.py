"""What the amendments of a document do when it is issued, in the same transaction, by the verbs of the life-cycle."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from directive_tracker.vietnamese import ZONE
from tasks import issuing, lifecycle, tallies
from tasks.amending.effects import Effect, Outlook, amendments_of
from tasks.amending.telling import tell_amended
from tasks.enums import AssignmentRole
from tasks.errors import Refused
from tasks.models import Amendment, Directive


def apply_amendments(document: Directive, *, told: frozenset[int], by: Any, now: datetime) -> None:
    """Let the document's amendments take effect, in the order in which they were written.

    Arguments: told, ids of the units that issuing has written a mail to; what changes for them stands in that mail.
    Errors: Refused when a document is not followed any more, a new task is gone, or the person would decide about work of
    an own unit; then nothing is issued.
    """
    amendments = amendments_of(document)
    if not amendments:
        return
    today = timezone.localdate(now, ZONE)
    _hold(amendments)
    outlook = Outlook(amendments, by=by, today=today)
    done = []
    with tallies.counted_once(today=today):
        for amendment in amendments:
            for effect in outlook.of(amendment):
                if effect.is_refused:
                    raise Refused(f"{amendment}: {effect.unit.short_name} – {effect.why}.")
                if effect.what:
                    _apply(effect, by=by, now=now)
                    done.append(effect)
            Amendment.objects.filter(pk=amendment.pk).update(applied_at=now)
    tell_amended(document, amendments, done, told=told, now=now)


def _hold(amendments: list[Amendment]) -> None:
    """Nobody ends the earlier documents meanwhile. Errors: Refused."""
    ids = {amendment.amended_id for amendment in amendments}
    held = {row.pk: row for row in Directive.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    for amendment in amendments:
        if not held[amendment.amended_id].is_issued:
            raise Refused(
                f"{amendment.amended} không còn được theo dõi nên không sửa đổi được. "
                "Hãy bỏ điểm sửa đổi ấy rồi giao văn bản."
            )
        if amendment.lacks_task:
            raise Refused(
                f"Nhiệm vụ thay cho {amendment.task.code} đã bị bỏ khỏi dự thảo. Hãy ghi lại điểm sửa đổi ấy rồi giao."
            )


def _apply(effect: Effect, *, by: Any, now: datetime) -> None:
    reason = reason_of(effect.amendment)
    if effect.assignment is None:
        role = AssignmentRole(effect.role)
        issuing.add_assignment(effect.task, effect.unit, role, by=by, now=now, tells=False)
    elif effect.is_end:
        lifecycle.end_by_document(effect.assignment, by=by, now=now, reason=reason)
    else:
        lifecycle.move_due_by_document(effect.assignment, effect.due_then, by=by, now=now, reason=reason)


def reason_of(amendment: Amendment) -> str:
    """Why a part changed, for its history: the document and its sentence."""
    name = f"{amendment.document.kind} {amendment.document.number}".strip() if amendment.document.number else ""
    reason = f"Theo {name or amendment.document}"
    return (f"{reason}: “{amendment.words}”" if amendment.words else reason)[: lifecycle.REASON_MAX]
