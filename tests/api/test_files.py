"""Files of programs: checked like a person's, waiting a day for what names them, nothing left behind of what was refused."""

import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import close_old_connections
from django.utils import timezone

from records import partial
from records.models import AuditEvent, PartialUpload, StoredFile
from records.partial import KEPT_FOR, MOST_BYTES_AT_ONCE, clean_up
from tasks.enums import DirectiveState
from tasks.models import AssignmentProduct, SectionFile, SectionProduct, UnitReport
from tests.api.house import Program, kind, make_token, program, report_of
from tests.factories import (
    make_assignment,
    make_directive,
    make_office_user,
    make_product,
    make_reporter,
    make_task,
    make_unit,
)
from tests.records.test_uploads import docx, pdf, picture, xlsx
from units.models import ApiWrite

pytestmark = pytest.mark.django_db
PLAN = pdf("Ke hoach so 12")


@pytest.fixture(autouse=True)
def _store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def contents() -> list[Path]:
    """What lies in the store."""
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def places(answer) -> list[tuple[str, str]]:
    return [(error["pointer"], error["detail"]) for error in answer.json()["errors"]]


# --- handed in --------------------------------------------------------------------------------------------------------------


def test_a_file_waits_for_a_day_and_lies_in_no_store_until_it_is_used(asks, reporter):
    answer = asks.hand_in(PLAN)

    told = answer.json()
    waiting = PartialUpload.objects.get()
    assert (answer.status_code, told["id"], told["name"], told["size"]) == (
        201,
        waiting.pk,
        "ke-hoach.pdf",
        len(PLAN),
    )
    assert (waiting.owner, waiting.received) == (reporter, len(PLAN))
    assert (StoredFile.objects.count(), contents()) == (0, [])


def test_the_same_content_under_another_key_is_the_file_that_waits_already(asks):
    first, again = asks.hand_in(PLAN).json()["id"], asks.hand_in(PLAN).json()["id"]
    other_name, other_content = asks.hand_in(PLAN, "khac.pdf"), asks.hand_in(pdf("Khac"))

    assert again == first
    assert len({first, other_name.json()["id"], other_content.json()["id"]}) == 3


def test_a_file_that_is_handed_in_again_waits_a_day_from_then_on(asks):
    first = asks.hand_in(PLAN).json()
    PartialUpload.objects.update(touched_at=timezone.now() - timedelta(hours=23))

    again = asks.hand_in(PLAN).json()

    assert again["kept_until"] >= first["kept_until"]
    assert clean_up(now=timezone.now() + timedelta(hours=2)) == 0


def test_the_same_key_with_the_same_file_is_answered_again_whatever_stands_between_its_parts(asks):
    first = asks.hand_in(PLAN, key="tep-1")
    again = asks.hand_in(PLAN, key="tep-1")
    other = asks.hand_in(pdf("Khac"), key="tep-1")

    assert (again.status_code, again.json(), again["Idempotent-Replayed"]) == (201, first.json(), "true")
    assert kind(other) == "idempotency-key-reused"


def test_a_file_larger_than_a_part_waits_whole(asks, work):
    large = pdf("\n".join(f"dong {number}" for number in range(60_000)))
    file = asks.hand_in(large).json()["id"]

    sent = asks.post("/reports", report_of(work, files=[file]))

    stored = StoredFile.objects.get()
    assert len(large) > 2 * MOST_BYTES_AT_ONCE
    assert (sent.status_code, stored.size, stored.file.read() == large) == (201, len(large), True)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.exe", b"MZ", "Không nhận tệp “a.exe”. Chỉ nhận các loại tệp"),
        ("a.pdf", b"", "Tệp “a.pdf” trống"),
        ("a.pdf", b"PK\x03\x04", "không đúng với đuôi “.pdf”"),
        ("a.docx", docx("MẬT", "Kế hoạch"), "MẬT"),
        (
            "a.xlsx",
            xlsx(["Họ và tên", "Năm sinh", "Địa chỉ"], *([f"Nguyễn Văn {n}", 1930 + n, "Thôn 1"] for n in range(9))),
            "danh sách",
        ),
    ],
)
def test_what_a_page_refuses_is_refused_at_once_in_words(asks, name, content, words):
    answer = asks.hand_in(content, name)

    assert (answer.status_code, kind(answer)) == (422, "file-refused")
    assert words in answer.json()["detail"]
    assert (PartialUpload.objects.count(), ApiWrite.objects.count(), contents()) == (0, 0, [])


