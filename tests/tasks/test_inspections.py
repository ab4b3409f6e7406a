"""Inspections: only public places, sent at once, answered, closed or sent back; nobody about the own unit."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from directive_tracker import clock
from notifications.models import Notice
from notifications.rounds import run_round
from records import access
from records.models import AuditEvent
from records.uploads import store_upload
from tasks.errors import Refused
from tasks.events import inspections as services
from tasks.events import rules
from tasks.events.privacy import private_words
from tasks.events.telling import FindingPlanner
from tasks.models import DirectiveTask, Finding, FindingStep, InspectedPlace, Inspection
from tests.factories import at, make_membership, make_unit, make_user
from tests.tasks.events import MEND_BY, NOW, TODAY, find, inspect, make_field, sent
from units.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture():
    """A function that makes a small picture as a browser sends it."""

    def make(name: str) -> SimpleUploadedFile:
        written = io.BytesIO()
        Image.new("RGB", (8, 8), "red").save(written, "JPEG")
        return SimpleUploadedFile(name, written.getvalue(), content_type="image/jpeg")

    return make


@pytest.fixture(autouse=True)
def monday(monkeypatch, settings, tmp_path):
    """The pages' clock stands at Monday 15/4/2024, 09:00; files go into a folder of the test."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    settings.MEDIA_ROOT = tmp_path


# --- only offices and public places -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Nhà ông Ba", "Nhà ông"),
        ("nhà bà Hoa, tổ 3", "nhà bà"),
        ("hộ anh Y Thuận", "hộ anh"),
        ("hộ gia đình số 4", "hộ gia đình"),
        ("Số nhà 12 đường Trần Phú", "Số nhà"),
        ("Gia đình chị Lan chưa treo cờ", "Gia đình chị"),
        ("Cờ trước cửa của bà Nguyễn Thị Hoa đã cũ", "bà Nguyễn"),
        ("Ông Trần Văn Ba chưa treo cờ", "Ông Trần"),
        ("Đã nhắc. Anh Hùng hứa treo lại", "Anh Hùng"),
        ("Tổ dân phố 3, nhà riêng chưa có cờ", "nhà riêng"),
        ("Đường Bà Triệu", ""),
        ("Trụ sở cũ của cán bộ Hội Cựu chiến binh", ""),
        ("đường Ông Ích Khiêm, chợ Bà Chiểu", ""),
        ("Trường THPT Lê Anh Xuân", ""),
        ("Tượng đài anh hùng liệt sĩ", ""),
        ("Bộ phận hộ tịch, hộ khẩu của xã", ""),
        ("Nhà văn hóa tổ dân phố 5, nhà rông làng Kon Klor", ""),
        ("Ủng hộ bà con vùng lũ", ""),
        ("Chị em phụ nữ treo cờ Tổ quốc", ""),
    ],
)
def test_houses_and_persons_are_told_from_streets_and_offices(text, found):
    assert private_words(text) == found


def test_a_house_is_refused_with_a_sentence_that_says_what_would_be_right():
    field = make_field()
    inspection = inspect(field)

    with pytest.raises(Refused) as refusal:
        services.add_place(
            inspection, kind="public", name="Nhà ông Ba", unit=field.story.unit, by=field.monitor, now=NOW
        )

    assert str(refusal.value) == (
        "Nơi kiểm tra chỉ ghi trụ sở cơ quan và nơi công cộng, không ghi nhà riêng hay tên người. Xin ghi tên trục "
        "đường, trụ sở, tổ dân phố; tên đường thì viết cả chữ “đường”. Chỗ cần sửa: “Nhà ông”."
    )
    assert InspectedPlace.objects.count() == 0


def test_the_database_knows_no_kind_of_place_for_a_house():
    field = make_field()
    inspection = inspect(field)

    with pytest.raises(IntegrityError), transaction.atomic():
        InspectedPlace.objects.create(inspection=inspection, kind="house", name="x", unit=field.story.unit)


# --- writing down -------------------------------------------------------------------------------------


