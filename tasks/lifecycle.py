"""The verbs of an assignment's life. Each is one transaction: state, history, figures, notices.

What decides about a unit's work raises Refused when the person belongs to that unit (tasks/permissions.py).
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from directive_tracker.vietnamese import vn_date
from notifications import outbox
from notifications.models import Pulse
from records.audit import record
from tasks import reminders, tallies
from tasks.closing.guard import hold_followed
from tasks.enums import (
    OPEN_STATES,
    AssignmentRole,
    AssignmentState,
    ConditionState,
    DueSource,
    ExtensionState,
    QuestionKind,
    QuestionState,
)
from tasks.errors import Refused, TransitionNotAllowed
from tasks.models import Assignment, DirectiveTask, ExtensionRequest, Nudge, UnitQuestion
from tasks.permissions import refuse_own_work
from units.models import Unit

S = AssignmentState
REASON_MIN, REASON_MAX = 3, 500


def required_reason(reason: str, what: str) -> str:
    """The reason without blanks around it.

    Raises:
        Refused: it is too short to be one, or longer than the column.
    """
    reason = reason.strip()
    if len(reason) < REASON_MIN:
        raise Refused(f"Hãy ghi {what} (ít nhất {REASON_MIN} ký tự).")
    if len(reason) > REASON_MAX:
        raise Refused(f"Phần {what} dài {len(reason)} ký tự; xin rút gọn còn {REASON_MAX}.")
    return reason


def keep_figures(assignment: Assignment, *, now: datetime) -> None:
    """Recount the figures that one assignment stands in; coordinating work stands in none."""
    if assignment.role == AssignmentRole.LEAD:
        tallies.refresh(
            assignment.directive,
            unit_ids=[assignment.unit_id],
            task_ids=[assignment.task_id],
            today=timezone.localdate(now),
        )


def moved(old: str, new: str) -> dict:
    """From which state to which, in words, for the record."""
    return {"from": S(old).label, "to": S(new).label}


def _done(assignment: Assignment, verb: str, *, by, now: datetime, old: str, reason: str = "") -> None:
    """What follows every move: figures and the record. Errors: Refused when the document was ended in this second."""
    hold_followed(assignment.directive_id)
    keep_figures(assignment, now=now)
    record(verb, by=by, at=now, target=assignment, data=moved(old, assignment.state), reason=reason)


@transaction.atomic
def acknowledge(assignment: Assignment, *, by, now: datetime) -> None:
    """The unit says it has the work: "đã nhận"."""
    old = assignment.state
    _take_note(assignment, by=by, now=now, objects=bool(objecting([assignment])))
    _done(assignment, "assignment.acknowledged", by=by, now=now, old=old)


@transaction.atomic
def acknowledge_all(assignments: Iterable[Assignment], *, by, now: datetime) -> int:
    """The unit takes all its new work at once: one act, one line in the record. The number taken.

    What a colleague took in the same moment is passed over.
    """
    taken, assignments = [], list(assignments)
    disputed = objecting(assignments)
    for assignment in assignments:
        try:
            _take_note(assignment, by=by, now=now, objects=assignment.pk in disputed)
        except TransitionNotAllowed:
            continue
        keep_figures(assignment, now=now)
        taken.append(assignment)
    if taken:
        data = {"count": len(taken), "codes": [assignment.task.code for assignment in taken]}
        record("assignment.all_acknowledged", by=by, at=now, target=taken[0].unit, data=data)
    return len(taken)


def _take_note(assignment: Assignment, *, by, now: datetime, objects: bool) -> None:
    taken = assignment.note_taken(by=by, today=timezone.localdate(now), objects=objects)
    note = "Đã tiếp nhận"
    if "due_source" in taken:
        note += f", thống nhất hạn {vn_date(assignment.due_current)}"
    assignment.move_to(S.IN_PROGRESS, from_={S.ASSIGNED}, by=by, now=now, note=note, **taken)


def objecting(assignments: Iterable[Assignment]) -> set[int]:
    """The ids of those against whose proposed day the unit has an objection waiting (1 statement, none where no day is
    the office's proposal)."""
    pks = [assignment.pk for assignment in assignments if assignment.due_source == DueSource.OFFICE]
    if not pks:
        return set()
    return set(UnitQuestion.objects.objections().filter(assignment__in=pks).values_list("assignment_id", flat=True))


def close_questions(
    assignment: Assignment, state: QuestionState, *, by, now: datetime, words: str, kinds: Iterable[str] = QuestionKind
) -> None:
    """Answer what waits about it by what was just done to it."""
    UnitQuestion.objects.waiting().filter(assignment=assignment, kind__in=list(kinds)).update(
        state=state, answer=words[:1000], answered_by=by, answered_at=now
    )


@transaction.atomic
def give_back(assignment: Assignment, *, by, now: datetime, reason: str) -> None:
    """The unit says "không phải việc của chúng tôi"; the office answers."""
    reason = required_reason(reason, "lý do trả lại")
    old = assignment.state
    assignment.move_to(S.RETURNED_BY_UNIT, from_={S.ASSIGNED}, by=by, now=now, note=reason, state_reason=reason)
    _done(assignment, "assignment.given_back", by=by, now=now, old=old, reason=reason)
    reminders.tell_office(
        "given_back",
        f"{assignment.unit.short_name} trả lại việc {assignment.task.code}",
        url=assignment.get_absolute_url(),
        target=assignment,
        about=[assignment],
        now=now,
    )


@transaction.atomic
def keep(assignment: Assignment, *, by, now: datetime, reason: str) -> None:
    """The office answers work given back: it stays with the unit."""
    refuse_own_work(by, assignment)
    reason = required_reason(reason, "lý do giữ nguyên")
    old = assignment.state
    assignment.move_to(S.ASSIGNED, from_={S.RETURNED_BY_UNIT}, by=by, now=now, note=reason, state_reason="")
    close_questions(assignment, QuestionState.KEPT, by=by, now=now, words=reason, kinds=[QuestionKind.NOT_OURS])
    _done(assignment, "assignment.kept", by=by, now=now, old=old, reason=reason)
    reminders.tell_unit(
        assignment,
        "kept",
        f"{assignment.decider_words} giữ nguyên việc {assignment.task.code} cho đơn vị",
        detail=reason,
        now=now,
    )


def cancel(assignment: Assignment, *, by, now: datetime, reason: str) -> None:
    """Take the work away; it stays visible, outside the figures."""
    reason = required_reason(reason, "lý do hủy")
    _set_aside(assignment, S.CANCELLED, "assignment.cancelled", by=by, now=now, reason=reason)


@transaction.atomic
def end_by_document(assignment: Assignment, *, by, now: datetime, reason: str) -> None:
    """Take the work away because a later document ends it. Whoever issues that document tells the unit, once for all."""
    refuse_own_work(by, assignment)
    reason = required_reason(reason, "văn bản kết thúc")
    old = assignment.state
    _put_outside(assignment, S.CANCELLED, by=by, now=now, reason=reason)
    _done(assignment, "assignment.ended_by_document", by=by, now=now, old=old, reason=reason)


@transaction.atomic
def move_due_by_document(assignment: Assignment, new_due: date, *, by, now: datetime, reason: str) -> None:
    """Set the day that a later document names; the original stays. Whoever issues that document tells the unit.

    Reminders of the old day are taken back, those of the new one armed.
    """
    refuse_own_work(by, assignment)
    reason = required_reason(reason, "văn bản đổi hạn")
    old = assignment.due_current
    assignment.set_due(new_due, source=DueSource.TEXT, by=by, now=now, reason=reason)
    outbox.supersede(assignment, version_below=assignment.due_version, now=now)
    keep_figures(assignment, now=now)
    data = {"from": old.isoformat() if old else None, "to": new_due.isoformat()}
    record("assignment.due_by_document", by=by, at=now, target=assignment, data=data, reason=reason)


def mark_not_applicable(assignment: Assignment, *, by, now: datetime, reason: str) -> None:
    """ "Không phát sinh": there was nothing to do."""
    reason = required_reason(reason, "căn cứ không phát sinh")
    _set_aside(assignment, S.NOT_APPLICABLE, "assignment.not_applicable", by=by, now=now, reason=reason)


@transaction.atomic
def _set_aside(assignment: Assignment, state: S, verb: str, *, by, now: datetime, reason: str) -> None:
    refuse_own_work(by, assignment)
    old = assignment.state
    _put_outside(assignment, state, by=by, now=now, reason=reason)
    _done(assignment, verb, by=by, now=now, old=old, reason=reason)
    if assignment.is_part and state == S.CANCELLED:
        reminders.tell_unit(
            assignment, "part_withdrawn", f"Thu hồi phần việc {assignment.task}", detail=reason, now=now
        )
    elif assignment.role != AssignmentRole.INFORMED:
        said = "Không phải làm nữa" if state == S.CANCELLED else "Ghi là không phát sinh"
        reminders.tell_unit(assignment, "set_aside", f"{said}: việc {assignment.task}", detail=reason, now=now)


def _put_outside(assignment: Assignment, state: S, *, by, now: datetime, reason: str) -> None:
    """Out of the figures and the reminders."""
    assignment.move_to(
        state,
        from_={*OPEN_STATES, S.PAUSED},
        by=by,
        now=now,
        note=reason,
        state_reason=reason,
        paused_from="",
    )
    close_questions(assignment, QuestionState.SET_ASIDE, by=by, now=now, words=reason)
    ExtensionRequest.objects.pending().filter(assignment=assignment).update(
        state=ExtensionState.REFUSED,
        decision_reason=f"Phần việc không phải làm nữa: {reason}"[:1000],
        decided_by=by,
        decided_at=now,
    )
    outbox.supersede(assignment, now=now)


@transaction.atomic
def pause(assignment: Assignment, *, by, now: datetime, reason: str) -> None:
    """Stop the clock and the reminders; the state is remembered."""
    refuse_own_work(by, assignment)
    reason = required_reason(reason, "lý do tạm dừng")
    old = assignment.state
    assignment.move_to(
        S.PAUSED,
        from_={S.ASSIGNED, S.IN_PROGRESS, S.REDO},
        by=by,
        now=now,
        note=reason,
        state_reason=reason,
        paused_from=assignment.state,
    )
    outbox.supersede(assignment, now=now)
    _done(assignment, "assignment.paused", by=by, now=now, old=old, reason=reason)
    reminders.tell_unit(assignment, "paused", f"Tạm dừng việc {assignment.task}", detail=reason, mail=None, now=now)


@transaction.atomic
def resume(assignment: Assignment, *, by, now: datetime) -> None:
    """Go on from where it was paused."""
    refuse_own_work(by, assignment)
    if assignment.state != S.PAUSED:
        raise TransitionNotAllowed("Phần việc không ở trạng thái tạm dừng.")
    assignment.move_to(
        S(assignment.paused_from),
        from_={S.PAUSED},
        by=by,
        now=now,
        note="Tiếp tục thực hiện",
        paused_from="",
        state_reason="",
    )
    _done(assignment, "assignment.resumed", by=by, now=now, old=S.PAUSED)
    until = f", hạn {vn_date(assignment.due_current)}" if assignment.due_current else ""
    reminders.tell_unit(assignment, "resumed", f"Tiếp tục việc {assignment.task}{until}", mail=None, now=now)


@transaction.atomic
def reopen(assignment: Assignment, *, by, now: datetime, reason: str) -> None:
    """Take back an acceptance: the work is to be done again."""
    refuse_own_work(by, assignment)
    reason = required_reason(reason, "lý do mở lại")
    old = assignment.state
    assignment.move_to(
        S.REDO,
        from_={S.COMPLETED, S.NOT_APPLICABLE},
        by=by,
        now=now,
        note=reason,
        state_reason=reason,
        completed_on=None,
        submitted_on=None,
    )
    _done(assignment, "assignment.reopened", by=by, now=now, old=old, reason=reason)
    reminders.tell_unit(assignment, "reopened", f"Việc {assignment.task.code} được mở lại", detail=reason, now=now)


@transaction.atomic
def nudge(assignment: Assignment, *, by, now: datetime, message: str) -> Nudge:
    """A person chases the unit; the words go out as a mail of their own."""
    refuse_own_work(by, assignment)
    message = required_reason(message, "lời đôn đốc")
    if not assignment.is_open:
        raise TransitionNotAllowed("Phần việc không còn mở, không cần đôn đốc.")
    row = Nudge.objects.create(assignment=assignment, by=by, at=now, message=message)
    record("assignment.nudged", by=by, at=now, target=assignment, reason=message)
    reminders.tell_nudge(row, now=now)
    return row


@transaction.atomic
def set_condition(task: DirectiveTask, *, decide_by: date | None, decider: Unit | None, by, now: datetime) -> bool:
    """Say until when a task's condition is to be decided and by whom; whether anything changed.

    Args:
        task: as the person saw it; what somebody else has changed since is not overwritten.

    Raises:
        Refused: the day is over already, or somebody else decided or changed it meanwhile.
    """
    if (task.condition_decide_by, task.condition_decider_id) == (decide_by, decider.pk if decider else None):
        return False
    if decide_by and decide_by != task.condition_decide_by and decide_by < timezone.localdate(now):
        raise Refused("Ngày phải quyết định đã qua. Xin chọn từ hôm nay trở đi.")
    seen = {"condition_decide_by": task.condition_decide_by, "condition_decider": task.condition_decider_id}
    changed = DirectiveTask.objects.filter(pk=task.pk, condition_state=ConditionState.UNDECIDED, **seen).update(
        condition_decide_by=decide_by, condition_decider=decider
    )
    if not changed:
        raise Refused("Điều kiện này vừa được người khác sửa hoặc quyết định. Xin xem lại.")
    data = {
        "from": _condition_words(task.condition_decide_by, task.condition_decider),
        "to": _condition_words(decide_by, decider),
    }
    task.condition_decide_by, task.condition_decider = decide_by, decider
    # The ladder counts from the new day.
    Pulse.objects.plan_anew()
    record("task.condition_set", by=by, at=now, target=task, data=data)
    return True


def _condition_words(decide_by: date | None, decider: Unit | None) -> str:
    until = f"trước {vn_date(decide_by)}" if decide_by else "chưa đặt ngày"
    return f"{until}, {decider.short_name if decider else 'chưa rõ bên quyết định'}"


@transaction.atomic
def decide_condition(task: DirectiveTask, *, applies: bool, by, now: datetime, reason: str) -> None:
    """Answer a task's "nếu …": it applies, or nobody owes it. Decided once.

    Raises:
        Refused: no reason, the person's own unit is concerned, or somebody else decided meanwhile.
    """
    reason = required_reason(reason, "căn cứ quyết định")
    assignments = list(task.assignments.select_related("task", "unit", "directive"))
    for assignment in assignments:
        if assignment.role != AssignmentRole.INFORMED:
            refuse_own_work(by, assignment)
    values = {
        "condition_state": ConditionState.APPLIES if applies else ConditionState.NOT_APPLIES,
        "condition_reason": reason,
        "condition_decided_by": by,
        "condition_decided_at": now,
    }
    won = DirectiveTask.objects.filter(pk=task.pk, condition_state=ConditionState.UNDECIDED).update(**values)
    if not won:
        raise Refused("Điều kiện này vừa được người khác quyết định. Xin xem lại.")
    for name, value in values.items():
        setattr(task, name, value)
    set_aside = 0
    for assignment in assignments:
        assignment.task = task
        if not applies and (assignment.is_open or assignment.state == S.PAUSED):
            _put_outside(assignment, S.NOT_APPLICABLE, by=by, now=now, reason=reason)
            set_aside += 1
        keep_figures(assignment, now=now)
        reminders.tell_unit(
            assignment,
            "condition",
            f"{task.condition_question or task.condition_text}: {'Có' if applies else 'Không'}",
            detail=reason,
            now=now,
        )
    data = {
        "from": ConditionState.UNDECIDED.label,
        "to": ConditionState(task.condition_state).label,
        "count": len(assignments),
        "set_aside": set_aside,
    }
    # What applies is reminded from now on, though nothing of its parts has changed.
    Pulse.objects.plan_anew()
    record("task.condition_decided", by=by, at=now, target=task, data=data, reason=reason)