def test_a_file_above_the_limit_is_refused_in_words(asks, settings):
    settings.UPLOAD_MAX_BYTES = 300

    answer = asks.hand_in(PLAN)

    assert (answer.status_code, "vượt giới hạn" in answer.json()["detail"]) == (422, True)


@pytest.mark.parametrize("more", [{"ghi_chu": "x"}, {"file2": SimpleUploadedFile("b.pdf", PLAN)}])
def test_one_file_and_nothing_else_is_taken(asks, more):
    answer = asks.hand_in(PLAN, **more)

    assert (answer.status_code, kind(answer)) == (422, "invalid")
    assert answer.json()["detail"] == "Mỗi lần gửi đúng một tệp, ở phần “file”, và không gửi gì khác."


def test_what_is_no_form_is_refused(asks):
    assert kind(asks.post("/files", {"file": "x"})) == "media-type"
    broken = asks.client.post(
        "/api/v1/files",
        b"--x\r\nbroken",
        content_type="multipart/form-data; boundary=\x01",
        headers=asks.headers({"Idempotency-Key": "x"}),
    )
    assert (broken.status_code, broken["Content-Type"]) == (400, "application/problem+json")


def test_a_reader_s_key_hands_nothing_in():
    asks = program(make_office_user())

    assert kind(asks.hand_in(PLAN)) == "not-your-unit"


# --- named by a report ------------------------------------------------------------------------------------------------------


def test_one_file_hangs_on_all_sections_that_name_it(asks, unit, directive, work, reporter):
    other = make_assignment(make_task(directive, "1a.2"), unit)
    file = asks.hand_in(PLAN).json()["id"]
    body = report_of(work, files=[file, file])
    body["sections"].append({"assignment": other.pk, "results": "Đã làm.", "files": [file]})

    sent = asks.post("/reports", body)

    told = asks.get(f"/reports/{sent.json()['id']}").json()
    stored = StoredFile.objects.get()
    assert sent.status_code == 201
    assert [section["files"] for section in told["sections"]] == [
        [{"id": stored.pk, "name": "ke-hoach.pdf", "size": len(PLAN)}]
    ] * 2
    assert (stored.uploaded_by, stored.file.read()) == (reporter, PLAN)
    assert PartialUpload.objects.count() == 0


def test_a_paper_without_a_number_is_delivered_by_its_file(asks, work):
    delivery = AssignmentProduct.objects.create(assignment=work, product=make_product(work.task, has_paper=True))
    file = asks.hand_in(PLAN).json()["id"]
    papers = [{"delivery": delivery.pk, "file": file}]

    sent = asks.post("/reports", report_of(work, claims_completion=True, papers=papers))

    assert sent.status_code == 201
    assert SectionProduct.objects.get().file.original_name == "ke-hoach.pdf"
    told = asks.get(f"/reports/{sent.json()['id']}").json()
    assert told["sections"][0]["papers"][0]["file_name"] == "ke-hoach.pdf"


def test_of_a_report_that_is_refused_nothing_lies_in_the_store_and_the_file_waits_on(asks, work):
    file = asks.hand_in(PLAN).json()["id"]

    refused = asks.post("/reports", report_of(work, results="", files=[file]), key="mot")
    left = (StoredFile.objects.count(), SectionFile.objects.count(), contents())
    sent = asks.post("/reports", report_of(work, files=[file]), key="mot")

    assert (refused.status_code, kind(refused)) == (422, "incomplete")
    assert left == (0, 0, [])
    assert (sent.status_code, len(contents())) == (201, 1)


def test_a_file_that_does_not_wait_is_named_with_its_place(asks, work):
    file = asks.hand_in(PLAN).json()["id"]

    answer = asks.post("/reports", report_of(work, files=[file, file, 999]))

    assert (answer.status_code, kind(answer)) == (422, "invalid")
    assert places(answer) == [
        (
            "/sections/0/files/2",
            "Không có tệp 999 đang chờ: tệp đã dùng ở báo cáo trước, đã quá một ngày, hoặc của mã khác. "
            "Xin gửi lại tệp ở /files.",
        )
    ]
    assert (UnitReport.objects.count(), contents()) == (0, [])


