"""May this user do this to that? The same function shows the button and guards the POST.

One rule is asked once more by the services themselves, because no way in may forget it: nobody of a unit decides about
the unit's own work (`refuse_own_work`).
"""

from tasks.chasing.rules import is_late
from tasks.enums import (
    REPORTABLE_STATES,
    AssignmentRole,
    AssignmentState,
    ConditionState,
    DueSource,
    ExtensionState,
    QuestionKind,
    ReportState,
    SectionState,
)
from tasks.errors import Refused
from tasks.models import Assignment, Directive, DirectiveTask, ExtensionRequest, UnitQuestion, UnitReport
from tasks.querysets import access_for

S = AssignmentState


def _reports_for(user, unit_id: int) -> bool:
    access = access_for(user)
    return unit_id in access.reporter_unit_ids or unit_id in access.head_unit_ids


def _handed_it_on(user, assignment: Assignment) -> bool:
    """Whether the person works for the unit that handed the part on: it reviews, chases, extends and ends it."""
    return assignment.is_part and _reports_for(user, assignment.parent.unit_id)


def is_own_work(user, assignment: Assignment) -> bool:
    """Whether somebody of the unit would be judging the unit's work, whatever other roles the person has.

    Counts every unit the person belongs to or may stand in for somebody of; the office's own work is that of
    everybody who holds office, from whichever room.
    """
    access = access_for(user)
    if assignment.unit_id in access.interested_unit_ids:
        return True
    return access.is_office and assignment.unit_id == assignment.directive.office_id


def refuse_own_work(user, assignment: Assignment) -> None:
    """What every service asks that decides about a unit's work, so that no page and no command can forget it.

    Errors: Refused. Without a person (the program itself) nothing is refused.
    """
    if user is not None and is_own_work(user, assignment):
        raise Refused(
            f"Không ai của {assignment.unit.short_name} tự quyết định việc của chính đơn vị mình; "
            "xin để người khác xem xét."
        )


def _may_judge(user, assignment: Assignment) -> bool:
    """The office about the units' work, who handed a part on about that part; about the office's own work, whoever
    reviews it (Thường trực)."""
    access = access_for(user)
    if not assignment.directive.is_issued or is_own_work(user, assignment):
        return False
    if access.is_office or _handed_it_on(user, assignment):
        return True
    return (
        access.is_reader
        and assignment.unit_id == assignment.directive.office_id
        and assignment.task.reviewing_unit_id in access.desk_unit_ids
    )


def can_record_directive(user) -> bool:
    return access_for(user).is_office


def can_issue(user, directive: Directive) -> bool:
    return access_for(user).is_office and directive.is_draft


def can_edit_draft(user, directive: Directive) -> bool:
    return access_for(user).is_office and directive.is_draft


def can_correct_text(user, directive: Directive) -> bool:
    """Add a corrected version of the text, while the document is a draft or followed."""
    return access_for(user).is_office and not directive.is_closed


def can_acknowledge(user, assignment: Assignment) -> bool:
    return assignment.state == S.ASSIGNED and assignment.directive.is_issued and _reports_for(user, assignment.unit_id)


def can_give_back(user, assignment: Assignment) -> bool:
    return can_acknowledge(user, assignment)


def can_answer_given_back(user, assignment: Assignment) -> bool:
    return assignment.state == S.RETURNED_BY_UNIT and _may_judge(user, assignment)


def can_report(user, unit_id: int, directive: Directive) -> bool:
    return directive.is_issued and _reports_for(user, unit_id)


def can_report_on_behalf(user, unit_id: int, directive: Directive) -> bool:
    """The office, of any unit but one of the person's own and the office itself."""
    access = access_for(user)
    own = unit_id in access.interested_unit_ids or unit_id == directive.office_id
    return access.is_office and directive.is_issued and not own


def can_edit_report(user, report: UnitReport) -> bool:
    """The unit's people; what the office enters, the office alone until it is sent."""
    if not (report.is_editable and report.directive.is_issued):
        return False
    if report.on_behalf and can_report_on_behalf(user, report.unit_id, report.directive):
        return True
    entered = report.on_behalf and report.state == ReportState.DRAFT
    return not entered and _reports_for(user, report.unit_id)


