"""Stored files go only to whom a room allows; long work is a row that tells how far it is."""

import io
from datetime import date

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection
from kombu.exceptions import OperationalError
from openpyxl import load_workbook

from directive_tracker import clock
from records import jobs_runner
from records.access import register
from records.models import Job, StoredFile
from records.results import keep_file
from tasks.exports.xlsx import matrix_workbook
from tasks.jobs import export_matrix
from tasks.matrix import build_matrix
from tasks.models import Assignment, CitedDocument, ReportRound, SectionFile
from tests.factories import at, make_assignment, make_directive, make_office_user, make_reporter, make_task, make_user
from tests.tasks.figures import NOW, TODAY, make_house
from tests.tasks.story import make_story, send, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday(monkeypatch, tmp_path):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)


def a_file(name="ke-hoach.pdf", *, by=None, content=b"%PDF-1.7 thu", content_type="application/pdf") -> StoredFile:
    return keep_file(content, name, content_type, by=by, now=NOW)


def status(client, user, stored) -> int:
    client.force_login(user)
    return client.get(f"/tep/{stored.pk}/").status_code


# ---- files -------------------------------------------------------------------------------------


def test_a_file_no_room_knows_is_seen_by_nobody(client):
    story = make_story()
    stored = a_file(by=story.reporter)

    assert [status(client, user, stored) for user in (story.office, story.reporter)] == [404, 404]


def test_a_file_of_a_draft_is_the_units_own_then_its_readers(client):
    story = make_story(state="in_progress")
    stored = a_file(by=story.reporter)
    report = write(story, moment=NOW, claims_completion=False)
    section = report.sections.get()
    SectionFile.objects.create(section=section, file=stored)
    people = (story.reporter, story.office, story.stranger)

    assert [status(client, user, stored) for user in people] == [200, 404, 404]

    send(story, day="2024-04-15")
    assert [status(client, user, stored) for user in people] == [200, 200, 404]


def test_a_papers_file_stays_readable_after_the_unit_replaced_it(client):
    story = make_story(state="in_progress")
    stored = a_file(by=story.reporter)
    section = send(story, results="Đã ban hành kế hoạch")
    sent = section.rounds.get()
    ReportRound.objects.create(
        section=section,
        number=2,
        submitted_by=sent.submitted_by,
        submitted_at=sent.submitted_at,
        submitted_on=sent.submitted_on,
        content={**sent.content, "products": [{"file": stored.pk}]},
    )

    assert [status(client, user, stored) for user in (story.office, story.stranger)] == [200, 404]


def test_the_file_of_a_cited_document_is_for_everybody_with_work(client):
    story = make_story()
    stored = a_file(by=story.office)
    CitedDocument.objects.create(directive=story.directive, number="135-HD/BTGTW", file=stored)
    hidden = a_file(by=story.office)
    CitedDocument.objects.create(directive=make_directive(state="draft"), number="1", file=hidden)
    people = (story.office, story.reporter, make_user("khongvai"))

    assert [status(client, user, stored) for user in people] == [200, 200, 404]
    assert [status(client, user, hidden) for user in people] == [200, 404, 404]


@pytest.mark.parametrize(
    ("name", "content_type", "disposition", "shown_as"),
    [
        ("kế hoạch.pdf", "application/pdf", "inline", "application/pdf"),
        ("anh.PNG", "image/png", "inline", "image/png"),
        ("anh.jpeg", "image/jpeg", "inline", "image/jpeg"),
        ("trang.html", "text/html", "attachment", "application/octet-stream"),
        ("hinh.svg", "image/svg+xml", "attachment", "application/octet-stream"),
        ("bang.xlsx", "application/pdf", "attachment", "application/octet-stream"),
    ],
)
def test_only_pdf_and_photos_are_shown_everything_else_is_handed_over(
    client, name, content_type, disposition, shown_as
):
    story = make_story()
    stored = a_file(name, content_type=content_type)
    CitedDocument.objects.create(directive=story.directive, number="1", file=stored)
    client.force_login(story.office)

    answer = client.get(f"/tep/{stored.pk}/")

    assert answer.headers["Content-Disposition"].startswith(disposition)
    assert answer.headers["Content-Type"] == shown_as
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_file_lost_from_the_disk_is_404(client):
    story = make_story()
    stored = a_file()
    CitedDocument.objects.create(directive=story.directive, number="1", file=stored)
    stored.file.storage.delete(stored.file.name)

    assert status(client, story.office, stored) == 404


