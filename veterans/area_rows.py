"""The province's areas from the database, as plain rows for what reads lists."""

from datetime import date

from units.models import Area, AreaLevel
from veterans.lists.places import AreaRows, CommuneRow


def area_rows(today: date) -> AreaRows:
    """All communes of both times with their districts and other spellings, as they are read on that day. Three statements.

    Errors: ValueError when the areas have not been loaded.
    """
    related = ("aliases", "predecessors__parent")
    areas = list(Area.objects.select_related("parent").prefetch_related(*related).order_by("valid_from", "pk"))
    provinces = [area for area in areas if area.level == AreaLevel.PROVINCE]
    if not provinces:
        raise ValueError("areas are not loaded")
    communes = tuple(_commune(area) for area in areas if area.level == AreaLevel.COMMUNE)
    districts = tuple(
        (area.name, tuple(alias.name for alias in area.aliases.all()))
        for area in areas
        if area.level == AreaLevel.DISTRICT
    )
    is_after = len(provinces) > 1 and provinces[-1].valid_from <= today
    return AreaRows(communes, districts, provinces[0].name, provinces[-1].name, is_after)


def _commune(area: Area) -> CommuneRow:
    before = (one for one in area.predecessors.all() if one.level == AreaLevel.COMMUNE)
    return CommuneRow(
        area.name,
        _district(area),
        area.parent is not None and area.parent.level == AreaLevel.PROVINCE,
        tuple(alias.name for alias in area.aliases.all()),
        tuple((one.name, _district(one)) for one in before),
    )


def _district(area: Area) -> str:
    """Its name; "" for a commune that stands below the province."""
    return area.parent.name if area.parent and area.parent.level == AreaLevel.DISTRICT else ""
