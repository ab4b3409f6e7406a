"""A list from its messy file to a commune's signed review, in Chromium; the main line once more on a phone without JavaScript."""

import io
import re
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from accounts.models import User
from directive_tracker import clock
from directive_tracker.demo_people import create_demo_people
from directive_tracker.vietnamese import fold
from records import jobs_runner
from records.models import Job
from tests.browser.acts import PHONE
from tests.browser.conftest import axe_findings, sign_in, wider_than_the_screen
from tests.browser.stage import PASSWORD, Stage
from tests.factories import at
from units.models import Area
from units.reference import load_reference
from veterans import area_reviews, campaigns, people
from veterans.enums import Category, Living
from veterans.models import AreaReview, DuplicatePair, Person, VerificationStep

pytestmark = pytest.mark.django_db(transaction=True)

SENDER = "Ủy ban MTTQ huyện Đăk Hà"
# Two heading rows, a section a commune, three rows that are wrong in three ways, a total, a place and a signature. What "Mã hồ
# sơ" holds nobody can know but the sender.
LIST = (
    ("ỦY BAN MTTQ HUYỆN ĐĂK HÀ",),
    ("DANH SÁCH RÀ SOÁT NGƯỜI THAM GIA CHIẾN DỊCH ĐIỆN BIÊN PHỦ",),
    (),
    ("STT", "Họ và tên", "Năm sinh", None, "Thôn, làng", "Đối tượng", "Mã hồ sơ", "Còn sống"),
    (None, None, "Nam", "Nữ", None, None, None, None),
    ("I. Xã Đăk Mar",),
    (1, "LÒ VĂN ƠN", 1930, None, "Thôn 4", "TNXP", None, "x"),
    (2, "Ông A Thút", 1930, None, "Thôn 2", "DCHT", "062030000011", "x"),
    (3, "Y Blưm", None, 1932, "Thôn 1", "DCHT", "062132000012", "x"),
    (4, None, None, 1934, "Thôn 3", "TNXP", None, "x"),
    ("II. Xã Ngọk Réo",),
    (5, "Y Krăm", None, 1935, "Làng Kon Rôn", "DCHT", None, "x"),
    (6, "A Grêng", "19x1", None, "Làng Kon Jong", "DCHT", None, "x"),
    (7, "Đoàn Văn Chất", 1932, None, "Làng Kon Jong", "bảo vệ", None, "x"),
    (8, "Bà Lê Thị Nhàn", None, 1934, "Làng Kon Rôn", "TNXP", None, "x"),
    ("Cộng: 8 người",),
    (None, None, None, None, None, "Đăk Hà, ngày 01 tháng 3 năm 2024"),
    (None, None, None, None, None, "TM. BAN THƯỜNG TRỰC"),
)
MENDED = {"A Grêng": ("C", 1931), "Đoàn Văn Chất": ("F", "TNXP")}


