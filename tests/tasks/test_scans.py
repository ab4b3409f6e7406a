"""Scans: kept sealed while they are read, recorded with a mark, gone when they are secret, stopped or unreadable."""

import hashlib
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from directive_tracker import clock
from records import jobs_runner
from records.models import AuditEvent, Job, StoredFile
from records.ocr.pictures import DRAWING_SECONDS
from records.ocr.reading import PAGE_SECONDS, STAMP_SECONDS
from records.uploads import SecretDocumentRefused, UploadRefused
from tasks.models import Directive, DirectiveText, ScanPage, ScanReading
from tasks.passages import passages_of
from tasks.scanning import reading as scan_reading
from tasks.scanning import starting
from tasks.scanning.starting import GIVEN_UP, forget_old, go_on
from tasks.scanning.taking import take
from tasks.sources import NotRead, document_of, read_document
from tests import drawn, services
from tests.factories import ZONE, make_office, make_office_user, make_reporter, make_unit
from tests.matrix.rows import pdf

pytestmark = pytest.mark.django_db

NOW = datetime(2024, 4, 15, 8, 0, tzinfo=ZONE)
WORDS = "Sở Xây dựng chủ trì, phối hợp với Sở Tài chính lập dự toán trước ngày"


@pytest.fixture(autouse=True)
def _place(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    settings.MEDIA_ROOT = tmp_path / "media"
    make_office()


@pytest.fixture
def office():
    return make_office_user()


@pytest.fixture
def tools():
    return services.reading_tools()


@pytest.fixture
def no_tools(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))


def begun(data: bytes, by, name: str = "ban-quet.pdf") -> ScanReading:
    """A scan that waits for its job."""
    taken = take(data, name, by=by, now=NOW)
    assert taken.reading is not None
    return taken.reading


def read(reading: ScanReading) -> ScanReading:
    """The scan after its job has run."""
    reading.refresh_from_db()
    jobs_runner.run(reading.job_id, now=NOW)
    reading.refresh_from_db()
    return reading


