"""A report the office enters for a unit: its own draft, marked, beside the unit's; the signed paper and the Word file."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document
from PIL import Image

from directive_tracker import clock
from notifications.models import Notice
from tasks.behalf.entering import open_on_behalf
from tasks.drafts.inputs import ReportInput, SectionInput
from tasks.drafts.opening import open_report
from tasks.drafts.saving import save_draft
from tasks.enums import ReportOriginal
from tasks.errors import Refused
from tasks.models import Directive, ReportingPeriod, UnitReport
from tasks.reporting import submit
from tests.factories import make_area, make_membership, make_office_user
from tests.tasks.test_report_form import NOW, Scene
from units.models import Role, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: date(2024, 4, 15))
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def scene():
    return Scene()


@pytest.fixture
def office():
    return make_office_user("vanphong2")


def entered(scene, office, basis: str = "paper") -> UnitReport:
    return open_on_behalf(scene.unit, scene.directive, basis=basis, by=office, now=NOW)


def write_and_send(report: UnitReport, by, words: str = "Theo giấy") -> None:
    section = report.sections.order_by("assignment__task__order").first()
    typed = ReportInput(sections={section.pk: SectionInput(results=words)})
    save_draft(report, typed, by=by, now=NOW, version=report.version)
    submit(report, by=by, now=NOW)


def test_each_side_has_its_own_draft_and_neither_sees_the_others(scene, office, client):
    report = entered(scene, office)

    assert report.pk != scene.report.pk
    assert open_report(scene.unit, scene.directive, by=scene.person, now=NOW) == scene.report
    assert entered(scene, office, "phone") == report
    pages = {
        (who, which): (client.force_login(user), client.get(reverse("tasks:report_edit", args=[pk])).status_code)[1]
        for who, user in (("unit", scene.person), ("office", office))
        for which, pk in (("unit", scene.report.pk), ("office", report.pk))
    }
    assert pages == {
        ("unit", "unit"): 200,
        ("unit", "office"): 404,
        ("office", "unit"): 404,
        ("office", "office"): 200,
    }


def test_the_office_begins_at_the_work_and_says_from_what(scene, office, client):
    client.force_login(office)
    url = reverse("tasks:report_behalf", args=[scene.assignment.pk])

    assert url in client.get(scene.assignment.get_absolute_url()).content.decode()
    refused = client.post(url, {})
    answer = client.post(url, {"basis": "mail"})

    report = UnitReport.objects.get(on_behalf=True)
    assert refused.status_code == 422 and "Hãy chọn nhập theo" in refused.content.decode()
    assert answer.url == reverse("tasks:report_edit", args=[report.pk])
    assert "Văn phòng nhập thay" in client.get(answer.url).content.decode()
    assert report.behalf_words == "Văn phòng nhập thay, theo thư điện tử"


def test_what_was_entered_is_marked_everywhere_and_the_unit_is_told(scene, office, client):
    report = entered(scene, office)
    write_and_send(report, office)

    pages = []
    for user, url in (
        (scene.person, report.get_absolute_url()),
        (scene.person, reverse("tasks:unit_reports")),
        (office, report.get_review_url()),
    ):
        client.force_login(user)
        pages.append("Văn phòng nhập thay" in client.get(url).content.decode())
    assert pages == [True, True, True]
    assert report.sections.get().rounds.get().way == "behalf"
    told = Notice.objects.get(kind="entered")
    assert (told.recipient, told.message) == (scene.person, None)


def period_of(scene) -> ReportingPeriod:
    return ReportingPeriod.objects.create(
        directive=scene.directive,
        name="Tháng 4",
        opens_on=date(2024, 4, 1),
        cutoff_on=date(2024, 4, 14),
        due_on=date(2024, 4, 19),
    )


def test_where_both_exist_for_a_period_the_units_draft_stays_as_one_between_periods(scene, office):
    period = period_of(scene)
    UnitReport.objects.filter(pk=scene.report.pk).update(period=period)
    report = entered(scene, office)
    assert report.period == period

    write_and_send(report, office)

    scene.report.refresh_from_db()
    assert (UnitReport.objects.get(pk=report.pk).period, scene.report.period, scene.report.state) == (
        period,
        None,
        "draft",
    )


def test_where_the_unit_was_quicker_what_the_office_enters_stands_between_periods(scene, office):
    period = period_of(scene)
    UnitReport.objects.filter(pk=scene.report.pk).update(period=period)
    report = entered(scene, office)
    write_and_send(UnitReport.objects.get(pk=scene.report.pk), scene.person, "Đơn vị gửi trước")

    write_and_send(report, office)

    assert dict(UnitReport.objects.values_list("pk", "period")) == {scene.report.pk: period.pk, report.pk: None}


def test_nobody_enters_for_the_own_unit_and_no_unit_enters_for_another(scene, office):
    make_membership(office, scene.unit, Role.REPORTER)

    with pytest.raises(Refused, match="chính đơn vị mình"):
        entered(scene, office)
    with pytest.raises(Refused, match="chính đơn vị mình"):
        entered(scene, scene.person)


def test_the_approval_of_the_units_head_is_not_waited_for(scene, office):
    Unit.objects.filter(pk=scene.unit.pk).update(needs_head_approval=True)
    report = UnitReport.objects.select_related("unit").get(pk=entered(scene, office).pk)

    write_and_send(report, office)

    assert report.state == "submitted"


def scan() -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", (20, 30), "white").save(buffer, "PNG")
    return SimpleUploadedFile("ban-ky.png", buffer.getvalue())


def test_where_paper_is_the_original_the_office_sees_what_lacks_its_scan(scene, office, client):
    Directive.objects.update(report_original=ReportOriginal.PAPER)
    write_and_send(scene.report, scene.person)
    client.force_login(office)
    assert "Còn thiếu bản chụp đã ký." in client.get(scene.report.get_review_url()).content.decode()

    client.force_login(scene.person)
    url = reverse("tasks:report_signed", args=[scene.report.pk])
    empty = client.post(url, follow=True).content.decode()
    wrong = client.post(url, {"file": SimpleUploadedFile("a.docx", b"PK")}, follow=True).content.decode()
    client.post(url, {"file": scan()})

    assert "Hãy chọn tệp bản chụp đã ký" in empty and "Không nhận tệp “a.docx”" in wrong
    client.force_login(office)
    page = client.get(scene.report.get_review_url()).content.decode()
    signed = UnitReport.objects.get(pk=scene.report.pk).signed_file
    assert "Còn thiếu" not in page and f"/tep/{signed.pk}/" in page
    assert client.get(f"/tep/{signed.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("kind", "name", "symbol", "expected"),
    [
        (
            "party_committee",
            "Huyện ủy Đắk Hà",
            "HU",
            ["ĐẢNG BỘ TỈNH KON TUM", "HUYỆN ỦY ĐẮK HÀ", "*", "-BC/HU", "ĐẢNG CỘNG SẢN VIỆT NAM"],
        ),
        (
            "state_body",
            "Sở Nội vụ",
            "SNV",
            ["SỞ NỘI VỤ", "/BC-SNV", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"],
        ),
        ("mass_organisation", "Tỉnh đoàn Kon Tum", "TĐ", ["TỈNH ĐOÀN KON TUM", "ĐOÀN TNCS HỒ CHÍ MINH"]),
    ],
)
def test_the_word_file_stands_under_the_units_own_head(scene, client, kind, name, symbol, expected):
    make_area("Tỉnh Kon Tum", level="province")
    Unit.objects.filter(pk=scene.unit.pk).update(kind=kind, name=name, symbol=symbol)
    write_and_send(scene.report, scene.person, "Đã mở 3 lớp\nCho 120 người")
    client.force_login(scene.person)

    answer = client.get(reverse("tasks:report_docx", args=[scene.report.pk]))

    paper = Document(io.BytesIO(answer.content))
    head = "\n".join(cell.text for cell in paper.tables[0].rows[0].cells)
    text = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert [part for part in expected if part not in head] == []
    assert "BÁO CÁO" in text and "Đã mở 3 lớp\nCho 120 người" in text
    assert "ngày \u00a0" in head and head.rstrip().endswith("năm 2024")


def test_the_word_file_of_a_draft_is_the_units_own(scene, office, client):
    url = reverse("tasks:report_docx", args=[scene.report.pk])
    client.force_login(scene.person)
    assert client.get(url).status_code == 200
    client.force_login(office)
    assert client.get(url).status_code == 404
