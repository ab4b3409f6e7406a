"""A later document moves a day: recorded, corrected, its effect shown, issued; read by the unit. With and without JavaScript."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from directive_tracker import clock
from tasks.drafting.editing import check_off
from tasks.models import Assignment, Directive
from tests.browser.conftest import axe_findings, shot, sign_in, wider_than_the_screen

LETTER = """TỈNH ỦY SÔNG MÂY
Số 912-CV/TU
Sông Mây, ngày 16 tháng 4 năm 2024

V/v điều chỉnh thời gian

Kính gửi:
- Ban Tuyên giáo Tỉnh ủy.

1. Ban Tuyên giáo Tỉnh ủy tổng hợp kết quả điều chỉnh, báo cáo trước ngày 10/5/2024.

2. Lùi thời hạn nhiệm vụ 1a.2 đến hết ngày 15/5/2024.

Nơi nhận:
- Như trên.

T/M BAN THƯỜNG VỤ
PHÓ BÍ THƯ

Lê Văn Thử
"""
SENTENCE = "Lùi thời hạn nhiệm vụ 1a.2 đến hết ngày 15/5/2024."


def record(page, stage) -> Directive:
    """The office records the letter."""
    page.goto(f"{stage.url}/van-ban/moi/")
    file = {"name": "dieu-chinh.txt", "mimeType": "text/plain", "buffer": LETTER.encode()}
    page.locator("[name=file]").set_input_files(file)
    page.get_by_label("Văn bản này không có độ mật").check()
    page.get_by_role("button", name="Ghi văn bản", exact=True).click()
    page.wait_for_url(re.compile(r"/van-ban/\d+/"))
    return Directive.objects.get(number="912-CV/TU")


@pytest.mark.parametrize("script", [True, False])
def test_a_later_document_moves_the_day_of_work(stage, new_visitor, script):
    stage.issued()
    office = new_visitor(java_script_enabled=script)
    sign_in(office, stage, "vanphong")
    later = record(office, stage)

    # A slip is corrected: the original stays beside.
    office.goto(f"{stage.url}/van-ban/{later.pk}/loi-van/moi/")
    office.get_by_label("Lý do sửa").fill("Sửa theo bản ký")
    office.locator("[name=words]").fill(LETTER.replace("Như trên", "Như kính gửi"))
    office.get_by_label("Lời văn này không có độ mật").check()
    office.get_by_role("button", name="Lưu bản sửa").click()
    office.get_by_text("Đã thêm bản 2 của lời văn.").wait_for()
    if script:
        shot(office, "text-versions")
        assert axe_findings(office) == []

    # From the document to the task to what is done.
    office.goto(f"{stage.url}/van-ban/{later.pk}/sua-doi/")
    earlier = Directive.objects.exclude(pk=later.pk).get()
    office.get_by_role("link", name=earlier.title).click()
    office.get_by_role("link", name=re.compile(r"^1a\.2 ")).click()
    office.get_by_role("link", name="Đổi hạn").click()
    office.get_by_label("Hạn mới").fill("15/5/2024")
    office.get_by_label("Câu trong văn bản này").fill(SENTENCE)
    office.get_by_role("button", name="Ghi điểm sửa đổi").click()
    expect(office.get_by_role("region", name="Bảng: Thay đổi gì cho ai").locator("tbody tr")).to_have_count(20)
    if script:
        shot(office, "amendments")
        assert axe_findings(office) == []
        office.set_viewport_size({"width": 390, "height": 844})
        assert not wider_than_the_screen(office)
        office.set_viewport_size({"width": 1366, "height": 768})

    check_off(later, later.tasks.all(), by=later.recorded_by, now=clock.now())
    office.goto(f"{stage.url}/van-ban/{later.pk}/giao/")
    office.get_by_role("button", name=re.compile("^Giao, sửa đổi")).click()
    if script:
        office.get_by_role("button", name="Đồng ý").click()
    office.get_by_text("Đã giao văn bản; các điểm sửa đổi có hiệu lực.").wait_for()

    part = Assignment.objects.get(directive=earlier, task__code="1a.2", unit__short_name__contains="Đắk Hà")
    assert part.due_current == date(2024, 5, 15)
    unit = new_visitor(java_script_enabled=script)
    sign_in(unit, stage, "dakha")
    unit.goto(f"{stage.url}{part.get_absolute_url()}")
    unit.get_by_text(f"“{SENTENCE}”").first.wait_for()
