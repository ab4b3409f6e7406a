"""Which communes a list may bring people into, by the names it uses."""

from dataclasses import dataclass
from typing import Any

from units.models import Area, AreaLevel
from veterans.lists.codes import Problem
from veterans.lists.rows import Person as Read
from veterans.models import PersonImport
from veterans.querysets import access_for

OUTSIDE = "outside_area"


@dataclass(frozen=True)
class Scope:
    """communes: (commune, district or "") → the Area's id; within: the ids this list may bring people into."""

    communes: dict[tuple[str, str], int]
    within: frozenset[int]

    def residence(self, read: Read) -> int | None:
        """The id of the row's commune, or None where the list must not write."""
        found = self.communes.get((read.commune, read.district or ""))
        return found if found in self.within else None


def scope_of(found: PersonImport, user: Any) -> Scope:
    """The communes of the list's area in which the user keeps the registry today. One statement, and the rights."""
    own = access_for(user).area_ids
    communes: dict[tuple[str, str], int] = {}
    within = set()
    rows = Area.objects.communes().select_related("parent").order_by("valid_from", "pk")
    for area in rows:
        parent = area.parent
        district = parent.name if parent and parent.level == AreaLevel.DISTRICT else ""
        communes[area.name, district] = area.pk
        above = {area.pk, area.parent_id, parent.parent_id if parent else None}
        # Lists go on naming communes of before the last change; whose they are says the registrar's area.
        if area.pk in own and found.area_id in above:
            within.add(area.pk)
    return Scope(communes, frozenset(within))


def outside(read: Read, found: PersonImport) -> Problem:
    """The error of a row whose commune is not of the list's area, or not the registrar's."""
    return Problem(
        OUTSIDE,
        f"{read.commune} không thuộc địa bàn của danh sách ({found.area.name}).",
        "Gửi dòng này cho nơi phụ trách xã đó, hoặc kiểm tra lại tên xã.",
        value=read.commune,
    )
