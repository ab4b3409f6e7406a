"""Requests about data: their days, who may do what, what carrying out does; the page of a person's data and the sheet."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document
from PIL import Image

from notifications.models import Message, Notice
from records.models import AuditEvent, StoredFile
from tasks.errors import Refused
from tests.factories import at
from tests.veterans.conftest import NOW, TODAY, logged_words
from units.models import Membership
from veterans.models import Consent, DataRequest, Erasure, Person, PersonScan
from veterans.protection import consents, requests, telling

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.veterans.urls")]


@pytest.fixture(autouse=True)
def _list_of_erased(settings, tmp_path):
    settings.ERASED_FILE = str(tmp_path / "erased.jsonl")
    settings.MEDIA_ROOT = tmp_path / "media"


def receive(person, kind="see", *, by, received=TODAY, now=NOW, **values):
    return requests.receive(
        person, kind=kind, asked_by="Y Mai, con gái", received_on=received, by=by, now=now, **values
    )


@pytest.mark.parametrize(
    ("kind", "received", "answer", "done"),
    [
        # 18/4/2024 is a holiday; 2 working days after Tuesday 16/4 are 17/4 and 19/4.
        ("see", "2024-04-16", "2024-04-19", "2024-04-26"),
        ("correct", "2024-04-15", "2024-04-17", "2024-04-25"),
        ("withdraw", "2024-04-15", "2024-04-17", "2024-04-30"),
        ("object", "2024-04-15", "2024-04-17", "2024-04-30"),
        # Over 29/4–01/5 (off) to 02/5 and 03/5.
        ("erase", "2024-04-26", "2024-05-03", "2024-05-16"),
        # Received on a Saturday.
        ("see", "2024-04-13", "2024-04-16", "2024-04-23"),
    ],
)
def test_the_days_of_a_request_follow_from_its_kind_and_the_calendar(add, land, kind, received, answer, done):
    found = receive(add(), kind, by=land.of_near, received=date.fromisoformat(received), now=at("2024-05-31"))
    assert (found.answer_due, found.done_due) == (date.fromisoformat(answer), date.fromisoformat(done))


def test_an_extension_is_given_once_with_a_reason_and_only_in_time(add, land):
    found = receive(add(), "withdraw", by=land.of_near)
    with pytest.raises(Refused, match="lý do gia hạn"):
        requests.extend(found, because="  ", by=land.of_near, now=NOW)
    found = requests.extend(found, because="Chờ xã trả lời", by=land.of_near, now=NOW)
    assert found.done_due == date(2024, 5, 15)
    with pytest.raises(Refused, match="gia hạn một lần"):
        requests.extend(found, because="Nữa", by=land.of_near, now=NOW)
    late = receive(add("A Hai"), by=land.of_near)
    with pytest.raises(Refused, match="Đã quá hạn"):
        requests.extend(late, because="Muộn", by=land.of_near, now=at("2024-04-26", "00:01"))


@pytest.mark.parametrize("state", ["open", "answered", "done", "refused"])
def test_what_can_be_done_in_which_state(add, land, state):
    def fresh(number):
        found = receive(add(f"A {number}", birth_year=1920 + len(number)), by=land.of_near)
        if state == "answered":
            return requests.answer(found, by=land.of_near, now=NOW)
        if state == "done":
            return requests.carry_out(found, by=land.of_near, now=NOW)
        return requests.refuse(found, reason="Sai", by=land.of_near, now=NOW) if state == "refused" else found

    acts = {
        "answer": lambda found: requests.answer(found, by=land.of_near, now=NOW),
        "extend": lambda found: requests.extend(found, because="Chờ", by=land.of_near, now=NOW),
        "carry_out": lambda found: requests.carry_out(found, by=land.of_near, now=NOW),
        "refuse": lambda found: requests.refuse(found, reason="Sai", by=land.of_near, now=NOW),
    }
    allowed = set()
    for name, act in acts.items():
        found = fresh(name)
        try:
            act(found)
        except Refused:
            continue
        allowed.add(name)
    assert (
        allowed
        == {
            "open": {"answer", "extend", "carry_out", "refuse"},
            "answered": {"extend", "carry_out", "refuse"},
            "done": set(),
            "refused": set(),
        }[state]
    )


def agree(person, purpose, given, *, by, **values):
    values = {"said_by": "Chính người đó", "way": "paper", "on": TODAY, **values}
    return consents.note(person, purpose=purpose, given=given, by=by, now=NOW, **values)


def test_the_newest_answer_counts_and_none_is_no(add, land):
    person = add()
    assert consents.agreed(person, "photo") is False
    agree(person, "photo", True, by=land.of_near)
    assert consents.agreed(person, "photo") is True
    agree(person, "photo", False, by=land.of_near)
    assert consents.agreed(person, "photo") is False
    assert Consent.objects.count() == 2


def test_a_spoken_answer_needs_a_witness_and_no_answer_is_of_tomorrow(add, land):
    person = add()
    with pytest.raises(Refused, match="người làm chứng"):
        agree(person, "keep", True, by=land.of_near, way="spoken")
    with pytest.raises(Refused, match="không được sau hôm nay"):
        agree(person, "keep", True, by=land.of_near, on=date(2024, 4, 16))
    assert Consent.objects.count() == 0


def test_a_withdrawal_takes_every_consent_back(add, land):
    person = add()
    for purpose in ("notified", "keep", "photo"):
        agree(person, purpose, True, by=land.of_near)
    agree(person, "name", False, by=land.of_near)
    requests.carry_out(receive(person, "withdraw", by=land.of_near), by=land.of_near, now=NOW)
    standing = {purpose: row.given for purpose, row in consents.standing(person).items()}
    assert standing == {"notified": True, "keep": False, "photo": False, "name": False}
    assert Consent.objects.count() == 6


def test_the_log_holds_the_kind_and_the_number_and_no_words(add, land):
    found = receive(add(), "erase", by=land.of_near, words="Tôi là Canari")
    requests.refuse(found, reason="Lý do Canari", by=land.of_near, now=NOW)
    events = AuditEvent.objects.filter(verb__startswith="person.data_").order_by("pk")
    assert [(event.verb, event.data) for event in events] == [
        ("person.data_asked", {"step": "request_erase", "request": found.pk}),
        ("person.data_refused", {"step": "request_erase", "request": found.pk}),
    ]
    assert [word for word in ("Canari", "Y Mai") if word in logged_words()] == []


# --- reminders ----------------------------------------------------------------------------------------


def test_registrars_of_the_area_are_told_once_in_the_app_without_a_name(add, land):
    found = receive(add("A Thút"), by=land.of_near)
    receive(add("A Xa", land.rokoi), by=land.of_far)
    assert telling.tell_due(at("2024-04-15", "10:00")) == 0
    assert telling.tell_due(at("2024-04-16", "07:00")) == 4
    assert telling.tell_due(at("2024-04-16", "08:00")) == 0
    told = Notice.objects.filter(target_id=found.pk).order_by("recipient__username")
    assert [(notice.recipient.username, notice.title) for notice in told] == [
        ("dakha", f"Yêu cầu về dữ liệu số {found.pk}: trả lời trước hết ngày 17/4/2024"),
        ("mttq", f"Yêu cầu về dữ liệu số {found.pk}: trả lời trước hết ngày 17/4/2024"),
    ]
    assert Message.objects.count() == 0


def test_what_is_late_is_told_as_late_from_midnight_on_and_done_is_told_no_more(add, land):
    found = receive(add(), by=land.of_near)
    telling.tell_due(at("2024-04-17", "23:59"))
    assert Notice.objects.filter(title__contains="quá hạn").count() == 0
    telling.tell_due(at("2024-04-18", "00:00"))
    assert Notice.objects.filter(title=f"Yêu cầu về dữ liệu số {found.pk}: đã quá hạn trả lời (17/4/2024)").count() == 2
    requests.carry_out(found, by=land.of_near, now=at("2024-04-18"))
    assert telling.tell_due(at("2024-04-30")) == 0


def test_nothing_open_costs_one_statement(add, land, django_assert_num_queries):
    with django_assert_num_queries(1):
        telling.tell_due(NOW)


# --- pages ----------------------------------------------------------------------------------------------


def url(name, pk=None):
    return reverse(f"veterans:{name}", args=[pk] if pk else [])


def test_the_register_lists_overdue_first_and_costs_the_same_at_1_and_30_rows(
    client, add, land, django_assert_num_queries
):
    client.force_login(land.of_province)
    late = receive(add("A Muộn"), by=land.of_near, received=date(2024, 4, 1))
    client.get(url("data_requests"))
    with django_assert_num_queries(4):
        client.get(url("data_requests"))
    for number in range(24):
        receive(add(f"A Số {number}", birth_year=1910 + number), by=land.of_near)
    with django_assert_num_queries(4):
        page = client.get(url("data_requests"))
    rows = list(page.context["page"])
    assert (rows[0], len(rows)) == (late, 25)
    assert "A Muộn" not in page.content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("of_province", 200), ("of_near", 200), ("of_far", 404), ("office", 404), ("reader", 404)]
)
def test_who_sees_a_request(client, add, land, who, status):
    found = receive(add(), by=land.of_near)
    client.force_login(getattr(land, who))
    assert client.get(url("data_request", found.pk)).status_code == status
    assert client.get(url("person_data", found.person_id)).status_code == status
    assert client.post(url("data_request_act", found.pk), {"do": "answer"}).status_code == (
        302 if status == 200 else 404
    )


def test_a_request_is_written_down_on_the_page_and_what_was_typed_is_kept(client, add, land):
    person = add()
    client.force_login(land.of_near)
    data = {
        "request-kind": "see",
        "request-asked_by": "",
        "request-words": "Xin xem",
        "request-received_on": "15/4/2024",
    }
    refused = client.post(url("request_add", person.pk), data)
    assert (refused.status_code, "Xin xem" in refused.content.decode()) == (422, True)
    done = client.post(url("request_add", person.pk), {**data, "request-asked_by": "Chính người đó"})
    assert done.headers["Location"] == url("person_data", person.pk)
    assert DataRequest.objects.get().answer_due == date(2024, 4, 17)


def test_the_second_of_two_who_close_is_told_who_was_quicker(client, add, land):
    found = receive(add(), by=land.of_near)
    client.force_login(land.of_near)
    client.post(url("data_request_act", found.pk), {"do": "done", "done-words": "Đã đưa phiếu"})
    answer = client.post(url("data_request_act", found.pk), {"do": "refuse", "refuse-words": "Không"})
    assert answer.status_code == 422
    assert "đã được người khác xử lý: đã thực hiện" in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "number", "status", "erased"),
    [
        ("of_near", "right", 403, 0),
        ("of_province", "999999", 422, 0),
        ("of_province", "", 422, 0),
        ("of_province", "right", 302, 1),
    ],
)
def test_only_the_province_erases_and_types_the_number_again(client, add, land, who, number, status, erased):
    found = receive(add(), "erase", by=land.of_near)
    client.force_login(getattr(land, who))
    typed = str(found.person_id) if number == "right" else number
    answer = client.post(url("data_request_act", found.pk), {"do": "done", "done-number": typed})
    assert (answer.status_code, Erasure.objects.count()) == (status, erased)
    assert client.get(url("data_request", found.pk)).status_code == 200
    assert client.get(url("person_detail", found.person_id)).status_code == 200
    assert (Person.objects.get(pk=found.person_id).erased_at is not None) == bool(erased)


def photo() -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(buffer, "PNG")
    return SimpleUploadedFile("CCCD ong Canari.png", buffer.getvalue())


@pytest.fixture
def scan(client, add, land):
    person = add()
    client.force_login(land.of_near)
    client.post(url("scan_add", person.pk), {"scan-kind": "identity", "scan-category": "", "scan-file": photo()})
    return PersonScan.objects.get()


def test_a_scan_is_sealed_and_opened_with_a_purpose_and_one_log_row(client, scan):
    address = url("scan_open", scan.person_id)
    with scan.file.file.storage.open(scan.file.file.name) as content:
        assert content.read(4) != b"\x89PNG"
    refused = client.post(address, {"scan": scan.pk, "purpose-purpose": ""})
    shown = client.post(address, {"scan": scan.pk, "purpose-purpose": "check"})
    assert refused.status_code == 422
    assert b"".join(shown.streaming_content).startswith(b"\x89PNG")
    event = AuditEvent.objects.get(verb="person.scan_read")
    assert event.data == {"step": "scan_identity", "purpose": "check"}
    assert "Canari" not in logged_words()


def test_a_scan_is_not_reached_by_its_file_number_or_without_the_right(client, scan, land):
    assert client.get(f"/tep/{scan.file_id}/").status_code == 404
    Membership.objects.filter(user=land.of_near).update(may_read_sensitive=False)
    assert (
        client.post(url("scan_open", scan.person_id), {"scan": scan.pk, "purpose-purpose": "check"}).status_code == 403
    )


def test_a_scan_of_somebody_else_is_404_whatever_person_stands_in_the_address(client, scan, add, land):
    other = add("A Khác", land.hamon)
    for number in (scan.pk, "0", "x", "9" * 30, "٣"):
        answer = client.post(url("scan_open", other.pk), {"scan": number, "purpose-purpose": "check"})
        assert answer.status_code == 404


def test_a_removed_scan_is_gone_with_its_file(client, scan, django_capture_on_commit_callbacks):
    name, storage = scan.file.file.name, scan.file.file.storage
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("scan_remove", scan.person_id), {"scan": scan.pk})
    assert (PersonScan.objects.count(), StoredFile.objects.count(), storage.exists(name)) == (0, 0, False)


def test_a_scan_of_another_kind_is_refused_with_the_file_named(client, add, land):
    person = add()
    client.force_login(land.of_near)
    wrong = {"scan-kind": "identity", "scan-file": SimpleUploadedFile("a.png", b"no picture")}
    answer = client.post(url("scan_add", person.pk), wrong)
    assert (answer.status_code, "không đúng với đuôi" in answer.content.decode()) == (422, True)
    assert StoredFile.objects.count() == 0


SECRETS = {"id_number": "062030000123", "relative_contact": "Y Mai, con gái", "health": "limited"}


@pytest.mark.parametrize("form", ["page", "docx"])
def test_the_sheet_holds_everything_and_is_logged_with_its_purpose(client, add, land, form):
    person = add(hamlet="Thôn Kon Proh", **SECRETS)
    client.force_login(land.of_near)
    answer = client.post(url("person_sheet", person.pk), {"sheet-purpose": "asked", "as": form})
    text = answer.content.decode() if form == "page" else _words_of(answer.content)
    wanted = (
        "A Thút",
        "Thôn Kon Proh",
        "062030000123",
        "Y Mai, con gái",
        "Đi lại hạn chế",
        "DC-01",
        "ập hồ sơ",
    )
    assert [word for word in wanted if word not in text] == []
    assert "mục đích: trả lời yêu cầu của chính người được ghi" in text.lower()
    event = AuditEvent.objects.get(verb="person.sheet_read")
    assert event.data == {"fields": ["id_number", "health", "relative_contact"], "purpose": "asked"}
    assert "no-store" in answer.headers["Cache-Control"]


def _words_of(content: bytes) -> str:
    paper = Document(io.BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in paper.paragraphs), *cells])


@pytest.mark.parametrize("data", [{}, {"sheet-purpose": "x"}])
def test_without_a_purpose_there_is_no_sheet(client, add, land, data):
    person = add(**SECRETS)
    client.force_login(land.of_near)
    answer = client.post(url("person_sheet", person.pk), data)
    assert (answer.status_code, "062030000123" in answer.content.decode()) == (422, False)
    assert AuditEvent.objects.filter(verb="person.sheet_read").count() == 0


def test_the_sheet_needs_the_further_right(client, add, land):
    person = add("A Xa", land.rokoi, **SECRETS)
    client.force_login(land.of_far)
    assert client.post(url("person_sheet", person.pk), {"sheet-purpose": "asked"}).status_code == 403


def test_the_notice_to_print_names_rights_and_days(client, add, land):
    person = add()
    client.force_login(land.of_near)
    page = client.get(url("person_notice", person.pk)).content.decode()
    assert [words in page for words in ("2 ngày làm việc", "Nghị định 356/2025", "A Thút", "Người làm chứng")] == [
        True
    ] * 4


def test_the_register_lists_the_own_areas_only(client, add, land):
    near, far = receive(add(), by=land.of_near), receive(add("A Xa", land.rokoi), by=land.of_far)
    for who, rows in (("of_near", [near]), ("of_far", [far]), ("of_province", [near, far])):
        client.force_login(getattr(land, who))
        assert list(client.get(url("data_requests")).context["page"]) == rows
