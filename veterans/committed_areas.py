"""The province's areas as every installation starts with them, as plain rows: no database is needed."""

import json
from pathlib import Path

from veterans.lists.places import AreaRows, CommuneRow

AREAS = Path(__file__).parents[1] / "units" / "data" / "areas.json"


def committed_areas() -> AreaRows:
    """All communes of both times with their districts and other spellings.

    Errors: OSError or ValueError when the data file is missing or damaged.
    """
    content = json.loads(AREAS.read_text(encoding="utf-8"))
    old = [
        CommuneRow(name, district["name"], False, tuple(aliases))
        for district in content["districts"]
        for _, name, _, aliases in district["communes"]
    ]
    new = [CommuneRow(name, "", True, tuple(aliases)) for _, name, aliases in content["new_communes"]]
    districts = tuple((one["name"], tuple(one["aliases"])) for one in content["districts"])
    return AreaRows((*old, *new), districts, content["old_province"]["name"], content["new_province"]["name"])
