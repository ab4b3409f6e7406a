"""Filters of the list of works for what a digest counts besides the four classes, in the same words and conditions."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from tasks.enums import (
    OPEN_STATES,
    OUTSIDE_STATES,
    AssignmentState,
    ConditionState,
    ExtensionState,
    RoundDecision,
    Strength,
)
from tasks.models import ExtensionRequest, ReportRound
from tasks.timeliness import COUNTED


def _requests(state: str) -> QuerySet:
    """Requests for more time in that state, of the assignment of the outer query."""
    return ExtensionRequest.objects.filter(assignment=OuterRef("pk"), state=state)


def _returned() -> QuerySet:
    """Rounds that came back, of the assignment of the outer query."""
    return ReportRound.objects.filter(section__assignment=OuterRef("pk"), decision=RoundDecision.RETURNED)


OPEN_STILL = [state for state in OPEN_STATES if state != AssignmentState.SUBMITTED]
# What a figure of a digest counts besides the classes: name → words, condition.
DETAILS = {
    "counted": ("Trong thống kê", COUNTED),
    "done": ("Hoàn thành", COUNTED & Q(state=AssignmentState.COMPLETED)),
    "unfinished": ("Chưa hoàn thành", COUNTED & ~Q(state=AssignmentState.COMPLETED)),
    "open": ("Chưa gửi báo cáo", COUNTED & Q(state__in=OPEN_STILL)),
    "no_due": (
        "Chưa hoàn thành, không thời hạn",
        COUNTED & Q(due_current__isnull=True) & ~Q(state=AssignmentState.COMPLETED),
    ),
    "encouraged": (
        "Khuyến khích",
        Q(task__strength=Strength.ENCOURAGED)
        & ~Q(state__in=OUTSIDE_STATES)
        & ~Q(task__condition_state=ConditionState.UNDECIDED),
    ),
    "undecided": (
        "Chờ quyết định",
        Q(task__condition_state=ConditionState.UNDECIDED) & ~Q(state=AssignmentState.PAUSED),
    ),
    "paused": ("Tạm dừng", Q(state=AssignmentState.PAUSED)),
    "set_aside": (
        "Không phát sinh, đã hủy",
        Q(state__in=[AssignmentState.NOT_APPLICABLE, AssignmentState.CANCELLED])
        & ~Q(task__condition_state=ConditionState.UNDECIDED),
    ),
    "not_acknowledged": ("Chưa tiếp nhận", Q(state=AssignmentState.ASSIGNED, acknowledged_on__isnull=True)),
    "awaiting_head": ("Chờ lãnh đạo đơn vị duyệt", Q(state=AssignmentState.AWAITING_UNIT_HEAD)),
    "given_back": ("Đơn vị trả lại", Q(state=AssignmentState.RETURNED_BY_UNIT)),
    "extension_pending": ("Đang xin gia hạn", Exists(_requests(ExtensionState.PENDING))),
    "extended": ("Đã được gia hạn", Exists(_requests(ExtensionState.APPROVED))),
    "returned": ("Báo cáo từng bị trả lại", Exists(_returned())),
}
