"""Reports whose signed paper is the original and whose scan is missing: the office's list, its filter, its sheet."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from records.models import StoredFile
from tasks.models import Directive, UnitReport
from tasks.papers.missing import sheet_of_missing
from tests.factories import at, make_directive, make_membership, make_office_user, make_reporter, make_unit, make_user
from units.models import Role

pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 15)
LIST, SHEET = "/bao-cao/thieu-ban-chup/", "/bao-cao/thieu-ban-chup/xuat/"


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    monkeypatch.setattr("directive_tracker.clock.now", lambda: at(TODAY))
    monkeypatch.setattr("directive_tracker.clock.today", lambda: TODAY)


@pytest.fixture
def office(client):
    user = make_office_user()
    client.force_login(user)
    return user


@pytest.fixture
def directive():
    return make_directive(report_original="paper", short_title="Trên giấy")


def sent(directive: Directive, unit, by, day="2024-04-10", state="submitted", **values) -> UnitReport:
    return UnitReport.objects.create(
        directive=directive, unit=unit, state=state, created_by=by, created_at=at(day), saved_by=by, saved_at=at(day),
        submitted_by=by, submitted_at=None if state == "draft" else at(day), **values,
    )  # fmt: skip


def names(page) -> list[str]:
    return [row.report.unit.name for row in page.context["rows"]]


def test_the_list_holds_what_was_sent_without_its_scan_longest_missing_first(client, office, directive):
    scan = StoredFile.objects.create(
        sha256="a" * 64,
        size=1,
        content_type="application/pdf",
        original_name="a.pdf",
        uploaded_by=office,
        uploaded_at=at(TODAY),
    )
    sent(directive, make_unit("Gửi sau"), office, "2024-04-12")
    sent(directive, make_unit("Đã chấp nhận"), office, "2024-04-08", state="decided")
    sent(directive, make_unit("Gửi trước"), office, "2024-04-05")
    sent(directive, make_unit("Đủ"), office, signed_file=scan)
    sent(directive, make_unit("Bị trả lại"), office, state="returned")
    sent(directive, make_unit("Đang soạn"), office, state="draft")
    sent(make_directive(), make_unit("Bản chính trên hệ thống"), office)
    sent(make_directive(report_original="paper", state="closed"), make_unit("Đã kết thúc"), office)

    page = client.get(LIST)

    assert names(page) == ["Gửi trước", "Đã chấp nhận", "Gửi sau"]
    assert [row.waits for row in page.context["rows"]] == [
        "đã 6 ngày làm việc",
        "đã 5 ngày làm việc",
        "đã 1 ngày làm việc",
    ]


def test_the_filter_narrows_by_document_and_by_unit_without_accents(client, office, directive):
    other = make_directive(report_original="paper")
    dak_ha, ngoc_hoi = make_unit("Huyện ủy Đắk Hà"), make_unit("Huyện ủy Ngọc Hồi")
    sent(directive, dak_ha, office)
    sent(directive, ngoc_hoi, office)
    sent(other, ngoc_hoi, office)

    by_unit, by_directive = client.get(LIST, {"q": "ngoc hoi"}), client.get(LIST, {"directive": directive.pk})

    assert names(by_unit) == ["Huyện ủy Ngọc Hồi", "Huyện ủy Ngọc Hồi"]
    assert names(by_directive) == ["Huyện ủy Đắk Hà", "Huyện ủy Ngọc Hồi"]


@pytest.mark.parametrize("value", ["999999", "x", "-1", "٣", "9" * 40])
def test_a_document_that_is_none_is_said_and_left_out(client, office, directive, value):
    sent(directive, make_unit("Huyện ủy Đắk Hà"), office)

    page = client.get(LIST, {"directive": value})

    assert "Đã bỏ qua: Văn bản. Điều kiện khác vẫn giữ." in page.content.decode()
    assert names(page) == ["Huyện ủy Đắk Hà"]


def test_a_row_says_whom_to_telephone_and_the_sheet_does_not(client, office, directive):
    unit = make_unit("Huyện ủy Đắk Hà")
    make_reporter(unit, "dakha", full_name="Y Hương", phone="0260 3862 524")
    sent(directive, unit, office, paper_number="12", paper_symbol="BC/HU", paper_signer="A Thắng")

    page, sheet = client.get(LIST), client.get(SHEET)
    rows = list(load_workbook(io.BytesIO(sheet.content)).active.values)

    assert 'href="tel:02603862524"' in page.content.decode()
    assert rows[-1][:3] == ("Huyện ủy Đắk Hà", "Trên giấy", "Giữa kỳ")
    assert rows[-1][4] == "12-BC/HU"
    assert "3862" not in str(rows)


def test_the_sheet_holds_what_the_filter_chose(client, office, directive):
    sent(directive, make_unit("Huyện ủy Đắk Hà"), office)
    sent(directive, make_unit("Huyện ủy Ngọc Hồi"), office)

    rows = list(load_workbook(io.BytesIO(client.get(SHEET, {"q": "dak ha"}).content)).active.values)

    assert [row[0] for row in rows] == ["Đơn vị", "Huyện ủy Đắk Hà"]


def test_the_day_leads_to_the_list_where_something_is_missing_and_only_there(client, office, directive):
    before = client.get("/hom-nay/").content.decode()
    sent(directive, make_unit("Huyện ủy Đắk Hà"), office, state="decided")
    after = client.get("/hom-nay/").content.decode()

    assert LIST not in before
    assert f'<a href="{LIST}">1 báo cáo thiếu bản chụp đã ký</a>' in after


def test_the_list_is_the_offices_alone(client, directive):
    reader = make_user("thuongtruc")
    make_membership(reader, make_unit("Thường trực"), Role.READER)
    for person in (reader, make_reporter(make_unit("Huyện ủy Đắk Hà"), "dakha")):
        client.force_login(person)
        assert (client.get(LIST).status_code, client.get(SHEET).status_code) == (403, 403)


@pytest.mark.parametrize("count", [1, 300])
def test_the_list_asks_the_same_statements_for_one_report_and_three_hundred(
    client, office, directive, count, django_assert_num_queries
):
    for number in range(count):
        sent(directive, make_unit(f"Đơn vị {number}"), office)
    client.get(LIST)

    with django_assert_num_queries(7):
        page = client.get(LIST)

    assert len(page.context["rows"]) == min(count, 25)


def test_a_sheet_that_is_cut_off_says_so(office, directive):
    report = sent(directive, make_unit("Huyện ủy Đắk Hà"), office)

    whole, cut = (
        list(load_workbook(io.BytesIO(sheet_of_missing([report] * count, demo=True))).active.values)
        for count in (2000, 2001)
    )

    assert (len(whole), len(cut)) == (2002, 2003)
    assert whole[0][0] == "DỮ LIỆU THỬ – SỐ LIỆU GIẢ ĐỊNH"
    assert cut[-1][0] == "Còn báo cáo khác; bảng này chỉ ghi 2.000 báo cáo gửi lâu nhất."
