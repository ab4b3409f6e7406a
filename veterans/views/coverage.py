"""Who has not been reached yet in the present occasion: the people, oldest first, and the figures by commune and group."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directive_tracker import clock
from directive_tracker.row_ids import row_id
from units.calendar import work_calendar
from units.models import Area
from veterans import coverage
from veterans.coverage import Counts, Reach
from veterans.enums import Category
from veterans.forms import grouped, own_communes
from veterans.living import living_days
from veterans.models import Campaign, GratitudePlan, Person, PlanEntry
from veterans.querysets import access_for
from veterans.views.base import registrar_page

PAGE_SIZE = 25
WAITING = (Reach.NONE, Reach.PLANNED)
# The word in the address → its words, and the stages it shows; the first is what the page begins with.
STATES = {
    "": ("Chưa được thăm", WAITING),
    "chua-ke-hoach": ("Chưa có kế hoạch", (Reach.NONE,)),
    "trong-ke-hoach": ("Đã có trong kế hoạch, chưa thăm", (Reach.PLANNED,)),
    "da-tham": ("Đã thăm", (Reach.VISITED,)),
}


class Counted(Paginator):
    """Pages of rows whose number the figures have said already."""

    def __init__(self, rows, per_page: int, count: int) -> None:
        super().__init__(rows, per_page)
        self._known = count

    @cached_property
    def count(self) -> int:
        return self._known


@dataclass
class Line:
    """One line of the figures: a commune, or the sum of a district or of all; groups: of each group, its people."""

    name: str
    area: int | None
    counts: Counts
    groups: list[Counts]


@dataclass
class Row:
    """One person of the list with what has been arranged; plan: the one into which the person can be put."""

    person: Person
    reach: Reach
    entries: list[PlanEntry]
    is_old: bool
    is_fresh: bool
    visited_on: date | None = None
    plan: int | None = None


@registrar_page
@require_safe
def coverage_page(request):
    """The list and the figures of the registrar's own areas. Without an occasion there is nothing to reach."""
    today = clock.today()
    campaign = Campaign.objects.visible_to(request.user).present_one()
    communes = list(own_communes(access_for(request.user).area_ids, today))
    context = {"campaign": campaign, "choices": grouped(communes, whole_districts=True), "begun": False}
    if campaign is not None:
        context |= _of_campaign(request, campaign, communes, today)
    return render(request, "veterans/gratitude/coverage.html", context)


def _of_campaign(request, campaign: Campaign, communes: list[Area], today) -> dict:
    days = living_days()
    people = Person.objects.visible_to(request.user).filter(residence__in=[commune.pk for commune in communes])
    figures = coverage.figures(people, campaign=campaign.pk, today=today, days=days)
    area, category, state = _asked(request.GET, communes)
    words, stages = STATES[state]
    inside = [commune.pk for commune in communes if area in (None, commune.pk, commune.parent_id)]
    wanted = people.verified_living()
    if area is not None:
        wanted = wanted.filter(residence__in=inside)
    if category:
        wanted = wanted.filter(categories__category=category)
    wanted = coverage.reached(wanted, stages, campaign=campaign.pk, today=today)
    chosen = figures.sum(inside, category)
    rows = coverage.with_steps(coverage.oldest_first(wanted), request.user)
    page = Counted(
        rows.select_related("residence__parent").prefetch_related("categories"), PAGE_SIZE, chosen.of(stages)
    ).get_page(request.GET.get("page"))
    plans = _plans(request, campaign)
    page.object_list = [_row(person, campaign, today, days, plans) for person in page.object_list]
    return {
        "begun": campaign.starts_on <= today,
        "page": page,
        "all": figures.sum([commune.pk for commune in communes]),
        "table": _table(communes, figures),
        "groups": figures.groups,
        "area": area,
        "category": category,
        "categories": Category.choices,
        "state": state,
        "states": [(key, label) for key, (label, _) in STATES.items()],
        "title": words,
        "days": days,
        "old": coverage.OLD,
        "left": work_calendar().count_between(today, campaign.honour_day) if campaign.honour_day > today else 0,
        "is_filtered": bool(area or category or state),
    }


def _asked(asked, communes: list[Area]) -> tuple[int | None, str, str]:
    """The area, group and stage of the address; what is none of the choices filters nothing."""
    area = row_id(asked.get("dia-ban", ""))
    if area not in {pk for commune in communes for pk in (commune.pk, commune.parent_id)}:
        area = None
    category, state = asked.get("doi-tuong", ""), asked.get("tinh-trang", "")
    return area, category if category in Category.values else "", state if state in STATES else ""


def _plans(request, campaign: Campaign) -> dict[int, int]:
    """Area → its plan, of those into which the registrar may put people now; no statement once the occasion has ended."""
    if not campaign.is_open:
        return {}
    rows = GratitudePlan.objects.visible_to(request.user).filter(campaign=campaign)
    return dict(rows.exclude(state=GratitudePlan.State.SUBMITTED).values_list("area", "pk"))


def _row(person: Person, campaign: Campaign, today, days: int, plans: dict[int, int]) -> Row:
    commune = person.residence
    above = (commune.pk, commune.parent_id, commune.parent and commune.parent.parent_id)
    visits = [v.on for v in person.visits.all() if v.campaign_id == campaign.pk and not v.to_family and v.on <= today]
    return Row(
        person=person,
        reach=coverage.reach_of(person, campaign=campaign, today=today),
        entries=coverage.entries_of(person, campaign),
        is_old=coverage.is_old(person, today),
        is_fresh=person.living_is_fresh(today, days),
        visited_on=max(visits, default=None),
        plan=next((plans[area] for area in above if area in plans), None),
    )


def _table(communes: list[Area], figures: coverage.Figures) -> list[tuple[Line, list[Line]]]:
    """District by district: its sum and its communes in which there is anybody."""

    def line(name: str, area: int | None, pks: list[int]) -> Line:
        return Line(name, area, figures.sum(pks), [figures.sum(pks, category) for category in figures.groups])

    found = []
    for district, group in groupby(communes, key=lambda commune: commune.parent or commune):
        own = [commune for commune in group if commune.pk in figures.communes]
        if own:
            lines = [line(commune.name, commune.pk, [commune.pk]) for commune in own]
            found.append((line(district.name, district.pk, [commune.pk for commune in own]), lines))
    if len(found) > 1:
        found.append((line("Cộng", None, [commune.pk for commune in communes]), []))
    return found
