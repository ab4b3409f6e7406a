"""Who sees whom, what the pages show and hide, and what a POST leaves behind."""

from datetime import date

import pytest
from django.urls import reverse

from records.models import AuditEvent
from tests.veterans.conftest import NOW, logged_words
from units.models import Deputation, Membership
from veterans import gratitude, people, sensitive, verification
from veterans.enums import SensitiveKind
from veterans.models import Person, Visit
from veterans.permissions import can_change, can_read_sensitive

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.veterans.urls")]

# Names of other districts; they must appear on no page of somebody without the right.
CANARY, CANARY_PLACE = "Siu Y Canari", "Làng Bí Mật"


OPEN_PHONE = {"kind": "relative_phone", "purpose-purpose": "visit_call"}


def url(name, person=None):
    return reverse(f"veterans:{name}", args=[person.pk] if person else [])


@pytest.fixture
def two(add, land):
    """One person near, one canary far."""
    near = add(
        "A Thút", land.hring, relative_contact="A Khiên, con trai", relative_phone="0950000001", hamlet="Thôn Kon Proh"
    )
    return near, add(CANARY, land.rokoi, hamlet=CANARY_PLACE, relative_phone="0950999888")


def answers(client, user, person):
    """The status of every page about a person, GET and POST."""
    client.force_login(user)
    gets = [client.get(url(name, person)) for name in ("person_detail", "person_edit", "visit_add")]
    posts = [
        client.post(url(name, person), {})
        for name in (
            "person_edit",
            "visit_add",
            "person_verify",
            "person_open",
            "death_report",
            "death_confirm",
            "death_withdraw",
            "person_take_off",
            "person_put_back",
        )
    ]
    return gets + posts


def test_a_registrar_lists_the_own_district_only(client, two, land):
    client.force_login(land.of_near)
    page = client.get(url("person_list")).content.decode()
    assert "A Thút" in page
    assert [word for word in (CANARY, CANARY_PLACE, "Rờ Kơi", "Sa Thầy") if word in page] == []


def test_the_registrar_of_the_province_lists_everybody(client, two, land):
    client.force_login(land.of_province)
    page = client.get(url("person_list")).content.decode()
    assert "A Thút" in page
    assert CANARY in page


@pytest.mark.parametrize("who", ["of_near", "reader", "reporter", "administrator", "office"])
def test_every_page_of_a_foreign_person_is_404(client, two, land, who):
    results = answers(client, getattr(land, who), two[1])
    assert {answer.status_code for answer in results} == {404}
    assert [CANARY in answer.content.decode() for answer in results] == [False] * 12
    assert AuditEvent.objects.filter(verb="person.read").count() == 0


@pytest.mark.parametrize("who", ["reader", "office"])
def test_office_and_readers_see_figures_without_a_name(client, two, land, who):
    client.force_login(getattr(land, who))
    page = client.get(url("person_list")).content.decode()
    assert "Còn sống, tỉnh đã duyệt" in page
    assert [word for word in (CANARY, CANARY_PLACE, "A Thút", "Kon Proh") if word in page] == []


@pytest.mark.parametrize("who", ["reporter", "administrator"])
def test_others_have_no_list(client, two, land, who):
    client.force_login(getattr(land, who))
    assert client.get(url("person_list")).status_code == 403


@pytest.mark.parametrize("who", ["reader", "office", "reporter", "administrator"])
def test_only_registrars_add_and_review(client, land, who):
    client.force_login(getattr(land, who))
    assert [client.get(url(name)).status_code for name in ("person_add", "area_review")] == [403, 403]


def test_a_stranger_is_sent_to_the_sign_in(client, two):
    answer = client.get(url("person_detail", two[0]))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")


def test_opening_a_card_is_logged_without_values(client, two, land):
    client.force_login(land.of_near)
    assert client.get(url("person_detail", two[0])).status_code == 200
    event = AuditEvent.objects.get(verb="person.read")
    assert (event.actor, event.target_id, event.data) == (land.of_near, two[0].pk, {})
    assert event.target_label == f"Hồ sơ tri ân số {two[0].pk}"


def test_pages_with_names_are_not_kept_by_browsers(client, two, land):
    client.force_login(land.of_near)
    assert "no-store" in client.get(url("person_detail", two[0])).headers["Cache-Control"]
    assert "no-store" in client.get(url("person_list")).headers["Cache-Control"]


