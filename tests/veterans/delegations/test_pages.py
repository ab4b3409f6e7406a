"""The pages of delegations, as a registrar works with them."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.veterans.conftest import NOW
from tests.veterans.delegations.conftest import MADE, names_of
from tests.veterans.delegations.test_route import make_gone
from veterans.models import Campaign, Delegation, GratitudePlan, Person, PlanEntry

pytestmark = pytest.mark.django_db
LIST = "/so-tri-an/doan/"


def text_of(answer) -> str:
    """What a reader sees, on one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def typed(plan, land, **more):
    return {
        "plan": plan.pk,
        "name": "Đoàn số 7",
        "unit": land.unit.pk,
        "leader": "Bà Lê Thị Dẫn",
        "leader_title": "Phó Chủ tịch",
        "on": "05/5/2024",
        "starts_at": "7:30",
        "starts_from": "Trụ sở huyện",
        "vehicle": "Xe 16 chỗ",
        "members": "Trần Văn Hai – Hội Cựu chiến binh\n\nLê Văn Ba",
        "note": "",
        **more,
    }


@pytest.fixture
def near(client, land):
    client.force_login(land.of_near)
    return client


def test_a_registrar_sets_a_delegation_up_chooses_people_and_changes_the_way(near, land, plan, enter):
    first, second = enter("A Anh"), enter("A Bôn")
    answer = near.post(f"{LIST}lap/", typed(plan, land))
    made = Delegation.objects.get()
    assert answer["Location"] == f"{LIST}{made.pk}/nguoi/"
    boxes = near.get(answer["Location"]).content.decode()
    assert f'value="{first.pk}-"' in boxes and f'value="{second.pk}-"' in boxes
    answer = near.post(answer["Location"], {"version": 1, "nguoi": [f"{first.pk}-", f"{second.pk}-"]}, follow=True)
    seen = text_of(answer)
    assert "Đã thêm 2 người vào đoàn." in seen
    assert "Chủ nhật, 05/5/2024, 07:30" in seen
    assert "Trần Văn Hai Hội Cựu chiến binh" in seen
    near.post(f"{LIST}{made.pk}/duong-di/", {"version": 2, "do": f"up-{second.pk}"})
    assert names_of(made) == ["A Bôn", "A Anh"]
    near.post(f"{LIST}{made.pk}/duong-di/", {"version": 3, "do": "sort"})
    assert names_of(made) == ["A Anh", "A Bôn"]
    assert "Bà Lê Thị Dẫn" in text_of(near.get(LIST)) and "2 người" in text_of(near.get(LIST))


def test_what_was_typed_stays_and_the_line_is_named(near, land, plan):
    answer = near.post(f"{LIST}lap/", typed(plan, land, on="32/5/2024", members=f"Hai\n{'x' * 121}", starts_at="sáng"))
    assert answer.status_code == 422
    seen = text_of(answer)
    assert "Dòng 2: họ tên dài nhất 120 ký tự, chức vụ dài nhất 200 ký tự." in seen
    assert "Xin nhập giờ dạng 07:30." in seen
    assert 'value="32/5/2024"' in answer.content.decode() and "Đoàn số 7" in answer.content.decode()
    assert Delegation.objects.count() == 0


@pytest.mark.parametrize("number", ["0", "9" * 30, "x", "-1", "1;1", ""])
def test_no_number_that_somebody_types_breaks_a_page(near, land, plan, enter, send, number):
    row = send(enter())
    assert near.get(f"{LIST}?page={number}&loc={number}").status_code == 200
    assert near.get(f"{LIST}lap/?ke-hoach={number}").status_code == 200
    assert near.get(f"{LIST}{row.pk}/nguoi/?xa={number}&page={number}").status_code == 200
    for where, data in (
        ("duong-di", {"do": f"up-{number}", "version": row.version}),
        ("duong-di", {"do": number, "version": number}),
        ("nguoi", {"nguoi": f"{number}-{number}", "version": row.version}),
        ("tinh-trang", {"do": number, "version": number}),
    ):
        assert near.post(f"{LIST}{row.pk}/{where}/", data).status_code == 302
    assert near.post(f"{LIST}{row.pk}/sua/", typed(plan, land, version=number)).status_code == 422
    assert names_of(row) == ["A Thút"]


def test_who_is_gone_is_crossed_out_on_the_page(near, land, enter, send):
    entry = enter()
    row = send(entry, enter("A Sống"))
    make_gone(entry.person, land, "dead")
    seen = near.get(f"{LIST}{row.pk}/").content.decode()
    assert re.search(r"<s><a [^>]*>A Thút</a></s>", seen)
    assert "Đã từ trần ngày 09/4/2024: không đến thăm, không có trong phiếu" in seen
    assert "Bỏ 1 người không còn đến thăm" in seen


def test_a_delegation_is_called_off_with_a_reason_only(near, land, enter, send):
    row = send(enter())
    answer = near.post(f"{LIST}{row.pk}/tinh-trang/", {"do": "cancel", "why": "", "version": row.version})
    assert answer.status_code == 422
    answer = near.post(
        f"{LIST}{row.pk}/tinh-trang/", {"do": "cancel", "why": "Đường sạt lở", "version": row.version}, follow=True
    )
    assert "1 người trở lại danh sách chờ xếp đoàn." in text_of(answer)
    assert "Đoàn không đi Đường sạt lở" in text_of(answer)