def stored_bytes(settings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


# --- from the scan to the draft -----------------------------------------------------------------------


def test_a_scan_is_kept_sealed_read_and_recorded_with_its_mark(tools, office, settings):
    data = drawn.scanned_pdf(drawn.page(), drawn.page(("3. Các huyện ủy báo cáo kết quả trước ngày 15/5/2025.",)))

    reading = begun(data, office)
    kept = reading.file

    assert (reading.state, reading.pages, kept.is_sealed) == ("reading", 2, True)
    assert data not in [path.read_bytes() for path in stored_bytes(settings)]

    read(reading)
    text = reading.directive.current_text

    assert (reading.state, reading.job.state, reading.file, reading.name) == ("done", "done", None, "ban-quet.pdf")
    assert WORDS in text.body
    assert "Các huyện ủy báo cáo kết quả trước ngày 15/5/2025." in text.body
    assert (text.read_by, text.read_with, text.read_pages) == ("picture", tools.version, "")
    assert text.reading_words == "Đọc từ ảnh, cần soát"
    assert text.source_sha256 == hashlib.sha256(data).hexdigest()
    assert text.source_file.sha256 == text.source_sha256
    assert [path.read_bytes() for path in stored_bytes(settings)] == [data]
    assert list(ScanPage.objects.all()) == []


def test_a_photo_of_a_page_is_read_as_well(tools, office):
    reading = read(begun(drawn.jpg(drawn.page()), office, "trang.jpg"))

    assert (reading.state, WORDS in reading.directive.current_text.body) == ("done", True)
    assert reading.directive.current_text.source_file.extension == ".jpg"


def test_of_a_mixed_file_only_the_scanned_pages_are_read(tools, office):
    data = drawn.mixed_pdf("Ke hoach trong cay ven duong nam 2025 cua tinh", drawn.page())

    reading = read(begun(data, office))
    text = reading.directive.current_text

    assert reading.pages == 1
    assert text.body.startswith("Ke hoach trong cay ven duong nam 2025 cua tinh")
    assert WORDS in text.body
    assert text.reading_words == "Trang 2 đọc từ ảnh, cần soát"


def test_words_a_scanner_laid_under_its_picture_are_marked_too():
    checked = read_document(SimpleUploadedFile("a.pdf", pdf("Ke hoach")))
    page = checked.file.content.pages[0]._replace(text="Ke hoach trong cay. " * 20, is_scan=True)
    content = checked.file.content
    content.pages[0], content.text = page, page.text

    document = document_of(checked.file)

    assert (document.read_by, document.read_with) == ("picture", "máy quét")


def test_the_same_scan_twice_is_one_reading_and_afterwards_one_document(tools, office):
    data = drawn.scanned_pdf(drawn.page())
    first, second = take(data, "a.pdf", by=office, now=NOW), take(data, "b.pdf", by=office, now=NOW)
    assert (first.reading, first.created, second.reading, second.created) == (first.reading, True, first.reading, False)

    reading = read(first.reading)
    third = take(data, "c.pdf", by=office, now=NOW)

    assert (third.directive, third.reading, third.created) == (reading.directive, None, False)
    assert (StoredFile.objects.count(), Directive.objects.count()) == (1, 1)


def test_a_file_with_words_is_recorded_at_once(office):
    taken = take("1. Sở Y tế báo cáo.".encode(), "a.txt", by=office, now=NOW)

    assert (taken.created, taken.reading, taken.directive.current_text.read_by) == (True, None, "file")


# --- secret papers --------------------------------------------------------------------------------------


def everything_kept(settings) -> str:
    """All rows of the tables that could hold a trace, and all files."""
    traces = [
        str(row)
        for model in (Job, StoredFile, ScanReading, ScanPage, Directive, DirectiveText, AuditEvent)
        for row in model.objects.values()
    ]
    return "\n".join([*traces, *(path.name for path in stored_bytes(settings))])


@pytest.mark.parametrize("angle", [0, 7])
def test_a_scan_with_a_mark_is_gone_with_all_its_traces(tools, office, settings, angle):
    data = drawn.scanned_pdf(drawn.page(mark="MẬT", angle=angle))

    reading = begun(data, office, "ten-tep-lo-bi-mat.pdf")
    with TestCase.captureOnCommitCallbacks(execute=True):
        read(reading)

    kept = everything_kept(settings)
    assert (reading.state, reading.name, reading.sha256, reading.file) == ("secret", "", "", None)
    assert (StoredFile.objects.count(), ScanPage.objects.count(), Directive.objects.count()) == (0, 0, 0)
    assert stored_bytes(settings) == []
    for trace in ("lo-bi-mat", "trồng cây", hashlib.sha256(data).hexdigest()):
        assert trace not in kept
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", "target_label")) == [
        ("scan.begun", f"Bản quét số {reading.pk}"),
        ("scan.secret", f"Bản quét số {reading.pk}"),
    ]
    assert reading.words.startswith("Khi đọc ảnh thấy văn bản có dấu mật. Tệp và mọi phần đã đọc đã được xóa")


def test_a_mark_on_a_later_page_takes_everything_away_as_well(tools, office, settings):
    data = drawn.scanned_pdf(drawn.page(), drawn.page(mark="TỐI MẬT"))

    # Nothing is committed here: the bytes are gone before the rows say so.
    reading = read(begun(data, office))

    assert (reading.state, ScanPage.objects.count(), stored_bytes(settings)) == ("secret", 0, [])


def test_a_mark_in_the_text_layer_is_refused_before_anything_is_stored(office, settings):
    data = drawn.mixed_pdf("MAT", drawn.page())

    with pytest.raises(SecretDocumentRefused):
        take(data, "a.pdf", by=office, now=NOW)

    assert (ScanReading.objects.count(), stored_bytes(settings)) == (0, [])


# --- stopped, killed, unreadable -----------------------------------------------------------------------


