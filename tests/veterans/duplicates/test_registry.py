"""Proposals about the people of the registry."""

from datetime import date

import pytest

from tests.factories import at
from tests.veterans.conftest import NOW
from veterans import people
from veterans.duplicates import registry
from veterans.duplicates.deciding import decide_different
from veterans.enums import SensitiveKind
from veterans.models import DuplicatePair, Person, SensitiveValue

pytestmark = pytest.mark.django_db
LATER = at("2024-04-16", "09:00")


def pairs() -> list[tuple[int, int, str]]:
    return list(DuplicatePair.objects.order_by("pk").values_list("first", "second", "state"))


def test_two_entries_of_one_hamlet_are_proposed_once_with_score_and_reasons(add):
    one = add("Lò Văn Ơn", hamlet="Thôn 4")
    other = add("Lo Van On", hamlet="thôn 4")

    assert registry.propose(now=NOW) == 1
    assert registry.propose(now=LATER) == 0
    pair = DuplicatePair.objects.get()
    assert (pair.first_id, pair.second_id, pair.state, pair.found_at) == (one.pk, other.pk, "proposed", NOW)
    assert pair.reasons == ["name_same", "year_same", "hamlet_same", "category_same"]
    assert 65 <= pair.score <= 100


def test_new_entries_are_compared_with_everybody_and_among_themselves(add):
    old = [add("Lò Văn Ơn", hamlet="Thôn 4"), add("Lò Văn Ơn", hamlet="Thôn 4")]
    first, second = add("Y Mlơi", hamlet="Thôn 2"), add("Y Mlơi", hamlet="Thôn 2")
    third = add("Lò Văn On", hamlet="Thôn 4")

    registry.propose([first.pk, second.pk, third.pk], now=NOW)

    assert {each[:2] for each in pairs()} == {
        (first.pk, second.pk),
        (old[0].pk, third.pk),
        (old[1].pk, third.pk),
    }


def test_a_pair_that_is_two_people_is_never_proposed_again(add, land):
    one, other = add("Lò Văn Ơn", hamlet="Thôn 4"), add("Lò Văn Ơn", hamlet="Thôn 4")
    registry.propose(now=NOW)
    decide_different(DuplicatePair.objects.get(), because="Hai anh em.", by=land.of_near, now=NOW)

    assert registry.propose(now=LATER) == 0
    assert registry.propose_for(other, now=LATER) == 0
    assert pairs() == [(one.pk, other.pk, "different")]


def test_who_is_off_the_list_is_not_proposed(add, land):
    add("Lò Văn Ơn", hamlet="Thôn 4")
    gone = add("Lò Văn Ơn", hamlet="Thôn 4")
    people.take_off(gone, reason="Ghi nhầm.", by=land.of_near, now=NOW)

    assert registry.propose(now=NOW) == 0


def test_an_equal_number_is_found_across_communes_and_other_numbers_keep_apart(add, land):
    one = add("Lò Văn Ơn", hamlet="Thôn 4", id_number="062030004711")
    moved = add("Lò Văn Ơn", land.morai, hamlet="Thôn 1", id_number="062030004711")
    add("Lò Văn Ơn", hamlet="Thôn 4", id_number="062030888888")

    registry.propose(now=NOW)

    assert pairs() == [(one.pk, moved.pk, "proposed")]
    assert DuplicatePair.objects.get().reasons[0] == "id_same"


def test_one_entry_that_was_just_written_is_compared_alike(add, land):
    one = add("Lò Văn Ơn", hamlet="Thôn 4", id_number="062030004711")
    moved = add("Lò Văn Ơn", land.morai, hamlet="Thôn 1", id_number="062030004711")

    assert registry.propose_for(moved, now=NOW) == 1
    assert pairs() == [(one.pk, moved.pk, "proposed")]


def test_a_number_no_key_opens_is_left_out(add):
    one = add("Lò Văn Ơn", hamlet="Thôn 4", id_number="062030004711")
    other = add("Lò Văn Ơn", hamlet="Thôn 4")
    SensitiveValue.objects.update(sealed=b"broken")

    registry.propose(now=NOW)

    assert pairs() == [(one.pk, other.pk, "proposed")]


def typed(land, **values):
    return {"full_name": "Lò Văn Ơn", "birth_year": 1930, "residence": land.hring, **values}


