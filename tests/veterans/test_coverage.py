"""Who has been reached and who has not: the rule, the figures, the page."""

import itertools
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.veterans.conftest import NOW, TODAY
from veterans import coverage, living
from veterans.coverage import Counts, Reach
from veterans.models import Campaign, Delegation, GratitudePlan, Person, PersonCategory, PlanEntry, Visit

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.veterans.urls")]

TOMORROW = TODAY + timedelta(days=1)
# What a visit is → whether the person counts as visited.
VISITS = {
    "none": False,
    "before": True,
    "today": True,
    "tomorrow": False,
    "family": False,
    "last campaign": False,
    "before and last campaign": True,
}
# Where the person stands in plans → whether the person counts as planned.
ENTRIES = {
    "none": False,
    "planned": True,
    "dropped": False,
    "dropped and planned": True,
    "last campaign": False,
    "two forms": True,
}


@pytest.fixture
def approved(add, land):
    """approved("A Thút", commune, …): somebody verified by every level and alive."""

    def made(*args, **fields) -> Person:
        person = add(*args, **fields)
        Person.objects.filter(pk=person.pk).update(
            verification="province", finding="enough", verified_on=TODAY, verified_by=land.of_province
        )
        person.refresh_from_db()
        return person

    return made


@pytest.fixture
def last_campaign(land):
    return Campaign.objects.create(
        name="Tết",
        starts_on=date(2024, 1, 1),
        honour_day=date(2024, 2, 10),
        ends_on=date(2024, 2, 10),
        opened_at=NOW,
        state="closed",
        closed_by=land.of_province,
        closed_at=NOW,
    )


def plan_of(campaign, land) -> GratitudePlan:
    values = {"unit": land.unit, "title": "Kế hoạch", "made_by": land.of_near, "made_at": NOW}
    return GratitudePlan.objects.get_or_create(campaign=campaign, area=land.province, defaults=values)[0]


def enter(person, campaign, land, form="home", **values) -> PlanEntry:
    plan = plan_of(campaign, land)
    return PlanEntry.objects.create(plan=plan, person=person, form=form, added_by=land.of_near, added_at=NOW, **values)


def drop(person, campaign, land) -> None:
    gone = {"state": "dropped", "dropped_because": "Ốm", "dropped_by": land.of_near, "dropped_at": NOW}
    enter(person, campaign, land, **gone)


def call(person, campaign, land, on=date(2024, 4, 5), **values) -> None:
    Visit.objects.create(
        person=person, campaign=campaign, on=on, unit=land.unit, recorded_by=land.of_near, recorded_at=NOW, **values
    )


def put(person, land, last, visit: str, entry: str) -> None:
    """Bring a person into one state of the table."""
    present = land.campaign
    if "before" in visit:
        call(person, present, land)
    if visit == "today":
        call(person, present, land, on=TODAY)
    if visit == "tomorrow":
        call(person, present, land, on=TOMORROW)
    if visit == "family":
        call(person, present, land, to_family=True)
    if "last" in visit:
        call(person, last, land, on=date(2024, 2, 8))
    if "dropped" in entry:
        drop(person, present, land)
    if "planned" in entry or entry == "two forms":
        enter(person, present, land)
    if entry == "two forms":
        enter(person, present, land, form="gift")
    if "last" in entry:
        enter(person, last, land)


def test_the_rule_is_one_for_the_database_and_for_rows_over_the_whole_table(approved, land, last_campaign):
    expected = {}
    for (visit, visited), (entry, planned) in itertools.product(VISITS.items(), ENTRIES.items()):
        person = approved()
        put(person, land, last_campaign, visit, entry)
        expected[person.pk] = "visited" if visited else "planned" if planned else "none"
    people = coverage.with_steps(Person.objects.all(), land.of_province)
    as_rows = {person.pk: coverage.reach_of(person, campaign=land.campaign, today=TODAY).value for person in people}
    as_questions = {
        pk: stage.value
        for stage in Reach
        for pk in coverage.reached(people, [stage], campaign=land.campaign.pk, today=TODAY).values_list("pk", flat=True)
    }
    assert as_rows == expected
    assert as_questions == expected
    counted = coverage.figures(Person.objects.all(), campaign=land.campaign.pk, today=TODAY, days=30)
    assert counted.communes[land.hring.pk] == Counts(none=12, planned=12, visited=18, old=0, stale=24)


@pytest.mark.parametrize("wanted", [set(found) for n in (1, 2, 3) for found in itertools.combinations(Reach, n)])
def test_every_choice_of_stages_finds_the_people_of_these_stages(approved, land, last_campaign, wanted):
    stages = {}
    for visit, entry in itertools.product(("none", "before"), ("none", "planned")):
        person = approved()
        put(person, land, last_campaign, visit, entry)
        stages[person.pk] = "visited" if visit == "before" else "planned" if entry == "planned" else "none"
    found = coverage.reached(Person.objects.all(), wanted, campaign=land.campaign.pk, today=TODAY)
    assert set(found.values_list("pk", flat=True)) == {pk for pk, stage in stages.items() if stage in wanted}


