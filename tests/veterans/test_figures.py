"""The Committee's sentence and the table by district: the registry as office and readers may see it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from tests.factories import make_area
from tests.veterans.conftest import NOW, TODAY
from units.models import Area
from veterans import area_reviews, figures
from veterans.figures import public_districts, public_figures, registry_figures
from veterans.models import Campaign, Person, Visit
from veterans.small_cells import CoarseRow, PublicTable

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.veterans.urls")]


@pytest.fixture
def people(add, land):
    """people(47, born=1925, …): so many verified people of a commune; visited: how many of them were called on."""

    def made(count: int, commune=None, *, born: int = 1930, visited: int = 0) -> list[Person]:
        rows = [add(commune=commune or land.hring, birth_year=born) for _ in range(count)]
        Person.objects.filter(pk__in=[row.pk for row in rows]).update(
            verification="province", finding="enough", verified_on=TODAY, verified_by=land.of_province
        )
        Visit.objects.bulk_create(
            Visit(
                person=row,
                campaign=land.campaign,
                on=date(2024, 4, 5),
                unit=land.unit,
                recorded_by=land.of_near,
                recorded_at=NOW,
            )
            for row in rows[:visited]
        )
        return rows

    return made


def test_the_committees_sentence(people, land):
    people(36, visited=31)
    people(6, land.rokoi, born=1929)
    people(5, land.rokoi)
    area_reviews.write(land.hring, "commune", state="done", people=36, on=date(2024, 4, 1), by=land.of_near, now=NOW)
    assert public_figures(TODAY).sentence == (
        "1/4 xã đã rà soát; 47 người đã xác minh còn sống; đã thăm 31; chưa thăm 16, có 6 cụ từ 95 tuổi"
    )


def test_the_sentence_of_a_beginning_hides_the_few_visited_and_how_many_are_left(people):
    people(12, visited=2)
    assert public_figures(TODAY).sentence == (
        "0/4 xã đã rà soát; 12 người đã xác minh còn sống; đã thăm dưới 5; chưa thăm trên 7"
    )


def test_the_sentence_when_everybody_was_visited(people):
    people(12, visited=12)
    assert public_figures(TODAY).sentence == (
        "0/4 xã đã rà soát; 12 người đã xác minh còn sống; đã thăm 12; chưa thăm 0"
    )


def test_what_everybody_reads_of_a_very_large_registry_may_be_a_minute_old_and_no_older(people, monkeypatch):
    monkeypatch.setattr(figures, "LARGE", 12)
    monkeypatch.setattr(figures, "_kept", {})
    people(11)
    of_eleven = public_figures(TODAY).verified_living
    people(9)
    of_twenty = public_figures(TODAY).verified_living
    people(10)
    within_the_minute, on_the_next_day = public_figures(TODAY), public_figures(TODAY + timedelta(days=1))
    people(10)
    monkeypatch.setattr(figures, "KEPT_SECONDS", 0)

    assert (of_eleven, of_twenty) == ("11", "20")
    assert (within_the_minute.verified_living, on_the_next_day.verified_living) == ("20", "30")
    assert public_figures(TODAY + timedelta(days=1)).verified_living == "40"
    assert registry_figures(TODAY).verified_living == 40


@pytest.mark.parametrize("day", [date(2024, 2, 14), None])
def test_before_the_occasion_begins_the_sentence_says_so(people, land, day):
    people(12)
    if day is None:
        Campaign.objects.filter(pk=land.campaign.pk).update(starts_on=TODAY + timedelta(days=1))
    found = public_figures(day or TODAY)
    assert found.sentence == "0/4 xã đã rà soát; 12 người đã xác minh còn sống; chưa mở đợt tri ân"
    assert (found.visited, found.unvisited, found.unvisited_old) == ("chưa mở đợt", "chưa mở đợt", "chưa mở đợt")


def test_a_registry_without_any_occasion_has_its_sentence(land):
    land.campaign.sources.all().delete()
    Campaign.objects.all().delete()
    assert public_figures(TODAY).sentence == ("0/4 xã đã rà soát; 0 người đã xác minh còn sống; chưa mở đợt tri ân")


def test_the_figures_cost_one_statement_and_the_table_two(people, django_assert_num_queries):
    people(12, visited=2)
    with django_assert_num_queries(1):
        registry_figures(TODAY)
    with django_assert_num_queries(2):
        public_districts(TODAY)


def test_a_district_without_small_numbers_stands_by_itself_beside_one_without_anybody(people):
    people(12, visited=6)
    assert public_districts(TODAY) == PublicTable(
        ("none", "planned", "visited"),
        (CoarseRow(("Huyện Đăk Hà",), (6, 0, 6)), CoarseRow(("Huyện Sa Thầy",), (0, 0, 0))),
    )


def test_a_district_with_a_small_number_is_put_together_with_its_neighbour(people, land):
    people(12, visited=6)
    people(7, land.rokoi, visited=3)
    assert public_districts(TODAY).rows == (CoarseRow(("Huyện Đăk Hà", "Huyện Sa Thầy"), (10, 0, 9)),)


def test_people_of_a_district_that_has_ended_stand_in_the_table(people, land):
    gone = make_area("Huyện cũ", parent=land.province, valid_to=date(2024, 1, 1))
    commune = make_area("Xã cũ", level="commune", parent=gone)
    people(6, commune)
    assert Area.objects.valid_on(TODAY).filter(pk=gone.pk).count() == 0
    assert sum(row.cells[0] for row in public_districts(TODAY).rows) == 6


@pytest.mark.parametrize("who", ["office", "reader"])
def test_office_and_readers_see_the_sentence_and_the_table(client, people, land, who):
    people(12, visited=6)
    client.force_login(getattr(land, who))
    words = client.get(reverse("veterans:person_list")).content.decode()
    assert "12 người đã xác minh còn sống; đã thăm 6; chưa thăm 6" in words
    assert "Huyện Sa Thầy" in words


def test_a_small_number_of_a_district_stands_nowhere_on_the_page(client, people, land):
    people(9, visited=9)
    people(3, land.rokoi)
    client.force_login(land.reader)
    answer = client.get(reverse("veterans:person_list"))
    assert answer.context["figures"].sentence == (
        "0/4 xã đã rà soát; 12 người đã xác minh còn sống; đã thăm trên 7; chưa thăm dưới 5"
    )
    assert answer.context["columns"] == ["Đã xác minh, còn sống"]
    assert [(row.names, row.cells) for row in answer.context["rows"]] == [(("Huyện Đăk Hà", "Huyện Sa Thầy"), (12,))]


def test_before_an_occasion_is_ended_the_office_reads_no_number_that_gives_the_few_visited_away(client, people, land):
    people(12, visited=3)
    client.force_login(land.office)
    answer = client.get(reverse("veterans:campaign_close", args=[land.campaign.pk]))
    assert answer.context["not_visited"] == "trên 7"