def messy_list() -> bytes:
    """The workbook as the district's Front would send it."""
    book = Workbook()
    sheet = book.active
    sheet.title = "DS 2024"
    for row in LIST:
        sheet.append(row)
    sheet.merge_cells("C4:D4")
    for column in "ABEFGH":
        sheet.merge_cells(f"{column}4:{column}5")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def mended(returned: bytes) -> bytes:
    """The file with the wrong rows, put right where the column "Lỗi" says what is wrong."""
    book = load_workbook(io.BytesIO(returned))
    sheet = book.active
    for row in sheet.iter_rows():
        name = row[1].value
        if name in MENDED:
            letter, value = MENDED[name]
            sheet[f"{letter}{row[0].row}"] = value
        elif row[0].value == 4:
            row[1].value = "Nguyễn Thị Gái"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(name: str, content: bytes) -> dict:
    """A file for a file field."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": name, "mimeType": kind, "buffer": content}


def known() -> None:
    """Who is in the registry already: two with their numbers, one who stands in the list again, one namesake."""
    rows = (
        ("A Thút", "male", 1930, "Xã Đăk Mar", "Thôn 1", Category.LABOURER, "062030000011"),
        ("Y Blưm", "female", 1932, "Xã Đăk Mar", "Thôn 1", Category.LABOURER, "062132000012"),
        ("Lò Văn Ơn", "male", 1930, "Xã Đăk Mar", "Thôn 4", Category.YOUTH_VOLUNTEER, ""),
        ("Y Krăm", "female", 1935, "Xã Ngọk Réo", "Làng Kon Rôn", Category.LABOURER, ""),
    )
    for name, sex, year, commune, hamlet, category, number in rows:
        fields = {
            "full_name": name,
            "sex": sex,
            "birth_year": year,
            "birth_is_estimated": False,
            "residence": Area.objects.get(name=commune, parent__code="615"),
            "hamlet": hamlet,
            "living_state": Living.LIVING,
            "living_on": date(2024, 2, 20),
            "living_source": "Trưởng thôn",
        }
        people.add_person(
            fields=fields | ({"id_number": number} if number else {}),
            categories={category: ("", "")},
            by=User.objects.get(username="dakha"),
            now=at("2024-02-20", "09:00"),
        )


@pytest.fixture
def desk(stage) -> Stage:
    """Monday 04/3/2024, 08:30: the registry as it was kept before the list came."""
    load_reference()
    create_demo_people(PASSWORD, at("2024-02-14", "08:00"))
    campaigns.open_campaign(
        name="Kỷ niệm 70 năm",
        starts_on=date(2024, 2, 15),
        honour_day=date(2024, 5, 7),
        ends_on=date(2024, 5, 15),
        by=User.objects.get(username="mttq"),
        now=at("2024-02-15", "08:00"),
    )
    known()
    stage.turn_clock("2024-03-04")
    return stage


def work_off() -> None:
    """The worker does what waits."""
    for pk in Job.objects.filter(state="queued").order_by("pk").values_list("pk", flat=True):
        jobs_runner.run(pk, now=clock.now())


def press(page: Page, name: str | re.Pattern) -> None:
    """Press a button; where the page asks back, answer "Đồng ý"."""
    page.get_by_role("button", name=name).first.click()
    question = page.locator("#dt-confirm[open]")
    if question.count():
        question.get_by_role("button", name="Đồng ý").click()
    page.wait_for_load_state()


class Looks:
    """Every page that was seen first, at both widths: what axe finds, what sticks out."""

    def __init__(self, page: Page) -> None:
        self.page, self.found, self.seen = page, [], []

    def __call__(self, where: str) -> None:
        self.seen.append(where)
        for width in (1366, 390):
            self.page.set_viewport_size({"width": width, "height": 844})
            self.found += [f"{where} {width}: {rule}" for rule in axe_findings(self.page)]
            if wider_than_the_screen(self.page) > 0:
                self.found.append(f"{where} {width}: wider than the screen")
        self.page.set_viewport_size({"width": 1366, "height": 768})


def send_list(page: Page, stage: Stage, name: str, content: bytes) -> None:
    """Choose the file, say whose it is, and have it read."""
    page.goto(f"{stage.url}/so-tri-an/nhap/")
    page.get_by_label("Tệp danh sách").set_input_files(upload(name, content))
    page.get_by_label("Nơi gửi danh sách").fill(SENDER)
    page.get_by_label("Địa bàn của danh sách").select_option(label="Huyện Đăk Hà")
    press(page, "Đọc danh sách")


def result(page: Page) -> str:
    """ "tạo 3 · cập nhật 1 · giữ nguyên 1 · lỗi 3"."""
    return " · ".join(page.get_by_role("navigation", name="Kết quả theo loại").get_by_role("link").all_inner_texts())


def errors(page: Page) -> list[str]:
    """The sentences about wrong rows."""
    return page.locator(".dt-rows__main > div").all_inner_texts()


def test_a_list_goes_from_the_messy_file_to_the_signed_review_of_the_commune(desk, new_visitor):
    page, province = new_visitor(), new_visitor()
    look = Looks(page)
    sign_in(page, desk, "dakha")

    # The list is read; one column has to be told.
    page.goto(f"{desk.url}/so-tri-an/nhap/")
    look("lists")
    send_list(page, desk, "DS ra soat Dak Ha.xlsx", messy_list())
    assert result(page) == "tạo 5 · cập nhật 0 · giữ nguyên 0 · lỗi 3"
    look("result")
    page.get_by_role("link", name="Sửa cột").click()
    look("columns")
    page.get_by_label("Cột G đọc là").select_option(label="Số định danh, CCCD, CMND")
    press(page, "Đọc lại")
    assert result(page) == "tạo 3 · cập nhật 1 · giữ nguyên 1 · lỗi 3"
    assert errors(page) == [
        "Trang “DS 2024”, dòng 10, cột B “Họ và tên”: Thiếu họ và tên. Ghi họ và tên, hoặc xóa dòng nếu không có người nào.",
        "Trang “DS 2024”, dòng 13, cột C “Năm sinh – Nam”: Không đọc được năm sinh “19x1”. Ghi năm bốn chữ số (1932), ngày/tháng/năm, hoặc “khoảng 1932”.",
        "Trang “DS 2024”, dòng 14, cột F “Đối tượng”: Không biết đối tượng “bảo vệ”. Ghi chiến sĩ Điện Biên, thanh niên xung phong, dân công hỏa tuyến hoặc khác.",
    ]
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải các dòng lỗi").click()
    returned = Path(download.value.path()).read_bytes()
    press(page, "Nhập vào sổ")
    expect(page.get_by_text("Đã nhập: tạo 3 hồ sơ, cập nhật 1.")).to_be_visible()
    look("imported")

    # The wrong rows, mended in the returned file, come as a list of their own.
    send_list(page, desk, "dong loi da sua.xlsx", mended(returned))
    assert result(page) == "tạo 3 · cập nhật 0 · giữ nguyên 0 · lỗi 0"
    press(page, "Nhập vào sổ")
    expect(page.get_by_text("Đã nhập: tạo 3 hồ sơ, cập nhật 0.")).to_be_visible()
    assert Person.objects.count() == 10
    assert Person.objects.get(full_name="A Thút").hamlet == "Thôn 2"

    # The search proposes the entry that was there, and a namesake.
    work_off()
    page.goto(f"{desk.url}/so-tri-an/trung/")
    expect(page.get_by_text("2 cặp chờ xem")).to_be_visible()
    look("pairs")
    page.get_by_role("link", name="Xem cặp Lò Văn Ơn và Lò Văn Ơn").click()
    look("side by side")
    press(page, "Gộp hai hồ sơ")
    expect(page.get_by_text("Đã gộp hai hồ sơ. Có thể tách lại ở cuối hồ sơ này.")).to_be_visible()
    look("merged card")
    press(page, "Tách lại")
    expect(page.get_by_text("Đã tách lại: hai hồ sơ như trước khi gộp.")).to_be_visible()
    page.get_by_role("link", name="Xem cạnh hồ sơ số").click()
    press(page, "Gộp hai hồ sơ")
    assert Person.objects.on_the_list().filter(full_name="Lò Văn Ơn").count() == 1

    # Two women of one name, one commune, one year stay two, also when everything is looked through again.
    page.goto(f"{desk.url}/so-tri-an/trung/")
    page.get_by_role("link", name="Xem cặp Y Krăm và Y Krăm").click()
    page.get_by_label("Vì sao (không bắt buộc)").fill("Hai bà cùng tên, hai nhà cạnh nhau.")
    press(page, "Không phải một người")
    expect(page.get_by_text("0 cặp chờ xem")).to_be_visible()
    sign_in(province, desk, "mttq")
    province.goto(f"{desk.url}/so-tri-an/trung/")
    press(province, "Tìm lại trong cả sổ")
    work_off()
    province.goto(f"{desk.url}/so-tri-an/trung/")
    expect(province.get_by_text("0 cặp chờ xem")).to_be_visible()
    assert sorted(DuplicatePair.objects.values_list("state", flat=True)) == ["different", "merged"]

    verify_through_the_levels(page, province, desk, look)
    sign_the_review(page, desk, look)
    assert look.found == []
    assert len(look.seen) == 11


def tick_and_confirm(page: Page, stage: Stage, step: str, button: str, name: str) -> None:
    """On the list of work of one level."""
    page.goto(f"{stage.url}/so-tri-an/viec-xac-minh/?buoc={step}")
    page.get_by_label(f"Chọn {name}", exact=True).check()
    press(page, button)


def verify_through_the_levels(page: Page, province: Page, stage: Stage, look: Looks) -> None:
    """Hamlet, commune, district by the district's registrar; the province by its own."""
    name = "Lê Thị Nhàn"
    page.goto(f"{stage.url}/so-tri-an/viec-xac-minh/?buoc=hamlet")
    look("work list")
    tick_and_confirm(page, stage, "hamlet", re.compile("Đủ căn cứ: ghi kết quả của thôn"), name)
    expect(page.get_by_text("Đã ghi 1 người: thôn rà soát, đủ căn cứ.")).to_be_visible()
    tick_and_confirm(page, stage, "commune", re.compile("Đủ căn cứ: xác nhận cấp xã"), name)
    tick_and_confirm(page, stage, "district", re.compile("Đủ căn cứ: tổng hợp cấp huyện"), name)
    tick_and_confirm(province, stage, "province", re.compile("Đủ căn cứ: duyệt cấp tỉnh"), name)
    expect(province.get_by_text("Đã ghi 1 người: tỉnh duyệt, đủ căn cứ.")).to_be_visible()
    steps = VerificationStep.objects.filter(person__full_name=name).order_by("pk")
    assert list(steps.values_list("level", "finding", "by__username")) == [
        ("hamlet", "enough", "dakha"),
        ("commune", "enough", "dakha"),
        ("district", "enough", "dakha"),
        ("province", "enough", "mttq"),
    ]