def test_who_is_dead_moved_taken_off_or_not_verified_is_in_no_figure(approved, add, land):
    add("A Chưa")
    moved, dead, off = approved("A Đi"), approved("A Mất"), approved("A Thôi")
    Person.objects.filter(pk=moved.pk).update(living_state="moved")
    living.report_death(dead, source="gia đình", by=land.of_near, now=NOW)
    living.confirm_death(dead, by=land.of_province, now=NOW)
    Person.objects.filter(pk=off.pk).update(removed_on=TODAY, removed_by=land.of_near, removal_reason="Ghi trùng")
    counted = coverage.figures(Person.objects.all(), campaign=land.campaign.pk, today=TODAY, days=30)
    assert counted == coverage.Figures()


def test_the_figures_by_commune_and_group_count_a_person_of_two_groups_in_both(approved, land):
    both, other = approved("A Thút", birth_year=1929), approved("Y Blưm", land.hamon, birth_year=1930)
    PersonCategory.objects.create(person=both, category="dien_bien_soldier")
    call(other, land.campaign, land)
    counted = coverage.figures(Person.objects.all(), campaign=land.campaign.pk, today=TODAY, days=100)
    assert counted.communes == {
        land.hring.pk: Counts(none=1, old=1),
        land.hamon.pk: Counts(visited=1),
    }
    assert counted.categories == {
        (land.hring.pk, "dien_bien_soldier"): Counts(none=1, old=1),
        (land.hring.pk, "frontline_labourer"): Counts(none=1, old=1),
        (land.hamon.pk, "frontline_labourer"): Counts(visited=1),
    }
    assert counted.groups == ["dien_bien_soldier", "frontline_labourer"]


@pytest.mark.parametrize(("year", "old"), [(1929, True), (1930, False), (None, False), (1915, True)])
def test_from_95_years_is_the_year_less_the_year_of_birth(approved, land, year, old):
    person = approved(birth_year=year, birth_is_estimated=None if year is None else False)
    counted = coverage.figures(Person.objects.all(), campaign=land.campaign.pk, today=TODAY, days=100)
    assert counted.communes[land.hring.pk].old == int(old)
    assert coverage.is_old(person, TODAY) is old


@pytest.mark.parametrize(("news", "stale"), [(date(2024, 3, 16), 0), (date(2024, 3, 15), 1)])
def test_news_of_thirty_days_is_fresh_and_a_day_older_is_not(approved, land, news, stale):
    person = approved(living_on=news)
    counted = coverage.figures(Person.objects.all(), campaign=land.campaign.pk, today=TODAY, days=30)
    assert counted.communes[land.hring.pk].stale == stale
    assert person.living_is_fresh(TODAY, 30) is (stale == 0)


# --- the page ----------------------------------------------------------------------------------------


@pytest.fixture
def page(client, land):
    """page("tinh-trang=da-tham"): the page as the district's registrar sees it."""

    def asked(query: str = "", *, user=None):
        client.force_login(user or land.of_near)
        return client.get(f"{reverse('veterans:coverage')}?{query}")

    return asked


def names(answer) -> list[str]:
    return [row.person.full_name for row in answer.context["page"]]


def test_the_oldest_of_those_not_reached_stands_first_and_who_has_no_year_last(page, approved, land):
    approved("A Hai", birth_year=1932)
    approved("A Không", birth_year=None, birth_is_estimated=None)
    approved("A Một", birth_year=1925)
    call(approved("A Rồi", birth_year=1920), land.campaign, land)
    approved("A Xa", land.rokoi, birth_year=1919)
    assert names(page()) == ["A Một", "A Hai", "A Không"]
    assert names(page("tinh-trang=da-tham")) == ["A Rồi"]
    assert names(page(user=land.of_province)) == ["A Xa", "A Một", "A Hai", "A Không"]


def test_the_page_filters_by_commune_group_and_stage_and_ignores_what_is_no_choice(page, approved, land):
    first, second = approved("A Hring"), approved("A Mòn", land.hamon)
    PersonCategory.objects.create(person=second, category="dien_bien_soldier")
    enter(first, land.campaign, land)
    assert names(page(f"dia-ban={land.hamon.pk}")) == ["A Mòn"]
    assert names(page(f"dia-ban={land.near.pk}")) == ["A Hring", "A Mòn"]
    assert names(page("doi-tuong=dien_bien_soldier")) == ["A Mòn"]
    assert names(page("tinh-trang=trong-ke-hoach")) == ["A Hring"]
    assert names(page("tinh-trang=chua-ke-hoach")) == ["A Mòn"]
    for typed in ("dia-ban=99999999999999999999", f"dia-ban={land.far.pk}", "doi-tuong=x", "tinh-trang=x", "page=x"):
        assert names(page(typed)) == ["A Hring", "A Mòn"]


