"""News that somebody lives, moves, calls of condolence, and what an entry said before."""

from datetime import date

import pytest

from records.models import AuditEvent
from tasks.errors import Refused
from tests.veterans.conftest import NOW, TODAY, logged_words
from tests.veterans.test_verification import pick, shown, upto, url
from veterans import gratitude, living, moving, people
from veterans.models import Condolence, Person, RegistryRule

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.veterans.urls")]
LABOURER = {"frontline_labourer": ("Giấy chứng nhận", "DC-01")}


# --- news -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "on", "fresh"),
    [
        ("living", date(2024, 4, 15), True),
        ("living", date(2024, 3, 16), True),
        ("living", date(2024, 3, 15), False),
        ("unknown", date(2024, 4, 15), False),
        ("moved", date(2024, 4, 15), False),
        ("deceased", date(2024, 4, 15), False),
        ("living", None, False),
    ],
)
def test_news_is_good_for_thirty_days(state, on, fresh):
    assert Person(living_state=state, living_on=on).living_is_fresh(TODAY, 30) is fresh


def test_news_is_no_news_while_a_death_waits(add, land):
    person = add(living_on=TODAY)
    living.report_death(person, source="gia đình", by=land.of_near, now=NOW)
    person.refresh_from_db()
    assert person.living_is_fresh(TODAY, 30) is False


def test_the_office_sets_for_how_long(land):
    assert living.living_days() == 30
    RegistryRule.objects.create(campaign=land.campaign, living_days=10)
    assert living.living_days() == 10


def test_who_is_to_be_asked_about(add, land):
    for name, values in {
        "A Mới": {"living_on": date(2024, 3, 16)},
        "A Cũ": {"living_on": date(2024, 3, 15)},
        "A Rõ": {"living_state": "unknown"},
        "A Đi": {"living_state": "moved", "living_on": date(2024, 1, 1)},
    }.items():
        add(name, **values)
    dying, off = add("A Mất", living_on=date(2024, 1, 1)), add("A Bỏ", living_on=date(2024, 1, 1))
    living.report_death(dying, source="gia đình", by=land.of_near, now=NOW)
    people.take_off(off, reason="Trùng", by=land.of_near, now=NOW)
    wanted = Person.objects.without_fresh_news(TODAY, 30)
    assert [person.full_name for person in wanted] == ["A Rõ", "A Cũ"]


def test_one_click_with_a_source_confirms(client, add, land):
    person, other = add("A Một", living_on=date(2024, 1, 1)), add("A Hai", living_on=date(2024, 1, 2))
    client.force_login(land.of_near)
    assert shown(client.get(url("living_list"))) == ["A Một", "A Hai"]
    answer = client.post(url("living_list"), {**pick(person), "news-source": "Trưởng thôn"}, follow=True)
    assert shown(answer) == ["A Hai"]
    assert "Đã ghi 1 người: còn sống, tin ngày hôm nay." in answer.content.decode()
    person.refresh_from_db()
    assert (person.living_state, person.living_on, person.living_source) == ("living", TODAY, "Trưởng thôn")
    assert Person.objects.get(pk=other.pk).living_on == date(2024, 1, 2)
    event = AuditEvent.objects.get(verb="person.living_confirmed")
    assert event.data == {"fields": ["living_on", "living_source"]}
    assert "Trưởng thôn" not in logged_words()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"news-source": "Trưởng thôn"}, "Chưa chọn người nào"),
        ({"pick": "all", "news-source": " "}, "Hãy điền mục này"),
    ],
)
def test_without_a_source_or_a_choice_nothing_is_written_and_the_ticks_stay(client, add, land, data, sentence):
    person = add("A Một", living_on=date(2024, 1, 1))
    client.force_login(land.of_near)
    answer = client.post(url("living_list"), {**data, **(pick(person) if "pick" in data else {})})
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert ("checked" in answer.content.decode()) is ("pick" in data)
    assert Person.objects.get().living_on == date(2024, 1, 1)


def test_nobody_of_another_district_is_confirmed_by_the_list(client, add, land):
    far = add("A Xa", land.rokoi, living_on=date(2024, 1, 1))
    client.force_login(land.of_near)
    client.post(url("living_list"), {**pick(far), "news-source": "Trưởng thôn"})
    assert Person.objects.get().living_on == date(2024, 1, 1)