def test_until_it_is_sent_the_inspecting_unit_alone_sees_it():
    field = make_field()
    finding = find(field)
    everybody = (field.monitor, field.story.office, field.story.reporter, field.story.stranger)

    before = [Finding.objects.visible_to(user).filter(pk=finding.pk).exists() for user in everybody]
    services.send_inspection(finding.place.inspection, by=field.monitor, now=NOW)
    after = [Finding.objects.visible_to(user).filter(pk=finding.pk).exists() for user in everybody]

    assert before == [True, False, False, False]
    assert after == [True, True, True, False]


def test_an_inspected_unit_sees_its_own_places_and_not_those_of_its_neighbour():
    field = make_field()
    inspection = inspect(field)
    find(field, inspection=inspection)
    find(field, inspection=inspection, unit=field.story.other_unit)
    services.send_inspection(inspection, by=field.monitor, now=NOW)

    seen = InspectedPlace.objects.visible_to(field.story.reporter)

    assert [place.unit for place in seen] == [field.story.unit]
    assert list(Inspection.objects.visible_to(field.story.reporter)) == [inspection]


def test_the_units_are_told_once_each_by_a_mail_of_their_own_without_typed_words():
    field = make_field()
    inspection = inspect(field)
    for _ in range(2):
        find(field, inspection=inspection)
    find(field, inspection=inspection, unit=field.story.other_unit, mend_by=date(2024, 4, 17))

    services.send_inspection(inspection, by=field.monitor, now=NOW)

    told = Notice.objects.order_by("pk").values_list("recipient__username", "title", "detail", "message__kind")
    assert sorted(told) == [
        ("dakha", "2 kiến nghị sau kiểm tra 15/4/2024, việc 1a.1: khắc phục chậm nhất 18/4/2024", "", "finding"),
        ("ngochoi", "1 kiến nghị sau kiểm tra 15/4/2024, việc 1a.1: khắc phục chậm nhất 17/4/2024", "", "finding"),
    ]


def test_what_was_sent_is_not_changed_any_more():
    field = make_field()
    finding = sent(field)
    place = finding.place

    for act in (
        lambda: services.add_place(
            place.inspection, kind="road", name="Đường khác", unit=field.story.unit, by=field.monitor, now=NOW
        ),
        lambda: services.add_finding(place, words="Thêm", mend_by=MEND_BY, photo=None, by=field.monitor, now=NOW),
        lambda: services.remove_place(place, by=field.monitor, now=NOW),
        lambda: services.send_inspection(place.inspection, by=field.monitor, now=NOW),
    ):
        with pytest.raises(Refused, match="đã được Nguyễn Văn Tuyengiao gửi các đơn vị lúc 09:00 15/4/2024"):
            act()


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (date(2024, 4, 16), "Ngày kiểm tra 16/4/2024 chưa đến; hãy ghi hôm nay (15/4/2024) hoặc trước đó."),
        (date(2024, 2, 14), "Ngày kiểm tra 14/02/2024 trước ngày giao văn bản (15/02/2024)."),
    ],
)
def test_a_day_that_cannot_be_is_refused(day, sentence):
    field = make_field()

    with pytest.raises(Refused) as refusal:
        inspect(field, day=day)

    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    "values",
    [
        {"strength": "encouraged"},
        {"words_and_counts_only": True},
        {"condition_state": "undecided", "condition_text": "nếu có"},
    ],
)
def test_work_that_is_never_late_or_no_place_is_not_inspected(values):
    field = make_field()
    DirectiveTask.objects.filter(pk=field.task.pk).update(**values)
    task = DirectiveTask.objects.select_related("directive").get(pk=field.task.pk)

    assert not rules.can_inspect(field.monitor, task)
    assert not rules.can_inspect(field.story.office, task)
    with pytest.raises(Refused):
        services.begin_inspection(task, day=TODAY, by=field.monitor, now=NOW)


# --- who may do what in which state --------------------------------------------------------------------

STATES = ("open", "answered", "sent_back", "closed")
ACTS = ("answer", "send_back", "close")


def _may(user, finding) -> list[str]:
    asked = {
        "answer": rules.can_answer_finding,
        "send_back": rules.can_send_back_finding,
        "close": rules.can_close_finding,
    }
    return [name for name in ACTS if asked[name](user, finding)]


