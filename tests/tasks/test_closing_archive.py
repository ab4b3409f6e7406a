"""The archive file: everything that was played lies in it, checksums hold, nothing lies in it that may not."""

import hashlib
import io
import json
import os
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from records import jobs_runner
from records.models import AuditEvent, Job, StoredFile
from records.results import keep_file
from tasks.closing.ending import Ending, end
from tasks.closing.naming import Names, safe
from tasks.models import DirectiveArchive, ProgressReport, ReportRound, SummaryFile, SummaryReport, UnitReport
from tasks.reporting import content_of
from tasks.reviewing import accept_section
from tests.factories import at, make_assignment, make_membership, make_text, make_unit, make_user
from tests.tasks.story import Story, make_story, owe_paper, send
from units.models import Role

pytestmark = pytest.mark.django_db

NOW = at("2024-04-15", "09:00")


def keep(name: str, content: bytes, *, by, sealed: bool = False) -> StoredFile:
    return keep_file(content, name, "application/pdf", by=by, now=NOW, sealed=sealed)


def archive_of(story: Story) -> zipfile.ZipFile:
    """End the document and make its archive."""
    job = end(story.directive, Ending(date(2024, 4, 15), "125-BC/VPTU", True), by=story.office, now=NOW)
    jobs_runner.run(job.pk, now=NOW)
    job.refresh_from_db()
    assert (job.state, job.message) == ("done", "")
    with DirectiveArchive.objects.get().file.open_plain() as content:
        return zipfile.ZipFile(io.BytesIO(content.read()))


def played() -> Story:
    """A document with its file; one report accepted with paper and attachment, one sent and not accepted; a summary."""
    story = make_story()
    text = make_text(story.directive, "1. Tổ chức tuyên truyền.", version=2, reason="Sửa lỗi gõ.")
    text.source_file = keep("Công văn 12 <gốc>.pdf", b"%PDF goc", by=story.office)
    text.save()
    delivery = owe_paper(story.assignment)
    section = send(story, results="Đã ban hành kế hoạch.", claims_completion=False)
    round_ = section.rounds.get()
    round_.files.add(
        keep("minh chứng.pdf", b"%PDF anh", by=story.reporter),
        keep("minh chứng.pdf", b"%PDF anh hai", by=story.reporter),
        keep("danh sach.xlsx", b"nguoi co ten", by=story.reporter, sealed=True),
    )
    accept_section(section, by=story.office, now=NOW)
    delivery.file = keep("ke hoach 45.pdf", b"%PDF ke hoach", by=story.reporter)
    delivery.number, delivery.delivered_on = "45", date(2024, 4, 10)
    delivery.save()
    story.unit, story.reporter, story.assignment = story.other_unit, story.stranger, story.other_assignment
    send(story, results="Chưa được chấp nhận.")
    summary = SummaryReport.objects.create(
        directive=story.directive, draft_number=1, as_of=NOW, profile="hd36", data={}, made_by=story.office, made_at=NOW
    )
    SummaryFile.objects.create(
        report=summary, kind="docx", file=keep("bao-cao-tong-hop-1.docx", b"PK tong hop", by=story.office), made_at=NOW
    )
    return story


REPORT = re.compile(r"bao-cao-2024-04-10-\d+")


def test_everything_that_was_played_lies_in_the_archive():
    with archive_of(played()) as archive:
        names = [REPORT.sub("bao-cao-N", name) for name in archive.namelist()]

    assert names == [
        "01-van-ban/loi-van-ban-1.txt",
        "01-van-ban/Công văn 12 gốc.pdf",
        "01-van-ban/loi-van-ban-2.txt",
        "02-nhiem-vu/nhiem-vu.xlsx",
        "02-nhiem-vu/nhiem-vu.json",
        "03-bao-cao/Huyện ủy Đắk Hà/bao-cao-N.docx",
        "03-bao-cao/Huyện ủy Đắk Hà/bao-cao-N/1a.1/minh chứng.pdf",
        "03-bao-cao/Huyện ủy Đắk Hà/bao-cao-N/1a.1/minh chứng (2).pdf",
        "04-san-pham/1a.1/Huyện ủy Đắk Hà/ke hoach 45.pdf",
        "05-so-lieu/so-lieu.xlsx",
        "05-so-lieu/so-lieu.json",
        "06-bao-cao-tong-hop/bao-cao-tong-hop-1.docx",
        "07-quyet-dinh/quyet-dinh.xlsx",
        "07-quyet-dinh/quyet-dinh.json",
        "08-nhat-ky/nhat-ky.csv",
        "08-nhat-ky/nhat-ky.jsonl",
        "00-muc-luc.txt",
    ]


