"""Visits, reviewed communes, and the figures made of them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from tasks import figures as figures_of_all_rooms
from tasks.errors import Refused
from tests.factories import make_area
from tests.veterans.conftest import NOW, TODAY
from veterans import area_reviews, gratitude, living, people, verification
from veterans.figures import PublicFigures, RegistryFigures, registry_figures, small_cell

pytestmark = pytest.mark.django_db


def visit(person, land, on=date(2024, 4, 5), **values):
    values.setdefault("source", "province")
    return gratitude.record_visit(person, on=on, unit=land.unit, by=land.of_near, now=NOW, **values)


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


def test_four_givers_on_one_day_are_four_visits_and_a_second_click_is_none(add, land):
    person = add()
    for source in ("central", "province", "district", "company"):
        visit(person, land, source=source)
    with pytest.raises(Refused, match="đã được ghi"):
        visit(person, land)
    assert person.visits.count() == 4


def test_nobody_is_visited_tomorrow(add, land):
    with pytest.raises(Refused, match="không được sau hôm nay"):
        visit(add(), land, on=date(2024, 4, 16))


@pytest.fixture
def full_registry(add, land):
    """Three approved and alive, one approved and dead, one only listed, one taken off; two visited."""
    alive = [add("A Thút"), add("Y Blưm"), add("A Glêng", land.rokoi)]
    dead, listed, off = add("A Rin"), add("Y Ngai", land.morai), add("A Bớt")
    for person in [*alive, dead, off]:
        approve(person, land)
    die(dead, land, date(2024, 4, 12))
    visit(dead, land)
    visit(alive[0], land)
    visit(alive[0], land, source="company")
    visit(off, land)
    people.take_off(off, reason="Ghi trùng", by=land.of_near, now=NOW)
    area_reviews.write(land.hring, "commune", state="done", people=4, on=date(2024, 4, 1), by=land.of_near, now=NOW)
    area_reviews.write(land.rokoi, "commune", state="done", people=1, on=date(2024, 4, 12), by=land.of_far, now=NOW)
    make_area("Xã của năm sau", level="commune", parent=land.near, valid_from=date(2025, 7, 1))
    return listed


def test_the_figures_of_the_province(full_registry):
    assert registry_figures(TODAY) == RegistryFigures(
        communes_reviewed=2, communes_total=4, verified_living=3, visited=2
    )


def test_the_figures_of_an_earlier_day_leave_out_what_came_later(full_registry):
    assert registry_figures(date(2024, 4, 1)) == RegistryFigures(
        communes_reviewed=1, communes_total=4, verified_living=3, visited=0
    )


def test_the_figures_of_one_district(full_registry, land):
    areas = {land.near.pk, land.hring.pk, land.hamon.pk}
    assert registry_figures(TODAY, area_ids=areas) == RegistryFigures(
        communes_reviewed=1, communes_total=2, verified_living=2, visited=2
    )


def test_figures_cost_one_statement(full_registry, django_assert_num_queries):
    with django_assert_num_queries(1):
        registry_figures(TODAY)


def test_the_overview_gets_no_number_of_people_below_five(full_registry):
    assert figures_of_all_rooms.read(TODAY)["veterans"] == PublicFigures(
        communes_reviewed=2, communes_total=4, verified_living="dưới 5", visited="dưới 5"
    )


def test_small_cells():
    assert [small_cell(n) for n in (0, 1, 4, 5, 48, 1234)] == ["0", "dưới 5", "dưới 5", "5", "48", "1.234"]


def test_two_rooms_cannot_take_one_name():
    with pytest.raises(ValueError, match="registered twice"):
        figures_of_all_rooms.register("veterans", lambda today: 0)