@pytest.mark.parametrize(
    ("state", "unit", "monitor", "office", "stranger"),
    [
        ("open", ["answer"], ["close"], ["close"], []),
        ("answered", [], ["send_back", "close"], ["send_back", "close"], []),
        ("sent_back", ["answer"], ["close"], ["close"], []),
        ("closed", [], [], [], []),
    ],
)
def test_who_may_answer_send_back_and_close_in_each_state(state, unit, monitor, office, stranger):
    field = make_field()
    finding = sent(field)
    finding.state = state

    people = (field.story.reporter, field.monitor, field.story.office, field.story.stranger)

    assert [_may(user, finding) for user in people] == [unit, monitor, office, stranger]


def test_nobody_closes_the_finding_of_the_own_unit_whatever_other_roles_the_person_has():
    field = make_field()
    finding = sent(field)
    both = make_user("haivai")
    make_membership(both, field.monitor_unit, Role.REPORTER)
    make_membership(both, field.story.unit, Role.UNIT_HEAD)

    assert _may(both, finding) == ["answer"]
    for act in (
        lambda: services.close(finding, words="", by=both, now=NOW),
        lambda: services.send_back(finding, words="Chưa đạt", mend_by=MEND_BY, by=both, now=NOW),
    ):
        with pytest.raises(Refused, match="Không ai của Huyện ủy Đắk Hà tự kiểm tra, tự xác nhận"):
            act()
    assert FindingStep.objects.count() == 0


def test_a_monitor_does_not_inspect_the_own_unit():
    field = make_field()

    with pytest.raises(Refused, match="Không ai của Ban Tuyên giáo tự kiểm tra"):
        services.add_place(
            inspect(field), kind="office", name="Trụ sở Ban", unit=field.monitor_unit, by=field.monitor, now=NOW
        )


# --- answers -------------------------------------------------------------------------------------------


def answer(field, finding, *, now=NOW, **typed) -> FindingStep:
    words = {"words": "Đã thay băng rôn mới", "done_on": TODAY, "photo": None} | typed
    return services.answer(finding, by=field.story.reporter, now=now, **words)


def test_answered_sent_back_answered_again_and_closed_everything_stays_on_record():
    field = make_field()
    finding = sent(field)

    answer(field, finding)
    services.send_back(finding, words="Còn một chiếc cũ", mend_by=date(2024, 4, 22), by=field.monitor, now=NOW)
    answer(field, finding, words="Đã thay chiếc còn lại")
    services.close(finding, words="", by=field.monitor, now=NOW)

    assert [step.what for step in finding.steps.order_by("pk")] == [
        "Đơn vị trả lời: đã khắc phục ngày 15/4/2024",
        "Đề nghị khắc phục thêm, chậm nhất 22/4/2024",
        "Đơn vị trả lời: đã khắc phục ngày 15/4/2024",
        "Xác nhận đã khắc phục",
    ]
    finding.refresh_from_db()
    assert (finding.state, finding.mend_by, finding.mend_version) == ("closed", date(2024, 4, 22), 2)
    verbs = AuditEvent.objects.filter(verb__startswith="finding.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["finding.answered", "finding.sent_back", "finding.answered", "finding.closed"]


def test_of_two_who_press_at_once_the_second_is_told_who_did_what():
    field = make_field()
    finding = sent(field)
    stale = Finding.objects.select_related("place__unit", "place__inspection__task__directive").get(pk=finding.pk)
    services.close(finding, words="", by=field.story.office, now=NOW)

    with pytest.raises(Refused) as refusal:
        answer(field, stale)

    assert str(refusal.value) == (
        "Nguyễn Văn Vanphong, 09:00 15/4/2024: xác nhận đã khắc phục. Kiến nghị không còn ở tình trạng như trên trang "
        "này; xin xem lại rồi làm tiếp."
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"words": "ừ"}, "Hãy ghi nội dung trả lời (ít nhất 3 ký tự)."),
        ({"done_on": date(2024, 4, 16)}, "Ngày khắc phục xong 16/4/2024 chưa đến; làm xong rồi hãy trả lời."),
        ({"done_on": date(2024, 4, 14)}, "Ngày khắc phục xong 14/4/2024 trước ngày kiểm tra (15/4/2024)."),
        (
            {"words": "Nhà bà Hoa đã treo cờ"},
            "Trả lời chỉ ghi trụ sở cơ quan và nơi công cộng, không ghi nhà riêng hay tên người. Xin ghi tên trục "
            "đường, trụ sở, tổ dân phố; tên đường thì viết cả chữ “đường”. Chỗ cần sửa: “Nhà bà”.",
        ),
    ],
)
def test_an_answer_that_cannot_be_is_refused(typed, sentence):
    field = make_field()
    finding = sent(field)

    with pytest.raises(Refused) as refusal:
        answer(field, finding, **typed)

    assert str(refusal.value) == sentence
    assert finding.state == "open"