def test_strangers_are_asked_to_sign_in(client):
    assert client.get(f"/tep/{a_file().pk}/").headers["Location"].startswith("/accounts/login/")


def test_a_room_answers_once():
    with pytest.raises(ValueError, match="registered twice"):
        register("tasks", lambda user, stored: True)


# ---- jobs --------------------------------------------------------------------------------------


def ask_for_the_matrix(client, house, user) -> Job:
    client.force_login(user)
    answer = client.post(f"/ma-tran/{house.directive.pk}/xuat/")
    job = Job.objects.latest("pk")
    assert answer.headers["Location"] == f"/viec-nen/{job.pk}/"
    return job


def test_the_matrix_is_written_by_a_job_and_downloaded_by_its_owner_only(client):
    house = make_house(units=2, tasks=2)
    job = ask_for_the_matrix(client, house, house.reader)
    assert "Đang chờ" in client.get(f"/viec-nen/{job.pk}/").content.decode()

    export_matrix(job.pk)

    job.refresh_from_db()
    assert (job.state, job.percent, job.result_file.original_name) == (
        "done",
        100,
        "nhiem-vu-don-vi-70-nam-dien-bien-phu-20240415.xlsx",
    )
    page = client.get(f"/viec-nen/{job.pk}/").content.decode()
    assert f'href="/tep/{job.result_file_id}/"' in page
    content = b"".join(client.get(f"/tep/{job.result_file_id}/").streaming_content)
    assert load_workbook(io.BytesIO(content)).sheetnames == ["Nhiệm vụ × đơn vị", "Danh sách"]
    assert status(client, house.office, job.result_file) == 404
    assert client.get(f"/viec-nen/{job.pk}/").status_code == 404
    assert client.post(f"/viec-nen/{job.pk}/huy/").status_code == 404


def test_a_job_runs_once_however_often_it_is_rung_for(client):
    house = make_house()
    job = ask_for_the_matrix(client, house, house.office)

    export_matrix(job.pk)
    export_matrix(job.pk)

    assert StoredFile.objects.count() == 1


def test_a_lost_bell_is_answered_by_the_tick_after_a_minute(client, monkeypatch, django_capture_on_commit_callbacks):
    def away(*args, **kwargs):
        raise OperationalError("no broker")

    monkeypatch.setattr(current_app._get_current_object(), "send_task", away)
    house = make_house()
    with django_capture_on_commit_callbacks(execute=True):
        job = ask_for_the_matrix(client, house, house.office)

    assert jobs_runner.run_waiting(at("2024-04-15", "08:00:59")) == 0
    assert jobs_runner.run_waiting(at("2024-04-15", "08:01:01")) == 1

    job.refresh_from_db()
    assert job.state == "done"


def test_a_queued_job_is_cancelled_at_once_and_never_runs(client):
    house = make_house()
    job = ask_for_the_matrix(client, house, house.office)

    page = client.post(f"/viec-nen/{job.pk}/huy/", follow=True).content.decode()
    export_matrix(job.pk)

    job.refresh_from_db()
    assert ("Đã hủy" in page, job.state, StoredFile.objects.count()) == (True, "cancelled", 0)
    again = client.post(f"/viec-nen/{job.pk}/huy/", follow=True).content.decode()
    assert "Việc đã kết thúc, không còn gì để hủy." in again


def test_a_running_job_stops_at_its_next_step():
    seen = []

    def work(job, progress, now):
        progress.step(1, 10)
        jobs_runner.cancel(job, now=now)
        seen.append(job.pk)
        progress.step(2, 10)
        seen.append("went on")

    jobs_runner.register("thu", work, bell="thu")
    job = jobs_runner.start("thu", title="Thử", arguments={}, by=make_office_user(), now=NOW)

    jobs_runner.run(job.pk, now=NOW)

    job.refresh_from_db()
    assert (seen, job.state, job.message) == ([job.pk], "cancelled", "Đã hủy theo yêu cầu.")


def test_an_error_is_written_on_the_job_and_goes_on_to_the_log():
    def work(job, progress, now):
        raise ZeroDivisionError

    jobs_runner.register("thu", work, bell="thu")
    job = jobs_runner.start("thu", title="Thử", arguments={}, by=make_office_user(), now=NOW)

    with pytest.raises(ZeroDivisionError):
        jobs_runner.run(job.pk, now=NOW)

    job.refresh_from_db()
    assert (job.state, job.message.startswith("Không làm xong được."), job.finished_at) == ("failed", True, NOW)


