"""Pages about pairs: the list, two entries side by side, and back again."""

import pytest
from django.urls import reverse

from records.models import Job
from tests.veterans.conftest import NOW
from veterans import people
from veterans.duplicates import registry
from veterans.enums import Category
from veterans.models import DuplicatePair, Person

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"veterans:{name}", args=args)


@pytest.fixture
def pair(add):
    add("Lo Van On", hamlet="Thôn 4")
    add("Lò Văn Ơn", hamlet="Thôn 4", birth_month=3, birth_day=5)
    registry.propose(now=NOW)
    return DuplicatePair.objects.get()


def sent(pair, **chosen):
    versions = {f"version_{person.pk}": person.version for person in (pair.first, pair.second)}
    return {"keep": "left", "full_name": "right", "birth": "right", **versions, **chosen}


def test_the_list_tells_pairs_with_score_and_reasons_in_words(client, pair, land):
    client.force_login(land.of_near)

    page = client.get(url("pair_list")).content.decode()

    assert "Lo Van On" in page
    assert "Cùng họ và tên; Cùng năm sinh; Cùng thôn, địa chỉ; Cùng đối tượng" in page
    assert f"{pair.score} trên 100" in page
    assert "1 cặp chờ xem" in page


def test_while_typing_nobody_of_another_area_is_told(client, add, land):
    add("Lò Văn Ơn", land.rokoi, hamlet="Thôn 4")
    typed = {"full_name": "Lò Văn Ơn", "birth_year": "1930", "residence": land.rokoi.pk, "hamlet": "Thôn 4"}
    found = {}
    for who in ("of_far", "of_near"):
        client.force_login(getattr(land, who))
        found[who] = "Lò Văn Ơn" in client.post(url("person_likely"), typed).content.decode()

    assert found == {"of_far": True, "of_near": False}


def test_the_list_is_filtered_by_area_and_shows_nobody_else_s(client, pair, land):
    client.force_login(land.of_near)
    assert "Xem cặp" in client.get(url("pair_list"), {"area": land.hring.pk}).content.decode()
    assert "không có cặp nào" in client.get(url("pair_list"), {"area": land.hamon.pk}).content.decode()

    client.force_login(land.of_far)
    assert "Lo Van On" not in client.get(url("pair_list")).content.decode()
    assert client.get(url("pair_detail", pair.pk)).status_code == 404


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_costs_the_same_at_1_and_at_12_pairs(client, add, land, count, django_assert_num_queries):
    for place in range(count):
        for name in ("Lo Van On", "Lò Văn Ơn"):
            add(name, hamlet=f"Làng {place}")
    registry.propose(now=NOW)
    client.force_login(land.of_near)
    client.get(url("pair_list"))

    with django_assert_num_queries(6):
        answer = client.get(url("pair_list"))

    assert answer.context["page"].paginator.count == count


def test_side_by_side_what_differs_is_marked_and_what_says_more_is_chosen_to_begin_with(client, pair, land):
    client.force_login(land.of_near)

    answer = client.get(url("pair_detail", pair.pk))

    rows = {row["line"].name: (row["line"].differs, row["chosen"]) for row in answer.context["rows"]}
    assert (rows["full_name"], rows["birth"], rows["sex"]) == ((True, "right"), (True, "right"), (False, "left"))


def test_merging_leads_to_the_kept_card_and_the_absorbed_one_leads_there_too(client, pair, land):
    client.force_login(land.of_near)

    answer = client.post(url("pair_merge", pair.pk), sent(pair))

    assert answer.url == url("person_detail", pair.first.pk)
    assert client.get(url("person_detail", pair.second.pk)).url == answer.url
    assert client.get(url("person_edit", pair.second.pk)).url == answer.url
    card = client.get(answer.url).content.decode()
    assert "Lò Văn Ơn" in card
    assert "05/3/1930" in card
    assert f"Hồ sơ số {pair.second.pk}, " in card


def test_the_second_entry_can_be_the_one_that_is_kept(client, pair, land):
    client.force_login(land.of_near)

    answer = client.post(url("pair_merge", pair.pk), sent(pair, keep="right", full_name="left"))

    assert answer.url == url("person_detail", pair.second.pk)
    assert Person.objects.get(pk=pair.second.pk).full_name == "Lo Van On"