# How an entry stands → whether news that the person lives is taken, and the sentence.
STATES = {
    "unknown": None,
    "living": None,
    "moved": "đã ghi là chuyển đi",
    "death reported": "Đang có tin từ trần",
    "dead": "Đang có tin từ trần",
    "off": "đã được đưa khỏi danh sách",
}


def in_state(add, land, state):
    person = add(living_state=state if state in ("unknown", "moved") else "living")
    if state in ("death reported", "dead"):
        living.report_death(person, source="gia đình", by=land.of_near, now=NOW)
    if state == "dead":
        living.confirm_death(person, by=land.of_province, now=NOW)
    if state == "off":
        people.take_off(person, reason="Trùng", by=land.of_near, now=NOW)
    person.refresh_from_db()
    return person


@pytest.mark.parametrize(("state", "sentence"), list(STATES.items()))
def test_of_whom_news_is_taken(client, add, land, state, sentence):
    person = in_state(add, land, state)
    if sentence is None:
        assert living.confirm_living(person, source="Gia đình", by=land.of_near, now=NOW).living_on == TODAY
    else:
        with pytest.raises(Refused, match=sentence):
            living.confirm_living(person, source="Gia đình", by=land.of_near, now=NOW)
    client.force_login(land.of_near)
    page = client.get(url("person_detail", person.pk)).content.decode()
    assert ("Xác nhận còn sống" in page) is (sentence is None)


def test_a_visit_is_warned_of_when_news_is_old(client, add, land):
    old, new = add("A Cũ", living_on=date(2024, 3, 15)), add("A Mới", living_on=date(2024, 3, 16))
    client.force_login(land.of_near)
    pages = [client.get(url("visit_add", person.pk)).content.decode() for person in (old, new)]
    assert ["Chưa có tin còn sống trong 30 ngày." in page for page in pages] == [True, False]


@pytest.mark.parametrize("name", ["living_list", "condolence_list"])
def test_the_lists_cost_the_same_at_1_and_at_60_rows(client, add, land, django_assert_num_queries, name):
    client.force_login(land.of_near)

    def fill(count):
        for number in range(count):
            person = add(f"A {count} {number}", living_on=date(2024, 1, 1))
            if name == "condolence_list":
                die(person, land)

    fill(1)
    client.get(url(name))
    with django_assert_num_queries({"living_list": 6, "condolence_list": 5}[name]):
        client.get(url(name))
    fill(59)
    with django_assert_num_queries({"living_list": 6, "condolence_list": 5}[name]):
        answer = client.get(url(name))
    assert answer.context["page"].paginator.count == 60


# --- condolences ----------------------------------------------------------------------------------


def die(person, land):
    living.report_death(person, source="gia đình", died_on=date(2024, 4, 10), by=land.of_near, now=NOW)
    living.confirm_death(person, by=land.of_province, now=NOW)


def test_a_confirmed_death_proposes_one_call_and_says_nothing_to_anybody(add, land):
    person = add()
    living.report_death(person, source="gia đình", by=land.of_near, now=NOW)
    assert Condolence.objects.count() == 0
    living.confirm_death(person, by=land.of_province, now=NOW)
    row = Condolence.objects.get()
    assert (row.person, row.state, row.proposed_at) == (person, "proposed", NOW)


@pytest.mark.parametrize("before", ["proposed", "done", "declined"])
def test_a_withdrawn_death_withdraws_the_call_and_a_later_death_proposes_anew(add, land, before):
    person = add()
    die(person, land)
    if before != "proposed":
        row = Condolence.objects.get()
        gratitude.decide_condolence(row, done=before == "done", note="Đã gọi", by=land.of_near, now=NOW)
    living.withdraw_death(person, reason="Nhầm người", by=land.of_near, now=NOW)
    assert list(Condolence.objects.values_list("state", flat=True)) == ["withdrawn"]
    die(person, land)
    assert sorted(Condolence.objects.values_list("state", flat=True)) == ["proposed", "withdrawn"]


