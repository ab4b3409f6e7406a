"""Issuing: groups become units as of the day, tasks become assignments with their due dates."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from directive_tracker.workdays import WorkCalendar
from records.audit import record
from tasks import reminders, tallies
from tasks.duerules import due_of, task_due
from tasks.enums import AssignmentRole, AssignmentState, DirectiveState, DueSource
from tasks.errors import Refused
from tasks.models import (
    Assignment,
    AssignmentProduct,
    Directive,
    DirectiveTask,
    StatusChange,
)
from units.calendar import hold_calendar, work_calendar
from units.models import Unit

# So many codes stand in a sentence of refusal.
NAMED_CODES = 10
ROLES_IN_ORDER = (AssignmentRole.LEAD, AssignmentRole.COORDINATING, AssignmentRole.INFORMED)


@dataclass(frozen=True)
class PlannedAssignment:
    task: DirectiveTask
    unit: Unit
    role: AssignmentRole
    due: date | None


@dataclass(frozen=True)
class IssuePreview:
    """What issuing would do: who gets what, and what looks wrong."""

    planned: list[PlannedAssignment]
    addressed: list[Unit]
    open_texts: list[tuple[DirectiveTask, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def count(self, role: str) -> int:
        return sum(1 for item in self.planned if item.role == role)

    @property
    def lead_count(self) -> int:
        return self.count(AssignmentRole.LEAD)

    @property
    def coordinating_count(self) -> int:
        return self.count(AssignmentRole.COORDINATING)

    @property
    def units(self) -> list[Unit]:
        """The units that get something, in official order."""
        found = {item.unit.pk: item.unit for item in self.planned}
        return sorted(found.values(), key=lambda unit: (unit.sort_order, unit.pk))


@dataclass(frozen=True)
class IssueResult:
    created: int
    units: int


def expand(recipients, *, on: date) -> list[Unit]:
    """Units and groups → units as of that day, each once, in official order."""
    found: dict[int, Unit] = {}
    for recipient in recipients:
        if recipient.unit is not None:
            found.setdefault(recipient.unit.pk, recipient.unit)
        elif recipient.group is not None:
            for unit in recipient.group.members_on(on):
                found.setdefault(unit.pk, unit)
    return sorted(found.values(), key=lambda unit: (unit.sort_order, unit.pk))


def addressed_units(directive: Directive, *, on: date) -> list[Unit]:
    """The real recipients behind the lines under "Kính gửi", each once."""
    found: dict[int, Unit] = {}
    for line in directive.addressees.prefetch_related("units", "groups"):
        for unit in line.units.all():
            found.setdefault(unit.pk, unit)
        for group in line.groups.all():
            for unit in group.members_on(on):
                found.setdefault(unit.pk, unit)
    return sorted(found.values(), key=lambda unit: (unit.sort_order, unit.pk))


def _plan_task(task: DirectiveTask, *, on: date, calendar: WorkCalendar) -> list[PlannedAssignment]:
    due, _ = task_due(list(task.products.all()), task.directive, calendar, received=on)
    planned, taken = [], set()
    for role in ROLES_IN_ORDER:
        recipients = [r for r in task.recipients.all() if r.role == role]
        for unit in expand(recipients, on=on):
            if unit.pk not in taken:
                taken.add(unit.pk)
                planned.append(PlannedAssignment(task, unit, role, due))
    return planned


def _tasks_of(directive: Directive):
    return directive.tasks.select_related("directive", "reviewing_unit").prefetch_related(
        "products", "recipients__unit", "recipients__group"
    )


def preview_issue(directive: Directive, *, on: date, calendar: WorkCalendar | None = None) -> IssuePreview:
    """Say what issuing on that day would do, without doing it."""
    calendar = calendar or work_calendar()
    tasks = list(_tasks_of(directive))
    planned = [item for task in tasks for item in _plan_task(task, on=on, calendar=calendar)]
    addressed = addressed_units(directive, on=on)
    open_texts = [
        (task, recipient.written) for task in tasks for recipient in task.recipients.all() if recipient.is_open_text
    ]
    return IssuePreview(planned, addressed, open_texts, _warnings(tasks, planned, addressed))


def _warnings(tasks, planned, addressed) -> list[str]:
    lead_units = {item.unit.pk: item.unit for item in planned if item.role == AssignmentRole.LEAD}
    addressed_ids = {unit.pk for unit in addressed}
    warnings = [
        f"{unit.name} được giao việc nhưng không có trong nơi kính gửi."
        for pk, unit in lead_units.items()
        if pk not in addressed_ids
    ]
    warnings += [
        f"{unit.name} có trong nơi kính gửi nhưng chưa được giao việc nào."
        for unit in addressed
        if unit.pk not in {item.unit.pk for item in planned}
    ]
    with_lead = {item.task.pk for item in planned if item.role == AssignmentRole.LEAD}
    warnings += [f"Nhiệm vụ {task.code} chưa có đơn vị chủ trì." for task in tasks if task.pk not in with_lead]
    return warnings


@transaction.atomic
def issue(directive: Directive, *, by, now: datetime) -> IssueResult:
    """Give the tasks to the units. Issuing again changes nothing.

    Raises:
        Refused: there is nothing to give, a proposal waits to be looked at, or a unit would review its own work.
    """
    today = timezone.localdate(now)
    hold_calendar()
    calendar = work_calendar()
    preview = preview_issue(directive, on=today, calendar=calendar)
    if directive.state == DirectiveState.DRAFT:
        _refuse_unchecked(directive)
        _refuse_unfit(preview)
    won = Directive.objects.filter(pk=directive.pk, state=DirectiveState.DRAFT).update(
        state=DirectiveState.ISSUED, issued_on=today, issued_by=by
    )
    if not won:
        return IssueResult(created=0, units=0)
    directive.refresh_from_db()
    created = _create_assignments(preview.planned, calendar, by=by, now=now)
    units = preview.units
    tallies.refresh(
        directive,
        unit_ids={a.unit_id for a in created if a.role == AssignmentRole.LEAD},
        task_ids={item.task.pk for item in preview.planned},
        today=today,
    )
    record(
        "directive.issued",
        by=by,
        at=now,
        target=directive,
        data={"assignments": len(created), "units": len(units)},
    )
    reminders.tell_issued(directive, units, by=by, now=now)
    return IssueResult(created=len(created), units=len(units))


def _refuse_unchecked(directive: Directive) -> None:
    """What the program proposed is looked at by a person before anybody is given it."""
    waiting = list(directive.tasks.unchecked().order_by("order").values_list("code", flat=True)[: NAMED_CODES + 1])
    if waiting:
        named = ", ".join(waiting[:NAMED_CODES]) + (" …" if len(waiting) > NAMED_CODES else "")
        raise Refused(f"Còn nhiệm vụ do chương trình đề xuất chưa ai soát ({named}). Hãy soát hết rồi giao.")


def _refuse_unfit(preview: IssuePreview) -> None:
    if not preview.lead_count:
        raise Refused("Văn bản chưa có nhiệm vụ nào có đơn vị chủ trì, nên chưa giao được.")
    for item in preview.planned:
        if item.role == AssignmentRole.LEAD and item.task.reviewing_unit_id == item.unit.pk:
            raise Refused(
                f"Nhiệm vụ {item.task.code}: {item.unit.name} không thể tự xem xét kết quả của mình. "
                "Chọn đơn vị xem xét khác (việc của Văn phòng do Thường trực xem xét)."
            )


def _create_assignments(planned, calendar: WorkCalendar, *, by, now: datetime) -> list[Assignment]:
    today = timezone.localdate(now)
    created = Assignment.objects.bulk_create(
        [
            Assignment(
                directive=item.task.directive,
                task=item.task,
                unit=item.unit,
                role=item.role,
                due_original=item.due,
                due_current=item.due,
                due_source=_due_source(item.task, calendar, received=today),
                assigned_on=today,
                updated_at=now,
            )
            for item in planned
        ]
    )
    AssignmentProduct.objects.bulk_create(
        AssignmentProduct(
            assignment=assignment,
            product=product,
            due_date=due_of(product, assignment.directive, calendar, received=today),
        )
        for assignment in created
        if assignment.role == AssignmentRole.LEAD
        for product in assignment.task.products.all()
    )
    StatusChange.objects.bulk_create(
        StatusChange(assignment=assignment, old_state="", new_state=AssignmentState.ASSIGNED, by=by, at=now)
        for assignment in created
    )
    return created


def _due_source(task: DirectiveTask, calendar: WorkCalendar, *, received: date) -> str:
    _, product = task_due(list(task.products.all()), task.directive, calendar, received=received)
    return product.due_source if product is not None else DueSource.OFFICE


@transaction.atomic
def add_assignment(task: DirectiveTask, unit: Unit, role: AssignmentRole, *, by, now: datetime) -> Assignment:
    """Give one more unit a part of an issued task; an existing part is returned as it is.

    Used where the text says "các địa phương, đơn vị liên quan" and the lead fixes whom it means.
    """
    existing = Assignment.objects.filter(task=task, unit=unit).exclude(role=AssignmentRole.PART).first()
    if existing is not None:
        return existing
    if not task.directive.is_issued:
        raise Refused("Văn bản chưa giao hoặc đã kết thúc theo dõi, không thêm đơn vị được.")
    if role == AssignmentRole.LEAD and unit.pk == task.reviewing_unit_id:
        raise Refused(f"{unit.name} không thể tự xem xét kết quả của mình.")
    today = timezone.localdate(now)
    hold_calendar()
    calendar = work_calendar()
    due, _ = task_due(list(task.products.all()), task.directive, calendar, received=today)
    (assignment,) = _create_assignments([PlannedAssignment(task, unit, role, due)], calendar, by=by, now=now)
    if role == AssignmentRole.LEAD:
        tallies.refresh(task.directive, unit_ids=[unit.pk], task_ids=[task.pk], today=today)
    record("assignment.added", by=by, at=now, target=assignment, data={"role": AssignmentRole(role).label})
    reminders.tell_issued(task.directive, [unit], by=by, now=now, assignment=assignment)
    return assignment
