"""The kinds of notices of the tasks room: their words, and the last check before a mail leaves."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from notifications import kinds
from notifications.models import Notice
from tasks import bulletins, stages
from tasks.amending import telling as amended
from tasks.digests import making as digests
from tasks.enums import TYPED_REPORT_STATES, DirectiveState, SectionState
from tasks.events import telling as findings
from tasks.handing import kinds as together
from tasks.links import mails
from tasks.models import Assignment, Directive, Nudge, ProgressReport, UnitReport
from tasks.papers import reminding as scans
from tasks.ranking import telling as ranking
from tasks.talking import writing as talking
from tasks.upward import telling as upward


def _still_issued(notices: list[Notice], *, now: datetime) -> set[int]:
    """The directive is still followed, the added part still open."""
    directives = _existing(notices, Directive, Q(state=DirectiveState.ISSUED))
    assignments = _existing(
        notices, Assignment, Q(state__in=stages.REMINDED_STATES, directive__state=DirectiveState.ISSUED)
    )
    return directives | assignments


def _still_returned(notices: list[Notice], *, now: datetime) -> set[int]:
    """The section has not been sent again."""
    return _existing(notices, ProgressReport, Q(state=SectionState.RETURNED))


def _still_with_head(notices: list[Notice], *, now: datetime) -> set[int]:
    """Nobody has taken the report back to mend it."""
    return _existing(notices, UnitReport, ~Q(state__in=TYPED_REPORT_STATES))


def _still_nudged(notices: list[Notice], *, now: datetime) -> set[int]:
    """The unit still has something to do."""
    return _existing(notices, Assignment, Q(state__in=stages.REMINDED_STATES))


def _still_nudged_together(notices: list[Notice], *, now: datetime) -> set[int]:
    """The unit still has something to do of what it was chased about at that moment."""
    together = Nudge.objects.filter(
        by=OuterRef("by"),
        at=OuterRef("at"),
        assignment__unit=OuterRef("assignment__unit"),
        assignment__state__in=stages.REMINDED_STATES,
    )
    return _existing(notices, Nudge, Q(Exists(together)))


def _existing(notices: list[Notice], model: Any, condition: Q) -> set[int]:
    """The pks of the notices about rows of the model that meet the condition."""
    label = model._meta.label_lower
    targets = {notice.target_id for notice in notices if notice.target_type == label}
    if not targets:
        return set()
    fit = set(model.objects.filter(condition, pk__in=targets).values_list("pk", flat=True))
    return {notice.pk for notice in notices if notice.target_type == label and notice.target_id in fit}


kinds.register("issued", "Giao việc", still_applies=_still_issued)
kinds.register("returned", "Cần bổ sung", still_applies=_still_returned)
amended.register(kinds)
kinds.register("accepted", "Đã xác nhận")
kinds.register("extension_decided", "Trả lời gia hạn")
kinds.register("nudge", "Đôn đốc", still_applies=_still_nudged, reminds=True)
kinds.register("nudges", "Đôn đốc", still_applies=_still_nudged_together, reminds=True)
kinds.register("due_moved", "Hạn chuyển theo lịch")
kinds.register("kept", "Giữ nguyên việc")
kinds.register("reopened", "Mở lại việc")
kinds.register("set_aside", "Không phải làm nữa")
kinds.register("paused", "Tạm dừng việc")
kinds.register("resumed", "Tiếp tục việc")
kinds.register("condition", "Quyết định điều kiện")
kinds.register("to_unit_head", "Báo cáo chờ duyệt", still_applies=_still_with_head)
kinds.register("taken_from_head", "Lấy lại báo cáo đang trình")
kinds.register("recalled", "Rút báo cáo về")
kinds.register("entered", "Văn phòng nhập thay báo cáo")
kinds.register("head_returned", "Lãnh đạo đề nghị sửa")
kinds.register("report", "Báo cáo mới")
kinds.register("extension", "Xin gia hạn")
kinds.register("extension_permitted", "Được xin gia hạn sau hạn")
kinds.register("extension_withdrawn", "Rút đề nghị gia hạn")
kinds.register("question", "Đơn vị hỏi")
kinds.register("answered", "Trả lời đơn vị")
kinds.register("given_back", "Đơn vị trả lại việc")
kinds.planners.append(stages.LadderPlanner())
bulletins.register()
mails.register()
digests.register()
findings.register()
ranking.register()
scans.register()
talking.register()
together.register()
upward.register()
