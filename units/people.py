"""Who works for a unit today: contacts to telephone, reporters and heads to tell."""

from collections.abc import Iterable
from datetime import date

from units.models import Membership, Role


def contacts_of(unit_ids: Iterable[int], *, today: date) -> dict[int, Membership]:
    """The person to telephone in each unit (its marked contact, else its first reporter),
    with `user` loaded; one statement, units without anybody are absent."""
    rows = (
        Membership.objects.active_on(today)
        .filter(unit__in=set(unit_ids), role=Role.REPORTER)
        .select_related("user")
        .order_by("-is_contact", "pk")
    )
    found: dict[int, Membership] = {}
    for membership in rows:
        found.setdefault(membership.unit_id, membership)
    return found


def people_of(unit_ids: Iterable[int], role: Role, *, today: date) -> list[Membership]:
    """The memberships of that role in these units in force today, with `user` loaded."""
    return list(
        Membership.objects.active_on(today)
        .filter(unit__in=set(unit_ids), role=role)
        .select_related("user")
        .order_by("unit_id", "pk")
    )