def test_the_relatives_name_and_number_are_hidden_on_every_get(client, two, land):
    client.force_login(land.of_near)
    pages = [
        client.get(address).content.decode()
        for address in (url("person_list"), url("person_detail", two[0]), url("person_edit", two[0]))
    ]
    assert [("0950000001" in page, "Khiên" in page) for page in pages] == [(False, False)] * 3
    assert "0950***001" in pages[1]
    assert "0950***001" in pages[2]


def test_the_number_is_shown_by_post_with_a_purpose_and_the_log_names_the_field_only(client, two, land):
    client.force_login(land.of_near)
    page = client.post(url("person_open", two[0]), OPEN_PHONE).content.decode()
    assert "0950000001" in page
    assert "Khiên" not in page
    event = AuditEvent.objects.get(verb="person.sensitive_read")
    assert event.data == {"fields": ["relative_phone"], "purpose": "visit_call"}
    assert [word for word in ("0950", "Khiên") if word in logged_words()] == []


@pytest.mark.parametrize("purpose", ["", "tò mò"])
def test_without_a_purpose_nothing_is_shown(client, two, land, purpose):
    client.force_login(land.of_near)
    answer = client.post(url("person_open", two[0]), {"kind": "relative_phone", "purpose-purpose": purpose})
    assert answer.status_code == 422
    assert "0950000001" not in answer.content.decode()
    assert AuditEvent.objects.filter(verb="person.sensitive_read").count() == 0


def test_a_name_looked_for_never_stands_in_an_address(client, two, land):
    client.force_login(land.of_near)
    answer = client.post(url("person_filter"), {"q": "thut", "living": "living"})
    assert answer.headers["Location"] == "/so-tri-an/?living=living&ten=1"
    page = client.get(answer.headers["Location"]).content.decode()
    assert "A Thút" in page
    assert 'value="thut"' in page


@pytest.mark.parametrize("words", ["hoa", "HÒA", "Hoà", "  nguyen  van hoa "])
def test_names_are_found_without_accents_or_with_either_tone_place(client, add, land, words):
    add("Nguyễn Văn Hoà")
    add("Trần Đình Lộc")
    client.force_login(land.of_near)
    client.post(url("person_filter"), {"q": words})
    page = client.get(url("person_list") + "?ten=1").content.decode()
    assert ("Nguyễn Văn Hoà" in page, "Trần Đình Lộc" in page) == (True, False)


def test_the_list_is_sorted_by_given_name(client, add, land):
    for name in ("Nguyễn Văn Ước", "Đặng Văn Đàn", "Trần Thị Bảy", "A Dếp", "Nguyễn Văn Ấn"):
        add(name)
    client.force_login(land.of_near)
    shown = [person.full_name for person in client.get(url("person_list")).context["page"]]
    assert shown == ["Nguyễn Văn Ấn", "Trần Thị Bảy", "A Dếp", "Đặng Văn Đàn", "Nguyễn Văn Ước"]


def test_a_name_typed_with_accents_comes_first(client, add, land):
    add("Lê Văn Hoa")
    add("Lê Văn Hỏa")
    client.force_login(land.of_near)
    client.post(url("person_filter"), {"q": "Hỏa"})
    shown = [person.full_name for person in client.get(url("person_list") + "?ten=1").context["page"]]
    assert shown == ["Lê Văn Hỏa", "Lê Văn Hoa"]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("category=dien_bien_soldier", ["Trần Đình Lộc"]),
        ("living=unknown", ["Y Ngai"]),
        ("verification=hamlet", ["A Thút"]),
        ("off=on", ["A Bớt"]),
        ("area={hamon}", ["Y Ngai"]),
        ("area={near}", ["Trần Đình Lộc", "Y Ngai", "A Thút"]),
        ("area={far}", ["Trần Đình Lộc", "Y Ngai", "A Thút"]),
        ("area=abc&living=ma&page=99", ["Trần Đình Lộc", "Y Ngai", "A Thút"]),
    ],
)
def test_the_filter(client, add, land, query, shown):
    verification.verify(add("A Thút"), to="hamlet", by=land.of_near, now=NOW)
    add("Trần Đình Lộc", categories={"dien_bien_soldier": ("", "")})
    add("Y Ngai", land.hamon, living_state="unknown")
    people.take_off(add("A Bớt"), reason="Ghi trùng", by=land.of_near, now=NOW)
    add(CANARY, land.rokoi)
    client.force_login(land.of_near)
    query = query.format(hamon=land.hamon.pk, near=land.near.pk, far=land.far.pk)
    page = client.get(f"{url('person_list')}?{query}").context["page"]
    assert [person.full_name for person in page] == shown