# --- the stage after the day ----------------------------------------------------------------------------


def told_overdue() -> list[tuple[str, str]]:
    rows = Notice.objects.filter(kind__in=["finding-overdue", "finding-watched"]).order_by(
        "kind", "recipient__username"
    )
    return list(rows.values_list("kind", "recipient__username"))


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        # 18/4 is a holiday; the working day after it is Friday 19/4.
        (("2024-04-18", "23:59"), []),
        (("2024-04-19", "00:01"), [("finding-overdue", "dakha"), ("finding-watched", "tuyengiao")]),
        (("2024-04-29", "09:00"), [("finding-overdue", "dakha"), ("finding-watched", "tuyengiao")]),
        (("2024-05-06", "09:00"), []),
    ],
)
def test_on_the_working_day_after_the_unit_and_the_inspectors_are_told(moment, told):
    field = make_field()
    sent(field)

    run_round(now=at(*moment))

    assert told_overdue() == told


def test_the_unit_is_told_by_mail_too_and_once():
    field = make_field()
    sent(field)

    for hour in ("08:00", "08:01", "16:00"):
        run_round(now=at("2024-04-19", hour))

    assert told_overdue() == [("finding-overdue", "dakha"), ("finding-watched", "tuyengiao")]
    notice = Notice.objects.get(kind="finding-overdue")
    assert (notice.title, notice.message.kind) == ("Kiến nghị kiểm tra việc 1a.1 quá ngày khắc phục", "daily")


def test_what_waits_for_the_inspectors_or_is_closed_is_not_overdue_and_a_new_day_arms_the_stage_again():
    field = make_field()
    finding = sent(field)
    answer(field, finding)
    run_round(now=at("2024-04-19"))
    assert told_overdue() == []

    services.send_back(finding, words="Chưa đạt", mend_by=date(2024, 4, 22), by=field.monitor, now=at("2024-04-19"))
    run_round(now=at("2024-04-22"))
    assert told_overdue() == []
    run_round(now=at("2024-04-23"))
    assert told_overdue() == [("finding-overdue", "dakha"), ("finding-watched", "tuyengiao")]


def test_the_stage_costs_the_same_for_one_finding_and_for_three_hundred(django_assert_num_queries):
    from_one = make_field()
    inspection = inspect(from_one)
    find(from_one, inspection=inspection)
    services.send_inspection(inspection, by=from_one.monitor, now=NOW)
    place = inspection.places.get()
    Finding.objects.bulk_create(
        Finding(place=place, words="x", mend_by=MEND_BY, recorded_by=from_one.monitor, recorded_at=NOW)
        for _ in range(299)
    )
    planner = FindingPlanner()

    with django_assert_num_queries(3):
        planned = planner.plan(now=at("2024-04-19"), since=None)

    assert planned == 600


# --- pages ----------------------------------------------------------------------------------------------


