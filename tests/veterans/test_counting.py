"""What the registry counts for the figures of reports: by unit, area, document and days, as numbers alone."""

import json
from datetime import date
from pathlib import Path

import pytest

from tasks.indicators import counters
from tasks.indicators.counters import WHOLE, Ask, Tally, Untold
from tests.factories import at, make_directive, make_task, make_unit
from tests.veterans.conftest import NOW
from veterans import area_reviews, campaigns, gratitude, living, verification
from veterans.counting import category_of
from veterans.enums import Category
from veterans.figures import untold
from veterans.gifts import Given

pytestmark = pytest.mark.django_db
KON_TUM = Path(__file__).parents[2] / "tasks" / "data" / "kon-tum-70-nam-dien-bien-phu.json"
APRIL_14 = date(2024, 4, 14)
GROUPS = (("a", "Cựu chiến binh"), ("b", "Cựu thanh niên xung phong"), ("c", "Dân công hỏa tuyến"))


def count(code, *units, first=None, last=APRIL_14, parts=(), directive=0):
    """What the counter says of these units together."""
    ask = Ask(frozenset(unit.pk for unit in units), directive, first, last, parts)
    (answer,) = counters.find(f"veterans.{code}").count([ask])
    return answer


def visit(person, land, unit, on, *given, **values):
    gifts = [Given(land.sources[source], money=money, kind=kind) for source, money, kind in given]
    return gratitude.record_visit(person, on=on, unit=unit, gifts=gifts, by=land.of_province, now=NOW, **values)


def approve(person, land, day):
    for step in ("hamlet", "commune", "district", "province"):
        verification.verify(person, to=step, by=land.of_province, now=at(day))


def district_of(land, name="Huyện ủy Đăk Hà", **values):
    return make_unit(name, area=land.near, **values)


# --- visits -----------------------------------------------------------------------------------------------


def test_a_visit_belongs_to_the_unit_that_organised_it_and_a_person_counts_once(add, land):
    first, second, third = add("A Thút"), add("A Brôl"), add("A Lơi")
    district = district_of(land)
    visit(first, land, land.unit, date(2024, 4, 1))
    visit(first, land, land.unit, date(2024, 4, 2))
    visit(second, land, land.unit, date(2024, 4, 3))
    visit(second, land, district, date(2024, 4, 4))
    visit(third, land, district, date(2024, 4, 5))

    assert count("visited", land.unit) == {WHOLE: Tally(2, 2)}
    assert count("visited", district) == {WHOLE: Tally(2, 2)}
    assert count("visited", land.unit, district) == {WHOLE: Tally(3, 3)}


def test_visits_of_the_units_below_are_the_units_own(add, land):
    district = district_of(land)
    commune = make_unit("Đảng ủy xã Hà Mòn", area=land.hamon, parent=district)
    visit(add(), land, commune, date(2024, 4, 5))

    assert count("visited", district) == {WHOLE: Tally(1, 1)}
    assert count("visited", land.unit) == {WHOLE: Tally(0, 0)}


def test_the_last_day_counts_and_the_day_after_does_not(add, land):
    for day in (13, 14, 15):
        visit(add(f"A Thút {'abc'[day - 13]}"), land, land.unit, date(2024, 4, day))

    assert count("visited", land.unit) == {WHOLE: Tally(2, 2)}
    assert count("visited", land.unit, first=date(2024, 4, 14), last=date(2024, 4, 15)) == {WHOLE: Tally(2, 2)}


def test_the_family_of_somebody_who_died_is_no_person_visited(add, land):
    person = add()
    living.report_death(person, source="gia đình", died_on=date(2024, 4, 1), by=land.of_near, now=NOW)
    living.confirm_death(person, by=land.of_province, now=NOW)
    person.refresh_from_db()
    visit(person, land, land.unit, date(2024, 4, 5), ("province", 500_000, "gift"), to_family=True)

    assert count("visited", land.unit) == {WHOLE: Tally(0, 0)}
    assert count("money", land.unit) == {WHOLE: Tally(500_000, 1)}


# --- gifts and money --------------------------------------------------------------------------------------


def test_gifts_and_their_money_are_the_givers_and_houses_are_counted_apart(add, land):
    first, second = add("A Thút"), add("A Brôl")
    visit(first, land, land.unit, date(2024, 4, 1), ("province", 2_000_000, "gift"), ("central", 1_000_000, "gift"))
    visit(second, land, land.unit, date(2024, 4, 2), ("company", 50_000_000, "house"))
    visit(second, land, district_of(land), date(2024, 4, 3), ("district", 300_000, "gift"))

    assert count("gifts", land.unit) == {WHOLE: Tally(2, 1)}
    assert count("money", land.unit) == {WHOLE: Tally(3_000_000, 1)}
    assert count("houses", land.unit) == {WHOLE: Tally(50_000_000, 1)}


