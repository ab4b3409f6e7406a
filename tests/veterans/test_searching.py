"""Finding people while somebody types."""

import pytest
from django.urls import reverse

from tests.veterans.conftest import NOW
from veterans import people, searching
from veterans.models import Person

pytestmark = pytest.mark.django_db
URL = reverse("veterans:person_search")


@pytest.fixture
def four(add, land):
    """Four people of two communes of one district, and one far away."""
    return {
        "on": add("Lò Văn Ơn", birth_year=1931, id_number="062031004711"),
        "other": add("Văn Lò", land.hamon, birth_year=1929, id_number="062029001931"),
        "thut": add("A Thút", land.hamon, birth_year=1931, other_name="Bok Thút"),
        "far": add("Lò Văn Xa", land.rokoi, birth_year=1931),
    }


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("lo van", ["on", "other", "far"]),
        ("VĂN lò", ["on", "other", "far"]),
        ("ơn lo", ["on"]),
        ("bok", ["thut"]),
        ("1931", ["on", "other", "thut", "far"]),
        ("lo 1931", ["on", "other", "far"]),
        ("van ha mon", ["other"]),
        ("4711", ["on"]),
        ("062031004711", ["on"]),
        ("lo 4711", ["on"]),
        ("thut 4711", []),
        ("06203100471", []),
        ("|", ["on", "other", "thut", "far"]),
        ("%", []),
    ],
)
def test_every_word_has_to_fit_a_name_a_year_a_commune_or_a_number(four, typed, names):
    found = set(searching.matching(Person.objects.all(), typed))

    assert found == {four[name] for name in names}


def test_only_people_of_the_own_areas_on_the_list_are_found_sorted_by_given_name(client, four, add, land):
    people.take_off(add("Lò Văn Bớt"), reason="Ghi trùng", by=land.of_near, now=NOW)
    add("Lò Văn An")

    found, more = searching.found(Person.objects.visible_to(land.of_near), "lo")

    assert ([person.full_name for person in found], more) == (["Lò Văn An", "Văn Lò", "Lò Văn Ơn"], False)


def test_nothing_typed_finds_nobody_and_more_than_a_page_is_said(client, add, land):
    for number in range(21):
        add(f"Lò Văn {number}")
    client.force_login(land.of_near)

    assert "<li>" not in client.post(URL, {"q": " "}).content.decode()
    page = client.post(URL, {"q": "lo"}).content.decode()

    assert page.count("<li>") == 20
    assert "Đang hiện 20 người đầu" in page


@pytest.mark.parametrize("count", [1, 30])
def test_a_search_costs_the_same_however_many_it_finds(client, add, land, count, django_assert_num_queries):
    for number in range(count):
        add(f"Lò Văn Ơn {number}", id_number=f"0620{number:04d}1931")
    client.force_login(land.of_near)
    client.post(URL, {"q": "lo 1931"})

    with django_assert_num_queries(6):
        client.post(URL, {"q": "lo 1931"})
