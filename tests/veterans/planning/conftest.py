"""A plan of the near district, people who may stand in it, and money of two sources."""

import pytest

from tests.veterans.conftest import NOW
from veterans import verification
from veterans.enums import Verification
from veterans.models import Person
from veterans.planning import money, plans
from veterans.planning.money import Fund

__all__ = ["NOW"]


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def verified(add, land):
    """verified("A Thút", land.hring, …): somebody whom every level has found to belong here."""

    def verified(name="A Thút", commune=None, **fields) -> Person:
        person = add(name, commune, **fields)
        for step in (Verification.HAMLET, Verification.COMMUNE, Verification.DISTRICT, Verification.PROVINCE):
            verification.verify(person, to=step, finding="enough", reason="", by=land.of_province, now=NOW)
        return Person.objects.get(pk=person.pk)

    return verified


@pytest.fixture
def plan(land):
    """The near district's, empty."""
    return plans.make_plan(area=land.near, unit=land.unit, title="Kế hoạch thử", by=land.of_near, now=NOW)


@pytest.fixture
def funded(plan, land):
    """The same with a gift of the province (2.000.000 đồng) and one of the district (milk)."""
    funds = {
        land.sources["province"].pk: Fund(each=2_000_000, budget=10_000_000),
        land.sources["district"].pk: Fund(goods="Sữa"),
    }
    money.set_money(plan, funds, version=plan.version, by=land.of_near, now=NOW)
    plan.refresh_from_db()
    return plan


@pytest.fixture
def lines(funded):
    """The keys of the plan's funding rows."""
    return list(funded.funding.values_list("pk", flat=True))
