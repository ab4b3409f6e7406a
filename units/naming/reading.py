"""What the naming needs from the database, read once for a day."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from units.models import Area, AreaAlias, AreaLevel, GroupMember, Succession, Unit, UnitGroup, UnitVersion


@dataclass
class Known:
    """Units, groups and areas of a day. names: of each unit that day, full and short; other_names: before or after it."""

    units: dict[int, Unit]
    parents: dict[int, int | None]
    names: dict[int, tuple[str, str]]
    other_names: dict[int, set[str]]
    ended: dict[int, Unit]
    successors: dict[int, list[int]]
    groups: dict[int, UnitGroup]
    members: dict[int, frozenset[int]]
    areas: dict[int, Area]
    aliases: dict[int, list[str]]

    @cached_property
    def of_area(self) -> dict[int, list[int]]:
        """The units of each area."""
        found: dict[int, list[int]] = defaultdict(list)
        for key, unit in self.units.items():
            if unit.area_id is not None:
                found[unit.area_id].append(key)
        return dict(found)

    @cached_property
    def provinces(self) -> list[Area]:
        """The own province; two where an installation keeps two."""
        return [area for area in self.areas.values() if area.level == AreaLevel.PROVINCE]


def known_on(day: date) -> Known:
    """Read it; eight statements however many rows there are."""
    everyone = list(Unit.objects.in_official_order())
    units = {unit.pk: unit for unit in everyone if _is_valid(unit, day)}
    names = {unit.pk: (unit.name, unit.short_name) for unit in everyone}
    parents = {unit.pk: unit.parent_id for unit in everyone}
    others: dict[int, set[str]] = defaultdict(set)
    for version in UnitVersion.objects.order_by("valid_from", "pk"):
        mine = {version.name, version.short_name}
        others[version.unit_id] |= mine
        if version.valid_from <= day:
            # What the unit is called today may be a later name than that of the day.
            others[version.unit_id] |= set(names[version.unit_id])
            names[version.unit_id] = (version.name, version.short_name)
            parents[version.unit_id] = version.parent_id
    for key, name, short in Unit.history.order_by().values_list("id", "name", "short_name").distinct():
        others[key] |= {name, short}
    areas = {area.pk: area for area in Area.objects.valid_on(day)}
    found = Known(
        units=units,
        parents=parents,
        names=names,
        other_names={key: several - set(names.get(key, ())) for key, several in others.items()},
        ended={unit.pk: unit for unit in everyone if unit.valid_to is not None and unit.valid_to < day},
        successors=_successors(),
        groups={},
        members=_members(units, day),
        areas=areas,
        aliases=_aliases(areas),
    )
    found.groups = {group.pk: group for group in UnitGroup.objects.all() if found.members.get(group.pk)}
    return found


def _is_valid(unit: Unit, day: date) -> bool:
    return unit.valid_from <= day and (unit.valid_to is None or unit.valid_to >= day)


def _successors() -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for before, after in Succession.objects.order_by("on", "pk").values_list("predecessor_id", "successor_id"):
        found[before].append(after)
    return dict(found)


def _members(units: dict[int, Unit], day: date) -> dict[int, frozenset[int]]:
    """As UnitGroup.members_on, for all groups in one statement."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = GroupMember.objects.filter(valid_from__lte=day).values_list("group_id", "unit_id", "valid_to")
    for group, unit, valid_to in rows:
        if unit in units and (valid_to is None or valid_to >= day):
            found[group].add(unit)
    return {group: frozenset(keys) for group, keys in found.items()}


def _aliases(areas: dict[int, Area]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for area, name in AreaAlias.objects.order_by("pk").values_list("area_id", "name"):
        if area in areas:
            found[area].append(name)
    return dict(found)
