"""The province's areas as plain rows for what reads lists: from the database, or from the committed data alone."""

import json

from units.models import Area, AreaLevel
from units.reference import DATA
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


def committed_area_rows() -> AreaRows:
    """The same from the data every installation starts with, without a database.

    Errors: OSError or ValueError when the data file is missing or damaged.
    """
    content = json.loads((DATA / "areas.json").read_text(encoding="utf-8"))
    old = [
        CommuneRow(name, district["name"], False, tuple(aliases))
        for district in content["districts"]
        for _, name, _, aliases in district["communes"]
    ]
    new = [CommuneRow(name, "", True, tuple(aliases)) for _, name, aliases in content["new_communes"]]
    districts = tuple((one["name"], tuple(one["aliases"])) for one in content["districts"])
    return AreaRows((*old, *new), districts, content["old_province"]["name"], content["new_province"]["name"])