@pytest.mark.parametrize("state", ["done", "declined", "withdrawn"])
def test_a_call_is_decided_once(add, land, state):
    person = add()
    die(person, land)
    row = Condolence.objects.get()
    if state == "withdrawn":
        living.withdraw_death(person, reason="Nhầm người", by=land.of_near, now=NOW)
    else:
        gratitude.decide_condolence(row, done=state == "done", note="Đã gọi", by=land.of_near, now=NOW)
    with pytest.raises(Refused, match="Mục này đã được ghi"):
        gratitude.decide_condolence(row, done=True, by=land.of_far, now=NOW)


def test_a_call_through_the_pages(client, add, land):
    person = add()
    die(person, land)
    row = Condolence.objects.get()
    client.force_login(land.of_near)
    assert "A Thút" in client.get(url("condolence_list")).content.decode()
    refused = client.post(url("condolence_decide", row.pk), {"done": "0", "note": " "})
    assert (refused.status_code, "Hãy ghi vì sao không thăm viếng." in refused.content.decode()) == (422, True)
    assert client.post(url("condolence_decide", row.pk), {"done": "1", "note": "Đoàn xã"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.decided_by, row.note) == ("done", land.of_near, "Đoàn xã")
    page = client.get(url("condolence_list", loc="done")).content.decode()
    assert "Đoàn xã" in page
    stale = client.post(url("condolence_decide", row.pk), {"done": "1"})
    assert "Mục này đã được ghi “đã thăm viếng”" in stale.content.decode()


@pytest.mark.parametrize("who", ["of_far", "reader", "office", "reporter", "administrator"])
def test_a_call_of_another_area_is_unknown(client, add, land, who):
    die(add(), land)
    client.force_login(getattr(land, who))
    row = Condolence.objects.get()
    assert client.get(url("condolence_decide", row.pk)).status_code == 404
    assert client.post(url("condolence_decide", row.pk), {"done": "1"}).status_code == 404


# --- moves ----------------------------------------------------------------------------------------


def move(person, land, to=None, **values):
    values = {"on": TODAY, "source": "Gia đình", **values}
    return moving.move(person, to=to, by=land.of_near, now=NOW, **values)


def test_within_the_province_the_receiving_registrar_has_the_entry_at_once(client, add, land):
    person = upto(add(hamlet="Thôn cũ"), land, "province")
    client.force_login(land.of_near)
    data = {"to": land.rokoi.pk, "words": "Làng Rờ", "on": "14/4/2024", "source": "UBND xã", "version": person.version}
    answer = client.post(url("person_move", person.pk), data)
    assert answer.headers["Location"] == "/so-tri-an/"
    person.refresh_from_db()
    assert (person.residence, person.hamlet, person.living_state, person.moved_to) == (
        land.rokoi,
        "Làng Rờ",
        "living",
        "",
    )
    assert (person.verification, person.waits_for) == ("new", "hamlet")
    assert client.get(url("person_detail", person.pk)).status_code == 404
    client.force_login(land.of_far)
    assert shown(client.get(url("verify_list", buoc="hamlet"))) == ["A Thút"]
    page = client.get(url("person_history", person.pk)).content.decode()
    assert "Xã Đăk Hring" in page


def test_out_of_the_province_the_entry_stays_with_words(client, add, land):
    person = upto(add(), land, "province")
    client.force_login(land.of_near)
    data = {"words": "xã Ia Chim, tỉnh Gia Lai", "on": "14/4/2024", "source": "Con trai", "version": person.version}
    assert client.post(url("person_move", person.pk), data).headers["Location"] == url("person_detail", person.pk)
    person.refresh_from_db()
    assert (person.residence, person.living_state, person.moved_to, person.verification) == (
        land.hring,
        "moved",
        "xã Ia Chim, tỉnh Gia Lai",
        "province",
    )
    page = client.get(url("person_detail", person.pk)).content.decode()
    assert "Chuyển đi (đến xã Ia Chim, tỉnh Gia Lai, tin ngày 14/4/2024, Con trai)" in page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"words": ""}, "Hãy chọn xã trong tỉnh, hoặc ghi nơi chuyển đến ngoài tỉnh."),
        ({"to": "hring"}, "Người này đang ở Xã Đăk Hring."),
        ({"to": "near"}, "lựa chọn"),
        ({"on": "16/4/2024"}, "Ngày có tin không được sau hôm nay."),
        ({"source": " "}, "Hãy điền mục này."),
        ({"version": "9"}, "đã được người khác thay đổi"),
    ],
)
def test_a_refused_move_says_what_to_mend(client, add, land, wrong, sentence):
    person = add()
    client.force_login(land.of_near)
    wrong = {key: getattr(land, value).pk if key == "to" else value for key, value in wrong.items()}
    data = {"words": "giữ lại", "on": "14/4/2024", "source": "Con trai", "version": "1", **wrong}
    answer = client.post(url("person_move", person.pk), data)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert ("giữ lại" in answer.content.decode()) is ("words" not in wrong)
    person.refresh_from_db()
    assert (person.version, person.residence) == (1, land.hring)


