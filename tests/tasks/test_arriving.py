"""Documents that arrive in a watched folder: seen once, guarded, recorded or left out; the folder is never touched."""

import io
import json
import os
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import TestCase
from django.urls import reverse

from directive_tracker import clock
from records import jobs_runner
from records.errors import SecretDocumentRefused
from records.models import AuditEvent, StoredFile
from tasks.arriving import sources, watching
from tasks.arriving.deciding import NOT_THERE, UNREADABLE, bring_back, ignore, record_incoming
from tasks.arriving.folder import FolderSource
from tasks.arriving.reading import count_waiting
from tasks.arriving.sources import ArrivedFile, SourceGone
from tasks.arriving.watching import Seen, watch
from tasks.errors import AlreadyRecorded, Refused
from tasks.models import Directive, IncomingFile, IncomingPlace, ScanReading
from tests import drawn, services
from tests.factories import ZONE, at, make_office, make_office_user, make_reporter, make_unit

pytestmark = pytest.mark.django_db

NOW = datetime(2024, 4, 15, 8, 0, tzinfo=ZONE)
LETTER = "CÔNG VĂN\nV/v trồng cây ven đường\n1. Sở Xây dựng báo cáo trước ngày 30/4/2024.\n"
SECRET = "TỈNH ỦY AN BÌNH\nTỐI MẬT\nV/v một việc\n"


@pytest.fixture(autouse=True)
def _place(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: NOW.date())
    settings.MEDIA_ROOT = tmp_path / "media"
    make_office()


@pytest.fixture
def folder(settings, tmp_path):
    settings.INCOMING_DIR = str(tmp_path / "den")
    (tmp_path / "den").mkdir()
    return tmp_path / "den"


@pytest.fixture
def office():
    return make_office_user()


