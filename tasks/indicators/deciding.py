"""What the office does about figures reported twice: leave one out, count it again, find both right. On record."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from directive_tracker.vietnamese import vn_number
from records.audit import record
from tasks.errors import Refused
from tasks.lifecycle import required_reason
from tasks.models import Assignment, FiguresKept, IndicatorValue
from tasks.permissions import is_own_work, refuse_own_work
from tasks.querysets import access_for


def can_decide_figures(user, assignment: Assignment) -> bool:
    """The office, while the directive is followed; never about the figures of the person's own unit."""
    return access_for(user).is_office and assignment.directive.is_issued and not is_own_work(user, assignment)


def _work(row: IndicatorValue) -> Assignment:
    return row.round.section.assignment


def _same_figure(row: IndicatorValue):
    """The figure with its parts: they come and go together."""
    return IndicatorValue.objects.filter(round=row.round_id, indicator=row.indicator_id)


def _said(row: IndicatorValue) -> dict:
    return {"indicator": str(row.indicator), "value": vn_number(row.value), "report": row.round.section.unit_report_id}


@transaction.atomic
def leave_out(row: IndicatorValue, *, by, now: datetime, reason: str) -> None:
    """Take a figure out of every sum; it stays in its report.

    Errors: Refused without a reason, about the own unit's figure, or when somebody was quicker.
    """
    refuse_own_work(by, _work(row))
    reason = required_reason(reason, "lý do không tính số này")
    won = (
        _same_figure(row)
        .filter(left_out_at__isnull=True)
        .update(left_out_at=now, left_out_by=by, left_out_reason=reason)
    )
    if not won:
        raise Refused(_what_happened(row))
    record("figure.left_out", by=by, at=now, target=_work(row), data=_said(row), reason=reason)


@transaction.atomic
def count_again(row: IndicatorValue, *, by, now: datetime) -> None:
    """Let a figure count again. Errors: Refused about the own unit's figure, or when it counts already."""
    refuse_own_work(by, _work(row))
    won = (
        _same_figure(row)
        .filter(left_out_at__isnull=False)
        .update(left_out_at=None, left_out_by=None, left_out_reason="")
    )
    if not won:
        raise Refused("Số này đang được tính rồi; không có gì thay đổi.")
    record("figure.counted_again", by=by, at=now, target=_work(row), data=_said(row))


@transaction.atomic
def keep_both(first: IndicatorValue, second: IndicatorValue, *, by, now: datetime, reason: str) -> None:
    """Say that two figures are both right, so that they are not shown as doubtful again.

    Errors: Refused without a reason, about the own unit's figures, of two figures that are not of one indicator, or
    when somebody said so already.
    """
    for row in (first, second):
        refuse_own_work(by, _work(row))
    if first.indicator_id != second.indicator_id or first.pk == second.pk:
        raise Refused("Hai số này không cùng một chỉ tiêu, không có gì để so.")
    reason = required_reason(reason, "vì sao cả hai số đều đúng")
    try:
        with transaction.atomic():
            FiguresKept.objects.create(first=first, second=second, reason=reason, by=by, at=now)
    except IntegrityError:  # a colleague looked at the same two in the same moment
        raise Refused("Hai số này đã có người xem và ghi là đúng.") from None
    data = {**_said(first), "other": vn_number(second.value)}
    record("figure.both_kept", by=by, at=now, target=_work(second), data=data, reason=reason)


def _what_happened(row: IndicatorValue) -> str:
    row.refresh_from_db()
    if row.left_out_by is None or row.left_out_at is None:
        return "Số này vừa được thay đổi. Xin xem lại."
    moment = timezone.localtime(row.left_out_at)
    return f"{row.left_out_by} đã để số này ra ngoài lúc {moment:%H:%M} ngày {moment:%d/%m/%Y}: {row.left_out_reason}"