def test_the_list_costs_the_same_at_1_and_at_25_rows(client, add, land, django_assert_num_queries):
    client.force_login(land.of_near)
    add("A Thút")
    client.get(url("person_list"))
    with django_assert_num_queries(7):
        client.get(url("person_list"))
    for number in range(24):
        add(f"A Thút {number}")
    with django_assert_num_queries(7):
        answer = client.get(url("person_list"))
    assert len(answer.context["page"].object_list) == 25


def test_the_card_costs_the_same_with_many_visits(client, add, land, django_assert_max_num_queries):
    person = add()
    client.force_login(land.of_near)

    def cost():
        with django_assert_max_num_queries(40) as counted:
            client.get(url("person_detail", person))
        return len(counted)

    def visit(day):
        gratitude.record_visit(person, on=date(2024, 3, day), unit=land.unit, by=land.of_near, now=NOW)

    visit(1)
    cost()
    first = cost()
    for day in range(2, 22):
        visit(day)
    assert cost() == first


FORM = {
    "full_name": "Hoàng Văn Đệ",
    "sex": "male",
    "birth_year": "1930",
    "living_state": "living",
    "living_on": "01/3/2024",
    "living_source": "Gia đình",
    "is_dien_bien_soldier": "on",
    "paper_dien_bien_soldier": "Huy hiệu",
    "number_dien_bien_soldier": "ĐB-1",
    "relative_phone": "+84 950 000 004",
}


def test_a_person_is_added(client, land):
    client.force_login(land.of_near)
    answer = client.post(url("person_add"), {**FORM, "residence": land.hring.pk})
    person = Person.objects.get()
    assert answer.headers["Location"] == f"/so-tri-an/{person.pk}/"
    assert (person.full_name, person.birth_year, person.birth_is_estimated) == ("Hoàng Văn Đệ", 1930, False)
    assert sensitive.read(person, SensitiveKind.values) == {"relative_phone": "0950000004"}
    assert list(person.categories.values_list("category", "number")) == [("dien_bien_soldier", "ĐB-1")]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"full_name": ""}, "Hãy điền mục này."),
        ({"full_name": "123"}, "Hãy ghi họ và tên, ít nhất một chữ cái."),
        ({"birth_year": "1951"}, "phải sinh từ 1905 đến 1942"),
        ({"birth_year": "32"}, "viết đủ bốn chữ số, ví dụ 1932."),
        ({"birth_month": "2", "birth_day": "30"}, "Không có ngày này trong lịch."),
        ({"birth_day": "3"}, "Có ngày sinh thì phải có tháng sinh."),
        ({"birth_year": "", "birth_is_estimated": "on"}, "Ước chừng thì cũng cần ghi năm"),
        ({"living_on": "31/02/2024"}, "ngày"),
        ({"living_on": "16/4/2024"}, "Ngày có tin không được sau hôm nay."),
        ({"living_source": ""}, "Hãy ghi ai cho biết"),
        ({"living_state": "deceased"}, "lựa chọn"),
        ({"is_dien_bien_soldier": ""}, "Hãy chọn ít nhất một đối tượng."),
        ({"relative_phone": "12"}, "Số điện thoại gồm 10 hoặc 11 chữ số"),
    ],
)
def test_a_refused_person_says_what_to_mend_and_keeps_what_was_typed(client, land, wrong, sentence):
    client.force_login(land.of_near)
    answer = client.post(url("person_add"), {**FORM, "residence": land.hring.pk, "hamlet": "Thôn giữ lại", **wrong})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "Thôn giữ lại" in page
    assert Person.objects.count() == 0


def test_nobody_is_added_in_a_foreign_district(client, land):
    client.force_login(land.of_near)
    assert client.post(url("person_add"), {**FORM, "residence": land.rokoi.pk}).status_code == 422
    assert Person.objects.count() == 0


