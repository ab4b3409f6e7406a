"""From the opened occasion to the last call: plan, money, approval, delegation with its sheet, a village without signal, and who is left."""

import re
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from accounts.models import User
from directive_tracker.demo_people import create_demo_people
from tests.browser.acts import PHONE
from tests.browser.conftest import axe_findings, sign_in, wider_than_the_screen
from tests.browser.stage import PASSWORD
from tests.factories import at
from units.models import Area
from units.reference import load_reference
from veterans import people, verification
from veterans.enums import Category, Living
from veterans.models import Delegation, Gift, GiftSource, Visit

pytestmark = pytest.mark.django_db(transaction=True)

# Name, year of birth, commune of the district.
PEOPLE = (("A Thút", 1930, 0), ("Y Blơ", 1928, 0), ("A Grêng", 1932, 1))


@pytest.fixture
def desk(stage):
    """Monday 15/4/2024: three people of Đăk Hà are verified, nothing has been planned."""
    load_reference()
    create_demo_people(PASSWORD, at("2024-02-14", "08:00"))
    keeper, morning = User.objects.get(username="mttq"), at("2024-04-01", "08:00")
    communes = list(Area.objects.filter(parent__code="615").order_by("code")[:2])
    for name, year, commune in PEOPLE:
        person = people.add_person(
            fields={
                "full_name": name,
                "birth_year": year,
                "birth_is_estimated": False,
                "residence": communes[commune],
                "hamlet": "Thôn 1",
                "living_state": Living.LIVING,
                "living_on": date(2024, 4, 10),
                "living_source": "Trưởng thôn",
                "phone": "0950000001",
                "health": "bedridden",
            },
            categories={Category.LABOURER: ("Giấy chứng nhận", "DC-01")},
            by=keeper,
            now=morning,
        )
        for step in ("hamlet", "commune", "district", "province"):
            verification.verify(person, to=step, by=keeper, now=morning)
    stage.turn_clock(date(2024, 4, 15), "08:30")
    return stage


def fill(page: Page, **values: str) -> None:
    """By the names of fields; a menu takes the words of a choice."""
    for name, value in values.items():
        field = page.locator(f"main [name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def is_fit_to_look_at(page: Page) -> None:
    assert (axe_findings(page), wider_than_the_screen(page) <= 0) == ([], True)


def words_of(path: Path) -> str:
    """Everything that stands in a Word file."""
    paper = Document(str(path))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(line.text for line in paper.paragraphs), *cells])


