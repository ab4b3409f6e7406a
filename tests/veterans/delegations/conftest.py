"""A district with a plan, entries in it, and a way to set delegations up."""

from datetime import date

import pytest

from tests.factories import at
from veterans.delegations import route, writing
from veterans.delegations.writing import Details
from veterans.models import GratitudePlan, PlanEntry

MADE = at("2024-04-01", "09:00")


@pytest.fixture
def plan(land):
    return GratitudePlan.objects.create(
        campaign=land.campaign,
        area=land.near,
        unit=land.unit,
        title="Kế hoạch huyện Đăk Hà",
        made_by=land.of_near,
        made_at=MADE,
    )


@pytest.fixture
def enter(land, plan, add):
    """enter("A Thút", land.hring, form="home", …): somebody on the list and in the plan."""

    def enter(name="A Thút", commune=None, *, form="home", plan=plan, person=None, **fields):
        person = person or add(name, commune, **fields)
        return PlanEntry.objects.create(plan=plan, person=person, form=form, added_by=land.of_near, added_at=MADE)

    return enter


@pytest.fixture
def details(land):
    """details(name=…): what is written about a delegation."""

    def details(**more):
        given = {"name": "Đoàn số 1", "unit": land.unit, "leader": "Ông Nguyễn Văn Trưởng", "on": date(2024, 5, 5)}
        return Details(**given | more)

    return details


@pytest.fixture
def send(land, plan, details):
    """send(entry, …): a delegation that calls on these, in the order of the way."""

    def send(*entries, plan=plan, now=MADE, **more):
        made = writing.make(plan, details(**more), by=land.of_near, now=now)
        if entries:
            seen = {entry.pk: None for entry in entries}
            route.take(made, seen, entries=PlanEntry.objects.all(), version=1, by=land.of_near, now=now)
            made.refresh_from_db()
        return made

    return send


def names_of(delegation) -> list[str]:
    """Whom a delegation calls on, in order."""
    return [entry.person.full_name for entry in delegation.stops.by_route().select_related("person")]
