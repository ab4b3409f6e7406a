"""Word and PDF of a draft: made once, handed to office and readers, never another file afterwards."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader

from directive_tracker import clock
from records import jobs_runner
from records.models import AuditEvent, Job, StoredFile
from tasks import paper_templates
from tasks.models import SummaryFile, SummaryReport
from tasks.summary import files
from tasks.summary.own_template import DEFAULT
from tests.factories import at, make_membership, make_office, make_reporter, make_unit, make_user
from tests.services import office_suite
from tests.tasks.summary.frozen import make_report, said, task
from tests.tasks.summary.measuring import opened

pytestmark = pytest.mark.django_db
NOW = at("2024-05-20", "17:30")


@pytest.fixture(autouse=True)
def evening(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: NOW.date())
    settings.MEDIA_ROOT = tmp_path
    settings.DEMO = False


@pytest.fixture
def report(client) -> SummaryReport:
    made = make_report()
    client.force_login(made.made_by)
    return made


def read(answer) -> bytes:
    return b"".join(answer.streaming_content)


def run_job() -> Job:
    """Run the newest job as a worker would."""
    job = Job.objects.latest("pk")
    jobs_runner.run(job.pk, now=NOW)
    return Job.objects.get(pk=job.pk)


def test_the_word_file_is_made_on_the_first_call_and_the_same_ever_after(client, report, settings):
    first = client.get(f"/bao-cao-tong-hop/{report.pk}/word/")
    settings.DEMO = True
    second = client.get(f"/bao-cao-tong-hop/{report.pk}/word/")

    data = read(first)
    assert read(second) == data
    assert "BÁO CÁO" in [paragraph.text for paragraph in opened(data).paragraphs]
    (row,) = SummaryFile.objects.all()
    assert (row.kind, row.made_at, row.file.uploaded_by) == ("docx", NOW, report.made_by)
    assert row.file.original_name == f"bao-cao-tong-hop-{report.directive_id}-20240520-du-thao-2.docx"
    verbs = AuditEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["summary.file_made", "file.downloaded", "file.downloaded"]


def test_asking_for_the_head_of_the_file_makes_none(client, report):
    assert client.head(f"/bao-cao-tong-hop/{report.pk}/word/").status_code == 200
    assert SummaryFile.objects.count() == 0


def test_who_was_slower_gets_the_file_that_is_there(report, monkeypatch):
    first = files.word_file(report, by=report.made_by, now=NOW)
    calls = iter([None])
    real = files.made_file
    monkeypatch.setattr(files, "made_file", lambda *each: next(calls, "later") and real(*each))

    assert files.word_file(report, by=report.made_by, now=NOW) == first
    assert (SummaryFile.objects.count(), StoredFile.objects.count()) == (1, 1)


def test_a_very_long_report_is_made_by_a_job(client):
    many = [task(f"1.{number}", said=[said(text="Đã làm.")] * 100) for number in range(16)]
    report = make_report(clauses=[{"code": "1", "heading": "Mục", "tasks": many}])
    client.force_login(report.made_by)

    answer = client.get(f"/bao-cao-tong-hop/{report.pk}/word/")
    job = run_job()

    assert answer["Location"] == f"/viec-nen/{job.pk}/"
    assert (job.state, job.title) == ("done", "Báo cáo tổng hợp, dự thảo lần 2 (Word)")
    assert job.result_file == SummaryFile.objects.get().file
    assert client.get(f"/bao-cao-tong-hop/{report.pk}/word/").status_code == 200


def test_the_job_makes_it_with_the_rights_of_its_own_moment(client):
    many = [task(f"1.{number}", said=[said(text="Đã làm.")] * 100) for number in range(16)]
    report = make_report(clauses=[{"code": "1", "heading": "Mục", "tasks": many}])
    client.force_login(report.made_by)
    client.get(f"/bao-cao-tong-hop/{report.pk}/word/")
    report.made_by.memberships.update(valid_to=date(2024, 5, 19))

    with pytest.raises(SummaryReport.DoesNotExist):
        run_job()

    job = Job.objects.latest("pk")
    assert (job.state, job.result_file, SummaryFile.objects.count()) == ("failed", None, 0)


def test_a_report_of_the_size_of_the_real_one_is_no_job():
    many = [task(f"1.{number}", said=[said(text="Đã làm.")] * 20) for number in range(16)]
    report = SummaryReport(data=make_report(clauses=[{"code": "1", "heading": "Mục", "tasks": many}]).data)

    assert files.is_long(report) is False


def test_the_pdf_is_made_by_a_job_of_the_real_office_suite(client, report, settings):
    settings.SOFFICE = office_suite()
    page = client.get(f"/bao-cao-tong-hop/{report.pk}/pdf/")
    asked = client.post(f"/bao-cao-tong-hop/{report.pk}/pdf/")
    job = run_job()
    answer = client.get(f"/bao-cao-tong-hop/{report.pk}/pdf/")

    assert "Lập bản PDF" in page.content.decode()
    assert asked["Location"] == f"/viec-nen/{job.pk}/"
    assert (job.state, answer["Content-Type"]) == ("done", "application/pdf")
    pages = PdfReader(io.BytesIO(read(answer))).pages
    # Words without marks: where a letter comes from another font, others are read with blanks inside.
    assert [words in pages[0].extract_text() for words in ("KON TUM", "-BC/VPTU", "127-CV/TU")] == [True, True, True]
    assert [page.mediabox.width > page.mediabox.height for page in pages][-4:] == [False, True, True, True]
    assert sorted(SummaryFile.objects.values_list("kind", flat=True)) == ["docx", "pdf"]


def test_where_there_is_no_office_suite_the_page_says_how_to_print(client, report, settings):
    settings.SOFFICE = "/nowhere/soffice"
    page = client.get(f"/bao-cao-tong-hop/{report.pk}/pdf/")
    pressed = client.post(f"/bao-cao-tong-hop/{report.pk}/pdf/")

    assert "Máy chủ chưa cài LibreOffice" in page.content.decode()
    assert "Lập bản PDF</button>" not in page.content.decode()
    assert (pressed.status_code, Job.objects.count()) == (422, 0)


def test_a_job_whose_office_suite_is_gone_fails_in_words(report, settings):
    settings.SOFFICE = "/nowhere/soffice"
    from_page = SummaryReport.objects.get(pk=report.pk)

    with pytest.raises(files.office_suite.CannotConvert, match="there is no office suite"):
        files.pdf_file(from_page, by=report.made_by, now=NOW)

    assert SummaryFile.objects.count() == 0


@pytest.mark.parametrize(
    ("role", "status"),
    [("office", 200), ("reader", 200), ("reporter", 403), ("unit_head", 403), ("administrator", 403)],
)
def test_office_and_readers_take_the_files(client, role, status):
    report = make_report()
    stored = files.word_file(report, by=report.made_by, now=NOW).file
    user = make_user()
    make_membership(user, make_office() if role == "office" else make_unit(), role)
    client.force_login(user)

    assert client.get(f"/bao-cao-tong-hop/{report.pk}/word/").status_code == status
    assert client.get(f"/bao-cao-tong-hop/{report.pk}/pdf/").status_code == status
    assert client.get(f"/tep/{stored.pk}/").status_code == (200 if status == 200 else 404)


def test_a_report_that_is_not_there_is_not_found(client, report):
    assert client.get("/bao-cao-tong-hop/999999/word/").status_code == 404
    assert client.post("/bao-cao-tong-hop/999999/pdf/").status_code == 404


def test_a_template_that_cannot_be_filled_in_is_told_on_the_reports_page(client, report, monkeypatch):
    upload = SimpleUploadedFile("mau.docx", DEFAULT.read_bytes())
    row = paper_templates.keep("summary", upload, by=report.made_by, now=NOW)
    SummaryReport.objects.filter(pk=report.pk).update(template=row)
    with row.file.file.open("wb") as stored:
        stored.write(b"broken")

    answer = client.get(f"/bao-cao-tong-hop/{report.pk}/word/")

    assert answer["Location"] == f"/bao-cao-tong-hop/{report.pk}/"
    (message,) = [str(each) for each in answer.wsgi_request._messages]
    assert message.startswith("Mẫu riêng của báo cáo này không điền được: Không mở được tệp này bằng Word.")


def test_a_monitor_of_units_is_no_reader(client):
    report = make_report()
    client.force_login(make_reporter(make_unit("Ban Tuyên giáo"), "tuyengiao"))

    assert client.get(f"/bao-cao-tong-hop/{report.pk}/word/").status_code == 403
