"""Asking, objecting, taking it back, and the answers. Each is one transaction; what is answered is answered once."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from directive_tracker.vietnamese import vn_date, vn_datetime
from notifications import outbox
from records.audit import record
from tasks import lifecycle, reminders
from tasks.enums import AssignmentRole, AssignmentState, DueSource, QuestionKind, QuestionState
from tasks.errors import Refused
from tasks.extensions import refuse_odd_day
from tasks.issuing import add_assignment
from tasks.lifecycle import keep_figures, required_reason
from tasks.models import Assignment, UnitQuestion
from tasks.permissions import refuse_own_work
from units.models import Unit

K, Q = QuestionKind, QuestionState


# --- the unit ----------------------------------------------------------------------------------------


@transaction.atomic
def say_not_ours(
    assignment: Assignment, *, by, now: datetime, reason: str, named_unit: Unit | None = None
) -> UnitQuestion:
    """ "Không phải việc của chúng tôi": why, and whose it is where the unit knows. The work waits for the answer."""
    if named_unit is not None and named_unit.pk == assignment.unit_id:
        raise Refused("Đơn vị đề nghị phải là đơn vị khác.")
    lifecycle.give_back(assignment, by=by, now=now, reason=reason)
    return _ask(assignment, K.NOT_OURS, by=by, now=now, words=reason.strip(), named_unit=named_unit)


@transaction.atomic
def ask(assignment: Assignment, *, by, now: datetime, words: str) -> UnitQuestion:
    """ "Cần làm rõ": the work stays where it is; asking is not taking note."""
    words = required_reason(words, "điều cần làm rõ")
    question = _ask(assignment, K.UNCLEAR, by=by, now=now, words=words)
    _tell_office(question, f"{assignment.unit.short_name} hỏi về việc {assignment.task.code}", now=now)
    return question


@transaction.atomic
def propose_due(assignment: Assignment, *, by, now: datetime, day: date, reason: str) -> UnitQuestion:
    """Object to a day the office proposed, with another one and why.

    Raises:
        Refused: the day is the text's or agreed, the new one makes no sense, or this day has been answered already.
    """
    reason = required_reason(reason, "lý do đề nghị hạn khác")
    if assignment.due_source != DueSource.OFFICE or assignment.due_current is None:
        raise Refused("Chỉ đề nghị hạn khác khi hạn do Văn phòng đề nghị và chưa thống nhất; hạn khác thì xin gia hạn.")
    if day == assignment.due_current:
        raise Refused(f"Ngày đề nghị trùng hạn hiện nay ({vn_date(day)}).")
    refuse_odd_day(assignment, day, today=timezone.localdate(now))
    answered = assignment.questions.filter(kind=K.OTHER_DUE, due_version=assignment.due_version, state=Q.KEPT)
    if answered.exists():
        raise Refused("Văn phòng đã trả lời đề nghị về hạn này: giữ nguyên. Cần thêm thời gian thì xin gia hạn.")
    question = _ask(assignment, K.OTHER_DUE, by=by, now=now, words=reason, proposed_due=day)
    _tell_office(
        question, f"{assignment.unit.short_name} đề nghị hạn {vn_date(day)} cho việc {assignment.task.code}", now=now
    )
    return question


def _ask(assignment: Assignment, kind: QuestionKind, *, by, now: datetime, words: str, **values) -> UnitQuestion:
    try:
        with transaction.atomic():
            question = UnitQuestion.objects.create(
                assignment=assignment,
                kind=kind,
                words=words,
                old_due=assignment.due_current,
                due_version=assignment.due_version,
                asked_by=by,
                asked_at=now,
                **values,
            )
    except IntegrityError:
        raise Refused("Phần việc đã có một câu hỏi như vậy đang chờ trả lời.") from None
    record("question.asked", by=by, at=now, target=assignment, data={"kind": kind.label}, reason=words)
    return question


def _tell_office(question: UnitQuestion, title: str, *, now: datetime) -> None:
    reminders.tell_office(
        "question", title, url=question.get_absolute_url(), target=question, about=[question.assignment], now=now
    )


@transaction.atomic
def withdraw(question: UnitQuestion, *, by, now: datetime) -> None:
    """The unit needs no answer any more; work given back is the unit's new work again."""
    assignment = question.assignment
    _close(question, Q.WITHDRAWN, by=by, now=now, words="")
    if question.kind == K.NOT_OURS:
        assignment.move_to(
            AssignmentState.ASSIGNED,
            from_={AssignmentState.RETURNED_BY_UNIT},
            by=by,
            now=now,
            note="Đơn vị rút ý kiến trả lại việc",
            state_reason="",
        )
        keep_figures(assignment, now=now)
    record("question.withdrawn", by=by, at=now, target=assignment, data={"kind": K(question.kind).label})
    _tell_office(question, f"{assignment.unit.short_name} rút câu hỏi về việc {assignment.task.code}", now=now)


def what_became(question: UnitQuestion) -> str:
    """Who answered it when, for somebody who comes with an old page."""
    fresh = UnitQuestion.objects.select_related("answered_by").get(pk=question.pk)
    if fresh.answered_by is None:
        return "Câu hỏi này không còn chờ trả lời. Xin xem lại."
    return (
        f"{fresh.answered_by} đã giải quyết câu hỏi này lúc {vn_datetime(fresh.answered_at)}: "
        f"{fresh.get_state_display().lower()}."
    )