def sign_the_review(page: Page, stage: Stage, look: Looks) -> None:
    """The commune says that it is through with its list; the table of communes shows it."""
    page.goto(f"{stage.url}/so-tri-an/ra-soat/")
    expect(page.get_by_text("Đã rà soát 0 trong 11 xã, phường, thị trấn")).to_be_visible()
    look("communes")
    page.get_by_role("link", name="Xã Đăk Mar, UBND, Mặt trận xã: Chưa rà soát").click()
    look("one source of a commune")
    page.get_by_label("Xong, có danh sách").check()
    page.get_by_label("Số người trong danh sách").fill("4")
    page.get_by_label("Ai ký").fill("Chủ tịch UBND xã")
    press(page, "Ghi")
    expect(page.get_by_text("Đã rà soát 1 trong 11 xã, phường, thị trấn")).to_be_visible()
    expect(page.locator("tr:target, tr.is-done").first).to_contain_text("✓ 4")
    look("communes, one done")
    row = AreaReview.objects.get()
    assert (row.area.name, row.state, row.people, row.signed_by, row.by.username) == (
        "Xã Đăk Mar", "done", 4, "Chủ tịch UBND xã", "dakha",
    )  # fmt: skip


def test_the_main_line_goes_on_a_phone_without_javascript(desk, new_visitor):
    page = new_visitor(**PHONE, java_script_enabled=False)
    sign_in(page, desk, "dakha")

    send_list(page, desk, "DS ra soat Dak Ha.xlsx", messy_list())
    page.get_by_role("link", name="Sửa cột").click()
    page.get_by_label("Cột G đọc là").select_option(label="Số định danh, CCCD, CMND")
    press(page, "Đọc lại")
    assert result(page) == "tạo 3 · cập nhật 1 · giữ nguyên 1 · lỗi 3"
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải các dòng lỗi").click()
    press(page, "Nhập vào sổ")
    send_list(page, desk, "dong loi da sua.xlsx", mended(Path(download.value.path()).read_bytes()))
    assert result(page) == "tạo 3 · cập nhật 0 · giữ nguyên 0 · lỗi 0"
    press(page, "Nhập vào sổ")
    assert Person.objects.count() == 10

    work_off()
    page.goto(f"{desk.url}/so-tri-an/trung/")
    page.get_by_role("link", name="Xem cặp Lò Văn Ơn và Lò Văn Ơn").click()
    press(page, "Gộp hai hồ sơ")
    press(page, "Tách lại")
    expect(page.get_by_text("Đã tách lại: hai hồ sơ như trước khi gộp.")).to_be_visible()
    tick_and_confirm(page, desk, "hamlet", re.compile("Đủ căn cứ: ghi kết quả của thôn"), "Lê Thị Nhàn")
    expect(page.get_by_text("Đã ghi 1 người: thôn rà soát, đủ căn cứ.")).to_be_visible()
    page.goto(f"{desk.url}/so-tri-an/ra-soat/")
    page.get_by_role("link", name="Xã Đăk Mar, UBND, Mặt trận xã: Chưa rà soát").click()
    page.get_by_label("Xong, có danh sách").check()
    page.get_by_label("Số người trong danh sách").fill("4")
    press(page, "Ghi")
    expect(page.get_by_text("Đã rà soát 1 trong 11 xã, phường, thị trấn")).to_be_visible()
    assert wider_than_the_screen(page) <= 0


