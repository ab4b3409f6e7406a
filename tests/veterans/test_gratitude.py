"""Visits, reviewed communes, and the figures made of them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tasks import figures as figures_of_all_rooms
from tasks.errors import Refused
from tests.factories import make_area, make_unit
from tests.veterans.conftest import NOW, TODAY
from veterans import area_reviews, campaigns, gifts, gratitude, living, people, verification
from veterans.duplicates.merging import merge
from veterans.duplicates.undoing import undo
from veterans.figures import PublicFigures, RegistryFigures, registry_figures
from veterans.gifts import Given
from veterans.models import Campaign, Gift

pytestmark = pytest.mark.django_db


def visit(person, land, *sources, on=date(2024, 4, 5), **values):
    given = [Given(land.sources[source], money=1_000_000) for source in sources or ("province",)]
    values = {"unit": land.unit, "by": land.of_near, "now": NOW, **values}
    return gratitude.record_visit(person, on=on, gifts=given, **values)


def approve(person, land):
    for step in ("hamlet", "commune", "district", "province"):
        verification.verify(person, to=step, by=land.of_province, now=NOW)


def die(person, land, died_on):
    living.report_death(person, source="gia đình", died_on=died_on, by=land.of_near, now=NOW)
    living.confirm_death(person, by=land.of_province, now=NOW)


def test_the_dead_are_not_visited(add, land):
    person = add()
    die(person, land, date(2024, 4, 4))
    with pytest.raises(ValidationError, match="đã từ trần"):
        visit(person, land)


def test_a_visit_before_the_death_can_still_be_written_down(add, land):
    person = add()
    die(person, land, date(2024, 4, 10))
    assert visit(person, land).on == date(2024, 4, 5)


def test_four_givers_at_one_visit_are_four_gifts_and_a_second_click_is_none(add, land):
    person = add()
    visit(person, land, "central", "province", "district", "company")
    with pytest.raises(Refused, match="đã được ghi"):
        visit(person, land, "commune")
    assert list(person.gifts.values_list("source__level", "state")) == [
        ("central", "given"),
        ("province", "given"),
        ("district", "given"),
        ("company", "given"),
    ]


def test_a_source_gives_once_in_a_campaign_whoever_brings_it_and_the_whole_visit_is_refused(add, land):
    person, other = add(), make_unit("Hội Cựu chiến binh tỉnh")
    visit(person, land, "province")
    with pytest.raises(gifts.TwiceRefused) as refused:
        visit(person, land, "district", "province", on=date(2024, 4, 8), unit=other)
    assert str(refused.value) == (
        "Nguồn “Tỉnh” đã trao quà cho người này ngày 05/4/2024, do Ủy ban MTTQ tỉnh trao; mỗi nguồn trao một lần"
        " trong đợt."
    )
    assert (person.visits.count(), person.gifts.count()) == (1, 1)


def test_a_promised_gift_is_the_one_that_is_given(add, land):
    person = add()
    source = land.sources["province"]
    promised = gifts.promise(person, Given(source, money=500_000), unit=land.unit, by=land.of_near, now=NOW)
    with pytest.raises(gifts.TwiceRefused, match="đã có suất quà sẽ trao"):
        gifts.promise(person, Given(source), unit=land.unit, by=land.of_near, now=NOW)
    made = visit(person, land, "province")
    assert list(person.gifts.values_list("pk", "state", "money", "visit")) == [
        (promised.pk, "given", 1_000_000, made.pk)
    ]


def test_a_new_campaign_gives_again(add, land):
    person = add()
    visit(person, land, "province")
    Campaign.objects.update(state="closed", closed_by=land.of_province, closed_at=NOW)
    autumn = campaigns.open_campaign(
        name="Ngày Thương binh, Liệt sĩ",
        starts_on=date(2024, 4, 10),
        honour_day=date(2024, 7, 27),
        ends_on=date(2024, 7, 27),
        by=land.of_province,
        now=NOW,
    )
    given = Given(autumn.sources.get(level="province"), money=1)
    gratitude.record_visit(person, on=date(2024, 4, 12), unit=land.unit, gifts=[given], by=land.of_near, now=NOW)
    assert person.gifts.filter(state="given").count() == 2


def test_a_visit_before_the_campaign_and_one_without_a_campaign_are_told(add, land):
    person = add()
    with pytest.raises(Refused, match=r"Ngày thăm 14/02/2024 đứng trước ngày bắt đầu đợt \(15/02/2024\)\."):
        visit(person, land, on=date(2024, 2, 14))
    Campaign.objects.update(state="closed", closed_by=land.of_province, closed_at=NOW)
    with pytest.raises(Refused, match="Chưa mở đợt tri ân nào"):
        visit(person, land)


def test_a_second_campaign_is_not_opened_beside_the_first(land):
    days = {"starts_on": TODAY, "honour_day": TODAY, "ends_on": TODAY}
    with pytest.raises(Refused, match="Đợt “Kỷ niệm 70 năm” đang thực hiện"):
        campaigns.open_campaign(name="Tết", by=land.of_province, now=NOW, **days)
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.create(name="Tết", opened_at=NOW, **days)


def test_the_family_of_the_dead_is_called_on_and_that_is_the_condolence(add, land):
    person = add()
    with pytest.raises(ValidationError, match="tin từ trần đã được xác nhận"):
        visit(person, land, to_family=True)
    die(person, land, date(2024, 4, 4))
    visit(person, land, "commune", to_family=True)
    assert [row.state for row in person.condolences.all()] == ["done"]
    assert registry_figures(TODAY).visited == 0


@pytest.mark.parametrize(
    ("kept_has", "absorbed_has", "states"),
    [
        ("", "promised", ["promised"]),
        ("promised", "promised", ["promised", "withdrawn"]),
        ("given", "promised", ["given", "withdrawn"]),
        ("promised", "given", ["given", "withdrawn"]),
        ("given", "given", ["doubled", "given"]),
    ],
)
def test_two_entries_of_one_person_have_one_gift_of_a_source_afterwards_and_each_its_own_again_when_undone(
    add, land, kept_has, absorbed_has, states
):
    kept, absorbed = add("A Thút"), add("A Thút", birth_year=1931)
    for person, state, day in ((kept, kept_has, 3), (absorbed, absorbed_has, 5)):
        if state == "given":
            visit(person, land, "province", on=date(2024, 4, day))
        elif state:
            gifts.promise(person, Given(land.sources["province"]), unit=land.unit, by=land.of_near, now=NOW)
    before = list(Gift.objects.order_by("pk").values_list("person", "state", "why", "settled_by"))
    made = merge(kept, absorbed, taken=(), versions=(kept.version, absorbed.version), by=land.of_near, now=NOW)
    assert sorted(kept.gifts.values_list("state", flat=True)) == states
    undo(made, by=land.of_near, now=NOW)
    assert list(Gift.objects.order_by("pk").values_list("person", "state", "why", "settled_by")) == before


def test_nobody_is_visited_tomorrow(add, land):
    with pytest.raises(Refused, match="không được sau hôm nay"):
        visit(add(), land, on=date(2024, 4, 16))


@pytest.fixture
def full_registry(add, land):
    """Three approved and alive, one of them visited; the one who died and the one taken off were visited too."""
    alive = [add("A Thút"), add("Y Blưm"), add("A Glêng", land.rokoi)]
    dead, listed, off = add("A Rin"), add("Y Ngai", land.morai), add("A Bớt")
    for person in [*alive, dead, off]:
        approve(person, land)
    die(dead, land, date(2024, 4, 12))
    visit(dead, land)
    visit(alive[0], land)
    visit(alive[0], land, "company", on=date(2024, 4, 6))
    visit(off, land)
    people.take_off(off, reason="Ghi trùng", by=land.of_near, now=NOW)
    area_reviews.write(land.hring, "commune", state="done", people=4, on=date(2024, 4, 1), by=land.of_near, now=NOW)
    area_reviews.write(land.rokoi, "commune", state="done", people=1, on=date(2024, 4, 12), by=land.of_far, now=NOW)
    make_area("Xã của năm sau", level="commune", parent=land.near, valid_from=date(2025, 7, 1))
    return listed


def test_the_figures_of_the_province(full_registry):
    assert registry_figures(TODAY) == RegistryFigures(
        communes_reviewed=2, communes_total=4, verified_living=3, visited=1, unvisited_old=0
    )


def test_the_figures_of_an_earlier_day_leave_out_what_came_later(full_registry):
    assert registry_figures(date(2024, 4, 1)) == RegistryFigures(
        communes_reviewed=1, communes_total=4, verified_living=3, visited=0
    )


def test_the_figures_of_one_district(full_registry, land):
    areas = {land.near.pk, land.hring.pk, land.hamon.pk}
    assert registry_figures(TODAY, area_ids=areas) == RegistryFigures(
        communes_reviewed=1, communes_total=2, verified_living=2, visited=1
    )


def test_figures_cost_one_statement(full_registry, django_assert_num_queries):
    with django_assert_num_queries(1):
        registry_figures(TODAY)


def test_the_overview_gets_no_number_of_people_below_five(full_registry):
    assert figures_of_all_rooms.read(TODAY)["veterans"] == PublicFigures(
        communes_reviewed=2,
        communes_total=4,
        verified_living="dưới 5",
        visited="dưới 5",
        unvisited="dưới 5",
        unvisited_old="0",
        sentence="2/4 xã đã rà soát; dưới 5 người đã xác minh còn sống; đã thăm dưới 5; chưa thăm dưới 5",
    )


def test_two_rooms_cannot_take_one_name():
    with pytest.raises(ValueError, match="registered twice"):
        figures_of_all_rooms.register("veterans", lambda today: 0)