def can_attach_signed(user, report: UnitReport) -> bool:
    """The scan of the signed paper: the unit's people once it is sent; the office for what it entered."""
    if report.submitted_at is None or not report.directive.is_issued:
        return False
    entered = report.on_behalf and can_report_on_behalf(user, report.unit_id, report.directive)
    return entered or _reports_for(user, report.unit_id)


def can_approve_as_head(user, report: UnitReport) -> bool:
    waits = report.state == ReportState.AWAITING_UNIT_HEAD
    return waits and report.directive.is_issued and report.unit_id in access_for(user).head_unit_ids


def can_revoke_link(user, link) -> bool:
    """Take a mailed link back: the office, and the unit's own people. Those of a document that is no longer followed
    open nothing."""
    followed = not link.is_revoked and link.directive.is_issued
    return followed and (access_for(user).is_office or _reports_for(user, link.unit_id))


def can_recall(user, report: UnitReport) -> bool:
    """The unit's own people, while some of it may still wait for a decision."""
    open_states = (ReportState.SUBMITTED, ReportState.RETURNED, ReportState.RECALLED)
    return report.state in open_states and report.directive.is_issued and _reports_for(user, report.unit_id)


def can_take_from_head(user, report: UnitReport) -> bool:
    """Whoever writes or approves for the unit, until the head has let it go."""
    waits = report.state == ReportState.AWAITING_UNIT_HEAD
    return waits and report.directive.is_issued and _reports_for(user, report.unit_id)


def can_request_extension(user, assignment: Assignment) -> bool:
    return (
        assignment.state in REPORTABLE_STATES
        and assignment.due_current is not None
        and assignment.directive.is_issued
        and _reports_for(user, assignment.unit_id)
    )


def can_withdraw_extension(user, request: ExtensionRequest) -> bool:
    return (
        request.state == ExtensionState.PENDING
        and request.assignment.directive.is_issued
        and _reports_for(user, request.assignment.unit_id)
    )


def can_permit_extension(user, assignment: Assignment, *, today) -> bool:
    """Let a unit ask although the due day is over: who would decide, of late work in the unit's hands."""
    late = assignment.due_current is not None and assignment.due_current < today
    return late and assignment.state in REPORTABLE_STATES and _may_judge(user, assignment)


def can_ask(user, assignment: Assignment, kind: str) -> bool:
    """What a unit may answer to work it was given, beside "đã nhận" (tasks/asking)."""
    if not assignment.directive.is_issued or not _reports_for(user, assignment.unit_id):
        return False
    if kind == QuestionKind.NOT_OURS:
        return assignment.state == S.ASSIGNED
    if kind == QuestionKind.UNCLEAR:
        return assignment.state in REPORTABLE_STATES
    proposed = assignment.due_source == DueSource.OFFICE and assignment.due_current is not None
    return proposed and assignment.state in (S.ASSIGNED, S.IN_PROGRESS)


def can_answer(user, question: UnitQuestion) -> bool:
    """Who decides about the unit's work, nobody of the unit."""
    return question.is_open and _may_judge(user, question.assignment)


def can_withdraw_question(user, question: UnitQuestion) -> bool:
    assignment = question.assignment
    return question.is_open and assignment.directive.is_issued and _reports_for(user, assignment.unit_id)


def can_decide_extension(user, request: ExtensionRequest) -> bool:
    return request.state == ExtensionState.PENDING and _may_judge(user, request.assignment)


def can_review(user, assignment: Assignment) -> bool:
    """The reviewing unit's people accept lead work, the lead's people its contributions;
    nobody of the unit itself ever does."""
    access = access_for(user)
    if not assignment.directive.is_issued or is_own_work(user, assignment):
        return False
    if assignment.role == AssignmentRole.LEAD:
        reviewer = assignment.task.reviewing_unit_id
        # The office's own focal point reports for it; only who holds office reviews for it.
        return reviewer in access.desk_unit_ids and (access.is_office or reviewer != assignment.directive.office_id)
    units = access.reporter_unit_ids | access.head_unit_ids
    if not units or assignment.role == AssignmentRole.INFORMED:
        return False
    if assignment.role == AssignmentRole.PART:
        return assignment.parent.unit_id in units
    return Assignment.objects.filter(task=assignment.task_id, role=AssignmentRole.LEAD, unit__in=units).exists()


