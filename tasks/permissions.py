"""May this user do this to that? The same function shows the button and guards the POST."""

from tasks.enums import (
    REPORTABLE_STATES,
    AssignmentRole,
    AssignmentState,
    ConditionState,
    ExtensionState,
    ReportState,
    SectionState,
)
from tasks.models import Assignment, Directive, DirectiveTask, ExtensionRequest, UnitReport
from tasks.querysets import access_for

S = AssignmentState


def _reports_for(user, unit_id: int) -> bool:
    access = access_for(user)
    return unit_id in access.reporter_unit_ids or unit_id in access.head_unit_ids


def _office_apart_from(user, unit_id: int) -> bool:
    """Of the office, and not deciding about one's own unit's work."""
    access = access_for(user)
    return access.is_office and unit_id not in access.own_unit_ids


def can_record_directive(user) -> bool:
    return access_for(user).is_office


def can_issue(user, directive: Directive) -> bool:
    return access_for(user).is_office and directive.is_draft


def can_edit_draft(user, directive: Directive) -> bool:
    return access_for(user).is_office and directive.is_draft


def can_acknowledge(user, assignment: Assignment) -> bool:
    return assignment.state == S.ASSIGNED and assignment.directive.is_issued and _reports_for(user, assignment.unit_id)


def can_give_back(user, assignment: Assignment) -> bool:
    return can_acknowledge(user, assignment)


def can_answer_given_back(user, assignment: Assignment) -> bool:
    return assignment.state == S.RETURNED_BY_UNIT and _office_apart_from(user, assignment.unit_id)


def can_report(user, unit_id: int, directive: Directive) -> bool:
    return directive.is_issued and _reports_for(user, unit_id)


def can_edit_report(user, report: UnitReport) -> bool:
    return report.is_editable and report.directive.is_issued and _reports_for(user, report.unit_id)


def can_approve_as_head(user, report: UnitReport) -> bool:
    return report.state == ReportState.AWAITING_UNIT_HEAD and report.unit_id in access_for(user).head_unit_ids


def can_request_extension(user, assignment: Assignment) -> bool:
    return (
        assignment.state in REPORTABLE_STATES
        and assignment.due_current is not None
        and assignment.directive.is_issued
        and _reports_for(user, assignment.unit_id)
    )


def can_decide_extension(user, request: ExtensionRequest) -> bool:
    return request.state == ExtensionState.PENDING and _office_apart_from(user, request.assignment.unit_id)


def can_review(user, assignment: Assignment) -> bool:
    """The reviewing unit's people accept lead work, the lead's people its contributions;
    nobody of the unit itself ever does."""
    access = access_for(user)
    if assignment.unit_id in access.own_unit_ids or not assignment.directive.is_issued:
        return False
    if assignment.role == AssignmentRole.LEAD:
        return assignment.task.reviewing_unit_id in access.own_unit_ids and (
            access.is_office or access.is_reader or access.works_for_a_unit
        )
    return Assignment.objects.filter(
        task=assignment.task_id,
        role=AssignmentRole.LEAD,
        unit__in=access.reporter_unit_ids | access.head_unit_ids,
    ).exists()


def can_decide_section(user, section) -> bool:
    return section.state == SectionState.SUBMITTED and can_review(user, section.assignment)


def can_manage(user, assignment: Assignment) -> bool:
    """Pause, resume, cancel, reopen, mark as not applicable."""
    return assignment.directive.is_issued and _office_apart_from(user, assignment.unit_id)


def can_nudge(user, assignment: Assignment) -> bool:
    """The office, and the people of a unit that monitors the task; only open work."""
    access = access_for(user)
    if not assignment.is_open or assignment.state == S.SUBMITTED:
        return False
    if not assignment.directive.is_issued or assignment.unit_id in access.own_unit_ids:
        return False
    if access.is_office:
        return True
    units = access.reporter_unit_ids | access.head_unit_ids
    return bool(units) and assignment.task.monitors.filter(pk__in=units).exists()


def can_decide_condition(user, task: DirectiveTask) -> bool:
    return task.condition_state == ConditionState.UNDECIDED and task.directive.is_issued and access_for(user).is_office


def can_fix_coordinating(user, task: DirectiveTask) -> bool:
    """The office, or the lead whose text says "các đơn vị liên quan"."""
    access = access_for(user)
    if not task.directive.is_issued:
        return False
    if access.is_office:
        return True
    units = access.reporter_unit_ids | access.head_unit_ids
    return bool(units) and task.assignments.filter(role=AssignmentRole.LEAD, unit__in=units).exists()