# --- areas ------------------------------------------------------------------------------------------------


def test_verified_people_are_those_of_the_units_area_and_of_the_whole_province_without_one(add, land):
    approve(add("A Thút", land.hring), land, "2024-04-10")
    approve(add("A Brôl", land.rokoi), land, "2024-04-14")
    approve(add("A Lơi", land.rokoi), land, "2024-04-15")
    add("A Mới", land.hring)

    assert count("verified", district_of(land)) == {WHOLE: Tally(1, 1)}
    assert count("verified", make_unit("Huyện ủy Sa Thầy", area=land.far)) == {WHOLE: Tally(1, 1)}
    assert count("verified", land.unit) == {WHOLE: Tally(2, 2)}
    assert count("verified", land.unit, first=date(2024, 4, 11)) == {WHOLE: Tally(1, 1)}


def test_people_reviewed_are_those_of_whom_the_commune_has_said_something(add, land):
    approve(add("A Thút", land.hring), land, "2024-04-10")
    other = add("A Brôl", land.rokoi)
    verification.verify(other, to="hamlet", by=land.of_province, now=at("2024-03-01"))
    assert count("reviewed", land.unit) == {WHOLE: Tally(1, 1)}
    verification.verify(
        other,
        to="commune",
        finding="not_enough",
        reason="Thiếu giấy tờ.",
        by=land.of_province,
        now=at("2024-04-14", "23:59"),
    )
    third = add("A Lơi", land.rokoi)
    verification.verify(third, to="hamlet", by=land.of_province, now=at("2024-04-14"))
    verification.verify(third, to="commune", by=land.of_province, now=at("2024-04-15", "00:00"))

    assert count("reviewed", land.unit) == {WHOLE: Tally(2, 2)}
    assert count("reviewed", district_of(land)) == {WHOLE: Tally(1, 1)}
    assert count("reviewed", land.unit, first=date(2024, 4, 14)) == {WHOLE: Tally(1, 1)}
    assert count("reviewed", land.unit, parts=GROUPS) == {
        "a": Tally(0, 0),
        "b": Tally(0, 0),
        "c": Tally(2, 2),
        WHOLE: Tally(2, 2),
    }


def test_reviewed_communes_are_those_finished_by_the_day_and_none_under_way(land):
    area_reviews.finish(land.hring, by=land.of_province, now=at("2024-03-10"))
    area_reviews.finish(land.hamon, by=land.of_province, now=at("2024-04-14"))
    area_reviews.finish(land.rokoi, by=land.of_province, now=at("2024-04-15"))
    area_reviews.finish(land.morai, by=land.of_province, now=at("2024-04-01"))
    area_reviews.write(land.morai, "hamlet", state="doing", by=land.of_province, now=at("2024-04-02"))

    assert count("communes", land.unit) == {WHOLE: Tally(2, None)}
    assert count("communes", district_of(land), first=date(2024, 3, 15)) == {WHOLE: Tally(1, None)}


# --- parts ------------------------------------------------------------------------------------------------


def test_parts_are_groups_and_somebody_of_two_groups_counts_in_the_first(add, land):
    both = {Category.SOLDIER: ("Huy hiệu", ""), Category.LABOURER: ("Giấy chứng nhận", "")}
    approve(add("A Thút", categories=both), land, "2024-04-10")
    approve(add("A Brôl"), land, "2024-04-10")
    approve(add("A Lơi", categories={Category.MARTYR_RELATIVE: ("Bằng", "")}), land, "2024-04-10")

    found = count("verified", land.unit, parts=GROUPS)
    turned = count("verified", land.unit, parts=GROUPS[::-1])

    assert found == {"a": Tally(1, 1), "b": Tally(0, 0), "c": Tally(1, 1), WHOLE: Tally(2, 2)}
    assert turned == {"a": Tally(0, 0), "b": Tally(0, 0), "c": Tally(2, 2), WHOLE: Tally(2, 2)}


def test_with_a_part_that_is_no_group_the_whole_is_not_known(add, land):
    approve(add(), land, "2024-04-10")

    found = count("verified", land.unit, parts=(("c", "Dân công hỏa tuyến"), ("x", "Đảng viên cao tuổi")))

    assert found == {"c": Tally(1, 1)}


@pytest.mark.parametrize(
    ("code", "name", "category"),
    [
        ("d1", "Cựu chiến binh", Category.SOLDIER),
        ("d1", "CHIẾN SĨ ĐIỆN BIÊN", Category.SOLDIER),
        ("d2", "Thanh niên xung phong", Category.YOUTH_VOLUNTEER),
        ("martyr_relative", "Thân nhân", Category.MARTYR_RELATIVE),
        ("d3", "Đảng viên cao tuổi", None),
    ],
)
def test_a_part_is_known_by_its_code_or_its_name(code, name, category):
    assert category_of(code, name) == category


