"""Whom groups of units mean on a day."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from units.models import Unit
from units.models.unit import GroupMember


def members_of(group_ids: Iterable[int], *, on: date) -> dict[int, list[Unit]]:
    """Group → its units of that day in official order, each once (UnitGroup.members_on for many); one statement.

    Groups without units are absent.
    """
    rows = (
        GroupMember.objects.filter(group__in=set(group_ids), valid_from__lte=on, unit__valid_from__lte=on)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        .filter(Q(unit__valid_to__isnull=True) | Q(unit__valid_to__gte=on))
        .select_related("unit")
        .order_by("unit__sort_order", "unit_id", "pk")
    )
    found: dict[int, dict[int, Unit]] = {}
    for row in rows:
        found.setdefault(row.group_id, {}).setdefault(row.unit_id, row.unit)
    return {group_id: list(units.values()) for group_id, units in found.items()}