def test_likely_duplicates_of_the_own_areas_are_shown_before_a_person_is_stored(client, add, land):
    add("Hoàng Văn Đệ", land.hamon, birth_year=1931)
    add("Hoàng Văn Đề", land.rokoi, birth_year=1930, hamlet=CANARY_PLACE)
    client.force_login(land.of_near)
    data = {**FORM, "residence": land.hring.pk}
    answer = client.post(url("person_add"), data)
    assert "Có thể đã có trong danh sách" in answer.content.decode()
    assert [person.residence.name for person, _ in answer.context["duplicates"]] == ["Xã Hà Mòn"]
    assert Person.objects.count() == 2
    client.post(url("person_add"), {**data, "distinct": "1"})
    assert Person.objects.count() == 3


def edit_data(person, **values):
    return {
        "full_name": person.full_name,
        "sex": "unknown",
        "birth_year": "1930",
        "residence": person.residence_id,
        "living_state": "living",
        "living_on": "01/3/2024",
        "living_source": "Trưởng thôn",
        "is_frontline_labourer": "on",
        "version": person.version,
        **values,
    }


def test_an_empty_phone_keeps_the_stored_one_and_the_tick_forgets_it(client, two, land):
    client.force_login(land.of_near)
    client.post(url("person_edit", two[0]), edit_data(two[0], hamlet="Thôn 2"))
    person = Person.objects.get(pk=two[0].pk)
    known = {"relative_contact": "A Khiên, con trai", "relative_phone": "0950000001"}
    assert (person.hamlet, sensitive.read(person, SensitiveKind.values)) == ("Thôn 2", known)
    client.post(url("person_edit", person), edit_data(person, forget=["relative_phone"]))
    assert sensitive.read(person, SensitiveKind.values) == {"relative_contact": "A Khiên, con trai"}


def test_the_second_of_two_editors_is_told(client, two, land):
    client.force_login(land.of_near)
    client.post(url("person_edit", two[0]), edit_data(two[0], hamlet="Thôn 2"))
    answer = client.post(url("person_edit", two[0]), edit_data(two[0], hamlet="Thôn 3"))
    assert answer.status_code == 422
    assert "đã được người khác thay đổi" in answer.content.decode()
    assert "Thôn 3" in answer.content.decode()


def test_the_district_verifies_up_to_its_own_step(client, two, land):
    client.force_login(land.of_near)
    for step in ("hamlet", "commune", "district"):
        assert client.post(url("person_verify", two[0]), {"to": step}).status_code == 302
    assert client.post(url("person_verify", two[0]), {"to": "province"}).status_code == 403
    assert "duyệt cấp tỉnh" not in client.get(url("person_detail", two[0])).content.decode()
    client.force_login(land.of_province)
    assert "duyệt cấp tỉnh" in client.get(url("person_detail", two[0])).content.decode()
    client.post(url("person_verify", two[0]), {"to": "province"})
    assert Person.objects.get(pk=two[0].pk).verification == "province"


def test_a_second_click_makes_no_second_step(client, two, land):
    client.force_login(land.of_near)
    for _ in range(2):
        client.post(url("person_verify", two[0]), {"to": "hamlet"})
    assert Person.objects.get(pk=two[0].pk).verification == "hamlet"


def test_a_death_by_two_people_through_the_pages(client, two, land):
    client.force_login(land.of_near)
    client.post(url("death_report", two[0]), {"death-source": "Gia đình", "death-died_on": "10/4/2024"})
    page = client.get(url("person_detail", two[0])).content.decode()
    assert "Có tin từ trần, chờ xác nhận" in page
    assert "Xác nhận đã từ trần" not in page
    assert client.post(url("death_confirm", two[0])).status_code == 403
    client.force_login(land.of_province)
    assert client.post(url("death_confirm", two[0])).status_code == 302
    assert "Đã từ trần, 10/4/2024 (nguồn: Gia đình)" in client.get(url("person_detail", two[0])).content.decode()


@pytest.mark.parametrize("name", ["person_take_off", "death_withdraw", "death_report"])
def test_a_reason_is_asked_for(client, two, land, name):
    client.force_login(land.of_near)
    answer = client.post(url(name, two[0]), {})
    assert answer.status_code == 422
    assert "chỗ cần sửa" in answer.content.decode()