def test_from_the_opened_occasion_to_the_last_call(desk, new_visitor, tmp_path):
    page = new_visitor()
    sign_in(page, desk, "mttq")
    root = f"{desk.url}/so-tri-an"

    page.goto(f"{root}/dot/")
    expect(page.get_by_text("Chưa mở đợt tri ân nào")).to_be_visible()
    page.get_by_role("link", name="Mở đợt mới").click()
    fill(page, name="Kỷ niệm 70 năm", starts_on="15/02/2024", honour_day="07/5/2024", ends_on="15/5/2024")
    press(page, "Mở đợt")
    expect(page.get_by_role("heading", name="Kỷ niệm 70 năm")).to_be_visible()
    is_fit_to_look_at(page)

    page.get_by_role("link", name="Người chưa được thăm").first.click()
    expect(page.get_by_text("Chưa được thăm: 3 người")).to_be_visible()
    before = page.locator("main table").first.inner_text()
    assert [name for name, *_ in sorted(PEOPLE, key=lambda each: before.index(each[0]))] == [
        "Y Blơ",
        "A Thút",
        "A Grêng",
    ]
    assert before.count("Chưa có kế hoạch") == 3

    page.goto(f"{root}/ke-hoach/lap/")
    fill(
        page,
        area="Tỉnh Kon Tum",
        unit="Đảng đoàn Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh",
        intent="Không sót, không trùng.",
    )
    press(page, "Lập kế hoạch")
    page.get_by_role("link", name="Kinh phí").first.click()
    source = GiftSource.objects.get(level="province").pk
    fill(page, **{f"each_{source}": "2.000.000", f"budget_{source}": "6 triệu"})
    press(page, "Lưu kinh phí")
    expect(page.get_by_text("Số tiền chỉ gồm chữ số").first).to_be_visible()
    assert page.locator(f"[name=each_{source}]").input_value() == "2.000.000"
    fill(page, **{f"budget_{source}": "6.000.000"})
    press(page, "Lưu kinh phí")
    page.get_by_role("link", name="Đưa người vào").click()
    for name, *_ in PEOPLE:
        row = page.get_by_role("row", name=re.compile(name))
        row.get_by_role("checkbox").check()
        row.get_by_role("combobox").select_option(label="Thăm tận nhà")
    press(page, "Đưa vào những người đã đánh dấu")
    page.goto(f"{root}/ke-hoach/")
    page.locator("main table a").first.click()
    expect(page.get_by_text("6.000.000").first).to_be_visible()
    is_fit_to_look_at(page)
    press(page, "Trình phê duyệt")
    page.get_by_role("link", name="Ghi phê duyệt").click()
    fill(page, number="15", symbol="KH/MTTQ", approved_on="15/4/2024", signer="Chủ tịch")
    press(page, "Ghi phê duyệt")
    expect(page.get_by_text("Số 15-KH/MTTQ, ngày 15/4/2024")).to_be_visible()

    page.goto(f"{root}/doan/lap/")
    if page.locator("main [name=plan]").count():
        page.locator("main [name=plan]").select_option(index=1)
    fill(
        page,
        name="Đoàn số 1",
        leader="Ông Trưởng đoàn thử",
        on="15/4/2024",
        members="Bà Thành viên – Hội Cựu chiến binh",
    )
    fill(page, unit="Đảng đoàn Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh")
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_role("heading", name="Chọn người đến thăm")).to_be_visible()
    for box in page.locator("main [name=nguoi]").all():
        box.check()
    press(page, "Thêm những người đã đánh dấu vào đoàn")
    delegation = f"{root}/doan/{Delegation.objects.get().pk}/"
    page.goto(delegation)
    expect(page.get_by_text("3 người").first).to_be_visible()
    is_fit_to_look_at(page)
    texts = {}
    for label in ("Phiếu của đoàn", "Danh sách ký nhận quà"):
        page.goto(delegation)
        page.get_by_label(label).check()
        page.locator("select[name$=purpose]").last.select_option(index=1)
        with page.expect_download() as download:
            page.get_by_role("button", name="Tải tệp Word").click()
        path = tmp_path / f"{len(texts)}.docx"
        download.value.save_as(path)
        texts[label] = words_of(path)
    sheet, signatures = texts.values()
    assert [name for name, *_ in PEOPLE if name not in sheet or name not in signatures] == []
    assert [word for word in ("2.000.000", "0950000001", "Nằm một chỗ") if word in sheet] == []
    assert ("2.000.000" in signatures, "0950000001" in signatures, "Nằm một chỗ" in signatures) == (True, False, False)

    phone = new_visitor(**PHONE)
    sign_in(phone, desk, "mttq")
    phone.goto(delegation.replace("/doan/", "/di-tham/"))
    phone.get_by_role("button", name="Mang theo máy").click()
    expect(phone.get_by_text("Đã có trên máy này.")).to_be_visible()
    phone.context.set_offline(True)
    for name, *_ in PEOPLE[:2]:
        phone.get_by_role("button", name=name).click()
        phone.get_by_role("button", name="Lưu lần thăm").click()
        expect(phone.get_by_role("button", name=name)).to_be_visible()
    expect(phone.locator("[data-v=counts]")).to_have_text("2 chưa gửi, 0 đã gửi, 0 cần xem", timeout=15_000)
    assert Visit.objects.count() == 0
    phone.context.set_offline(False)
    expect(phone.locator("[data-v=counts]")).to_have_text("0 chưa gửi, 2 đã gửi, 0 cần xem", timeout=15_000)
    assert list(Gift.objects.order_by("person_id").values_list("person__full_name", "state", "money")) == [
        ("A Thút", "given", 2_000_000),
        ("Y Blơ", "given", 2_000_000),
        ("A Grêng", "promised", 2_000_000),
    ]

    page.goto(f"{root}/do-phu/")
    expect(page.get_by_text("Chưa được thăm: 1 người")).to_be_visible()
    after = page.locator("main table").first.inner_text()
    assert [name for name, *_ in PEOPLE if name in after] == ["A Grêng"]
    assert "Đoàn số 1" in after
    is_fit_to_look_at(page)

    office = new_visitor()
    sign_in(office, desk, "vanphong")
    office.goto(f"{root}/dot/")
    expect(office.get_by_role("heading", name="Kỷ niệm 70 năm")).to_be_visible()
    assert [name for name, *_ in PEOPLE if name in office.content()] == []