def can_decide_section(user, section) -> bool:
    return section.state == SectionState.SUBMITTED and can_review(user, section.assignment)


def can_manage(user, assignment: Assignment) -> bool:
    """Pause, resume, cancel, reopen, mark as not applicable."""
    return _may_judge(user, assignment)


def can_nudge(user, assignment: Assignment) -> bool:
    """The office, who handed the part on, and the people of a unit that monitors the task; only open work."""
    access = access_for(user)
    if not assignment.is_open or assignment.state == S.SUBMITTED:
        return False
    if not assignment.directive.is_issued or is_own_work(user, assignment):
        return False
    if access.is_office or _handed_it_on(user, assignment):
        return True
    units = access.reporter_unit_ids | access.head_unit_ids
    return bool(units) and assignment.task.monitors.filter(pk__in=units).exists()


def can_decide_condition(user, task: DirectiveTask) -> bool:
    """The office, but nobody whose own unit would be relieved of work by the answer; where that is the office
    itself, the people of the unit that reviews the task or decides the condition."""
    access = access_for(user)
    if task.condition_state != ConditionState.UNDECIDED or not task.directive.is_issued:
        return False
    if not (access.is_office or access.is_reader):
        return False
    concerned = set(task.assignments.exclude(role=AssignmentRole.INFORMED).order_by().values_list("unit_id", flat=True))
    if concerned & access.interested_unit_ids:
        return False
    if task.directive.office_id not in concerned:
        return access.is_office
    judges = {task.reviewing_unit_id, task.condition_decider_id}
    return access.is_reader and not access.is_office and bool(judges & access.desk_unit_ids)


def can_set_condition(user, task: DirectiveTask) -> bool:
    """The office says until when a condition is decided and by whom, while nobody has decided it."""
    followed = task.directive.is_draft or task.directive.is_issued
    return task.condition_state == ConditionState.UNDECIDED and followed and access_for(user).is_office


def can_set_waits(user, task: DirectiveTask) -> bool:
    """The office says which task comes after which, until the document is no longer followed."""
    return access_for(user).is_office and (task.directive.is_draft or task.directive.is_issued)


def can_fix_coordinating(user, task: DirectiveTask) -> bool:
    """The office, or the lead whose text says "các đơn vị liên quan"."""
    access = access_for(user)
    if not task.directive.is_issued:
        return False
    if access.is_office:
        return True
    units = access.reporter_unit_ids | access.head_unit_ids
    return bool(units) and task.assignments.filter(role=AssignmentRole.LEAD, unit__in=units).exists()


def can_make_digest(user) -> bool:
    """Freeze the figures of this moment for the Standing Committee."""
    return access_for(user).is_office


def can_chase(user) -> bool:
    """Open the list of what may be chased: the office, and who monitors any task."""
    access = access_for(user)
    units = access.reporter_unit_ids | access.head_unit_ids
    return access.is_office or (bool(units) and DirectiveTask.monitors.through.objects.filter(unit__in=units).exists())


def can_note_call(user, assignment: Assignment) -> bool:
    """Write down a call about work: whoever may chase it, also while the report waits or the work is paused."""
    access = access_for(user)
    if not (assignment.is_open or assignment.state == S.PAUSED):
        return False
    if not assignment.directive.is_issued or is_own_work(user, assignment):
        return False
    if access.is_office:
        return True
    units = access.reporter_unit_ids | access.head_unit_ids
    return bool(units) and assignment.task.monitors.filter(pk__in=units).exists()


def can_explain_delay(user, assignment: Assignment, *, today) -> bool:
    """The unit's own people, of work that is late in their hands on that day."""
    return _reports_for(user, assignment.unit_id) and is_late(assignment, today=today)


def can_write_letter(user, unit) -> bool:
    """The office, to any unit but one of the person's own; the office writes no letter to itself."""
    access = access_for(user)
    return access.is_office and unit.pk not in access.interested_unit_ids


def can_mark_sent(user, letter) -> bool:
    """The office, once, and nobody of the unit it goes to."""
    return not letter.is_sent and can_write_letter(user, letter.unit)