def test_while_typing_the_likely_ones_are_told_with_their_reasons(add, land):
    one = add("Lò Văn Ơn", hamlet="Thôn 4")
    add("A Thút", hamlet="Thôn 4")

    found = registry.likely(
        Person.objects.visible_to(land.of_near), typed(land, full_name="lo van on", hamlet="Thôn 4")
    )

    assert found == [(one, ["Cùng họ và tên", "Cùng năm sinh", "Cùng thôn, địa chỉ"])]


def test_while_typing_a_namesake_of_whom_nothing_else_is_known_is_told_too(add, land):
    one = add("Lò Văn Ơn")

    found = registry.likely(Person.objects.visible_to(land.of_near), typed(land))

    assert found == [(one, ["Cùng họ và tên", "Cùng năm sinh", "Cùng xã, phường"])]


def test_while_typing_a_namesake_with_another_day_of_birth_is_not_told(add, land):
    add("Lò Văn Ơn", birth_month=3, birth_day=5)

    found = registry.likely(Person.objects.visible_to(land.of_near), typed(land, birth_month=9, birth_day=14))

    assert found == []


def test_while_typing_nobody_of_foreign_areas_is_told(add, land):
    add("Lò Văn Ơn", land.morai, hamlet="Thôn 4", id_number="062030004711")

    values = typed(land, residence=land.morai.pk, hamlet="Thôn 4", id_number="062030004711")

    assert registry.likely(Person.objects.visible_to(land.of_near), values) == []


def test_while_typing_a_number_alone_with_any_name_finds_whose_it_is(add, land):
    one = add("Lò Văn Ơn", land.hamon, id_number="062030004711")

    values = typed(land, full_name="Lò Thị Mới", id_number="062030004711")
    found = registry.likely(Person.objects.visible_to(land.of_near), values)

    assert [(person, reasons[0]) for person, reasons in found] == [(one, "Cùng số định danh")]


def test_while_typing_an_entry_does_not_find_itself_and_no_name_finds_nobody(add, land):
    one = add("Lò Văn Ơn")
    seen = Person.objects.visible_to(land.of_near)

    assert registry.likely(seen, typed(land), but=one.pk) == []
    assert registry.likely(seen, typed(land, full_name=" ")) == []


@pytest.mark.parametrize("people_there", [1, 30])
def test_while_typing_the_statements_do_not_grow_with_the_people(add, land, people_there, django_assert_num_queries):
    for place in range(people_there):
        add("Lò Văn Ơn", hamlet=f"Thôn {place}", id_number=f"0620300{place:05d}", birth_month=1, birth_day=1)
    seen = Person.objects.filter(residence__in=[land.hring.pk])

    with django_assert_num_queries(5):
        registry.likely(seen, typed(land, id_number="062030000000", birth_month=1, birth_day=1))


def test_numbers_are_opened_for_comparing_only_and_by_person(add):
    one = add("Lò Văn Ơn", id_number="062030004711", phone="0950000001")

    assert sorted(registry.sensitive.numbers([one.pk])) == [
        (one.pk, SensitiveKind.ID_NUMBER, "062030004711"),
        (one.pk, SensitiveKind.PHONE, "0950000001"),
    ]
    assert date(2024, 4, 15) == NOW.date()


def test_while_typing_the_same_name_anywhere_is_told_unless_the_year_is_another(add, land):
    add("Nguyễn Văn Hoà", land.rokoi, birth_year=1931)
    add("NGUYEN VAN HOA", land.rokoi, birth_year=None, birth_is_estimated=None)
    add("Nguyễn Văn Hòa", land.rokoi, birth_year=1934)
    add("Nguyễn Văn Minh", land.rokoi, birth_year=1932)

    found = registry.likely(Person.objects.all(), typed(land, full_name="Nguyễn Văn Hòa", birth_year=1932))

    assert {person.full_name for person, _ in found} == {"Nguyễn Văn Hoà", "NGUYEN VAN HOA"}


def test_while_typing_another_name_counts_as_a_name_too(add, land):
    one = add("Lê Hữu Cầm", other_name="Hữu Cẩm")

    found = registry.likely(Person.objects.all(), typed(land, full_name="Hữu Cẩm"))

    assert [person for person, _ in found] == [one]