def _close(question: UnitQuestion, state: QuestionState, *, by, now: datetime, words: str, **values) -> None:
    """Let one of two people win; the other is told who was quicker."""
    values |= {"state": state, "answer": words[:1000], "answered_by": by, "answered_at": now}
    if not UnitQuestion.objects.waiting().filter(pk=question.pk).update(**values):
        raise Refused(what_became(question))
    for name, value in values.items():
        setattr(question, name, value)


# --- who answers -------------------------------------------------------------------------------------


@transaction.atomic
def keep(question: UnitQuestion, *, by, now: datetime, words: str) -> None:
    """The work stays with the unit, the day as it is."""
    refuse_own_work(by, question.assignment)
    words = required_reason(words, "lý do giữ nguyên")
    _close(question, Q.KEPT, by=by, now=now, words=words)
    if question.kind == K.NOT_OURS:
        lifecycle.keep(question.assignment, by=by, now=now, reason=words)
        return
    _answered(question, f"giữ nguyên hạn {vn_date(question.assignment.due_current)}", by=by, now=now)


@transaction.atomic
def hand_over(question: UnitQuestion, unit: Unit, *, by, now: datetime, words: str) -> Assignment:
    """Give the work to the other unit as issuing would, and take it from this one, with the reason on record.

    Raises:
        Refused: the unit has the work already, is this one, or somebody answered meanwhile.
    """
    assignment = question.assignment
    refuse_own_work(by, assignment)
    words = required_reason(words, "lý do giao đơn vị khác")
    if assignment.role == AssignmentRole.PART:
        raise Refused("Phần được giao lại do đơn vị giao quyết định; Văn phòng không chuyển sang đơn vị khác được.")
    if Assignment.objects.filter(task=assignment.task_id, unit=unit).exists():
        raise Refused(f"{unit.name} đã có việc {assignment.task.code}; chọn đơn vị khác hoặc hủy phần việc này.")
    given = add_assignment(assignment.task, unit, AssignmentRole(assignment.role), by=by, now=now)
    _close(question, Q.HANDED_OVER, by=by, now=now, words=words, handed_to=given)
    lifecycle.cancel(assignment, by=by, now=now, reason=f"Giao {unit.short_name}: {words}"[: lifecycle.REASON_MAX])
    _answered(question, "đã giao đơn vị khác", by=by, now=now, handed_to=unit.short_name)
    return given


@transaction.atomic
def cancel(question: UnitQuestion, *, by, now: datetime, words: str) -> None:
    """Nobody has to do it."""
    refuse_own_work(by, question.assignment)
    words = required_reason(words, "lý do hủy")
    _close(question, Q.SET_ASIDE, by=by, now=now, words=words)
    lifecycle.cancel(question.assignment, by=by, now=now, reason=words)
    _answered(question, "đã hủy phần việc của đơn vị", by=by, now=now)


@transaction.atomic
def explain(question: UnitQuestion, *, by, now: datetime, words: str) -> None:
    """Say what was asked; the words stand on the assignment."""
    refuse_own_work(by, question.assignment)
    words = required_reason(words, "câu trả lời")
    _close(question, Q.EXPLAINED, by=by, now=now, words=words)
    _answered(question, "đã làm rõ", by=by, now=now)


@transaction.atomic
def agree(question: UnitQuestion, *, by, now: datetime, words: str = "") -> None:
    """The day the unit proposed is agreed from now on."""
    refuse_own_work(by, question.assignment)
    _move_due(question, Q.AGREED, question.proposed_due, DueSource.AGREED, by=by, now=now, words=words.strip())
    _answered(question, f"đồng ý hạn {vn_date(question.proposed_due)}", by=by, now=now)


@transaction.atomic
def set_another(question: UnitQuestion, day: date, *, by, now: datetime, words: str) -> None:
    """Propose a third day; the unit agrees by taking note, or objects to it in turn."""
    refuse_own_work(by, question.assignment)
    words = required_reason(words, "lý do ấn định hạn khác")
    if day == question.assignment.due_current:
        raise Refused("Ngày này là hạn hiện nay; hãy chọn “Giữ nguyên hạn”.")
    _move_due(question, Q.ANOTHER_DUE, day, DueSource.OFFICE, by=by, now=now, words=words)
    _answered(question, f"hạn mới {vn_date(day)}", by=by, now=now)


def _move_due(question: UnitQuestion, state, day: date, source, *, by, now: datetime, words: str) -> None:
    assignment = question.assignment
    refuse_odd_day(assignment, day, today=timezone.localdate(now))
    _close(question, state, by=by, now=now, words=words, answered_due=day)
    reason = words or f"Theo đề nghị của đơn vị: {question.words}"
    assignment.set_due(day, source=source, by=by, now=now, reason=reason)
    outbox.supersede(assignment, version_below=assignment.due_version, now=now)
    keep_figures(assignment, now=now)


def _answered(question: UnitQuestion, what: str, *, by, now: datetime, **data) -> None:
    """On record, and told to the unit: what was decided in the mail, the words in the app."""
    assignment = question.assignment
    record(
        "question.answered",
        by=by,
        at=now,
        target=assignment,
        data={"kind": K(question.kind).label, "to": Q(question.state).label, **data},
        reason=question.answer,
    )
    reminders.tell_unit(
        assignment,
        "answered",
        f"Trả lời về việc {assignment.task.code}: {what}",
        detail=question.answer,
        url=question.get_absolute_url(),
        key=f"answered:{question.pk}",
        now=now,
    )