def test_a_reload_of_a_buttons_address_leads_to_the_card(client, two, land):
    client.force_login(land.of_near)
    answer = client.get(url("person_open", two[0]))
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/so-tri-an/{two[0].pk}/")
    assert client.get(url("person_open", two[1])).status_code == 404


def test_off_the_list_and_back_through_the_pages(client, two, land):
    client.force_login(land.of_near)
    client.post(url("person_take_off", two[0]), {"take_off-reason": "Ghi trùng"})
    page = client.get(url("person_detail", two[0])).content.decode()
    assert "Lý do: Ghi trùng" in page
    client.post(url("person_put_back", two[0]), {"put_back-reason": "Là hai anh em"})
    assert Person.objects.on_the_list().filter(pk=two[0].pk).exists()


def test_a_visit_is_written_down(client, two, land):
    client.force_login(land.of_near)
    source = land.sources["province"].pk
    data = {
        "on": "05/4/2024",
        "unit": land.unit.pk,
        "form": "home",
        f"money_{source}": "2.000.000 đồng",
        f"goods_{source}": "Chăn",
    }
    assert client.post(url("visit_add", two[0]), data).status_code == 302
    visit = Visit.objects.get()
    gift = visit.gifts.get()
    assert (visit.on, visit.recorded_by) == (date(2024, 4, 5), land.of_near)
    assert (gift.source_id, gift.state, gift.money, gift.goods) == (source, "given", 2_000_000, "Chăn")
    answer = client.post(url("visit_add", two[0]), data)
    assert answer.status_code == 422
    assert "Lần thăm này đã được ghi" in answer.content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"on": "16/4/2024"}, "Ngày thăm không được sau hôm nay."),
        ({"money": "nhiều"}, "Số tiền chỉ gồm chữ số"),
        ({"money": "99.999.999.999"}, "lớn hơn 10 tỷ đồng"),
        ({"unit": "0"}, "lựa chọn"),
    ],
)
def test_a_refused_visit_says_what_to_mend(client, two, land, wrong, sentence):
    client.force_login(land.of_near)
    wrong = {name.replace("money", f"money_{land.sources['province'].pk}"): typed for name, typed in wrong.items()}
    data = {"on": "05/4/2024", "unit": land.unit.pk, "form": "home", "note": "giữ lại", **wrong}
    answer = client.post(url("visit_add", two[0]), data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "giữ lại" in answer.content.decode()
    assert Visit.objects.count() == 0


def test_a_card_tells_what_was_done_in_names_of_fields(client, two, land):
    people.change_person(
        two[0],
        fields={"hamlet": "Thôn Mới"},
        categories={"frontline_labourer": ("", "")},
        version=1,
        by=land.of_near,
        now=NOW,
    )
    client.force_login(land.of_near)
    answer = client.get(url("person_detail", two[0]))
    assert [row["what"] for row in answer.context["events"]] == [
        "Sửa hồ sơ: thôn, làng, tổ dân phố, đối tượng",
        "Lập hồ sơ",
    ]


def test_a_registrar_without_the_further_right_sees_that_there_is_a_number_and_no_more(client, land, two):
    Membership.objects.filter(user=land.of_near).update(may_read_sensitive=False)
    client.force_login(land.of_near)

    card = client.get(url("person_detail", two[0]))
    answer = client.post(url("person_open", two[0]), OPEN_PHONE)

    assert (card.status_code, answer.status_code) == (200, 403)
    assert "Chỉ cán bộ được giao quyền xem thông tin nhạy cảm" in card.content.decode()
    assert url("person_open", two[0]) not in card.content.decode()
    assert AuditEvent.objects.filter(verb="person.sensitive_read").count() == 0


def test_the_further_right_reaches_as_far_as_its_area_and_is_not_handed_on(land, two):
    near, far = two
    days = {"valid_from": date(2024, 4, 1), "valid_to": date(2024, 4, 30)}
    Deputation.objects.create(
        deputy=land.of_far, principal=land.of_province, reason="Đi học", made_by=land.of_province, made_at=NOW, **days
    )
    land.of_far.acting_for = land.of_province

    assert [can_read_sensitive(user, near) for user in (land.of_province, land.of_near)] == [True, True]
    assert can_read_sensitive(land.of_near, far) is False
    assert [can_change(land.of_far, near), can_read_sensitive(land.of_far, near)] == [True, False]