def test_a_row_says_form_delegation_and_day_or_that_there_is_no_plan(page, approved, land):
    going, planned = approved("A Đi", birth_year=1920), approved("A Chờ", birth_year=1921)
    approved("A Không", birth_year=1922)
    delegation = Delegation.objects.create(
        plan=plan_of(land.campaign, land),
        unit=land.unit,
        name="Đoàn số 1",
        leader="Ông Trưởng",
        on=date(2024, 5, 3),
        made_by=land.of_near,
        made_at=NOW,
    )
    enter(going, land.campaign, land, delegation=delegation, position=1)
    enter(planned, land.campaign, land, form="gift")
    words = page().content.decode()
    assert 'Thăm tận nhà<span class="dt-sub">Đoàn số 1, 03/5/2024</span>' in words
    assert 'Tặng quà<span class="dt-sub">chưa xếp đoàn</span>' in words
    assert words.count("<strong>Chưa có kế hoạch</strong>") == 1


def test_who_has_no_plan_is_led_to_the_nearest_plan_that_can_be_changed(page, approved, land):
    approved("A Không", land.hamon)
    assert '<a href="/so-tri-an/ke-hoach/">lập kế hoạch' in page().content.decode()
    values = {
        "campaign": land.campaign,
        "unit": land.unit,
        "title": "Kế hoạch",
        "made_by": land.of_near,
        "made_at": NOW,
    }
    GratitudePlan.objects.create(area=land.near, **values)
    near = GratitudePlan.objects.create(area=land.hamon, **values)
    words = page().content.decode()
    assert f'<a href="/so-tri-an/ke-hoach/{near.pk}/dua-vao/?dia-ban={land.hamon.pk}">đưa vào kế hoạch' in words
    Campaign.objects.update(state="closed", closed_by=land.of_province, closed_at=NOW)
    assert "đưa vào kế hoạch" not in page().content.decode()


def test_people_without_fresh_news_are_marked_and_stay_in_the_list(page, approved, land):
    approved("A Cũ", birth_year=1920)
    approved("A Mới", birth_year=1921, living_on=TODAY)
    reported = approved("A Báo", birth_year=1922, living_on=TODAY)
    living.report_death(reported, source="gia đình", by=land.of_near, now=NOW)
    answer = page()
    assert names(answer) == ["A Cũ", "A Mới", "A Báo"]
    assert answer.content.decode().count("Tin đã quá 30 ngày") == 1
    assert answer.content.decode().count("Có tin từ trần, chờ xác nhận") == 1


def test_the_figures_stand_by_district_and_commune_with_their_sums(page, approved, land):
    approved("A Một")
    enter(approved("A Hai", land.hamon), land.campaign, land)
    call(approved("A Ba", land.rokoi), land.campaign, land)
    table = page(user=land.of_province).context["table"]
    assert [(sum_.name, sum_.counts, [(line.name, line.counts.total) for line in lines]) for sum_, lines in table] == [
        ("Huyện Đăk Hà", Counts(none=1, planned=1, stale=2), [("Xã Đăk Hring", 1), ("Xã Hà Mòn", 1)]),
        ("Huyện Sa Thầy", Counts(visited=1), [("Xã Rờ Kơi", 1)]),
        ("Cộng", Counts(none=1, planned=1, visited=1, stale=2), []),
    ]


def test_without_an_occasion_the_page_says_so(page, land):
    land.campaign.sources.all().delete()
    Campaign.objects.all().delete()
    answer = page()
    assert answer.status_code == 200
    assert "Chưa mở đợt tri ân" in answer.content.decode()


def test_when_everybody_was_visited_the_page_says_so(page, approved, land):
    call(approved(), land.campaign, land)
    assert "Mọi người đã xác minh trong địa bàn đều đã được thăm" in page().content.decode()


def test_twenty_five_stand_on_a_page_and_the_rest_on_the_next(page, approved):
    for number in range(30):
        approved(birth_year=1920 + number % 10)
    assert len(names(page())) == 25
    assert len(names(page("page=2"))) == 5


def test_the_page_asks_the_same_number_of_statements_at_1_and_at_300_people(client, approved, land):
    client.force_login(land.of_near)

    def cost() -> int:
        client.get(reverse("veterans:coverage"))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("veterans:coverage"))
        return len(asked)

    enter(approved(), land.campaign, land)
    first = cost()
    for number in range(299):
        person = approved(commune=land.hring if number % 2 else land.hamon)
        if number % 3:
            enter(person, land.campaign, land)
    assert cost() == first == 13


@pytest.mark.parametrize("who", ["office", "reader", "reporter", "administrator"])
def test_only_registrars_have_the_page(page, land, who):
    assert page(user=getattr(land, who)).status_code == 403
