"""Who stands on a paper: of a plan or a delegation, still to be thanked, and not against being written on lists."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from units.models import Area
from veterans.delegations.stops import Stop, standing, stops_of
from veterans.models import Consent, DataRequest, Delegation, Gift, GratitudePlan, Person, PlanEntry

WAY = (
    "person__residence__parent__code",
    "person__residence__code",
    "person__hamlet",
    "person__sort_key",
    "person",
    "pk",
)


def objected() -> Exists:
    """Whether the entry's person objected to the processing of the own data: stands on no list that leaves."""
    return Exists(
        DataRequest.objects.filter(
            person=OuterRef("person"), kind=DataRequest.Kind.OBJECT, state=DataRequest.State.DONE
        )
    )


def entries_of(user, plan: GratitudePlan) -> QuerySet:
    """The entries of a plan that may stand on its papers, by the way."""
    entries = standing(PlanEntry.objects.visible_to(user).filter(plan=plan)).filter(~objected())
    return entries.select_related("person__residence__parent").order_by(*WAY)


def stops_on_paper(user, delegation: Delegation) -> list[Stop]:
    """Whom a delegation calls on, without who is gone and who objected."""
    stops, _ = stops_of(user, delegation)
    against = set(
        DataRequest.objects.visible_to(user)
        .filter(
            kind=DataRequest.Kind.OBJECT, state=DataRequest.State.DONE, person__in=[stop.person.pk for stop in stops]
        )
        .values_list("person", flat=True)
    )
    return [stop for stop in stops if not stop.gone and stop.person.pk not in against]


def with_name_published(entries: QuerySet) -> QuerySet:
    """Those whose newest answer about the own name is yes."""
    newest = Consent.objects.filter(person=OuterRef("person"), purpose=Consent.Purpose.NAME).order_by("-pk")
    return entries.annotate(_name=Subquery(newest.values("given")[:1])).filter(_name=True)


def promised_in(user, plan: GratitudePlan) -> list[Gift]:
    """The gifts that are still to be handed over, of the people on the plan's papers, by the way."""
    return _gifts(user, entries_of(user, plan).values("pk"))


def promised_on(user, delegation: Delegation, stops: Iterable[Stop]) -> list[Gift]:
    """What a delegation takes along: gifts of its stops, and of its people where no other delegation has them."""
    stops = list(stops)
    own = [entry.pk for stop in stops for entry in stop.entries]
    people = [stop.person.pk for stop in stops]
    free = PlanEntry.objects.visible_to(user).planned()
    free = free.filter(plan=delegation.plan_id, person__in=people, delegation=None).values_list("pk", flat=True)
    gifts = {gift.pk: gift for gift in _gifts(user, [*own, *free])}
    order = {person: place for place, person in enumerate(people)}
    return sorted(gifts.values(), key=lambda gift: (order[gift.person_id], gift.source.order, gift.pk))


def _gifts(user, entries) -> list[Gift]:
    rows = Gift.objects.visible_to(user).filter(Q(entry__in=entries), state=Gift.State.PROMISED)
    return list(
        rows.select_related("source", "person__residence__parent").order_by(
            "person__residence__parent__code",
            "person__residence__code",
            "person__hamlet",
            "person__sort_key",
            "person",
            "source__order",
            "pk",
        )
    )


def by_commune(gifts: Iterable[Gift]) -> Iterator[tuple[Area, list[Gift]]]:
    """The gifts commune by commune, in the order they have."""
    for _, rows in groupby(gifts, key=lambda gift: gift.person.residence_id):
        found = list(rows)
        yield found[0].person.residence, found


def people_of(entries: Iterable[PlanEntry]) -> list[Person]:
    """Each person once, in the order of the entries."""
    return list({entry.person_id: entry.person for entry in entries}.values())