def put(path: Path, content: str | bytes = LETTER, *, age: float = 60) -> Path:
    """A file that was written so many seconds ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    moment = time.time() - age
    os.utime(path, (moment, moment))
    return path


def arrived(folder: Path, name: str = "cong-van.txt", content: str | bytes = LETTER) -> IncomingFile:
    put(folder / name, content)
    watch(now=NOW)
    return IncomingFile.objects.latest("pk")


# --- the folder -------------------------------------------------------------------------------------------


def test_regular_files_are_listed_and_nothing_else(tmp_path):
    outside = put(tmp_path / "ngoai.txt")
    root = tmp_path / "den"
    for name in ("a.txt", "2024/04/b.txt", ".an.txt", "~$c.docx", ".thu-muc/d.txt", "1/2/3/4/sau.txt"):
        put(root / name)
    (root / "lien-ket.txt").symlink_to(outside)
    (root / "thu-muc-lien-ket").symlink_to(tmp_path)
    os.mkfifo(root / "ong")

    assert [(file.key, file.name) for file in FolderSource(root).list()] == [
        ("2024/04/b.txt", "b.txt"),
        ("a.txt", "a.txt"),
    ]


@pytest.mark.parametrize("key", ["../ngoai.txt", "/etc/passwd", "", "lien-ket.txt", "x/ngoai.txt", "khong-co.txt"])
def test_nothing_outside_the_folder_is_opened(tmp_path, key):
    outside = put(tmp_path / "ngoai.txt")
    root = tmp_path / "den"
    put(root / "a.txt")
    (root / "lien-ket.txt").symlink_to(outside)
    (root / "x").symlink_to(tmp_path)

    with pytest.raises((FileNotFoundError, SourceGone)):
        FolderSource(root).open(key)


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "ong.txt")

    with pytest.raises(FileNotFoundError):
        FolderSource(tmp_path).open("ong.txt")


def test_a_folder_that_is_not_there_is_said_in_the_log(folder, caplog):
    folder.rmdir()

    assert watch(now=NOW) == Seen(failed=1)
    assert "the watched folder cannot be read: No such file or directory" in caplog.text


# --- what is seen ------------------------------------------------------------------------------------------


def test_a_new_file_waits_and_its_content_stays_where_it_is(folder):
    path = put(folder / "cong-van.txt")
    before = path.stat()

    seen = watch(now=NOW)
    row = IncomingFile.objects.get()

    assert seen == Seen(new=1)
    assert (row.name, row.size, row.state, row.seen_at) == ("cong-van.txt", len(LETTER.encode()), "waiting", NOW)
    assert (path.stat().st_mtime_ns, path.stat().st_size, path.read_text()) == (
        before.st_mtime_ns,
        before.st_size,
        LETTER,
    )
    assert StoredFile.objects.count() == 0


def test_the_same_file_again_and_under_a_new_name_is_the_known_row(folder):
    first = arrived(folder)
    put(folder / "ten-khac.txt")
    put(folder / "cong-van.txt", age=30)

    assert watch(now=NOW + timedelta(hours=1)) == Seen(known=2)
    assert [(row.pk, row.name, row.seen_at) for row in IncomingFile.objects.all()] == [(first.pk, "cong-van.txt", NOW)]


def test_an_unchanged_file_is_not_read_again(folder, monkeypatch):
    arrived(folder)
    monkeypatch.setattr(FolderSource, "open", lambda self, key: pytest.fail("it was opened"))

    assert watch(now=NOW) == Seen(known=1)


def test_a_file_that_is_still_written_waits(folder):
    path = put(folder / "a.txt", LETTER[:20], age=1)
    assert watch(now=NOW) == Seen(waiting=1)

    put(path, LETTER, age=1)
    assert watch(now=NOW) == Seen(waiting=1)

    put(path, LETTER, age=11)
    assert watch(now=NOW) == Seen(new=1)
    assert IncomingFile.objects.get().size == len(LETTER.encode())


def test_a_file_from_a_machine_whose_clock_is_ahead_is_taken_when_it_no_longer_changes(folder):
    put(folder / "a.txt", age=-3600)
    assert watch(now=NOW) == Seen(waiting=1)

    IncomingPlace.objects.update(noted_at=datetime(2024, 1, 1, tzinfo=ZONE))

    assert watch(now=NOW) == Seen(new=1)


def test_a_file_that_grows_while_it_is_read_waits(folder, monkeypatch):
    path = put(folder / "a.txt")
    opened = FolderSource.open

    def growing(self, key):
        path.write_text(LETTER * 2)
        return opened(self, key)

    monkeypatch.setattr(FolderSource, "open", growing)

    assert watch(now=NOW) == Seen(waiting=1)
    assert IncomingFile.objects.count() == 0


def test_new_content_under_an_old_name_is_a_new_file(folder):
    arrived(folder)
    put(folder / "cong-van.txt", LETTER + "2. Sở Y tế báo cáo.\n", age=30)

    assert watch(now=NOW) == Seen(new=1)
    assert IncomingFile.objects.count() == 2


def test_places_that_are_gone_are_forgotten_and_the_row_stays(folder):
    arrived(folder)
    (folder / "cong-van.txt").unlink()

    assert watch(now=NOW) == Seen()
    assert (IncomingPlace.objects.count(), IncomingFile.objects.count()) == (0, 1)


def test_a_document_that_was_recorded_from_a_form_does_not_wait(folder, office, client):
    client.force_login(office)
    with put(folder / "a.txt").open("rb") as stream:
        client.post(reverse("tasks:directive_new"), {"file": stream, "not_secret": "on"})

    watch(now=NOW)

    row = IncomingFile.objects.get()
    assert (row.state, row.directive) == ("recorded", Directive.objects.get())


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("rong.txt", b"", "Tệp “rong.txt” trống, không có nội dung."),
        (
            "bang.xlsx",
            b"PK\x03\x04",
            "Không nhận tệp “bang.xlsx”. Chỉ nhận các loại tệp: doc, docx, jpeg, jpg, md, odt, pdf, png, tif, tiff, txt.",
        ),
        ("hong.docx", b"PK\x03\x04 hong", "hong.docx"),
    ],
)
def test_what_no_upload_would_pass_is_refused_with_its_sentence(folder, name, content, words):
    row = arrived(folder, name, content)

    assert row.state == "refused"
    assert words in row.refusal


def test_a_file_larger_than_an_upload_is_refused_without_being_held_in_memory(folder, settings):
    settings.UPLOAD_MAX_BYTES = 1024 * 1024

    row = arrived(folder, "lon.txt", b"a" * (2 * 1024 * 1024))

    assert (row.state, row.size) == ("refused", 2 * 1024 * 1024)
    assert row.refusal == "Tệp “lon.txt” nặng 2 MB, vượt giới hạn 1 MB cho một tệp."


def test_a_look_ends_in_time_and_the_next_goes_on(folder, monkeypatch):
    for number in range(3):
        put(folder / f"{number}.txt", LETTER + str(number))
    monkeypatch.setattr(watching, "SECONDS", -1)
    assert watch(now=NOW) == Seen()

    monkeypatch.setattr(watching, "SECONDS", 40)
    assert watch(now=NOW) == Seen(new=3)


def test_a_look_costs_the_same_however_many_known_files_lie_there(folder, django_assert_num_queries):
    put(folder / "0.txt", LETTER)
    watch(now=NOW)
    with django_assert_num_queries(1):
        watch(now=NOW)
    for number in range(1, 40):
        put(folder / f"{number}.txt", LETTER + str(number))
    watch(now=NOW)

    with django_assert_num_queries(1):
        watch(now=NOW)


# --- secret papers ------------------------------------------------------------------------------------------


def traces() -> str:
    rows = [*IncomingFile.objects.values(), *IncomingPlace.objects.values(), *AuditEvent.objects.values()]
    return "\n".join(map(str, rows))


@pytest.mark.parametrize(
    ("name", "content"),
    [("tai-lieu-tham-muu.txt", SECRET), ("tai-lieu-tham-muu (MẬT).txt", LETTER)],
    ids=["marked inside", "marked in its name"],
)
def test_of_a_secret_file_no_name_is_kept(folder, caplog, name, content):
    row = arrived(folder, name, content)

    assert (row.state, row.name, row.refusal) == ("refused", "", "Một tệp bị từ chối vì có dấu mật.")
    assert "tham-muu" not in traces() + caplog.text
    assert AuditEvent.objects.get().verb == "incoming.refused_secret"


def test_a_scan_with_a_mark_does_not_come_onto_the_list(folder):
    services.reading_tools()

    row = arrived(folder, "tham-muu.pdf", drawn.scanned_pdf(drawn.page(mark="MẬT", angle=5)))

    assert (row.state, row.name) == ("refused", "")
    assert "tham-muu" not in traces()


def test_a_mark_found_on_a_later_page_takes_the_name_off_the_list(folder, office):
    services.reading_tools()
    row = arrived(folder, "tham-muu.pdf", drawn.scanned_pdf(drawn.page(), drawn.page(mark="TỐI MẬT")))

    reading = record_incoming(row, by=office, now=NOW).reading
    row.refresh_from_db()
    assert row.state == "reading"
    reading.refresh_from_db()
    with TestCase.captureOnCommitCallbacks(execute=True):
        jobs_runner.run(reading.job_id, now=NOW)
    row.refresh_from_db()

    assert (row.state, row.name, row.refusal) == ("refused", "", "Một tệp bị từ chối vì có dấu mật.")
    assert "tham-muu" not in traces()


# --- what the office does ------------------------------------------------------------------------------------


def test_a_file_is_recorded_as_if_it_had_been_uploaded(folder, office):
    row = arrived(folder)

    taken = record_incoming(row, by=office, now=NOW)
    row.refresh_from_db()

    assert (row.state, row.directive, row.decided_by, row.decided_at) == ("recorded", taken.directive, office, NOW)
    assert (taken.created, taken.directive.recorded_by, taken.directive.state) == (True, office, "draft")
    assert "1. Sở Xây dựng báo cáo trước ngày 30/4/2024." in taken.directive.current_text.body
    assert (folder / "cong-van.txt").read_text() == LETTER


def test_a_scan_is_read_first_and_then_recorded(folder, office):
    services.reading_tools()
    row = arrived(folder, "quet.pdf", drawn.scanned_pdf(drawn.page()))

    reading = record_incoming(row, by=office, now=NOW).reading
    reading.refresh_from_db()
    jobs_runner.run(reading.job_id, now=NOW)
    row.refresh_from_db()

    assert (row.state, row.directive.current_text.reading_words) == ("recorded", "Đọc từ ảnh, cần soát")


def test_a_scan_that_is_stopped_waits_again(folder, office, client):
    services.reading_tools()
    row = arrived(folder, "quet.pdf", drawn.scanned_pdf(drawn.page()))
    reading = record_incoming(row, by=office, now=NOW).reading
    client.force_login(office)

    client.post(reverse("tasks:scan_stop", args=[reading.pk]))
    row.refresh_from_db()

    assert row.state == "waiting"


def test_two_who_record_the_same_file_get_one_document(folder, office):
    row = arrived(folder)
    twin = IncomingFile.objects.get()
    first = record_incoming(row, by=office, now=NOW)

    second = record_incoming(twin, by=make_office_user("hai"), now=NOW)

    assert (second.directive, second.created) == (first.directive, False)
    assert AuditEvent.objects.filter(verb="incoming.recorded").count() == 1


def test_a_file_that_has_moved_within_the_folder_is_found(folder, office):
    row = arrived(folder)
    (folder / "da-xem").mkdir()
    (folder / "cong-van.txt").rename(folder / "da-xem" / "cong-van.txt")
    watch(now=NOW)

    assert record_incoming(row, by=office, now=NOW).created is True


@pytest.mark.parametrize("content", [None, LETTER + "thêm"])
def test_a_file_that_is_gone_or_changed_is_not_recorded(folder, office, content):
    row = arrived(folder)
    (folder / "cong-van.txt").unlink()
    if content:
        put(folder / "cong-van.txt", content)

    with pytest.raises(Refused) as refusal:
        record_incoming(row, by=office, now=NOW)

    assert str(refusal.value) == NOT_THERE
    assert Directive.objects.count() == 0


def test_a_folder_that_cannot_be_read_now_is_said(folder, office, settings):
    row = arrived(folder)
    folder.rename(folder.parent / "khac")

    with pytest.raises(Refused) as refusal:
        record_incoming(row, by=office, now=NOW)

    assert str(refusal.value) == UNREADABLE


def test_left_out_and_brought_back(folder, office):
    row = arrived(folder)

    ignore(row, by=office, now=NOW)
    row.refresh_from_db()
    left_out = row.state
    bring_back(row, by=office, now=NOW)
    row.refresh_from_db()

    assert (left_out, row.state) == ("ignored", "waiting")
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", "target_label")) == [
        ("incoming.ignored", f"Tệp đến số {row.pk}"),
        ("incoming.brought_back", f"Tệp đến số {row.pk}"),
    ]


def test_whoever_comes_second_is_told_who_did_what_when(folder, office):
    row = arrived(folder)
    stale = IncomingFile.objects.get()
    ignore(row, by=office, now=NOW)
    words = f"Tệp này đã được {office} chuyển sang “Đã bỏ qua” lúc 08:00 15/4/2024."

    for late in (ignore, record_incoming):
        with pytest.raises(Refused) as refusal:
            stale.refresh_from_db()
            late(stale, by=office, now=NOW)
        assert str(refusal.value) == words


def test_a_guard_that_refuses_only_now_takes_the_name_away(folder, office, monkeypatch):
    row = arrived(folder)

    def refuse(*args, **kwargs):
        raise SecretDocumentRefused("Tài liệu có dấu “MẬT”")

    monkeypatch.setattr("tasks.arriving.deciding.take", refuse)
    with pytest.raises(SecretDocumentRefused):
        record_incoming(row, by=office, now=NOW)
    row.refresh_from_db()

    assert (row.state, row.name) == ("refused", "")


def test_a_paper_that_was_recorded_from_another_file_is_refused_and_pointed_at(folder, office, client):
    paper = (
        "TỈNH ỦY AN BÌNH\nSố: 12-KH/TU\nAn Bình, ngày 05 tháng 3 năm 2024\n\nKẾ HOẠCH\ntrồng cây\n1. Sở Y tế báo cáo.\n"
    )
    first = record_incoming(arrived(folder, "a.txt", paper), by=office, now=NOW).directive
    row = arrived(folder, "b.txt", paper + "2. Sở Xây dựng báo cáo.\n")
    client.force_login(office)

    with pytest.raises(AlreadyRecorded):
        record_incoming(row, by=office, now=NOW)
    row.refresh_from_db()

    assert (row.state, row.directive) == ("refused", first)
    page = client.get(reverse("tasks:incoming_list"), {"xem": "khong-nhan"}).content.decode()
    assert f'<a href="{first.get_absolute_url()}">Mở văn bản đã ghi</a>' in page


# --- other sources --------------------------------------------------------------------------------------------


class System:
    """A document system that keeps its files in memory and marks what was taken."""

    label = "Hệ thống văn bản"

    def __init__(self) -> None:
        self.files, self.taken = {"vb-17": LETTER.encode()}, []

    def list(self):
        for key, data in self.files.items():
            yield ArrivedFile(key, f"{key}.txt", len(data), 1_000_000_000)

    def open(self, key):
        return io.BytesIO(self.files[key])

    def done(self, key):
        self.taken.append(key)


def test_another_source_is_filled_in_by_a_registration_alone(monkeypatch, office):
    system = System()
    monkeypatch.setattr(sources, "_factories", {})
    sources.register("he-thong", lambda: system)

    assert watch(now=NOW) == Seen(new=1)
    row = IncomingFile.objects.get()
    assert (row.name, row.source) == ("vb-17.txt", "he-thong")

    record_incoming(row, by=office, now=NOW)

    assert system.taken == ["vb-17"]


# --- the command, the job, the pages ---------------------------------------------------------------------------


def test_the_command_looks_once_and_prints_json_alone(folder, capsys):
    put(folder / "a.txt")

    call_command("watch_incoming", "--now", "2024-04-16T07:30")
    out, err = capsys.readouterr()

    assert json.loads(out) == {"new": 1, "refused": 0, "known": 0, "waiting": 0, "failed": 0}
    assert err == ""
    assert IncomingFile.objects.get().seen_at == at("2024-04-16", "07:30")


def test_without_a_folder_the_command_says_so(capsys):
    call_command("watch_incoming")
    out, err = capsys.readouterr()

    assert json.loads(out)["new"] == 0
    assert err == "Chưa đặt INCOMING_DIR nên không có nơi nào được theo dõi.\n"


def test_the_office_records_from_the_list(folder, office, client):
    row = arrived(folder)
    client.force_login(office)

    page = client.get(reverse("tasks:incoming_list")).content.decode()
    answer = client.post(reverse("tasks:incoming_record", args=[row.pk]))

    assert "cong-van.txt" in page
    # What the program proposes waits there to be looked at.
    assert answer["Location"] == reverse("tasks:check", args=[Directive.objects.get().pk])
    assert "trồng cây ven đường" in client.get(reverse("tasks:incoming_list"), {"xem": "da-ghi"}).content.decode()


def test_the_page_says_what_is_watched_or_that_nothing_is(folder, office, client, settings):
    client.force_login(office)

    watched = client.get(reverse("tasks:incoming_list")).content.decode()
    settings.INCOMING_DIR = ""
    off = client.get(reverse("tasks:incoming_list")).content.decode()

    assert "Đang theo dõi: thư mục “den” trên máy chủ." in watched
    assert "Chưa theo dõi thư mục nào" in off
    assert "Chưa theo dõi" not in watched


def test_left_out_by_mistake_is_one_click_away(folder, office, client):
    row = arrived(folder)
    client.force_login(office)

    after = client.post(reverse("tasks:incoming_ignore", args=[row.pk]), follow=True).content.decode()
    client.post(reverse("tasks:incoming_bring_back", args=[row.pk]))
    row.refresh_from_db()

    assert "Đã bỏ qua “cong-van.txt”." in after
    assert reverse("tasks:incoming_bring_back", args=[row.pk]) in after
    assert row.state == "waiting"


def test_a_refused_file_stands_in_its_own_list_without_a_name(folder, office, client):
    arrived(folder, "tham-muu.txt", SECRET)
    client.force_login(office)

    page = client.get(reverse("tasks:incoming_list"), {"xem": "khong-nhan"}).content.decode()

    assert "Một tệp bị từ chối vì có dấu mật." in page
    assert "tham-muu" not in page


def many(count: int) -> None:
    IncomingFile.objects.bulk_create(
        IncomingFile(name=f"{n}.txt", sha256=f"{n:064}", size=n, source="thu-muc", seen_at=NOW) for n in range(count)
    )


@pytest.mark.parametrize("count", [1, 300])
def test_the_list_asks_the_same_however_long_it_is(folder, office, client, django_assert_num_queries, count):
    many(count)
    client.force_login(office)
    client.get(reverse("tasks:incoming_list"))

    with django_assert_num_queries(5):
        page = client.get(reverse("tasks:incoming_list"))

    assert len(page.context["page"].object_list) == min(count, 25)


def test_today_says_how_many_wait_and_asks_nothing_where_nothing_is_watched(
    folder, office, client, settings, django_assert_num_queries
):
    many(3)
    client.force_login(office)

    page = client.get(reverse("tasks:today")).content.decode()
    settings.INCOMING_DIR = ""

    assert "3 văn bản đến chờ ghi" in page
    with django_assert_num_queries(0):
        assert count_waiting(office) == 0


def test_units_know_of_no_arrived_file(folder, client):
    row = arrived(folder)
    reporter = make_reporter(make_unit())
    client.force_login(reporter)

    assert client.get(reverse("tasks:incoming_list")).status_code == 403
    assert client.post(reverse("tasks:incoming_record", args=[row.pk])).status_code == 403
    assert list(IncomingFile.objects.visible_to(reporter)) == []
    assert list(IncomingPlace.objects.visible_to(reporter)) == []
    assert list(ScanReading.objects.visible_to(reporter)) == []


@pytest.mark.parametrize(
    "address", ["?xem=x", "?page=0", "?page=-1", "?page=99999999", "?vua-bo-qua=x", "?vua-bo-qua=9" + "9" * 30]
)
def test_whatever_is_typed_into_the_address_is_answered(office, client, address):
    client.force_login(office)

    assert client.get(reverse("tasks:incoming_list") + address).status_code == 200
