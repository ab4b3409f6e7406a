"""Who has been reached in an occasion and who has not yet.

Of the people who are verified and alive each is exactly one of three: without a plan, in a plan, visited. The rule stands
here once, as conditions for the database and over rows that were read; a test holds both equal over a table of states.
Nothing of it is stored.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    TextChoices,
    Value,
    When,
)

from veterans.enums import Category
from veterans.models import Campaign, Person, PlanEntry, Visit
from veterans.querysets import PersonQuerySet

# From this age on somebody is counted apart: those nobody may come too late for.
OLD = 95


class Reach(TextChoices):
    """How far an occasion has come with one person."""

    NONE = "none", "Chưa có kế hoạch"
    PLANNED = "planned", "Đã có trong kế hoạch"
    VISITED = "visited", "Đã thăm"


# --- the rule ------------------------------------------------------------------------------------


def visited_q(campaign: int | Subquery, today: date) -> Exists:
    """Called on in person in that campaign, up to the day; a call on the family of somebody who died is none."""
    return Exists(Visit.objects.filter(campaign=campaign, on__lte=today, to_family=False, person=OuterRef("pk")))


def planned_q(campaign: int | Subquery) -> Exists:
    """Stands in a plan of that campaign, whichever area's and however far it is approved."""
    return Exists(PlanEntry.objects.planned().filter(plan__campaign=campaign, person=OuterRef("pk")))


def reached(people: PersonQuerySet, wanted: Iterable[str], *, campaign: int | Subquery, today: date) -> PersonQuerySet:
    """Those of the people who are at one of these stages (of Reach)."""
    wanted = set(wanted)
    if wanted >= set(Reach.values):
        return people
    visited, planned = visited_q(campaign, today), planned_q(campaign)
    if Reach.VISITED in wanted:
        rest = wanted - {Reach.VISITED}
        if not rest:
            return people.filter(visited)
        return people.filter(Q(visited) | (Q(planned) if Reach.PLANNED in rest else ~Q(planned)))
    people = people.filter(~visited)
    if wanted == {Reach.PLANNED}:
        return people.filter(planned)
    return people.filter(~planned) if wanted == {Reach.NONE} else people


def reach_of(person: Person, *, campaign: Campaign, today: date) -> Reach:
    """The same for a person whose visits and plan entries were read along (`with_steps`, or asked here)."""
    if any(v.campaign_id == campaign.pk and v.on <= today and not v.to_family for v in person.visits.all()):
        return Reach.VISITED
    return Reach.PLANNED if entries_of(person, campaign) else Reach.NONE


def entries_of(person: Person, campaign: Campaign) -> list[PlanEntry]:
    """Where the person stands in the plans of the campaign."""
    return [
        entry
        for entry in person.plan_entries.all()
        if entry.state == PlanEntry.State.PLANNED and entry.plan.campaign_id == campaign.pk
    ]


def with_steps(people: PersonQuerySet, user: Any) -> PersonQuerySet:
    """The people with what `reach_of` and the list look at: two statements, whatever their number."""
    entries = PlanEntry.objects.visible_to(user).planned().select_related("plan", "delegation").order_by("pk")
    visits = Visit.objects.visible_to(user).order_by("-on", "-pk")
    return people.prefetch_related(Prefetch("plan_entries", queryset=entries), Prefetch("visits", queryset=visits))


def is_old(person: Person, today: date) -> bool:
    """From OLD years on, by the year of birth alone; of somebody whose year is not known nobody can say so."""
    return person.birth_year is not None and today.year - person.birth_year >= OLD


def old_q(today: date) -> Q:
    """The same for the database."""
    return Q(birth_year__lte=today.year - OLD)


def stale_q(today: date, days: int) -> Q:
    """Without news of the last `days` days that they live, or with a death that waits for a second person."""
    return Q(living_on__lt=today - timedelta(days=days)) | Q(death_reported_by__isnull=False)


# --- the figures -----------------------------------------------------------------------------------


