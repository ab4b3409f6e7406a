"""The tree of units on a day, where names and parents are dated."""

from datetime import date

from units.models import Unit, UnitVersion


def above_on(unit: Unit, day: date) -> set[int]:
    """The keys of the unit and of everything above it on that day; two statements, and no end in a circle is needed.

    A unit's parent is that of its newest version of the day or before, else the one it has now.
    """
    parents = dict(Unit.objects.filter(parent__isnull=False).values_list("pk", "parent_id"))
    versions = UnitVersion.objects.filter(valid_from__lte=day).order_by("valid_from")
    parents.update(versions.values_list("unit_id", "parent_id"))
    found: set[int] = set()
    current: int | None = unit.pk
    while current is not None and current not in found:
        found.add(current)
        current = parents.get(current)
    return found
