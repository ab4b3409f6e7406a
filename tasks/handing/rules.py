"""Who may hand work on, ask for contributions, hand out papers; which units may be given a part."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from tasks.enums import AssignmentRole, AssignmentState
from tasks.models import Assignment, AssignmentProduct, ProductRelease
from tasks.models.assignment import MOST_DEPTH
from tasks.querysets import access_for
from units.models import Unit, UnitKind

S = AssignmentState
# In a unit's hands: what was given back, sent or ended is not handed on.
HANDED_ON_FROM = (S.ASSIGNED, S.IN_PROGRESS, S.REDO)
# These bodies give work; nobody of a unit gives work to them.
GIVES_WORK = (UnitKind.OFFICE, UnitKind.STANDING_COMMITTEE)


def works_for(user: Any, unit_id: int) -> bool:
    """Whether the user reports for the unit or heads it."""
    access = access_for(user)
    return unit_id in access.reporter_unit_ids or unit_id in access.head_unit_ids


def can_see_together(user: Any, assignment: Assignment) -> bool:
    """The table of who works on it: the unit's own people, the office and the readers."""
    return access_for(user).sees_all_assignments or works_for(user, assignment.unit_id)


def can_hand_on(user: Any, assignment: Assignment) -> bool:
    """The unit's own people, of work in their hands that was not handed on too often already."""
    return (
        assignment.role != AssignmentRole.INFORMED
        and assignment.state in HANDED_ON_FROM
        and assignment.depth < MOST_DEPTH
        and assignment.directive.is_issued
        and works_for(user, assignment.unit_id)
    )


def can_keep_partners(user: Any, assignment: Assignment) -> bool:
    """The unit's own people, while the work is open."""
    return assignment.is_open and assignment.directive.is_issued and works_for(user, assignment.unit_id)


def can_ask(user: Any, assignment: Assignment) -> bool:
    """Ask others for their contribution to this work: the unit's own people, until its report has been accepted."""
    return can_keep_partners(user, assignment) and assignment.role != AssignmentRole.INFORMED


def can_release(user: Any, delivery: AssignmentProduct) -> bool:
    """The people of the unit that owes the paper, while the document is followed."""
    return delivery.assignment.directive.is_issued and works_for(user, delivery.assignment.unit_id)


def can_follow_release(user: Any, release: ProductRelease) -> bool:
    """See which units have opened it: whose paper it is, the office and the readers."""
    return access_for(user).sees_all_assignments or works_for(user, release.delivery.assignment.unit_id)


def can_remind_recipients(user: Any, release: ProductRelease) -> bool:
    """Whose paper it is, and the office; not of what was taken back."""
    issued = release.delivery.assignment.directive.is_issued and not release.is_withdrawn
    return issued and (access_for(user).is_office or works_for(user, release.delivery.assignment.unit_id))


def can_withdraw_release(user: Any, release: ProductRelease) -> bool:
    """Whose paper it is: the unit answers for what it sent out."""
    issued = release.delivery.assignment.directive.is_issued and not release.is_withdrawn
    return issued and works_for(user, release.delivery.assignment.unit_id)


def chain_of(assignment: Assignment) -> set[int]:
    """The units through whose hands the work has come, its own included (a statement for each step)."""
    units = {assignment.unit_id}
    row = assignment
    while row.parent_id is not None:
        row = row.parent
        units.add(row.unit_id)
    return units


def receivers(assignment: Assignment, *, today: date) -> QuerySet:
    """Units that may be given a part of it: there today, not in its chain, without an open part of it."""
    taken = assignment.parts.exclude(state=S.CANCELLED).values("unit")
    return (
        Unit.objects.valid_on(today)
        .exclude(pk__in=chain_of(assignment))
        .exclude(pk__in=taken)
        .exclude(kind__in=GIVES_WORK)
        .in_official_order()
    )


def below(unit: Unit) -> set[int]:
    """The units below it, at any depth (one statement)."""
    return set(unit.descendants().values_list("pk", flat=True))


def open_parts() -> Q:
    """Parts that somebody still works on."""
    return Q(role=AssignmentRole.PART) & ~Q(state__in=[S.COMPLETED, S.NOT_APPLICABLE, S.CANCELLED])
