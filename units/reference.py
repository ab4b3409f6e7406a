"""The units, groups and areas every installation starts with, from committed data files."""

import json
from datetime import date
from pathlib import Path

from django.db import transaction
from simple_history.utils import bulk_create_with_history

from directive_tracker import vietnamese
from units.models import Area, AreaAlias, AreaLevel, GroupMember, Unit, UnitGroup

DATA = Path(__file__).parent / "data"
LONG_AGO = date(1900, 1, 1)


@transaction.atomic
def load_reference() -> dict[str, int]:
    """Create what is missing of the areas, their aliases, the units and the groups.

    A row that is there stays as it is: an office may have corrected it. Announced swaps of working
    days need no rows, directive_tracker.workdays knows them with their notice's number.
    Returns how many rows of each kind were created; all zero when run again.
    Errors: OSError or ValueError when a data file is missing or damaged.
    """
    areas, aliases = _load_areas(_read("areas.json"))
    content = _read("units.json")
    return {
        "areas": areas,
        "aliases": aliases,
        "units": _load_units(content["units"]),
        "groups": _load_groups(content["groups"]),
    }


def _read(name: str) -> dict:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


# --- areas --------------------------------------------------------------------------------------


class _Areas:
    """The areas by (level, code, valid_from), those of the database first."""

    def __init__(self) -> None:
        self.known = {(area.level, area.code, area.valid_from): area for area in Area.objects.all()}
        self.created: set[int] = set()

    def get(self, level: str, code: str, valid_from: date) -> Area:
        return self.known[level, code, valid_from]

    def create(self, wanted: list[Area]) -> None:
        """Insert those that are missing; parents must be there already."""
        fresh = [area for area in wanted if (area.level, area.code, area.valid_from) not in self.known]
        for area in fresh:
            # bulk_create calls no save(), which would make the keys.
            area.name = vietnamese.nfc(area.name)
            area.search_key = vietnamese.fold(area.name)
            area.sort_key = vietnamese.sort_key(area.name)[:400]
        for area in Area.objects.bulk_create(fresh):
            self.known[area.level, area.code, area.valid_from] = area
            self.created.add(area.pk)


def _load_areas(content: dict) -> tuple[int, int]:
    """Provinces, districts, communes of both times; then who follows whom and other spellings."""
    ends, starts = date.fromisoformat(content["ends"]), date.fromisoformat(content["starts"])
    areas = _Areas()
    old, new = content["old_province"], content["new_province"]
    areas.create(
        [
            Area(level=AreaLevel.PROVINCE, code=old["code"], name=old["name"], valid_from=LONG_AGO, valid_to=ends),
            Area(level=AreaLevel.PROVINCE, code=new["code"], name=new["name"], valid_from=starts),
        ]
    )
    old_province = areas.get(AreaLevel.PROVINCE, old["code"], LONG_AGO)
    new_province = areas.get(AreaLevel.PROVINCE, new["code"], starts)
    areas.create(
        [_old(AreaLevel.DISTRICT, item["code"], item["name"], old_province, ends) for item in content["districts"]]
    )
    communes = [
        _old(AreaLevel.COMMUNE, code, name, areas.get(AreaLevel.DISTRICT, item["code"], LONG_AGO), ends)
        for item in content["districts"]
        for code, name, _, _ in item["communes"]
    ]
    communes += [
        Area(level=AreaLevel.COMMUNE, code=code, name=name, parent=new_province, valid_from=starts)
        for code, name, _ in content["new_communes"]
    ]
    areas.create(communes)
    _link_successors(content, areas, starts)
    return len(areas.created), _create_aliases(content, areas, starts)


def _old(level: str, code: str, name: str, parent: Area, ends: date) -> Area:
    return Area(level=level, code=code, name=name, parent=parent, valid_from=LONG_AGO, valid_to=ends)


