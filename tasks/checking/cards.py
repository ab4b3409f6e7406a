"""The tasks of a draft as cards: who, until when, why, who looked at it; what of that asks for a second look."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from directive_tracker.workdays import WorkCalendar
from tasks.checking.reasons import reasons_of
from tasks.duerules import due_of, explain
from tasks.enums import AssignmentRole
from tasks.models import Directive, DirectiveTask, Product, TaskRecipient

# From here on the program is sure that the words mean this body.
SURE = 90
ROLES = (AssignmentRole.LEAD, AssignmentRole.COORDINATING, AssignmentRole.INFORMED)


@dataclass(frozen=True)
class RoleRows:
    """Who has the task in one role: known bodies, and words that nobody knows."""

    role: AssignmentRole
    known: tuple[TaskRecipient, ...]
    unknown: tuple[TaskRecipient, ...]


@dataclass(frozen=True)
class ProductRow:
    """A product with its day in words. is_past: the day is over already."""

    product: Product
    words: str
    is_past: bool


@dataclass(frozen=True)
class Card:
    """One task. first, last: whether nothing stands above or below it."""

    task: DirectiveTask
    roles: tuple[RoleRows, ...]
    products: tuple[ProductRow, ...]
    why: tuple[str, ...]
    first: bool
    last: bool

    @property
    def lacks_lead(self) -> bool:
        return not any(row.role == AssignmentRole.LEAD for row in self.roles)

    @property
    def unknown(self) -> list[TaskRecipient]:
        return [row for role in self.roles for row in role.unknown]

    @property
    def lacks_day_of_decision(self) -> bool:
        return self.task.is_undecided and self.task.condition_decide_by is None

    @property
    def other_reviewer(self) -> bool:
        """Whether somebody else than the directive's office reviews it."""
        return self.task.reviewing_unit_id != self.task.directive.office_id


def is_doubtful(recipient: TaskRecipient) -> bool:
    """Whether the program matched the words with less certainty than it should have."""
    return recipient.confidence is not None and recipient.confidence < SURE


def cards_of(directive: Directive, calendar: WorkCalendar, *, today: date) -> list[Card]:
    """The draft's tasks in order; a fixed number of statements.

    Arguments: today, in Việt Nam: a day before it is over.
    """
    tasks = list(
        directive.tasks.select_related("reviewing_unit", "condition_decider", "checked_by")
        .prefetch_related(
            Prefetch("recipients", TaskRecipient.objects.order_by("pk").select_related("unit", "group")),
            Prefetch("products", Product.objects.order_by("order")),
        )
        .order_by("order", "pk")
    )
    return [
        Card(
            task=task,
            roles=tuple(_roles(task.recipients.all())),
            products=tuple(_product(row, directive, calendar, today) for row in task.products.all()),
            why=tuple(reasons_of(task.why)),
            first=number == 0,
            last=number == len(tasks) - 1,
        )
        for number, task in enumerate(tasks)
    ]


def _roles(recipients: Iterable[TaskRecipient]) -> Iterable[RoleRows]:
    rows = list(recipients)
    for role in ROLES:
        mine = [row for row in rows if row.role == role]
        if mine:
            known = tuple(row for row in mine if not row.is_open_text)
            yield RoleRows(role, known, tuple(row for row in mine if row.is_open_text))


def _product(product: Product, directive: Directive, calendar: WorkCalendar, today: date) -> ProductRow:
    due = due_of(product, directive, calendar)
    words = explain(product, directive, calendar, steps=False)
    return ProductRow(product, words, due is not None and due < today)
