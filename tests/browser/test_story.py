"""The main job in Chromium, from the draft to the Standing Committee's page; once more without JavaScript."""

import io
import re

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfWriter

from tasks.models import Assignment, UnitReport
from tests.browser.conftest import axe_findings, shot, sign_in
from tests.browser.stage import Stage


def a_paper() -> bytes:
    """A real PDF of one blank sheet."""
    writer, sheet = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=595, height=842)
    writer.write(sheet)
    return sheet.getvalue()


def press(page: Page, name: str | re.Pattern) -> None:
    """Press a button; where the page asks back, answer "Đồng ý"."""
    page.get_by_role("button", name=name).first.click()
    question = page.locator("#dt-confirm[open]")
    if question.count():
        question.get_by_role("button", name="Đồng ý").click()


def section_of(page: Page, code: str):
    """The part of the report form about one task, unfolded."""
    section = page.locator(
        "details.dt-section", has=page.locator("summary .dt-code", has_text=re.compile(f"^{re.escape(code)}$"))
    )
    if section.get_attribute("open") is None:
        section.locator("summary").first.click()
    return section


def play_the_story(stage: Stage, new_visitor, *, script: bool) -> None:
    """Office issues → district acknowledges, reports, its head approves → office returns one, accepts one →
    corrected, accepted → the Standing Committee reads down to the sentence."""
    directive = stage.draft()
    office, unit, head, reader = (new_visitor(java_script_enabled=script) for _ in range(4))

    # The office previews and issues.
    sign_in(office, stage, "vanphong")
    office.goto(f"{stage.url}/van-ban/{directive.pk}/")
    office.get_by_role("link", name="Xem trước và giao").click()
    press(office, "Giao 111 phần việc")
    expect(office.get_by_text("Đã giao 113 phần việc cho 23 đơn vị.")).to_be_visible()

    # The district takes note, writes, keeps a draft, comes back to it.
    stage.turn_clock("2024-02-19", "09:00")
    sign_in(unit, stage, "dakha")
    press(unit, "Tiếp nhận tất cả (5)")
    press(unit, "Báo cáo của đơn vị")
    first = section_of(unit, "1a.3")
    first.get_by_label("Kết quả", exact=False).first.fill("Đã ban hành văn bản phát động thi đua.")
    press(unit, "Lưu nháp") if not script else unit.locator(".dt-form-foot").get_by_role(
        "button", name="Lưu nháp"
    ).click()
    unit.goto(f"{stage.url}/don-vi/")
    press(unit, "Báo cáo của đơn vị")
    first = section_of(unit, "1a.3")
    expect(first.get_by_label("Kết quả", exact=False).first).to_have_value("Đã ban hành văn bản phát động thi đua.")

    # A claim without the paper is refused beside the field; with it, the report goes to the head.
    first.get_by_label("Đã xong, đề nghị Văn phòng xác nhận").check()
    second = section_of(unit, "1a.2")
    second.get_by_label("Kết quả", exact=False).first.fill("Đã treo băng rôn tại trung tâm huyện.")
    foot = unit.locator(".dt-form-foot")
    foot.get_by_role("button", name=re.compile("Trình|Gửi")).click()
    if script:
        unit.locator("#dt-confirm").get_by_role("button", name="Đồng ý").click()
    expect(unit.locator(".dt-errors")).to_contain_text("Hãy ghi số, ký hiệu hoặc đính kèm")
    first = section_of(unit, "1a.3")
    expect(first.get_by_label("Kết quả", exact=False).first).to_have_value("Đã ban hành văn bản phát động thi đua.")
    first.get_by_label("Số", exact=True).first.fill("15")
    first.get_by_label("Ký hiệu").first.fill("KH/HU")
    first.get_by_label("Tệp văn bản").first.set_input_files(
        {"name": "ke-hoach.pdf", "mimeType": "application/pdf", "buffer": a_paper()}
    )
    shot(unit, "report-form")
    unit.locator(".dt-form-foot").get_by_role("button", name=re.compile("Trình|Gửi")).click()
    if script:
        unit.locator("#dt-confirm").get_by_role("button", name="Đồng ý").click()
    unit.wait_for_url(re.compile(r"/don-vi/bao-cao/\d+/$"))

    # The head lets it go to the office.
    report = UnitReport.objects.get()
    sign_in(head, stage, "dakha.lanhdao")
    head.goto(f"{stage.url}/don-vi/bao-cao/{report.pk}/duyet/")
    press(head, re.compile("Duyệt và gửi"))
    head.wait_for_load_state()

    # The office returns one section (first without a reason), accepts the other.
    office.goto(f"{stage.url}/hom-nay/")
    office.get_by_role("link", name=re.compile("Huyện ủy Đắk Hà gửi báo cáo")).click()
    card = office.locator("details", has_text="Trả lại mục 1a.3")
    card.locator("summary").first.click()
    card.get_by_label("Số liệu", exact=True).check()
    press(office, "Trả lại mục 1a.3")
    expect(office.locator(".dt-errors").first).to_contain_text("Hãy ghi lý do trả lại")
    card = office.locator("details", has_text="Trả lại mục 1a.3")
    expect(card.get_by_label("Số liệu", exact=True)).to_be_checked()
    card.get_by_label("Lý do: Số liệu").fill("Ghi rõ số công trình.")
    press(office, "Trả lại mục 1a.3")
    expect(office.get_by_text("Đã trả lại mục 1a.3")).to_be_visible()
    press(office, "Chấp nhận mục 1a.2")
    expect(office.get_by_text("Đã chấp nhận mục 1a.2.")).to_be_visible()

    # Corrected, approved again, accepted.
    stage.turn_clock("2024-02-20", "09:00")
    unit.goto(f"{stage.url}/don-vi/bao-cao/{report.pk}/soan/")
    first = section_of(unit, "1a.3")
    expect(first).to_contain_text("Ghi rõ số công trình.")
    first.get_by_label("Kết quả", exact=False).first.fill("Đã phát động; đăng ký 3 công trình.")
    unit.locator(".dt-form-foot").get_by_role("button", name=re.compile("Trình|Gửi")).click()
    if script:
        unit.locator("#dt-confirm").get_by_role("button", name="Đồng ý").click()
    unit.wait_for_url(re.compile(r"/don-vi/bao-cao/\d+/$"))
    head.goto(f"{stage.url}/don-vi/bao-cao/{report.pk}/duyet/")
    press(head, re.compile("Duyệt và gửi"))
    head.wait_for_load_state()
    office.goto(f"{stage.url}/bao-cao/{report.pk}/xem-xet/")
    press(office, "Chấp nhận mục 1a.3")
    expect(office.get_by_text("Đã chấp nhận mục 1a.3.")).to_be_visible()
    assert Assignment.objects.get(task__code="1a.3", unit__code="hu-dak-ha").state == "completed"

    # The Standing Committee: the figures add up, a cell leads to sentence, report, telephone.
    sign_in(reader, stage, "thuongtruc")
    reader.goto(f"{stage.url}/tong-quan/{directive.pk}/")
    expect(reader.get_by_text("1 + 89 = 90")).to_be_visible()
    done = Assignment.objects.get(task__code="1a.3", unit__code="hu-dak-ha")
    reader.goto(f"{stage.url}/ma-tran/{directive.pk}/")
    cell = reader.locator(f'a[href*="/phan-viec/{done.pk}/"]').first
    cell.click()
    place = reader.locator("#side-panel") if script else reader.locator("main")
    expect(place.locator("mark").first).to_contain_text("thi đua yêu nước")
    expect(place).to_contain_text("Đã phát động; đăng ký 3 công trình.")
    expect(place.locator('a[href^="tel:"]').first).to_be_visible()
    if script:
        assert axe_findings(reader) == []
        reader.keyboard.press("Escape")
        expect(cell).to_be_focused()

    # What is not one's own does not exist.
    foreign = Assignment.objects.filter(unit__code="hu-ngoc-hoi").first()
    assert unit.goto(f"{stage.url}/phan-viec/{foreign.pk}/").status == 404


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_directive_becomes_work_reports_and_a_page_that_tells_the_truth(stage, new_visitor, script):
    play_the_story(stage, new_visitor, script=script)
