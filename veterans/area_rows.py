"""The province's areas from the database, as plain rows for what reads lists."""

from units.models import Area, AreaLevel
from veterans.lists.places import AreaRows, CommuneRow


def area_rows() -> AreaRows:
    """All communes of both times with their districts and other spellings. Two statements.

    Errors: ValueError when the areas have not been loaded.
    """
    areas = list(Area.objects.select_related("parent").prefetch_related("aliases").order_by("valid_from", "pk"))
    provinces = [area for area in areas if area.level == AreaLevel.PROVINCE]
    if not provinces:
        raise ValueError("areas are not loaded")
    communes = tuple(
        CommuneRow(
            area.name,
            area.parent.name if area.parent and area.parent.level == AreaLevel.DISTRICT else "",
            area.parent is not None and area.parent.level == AreaLevel.PROVINCE,
            tuple(alias.name for alias in area.aliases.all()),
        )
        for area in areas
        if area.level == AreaLevel.COMMUNE
    )
    districts = tuple(
        (area.name, tuple(alias.name for alias in area.aliases.all()))
        for area in areas
        if area.level == AreaLevel.DISTRICT
    )
    return AreaRows(communes, districts, provinces[0].name, provinces[-1].name)