def test_from_the_notebook_to_the_closed_finding_through_the_pages(client, picture):
    field = make_field()
    client.force_login(field.monitor)
    client.post(f"/nhiem-vu/{field.task.pk}/kiem-tra/moi/", {"day": "15/4/2024"})
    inspection = Inspection.objects.get()
    typed = {
        "kind": "road",
        "name": "Đường Hùng Vương",
        "unit": field.story.unit.pk,
        "words": "Băng rôn phai màu",
        "mend_by": "18/4/2024",
    }
    added = client.post(f"/kiem-tra/{inspection.pk}/them-noi/", {**typed, "photo": picture("duong.jpg")})
    sent_ = client.post(f"/kiem-tra/{inspection.pk}/gui/", follow=True)
    finding = Finding.objects.get()
    client.force_login(field.story.reporter)
    home = client.get("/don-vi/").content.decode()
    answered = client.post(
        f"/kiem-tra/kien-nghi/{finding.pk}/",
        {"do": "answer", "answer-words": "Đã thay", "answer-done_on": "15/4/2024", "answer-photo": picture("sau.jpg")},
        follow=True,
    )
    again = client.post(
        f"/kiem-tra/kien-nghi/{finding.pk}/",
        {"do": "answer", "answer-words": "Nữa", "answer-done_on": "15/4/2024"},
        follow=True,
    )
    client.force_login(field.monitor)
    closed = client.post(f"/kiem-tra/kien-nghi/{finding.pk}/", {"do": "close", "close-words": ""}, follow=True)

    assert added.status_code == 302
    assert "Đã gửi kết quả kiểm tra: 1 kiến nghị chờ đơn vị trả lời." in sent_.content.decode()
    assert "Băng rôn phai màu" in home
    assert "Đã gửi trả lời; bên kiểm tra sẽ xác nhận." in answered.content.decode()
    assert (
        "Kiến nghị đang ở tình trạng “Đã trả lời, chờ xác nhận”. Nguyễn Văn Dakha: đơn vị trả lời."
        in again.content.decode()
    )
    assert "Đã xác nhận khắc phục." in closed.content.decode()
    finding.refresh_from_db()
    assert (finding.state, finding.steps.count()) == ("closed", 2)


def test_the_pages_show_a_unit_only_what_was_found_at_its_own_places(client):
    field = make_field()
    inspection = inspect(field)
    find(field, inspection=inspection, words="Băng rôn phai màu")
    find(field, inspection=inspection, unit=field.story.other_unit, words="Cờ rách")
    services.send_inspection(inspection, by=field.monitor, now=NOW)
    shown = {}
    for name, person in (("unit", field.story.reporter), ("monitor", field.monitor)):
        client.force_login(person)
        listed = client.get("/kiem-tra/").content.decode()
        whole = client.get(f"/kiem-tra/{inspection.pk}/").content.decode()
        shown[name] = ("1 nơi" in listed, "2 nơi" in listed, "Băng rôn phai màu" in whole, "Cờ rách" in whole)

    assert shown == {"unit": (True, False, True, False), "monitor": (False, True, True, True)}


def test_what_is_being_written_down_stands_on_no_page_of_others(client):
    field = make_field()
    inspection = inspect(field)
    find(field, inspection=inspection)
    pages = ("/kiem-tra/", f"/nhiem-vu/{field.task.pk}/")
    found = {}
    for name, person in (("unit", field.story.reporter), ("office", field.story.office), ("monitor", field.monitor)):
        client.force_login(person)
        found[name] = [f'href="/kiem-tra/{inspection.pk}/"' in client.get(url).content.decode() for url in pages]

    assert found == {"unit": [False, False], "office": [False, False], "monitor": [True, True]}


