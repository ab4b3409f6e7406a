"""Whom a plan takes, whom it leaves out and why, what is promised with it, and taking out again."""

from datetime import date

import pytest

from records.models import AuditEvent
from tasks.errors import Refused
from tests.factories import at
from tests.veterans.conftest import NOW
from veterans import gratitude, living, moving, people
from veterans.gifts import Given
from veterans.models import DuplicatePair, Gift, Person, PlanEntry
from veterans.planning import choosing, plans

pytestmark = pytest.mark.django_db


def put(plan, land, *wanted, lines=(), **values) -> choosing.PutIn:
    """Put people in; wanted: persons (for a call at home) or pairs (person, form)."""
    pairs = dict((each[0].pk, each[1]) if isinstance(each, tuple) else (each.pk, "home") for each in wanted)
    return choosing.put_in(plan, pairs, lines=lines, by=land.of_near, now=NOW, **values)


def outcome(found: choosing.PutIn) -> tuple[int, list[str], list[str]]:
    return len(found.added), [each.why for each in found.left_out], [each.why for each in found.twice]


def live(person) -> list[tuple[str, str, int, str]]:
    rows = Gift.objects.filter(person=person).select_related("source").order_by("source__order", "pk")
    return [(row.source.level, row.state, row.money, row.kind) for row in rows]


def test_who_is_put_in_stands_there_with_the_gifts_of_the_plan(plan, land, verified, lines):
    person = verified()

    found = put(plan, land, person, lines=lines)

    assert outcome(found) == (1, [], [])
    assert live(person) == [("province", "promised", 2_000_000, "gift"), ("district", "promised", 0, "gift")]
    assert PlanEntry.objects.get().gifts.count() == 2
    event = AuditEvent.objects.get(verb="registry.plan_people_added")
    assert (event.target_id, event.data) == (plan.pk, {"count": 1})


@pytest.mark.parametrize(("form", "promised"), [("home", 2), ("gift", 2), ("meeting", 0), ("house", 0)])
def test_gifts_go_with_a_call_at_home_and_with_a_gift(plan, land, verified, lines, form, promised):
    put(plan, land, (verified(), form), lines=lines)
    assert Gift.objects.filter(state="promised").count() == promised


def test_only_the_chosen_lines_are_promised(funded, land, verified, lines):
    person = verified()

    put(funded, land, person, lines=lines[:1])

    assert live(person) == [("province", "promised", 2_000_000, "gift")]


def dead(person, land):
    living.report_death(person, source="gia đình", by=land.of_near, now=NOW)
    living.confirm_death(person, by=land.of_province, now=NOW)


def reported(person, land):
    living.report_death(person, source="gia đình", by=land.of_near, now=NOW)


def moved_out(person, land):
    moving.move(
        person, to=None, words="Gia Lai", on=date(2024, 4, 1), source="gia đình", version=0, by=land.of_near, now=NOW
    )


def moved_far(person, land):
    Person.objects.filter(pk=person.pk).update(residence=land.rokoi)


def taken_off(person, land):
    people.take_off(person, reason="Trùng", by=land.of_near, now=NOW)


def unverified(person, land):
    Person.objects.filter(pk=person.pk).update(verification="district")


@pytest.mark.parametrize(
    ("happened", "why"),
    [
        (dead, "Đã từ trần."),
        (reported, "Đang có tin từ trần, chờ xác nhận."),
        (moved_out, "Đã chuyển đi."),
        (moved_far, "Đã chuyển khỏi địa bàn của kế hoạch."),
        (taken_off, "Không còn trong danh sách."),
        (unverified, "Chưa được xác minh xong là người còn sống, đủ căn cứ."),
    ],
)
def test_who_cannot_be_thanked_is_left_out_with_the_reason_and_the_others_are_in(
    plan, land, verified, lines, happened, why
):
    person, other = verified(), verified("A Khiên")
    happened(person, land)

    found = put(plan, land, person, other, lines=lines)

    assert outcome(found) == (1, [why], [])
    assert live(person) == []


