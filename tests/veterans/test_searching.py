"""Finding people while somebody types."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from tests.factories import make_area
from tests.veterans.conftest import NOW
from units.models import AreaAlias, AreaLevel
from veterans import name_keys, people, searching
from veterans.models import Person

pytestmark = pytest.mark.django_db
URL = reverse("veterans:person_search")
LIST = reverse("veterans:person_list")
FILTER = reverse("veterans:person_filter")


def names_of(typed: str) -> list[str]:
    """Whom of all people the words fit."""
    found = searching.candidates(Person.objects.all(), typed)
    return sorted(person.full_name for person in searching.in_order(Person.objects.all(), found.ids))


@pytest.fixture
def four(add, land):
    """Three people of two communes of one district, and one far away."""
    return {
        "on": add("Lò Văn Ơn", birth_year=1931, id_number="062031004711"),
        "other": add("Văn Lò", land.hamon, birth_year=1929, id_number="062029001931"),
        "thut": add("A Thút", land.hamon, birth_year=1931, other_name="Bok Thút"),
        "far": add("Lò Văn Xa", land.rokoi, birth_year=1931),
    }


def test_every_word_has_to_fit_a_name_a_year_a_commune_or_a_number(four):
    wanted = [
        ("lo van", ["on", "other", "far"]),
        ("VĂN lò", ["on", "other", "far"]),
        ("ơn lo", ["on"]),
        ("bok", ["thut"]),
        ("1931", ["on", "other", "thut", "far"]),
        ("lo 1931", ["on", "other", "far"]),
        ("van ha mon", ["other"]),
        ("Văn Lò, 1929, xã Hà Mòn", ["other"]),
        ("4711", ["on"]),
        ("062031004711", ["on"]),
        ("062 031 004711", ["on"]),
        ("lo 4711", ["on"]),
        ("thut 4711", []),
        ("06203100471", []),
        ("|", ["on", "other", "thut", "far"]),
        ("%", []),
        ("_", []),
        ("lo%", []),
        ("l_", []),
        ("\\", []),
        ("🎖️", []),
        ("lo 🎖", []),
        ("lo\x00van", ["on", "other", "far"]),
        ("\x00", ["on", "other", "thut", "far"]),
        ("lo " * 167, ["on", "other", "far"]),
        ("l" * 500, []),
        ("²", []),
    ]

    found = [(typed, sorted(searching.candidates(Person.objects.all(), typed).ids)) for typed, _ in wanted]

    assert found == [(typed, sorted(four[name].pk for name in names)) for typed, names in wanted]


@pytest.fixture
def highland(add):
    """People whose names are written with signs that keyboards and word processors turn about."""
    for name in (
        "A Pớt",
        "Y Blô",
        "Y B'Lô",
        "K’Sor Hnhi",
        "Rơ-Châm H'Ni",
        "Đinh Thị Đào",
        "Ƀok Ƀă",
        "Nguyễn Thị Hoà",
        "Blông Thị Hung",
        "Trần Văn Hùng",
    ):
        add(name)


def test_a_name_is_found_in_every_spelling_by_parts_from_three_letters_and_beginnings_below(highland):
    wanted = [
        ("pot a", ["A Pớt"]),
        ("PỚT", ["A Pớt"]),
        ("Po\u031b\u0301t", ["A Pớt"]),
        ("blo", ["Y Blô", "Y B'Lô", "Blông Thị Hung"]),
        ("y blo", ["Y Blô", "Y B'Lô"]),
        ("b'lo", ["Y Blô", "Y B'Lô", "Blông Thị Hung"]),
        ("b lo", ["Y B'Lô"]),
        ("ksor", ["K’Sor Hnhi"]),
        ("k'sor", ["K’Sor Hnhi"]),
        ("k’sor", ["K’Sor Hnhi"]),
        ("k sor", ["K’Sor Hnhi"]),
        ("ro cham", ["Rơ-Châm H'Ni"]),
        ("rơ-châm", ["Rơ-Châm H'Ni"]),
        ("rocham hni", ["Rơ-Châm H'Ni"]),
        ("h ni", ["Rơ-Châm H'Ni"]),
        ("dinh dao", ["Đinh Thị Đào"]),
        ("ĐÀO đinh", ["Đinh Thị Đào"]),
        ("ðinh", ["Đinh Thị Đào"]),
        ("bok ba", ["Ƀok Ƀă"]),
        ("hòa", ["Nguyễn Thị Hoà"]),
        ("ung", ["Blông Thị Hung", "Trần Văn Hùng"]),
        ("un", []),
        ("h", ["Nguyễn Thị Hoà", "Blông Thị Hung", "Trần Văn Hùng", "K’Sor Hnhi", "Rơ-Châm H'Ni"]),
        ("z", []),
    ]

    found = [(typed, names_of(typed)) for typed, _ in wanted]

    assert found == [(typed, sorted(names)) for typed, names in wanted]


def test_a_commune_is_found_by_another_spelling_of_its_name(add, land):
    AreaAlias.objects.create(area=land.hring, name="Đắc Hring")
    add("A Thút")
    add("A Bớt", land.hamon)

    assert [names_of(typed) for typed in ("dac hring", "dak hring", "thut hring", "hring")] == [["A Thút"]] * 3 + [[]]


def test_a_word_of_a_commune_stands_for_it_only_with_the_last_word_of_its_name_beside_a_name(add, land):
    hoa_binh = make_area("Xã Hòa Bình", level=AreaLevel.COMMUNE, parent=land.near)
    add("Lò Thị Bình")
    add("Lò Văn Ơn", hoa_binh)
    add("Lò Thị Mòn", land.hamon)
    wanted = [
        ("binh", ["Lò Thị Bình"]),
        ("lo binh", ["Lò Thị Bình", "Lò Văn Ơn"]),
        ("hoa binh", ["Lò Văn Ơn"]),
        ("Ơn, xã Hòa Bình", ["Lò Văn Ơn"]),
        ("lo hoa", []),
        ("mon", ["Lò Thị Mòn"]),
        ("lo mon", ["Lò Thị Mòn"]),
        ("ha mon", ["Lò Thị Mòn"]),
        ("xa", []),
        ("xa lo", []),
    ]

    assert [(typed, names_of(typed)) for typed, _ in wanted] == wanted


def test_names_typed_with_accents_come_first_then_by_given_name(add, land):
    for name in ("Lê Văn Hoa", "Lê Thị Hỏa", "Trần Văn Hỏa", "Lê Văn An Hoa", "Hoả Văn Ba"):
        add(name)

    found = searching.found(Person.objects.visible_to(land.of_near), "Hỏa 1930")

    assert [person.full_name for person in found.people] == [
        "Hoả Văn Ba",
        "Lê Thị Hỏa",
        "Trần Văn Hỏa",
        "Lê Văn Hoa",
        "Lê Văn An Hoa",
    ]
    assert (found.count, found.more) == (5, False)


def test_only_people_of_the_own_areas_on_the_list_are_found_sorted_by_given_name(client, four, add, land):
    people.take_off(add("Lò Văn Bớt"), reason="Ghi trùng", by=land.of_near, now=NOW)
    add("Lò Văn An")

    found = searching.found(Person.objects.visible_to(land.of_near), "lo")

    assert [person.full_name for person in found.people] == ["Lò Văn An", "Văn Lò", "Lò Văn Ơn"]
    assert (found.count, found.more) == (3, False)


def test_nothing_typed_finds_nobody_and_more_than_a_page_is_said(client, add, land):
    for number in range(21):
        add(f"Lò Văn {number}")
    client.force_login(land.of_near)

    assert [client.post(URL, {"q": typed}).content.decode().count("<li>") for typed in (" ", "\x00", "-,")] == [0, 0, 0]
    page = client.post(URL, {"q": "lo"}).content.decode()

    assert page.count("<li>") == 20
    assert "Có 21 người hợp, đang hiện 20 người đầu." in page


def test_whatever_is_typed_is_answered_on_both_pages(client, four, land):
    client.force_login(land.of_near)

    for typed in (b"\0", b"lo\0", b"%", "🎖".encode(), b"l" * 500, b"'" * 200, b"\xed\xa0\x80\xff", "ﬃ".encode() * 120):
        answers = [client.post(URL, {"q": typed}), client.post(FILTER, {"q": typed}, follow=True)]

        assert (typed, [answer.status_code for answer in answers]) == (typed, [200, 200])


@pytest.fixture
def crowd(add, land):
    """502 people of one name, and one of another, written at once."""
    like = add("Lò Văn Ơn")
    rows = []
    for number in range(501):
        row = Person(full_name=f"Lò Văn Út {number:03}", residence=land.hring, created_at=NOW, created_by=land.of_near)
        row.set_keys()
        rows.append(row)
    Person.objects.bulk_create(rows)
    return like


def test_of_a_name_that_too_many_have_it_is_said_what_to_type_further(client, crowd, land):
    client.force_login(land.of_near)

    fragment = client.post(URL, {"q": "lo van"}).content.decode()
    page = client.post(FILTER, {"q": "lo van"}, follow=True)

    assert "Có hơn 500 người hợp. Gõ thêm tên, năm sinh, xã hoặc bốn số cuối căn cước để thu hẹp." in fragment
    assert "hơn 500 người</span>" in page.content.decode()
    assert "bảng dưới đây chỉ có 500 người" in page.content.decode()
    assert (page.context["page"].paginator.count, len(page.context["page"].object_list)) == (500, 25)


def test_a_further_word_finds_the_one_among_too_many(client, crowd, land):
    client.force_login(land.of_near)

    page = client.post(FILTER, {"q": "lo van 1930"}, follow=True)

    assert [person.full_name for person in page.context["page"]] == ["Lò Văn Ơn"]
    assert "hơn 500" not in page.content.decode()


def test_the_last_page_of_a_search_shows_what_is_left(client, add, land):
    for number in range(26):
        add(f"Lò Văn {number}")
    client.force_login(land.of_near)
    client.post(FILTER, {"q": "lò"})

    page = client.get(LIST, {"ten": "1", "page": "2"}).context["page"]

    assert [person.full_name for person in page] == ["Lò Văn 25"]


@pytest.mark.parametrize("count", [1, 30])
def test_a_search_costs_the_same_however_many_it_finds(client, add, land, count, django_assert_num_queries):
    for number in range(count):
        add(f"Lò Văn Ơn {number}", id_number=f"0620{number:04d}1931")
    client.force_login(land.of_near)
    client.post(URL, {"q": "lo 1931"})

    with django_assert_num_queries(6):
        client.post(URL, {"q": "lo 1931"})


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_with_a_name_costs_the_same_however_many_it_finds(client, add, land, count, django_assert_num_queries):
    for number in range(count):
        add(f"Lò Văn Ơn {number}")
    client.force_login(land.of_near)
    client.post(FILTER, {"q": "lo 1930"}, follow=True)

    with django_assert_num_queries(9):
        client.get(LIST, {"ten": "1"})


@pytest.mark.parametrize(
    ("names", "key"),
    [
        (("Nguyễn Văn Hoà",), "|nguyen van hoa||"),
        (("Nguyễn Văn Hoà", "Ba Hoà", "Tư"), "|nguyen van hoa|ba hoa|tu|"),
        (("K'Sor",), "|k'sor||ksor|k sor|"),
        (("A Pớt", "Rơ-Châm H'Ni"), "|a pot|ro-cham h'ni|rocham hni|ro cham h ni|"),
        (("ﬃ" * 120, "ﬃ" * 300), "|" + "ffi" * 120 + "|" + "ffi" * 46),
        (("K'Sor", "a" * 488), "|k'sor|" + "a" * 488 + "|"),
    ],
)
def test_the_key_holds_every_name_and_the_spellings_without_signs(names, key):
    assert name_keys.search_key(names[0], names[1:]) == key


def test_names_with_signs_that_were_in_the_registry_before_get_their_spellings(add):
    blo, other = add("Y B'Lô", other_name="Rơ-Châm"), add("A Thút")
    Person.objects.filter(pk=blo.pk).update(search_key="|y b'lo|ro-cham|")

    import_module("veterans.migrations.0007_find").add_spellings(apps, SimpleNamespace(connection=connection))

    blo.refresh_from_db()
    other.refresh_from_db()
    assert (blo.search_key, other.search_key) == ("|y b'lo|ro-cham|y blo|y b lo|rocham|ro cham|", "|a thut||")