@dataclass
class Counts:
    """People by stage; planned are those not visited yet. old and stale: of those not visited."""

    none: int = 0
    planned: int = 0
    visited: int = 0
    old: int = 0
    stale: int = 0

    @property
    def waiting(self) -> int:
        """Not visited."""
        return self.none + self.planned

    @property
    def total(self) -> int:
        return self.waiting + self.visited

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.none + other.none,
            self.planned + other.planned,
            self.visited + other.visited,
            self.old + other.old,
            self.stale + other.stale,
        )

    def of(self, wanted: Iterable[str]) -> int:
        """How many are at one of these stages."""
        return sum(getattr(self, stage) for stage in set(wanted))


@dataclass
class Figures:
    """communes: commune → its people; categories: (commune, category) → those of the group.

    A person of two groups counts in both, so that the groups of a commune may add up to more than its people.
    """

    communes: dict[int, Counts] = field(default_factory=dict)
    categories: dict[tuple[int, str], Counts] = field(default_factory=dict)

    def sum(self, communes: Iterable[int], category: str = "") -> Counts:
        """All of these communes, or of one group in them."""
        found = Counts()
        for pk in communes:
            found += (self.categories.get((pk, category)) if category else self.communes.get(pk)) or Counts()
        return found

    @property
    def groups(self) -> list[Category]:
        """The groups in which there is anybody, in their order."""
        there = {category for (_, category), counts in self.categories.items() if counts.total}
        return [category for category in Category if category in there]


def figures(people: PersonQuerySet, *, campaign: int | Subquery, today: date, days: int) -> Figures:
    """Count the verified living among the people. Two statements, whatever their number.

    Args:
        people: whom the reader may see.
        days: for how many days news that somebody lives is good.
    """
    found = Figures()
    rows = _counted(people, ("residence",), campaign=campaign, today=today, days=days)
    found.communes = {commune: counts for (commune,), counts in rows}
    rows = _counted(people, ("residence", "categories__category"), campaign=campaign, today=today, days=days)
    found.categories = {(commune, category): counts for (commune, category), counts in rows if category}
    return found


def by_district(*, campaign: int | Subquery, today: date) -> dict[int | None, Counts]:
    """The whole province: district → its people, for sums that leave it. One statement."""
    people = Person.objects.verified_living()
    rows = _counted(people, ("residence__parent",), campaign=campaign, today=today, days=0)
    return {district: counts for (district,), counts in rows}


def by_area(*, campaign: int | Subquery, today: date) -> tuple[Counts, dict[int, Counts]]:
    """The whole province, and commune, district and province → the people who live there. One statement."""
    levels = ("residence", "residence__parent", "residence__parent__parent")
    whole, found = Counts(), defaultdict(Counts)
    for areas, counts in _counted(Person.objects.verified_living(), levels, campaign=campaign, today=today, days=0):
        whole += counts
        for area in filter(None, areas):
            found[area] += counts
    return whole, dict(found)


def _counted(people: PersonQuerySet, by: tuple[str, ...], *, campaign, today: date, days: int) -> list[tuple]:
    """Key → Counts of the verified living. The database works out each person's stage once, and groups by it."""
    staged = people.verified_living().annotate(
        is_visited=visited_q(campaign, today),
        is_planned=planned_q(campaign),
        is_old=_flag(old_q(today)),
        is_stale=_flag(stale_q(today, days)),
    )
    rows = staged.order_by().values_list(*by, "is_visited", "is_planned", "is_old", "is_stale")
    found: dict[tuple, Counts] = defaultdict(Counts)
    for *key, visited, planned, old, stale, number in rows.annotate(number=Count("pk")):
        counts = found[tuple(key)]
        if visited:
            counts.visited += number
            continue
        if planned:
            counts.planned += number
        else:
            counts.none += number
        counts.old += number if old else 0
        counts.stale += number if stale else 0
    return list(found.items())


def _flag(condition: Q) -> Case:
    """Whether a condition holds; unknown is no."""
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def oldest_first(people: PersonQuerySet) -> PersonQuerySet:
    """Who was born first stands first; who has no year of birth stands at the end.

    A list without years would otherwise push those of a hundred years off the first page; the page counts who has none
    and leads to them.
    """
    return people.order_by(F("birth_year").asc(nulls_last=True), "pk")