def test_the_table_of_all_communes_prints_on_a4_with_every_commune_and_each_heading(desk, new_visitor):
    """One lying sheet, as its button says; each district has its own heading."""
    for number, commune in enumerate(Area.objects.communes().valid_on(date(2024, 3, 4)).order_by("code")):
        if number % 3:
            by, now = User.objects.get(username="mttq"), at("2024-03-04", "08:00")
            area_reviews.finish(commune, by=by, now=now, signed_by="Chủ tịch UBND")
    page = new_visitor()
    sign_in(page, desk, "mttq")
    page.goto(f"{desk.url}/so-tri-an/ra-soat/")
    expect(page.get_by_text("Đã rà soát 68 trong 102 xã, phường, thị trấn")).to_be_visible()

    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages

    width, height = (round(float(side) / 72 * 25.4) for side in sheets[0].mediabox[2:])
    texts = [fold(sheet.extract_text()).replace(" ", "").replace("\n", "") for sheet in sheets]
    names = [fold(name).replace(" ", "") for name in Area.objects.communes().valid_on(date(2024, 3, 4)).values_list("name", flat=True)]  # fmt: skip
    assert (len(sheets), width, height) == (1, 297, 210)
    assert len(names) == 102
    assert [name for name in names if name not in "".join(texts)] == []
    assert "".join(texts).count("xa,phuong,thitranxaccbtnxpthon") == 10
    assert [text.startswith("dulieuthu") or "dulieuthu" in text for text in texts] == [True] * len(texts)