def test_a_merge_is_taken_apart_from_the_card(client, pair, land):
    client.force_login(land.of_near)
    client.post(url("pair_merge", pair.pk), sent(pair))
    made = pair.first.merges.get()

    answer = client.post(url("person_take_apart", pair.first.pk), {"merge": made.pk}, follow=True)

    assert "Đã tách lại: hai hồ sơ như trước khi gộp." in answer.content.decode()
    assert Person.objects.on_the_list().count() == 2


@pytest.mark.parametrize("number", ["", "x", "999", "9" * 40, "²"])
def test_a_merge_that_is_not_there_is_not_found(client, pair, land, number):
    client.force_login(land.of_near)

    assert client.post(url("person_take_apart", pair.first.pk), {"merge": number}).status_code == 404


def test_a_stale_page_keeps_what_was_chosen_and_says_why(client, pair, land):
    client.force_login(land.of_near)
    data = sent(pair, birth="left")
    people.change_person(
        pair.first,
        fields={"hamlet": "Thôn 9"},
        categories={Category.LABOURER: ("", "")},
        version=pair.first.version,
        by=land.of_province,
        now=NOW,
    )

    answer = client.post(url("pair_merge", pair.pk), data)

    assert answer.status_code == 409
    assert "thay đổi lúc 09:00 ngày 15/4/2024" in answer.content.decode()
    assert {row["line"].name: row["chosen"] for row in answer.context["rows"]}["birth"] == "left"


@pytest.mark.parametrize("data", [{}, {"keep": "both"}, {"keep": "left"}, {"keep": "left", "version_1": "x"}])
def test_whatever_is_sent_is_answered_with_a_sentence(client, pair, land, data):
    client.force_login(land.of_near)

    answer = client.post(url("pair_merge", pair.pk), data)

    assert answer.status_code in (409, 422)
    assert "Chưa làm được" in answer.content.decode()
    assert Person.objects.on_the_list().count() == 2


def test_two_people_are_told_apart_with_words_and_the_pair_is_gone_from_the_list(client, pair, land):
    client.force_login(land.of_near)

    answer = client.post(url("pair_different", pair.pk), {"because": "Hai anh em."}, follow=True)

    assert "0 cặp chờ xem" in answer.content.decode()
    assert "Hai anh em." in client.get(url("pair_detail", pair.pk)).content.decode()
    assert client.post(url("pair_different", pair.pk)).status_code == 409


def test_looking_through_the_whole_registry_is_a_job_of_the_province(client, land):
    client.force_login(land.of_near)
    assert client.post(url("pair_search")).status_code == 403

    client.force_login(land.of_province)
    assert client.post(url("pair_search")).status_code == 302
    assert Job.objects.get().kind == "registry_duplicates"


def test_while_typing_the_likely_ones_are_a_part_of_the_page_and_no_name_stands_in_the_address(client, pair, land):
    client.force_login(land.of_near)

    answer = client.post(
        url("person_likely"), {"full_name": "lo van on", "birth_year": "1930", "residence": land.hring.pk}
    )

    assert answer.status_code == 200
    assert "Lò Văn Ơn" in answer.content.decode()
    assert client.get(url("person_likely")).status_code == 405


def test_while_typing_half_a_form_is_no_error(client, pair, land):
    client.force_login(land.of_near)

    for data in ({}, {"full_name": "lo", "birth_year": "19x", "residence": "x", "but": "²"}):
        answer = client.post(url("person_likely"), data)
        assert (answer.status_code, "<section" in answer.content.decode()) == (200, False)


def test_a_new_entry_that_was_stored_all_the_same_is_proposed(client, pair, land):
    client.force_login(land.of_near)
    data = {
        "full_name": "Lò Văn Ơn",
        "birth_year": "1930",
        "residence": land.hring.pk,
        "hamlet": "Thôn 4",
        "sex": "unknown",
        "living_state": "unknown",
        "is_frontline_labourer": "on",
    }
    assert client.post(url("person_add"), data).status_code == 422
    assert DuplicatePair.objects.count() == 1

    client.post(url("person_add"), {**data, "distinct": "1"})

    assert DuplicatePair.objects.count() == 3