def test_every_checksum_of_the_list_of_contents_holds():
    with archive_of(played()) as archive:
        assert archive.testzip() is None
        lines = archive.read("00-muc-luc.txt").decode("utf-8-sig").splitlines()
        listed = dict(reversed(line.split("  ", 1)) for line in lines if re.match(r"[0-9a-f]{64}  ", line))
        found = {
            name: hashlib.sha256(archive.read(name)).hexdigest()
            for name in archive.namelist()
            if name != "00-muc-luc.txt"
        }

    assert listed == found
    assert len(listed) == 16


def test_the_list_of_contents_says_what_it_is_and_where_the_log_stood():
    with archive_of(played()) as archive:
        words = archive.read("00-muc-luc.txt").decode("utf-8-sig")

    archived = DirectiveArchive.objects.get()
    last = AuditEvent.objects.filter(number__isnull=False).order_by("-number").first()
    assert "Kết thúc theo dõi ngày 15/4/2024, theo báo cáo số 125-BC/VPTU" in words
    assert "Lập lúc 09:00 15/4/2024, người lập: Nguyễn Văn Vanphong" in words
    assert archived.contents["files"] == 16
    assert archived.contents["missing"] == []
    assert archived.contents["folders"]["03-bao-cao"] == 3
    assert (last is None) == (archived.contents["log"]["head"] == "")


def test_files_are_as_they_were_stored():
    with archive_of(played()) as archive:
        assert archive.read("01-van-ban/Công văn 12 gốc.pdf") == b"%PDF goc"
        assert archive.read("04-san-pham/1a.1/Huyện ủy Đắk Hà/ke hoach 45.pdf") == b"%PDF ke hoach"


def test_the_report_holds_what_was_accepted_and_no_draft():
    story = played()
    story.unit = make_unit("Huyện ủy Kon Plông")
    with archive_of(story) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".docx") and "03-" in name)
        words = "\n".join(part.text for part in Document(io.BytesIO(archive.read(name))).paragraphs)
        everything = b"".join(archive.read(one) for one in archive.namelist() if not one.startswith("08-"))

    assert "Đã ban hành kế hoạch." in words
    assert "Chưa được chấp nhận." not in everything.decode("utf-8", "ignore")


def test_no_list_of_persons_lies_in_it():
    with archive_of(played()) as archive:
        assert [name for name in archive.namelist() if "danh sach" in name] == []
        assert all(b"nguoi co ten" not in archive.read(name) for name in archive.namelist())


def test_tables_are_read_back():
    with archive_of(played()) as archive:
        book = load_workbook(io.BytesIO(archive.read("02-nhiem-vu/nhiem-vu.xlsx")))
        work = json.loads(archive.read("02-nhiem-vu/nhiem-vu.json"))
        figures = json.loads(archive.read("05-so-lieu/so-lieu.json"))

    assert book.sheetnames == ["Nhiệm vụ", "Phần việc", "Sản phẩm"]
    assert [row["Đơn vị"] for row in work["Phần việc"]] == ["Huyện ủy Đắk Hà", "Huyện ủy Ngọc Hồi"]
    assert work["Sản phẩm"][0]["Số"] == "45"
    assert figures["Theo đơn vị"][-1]["Đơn vị"] == "Tổng cộng"


def test_the_log_of_the_document_lies_in_it_with_the_hashes_of_its_lines():
    with archive_of(played()) as archive:
        events = [json.loads(line) for line in archive.read("08-nhat-ky/nhat-ky.jsonl").splitlines()]
        sheet = archive.read("08-nhat-ky/nhat-ky.csv")

    assert [event["verb"] for event in events][-1] == "directive.closed"
    assert {"report.submitted", "section.accepted", "directive.closed"} <= {event["verb"] for event in events}
    assert sheet.count(b"\xef\xbb\xbf") == 1
    assert len(sheet.decode("utf-8-sig").strip().splitlines()) == len(events) + 1


def test_a_file_that_is_gone_from_the_store_is_named_and_stops_nothing():
    story = played()
    stored = StoredFile.objects.get(original_name="ke hoach 45.pdf")
    stored.file.storage.delete(stored.file.name)

    with archive_of(story) as archive:
        words = archive.read("00-muc-luc.txt").decode("utf-8-sig")

    assert DirectiveArchive.objects.get().contents["missing"] == ["04-san-pham/1a.1/Huyện ủy Đắk Hà/ke hoach 45.pdf"]
    assert "Tệp không còn trong kho lưu khi lập hồ sơ:" in words


