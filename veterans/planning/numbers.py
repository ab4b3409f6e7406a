"""How many people a plan holds, by commune or district and form."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count

from units.models import Area, AreaLevel
from veterans.enums import Honour
from veterans.models import GratitudePlan
from veterans.planning import plans

FORMS = tuple(Honour)
ELSEWHERE = "Đã chuyển khỏi địa bàn"


@dataclass
class Row:
    """One place: people by form; somebody in two forms is one of `people`."""

    name: str
    area: Area | None = None
    by_form: Counter = field(default_factory=Counter)
    people: int = 0

    @property
    def cells(self) -> list[int]:
        """The numbers in the order of FORMS."""
        return [self.by_form[form.value] for form in FORMS]

    @property
    def labelled(self) -> list[tuple[str, int]]:
        """The same, each with the words of its form."""
        return [(str(form.label), self.by_form[form.value]) for form in FORMS]


@dataclass
class District:
    """A district's communes that have somebody in the plan, and their sum."""

    total: Row
    communes: list[Row] = field(default_factory=list)


@dataclass
class Table:
    """The whole plan."""

    districts: list[District]
    total: Row

    @property
    def rows(self) -> list[Row]:
        """What a page shows: the communes of one district, or the districts."""
        if len(self.districts) == 1:
            return self.districts[0].communes
        return [district.total for district in self.districts]


def table_of(plan: GratitudePlan) -> Table:
    """Count the plan's people by place and form. Three statements, however many people there are."""
    areas = {area.pk: area for area in plans.communes_of(plan.area)}
    entries = plan.entries.planned().order_by()
    forms = entries.values_list("person__residence", "form").annotate(number=Count("pk"))
    people = entries.values_list("person__residence").annotate(number=Count("person", distinct=True))
    rows: dict[int | None, Row] = {}

    def row_of(commune: int) -> Row:
        area = areas.get(commune)
        return rows.setdefault(area.pk if area else None, Row(area.name if area else ELSEWHERE, area))

    for commune, form, number in forms:
        row_of(commune).by_form[form] += number
    for commune, number in people:
        row_of(commune).people += number
    return _sorted(plan, areas, rows)


def _sorted(plan: GratitudePlan, areas: dict[int, Area], rows: dict[int | None, Row]) -> Table:
    total = Row("Tổng số")
    districts: dict[str, District] = {}
    for pk in [*(pk for pk in areas if pk in rows), *([None] if None in rows else [])]:
        row = rows[pk]
        area = _district(row.area, plan) if row.area else None
        name = area.name if area else ELSEWHERE
        district = districts.setdefault(name, District(Row(name, area)))
        district.communes.append(row)
        for each in (district.total, total):
            each.by_form += row.by_form
            each.people += row.people
    return Table(list(districts.values()), total)


def _district(commune: Area, plan: GratitudePlan) -> Area:
    parent = commune.parent
    return parent if parent and parent.level == AreaLevel.DISTRICT else plan.area