@pytest.mark.parametrize("state", ["death reported", "dead", "off"])
def test_who_is_reported_dead_or_off_the_list_does_not_move(add, land, state):
    with pytest.raises(Refused):
        move(in_state(add, land, state), land, land.rokoi)


# --- what an entry said before --------------------------------------------------------------------


def test_the_history_tells_field_by_field_and_of_what_is_sensitive_only_that_it_changed(client, add, land):
    person = add(hamlet="Thôn 1", relative_phone="0950000001")
    people.change_person(
        person,
        fields={"hamlet": "Thôn 2", "sex": "male", "needs_vehicle": True, "relative_phone": "0950000002"},
        categories={"frontline_labourer": ("Giấy chứng nhận", "DC-02"), "martyr_relative": ("Bằng", "LS-1")},
        version=1,
        by=land.of_near,
        now=NOW.replace(hour=10),
    )
    client.force_login(land.of_near)
    answer = client.get(url("person_history", person.pk))
    newest, oldest = answer.context["page"].object_list
    assert (newest.by, oldest.by) == (str(land.of_near), str(land.of_province))
    assert sorted((change.field, change.before, change.after) for change in newest.changes) == [
        ("Cần xe đưa đón", "không", "có"),
        ("Dân công hỏa tuyến: số giấy tờ", "DC-01", "DC-02"),
        ("Giới tính", "Chưa rõ", "Nam"),
        ("Thôn, làng, tổ dân phố", "Thôn 1", "Thôn 2"),
        ("Điện thoại người thân", "", "đã thay đổi (không nêu nội dung)"),
        ("Đối tượng", "(trống)", "Thân nhân liệt sĩ"),
    ]
    assert oldest.changes == []
    assert [word for word in ("0950000001", "0950000002") if word in answer.content.decode()] == []
    assert AuditEvent.objects.filter(verb="person.read").count() == 1


@pytest.mark.parametrize("who", ["of_far", "reader", "office", "reporter", "administrator"])
def test_the_history_is_unknown_to_who_may_not_see_the_entry(client, add, land, who):
    person = add()
    client.force_login(getattr(land, who))
    assert client.get(url("person_history", person.pk)).status_code == 404


def test_the_history_costs_the_same_whatever_was_changed(client, add, land, django_assert_num_queries):
    person = add()
    client.force_login(land.of_near)

    def change(number):
        person.refresh_from_db()
        people.change_person(
            person,
            fields={"hamlet": f"Thôn {number}"},
            categories={"frontline_labourer": ("Giấy", f"DC-{number}")},
            version=person.version,
            by=land.of_near,
            now=NOW.replace(minute=number),
        )

    change(1)
    client.get(url("person_history", person.pk))
    with django_assert_num_queries(12):
        client.get(url("person_history", person.pk))
    for number in range(2, 22):
        change(number)
    with django_assert_num_queries(12):
        client.get(url("person_history", person.pk))


# --- other names ----------------------------------------------------------------------------------


def test_each_of_several_names_is_shown_and_found(client, add, land):
    add("Lê Hữu Cầm", other_name="Hữu Cẩm; Tư Cầm ;; A Blô")
    client.force_login(land.of_near)
    assert "Hữu Cẩm, Tư Cầm, A Blô" in client.get(url("person_list")).content.decode()
    for name in ("Hữu Cẩm", "tu cam", "a blo"):
        assert [person.full_name for person in Person.objects.named(name)] == ["Lê Hữu Cầm"]
    assert list(Person.objects.named("Cẩm; Tư")) == []
