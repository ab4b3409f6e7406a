"""The approved plan in the unit's report: its paper is filled in where one is owed, and nothing that was typed is lost."""

from datetime import date

import pytest
from django.urls import reverse

from tasks.drafts.handed_papers import HandedPaper, fill_in
from tasks.drafts.opening import open_report
from tasks.models import SectionProduct, UnitReport
from tests.factories import make_assignment, make_directive, make_product, make_task
from tests.veterans.conftest import NOW
from units.models import Membership, Role
from veterans.planning import choosing, plans

pytestmark = pytest.mark.django_db

PAPER = {"number": "12", "symbol": "KH/MTTQ", "approved_on": date(2024, 4, 15), "signer": "Bà Y Hà"}


@pytest.fixture
def task(land):
    """The occasion's task: the unit owes a plan and a list."""
    found = make_task(make_directive(), "1b.2")
    land.campaign.plan_task = found
    land.campaign.save()
    part = make_assignment(found, land.unit)
    for kind, name in (("list", "Danh sách"), ("plan", "Kế hoạch")):
        part.products.create(product=make_product(found, kind=kind, name=name, has_paper=True))
    return found


@pytest.fixture
def approved(funded, land, verified, task):
    choosing.put_in(funded, {verified().pk: "home"}, lines=[], by=land.of_near, now=NOW)
    plans.submit(funded, version=funded.version, by=land.of_near, now=NOW)
    plans.approve(funded, version=funded.version + 1, by=land.of_near, now=NOW, **PAPER)
    return funded


def address(name: str, plan) -> str:
    return reverse(f"veterans:{name}", args=[plan.pk])


def typed() -> list[tuple[str, str, str, date | None, str]]:
    rows = SectionProduct.objects.order_by("delivery__product__order", "pk")
    return [(row.delivery.product.kind, row.number, row.symbol, row.paper_date, row.signer) for row in rows]


def reporting(land):
    """The registrar of the near district also reports for the unit."""
    Membership.objects.create(user=land.of_near, unit=land.unit, role=Role.REPORTER, valid_from=date(2024, 1, 1))


def test_the_page_names_the_task_and_offers_the_report_to_the_units_people(client, land, approved):
    client.force_login(land.of_near)
    before = client.get(address("plan_detail", approved)).content.decode()
    reporting(land)
    after = client.get(address("plan_detail", approved)).content.decode()
    assert ["1b.2" in page for page in (before, after)] == [True, True]
    # How far the unit is with it, only to whoever may see its work.
    assert ["hạn 19/4/2024" in page for page in (before, after)] == [False, True]
    assert [address("plan_report", approved) in page for page in (before, after)] == [False, True]
    assert "Mới giao" in after


def test_the_paper_of_the_approval_is_filled_into_the_report_that_owes_a_plan(client, land, approved):
    reporting(land)
    client.force_login(land.of_near)

    answer = client.post(address("plan_report", approved))

    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        reverse("tasks:report_edit", args=[UnitReport.objects.get().pk]),
    )
    assert typed() == [
        ("list", "", "", None, ""),
        ("plan", "12", "KH/MTTQ", date(2024, 4, 15), "Bà Y Hà"),
    ]


def test_a_second_press_and_what_was_typed_change_nothing(client, land, approved):
    reporting(land)
    client.force_login(land.of_near)
    client.post(address("plan_report", approved))
    SectionProduct.objects.filter(number="12").update(number="13", signer="")

    client.post(address("plan_report", approved))

    assert typed()[1] == ("plan", "13", "KH/MTTQ", date(2024, 4, 15), "")
    assert UnitReport.objects.count() == 1


def test_who_does_not_report_for_the_unit_fills_in_nothing(client, land, approved):
    client.force_login(land.of_near)
    assert client.post(address("plan_report", approved)).status_code == 403
    assert UnitReport.objects.count() == 0


def test_without_an_approval_there_is_nothing_to_report(client, land, funded, task):
    reporting(land)
    client.force_login(land.of_near)
    answer = client.post(address("plan_report", funded), follow=True)
    assert "Chưa có phê duyệt" in answer.content.decode()
    assert UnitReport.objects.count() == 0


def test_whoever_has_the_form_open_is_found_out_by_the_versions(land, approved, task):
    reporting(land)
    report = open_report(land.unit, task.directive, by=land.of_near, now=NOW)
    section = report.sections.get()

    filled = fill_in(report, task, HandedPaper("12", "KH", date(2024, 4, 15), "Bà Y Hà"), by=land.of_near, now=NOW)

    report.refresh_from_db()
    assert (filled, report.version, report.sections.get().version) == (True, 2, section.version + 1)
