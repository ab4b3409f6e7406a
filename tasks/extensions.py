"""Asking for more time: one open request an assignment; the date moves only on approval."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from directive_tracker.vietnamese import vn_date, vn_datetime
from notifications import outbox
from records.audit import record
from tasks import reminders
from tasks.closing.guard import hold_followed
from tasks.enums import REPORTABLE_STATES, DueSource, ExtensionState
from tasks.errors import Refused
from tasks.lifecycle import keep_figures, required_reason
from tasks.models import Assignment, ExtensionPermit, ExtensionRequest
from tasks.permissions import refuse_own_work

PAST_DUE = (
    "Đã quá hạn nên chưa xin gia hạn được. Xin gọi Văn phòng để được cho phép xin sau hạn, hoặc ghi lý do chậm và "
    "ngày dự kiến xong."
)


def refuse_odd_day(assignment: Assignment, day: date, *, today: date) -> None:
    """A new day must lie ahead and within what the directive means.

    Raises:
        Refused: with the sentence that says what would be right.
    """
    if day <= today:
        raise Refused("Ngày này đã đến hoặc đã qua; hãy chọn một ngày sau hôm nay.")
    event = assignment.directive.event_date
    due = assignment.due_current
    if event is not None and due is not None and due <= event < day:
        name = assignment.directive.event_name
        raise Refused(
            f"Việc này phải xong trước ngày {vn_date(event)}{f' ({name})' if name else ''}; "
            "hãy chọn ngày không muộn hơn ngày đó."
        )
    if assignment.parent_id and assignment.parent.due_current and day > assignment.parent.due_current:
        raise Refused(
            f"Việc này là một phần việc của {assignment.parent.unit.short_name}, hạn "
            f"{vn_date(assignment.parent.due_current)}; hãy chọn ngày không muộn hơn ngày đó."
        )


def is_past_due(assignment: Assignment, *, today: date) -> bool:
    """From the day after its due day on, more time may be asked only with the office's permit."""
    return assignment.due_current is not None and assignment.due_current < today


def permit_at_hand(assignment: Assignment, *, today: date) -> ExtensionPermit | None:
    """The office's permit to ask after the due day, while it is unused and in force."""
    return assignment.extension_permits.filter(used_by__isnull=True, ended_at__isnull=True, until__gte=today).first()


@transaction.atomic
def permit_extension(assignment: Assignment, *, by, now: datetime, reason: str, until: date) -> ExtensionPermit:
    """Let the unit ask for more time although the due day is over: once, until that day. It ends an unused older one.

    Raises:
        Refused: no reason, a day that is over, work that is not late, or the own unit's.
    """
    refuse_own_work(by, assignment)
    reason = required_reason(reason, "lý do cho phép")
    today = timezone.localdate(now)
    if assignment.state not in REPORTABLE_STATES or not is_past_due(assignment, today=today):
        raise Refused("Chỉ cho phép khi phần việc đang thực hiện và đã quá hạn; trước hạn đơn vị tự xin được.")
    if until < today:
        raise Refused("Ngày cho phép đã qua; hãy chọn một ngày từ hôm nay trở đi.")
    # One of two people at the same moment waits here for the other.
    Assignment.objects.select_for_update().get(pk=assignment.pk)
    assignment.extension_permits.filter(used_by__isnull=True, ended_at__isnull=True).update(ended_at=now)
    permit = ExtensionPermit.objects.create(
        assignment=assignment, reason=reason, until=until, given_by=by, given_at=now
    )
    record("extension.permitted", by=by, at=now, target=assignment, data={"to": until.isoformat()}, reason=reason)
    reminders.tell_unit(
        assignment,
        "extension_permitted",
        f"Được xin gia hạn việc {assignment.task.code} dù đã quá hạn, chậm nhất {vn_date(until)}",
        detail=reason,
        key=f"extension_permitted:{permit.pk}",
        now=now,
    )
    return permit


def _use(permit: ExtensionPermit | None, request: ExtensionRequest) -> None:
    """A permit serves one request."""
    if permit is None:
        return
    at_hand = ExtensionPermit.objects.filter(pk=permit.pk, used_by__isnull=True, ended_at__isnull=True)
    if not at_hand.update(used_by=request):
        raise Refused("Lần cho phép xin gia hạn này vừa được dùng hoặc thay. Xin xem lại.")


