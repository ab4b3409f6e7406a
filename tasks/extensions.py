"""Asking for more time: one open request an assignment; the date moves only on approval."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from directive_tracker.vietnamese import vn_date
from notifications import outbox
from records.audit import record
from tasks import reminders
from tasks.enums import REPORTABLE_STATES, DueSource, ExtensionState
from tasks.errors import Refused
from tasks.lifecycle import keep_figures, required_reason
from tasks.models import Assignment, ExtensionRequest
from tasks.permissions import refuse_own_work


def request_extension(assignment: Assignment, *, by, now: datetime, new_due: date, reason: str) -> ExtensionRequest:
    """Ask for a later date.

    Raises:
        Refused: no date to move, a date not later than today's due, an open request, no reason.
    """
    reason = required_reason(reason, "lý do xin gia hạn")
    today = timezone.localdate(now)
    if assignment.state not in REPORTABLE_STATES:
        raise Refused("Chỉ xin gia hạn khi phần việc đang thực hiện.")
    if assignment.due_current is None:
        raise Refused("Phần việc không có thời hạn, không cần xin gia hạn.")
    if new_due <= assignment.due_current:
        raise Refused(f"Ngày xin phải sau hạn hiện nay ({vn_date(assignment.due_current)}).")
    if new_due < today:
        raise Refused("Ngày xin đã qua; hãy chọn một ngày từ hôm nay trở đi.")
    try:
        with transaction.atomic():
            request = ExtensionRequest.objects.create(
                assignment=assignment,
                old_due=assignment.due_current,
                requested_due=new_due,
                reason=reason,
                requested_by=by,
                requested_at=now,
            )
            record("extension.requested", by=by, at=now, target=assignment, data=_days(request), reason=reason)
            reminders.tell_office(
                "extension",
                f"{assignment.unit.short_name} xin gia hạn việc {assignment.task.code} đến {vn_date(new_due)}",
                url=assignment.get_absolute_url(),
                target=request,
                about=[assignment],
                now=now,
            )
    except IntegrityError:
        raise Refused("Phần việc đã có một đề nghị gia hạn đang chờ quyết định.") from None
    return request


@transaction.atomic
def decide_extension(
    request: ExtensionRequest,
    *,
    by,
    now: datetime,
    approve: bool,
    granted_due: date | None = None,
    reason: str = "",
) -> None:
    """Approve (to the asked or another later date) or refuse with a reason. Decided once.

    Raises:
        Refused: a refusal without reason, a date not later, the own unit's request, or somebody decided meanwhile.
    """
    assignment = request.assignment
    refuse_own_work(by, assignment)
    reason = reason.strip()
    if not approve:
        reason = required_reason(reason, "lý do không đồng ý")
    granted = (granted_due or request.requested_due) if approve else None
    if granted is not None and assignment.due_current and granted <= assignment.due_current:
        raise Refused(f"Hạn mới phải sau hạn hiện nay ({vn_date(assignment.due_current)}).")
    values = {
        "state": ExtensionState.APPROVED if approve else ExtensionState.REFUSED,
        "granted_due": granted,
        "decision_reason": reason[:1000],
        "decided_by": by,
        "decided_at": now,
    }
    won = ExtensionRequest.objects.filter(pk=request.pk, state=ExtensionState.PENDING).update(**values)
    if not won:
        raise Refused("Đề nghị gia hạn này vừa được người khác quyết định. Xin xem lại.")
    for name, value in values.items():
        setattr(request, name, value)
    if approve:
        assignment.set_due(
            granted,
            source=DueSource.EXTENDED,
            by=by,
            now=now,
            reason=reason or f"Gia hạn theo đề nghị: {request.reason}",
        )
        outbox.supersede(assignment, version_below=assignment.due_version, now=now)
        keep_figures(assignment, now=now)
    verb = "extension.approved" if approve else "extension.refused"
    record(verb, by=by, at=now, target=assignment, data=_days(request), reason=reason)
    reminders.tell_extension_decided(request, by=by, now=now)


def _days(request: ExtensionRequest) -> dict:
    """From which due day to which, for the record."""
    return {
        "from": request.old_due.isoformat() if request.old_due else None,
        "to": (request.granted_due or request.requested_due).isoformat(),
    }
