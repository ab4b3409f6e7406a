"""Who works for a unit today: contacts to telephone, reporters and heads to tell."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from accounts.models import User
from units.models import Membership, Role
from units.models.membership import MembershipQuerySet

# The unit separator: no keyboard writes it.
BETWEEN = "\x1f"


@dataclass(frozen=True)
class Contact:
    """Whom to telephone: as much as a list shows of the person."""

    full_name: str
    phone: str
    position: str

    @property
    def user(self) -> "Contact":
        """The person; so that a list may take a membership (`contacts_of`) or this."""
        return self

    @classmethod
    def parse(cls, text: str | None) -> "Contact | None":
        """What `with_contact` has read."""
        return cls(*text.split(BETWEEN, 2)) if text else None


def with_contact(rows: QuerySet, *, today: date) -> QuerySet:
    """Annotate `contact` on rows that have a unit: the person of `contacts_of` as text (Contact.parse), None without."""
    people = (
        Membership.objects.active_on(today)
        .filter(unit=OuterRef("unit_id"), role=Role.REPORTER)
        .order_by("-is_contact", "user__sort_key", "user_id", "pk")
        .values(words=Concat("user__full_name", Value(BETWEEN), "user__phone", Value(BETWEEN), "user__position"))
    )
    return rows.annotate(contact=Subquery(people[:1]))


def contacts_of(unit_ids: Iterable[int], *, today: date) -> dict[int, Membership]:
    """The person to telephone in each unit (its marked contact, else its first reporter),
    with `user` loaded; one statement, units without anybody are absent."""
    found: dict[int, Membership] = {}
    for membership in _memberships(unit_ids, Role.REPORTER, today):
        found.setdefault(membership.unit_id, membership)
    return found


def people_of(unit_ids: Iterable[int], *, role: str, today: date) -> dict[int, list[User]]:
    """Unit → the active people with that role in it on that day, the contact first, each once; one statement."""
    found: dict[int, dict[int, User]] = defaultdict(dict)
    for membership in _memberships(unit_ids, role, today):
        found[membership.unit_id].setdefault(membership.user_id, membership.user)
    return {unit_id: list(users.values()) for unit_id, users in found.items()}


def reporters_of(unit_ids: Iterable[int], *, today: date) -> dict[int, list[User]]:
    """Unit → its active reporters on that day, the unit's contact first; one statement."""
    return people_of(unit_ids, role=Role.REPORTER, today=today)


def _memberships(unit_ids: Iterable[int], role: str, today: date) -> MembershipQuerySet:
    return (
        Membership.objects.active_on(today)
        .filter(unit__in=set(unit_ids), role=role)
        .select_related("user")
        .order_by("unit", "-is_contact", "user__sort_key", "user_id", "pk")
    )