def test_the_same_form_again_is_left_out_and_another_form_is_not(plan, land, verified):
    person = verified()
    put(plan, land, person)

    again, other = put(plan, land, person), put(plan, land, (person, "meeting"))

    assert outcome(again) == (0, ["Đã có trong kế hoạch này với hình thức thăm tận nhà."], [])
    assert outcome(other) == (1, [], [])


def test_an_undecided_pair_waits_for_the_registrars_word(plan, land, verified):
    first, second = verified(), verified("A Thút", birth_year=1931)
    DuplicatePair.objects.create(first=first, second=second, score=90, found_at=NOW)

    left = put(plan, land, first)
    told = put(plan, land, first, second, even_pairs=[first.pk])

    assert (outcome(left), left.left_out[0].pair) == ((0, ["Có cặp hồ sơ nghi trùng chưa xem."], []), True)
    assert [entry.person_id for entry in told.added] == [first.pk]


def test_a_pair_that_is_decided_holds_nobody_back(plan, land, verified):
    first, second = verified(), verified("A Thút", birth_year=1931)
    DuplicatePair.objects.create(
        first=first, second=second, score=90, found_at=NOW, state="different", decided_at=NOW, decided_by=land.of_near
    )

    assert outcome(put(plan, land, first)) == (1, [], [])


def test_a_source_that_has_given_already_is_told_and_the_entry_stands_without_it(plan, land, verified, lines):
    person = verified()
    given = Given(land.sources["province"], money=1_000_000)
    gratitude.record_visit(person, on=date(2024, 4, 5), unit=land.unit, gifts=[given], by=land.of_near, now=NOW)

    found = put(plan, land, person, lines=lines)

    assert (len(found.added), [(each.person.pk, each.source.level) for each in found.twice]) == (
        1,
        [(person.pk, "province")],
    )
    assert "đã trao quà cho người này ngày 05/4/2024" in found.twice[0].why
    assert live(person) == [("province", "given", 1_000_000, "gift"), ("district", "promised", 0, "gift")]


def test_the_plans_of_the_province_and_of_the_district_do_not_promise_the_same_gift_twice(plan, land, verified, lines):
    person = verified()
    put(plan, land, person, lines=lines)
    whole = plans.make_plan(area=land.province, unit=land.unit, title="Tỉnh", by=land.of_province, now=NOW)
    row = whole.funding.create(source=land.sources["province"], each=5_000_000, budget=5_000_000)

    found = choosing.put_in(whole, {person.pk: "home"}, lines=[row.pk], by=land.of_province, now=NOW)

    assert (len(found.added), len(found.twice)) == (1, 1)
    assert live(person)[0] == ("province", "promised", 2_000_000, "gift")


def test_no_more_than_fifty_at_once(plan, land):
    with pytest.raises(Refused, match="nhiều nhất 50 người"):
        choosing.put_in(plan, dict.fromkeys(range(51), "home"), lines=[], by=land.of_near, now=NOW)


def test_a_plan_that_waits_takes_nobody_in_but_lets_go(plan, land, verified):
    person, other = verified(), verified("A Khiên")
    put(plan, land, person)
    plans.submit(plan, version=plan.version, by=land.of_near, now=NOW)

    with pytest.raises(Refused, match="đang chờ phê duyệt"):
        put(plan, land, other)
    assert choosing.drop(PlanEntry.objects.get(), why="Gia đình xin thôi", by=land.of_near, now=NOW).state == "dropped"


def test_a_closed_occasion_takes_nobody_in(plan, land, verified):
    person = verified()
    type(land.campaign).objects.update(state="closed", closed_by=land.of_province, closed_at=NOW)

    with pytest.raises(Refused, match="đã kết thúc"):
        put(plan, land, person)


# --- taking out --------------------------------------------------------------------------------------------------------


def test_who_is_taken_out_stays_with_the_reason_and_gets_no_gift(plan, land, verified, lines):
    person = verified()
    entry = put(plan, land, person, lines=lines).added[0]

    choosing.drop(entry, why="  Gia đình  xin thôi ", by=land.of_near, now=at("2024-04-16", "00:30"))

    entry.refresh_from_db()
    assert (entry.state, entry.dropped_because, entry.dropped_by) == ("dropped", "Gia đình xin thôi", land.of_near)
    assert [row[1] for row in live(person)] == ["withdrawn", "withdrawn"]
    assert outcome(put(plan, land, person, lines=lines)) == (1, [], [])


