"""Filters kept under a name: kept, shared within the office, renamed, removed; a filter that no longer fits still opens."""

from datetime import date

import pytest

from records.models import AuditEvent
from tasks.models import SavedFilter
from tests.factories import at, make_membership, make_office_user, make_unit, make_user
from tests.tasks.story import make_story
from units.models import UnitKind

pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 15)


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    """The pages' clock stands at Monday 15/4/2024, 08:00."""
    monkeypatch.setattr("directive_tracker.clock.now", lambda: at(TODAY))
    monkeypatch.setattr("directive_tracker.clock.today", lambda: TODAY)


def kept(owner, name="Việc quá hạn", *, shared=False, query="timeliness=open_overdue") -> SavedFilter:
    return SavedFilter.objects.create(
        owner=owner, page="assignments", query=query, name=name, shared=shared, saved_at=at(TODAY)
    )


def test_the_conditions_of_the_list_are_kept_without_the_page_number(client):
    story = make_story()
    client.force_login(story.office)

    answer = client.post(
        "/bo-loc/moi/?trang=assignments&loc=q%3Ddak%2Bha%26word%3D%26page%3D3%26role%3Dlead", {"name": " Đắk  Hà "}
    )

    row = SavedFilter.objects.get()
    assert (row.name, row.query, row.shared) == ("Đắk Hà", "q=dak+ha&role=lead", False)
    assert answer["Location"] == "/phan-viec/?q=dak+ha&role=lead"


def test_shared_filters_are_the_offices_and_the_others_ones_own():
    story = make_story()
    colleague = make_office_user("dongnghiep")
    reader = make_user("thuongtruc")
    make_membership(reader, make_unit(kind=UnitKind.STANDING_COMMITTEE), "reader")
    mine, shared = kept(story.office, "Riêng"), kept(story.office, "Chung", shared=True)
    units = kept(story.reporter, "Của đơn vị")

    seen = {
        name: set(SavedFilter.objects.visible_to(user).values_list("pk", flat=True))
        for name, user in (
            ("owner", story.office),
            ("colleague", colleague),
            ("reporter", story.reporter),
            ("reader", reader),
        )
    }

    assert seen == {
        "owner": {mine.pk, shared.pk},
        "colleague": {shared.pk},
        "reporter": {units.pk},
        "reader": set(),
    }


def test_a_unit_keeps_filters_but_shares_none(client):
    story = make_story()
    client.force_login(story.reporter)

    client.post("/bo-loc/moi/?trang=assignments&loc=role%3Dlead", {"name": "Chủ trì", "shared": "on"})

    assert list(SavedFilter.objects.values_list("name", "shared")) == [("Chủ trì", False)]


@pytest.mark.parametrize(
    ("name", "words"),
    [("", "Hãy đặt tên"), ("x" * 61, "60"), ("Việc quá hạn", "đã có bộ lọc tên này"), ("Việc  quá hạn ", "đã có")],
)
def test_a_name_is_needed_once(client, name, words):
    story = make_story()
    kept(story.office)
    client.force_login(story.office)

    answer = client.post("/bo-loc/moi/?trang=assignments&loc=", {"name": name})

    assert (answer.status_code, words in answer.content.decode(), SavedFilter.objects.count()) == (422, True, 1)


def test_what_others_share_leaves_room_for_the_own_ones(client):
    story = make_story()
    for number in range(50):
        kept(story.office, f"Bộ lọc {number}", shared=True)
    answers = []
    for person in (make_office_user("dongnghiep"), story.office):
        client.force_login(person)
        answers.append(client.post("/bo-loc/moi/?trang=assignments&loc=", {"name": "Của tôi"}).status_code)

    assert answers == [302, 422]


@pytest.mark.parametrize("page", ["", "khac", "admin"])
def test_lists_without_filters_are_not_found(client, page):
    story = make_story()
    client.force_login(story.office)

    assert client.get(f"/bo-loc/moi/?trang={page}").status_code == 404


def test_the_owner_renames_shares_and_removes_and_only_shared_ones_are_on_record(client):
    story = make_story()
    row = kept(story.office)
    client.force_login(story.office)
    before = AuditEvent.objects.count()

    client.post(f"/bo-loc/{row.pk}/", {"name": "Khối huyện", "shared": "on"})
    renamed = SavedFilter.objects.get()
    client.post(f"/bo-loc/{row.pk}/", {"do": "remove"})

    assert (renamed.name, renamed.shared, SavedFilter.objects.count()) == ("Khối huyện", True, 0)
    assert [event.verb for event in AuditEvent.objects.order_by("pk")[before:]] == ["filter.changed", "filter.removed"]


def test_a_shared_filter_is_changed_by_its_owner_alone(client):
    story = make_story()
    shared, own = kept(story.office, "Chung", shared=True), kept(story.office, "Riêng")
    client.force_login(make_office_user("dongnghiep"))

    answers = [client.post(f"/bo-loc/{row.pk}/", {"do": "remove"}).status_code for row in (shared, own)]

    assert (answers, SavedFilter.objects.count()) == ([403, 404], 2)


def test_the_list_asks_for_its_row_of_links(client):
    story = make_story()
    kept(story.office)
    client.force_login(story.office)

    row = client.get("/bo-loc/?trang=assignments", headers={"HX-Request": "true"}).content.decode()
    page = client.get("/phan-viec/").content.decode()

    assert ('<a href="/phan-viec/?timeliness=open_overdue">Việc quá hạn</a>' in row, "<html" in row) == (True, False)
    assert 'hx-get="/bo-loc/?trang=assignments"' in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("directive=987654&role=lead", "Đã bỏ qua: Văn bản. Các điều kiện khác vẫn giữ."),
        ("word=khong-con&role=lead", "Đã bỏ qua: Tình trạng. Các điều kiện khác vẫn giữ."),
        ("unit=x&role=lead", "Đã bỏ qua: Đơn vị. Các điều kiện khác vẫn giữ."),
        ("role=lead", ""),
    ],
)
def test_a_condition_that_no_longer_means_anything_is_said_and_the_others_hold(client, query, said):
    story = make_story()
    story.other_assignment.role = "coordinating"
    story.other_assignment.save()
    client.force_login(story.office)

    answer = client.get(f"/phan-viec/?{query}")

    assert (answer.status_code, answer.context["dropped"]) == (200, said)
    assert [row.assignment.pk for row in answer.context["rows"]] == [story.assignment.pk]


@pytest.mark.parametrize("count", [1, 40])
def test_the_row_costs_the_same_for_one_and_forty(client, django_assert_num_queries, count):
    story = make_story()
    for number in range(count):
        kept(story.office, f"Bộ lọc {number}")
    client.force_login(story.office)

    with django_assert_num_queries(3):
        client.get("/bo-loc/?trang=assignments", headers={"HX-Request": "true"})