def test_another_key_s_file_is_not_there_nor_one_that_its_holder_sends_from_a_page(asks, work, unit, reporter):
    theirs = Program(make_token(reporter, unit)[1]).hand_in(PLAN).json()["id"]
    own = partial.begin(name="a.pdf", size=3, mark="1", owner=reporter, now=timezone.now()).pk

    answers = [asks.post("/reports", report_of(work, files=[file])) for file in (theirs, own)]

    assert [answer.status_code for answer in answers] == [422, 422]


def test_a_file_is_used_once_and_gone_after_a_day(asks, work):
    used, old = asks.hand_in(PLAN).json()["id"], asks.hand_in(pdf("Cu")).json()["id"]
    asks.post("/reports", report_of(work, files=[used]))
    clean_up(now=timezone.now() + KEPT_FOR + timedelta(minutes=1))

    answers = [asks.post("/reports", report_of(work, files=[file])) for file in (used, old)]

    assert [answer.status_code for answer in answers] != [201, 201]
    assert PartialUpload.objects.count() == 0


def test_a_task_of_words_and_counts_takes_no_file_and_says_so_at_the_place(asks, unit, directive):
    work = make_assignment(make_task(directive, "1a.3", words_and_counts_only=True), unit)
    file = asks.hand_in(PLAN).json()["id"]

    answer = asks.post("/reports", report_of(work, files=[file]))

    assert places(answer) == [("/sections/0/files/0", "Mục này chỉ nhận chữ và số đếm, không nhận tệp.")]
    assert contents() == []


# --- the scan of what was signed --------------------------------------------------------------------------------------------


def test_the_signed_scan_hangs_on_the_report_and_stands_in_the_log(asks, work, reporter):
    report = asks.post("/reports", report_of(work)).json()["id"]
    scan = asks.hand_in(picture("PNG"), "ban-ky.png").json()["id"]

    answer = asks.post(f"/reports/{report}/signed", {"file": scan})

    assert (answer.status_code, answer.json()["detail"]) == (200, "Đã đính bản chụp văn bản đã ký.")
    assert UnitReport.objects.get().signed_file.original_name == "ban-ky.png"
    event = AuditEvent.objects.get(verb="report.signed_attached")
    assert (event.actor, event.data["file"]) == (reporter, "ban-ky.png")


def test_a_scan_is_a_pdf_or_a_picture(asks, work):
    report = asks.post("/reports", report_of(work)).json()["id"]
    word = asks.hand_in(docx("Báo cáo"), "bao-cao.docx").json()["id"]

    answer = asks.post(f"/reports/{report}/signed", {"file": word})

    assert places(answer) == [("/file", "Không nhận tệp “bao-cao.docx”. Chỉ nhận các loại tệp: jpeg, jpg, pdf, png.")]
    assert contents() == []


def test_no_scan_before_it_is_sent_and_none_after_the_document_has_ended(asks, work, directive):
    scan = asks.hand_in(PLAN).json()["id"]
    report = asks.post("/reports", report_of(work)).json()["id"]
    type(directive).objects.filter(pk=directive.pk).update(state=DirectiveState.CLOSED, closed_on=date(2024, 4, 15))

    answer = asks.post(f"/reports/{report}/signed", {"file": scan})

    assert (answer.status_code, kind(answer)) == (409, "state")
    assert asks.post("/reports/999/signed", {"file": scan}).status_code == 404


def test_of_another_unit_a_report_is_seen_and_takes_no_scan(asks, unit, directive):
    below = make_unit("Đảng ủy xã", parent=unit)
    work = make_assignment(make_task(directive), below)
    report = program(make_reporter(below, "xa"), below).post("/reports", report_of(work)).json()["id"]

    assert kind(asks.post(f"/reports/{report}/signed", {"file": 1})) == "not-your-unit"


# --- at the same moment -----------------------------------------------------------------------------------------------------


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_two_reports_that_name_one_file_at_once_do_not_both_get_it(asks, unit, reporter):
    works = [make_assignment(make_task(make_directive(number=str(n)), "1a"), unit) for n in (1, 2)]
    file = asks.hand_in(PLAN).json()["id"]
    secret, statuses, gate = asks.secret, [], threading.Barrier(2)

    def send(work) -> None:
        try:
            gate.wait()
            statuses.append(Program(secret).post("/reports", report_of(work, files=[file])).status_code)
        finally:
            close_old_connections()

    threads = [threading.Thread(target=send, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [201, 422]
    assert (StoredFile.objects.count(), len(contents())) == (1, 1)