def _link_successors(content: dict, areas: _Areas, starts: date) -> None:
    """Old province → new one; commune → commune; a district, which has no like, → the communes on its land."""
    old, new = content["old_province"], content["new_province"]
    pairs = {(areas.get(AreaLevel.PROVINCE, old["code"], LONG_AGO), areas.get(AreaLevel.PROVINCE, new["code"], starts))}
    for item in content["districts"]:
        district = areas.get(AreaLevel.DISTRICT, item["code"], LONG_AGO)
        for code, _, successor_code, _ in item["communes"]:
            successor = areas.get(AreaLevel.COMMUNE, successor_code, starts)
            pairs.add((areas.get(AreaLevel.COMMUNE, code, LONG_AGO), successor))
            pairs.add((district, successor))
    link = Area.successors.through
    link.objects.bulk_create(
        link(from_area=old_area, to_area=new_area)
        for old_area, new_area in sorted(pairs, key=lambda pair: (pair[0].pk, pair[1].pk))
        if old_area.pk in areas.created
    )


def _create_aliases(content: dict, areas: _Areas, starts: date) -> int:
    """Other spellings of areas created just now."""
    spellings = [
        (areas.get(AreaLevel.DISTRICT, item["code"], LONG_AGO), item["aliases"]) for item in content["districts"]
    ]
    spellings += [
        (areas.get(AreaLevel.COMMUNE, code, LONG_AGO), names)
        for item in content["districts"]
        for code, _, _, names in item["communes"]
    ]
    spellings += [(areas.get(AreaLevel.COMMUNE, code, starts), names) for code, _, names in content["new_communes"]]
    return len(
        AreaAlias.objects.bulk_create(
            AreaAlias(area=area, name=vietnamese.nfc(name), search_key=vietnamese.fold(name))
            for area, names in spellings
            if area.pk in areas.created
            for name in names
        )
    )


# --- units and groups ---------------------------------------------------------------------------


def _load_units(rows: list[dict]) -> int:
    """Units whose code is not there yet: those at the top first, as a child needs its parent's id."""
    known = dict(Unit.objects.values_list("code", "pk"))
    areas = {area.code: area.pk for area in Area.objects.filter(valid_from=LONG_AGO).exclude(level=AreaLevel.PROVINCE)}
    missing = [row for row in rows if row["code"] not in known]
    count = 0
    while missing:
        ready = [row for row in missing if "parent" not in row or row["parent"] in known]
        if not ready:
            raise ValueError(f"units without a parent: {[row['code'] for row in missing]}")
        units = bulk_create_with_history([_unit(row, known, areas) for row in ready], Unit)
        known.update({unit.code: unit.pk for unit in units})
        count += len(ready)
        missing = [row for row in missing if row["code"] not in known]
    return count


def _unit(row: dict, unit_ids: dict[str, int], area_ids: dict[str, int]) -> Unit:
    """One row of the file; the search key as Unit.save() makes it."""
    values = dict(row)
    parent, area = values.pop("parent", None), values.pop("area", None)
    unit = Unit(
        **values,
        parent_id=unit_ids[parent] if parent else None,
        area_id=area_ids[area] if area else None,
    )
    unit.search_key = vietnamese.fold(f"{unit.name} {unit.short_name} {unit.symbol}")[:400]
    return unit


def _load_groups(rows: list[dict]) -> int:
    """Groups that are not there yet, with their members; an existing group keeps its own."""
    known = set(UnitGroup.objects.values_list("code", flat=True))
    fresh = [row for row in rows if row["code"] not in known]
    groups = UnitGroup.objects.bulk_create(UnitGroup(code=row["code"], name=row["name"]) for row in fresh)
    unit_ids = dict(Unit.objects.values_list("code", "pk"))
    GroupMember.objects.bulk_create(
        GroupMember(group=group, unit_id=unit_ids[code])
        for group, row in zip(groups, fresh, strict=True)
        for code in row["units"]
    )
    return len(groups)