# --- which occasion ---------------------------------------------------------------------------------------


def test_a_document_is_counted_in_the_occasion_that_carries_it_out_even_when_another_has_begun(add, land):
    directive = make_directive()
    land.campaign.visit_task = make_task(directive)
    land.campaign.save()
    visit(add("A Thút"), land, land.unit, date(2024, 4, 5))
    land.campaign.state, land.campaign.closed_by, land.campaign.closed_at = "closed", land.of_province, NOW
    land.campaign.save()
    campaigns.open_campaign(
        name="Ngày 27/7",
        starts_on=date(2024, 4, 10),
        honour_day=date(2024, 7, 27),
        ends_on=date(2024, 7, 30),
        by=land.of_province,
        now=NOW,
    )
    visit(add("A Brôl"), land, land.unit, date(2024, 4, 12))

    assert count("visited", land.unit, directive=directive.pk) == {WHOLE: Tally(1, 1)}
    assert count("visited", land.unit, last=date(2024, 4, 20)) == {WHOLE: Tally(1, 1)}
    assert count("visited", land.unit, last=date(2024, 4, 9)) == {}


# --- statements -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "parts", "statements"),
    [("visited", (), 3), ("gifts", (), 3), ("verified", GROUPS, 4), ("communes", (), 4)],
)
@pytest.mark.parametrize("asked", [1, 300])
def test_any_number_of_units_and_days_is_one_statement_a_kind(
    add, land, django_assert_num_queries, code, parts, statements, asked
):
    visit(add(), land, land.unit, date(2024, 4, 5), ("province", 1, "gift"))
    units = [make_unit(f"Đơn vị {number}", area=land.near) for number in range(asked)]
    asks = [Ask(frozenset({unit.pk}), 0, None, APRIL_14, parts) for unit in units]

    with django_assert_num_queries(statements):
        answers = counters.find(f"veterans.{code}").count(asks)

    assert len(answers) == asked


# --- what is not told outside -----------------------------------------------------------------------------


def people(**cells):
    return {key: Tally(value, value) for key, value in cells.items()}


def test_fewer_than_five_people_are_not_told_and_cannot_be_worked_out_of_the_sum():
    few, other = Untold("dưới 5", range(1, 5)), Untold("không nêu")

    assert untold(people(a=5, b=0, c=12)) == {}
    assert untold(people(a=3)) == {"a": few}
    assert untold(people(a=3, b=0)) == {"a": few}
    assert untold(people(a=3, b=20, c=12, d=0)) == {"a": few, "c": other}
    # 1 and 5 would be 6, and no other 6 has one number under five and one above.
    assert untold(people(a=1, b=5, c=12)) == {"a": few, "c": other}
    # Two that may be 1 and 2 or 2 and 1 hide each other; two that are 1 do not.
    assert untold(people(a=1, b=2, c=5, d=6, e=30)) == {"a": few, "b": few}
    assert untold(people(a=1, b=1, c=5, d=7, e=30)) == {"a": few, "b": few, "d": other}
    assert untold(people(a=4, b=4, c=5, e=30)) == {"a": few, "b": few, "c": other}
    assert untold(people(a=1, b=5)) == {"a": few, "b": other}
    assert untold(people(a=1, b=6, c=5)) == {"a": few, "b": other, "c": other}


def test_money_of_fewer_than_five_people_is_not_told_and_communes_always_are():
    cells = {"money": Tally(6_000_000, 3), "communes": Tally(2)}

    found = untold(cells)

    assert found == {"money": Untold("của dưới 5 người")}
    assert (found["money"].excludes(1), Untold("dưới 5", range(1, 5)).excludes(7)) == (False, True)


# --- the directive that comes with the program ------------------------------------------------------------


def test_the_committed_directive_counts_its_figures_of_people_from_the_registry():
    content = json.loads(KON_TUM.read_text(encoding="utf-8"))
    named = {
        indicator["code"]: indicator["counted_from"]
        for task in content["tasks"]
        for indicator in task["indicators"]
        if "." in indicator.get("counted_from", "")
    }
    (reviewed,) = (row for task in content["tasks"] for row in task["indicators"] if row["code"] == "CT13")

    assert named == {
        "CT13": "veterans.reviewed",
        "CT14": "veterans.visited",
        "CT15a": "veterans.gifts",
        "CT15b": "veterans.money",
    }
    assert all(counters.find(code) for code in named.values())
    assert [category_of(part["code"], part["name"]) for part in reviewed["categories"]] == [
        Category.SOLDIER,
        Category.YOUTH_VOLUNTEER,
        Category.LABOURER,
    ]