def test_a_scan_that_is_stopped_leaves_no_file(tools, office, settings, client):
    reading = begun(drawn.scanned_pdf(drawn.page()), office)
    client.force_login(office)

    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(reverse("tasks:scan_stop", args=[reading.pk]))
    read(reading)

    assert (reading.state, reading.job.state, stored_bytes(settings)) == ("stopped", "cancelled", [])


def test_a_scan_stopped_while_it_is_read_is_not_recorded(tools, office, settings, monkeypatch):
    reading = begun(drawn.scanned_pdf(drawn.page(), drawn.page()), office)
    whole = scan_reading.read_page

    def stopped_meanwhile(picture, programs):
        jobs_runner.cancel(Job.objects.get(), now=NOW)
        return whole(picture, programs)

    monkeypatch.setattr(scan_reading, "read_page", stopped_meanwhile)
    read(reading)

    assert (reading.state, reading.job.state, Directive.objects.count()) == ("stopped", "cancelled", 0)


def killed(reading: ScanReading, monkeypatch, *, after: int) -> None:
    """The worker is gone after so many pages: nothing it would have cleaned up is cleaned up."""

    class Killed(BaseException):
        pass

    whole, count = scan_reading.read_page, []

    def die(picture, programs):
        count.append(1)
        if len(count) > after:
            raise Killed
        return whole(picture, programs)

    reading.refresh_from_db()
    with monkeypatch.context() as patch:
        patch.setattr(scan_reading, "read_page", die)
        with pytest.raises(Killed):
            jobs_runner.run(reading.job_id, now=NOW)
    Job.objects.filter(pk=reading.job_id).update(state="running", finished_at=None)
    ScanReading.objects.filter(pk=reading.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_what_a_killed_worker_had_read_is_not_read_again(tools, office, monkeypatch):
    reading = begun(drawn.scanned_pdf(*(drawn.page((f"Trang số {word}.",)) for word in ("một", "hai", "ba"))), office)
    killed(reading, monkeypatch, after=2)
    pages = []
    whole = scan_reading.read_page
    monkeypatch.setattr(scan_reading, "read_page", lambda *given: pages.append(1) or whole(*given))

    assert go_on(now=NOW) == 1
    read(reading)

    assert (reading.state, len(pages)) == ("done", 1)
    assert [f"Trang số {word}" in reading.directive.current_text.body for word in ("một", "hai", "ba")] == [True] * 3
    assert sorted(Job.objects.values_list("state", flat=True)) == ["done", "failed"]


def test_a_page_that_kills_its_worker_each_time_is_given_up(tools, office, settings, monkeypatch):
    reading = begun(drawn.scanned_pdf(drawn.page()), office)
    went_on = []
    for _ in range(4):
        killed(reading, monkeypatch, after=0)
        with TestCase.captureOnCommitCallbacks(execute=True):
            went_on.append(go_on(now=NOW))
    reading.refresh_from_db()

    assert (went_on, reading.state, reading.words) == ([1, 1, 1, 0], "failed", GIVEN_UP)
    assert stored_bytes(settings) == []


def test_a_worker_that_comes_back_late_changes_nothing(tools, office, monkeypatch):
    reading = begun(drawn.scanned_pdf(drawn.page()), office)
    killed(reading, monkeypatch, after=0)
    old = reading.job_id
    go_on(now=NOW)

    Job.objects.filter(pk=old).update(state="queued", finished_at=None)
    jobs_runner.run(old, now=NOW)
    reading.refresh_from_db()

    assert (reading.state, ScanPage.objects.count()) == ("reading", 0)


def test_a_scan_in_good_hands_is_left_alone(tools, office):
    reading = begun(drawn.scanned_pdf(drawn.page()), office)
    Job.objects.update(state="running", started_at=NOW)

    assert go_on(now=NOW) == 0
    assert ScanReading.objects.get(pk=reading.pk).attempts == 1


def test_a_job_stopped_on_its_own_page_ends_the_scan(tools, office, settings):
    reading = begun(drawn.scanned_pdf(drawn.page()), office)
    reading.refresh_from_db()
    jobs_runner.cancel(reading.job, now=NOW)
    ScanReading.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    with TestCase.captureOnCommitCallbacks(execute=True):
        assert go_on(now=NOW) == 0
    reading.refresh_from_db()

    assert (reading.state, stored_bytes(settings)) == ("stopped", [])


def test_a_page_in_the_middle_that_cannot_be_read_is_named_in_the_text(tools, office, monkeypatch):
    reading = begun(drawn.scanned_pdf(drawn.page(), drawn.page()), office)
    whole, count = scan_reading.read_page, []

    def second_fails(picture, programs):
        count.append(1)
        if len(count) == 2:
            raise scan_reading.CannotRead("tesseract took more than 60 s")
        return whole(picture, programs)

    monkeypatch.setattr(scan_reading, "read_page", second_fails)
    read(reading)

    assert "[Trang 2: không đọc được chữ từ ảnh]" in reading.directive.current_text.body


def test_a_first_page_that_cannot_be_read_cannot_be_guarded_and_is_refused(tools, office, settings, monkeypatch):
    def fails(*given):
        raise scan_reading.CannotRead("draw.py ended with 1")

    monkeypatch.setattr(scan_reading, "page_picture", fails)
    with TestCase.captureOnCommitCallbacks(execute=True):
        reading = read(begun(drawn.scanned_pdf(drawn.page()), office))

    assert (reading.state, reading.words, stored_bytes(settings)) == ("failed", scan_reading.FIRST_PAGE, [])


def test_a_person_who_lost_the_right_meanwhile_records_nothing(tools, office):
    reading = begun(drawn.scanned_pdf(drawn.page()), office)
    office.memberships.update(valid_to=date(2024, 4, 1))

    read(reading)

    assert (reading.state, reading.words, Directive.objects.count()) == ("failed", scan_reading.NO_RIGHT, 0)


def test_a_file_that_is_gone_is_said(tools, office, settings):
    reading = begun(drawn.scanned_pdf(drawn.page()), office)
    for path in stored_bytes(settings):
        path.unlink()

    read(reading)

    assert (reading.state, reading.words) == ("failed", scan_reading.GONE)


def test_what_became_of_scans_is_forgotten_after_a_week(tools, office):
    reading = read(begun(drawn.scanned_pdf(drawn.page()), office))

    assert forget_old(now=NOW + timedelta(days=6)) == 0
    assert forget_old(now=NOW + timedelta(days=8)) == 1
    assert Directive.objects.filter(pk=reading.directive_id).exists()


# --- without the programs --------------------------------------------------------------------------------


def test_without_the_programs_a_scan_is_refused_and_says_what_to_do(office, no_tools):
    with pytest.raises(NotRead) as refusal:
        take(drawn.scanned_pdf(drawn.page()), "a.pdf", by=office, now=NOW)

    assert str(refusal.value) == (
        "Tệp “a.pdf” là bản quét, máy chủ chưa đọc được chữ từ ảnh. Hãy gửi tệp có chữ (Word, hoặc PDF xuất từ Word), "
        "hoặc nhờ quản trị cài tesseract-ocr, tesseract-ocr-vie trên máy chủ."
    )


def test_without_the_programs_the_words_of_a_mixed_file_are_recorded_and_what_is_missing_is_said(office, no_tools):
    data = drawn.mixed_pdf("Ke hoach trong cay ven duong nam 2025 cua tinh", drawn.page())

    text = take(data, "a.pdf", by=office, now=NOW).directive.current_text

    assert text.body == "Ke hoach trong cay ven duong nam 2025 cua tinh"
    assert (text.read_by, text.reading_words) == ("part", "Chưa đọc hết: trang 2 là ảnh")


def test_more_pages_than_can_be_read_are_refused(tools, office, monkeypatch):
    monkeypatch.setattr("tasks.scanning.taking.MOST_PAGES", 1)

    with pytest.raises(UploadRefused) as refusal:
        take(drawn.scanned_pdf(drawn.page(), drawn.page()), "a.pdf", by=office, now=NOW)

    assert "có 2 trang là ảnh; mỗi lần chỉ đọc được 1 trang." in str(refusal.value)


# --- the pages --------------------------------------------------------------------------------------------


def test_from_the_form_one_comes_to_the_page_of_the_scan_and_from_there_to_the_document(tools, office, client):
    client.force_login(office)
    upload = SimpleUploadedFile("a.pdf", drawn.scanned_pdf(drawn.page()))

    answer = client.post(reverse("tasks:directive_new"), {"file": upload, "not_secret": "on"})
    reading = ScanReading.objects.get()
    waiting = client.get(answer["Location"]).content.decode()
    read(reading)
    done = client.get(answer["Location"], headers={"HX-Request": "true"}).content.decode()
    document = client.get(reading.directive.get_absolute_url()).content.decode()

    assert answer["Location"] == reverse("tasks:scan", args=[reading.pk])
    assert "Đang chờ đọc" in waiting
    assert "Đã đọc xong 1 trang và ghi văn bản." in done
    assert "<html" not in done
    assert "Đọc từ ảnh, cần soát" in document
    assert f"Đọc bằng {tools.version}." in document


def test_a_refused_scan_is_said_at_the_field(office, client, no_tools):
    client.force_login(office)
    upload = SimpleUploadedFile("a.png", drawn.png(drawn.page()))

    answer = client.post(reverse("tasks:directive_new"), {"file": upload, "not_secret": "on"})

    assert answer.status_code == 422
    assert "máy chủ chưa đọc được chữ từ ảnh" in answer.content.decode()


def test_units_know_of_no_scans(tools, office, client):
    reading = begun(drawn.scanned_pdf(drawn.page()), office)
    client.force_login(make_reporter(make_unit()))

    assert client.get(reverse("tasks:scan", args=[reading.pk])).status_code == 403
    assert client.post(reverse("tasks:scan_stop", args=[reading.pk])).status_code == 403
    assert list(ScanReading.objects.visible_to(make_reporter(make_unit("Huyện ủy B")))) == []


def test_stopping_what_has_ended_is_said(tools, office, client):
    reading = read(begun(drawn.scanned_pdf(drawn.page()), office))
    client.force_login(office)

    page = client.post(reverse("tasks:scan_stop", args=[reading.pk]), follow=True).content.decode()

    assert "Việc đọc bản quét này đã kết thúc trước đó; không còn gì để dừng." in page


def test_leases_are_longer_than_any_step():
    assert starting.LEASE.total_seconds() == 120
    assert (DRAWING_SECONDS + PAGE_SECONDS, 10 * STAMP_SECONDS) == (90, 50)


def test_a_paper_that_was_recorded_from_another_file_is_pointed_at(tools, office, client):
    first = read(begun(drawn.scanned_pdf(drawn.page()), office))

    again = read(begun(drawn.jpg(drawn.page()), office, "lan-hai.jpg"))
    client.force_login(office)
    page = client.get(again.get_absolute_url()).content.decode()

    assert (again.state, again.directive) == ("failed", first.directive)
    assert again.words.startswith("Văn bản số 12-KH/TU của TỈNH ỦY AN BÌNH đã được ghi từ một tệp khác.")
    assert f'href="{reverse("tasks:check", args=[first.directive_id])}">Mở văn bản đã ghi</a>' in page


def test_a_sentence_says_wherever_it_is_shown_that_it_was_read_from_a_picture(tools, office, client):
    task = read(begun(drawn.scanned_pdf(drawn.page()), office)).directive.tasks.first()
    client.force_login(office)

    assert "Đọc từ ảnh, cần soát với tệp gốc." in client.get(task.get_absolute_url()).content.decode()
    assert [passage.from_picture for passage in passages_of(task)] == [True]