def test_each_archive_says_that_the_data_is_invented_in_the_demo(settings):
    settings.DEMO = True

    with archive_of(played()) as archive:
        first = archive.read("00-muc-luc.txt").decode("utf-8-sig").splitlines()[0]

    assert first == "DỮ LIỆU THỬ – SỐ LIỆU GIẢ ĐỊNH"


# --- who may read it ---------------------------------------------------------------------------------------------


def test_office_and_readers_download_it_and_nobody_else(client):
    story = played()
    archive_of(story).close()
    reader = make_user("thuongtruc")
    make_membership(reader, make_unit("Thường trực"), Role.READER)
    address = reverse("records:file", args=[DirectiveArchive.objects.get().file_id])
    answers = {}
    for name, person in {"office": story.office, "reader": reader, "reporter": story.reporter}.items():
        client.force_login(person)
        answers[name] = client.get(address).status_code

    assert answers == {"office": 200, "reader": 200, "reporter": 404}


def test_the_page_of_the_ending_leads_to_it(client):
    story = played()
    archive_of(story).close()
    client.force_login(story.office)

    page = client.get(reverse("tasks:directive_end", args=[story.directive.pk])).content.decode()

    assert "ho-so-70-nam-dien-bien-phu-20240415.zip" in page
    assert reverse("records:file", args=[DirectiveArchive.objects.get().file_id]) in page


def test_a_job_that_was_stopped_leaves_no_archive():
    story = played()
    job = end(story.directive, Ending(date(2024, 4, 15), "125-BC/VPTU", True), by=story.office, now=NOW)
    Job.objects.filter(pk=job.pk).update(cancel_requested=True)

    jobs_runner.run(job.pk, now=NOW)

    job.refresh_from_db()
    assert (job.state, DirectiveArchive.objects.count()) == ("cancelled", 0)


# --- names -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Kế hoạch.pdf", "Kế hoạch.pdf"),
        ("Kê\u0301 hoạch", "Kế hoạch"),
        ('a<b>c:d"e|f?g*h', "a b c d e f g h"),
        ("../../etc/passwd", "etc passwd"),
        ("..\\..\\windows", "windows"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("COM1", "_COM1"),
        ("console", "console"),
        ("tên. ", "tên"),
        ("", "khong ten"),
        ("...", "khong ten"),
        ("a\x00b\u202ec", "a b c"),
    ],
)
def test_a_name_is_one_every_system_unpacks(typed, kept):
    assert safe(typed) == kept


def test_names_are_short_and_each_once_whatever_the_case():
    names = Names()
    paths = [names.path("03-bao-cao", "Đơn vị " * 40, name=f"{'dài ' * 90}.PDF") for _ in range(3)]
    paths += [names.path("A", name="X.pdf"), names.path("a", name="x.PDF"), names.path("a", name="x")]

    assert max(len(path) for path in paths) <= 150
    assert len({path.casefold() for path in paths}) == 6
    assert paths[3:] == ["A/X.pdf", "a/x (2).PDF", "a/x"]


# --- many reports -------------------------------------------------------------------------------------------------


def many_reports(count: int) -> Story:
    """So many accepted reports, each of a unit of its own with a file of 200 kB."""
    story = make_story()
    for number in range(count):
        unit = make_unit(f"Đảng ủy xã số {number}")
        part = make_assignment(story.task, unit, state="in_progress")
        values = {"directive": story.directive, "unit": unit, "state": "decided", "created_by": story.office}
        report = UnitReport.objects.create(
            **values, created_at=NOW, saved_at=NOW, submitted_at=NOW, submitted_by=story.office
        )
        section = ProgressReport.objects.create(
            unit_report=report, assignment=part, state="accepted", results="Đã làm."
        )
        round_ = ReportRound.objects.create(
            section=section,
            number=1,
            submitted_by=story.office,
            submitted_at=NOW,
            submitted_on=date(2024, 4, 15),
            content=content_of(section),
            decision="accepted",
            decided_by=story.office,
            decided_at=NOW,
        )
        round_.files.add(keep(f"anh-{number}.jpg", os.urandom(200_000), by=story.office))
    return story


def peak_of_memory() -> int:
    """The most memory the process has held since it was last asked, in MB (Linux)."""
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    Path("/proc/self/clear_refs").write_text("5")
    return int(peak.split()[1]) // 1024


def test_three_hundred_reports_fit_and_memory_stays_bounded():
    story = many_reports(300)
    peak_of_memory()
    before = peak_of_memory()

    with archive_of(story) as archive:
        peak = peak_of_memory()
        reports = [name for name in archive.namelist() if name.startswith("03-bao-cao/") and name.endswith(".docx")]

    assert len(reports) == 300
    # The test itself reads the whole file of 60 MB back.
    assert peak - before < 150 + 60