def test_the_list_says_how_many_wait_for_a_delegation(near, land, enter, send):
    send(enter("A Anh"))
    enter("A Bôn")
    seen = text_of(near.get(LIST))
    assert "Có người chưa được xếp vào đoàn nào Huyện Đăk Hà: 1 người" in seen


def test_another_district_neither_sees_nor_is_told(client, land, enter, send):
    row = send(enter())
    client.force_login(land.of_far)
    assert "Đoàn số 1" not in client.get(LIST).content.decode()
    for address in ("", "sua/", "nguoi/"):
        assert client.get(f"{LIST}{row.pk}/{address}").status_code == 404
    for address in ("duong-di/", "tinh-trang/", "nguoi/"):
        assert client.post(f"{LIST}{row.pk}/{address}").status_code == 404


def test_after_the_campaign_the_pages_are_there_to_read(near, land, enter, send):
    row = send(enter())
    Campaign.objects.update(state="closed", closed_by=land.of_province, closed_at=NOW)
    seen = near.get(f"{LIST}{row.pk}/").content.decode()
    assert "A Thút" in seen and "Sửa đoàn" not in seen and "Ghi đoàn đã đi" not in seen
    assert near.post(f"{LIST}{row.pk}/duong-di/", {"do": "sort", "version": row.version}).status_code == 403
    assert near.post(f"{LIST}{row.pk}/sua/", {}).status_code == 403
    assert "Lập đoàn" not in near.get(LIST).content.decode()


def test_one_commune_alone_is_shown_when_asked_for(near, land, plan, enter, send):
    enter("A Hring", land.hring)
    enter("Y Môn", land.hamon)
    row = send()
    seen = near.get(f"{LIST}{row.pk}/nguoi/?xa={land.hamon.pk}").content.decode()
    assert "Y Môn" in seen and "A Hring" not in seen


def test_people_of_other_delegations_are_shown_when_asked_for(near, land, enter, send):
    entry = enter("A Hring")
    other, row = send(entry, name="Đoàn kia"), send()
    address = f"{LIST}{row.pk}/nguoi/"
    assert "A Hring" not in near.get(address).content.decode()
    seen = near.get(f"{address}?ca=on").content.decode()
    assert "đang ở đoàn Đoàn kia" in seen and f'value="{entry.pk}-{other.pk}"' in seen
    answer = near.post(address, {"version": 1, "nguoi": f"{entry.pk}-{other.pk}"}, follow=True)
    assert "1 người được chuyển từ đoàn “Đoàn kia”." in text_of(answer)


def many(land, plan, number: int) -> Delegation:
    """A delegation with so many stops, so many others, and so many people who wait."""
    people = Person.objects.bulk_create(
        Person(
            full_name=f"A Người {n}",
            sort_key=f"nguoi {n:04}",
            residence=land.hring,
            living_state="living",
            living_on=date(2024, 3, 1),
            living_source="Thôn",
            created_at=NOW,
        )
        for n in range(2 * number)
    )
    rows = Delegation.objects.bulk_create(
        Delegation(
            plan=plan,
            unit=land.unit,
            name=f"Đoàn {n}",
            leader="Ông A",
            on=date(2024, 5, 5),
            made_by=land.of_near,
            made_at=MADE,
        )
        for n in range(number)
    )
    PlanEntry.objects.bulk_create(
        PlanEntry(
            plan=plan,
            person=person,
            form="home",
            added_by=land.of_near,
            added_at=MADE,
            delegation=rows[0] if n < number else None,
            position=n,
        )
        for n, person in enumerate(people)
    )
    return rows[0]


@pytest.mark.parametrize(("address", "statements"), [("", 7), ("{pk}/", 7), ("{pk}/nguoi/", 7), ("lap/", 6)])
def test_a_page_costs_the_same_statements_with_one_row_and_with_three_hundred(near, land, plan, address, statements):
    found = []
    for number in (1, 300):
        row = many(land, plan, number)
        path = LIST + address.format(pk=row.pk)
        near.get(path)
        with CaptureQueriesContext(connection) as caught:
            assert near.get(path).status_code == 200
        found.append(len(caught))
    assert found == [statements, statements]


def test_the_plan_is_the_only_choice_where_there_is_one(near, land, plan):
    assert GratitudePlan.objects.count() == 1
    seen = near.get(f"{LIST}lap/").content.decode()
    assert f'<option value="{plan.pk}" selected>' in seen


def test_a_delegation_whose_people_all_left_the_district_can_be_emptied(near, land, enter, send):
    entry = enter()
    row = send(entry)
    Person.objects.filter(pk=entry.person_id).update(residence=land.rokoi)
    seen = near.get(f"{LIST}{row.pk}/").content.decode()
    assert "A Thút" not in seen and "Bỏ 1 người không còn đến thăm" in seen
    near.post(f"{LIST}{row.pk}/duong-di/", {"do": "gone", "version": row.version})
    assert names_of(row) == []
