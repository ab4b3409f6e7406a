"""An inspection from the notebook to the closed finding: written at a desk, answered on a phone; the month at both widths."""

import io

import pytest
from PIL import Image

from tasks.models import Finding
from tests.browser.conftest import axe_findings, shot, sign_in, wider_than_the_screen

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def picture() -> dict:
    """A photo as a phone attaches it."""
    written = io.BytesIO()
    Image.new("RGB", (1200, 900), "green").save(written, "JPEG")
    return {"name": "duong.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}


def write_down(page, stage, *, asks: bool) -> None:
    """The monitor begins the notebook, writes one place with a finding, and sends it."""
    page.goto(f"{stage.url}/kiem-tra/")
    page.get_by_role("link", name="Ghi cuộc kiểm tra").click()
    page.get_by_role("button", name="Tiếp: ghi nơi kiểm tra").click()
    page.get_by_label("Loại nơi").select_option(label="Trục đường")
    page.get_by_label("Tên nơi kiểm tra").fill("Đường Hùng Vương")
    page.get_by_label("Đơn vị phụ trách").select_option(label="Huyện ủy Đắk Hà")
    page.get_by_label("Kiến nghị").fill("Nhà bà Hoa chưa treo cờ")
    page.get_by_label("Ảnh").set_input_files(picture())
    page.get_by_role("button", name="Ghi nơi này").click()
    # A house is no place to inspect: told in words, nothing typed is lost.
    page.locator("#main").get_by_text("Chỗ cần sửa: “Nhà bà”").first.wait_for()
    assert page.get_by_label("Tên nơi kiểm tra").input_value() == "Đường Hùng Vương"
    page.get_by_label("Kiến nghị").fill("Băng rôn đã phai màu, cần thay")
    page.get_by_label("Ảnh").set_input_files(picture())
    page.get_by_role("button", name="Ghi nơi này").click()
    page.get_by_role("button", name="Gửi 1 đơn vị (1 kiến nghị)").click()
    if asks:
        page.get_by_role("button", name="Đồng ý").click()
    page.get_by_text("Đã gửi kết quả kiểm tra: 1 kiến nghị chờ đơn vị trả lời.").wait_for()


@pytest.mark.parametrize("script", [True, False])
def test_an_inspection_is_made_answered_on_a_phone_and_closed(stage, new_visitor, script):
    stage.issued()
    monitor = new_visitor(java_script_enabled=script)
    sign_in(monitor, stage, "tuyengiao")
    write_down(monitor, stage, asks=script)
    if script:
        shot(monitor, "inspection")
        assert axe_findings(monitor) == []

    phone = new_visitor(java_script_enabled=script, **PHONE)
    sign_in(phone, stage, "dakha")
    phone.goto(f"{stage.url}/don-vi/")
    # One tap to the finding, one to send; besides typing.
    phone.get_by_role("link", name="Trả lời kiến nghị tại Đường Hùng Vương").click()
    phone.get_by_label("Đã làm gì").fill("Đã thay băng rôn mới")
    if script:
        shot(phone, "finding-phone")
        assert (axe_findings(phone), wider_than_the_screen(phone)) == ([], 0)
    phone.get_by_role("button", name="Gửi trả lời").click()
    phone.get_by_text("Đã gửi trả lời; bên kiểm tra sẽ xác nhận.").wait_for()

    monitor.goto(f"{stage.url}/don-vi/")
    monitor.get_by_role("link", name="Xác nhận kiến nghị tại Đường Hùng Vương").click()
    monitor.get_by_role("button", name="Xác nhận đã khắc phục").click()
    monitor.get_by_text("Đã xác nhận khắc phục.").wait_for()
    assert list(Finding.objects.values_list("state", flat=True)) == ["closed"]


def test_an_event_is_recorded_on_a_phone_and_stands_in_the_month(stage, new_visitor):
    stage.issued()
    phone = new_visitor(**PHONE)
    sign_in(phone, stage, "dakha")
    phone.goto(f"{stage.url}/don-vi/")
    phone.get_by_role("link", name="Đợt sinh hoạt chính trị tư tưởng").first.click()
    phone.get_by_role("link", name="Ghi sự kiện").click()
    phone.get_by_label("Tên sự kiện").fill("Hội nghị quán triệt")
    phone.get_by_label("Đã tổ chức").check()
    phone.get_by_label("Lượt người dự").fill("220")
    phone.get_by_role("button", name="Ghi sự kiện", exact=True).click()
    phone.get_by_text("Đã ghi sự kiện ngày 15/02/2024.").wait_for()

    phone.goto(f"{stage.url}/lich/")
    phone.get_by_role("link", name="Hội nghị quán triệt – Huyện ủy Đắk Hà").wait_for()
    assert (axe_findings(phone), wider_than_the_screen(phone)) == ([], 0)
    # Days without anything are left out of the list.
    assert phone.get_by_role("link", name="Thứ Sáu, ngày 16").is_visible() is False


def test_the_month_is_walked_with_the_arrow_keys(stage, new_visitor):
    stage.issued()
    page = new_visitor()
    sign_in(page, stage, "vanphong")
    page.goto(f"{stage.url}/lich/?thang=2024-05")
    page.get_by_role("link", name="Kỷ niệm 70 năm").first.wait_for()
    shot(page, "month")
    page.locator("[data-dt-month] .dt-month__day").first.focus()

    for key in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")

    page.get_by_role("heading", level=1, name="Thứ Tư, 08/5/2024").wait_for()
    assert axe_findings(page) == []
