"""What other pages show of events and inspections: of one part of the work, of a task, of a unit, of the office's day."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from tasks.enums import DirectiveState
from tasks.events import rules
from tasks.events.querysets import ASKS_UNIT
from tasks.models import (
    Activity,
    ActivityState,
    Assignment,
    DirectiveTask,
    Finding,
    FindingState,
    Inspection,
)
from tasks.querysets import access_for
from units.models import Unit

ROWS = 6
TODAY_ROWS = 10
COMING = timedelta(days=14)
NOT_HELD_YET = (ActivityState.PLANNED, ActivityState.POSTPONED)


@dataclass(frozen=True)
class FindingRow:
    """One finding in a list, with what this person may do about it."""

    finding: Finding
    is_overdue: bool
    may_answer: bool = False
    may_judge: bool = False

    @property
    def waits_for(self) -> str:
        """Whom it waits for: "đơn vị", "bên kiểm tra", or nobody."""
        if self.finding.is_closed:
            return ""
        return "đơn vị" if self.finding.asks_unit else "bên kiểm tra"


def finding_rows(findings: Iterable[Finding], user: Any, *, today: date) -> list[FindingRow]:
    """Lines for findings loaded by `for_listing`; who may judge is asked on the page of the finding."""
    access = access_for(user)
    own = access.reporter_unit_ids | access.head_unit_ids
    return [
        FindingRow(
            finding,
            finding.is_overdue(today=today),
            may_answer=rules.can_answer_finding(user, finding),
            may_judge=finding.state == FindingState.ANSWERED
            and (access.is_office or finding.place.inspection.unit_id in own)
            and not rules.is_of_own_unit(user, finding.place.unit_id, finding.place.inspection.task),
        )
        for finding in findings
    ]


@dataclass(frozen=True)
class Events:
    """What a page shows: the first of them, whether there are more, and the buttons."""

    activities: list[Activity] = field(default_factory=list)
    more_activities: bool = False
    findings: list[FindingRow] = field(default_factory=list)
    more_findings: bool = False
    inspections: list[Inspection] = field(default_factory=list)
    can_record: bool = False
    can_inspect: bool = False

    @property
    def shows_activities(self) -> bool:
        return bool(self.activities) or self.can_record


# --- one part of the work, one task -----------------------------------------------------------------


def with_events(assignments: QuerySet) -> QuerySet:
    """Annotate whether there is anything to read, so that most pages of work read nothing more."""
    findings = Finding.objects.filter(
        place__unit=OuterRef("unit_id"),
        place__inspection__task=OuterRef("task_id"),
        place__inspection__sent_at__isnull=False,
    )
    return assignments.annotate(
        has_activities=Exists(Activity.objects.filter(assignment=OuterRef("pk"))), has_findings=Exists(findings)
    )


def of_assignment(assignment: Assignment, user: Any, *, today: date) -> Events:
    """Of an assignment loaded through `with_events`: a statement for events, one for findings, each only where there are
    some."""
    activities: list[Activity] = []
    findings: list[Finding] = []
    if assignment.has_activities:
        rows = Activity.objects.visible_to(user).filter(assignment=assignment).for_listing()
        activities = list(rows.order_by("-starts_on", "-pk")[: ROWS + 1])
    if assignment.has_findings:
        at_places = {"place__unit": assignment.unit_id, "place__inspection__task": assignment.task_id}
        rows = Finding.objects.visible_to(user).filter(place__inspection__sent_at__isnull=False, **at_places)
        findings = list(rows.for_listing().order_by("-pk")[: ROWS + 1])
    return Events(
        activities=activities[:ROWS],
        more_activities=len(activities) > ROWS,
        findings=finding_rows(findings[:ROWS], user, today=today),
        more_findings=len(findings) > ROWS,
        can_record=rules.can_record_activity(user, assignment),
    )


def of_task(task: DirectiveTask, user: Any) -> Events:
    """Of a task: the newest events of its units and the inspections (three statements)."""
    rows = Activity.objects.visible_to(user).filter(assignment__task=task).for_listing()
    activities = list(rows.order_by("-starts_on", "-pk")[: ROWS + 1])
    inspections = Inspection.objects.visible_to(user).filter(task=task).for_listing()
    return Events(
        activities=activities[:ROWS],
        more_activities=len(activities) > ROWS,
        inspections=list(inspections[:ROWS]),
        can_inspect=rules.can_inspect(user, task),
    )


# --- a unit, the office's day -----------------------------------------------------------------------


@dataclass(frozen=True)
class UnitEvents:
    """What waits for a unit: findings to answer, answers to look at, events whose day is near or over."""

    to_answer: list[FindingRow]
    to_judge: list[FindingRow]
    coming: list[tuple[Activity, bool]]


def of_unit(unit: Unit, user: Any, *, own: bool, today: date) -> UnitEvents:
    """For the unit's page (two statements). The second of `coming`: its day is over and nobody said whether it was held.

    Args:
        own: whether the person works for the unit.
    """
    asked = Q(place__unit=unit, state__in=ASKS_UNIT)
    inspected = Q(place__inspection__unit=unit) & (Q(state=FindingState.ANSWERED) | Q(mend_by__lt=today))
    found = Finding.objects.visible_to(user).waiting().filter(asked | inspected).for_listing()[:TODAY_ROWS]
    rows = finding_rows(found, user, today=today)
    near = (
        Activity.objects.visible_to(user)
        .filter(
            assignment__unit=unit,
            assignment__directive__state=DirectiveState.ISSUED,
            state__in=NOT_HELD_YET,
            starts_on__lte=today + COMING,
        )
        .for_listing()
    )
    return UnitEvents(
        to_answer=[row for row in rows if row.finding.place.unit_id == unit.pk],
        to_judge=[row for row in rows if row.finding.place.unit_id != unit.pk] if own else [],
        coming=[(activity, activity.waits_for_word(today=today)) for activity in near[:ROWS]],
    )


def of_today(user: Any, *, today: date) -> list[FindingRow]:
    """For the office's day: findings past their day, and answers that wait for the office (one statement)."""
    waiting = Finding.objects.visible_to(user).waiting()
    mine = Q(state=FindingState.ANSWERED, place__inspection__unit__in=access_for(user).desk_unit_ids)
    late = Q(state__in=ASKS_UNIT, mend_by__lt=today)
    return finding_rows(waiting.filter(mine | late).for_listing()[:TODAY_ROWS], user, today=today)