def request_extension(assignment: Assignment, *, by, now: datetime, new_due: date, reason: str) -> ExtensionRequest:
    """Ask for a later date.

    Raises:
        Refused: no date to move, a date that is not later or makes no sense, an open request, no reason; after the
            due day, no permit of the office.
    """
    reason = required_reason(reason, "lý do xin gia hạn")
    today = timezone.localdate(now)
    if assignment.state not in REPORTABLE_STATES:
        raise Refused("Chỉ xin gia hạn khi phần việc đang thực hiện.")
    if assignment.due_current is None:
        raise Refused("Phần việc không có thời hạn, không cần xin gia hạn.")
    if new_due <= assignment.due_current:
        raise Refused(f"Ngày xin phải sau hạn hiện nay ({vn_date(assignment.due_current)}).")
    refuse_odd_day(assignment, new_due, today=today)
    permit = None
    if is_past_due(assignment, today=today):
        permit = permit_at_hand(assignment, today=today)
        if permit is None:
            raise Refused(PAST_DUE)
    try:
        with transaction.atomic():
            hold_followed(assignment.directive_id)
            request = ExtensionRequest.objects.create(
                assignment=assignment,
                old_due=assignment.due_current,
                requested_due=new_due,
                reason=reason,
                requested_by=by,
                requested_at=now,
            )
            _use(permit, request)
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
    hold_followed(assignment.directive_id)
    reason = reason.strip()
    if not approve:
        reason = required_reason(reason, "lý do không đồng ý")
    granted = (granted_due or request.requested_due) if approve else None
    if granted is not None and assignment.due_current and granted <= assignment.due_current:
        raise Refused(f"Hạn mới phải sau hạn hiện nay ({vn_date(assignment.due_current)}).")
    if granted is not None and assignment.is_part:
        _refuse_after_parent(assignment, granted)
    values = {
        "state": ExtensionState.APPROVED if approve else ExtensionState.REFUSED,
        "granted_due": granted,
        "decision_reason": reason[:1000],
        "decided_by": by,
        "decided_at": now,
    }
    won = ExtensionRequest.objects.filter(pk=request.pk, state=ExtensionState.PENDING).update(**values)
    if not won:
        raise Refused(what_became(request))
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
        Assignment.objects.filter(pk=assignment.pk).update(extended_times=F("extended_times") + 1)
        assignment.extended_times += 1
        outbox.supersede(assignment, version_below=assignment.due_version, now=now)
        keep_figures(assignment, now=now)
    verb = "extension.approved" if approve else "extension.refused"
    record(verb, by=by, at=now, target=assignment, data=_days(request), reason=reason)
    reminders.tell_extension_decided(request, by=by, now=now)


def what_became(request: ExtensionRequest) -> str:
    """Who decided or withdrew it when, for somebody who comes with an old page."""
    fresh = ExtensionRequest.objects.select_related("decided_by").get(pk=request.pk)
    if fresh.decided_by is None:
        return "Đề nghị gia hạn này không còn chờ quyết định. Xin xem lại."
    day = f" đến {vn_date(fresh.granted_due)}" if fresh.granted_due else ""
    return (
        f"{fresh.decided_by} đã giải quyết đề nghị này lúc {vn_datetime(fresh.decided_at)}: "
        f"{fresh.get_state_display().lower()}{day}."
    )


@transaction.atomic
def withdraw_extension(request: ExtensionRequest, *, by, now: datetime) -> None:
    """The unit takes its request back; the date stays. A permit that it used stays used.

    Raises:
        Refused: it has been decided; the sentence says by whom.
    """
    values = {"state": ExtensionState.WITHDRAWN, "decided_by": by, "decided_at": now}
    if not ExtensionRequest.objects.filter(pk=request.pk, state=ExtensionState.PENDING).update(**values):
        raise Refused(what_became(request))
    for name, value in values.items():
        setattr(request, name, value)
    assignment = request.assignment
    record("extension.withdrawn", by=by, at=now, target=assignment, data=_days(request))
    reminders.tell_office(
        "extension_withdrawn",
        f"{assignment.unit.short_name} rút đề nghị gia hạn việc {assignment.task.code}",
        url=assignment.get_absolute_url(),
        target=request,
        about=[assignment],
        now=now,
    )


def _refuse_after_parent(assignment: Assignment, granted: date) -> None:
    """A part is never due after the work it belongs to. Errors: Refused."""
    last = assignment.parent.due_current
    if last is not None and granted > last:
        raise Refused(
            f"Hạn mới sau hạn của {assignment.parent.unit.short_name} ({vn_date(last)}); xin ghi ngày sớm hơn."
        )


def _days(request: ExtensionRequest) -> dict:
    """From which due day to which, for the record."""
    return {
        "from": request.old_due.isoformat() if request.old_due else None,
        "to": (request.granted_due or request.requested_due).isoformat(),
    }
