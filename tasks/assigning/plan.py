"""The preview before issuing: who gets what, and who will be told what when, from the functions that issue and tell."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.utils import timezone

from directive_tracker.vietnamese import ZONE
from notifications import outbox
from notifications.models import Pulse
from notifications.outbox import Telling
from notifications.wording import when_words
from tasks import reminders
from tasks.checking.page import waiting_in
from tasks.drafting.changes import last_number
from tasks.enums import AssignmentRole
from tasks.issuing import IssuePreview, PlannedAssignment, Seen, preview_issue
from tasks.models import Directive
from units.calendar import work_calendar
from units.models import Unit

AT_ONCE = "ngay"
# So many tasks of one role are named beside a unit.
NAMED = 30


@dataclass(frozen=True)
class Told:
    """One person who will be told. when: "ngay" or a day and hour; has_mail: whether a letter can reach the person."""

    pk: int
    name: str
    position: str
    when: str
    has_mail: bool


@dataclass
class UnitPlan:
    """What one unit gets and who of it is told. addresses: mailboxes of its own that get a copy."""

    unit: Unit
    lead: list[PlannedAssignment] = field(default_factory=list)
    coordinating: list[PlannedAssignment] = field(default_factory=list)
    informed: list[PlannedAssignment] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    addresses: int = 0

    @property
    def roles(self) -> list[tuple[str, list[PlannedAssignment], int]]:
        """(role in words, the first tasks, how many more) for the columns of the page."""
        named = (
            (AssignmentRole.LEAD, self.lead),
            (AssignmentRole.COORDINATING, self.coordinating),
            (AssignmentRole.INFORMED, self.informed),
        )
        return [(role.label, items[:NAMED], max(0, len(items) - NAMED)) for role, items in named]

    @property
    def given(self) -> str:
        """What the letter says of it."""
        return reminders.given_words(
            {
                "lead": len(self.lead),
                "coordinating": len(self.coordinating),
                "informed": len(self.informed),
                "first_due": min((item.due for item in (*self.lead, *self.coordinating) if item.due), default=None),
            }
        )


@dataclass(frozen=True)
class IssuePlan:
    """What the page shows. open_sentences: of the text, undecided; held: why no letter leaves now, or ""."""

    directive: Directive
    preview: IssuePreview
    units: list[UnitPlan]
    open_sentences: int
    held: str
    number: int

    @property
    def letters(self) -> int:
        """How many letters leave, copies to the units' mailboxes included."""
        return sum(sum(1 for person in plan.told if person.has_mail) + plan.addresses for plan in self.units)

    @property
    def people(self) -> int:
        """How many people are told, each once, whatever the units they report for."""
        return len({person.pk for plan in self.units for person in plan.told})

    @property
    def untold(self) -> list[UnitPlan]:
        """Units of which nobody is told."""
        return [plan for plan in self.units if not plan.told]

    @cached_property
    def seen(self) -> Seen:
        """What the person agrees to by pressing the button."""
        return Seen(self.number, self.preview.mark)

    @property
    def open_words(self) -> list[tuple[str, list[str]]]:
        """Written names that no unit stands for → codes of their tasks; told on paper."""
        found: dict[str, list[str]] = {}
        for task, written in self.preview.open_texts:
            found.setdefault(written, []).append(task.code)
        return list(found.items())


def build_plan(directive: Directive, *, now: datetime) -> IssuePlan:
    """Read the preview; the number of statements does not depend on tasks, units and people."""
    today: date = timezone.localdate(now, ZONE)
    calendar = work_calendar()
    preview = preview_issue(directive, on=today, calendar=calendar)
    plans = {unit.pk: UnitPlan(unit) for unit in preview.units}
    lists = {
        AssignmentRole.LEAD: "lead",
        AssignmentRole.COORDINATING: "coordinating",
        AssignmentRole.INFORMED: "informed",
    }
    for item in preview.planned:
        getattr(plans[item.unit.pk], lists[item.role]).append(item)
    given = {pk: plan.given for pk, plan in plans.items()}
    for telling in reminders.issued_tellings(directive, preview.units, given, now=now):
        if telling.unit_id in plans:
            plans[telling.unit_id].told.append(
                _told(telling, outbox.leaves_at(telling, calendar=calendar, now=now), now)
            )
    for unit_id, places in outbox.addresses_of(plans).items():
        # A mailbox gets copies of what people are told.
        plans[unit_id].addresses = len(places) if plans[unit_id].told else 0
    text = directive.current_text
    held = Pulse.objects.filter(held_since__isnull=False).values_list("held_reason", flat=True).first()
    return IssuePlan(
        directive=directive,
        preview=preview,
        units=list(plans.values()),
        open_sentences=len(waiting_in(text)) if text is not None else 0,
        held=held or "",
        number=last_number(directive),
    )


def _told(telling: Telling, leaves: datetime, now: datetime) -> Told:
    person = telling.recipient
    when = AT_ONCE if leaves <= now else when_words(leaves, now)
    return Told(person.pk, person.full_name, person.position, when, has_mail=bool(person.email))
