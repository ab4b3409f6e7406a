"""Taking a report back before anybody decided about it ("Rút về"): the whole or one section, from the office or the head."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from records.audit import record
from tasks import reminders
from tasks.enums import TYPED_REPORT_STATES, AssignmentState, ReportState, RoundDecision, SectionState
from tasks.errors import Refused, TransitionNotAllowed
from tasks.lifecycle import keep_figures
from tasks.models import Assignment, AssignmentProduct, ProgressReport, ReportRound, UnitReport
from tasks.rounds.settling import current_round, settle, state_of

S = AssignmentState
# What the record says of these three acts.
FROM_OFFICE, FROM_HEAD = "report.recalled", "report.taken_from_head"


@transaction.atomic
def recall(report: UnitReport, *, by, now: datetime, sections: list[ProgressReport] | None = None) -> int:
    """Take sections back that still wait, to be typed on and sent again; the number taken back.

    The sending stays on record as withdrawn. Work whose completion it claimed goes back to where it was; the day
    that counts later is that of the next sending.

    Args:
        sections: the ones to take back, with assignment; all that wait where none are given. What was decided in the
            same moment is left, as long as one is taken back.

    Raises:
        TransitionNotAllowed: all of them were decided meanwhile; the sentence says by whom.
    """
    if sections is None:
        sections = list(report.sections.waiting().select_related("assignment__task", "assignment__unit"))
    # In one order, the reviewer's too: two people at the same moment wait for each other and do not lock.
    taken = [section for section in sorted(sections, key=lambda one: one.pk) if _take_back(section, by=by, now=now)]
    if not taken:
        raise TransitionNotAllowed(_why_not(sections))
    settle(report)
    codes = [section.assignment.task.code for section in taken]
    record(FROM_OFFICE, by=by, at=now, target=report, data={"count": len(codes), "codes": codes})
    _tell(report, taken, now=now)
    return len(taken)


def _take_back(section: ProgressReport, *, by, now: datetime) -> bool:
    """One section; False where somebody decided first."""
    if not ProgressReport.objects.filter(pk=section.pk, state=SectionState.SUBMITTED).update(
        state=SectionState.RECALLED
    ):
        return False
    section.state = SectionState.RECALLED
    round_ = current_round(section)
    round_.decision, round_.decided_by, round_.decided_at = RoundDecision.WITHDRAWN, by, now
    round_.save(update_fields=["decision", "decided_by", "decided_at"])
    _undo_deliveries(section.assignment, round_)
    assignment = section.assignment
    if round_.content.get("claims_completion") and assignment.state == S.SUBMITTED:
        assignment.move_to(
            state_before(assignment), from_={S.SUBMITTED}, by=by, now=now, note="Đơn vị rút báo cáo", submitted_on=None
        )
        keep_figures(assignment, now=now)
    return True


def state_before(assignment: Assignment) -> AssignmentState:
    """Where work stood before its completion was claimed: being mended, or under way (claiming is taking note)."""
    steps = assignment.status_changes.order_by("-pk").values_list("old_state", flat=True)
    before = next((old for old in steps[:5] if old not in (S.AWAITING_UNIT_HEAD, S.SUBMITTED)), S.IN_PROGRESS)
    return S.REDO if before == S.REDO else S.IN_PROGRESS


def _undo_deliveries(assignment: Assignment, round_: ReportRound) -> None:
    """A paper that only this sending brought has not been sent."""
    brought = {entry["delivery"] for entry in round_.content.get("products", [])}
    if not brought:
        return
    others = ReportRound.objects.filter(section__assignment=assignment).exclude(decision=RoundDecision.WITHDRAWN)
    contents = others.values_list("content", flat=True)
    kept = {entry["delivery"] for content in contents for entry in content.get("products", [])}
    AssignmentProduct.objects.filter(pk__in=brought - kept, delivered_on__isnull=True).update(submitted_on=None)


def _why_not(sections: list[ProgressReport]) -> str:
    for section in sections:
        round_ = current_round(section)
        if round_ is not None and round_.decided_by is not None:
            moment = timezone.localtime(round_.decided_at)
            return (
                f"{round_.decided_by} đã xem xét mục này lúc {moment:%H:%M}: {round_.get_decision_display().lower()}. "
                "Báo cáo đã có kết quả thì không rút về được nữa."
            )
    return "Không còn mục nào chờ xem xét, nên không có gì để rút về."


def _tell(report: UnitReport, taken: list[ProgressReport], *, now: datetime) -> None:
    """The office and the unit's other people, in the app."""
    about = [section.assignment for section in taken]
    for assignment in about:
        assignment.directive = report.directive
    codes = ", ".join(assignment.task.code for assignment in about[:10]) + (", …" if len(about) > 10 else "")
    reminders.tell_office(
        "recalled",
        f"{report.unit.short_name} rút báo cáo về để sửa: {codes}",
        url=report.get_review_url(),
        target=report,
        about=about,
        now=now,
    )
    reminders.tell_unit(
        about[0],
        "recalled",
        f"Đã rút báo cáo về để sửa: {codes}",
        url=report.get_absolute_url(),
        mail=None,
        key=f"recalled:{report.pk}:{int(now.timestamp())}",
        now=now,
    )


@transaction.atomic
def take_from_head(report: UnitReport, *, by, now: datetime) -> None:
    """Take a report back that waits for the unit's head: whoever wrote it has something to mend, or the head mends it.

    Raises:
        Refused: the head has sent it, or somebody has taken it already.
    """
    back_to_writing(report, by=by, now=now, note="Lấy lại để sửa")
    record(
        FROM_HEAD,
        by=by,
        at=now,
        target=report,
        data={"from": ReportState.AWAITING_UNIT_HEAD.label, "to": report.get_state_display()},
    )
    reminders.tell_heads_taken(report, by=by, now=now)


def back_to_writing(report: UnitReport, *, by, now: datetime, note: str) -> None:
    """From the head to whoever writes, with the work whose completion it claims.

    Raises:
        Refused: somebody was quicker.
    """
    sections = list(report.sections.select_related("assignment__task", "assignment__directive"))
    sent_before = {section.state for section in sections} - {SectionState.DRAFT}
    back = state_of(sent_before) if sent_before else ReportState.DRAFT
    if back not in TYPED_REPORT_STATES:
        back = ReportState.RETURNED
    waiting = UnitReport.objects.filter(pk=report.pk, state=ReportState.AWAITING_UNIT_HEAD, version=report.version)
    try:
        with transaction.atomic():
            won = waiting.update(state=back)
    except IntegrityError:
        raise Refused("Đơn vị đang có một bản nháp khác cho văn bản này; xin gửi bản nháp đó trước.") from None
    if not won:
        raise Refused("Báo cáo vừa được người khác gửi hoặc lấy lại. Xin xem lại.")
    report.state = back
    for section in sections:
        if section.assignment.state == S.AWAITING_UNIT_HEAD:
            section.assignment.move_to(
                state_before(section.assignment), from_={S.AWAITING_UNIT_HEAD}, by=by, now=now, note=note
            )
            keep_figures(section.assignment, now=now)