def test_pictures_are_read_by_the_unit_the_inspectors_and_the_office_alone(client, picture):
    field = make_field()
    finding = find(field)
    stored = store_upload(picture("duong.jpg"), by=field.monitor, now=NOW)
    Finding.objects.filter(pk=finding.pk).update(photo=stored)
    people = (field.monitor, field.story.office, field.story.reporter, field.story.stranger)

    before = [access.may_see(user, stored) for user in people]
    services.send_inspection(finding.place.inspection, by=field.monitor, now=NOW)
    after = [access.may_see(user, stored) for user in people]

    assert (before, after) == ([True, False, False, False], [True, True, True, False])


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "Hộ bà Lan"}, "Nơi kiểm tra chỉ ghi trụ sở cơ quan và nơi công cộng"),
        ({"kind": "house"}, "Hãy chọn một lựa chọn hợp lệ"),
        ({"words": "Đã nhắc anh Hùng"}, "Kiến nghị chỉ ghi trụ sở cơ quan và nơi công cộng"),
        ({"mend_by": "14/4/2024"}, "Ngày 14/4/2024 đã qua; hãy ghi từ hôm nay (15/4/2024) trở đi."),
        ({"mend_by": "31/2/2024"}, "Không có ngày “31/2/2024” trong lịch."),
        ({"mend_by": ""}, "Có kiến nghị thì xin ghi ngày khắc phục chậm nhất."),
    ],
)
def test_a_place_typed_wrongly_is_told_in_words_and_nothing_typed_is_lost(client, typed, sentence):
    field = make_field()
    inspection = inspect(field)
    client.force_login(field.monitor)
    right = {
        "kind": "road",
        "name": "Đường Hùng Vương",
        "unit": field.story.unit.pk,
        "words": "Cờ đã cũ, cần thay",
        "mend_by": "18/4/2024",
    }

    answered = client.post(f"/kiem-tra/{inspection.pk}/them-noi/", right | typed)

    page = answered.content.decode()
    assert answered.status_code == 422
    assert sentence in page or "kind" in typed
    assert (right | typed)["words"] in page
    assert InspectedPlace.objects.count() == 0


def test_a_unit_that_does_not_carry_the_task_answers_for_no_place(client):
    field = make_field()
    inspection = inspect(field)
    client.force_login(field.monitor)
    typed = {"kind": "road", "name": "Đường Hùng Vương", "unit": make_unit("Đơn vị ngoài").pk}

    answered = client.post(f"/kiem-tra/{inspection.pk}/them-noi/", typed)

    assert "Đơn vị này không được giao nhiệm vụ; hãy chọn một đơn vị trong danh sách." in answered.content.decode()


def test_a_picture_that_is_none_is_refused_beside_its_field(client):
    field = make_field()
    finding = sent(field)
    client.force_login(field.story.reporter)
    fake = SimpleUploadedFile("sau.jpg", b"khong phai anh", content_type="image/jpeg")

    answered = client.post(
        f"/kiem-tra/kien-nghi/{finding.pk}/",
        {"do": "answer", "answer-words": "Đã thay cờ mới", "answer-done_on": "15/4/2024", "answer-photo": fake},
    )

    page = answered.content.decode()
    assert (
        answered.status_code,
        "Nội dung của tệp “sau.jpg” không đúng với đuôi" in page,
        "Đã thay cờ mới" in page,
    ) == (
        422,
        True,
        True,
    )
    assert FindingStep.objects.count() == 0


@pytest.mark.parametrize("count", [1, 300])
@pytest.mark.parametrize(
    ("path", "statements"),
    [("/kiem-tra/", 6), ("/kiem-tra/kien-nghi/", 5), ("/kiem-tra/{pk}/", 6), ("/kiem-tra/kien-nghi/{finding}/", 6)],
)
def test_a_page_costs_the_same_for_one_and_for_three_hundred(
    client, django_assert_num_queries, path, statements, count
):
    field = make_field()
    inspection = inspect(field)
    place = InspectedPlace.objects.create(inspection=inspection, kind="road", name="Đường", unit=field.story.unit)
    Finding.objects.bulk_create(
        Finding(place=place, words="Cờ cũ", mend_by=MEND_BY, recorded_by=field.monitor, recorded_at=NOW)
        for _ in range(count)
    )
    services.send_inspection(inspection, by=field.monitor, now=NOW)
    for _ in range(count - 1):
        other = Inspection(task=field.task, unit=field.monitor_unit, day=TODAY, recorded_by=field.monitor)
        other.recorded_at, other.sent_at, other.sent_by = NOW, NOW, field.monitor
        other.save()
    client.force_login(field.story.office)

    with django_assert_num_queries(statements):
        answered = client.get(path.format(pk=inspection.pk, finding=Finding.objects.first().pk))

    assert answered.status_code == 200
