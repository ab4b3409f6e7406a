"""The kinds of notices of working together, and which of them still apply when their mail leaves."""

from datetime import datetime

from notifications import kinds
from notifications.models import Notice
from tasks.models import Assignment, ReleaseRecipient
from tasks.stages import REMINDED_STATES


def _of(notices: list[Notice], model, still: set[int]) -> set[int]:
    label = model._meta.label_lower
    return {notice.pk for notice in notices if notice.target_type == label and notice.target_id in still}


def _still_unopened(notices: list[Notice], *, now: datetime) -> set[int]:
    """The unit has not opened the paper yet."""
    rows = ReleaseRecipient.objects.unopened().filter(pk__in={notice.target_id for notice in notices})
    return _of(notices, ReleaseRecipient, set(rows.values_list("pk", flat=True)))


def _still_asked(notices: list[Notice], *, now: datetime) -> set[int]:
    """The unit still has something to do."""
    rows = Assignment.objects.filter(pk__in={notice.target_id for notice in notices}, state__in=REMINDED_STATES)
    return _of(notices, Assignment, set(rows.values_list("pk", flat=True)))


def register() -> None:
    """Make them known."""
    kinds.register("part_withdrawn", "Thu hồi phần việc")
    kinds.register("handed_across", "Giao cho đơn vị không trực thuộc")
    kinds.register("parts_left", "Phần giao lại còn mở")
    kinds.register("part_report", "Phần giao lại")
    kinds.register("contribution_asked", "Đề nghị góp", still_applies=_still_asked, reminds=True)
    kinds.register("contributed", "Đơn vị phối hợp đã góp")
    kinds.register("release_withdrawn", "Thu hồi văn bản")
    kinds.register("released", "Văn bản được gửi", still_applies=_still_unopened)
    kinds.register("release_unopened", "Chưa mở văn bản", still_applies=_still_unopened)
    kinds.register("idle_work", "Việc không ai đang làm")
