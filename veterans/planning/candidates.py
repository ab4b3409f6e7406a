"""Who may be put into a plan, commune by commune, with what the registrar has to know to decide."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from veterans.enums import Honour
from veterans.models import DuplicatePair, Gift, GratitudePlan, Person, PlanEntry
from veterans.planning import choosing, wishes

NO_WISH = "none"


@dataclass(frozen=True)
class Candidate:
    """One person of the list with what stands around the name."""

    person: Person
    form: Honour
    wishes: list[str]
    here: list[str]
    elsewhere: list[str]
    fresh: bool
    paired: bool


def candidates(
    people: QuerySet, plan: GratitudePlan, *, communes: Collection[int], wish: str = "", only_new: bool = True
) -> QuerySet:
    """The verified living of these communes, by commune and tên.

    Args:
        people: those the user may see.
        wish: a form of Honour, NO_WISH for those of whom none is known, "" for all.
        only_new: without those who stand in this plan already.
    """
    found = people.verified_living().filter(residence__in=communes, death_reported_by=None)
    if wish == NO_WISH:
        found = found.filter(wishes=None)
    elif wish:
        found = found.filter(wishes__form=wish)
    if only_new:
        found = found.filter(~Exists(PlanEntry.objects.planned().filter(plan=plan, person=OuterRef("pk"))))
    return found.order_by("residence", "sort_key", "pk")


def without_pairs(people: QuerySet) -> QuerySet:
    """Those of whom no pair is undecided."""
    either = Q(first=OuterRef("pk")) | Q(second=OuterRef("pk"))
    return people.filter(~Exists(DuplicatePair.objects.filter(either, state=DuplicatePair.State.PROPOSED)))


def shown(people: QuerySet, plan: GratitudePlan, *, today: date, days: int) -> list[Candidate]:
    """What the list shows of these people; the same number of statements for however many.

    Args:
        days: for how long news that somebody lives is good.
    """
    rows = list(
        people.select_related("residence__parent").prefetch_related(
            "categories",
            "wishes",
            Prefetch("plan_entries", _planned_in(plan), to_attr="planned_now"),
            Prefetch("gifts", _live_of(plan), to_attr="gifts_now"),
        )
    )
    paired = choosing.open_pairs_of([person.pk for person in rows])
    return [
        Candidate(
            person=person,
            form=wishes.proposed(row.form for row in person.wishes.all()),
            wishes=[str(row) for row in person.wishes.all()],
            here=[row.get_form_display() for row in person.planned_now if row.plan_id == plan.pk],
            elsewhere=_elsewhere(person, plan),
            fresh=person.living_is_fresh(today, days),
            paired=person.pk in paired,
        )
        for person in rows
    ]


def _planned_in(plan: GratitudePlan) -> QuerySet:
    return PlanEntry.objects.planned().filter(plan__campaign=plan.campaign_id).select_related("plan__area")


def _live_of(plan: GratitudePlan) -> QuerySet:
    live = Gift.objects.filter(source__campaign=plan.campaign_id, state__in=[Gift.State.PROMISED, Gift.State.GIVEN])
    return live.select_related("source")


def _elsewhere(person: Person, plan: GratitudePlan) -> list[str]:
    """What other plans hold for somebody, and which sources give in this campaign."""
    others = [
        f"Kế hoạch {row.plan.area.name}: {row.get_form_display().lower()}"
        for row in person.planned_now
        if row.plan_id != plan.pk
    ]
    return others + [
        f"{gift.get_kind_display()} của {gift.source}: {gift.get_state_display().lower()}" for gift in person.gifts_now
    ]