@pytest.mark.parametrize(
    ("why", "sentence"), [(" ", "vì sao đưa người này ra"), ("x" * 301, "Chỉ ghi được 300 ký tự; đang có 301")]
)
def test_nobody_is_taken_out_without_a_reason(plan, land, verified, why, sentence):
    entry = put(plan, land, verified()).added[0]
    with pytest.raises(Refused, match=sentence):
        choosing.drop(entry, why=why, by=land.of_near, now=NOW)


def test_nobody_is_taken_out_twice_or_after_the_visit(plan, land, verified):
    gone = put(plan, land, verified("A Khiên")).added[0]
    choosing.drop(gone, why="Xin thôi", by=land.of_near, now=NOW)
    visited = put(plan, land, verified()).added[0]
    gratitude.record_visit(
        visited.person, on=date(2024, 4, 15), unit=land.unit, entry=visited, by=land.of_near, now=NOW
    )

    with pytest.raises(Refused, match="đã được đưa ra khỏi kế hoạch trước đó"):
        choosing.drop(gone, why="Xin thôi", by=land.of_near, now=NOW)
    with pytest.raises(Refused, match="đã được thăm theo kế hoạch ngày 15/4/2024"):
        choosing.drop(visited, why="Xin thôi", by=land.of_near, now=NOW)


def test_who_has_moved_to_another_district_is_taken_out_together(plan, land, verified, lines):
    away, stays = verified(), verified("A Khiên")
    put(plan, land, away, stays, lines=lines)
    moved_far(away, land)

    assert choosing.count_moved_away(plan) == 1
    assert choosing.drop_moved_away(plan, by=land.of_near, now=NOW) == 1
    assert [(row.person_id, row.state) for row in plan.entries.order_by("pk")] == [
        (away.pk, "dropped"),
        (stays.pk, "planned"),
    ]
    assert [row[1] for row in live(away)] == ["withdrawn", "withdrawn"]


# --- the gifts of one entry ---------------------------------------------------------------------------------------------


def test_a_source_is_added_to_and_taken_from_one_entry(plan, land, verified, lines):
    person = verified()
    entry = put(plan, land, person, lines=lines[:1]).added[0]

    choosing.change_gifts(entry, lines[1:], why="Nguồn tỉnh dành cho người khác", by=land.of_near, now=NOW)

    assert live(person) == [("province", "withdrawn", 2_000_000, "gift"), ("district", "promised", 0, "gift")]


def test_a_promise_does_not_fall_away_without_a_reason(plan, land, verified, lines):
    person = verified()
    entry = put(plan, land, person, lines=lines).added[0]

    with pytest.raises(Refused, match="vì sao thôi không trao"):
        choosing.change_gifts(entry, [], by=land.of_near, now=NOW)
    assert [row[1] for row in live(person)] == ["promised", "promised"]


def test_help_with_a_house_is_apart_from_the_gift_of_the_day(plan, land, verified, lines):
    person = verified()
    put(plan, land, person, lines=lines[:1])
    house = put(plan, land, (person, "house")).added[0]

    assert choosing.change_gifts(house, lines[:1], by=land.of_near, now=NOW) == []
    assert live(person) == [("province", "promised", 2_000_000, "gift"), ("province", "promised", 2_000_000, "house")]


def test_a_gift_that_was_given_is_left_as_it_is(plan, land, verified, lines):
    person = verified()
    entry = put(plan, land, person, lines=lines[:1]).added[0]
    given = Given(land.sources["province"], money=2_000_000)
    gratitude.record_visit(
        person, on=date(2024, 4, 15), unit=land.unit, gifts=[given], entry=entry, by=land.of_near, now=NOW
    )

    assert choosing.change_gifts(entry, [], by=land.of_near, now=NOW) == []
    assert live(person) == [("province", "given", 2_000_000, "gift")]
