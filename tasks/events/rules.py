"""May this user do this to that activity, inspection or finding? Shows the button and guards the POST."""

from typing import Any

from tasks.enums import AssignmentRole, AssignmentState, ConditionState
from tasks.errors import Refused
from tasks.models import Activity, Assignment, DirectiveTask, Finding, FindingState, Inspection
from tasks.querysets import access_for
from units.models import Unit

NO_EVENTS = (AssignmentState.CANCELLED, AssignmentState.NOT_APPLICABLE)


def _writes_for(user: Any, unit_id: int) -> bool:
    access = access_for(user)
    return unit_id in access.reporter_unit_ids or unit_id in access.head_unit_ids


def can_record_activity(user: Any, assignment: Assignment) -> bool:
    """The unit's own people, of work it has. A task that takes words and counts only has neither pictures nor places."""
    return (
        assignment.directive.is_issued
        and assignment.role != AssignmentRole.INFORMED
        and assignment.state not in NO_EVENTS
        and not assignment.task.words_and_counts_only
        and _writes_for(user, assignment.unit_id)
    )


def can_change_activity(user: Any, activity: Activity) -> bool:
    """The same people; what was cancelled stays as it is."""
    return not activity.is_cancelled and can_record_activity(user, activity.assignment)


def is_inspectable(task: DirectiveTask) -> bool:
    """Required work of a directive that is followed; encouraged work is never late, and 3a.4-like work is no place."""
    return (
        task.directive.is_issued
        and not task.is_encouraged
        and not task.words_and_counts_only
        and task.condition_state not in (ConditionState.UNDECIDED, ConditionState.NOT_APPLIES)
    )


def inspecting_unit_id(user: Any, task: DirectiveTask) -> int | None:
    """In whose name the person inspects how the task is done: the monitoring unit the person works for, else the
    office; None for everybody else."""
    access = access_for(user)
    units = access.reporter_unit_ids | access.head_unit_ids
    if units:
        mine = task.monitors.filter(pk__in=units).order_by("pk").values_list("pk", flat=True).first()
        if mine is not None:
            return mine
    return task.directive.office_id if access.is_office else None


def can_inspect(user: Any, task: DirectiveTask) -> bool:
    return is_inspectable(task) and inspecting_unit_id(user, task) is not None


def can_write_inspection(user: Any, inspection: Inspection) -> bool:
    """Add places and findings, send it: the inspecting unit's people, until it is sent."""
    return (
        not inspection.is_sent
        and is_inspectable(inspection.task)
        and inspection.unit_id in access_for(user).desk_unit_ids
    )


def is_of_own_unit(user: Any, unit_id: int, task: DirectiveTask) -> bool:
    """Whether somebody of a unit would be judging the unit itself, whatever other roles the person has."""
    access = access_for(user)
    return unit_id in access.interested_unit_ids or (access.is_office and unit_id == task.directive.office_id)


def refuse_own_unit(user: Any, unit: Unit, task: DirectiveTask) -> None:
    """What every service asks that inspects a unit or decides about its finding. Errors: Refused."""
    if is_of_own_unit(user, unit.pk, task):
        raise Refused(
            f"Không ai của {unit.short_name} tự kiểm tra, tự xác nhận cho đơn vị mình; xin để người khác làm."
        )


def can_answer_finding(user: Any, finding: Finding) -> bool:
    """The people of the unit that answers for the place, while it is in their hands."""
    place = finding.place
    return (
        finding.asks_unit
        and place.inspection.is_sent
        and place.inspection.task.directive.is_issued
        and _writes_for(user, place.unit_id)
    )


def may_judge_finding(user: Any, finding: Finding) -> bool:
    """The office and the people of a unit that monitors the task or made the inspection; nobody of the unit itself."""
    inspection = finding.place.inspection
    if not inspection.is_sent or not inspection.task.directive.is_issued:
        return False
    if is_of_own_unit(user, finding.place.unit_id, inspection.task):
        return False
    access = access_for(user)
    units = access.reporter_unit_ids | access.head_unit_ids
    if access.is_office or inspection.unit_id in units:
        return True
    return bool(units) and inspection.task.monitors.filter(pk__in=units).exists()


def can_close_finding(user: Any, finding: Finding) -> bool:
    """Also without an answer: whoever went there again has seen that it is mended."""
    return not finding.is_closed and may_judge_finding(user, finding)


def can_send_back_finding(user: Any, finding: Finding) -> bool:
    return finding.state == FindingState.ANSWERED and may_judge_finding(user, finding)
