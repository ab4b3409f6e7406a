"""Issuing: groups become units as of the day, tasks become assignments with their due dates."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from directive_tracker.workdays import WorkCalendar
from records.audit import record
from tasks import reminders, tallies
from tasks.assigning import steps
from tasks.duerules import due_of, task_due
from tasks.enums import AssignmentRole, AssignmentState, DirectiveState, DueSource
from tasks.errors import Refused
from tasks.models import (
    Addressee,
    Amendment,
    Assignment,
    AssignmentProduct,
    Directive,
    DirectiveTask,
    StatusChange,
    TaskRecipient,
)
from units.calendar import hold_calendar, work_calendar
from units.groups import members_of
from units.models import Unit

# So many codes stand in a sentence of refusal.
NAMED_CODES = 10
# What else a document does when it is issued, in the same transaction (tasks/apps.py fills it): called with the directive,
# told= (ids of the units that were written to), by=, now=.
also_done: list[Callable[..., None]] = []
ROLES_IN_ORDER = (AssignmentRole.LEAD, AssignmentRole.COORDINATING, AssignmentRole.INFORMED)


@dataclass(frozen=True)
class PlannedAssignment:
    task: DirectiveTask
    unit: Unit
    role: AssignmentRole
    due: date | None


@dataclass(frozen=True)
class DraftReading:
    """A draft as issuing reads it: tasks with products and recipients, the lines under "Kính gửi", members of the groups."""

    directive: Directive
    tasks: list[DirectiveTask]
    lines: list[Addressee]
    members: dict[int, list[Unit]]
    on: date

    @property
    def addressed(self) -> list[Unit]:
        """The real recipients behind the lines under "Kính gửi", each once, in official order."""
        found: dict[int, Unit] = {}
        for line in self.lines:
            for unit in line.units.all():
                found.setdefault(unit.pk, unit)
            for group in line.groups.all():
                for unit in self.members.get(group.pk, ()):
                    found.setdefault(unit.pk, unit)
        return in_order(found.values())


@dataclass(frozen=True)
class IssuePreview:
    """What issuing would do: who gets what, and what looks wrong."""

    planned: list[PlannedAssignment]
    addressed: list[Unit]
    open_texts: list[tuple[DirectiveTask, str]] = field(default_factory=list)
    without_lead: list[DirectiveTask] = field(default_factory=list)
    unchecked: list[DirectiveTask] = field(default_factory=list)
    # Gives nothing to lead, and changes what earlier documents gave.
    only_amends: bool = False

    def count(self, role: str) -> int:
        return sum(1 for item in self.planned if item.role == role)

    @property
    def lead_count(self) -> int:
        return self.count(AssignmentRole.LEAD)

    @property
    def coordinating_count(self) -> int:
        return self.count(AssignmentRole.COORDINATING)

    @property
    def informed_count(self) -> int:
        return self.count(AssignmentRole.INFORMED)

    @property
    def units(self) -> list[Unit]:
        """The units that get something, in official order."""
        return in_order({item.unit.pk: item.unit for item in self.planned}.values())

    @property
    def lead_units(self) -> list[Unit]:
        """Those that get something to lead, in official order."""
        return in_order({item.unit.pk: item.unit for item in self.planned if item.role == AssignmentRole.LEAD}.values())

    @property
    def not_addressed(self) -> list[Unit]:
        """Units that lead something and do not stand under "Kính gửi"."""
        addressed = {unit.pk for unit in self.addressed}
        return [unit for unit in self.lead_units if unit.pk not in addressed]

    @property
    def not_tasked(self) -> list[Unit]:
        """Units that stand under "Kính gửi" and get nothing."""
        tasked = {item.unit.pk for item in self.planned}
        return [unit for unit in self.addressed if unit.pk not in tasked]

    @property
    def own_reviews(self) -> list[PlannedAssignment]:
        """Where a unit would review its own work."""
        return [
            item
            for item in self.planned
            if item.role == AssignmentRole.LEAD and item.task.reviewing_unit_id == item.unit.pk
        ]

    @property
    def obstacle(self) -> str:
        """Why this cannot be issued, "" when it can."""
        if self.unchecked:
            codes = [task.code for task in self.unchecked]
            named = ", ".join(codes[:NAMED_CODES]) + (" …" if len(codes) > NAMED_CODES else "")
            return f"Còn nhiệm vụ do chương trình đề xuất chưa ai soát ({named}). Hãy soát hết rồi giao."
        if not self.lead_count and not self.only_amends:
            return "Văn bản chưa có nhiệm vụ nào có đơn vị chủ trì, nên chưa giao được."
        for item in self.own_reviews:
            return (
                f"Nhiệm vụ {item.task.code}: {item.unit.name} không thể tự xem xét kết quả của mình. "
                "Chọn đơn vị xem xét khác (việc của Văn phòng do Thường trực xem xét)."
            )
        return ""

    @property
    def mark(self) -> str:
        """What tells it from every other preview: who gets what until when."""
        rows = sorted((item.task.pk, item.unit.pk, item.role, str(item.due)) for item in self.planned)
        return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]

    @property
    def warnings(self) -> list[str]:
        """Sentences about what the office should look at before it issues."""
        return [
            *(f"{unit.name} được giao việc nhưng không có trong nơi kính gửi." for unit in self.not_addressed),
            *(f"{unit.name} có trong nơi kính gửi nhưng chưa được giao việc nào." for unit in self.not_tasked),
            *(f"Nhiệm vụ {task.code} chưa có đơn vị chủ trì." for task in self.without_lead),
        ]


@dataclass(frozen=True)
class Seen:
    """What a person saw before issuing: the number of the last step on the draft, the mark of the preview."""

    number: int
    mark: str


@dataclass(frozen=True)
class IssueResult:
    created: int
    units: int
    # False where the document had been issued before.
    is_new: bool = False


def in_order(units: Iterable[Unit]) -> list[Unit]:
    """In official order."""
    return sorted(units, key=lambda unit: (unit.sort_order, unit.pk))


def expand(recipients: Iterable[TaskRecipient], members: Mapping[int, list[Unit]]) -> list[Unit]:
    """Units and groups → units, each once, in official order. Arguments: members, of the groups on the day."""
    found: dict[int, Unit] = {}
    for recipient in recipients:
        if recipient.unit is not None:
            found.setdefault(recipient.unit.pk, recipient.unit)
        elif recipient.group_id is not None:
            for unit in members.get(recipient.group_id, ()):
                found.setdefault(unit.pk, unit)
    return in_order(found.values())


def _lines_of(directive: Directive) -> list[Addressee]:
    return list(directive.addressees.prefetch_related("units", "groups"))


def _groups_of(lines: Iterable[Addressee]) -> set[int]:
    return {group.pk for line in lines for group in line.groups.all()}


def addressed_units(directive: Directive, *, on: date) -> list[Unit]:
    """The real recipients behind the lines under "Kính gửi", each once."""
    lines = _lines_of(directive)
    return DraftReading(directive, [], lines, members_of(_groups_of(lines), on=on), on).addressed


def _plan_task(task: DirectiveTask, reading: DraftReading, calendar: WorkCalendar) -> list[PlannedAssignment]:
    due, _ = task_due(list(task.products.all()), reading.directive, calendar, received=reading.on)
    planned, taken = [], set()
    for role in ROLES_IN_ORDER:
        recipients = [r for r in task.recipients.all() if r.role == role]
        for unit in expand(recipients, reading.members):
            if unit.pk not in taken:
                taken.add(unit.pk)
                planned.append(PlannedAssignment(task, unit, role, _due_for(role, due)))
    return planned


def _due_for(role: str, due: date | None) -> date | None:
    """Who is only told of it owes nothing by any day."""
    return None if role == AssignmentRole.INFORMED else due


def read_draft(directive: Directive, *, on: date, groups: Iterable[int] = ()) -> DraftReading:
    """Read what issuing on that day goes by; the number of statements does not depend on tasks and units.

    Arguments: groups, ids of others whose members are wanted as well.
    """
    tasks = list(
        directive.tasks.select_related("clause", "reviewing_unit")
        .prefetch_related("products", "recipients__unit", "recipients__group")
        .order_by("order", "pk")
    )
    for task in tasks:
        task.directive = directive
    lines = _lines_of(directive)
    given = {row.group_id for task in tasks for row in task.recipients.all() if row.group_id is not None}
    return DraftReading(directive, tasks, lines, members_of(_groups_of(lines) | given | set(groups), on=on), on)


def preview_issue(directive: Directive, *, on: date, calendar: WorkCalendar | None = None) -> IssuePreview:
    """Say what issuing on that day would do, without doing it."""
    return preview_of(read_draft(directive, on=on), calendar=calendar or work_calendar())


def preview_of(reading: DraftReading, *, calendar: WorkCalendar) -> IssuePreview:
    """The same of a draft that has been read."""
    tasks = reading.tasks
    planned = [item for task in tasks for item in _plan_task(task, reading, calendar)]
    with_lead = {item.task.pk for item in planned if item.role == AssignmentRole.LEAD}
    return IssuePreview(
        planned,
        reading.addressed,
        open_texts=[(task, row.written) for task in tasks for row in task.recipients.all() if row.is_open_text],
        without_lead=[task for task in tasks if task.pk not in with_lead],
        unchecked=[task for task in tasks if task.is_unchecked],
        only_amends=not with_lead and Amendment.objects.filter(document=reading.directive).exists(),
    )


@transaction.atomic
def issue(directive: Directive, *, by, now: datetime, seen: Seen | None = None) -> IssueResult:
    """Give the tasks to the units. Issuing again changes nothing.

    Args:
        seen: the preview that the person agreed to; None where nobody looked (commands, the demo).

    Raises:
        Refused: there is nothing to give, a proposal waits to be looked at, a unit would review its own work, or it is
            not what was seen.
    """
    today = timezone.localdate(now)
    hold_calendar()
    calendar = work_calendar()
    # No step on the draft comes between what is looked at here and the assignments.
    state = Directive.objects.select_for_update().values_list("state", flat=True).get(pk=directive.pk)
    if state != DirectiveState.DRAFT:
        return IssueResult(created=0, units=0)
    preview = preview_issue(directive, on=today, calendar=calendar)
    if seen is not None:
        _refuse_stale(directive, preview, seen)
    if preview.obstacle:
        raise Refused(preview.obstacle)
    Directive.objects.filter(pk=directive.pk).update(state=DirectiveState.ISSUED, issued_on=today, issued_by=by)
    directive.refresh_from_db()
    created = _create_assignments(preview.planned, calendar, by=by, now=now)
    units = preview.units
    tallies.refresh(
        directive,
        unit_ids={a.unit_id for a in created if a.role == AssignmentRole.LEAD},
        # Of all tasks: one that nobody carries yet has its line and its condition on the overview as well.
        task_ids=set(directive.tasks.values_list("pk", flat=True)),
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
    for act in also_done:
        act(directive, told=frozenset(unit.pk for unit in units), by=by, now=now)
    return IssueResult(created=len(created), units=len(units), is_new=True)


def _refuse_stale(directive: Directive, preview: IssuePreview, seen: Seen) -> None:
    """Nobody issues what they have not seen."""
    since = steps.words_since(directive, seen.number)
    if since:
        raise Refused(f"Dự thảo đã đổi từ khi anh/chị xem: {since}. Hãy xem lại rồi giao.")
    if preview.mark != seen.mark:
        raise Refused(
            "Đơn vị nhận việc hoặc hạn đã đổi từ khi anh/chị xem (sang ngày khác, nhóm hay lịch đã sửa). Hãy xem lại rồi giao."
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
def add_assignment(
    task: DirectiveTask, unit: Unit, role: AssignmentRole, *, by, now: datetime, tells: bool = True
) -> Assignment:
    """Give one more unit a part of an issued task; an existing part is returned as it is.

    Used where the text says "các địa phương, đơn vị liên quan" and the lead fixes whom it means, and where a later
    document gives the task to more units. Due by the task's rules, or on the day a later document has set for all.

    Arguments: tells, False where the unit is told by whoever calls.
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
    due = Amendment.objects.days_of([task.pk]).get(task.pk, due)
    (assignment,) = _create_assignments(
        [PlannedAssignment(task, unit, role, _due_for(role, due))], calendar, by=by, now=now
    )
    if role == AssignmentRole.LEAD:
        tallies.refresh(task.directive, unit_ids=[unit.pk], task_ids=[task.pk], today=today)
    record("assignment.added", by=by, at=now, target=assignment, data={"role": AssignmentRole(role).label})
    if tells:
        reminders.tell_issued(task.directive, [unit], by=by, now=now, assignment=assignment)
    return assignment