def test_an_abandoned_job_says_it_was_interrupted():
    job = Job.objects.create(
        kind="matrix_xlsx",
        title="Xuất",
        state="running",
        started_by=make_office_user(),
        created_at=at("2024-04-15", "07:00"),
        started_at=at("2024-04-15", "07:30"),
    )

    jobs_runner.run_waiting(NOW)

    job.refresh_from_db()
    assert (job.state, job.message) == ("failed", "Việc bị dừng giữa chừng. Xin yêu cầu lại.")


# ---- the workbook ------------------------------------------------------------------------------


def book_of(house, **values):
    matrix = build_matrix(house.directive, house.office, today=TODAY)
    rows = list(Assignment.objects.for_listing().order_by("task__order", "unit__sort_order"))
    content = matrix_workbook(matrix, rows, **{"as_of": NOW, "demo": True, **values})
    return load_workbook(io.BytesIO(content))


def test_the_sheet_reads_like_the_screen():
    house = make_house(units=2)
    make_assignment(make_task(house.directive, "2", short_title="Cầu truyền hình"), house.units[1], state="completed")

    sheet, lines = book_of(house).worksheets

    assert [[cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows()] == [
        ["DỮ LIỆU THỬ – SỐ LIỆU GIẢ ĐỊNH"],
        ["Nhiệm vụ × đơn vị – 70 năm Điện Biên Phủ"],
        ["Số liệu đến 08:00 15/4/2024"],
        ["Mã", "Nhiệm vụ", "Xong", "Huyện ủy Số 0", "Huyện ủy Số 1"],
        ["Văn bản triển khai", "0/2", "… Đang làm, quá hạn 46 ngày", "… Đang làm, quá hạn 46 ngày"],
        [
            "1a.1",
            "Tuyên truyền về Chiến thắng Điện Biên Phủ (1a.1)",
            "0/2",
            "… Đang làm, quá hạn 3 ngày",
            "… Đang làm, quá hạn 3 ngày",
        ],
        ["2", "Tuyên truyền về Chiến thắng Điện Biên Phủ (2)", "1/1", "–", "✓ Xong"],
    ]
    assert [cell.value for cell in lines[5]][:6] == [
        "1a.1",
        "Tuyên truyền về Chiến thắng Điện Biên Phủ (1a.1)",
        "Huyện ủy Số 0",
        "Chủ trì",
        "Đang làm",
        lines[5][5].value,
    ]
    assert lines[5][6].value.date() == date(2024, 4, 12)


def test_outside_the_demo_the_first_line_is_the_title():
    sheet = book_of(make_house(), demo=False).worksheets[0]

    assert sheet["A1"].value == "Nhiệm vụ × đơn vị – 70 năm Điện Biên Phủ"


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\tx"])
def test_what_looks_like_a_formula_stays_text(name):
    house = make_house()
    task = house.tasks[0]
    task.title, task.short_title = name, name
    type(task).objects.filter(pk=task.pk).update(title=name)

    cell = book_of(house).worksheets[0]["B6"]

    assert (cell.value, cell.data_type, bool(cell.quotePrefix)) == (name, "s", True)


def test_signs_a_sheet_may_not_hold_are_left_out():
    house = make_house()
    type(house.tasks[0]).objects.update(title="Kế\x0b hoạch")

    assert book_of(house).worksheets[0]["B6"].value == "Kế hoạch"


def test_a_units_export_holds_only_its_own(client):
    house = make_house(units=2)
    job = ask_for_the_matrix(client, house, make_reporter(house.units[1]))

    export_matrix(job.pk)

    job.refresh_from_db()
    lines = load_workbook(job.result_file.file.open("rb")).worksheets[1]
    assert {row[2].value for row in lines.iter_rows(min_row=4)} == {"Huyện ủy Số 1"}


@pytest.mark.pg
def test_the_minutes_round_finds_what_waits_by_its_index_among_all_that_was_done():
    done = {
        "kind": "records.sheet",
        "state": "done",
        "finished_at": NOW,
        "created_at": NOW,
        "started_by": make_user("an"),
    }
    Job.objects.bulk_create(Job(title=f"Việc {number}", **done) for number in range(3000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE records_job")

    plan = Job.objects.filter(state="queued", created_at__lt=NOW).order_by("pk").explain()

    assert "job_open" in plan
