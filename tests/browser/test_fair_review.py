"""The review is fair and on record: one section returned and accepted in the second round, another day than asked for."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tasks.drafts.inputs import SectionInput
from tasks.models import Assignment, ReportRound
from tests.browser.acts import WIDTHS, report_of
from tests.browser.conftest import axe_findings, sign_in, wider_than_the_screen

BOTH_WIDTHS = pytest.mark.parametrize("width", list(WIDTHS))


def sound(page: Page) -> None:
    """Nothing sticks out and axe finds nothing."""
    assert (axe_findings(page), wider_than_the_screen(page)) == ([], 0)


@BOTH_WIDTHS
def test_one_section_comes_back_is_mended_and_accepted_in_its_second_round(stage, new_visitor, width):
    stage.issued()
    report = report_of(
        "tinhdoan", {code: SectionInput(results="Đã mở 3 lớp.", claims_completion=False) for code in ("1a.1", "1a.4")}
    )
    stage.turn_clock("2024-02-21")
    office, unit = new_visitor(**WIDTHS[width]), new_visitor(**WIDTHS[width])
    sign_in(office, stage, "vanphong")
    office.goto(f"{stage.url}/bao-cao/{report.pk}/xem-xet/")
    office.get_by_role("button", name="Chấp nhận mục 1a.4").click()
    card = office.locator("details", has_text="Trả lại mục 1a.1")
    card.locator("summary").first.click()
    card.get_by_label("Lý do: Kết quả").fill("Ghi rõ số người dự.")
    sound(office)
    card.get_by_role("button", name="Trả lại mục 1a.1").click()
    expect(office.get_by_text("Đã trả lại mục 1a.1")).to_be_visible()

    sign_in(unit, stage, "tinhdoan")
    unit.goto(f"{stage.url}/don-vi/")
    unit.get_by_role("link", name=re.compile("^Sửa và gửi lại")).first.click()
    section = unit.locator("details.dt-section").filter(has_text="1a.1")
    expect(section.get_by_text("Ghi rõ số người dự.").first).to_be_visible()
    section.get_by_label("Kết quả thực hiện").fill("Đã mở 3 lớp cho 120 người.")
    sound(unit)
    unit.locator(".dt-form-foot").get_by_role("button", name=re.compile("Gửi")).click()
    unit.get_by_role("button", name="Đồng ý").click()
    unit.wait_for_url(re.compile(r"/don-vi/bao-cao/\d+/$"))

    office.goto(f"{stage.url}/bao-cao/{report.pk}/xem-xet/")
    expect(office.get_by_text("gửi lần 2").first).to_be_visible()
    expect(office.locator("ins").get_by_text("cho 120 người").first).to_be_visible()
    sound(office)
    office.get_by_role("button", name="Chấp nhận mục 1a.1").click()
    expect(office.get_by_text("Đã chấp nhận mục 1a.1.")).to_be_visible()
    rounds = ReportRound.objects.order_by("section__assignment__task__code", "number")
    assert list(rounds.values_list("section__assignment__task__code", "number", "decision")) == [
        ("1a.1", 1, "returned"),
        ("1a.1", 2, "accepted"),
        ("1a.4", 1, "accepted"),
    ]


@BOTH_WIDTHS
def test_a_unit_asks_for_more_time_and_gets_another_day(stage, new_visitor, width):
    stage.issued()
    work = Assignment.objects.get(unit__code="tinh-doan", task__code="1a.3")
    Assignment.objects.filter(pk=work.pk).update(state="in_progress", acknowledged_on=date(2024, 2, 15))
    stage.turn_clock("2024-03-20")
    unit, office = new_visitor(**WIDTHS[width]), new_visitor(**WIDTHS[width])
    sign_in(unit, stage, "tinhdoan")
    unit.goto(f"{stage.url}/don-vi/")
    unit.get_by_role("link", name="Xin gia hạn việc 1a.3").click()
    unit.get_by_label("Xin gia hạn đến ngày").fill("19/4/2024")
    unit.get_by_label("Lý do").fill("Gắn với hội nghị sơ kết quý I.")
    sound(unit)
    unit.get_by_role("button", name="Gửi đề nghị").click()

    sign_in(office, stage, "vanphong")
    office.goto(f"{stage.url}/hom-nay/")
    asked = office.get_by_role("listitem").filter(has_text="Tỉnh đoàn xin gia hạn 1a.3 đến 19/4/2024")
    asked.get_by_role("link", name="Quyết định").click()
    office.get_by_label("Đồng ý gia hạn").check()
    office.get_by_label("Gia hạn đến ngày").fill("12/4/2024")
    office.get_by_label("Ý kiến").fill("Đồng ý, để kịp tổng hợp quý I.")
    sound(office)
    office.get_by_role("button", name="Ghi quyết định").click()
    office.wait_for_url(lambda url: "quyet-dinh" not in url)

    unit.goto(f"{stage.url}/don-vi/viec/{work.pk}/gia-han/")
    expect(unit.get_by_text("đã gia hạn 1 lần")).to_be_visible()
    expect(unit.get_by_text("đến 12/4/2024")).to_be_visible()
    expect(unit.get_by_text("Đồng ý, để kịp tổng hợp quý I.")).to_be_visible()
    work.refresh_from_db()
    assert (work.due_original, work.due_current, work.extended_times) == (date(2024, 3, 29), date(2024, 4, 12), 1)
