"""Which communes a list may bring people into, by the names it uses: also those of before, or since, a change of communes."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from directive_tracker.vietnamese import vn_date
from units.models import Area, AreaLevel
from veterans.lists.codes import Problem
from veterans.lists.rows import Person as Read
from veterans.models import PersonImport
from veterans.querysets import access_for

OUTSIDE, DIVIDED, ENDED = "outside_area", "commune_divided", "commune_ended"
FOLLOWED, KEPT = "commune_followed", "commune_kept"
# What stands beside the number of rows with that error.
IN_SHORT = {
    OUTSIDE: "Xã ngoài địa bàn của danh sách.",
    DIVIDED: "Tên xã thuộc thời kỳ khác, ứng với hơn một xã của địa bàn.",
    ENDED: "Tên xã thuộc thời kỳ khác, danh mục địa bàn chưa ghi nối với xã nào.",
}


class Residence(NamedTuple):
    """Where a row's person is written down.

    area: id of the commune, None with an error; named: id of the one that the list names, by which the line is known again;
    problem: an error, or a warning that another name is used.
    """

    area: int | None
    named: int | None
    problem: Problem | None = None


@dataclass(frozen=True)
class Place:
    """A commune as far as it matters here. before, after: those it took the place of, and that took its place."""

    pk: int
    name: str
    valid_from: date
    valid_to: date | None
    before: tuple[int, ...] = ()
    after: tuple[int, ...] = ()


@dataclass(frozen=True)
class Scope:
    """communes: (commune, district or "") → the Area's id; within: the ids this list may bring people into.

    places: all communes by id; area: the list's, in words.
    """

    communes: dict[tuple[str, str], int]
    within: frozenset[int]
    places: dict[int, Place]
    today: date
    area: str

    def residence(self, read: Read) -> Residence:
        """The commune of the row; one that is not valid today gives way to those of today in the registrar's areas."""
        named = self.communes.get((read.commune, read.district or ""))
        if named is None:
            return Residence(None, None, self._outside(read.commune))
        place = self.places[named]
        today = self._of_today(place)
        own = [pk for pk in today if pk in self.within]
        if own == [named]:
            return Residence(named, named)
        if len(own) == 1:
            return Residence(own[0], named, self._followed(place, self.places[own[0]]))
        if own:
            return Residence(None, named, self._divided(place, own))
        if named in self.within:
            # The registrar's areas have not been moved yet: the book goes on under the old names.
            return Residence(named, named, self._kept(place, today))
        return Residence(None, named, self._outside(place.name) if today else self._ended(place))

    def _of_today(self, place: Place) -> list[int]:
        """The communes that exist today on its land, by id; itself when it exists."""
        if self._has_ended(place):
            return self._reached(place, "after")
        return [place.pk] if place.valid_from <= self.today else self._reached(place, "before")

    def _reached(self, place: Place, way: str) -> list[int]:
        found, seen, waiting = set(), {place.pk}, list(getattr(place, way))
        while waiting:
            pk = waiting.pop()
            other = self.places.get(pk)
            if other is None or pk in seen:
                continue
            seen.add(pk)
            if other.valid_from <= self.today and not self._has_ended(other):
                found.add(pk)
            else:
                waiting.extend(getattr(other, way))
        return sorted(found)

    def _has_ended(self, place: Place) -> bool:
        return place.valid_to is not None and place.valid_to < self.today

    # --- in words ---------------------------------------------------------------------------------

    def _times(self, place: Place) -> str:
        """Since when it is gone, or from when on it is there."""
        if self._has_ended(place) and place.valid_to:
            return f"{place.name} không còn từ ngày {vn_date(place.valid_to + timedelta(days=1))}"
        return f"{place.name} chỉ có từ ngày {vn_date(place.valid_from)}"

    def _names(self, pks: list[int]) -> str:
        return ", ".join(self.places[pk].name for pk in pks)

    def _followed(self, place: Place, other: Place) -> Problem:
        link = "nay thuộc" if self._has_ended(place) else "trước đó là"
        return Problem(
            FOLLOWED,
            f"{self._times(place)}, {link} {other.name}.",
            f"Người này được ghi ở {other.name}.",
            value=place.name,
        )

    def _divided(self, place: Place, own: list[int]) -> Problem:
        link = "nay thuộc các xã" if self._has_ended(place) else "gồm các xã trước đó"
        return Problem(
            DIVIDED,
            f"{self._times(place)}, {link}: {self._names(own)}.",
            "Ghi tên một trong các xã này.",
            value=place.name,
        )

    def _kept(self, place: Place, today: list[int]) -> Problem:
        link = f", nay thuộc {self._names(today)}" if today else ""
        return Problem(
            KEPT,
            f"{self._times(place)}{link}; địa bàn anh/chị phụ trách vẫn theo tên cũ.",
            f"Người này được ghi ở {place.name}; xin báo người quản trị khi địa bàn phụ trách đã đổi.",
            value=place.name,
        )

    def _ended(self, place: Place) -> Problem:
        return Problem(
            ENDED,
            f"{self._times(place)}; danh mục địa bàn chưa ghi nối với xã nào.",
            "Ghi tên xã của hiện nay, hoặc nhờ người quản trị ghi nơi kế thừa.",
            value=place.name,
        )

    def _outside(self, commune: str) -> Problem:
        return Problem(
            OUTSIDE,
            f"{commune} không thuộc địa bàn của danh sách ({self.area}).",
            "Gửi dòng này cho nơi phụ trách xã đó, hoặc kiểm tra lại tên xã.",
            value=commune,
        )


def scope_of(found: PersonImport, user: Any, *, today: date) -> Scope:
    """The communes of the list's area in which the user keeps the registry that day. Two statements, and the rights."""
    own = access_for(user).area_ids
    before, after = _links()
    communes: dict[tuple[str, str], int] = {}
    places: dict[int, Place] = {}
    within = set()
    rows = Area.objects.communes().select_related("parent").order_by("valid_from", "pk")
    for area in rows:
        parent = area.parent
        district = parent.name if parent and parent.level == AreaLevel.DISTRICT else ""
        communes[area.name, district] = area.pk
        links = (tuple(before[area.pk]), tuple(after[area.pk]))
        places[area.pk] = Place(area.pk, area.name, area.valid_from, area.valid_to, *links)
        above = {area.pk, area.parent_id, parent.parent_id if parent else None}
        # Lists go on naming communes of before the last change; whose they are says the registrar's area.
        if area.pk in own and found.area_id in above:
            within.add(area.pk)
    return Scope(communes, frozenset(within), places, today, found.area.name)


def _links() -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Area → those it took the place of, and → those that took its place. One statement."""
    before, after = defaultdict(list), defaultdict(list)
    for old, new in Area.successors.through.objects.order_by("pk").values_list("from_area_id", "to_area_id"):
        before[new].append(old)
        after[old].append(new)
    return before, after
