"""A district hands work on to three communes; what they report stands beside its own report and is put in by one click."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from directive_tracker.demo_people import COMMUNES as PEOPLE
from tasks.models import Assignment, Indicator, ProgressReport
from tests.browser.acts import WIDTHS
from tests.browser.conftest import axe_findings, sign_in, wider_than_the_screen
from tests.browser.stage import Stage
from units.models import Unit

COMMUNES = 3
SESSIONS = (12, 15, 18)


def the_work() -> Assignment:
    """The district's part of 1a.2, in its hands, with a count of sessions."""
    work = Assignment.objects.get(unit__name="Huyện ủy Đắk Hà", task__code="1a.2", role="lead")
    Assignment.objects.filter(pk=work.pk).update(state="in_progress", acknowledged_on=date(2024, 2, 15))
    work.task.indicators.all().delete()
    Indicator.objects.create(
        task=work.task, code="CT99", order=9, name="Số buổi phát thanh", measure="buổi", mode="in_period"
    )
    return work


def the_communes() -> list[tuple[Unit, str]]:
    """Three communes below the district, each with the name its focal point signs in by."""
    return [(Unit.objects.get(code=code), username) for code, username, _ in PEOPLE[:COMMUNES]]


def hand_on(page: Page, work: Assignment, units: list[Unit]) -> None:
    page.goto(page.url.split("/don-vi/")[0] + f"/phan-viec/{work.pk}/")
    page.get_by_role("link", name="Giao lại một phần").click()
    for unit in units:
        page.get_by_label(unit.name, exact=True).check()
    page.get_by_label("Nội dung giao lại").fill("Phát thanh về chiến thắng Điện Biên Phủ, báo cáo số buổi.")
    page.get_by_label(re.compile("Hạn của phần giao lại")).fill("8/3/2024")
    assert wider_than_the_screen(page) == 0
    page.get_by_role("button", name="Giao lại").click()
    expect(page.get_by_text("Đã giao lại cho 3 đơn vị")).to_be_visible()


def report_on_the_page(page: Page, stage: Stage, username: str, sessions: int) -> None:
    """The commune's focal point opens the report, writes what was done, and sends it."""
    sign_in(page, stage, username)
    page.get_by_role("button", name="Báo cáo của đơn vị").first.click()
    page.wait_for_url(re.compile("/soan/"))
    section = page.locator("details.dt-section").first
    if section.get_attribute("open") is None:
        section.locator("summary").first.click()
    section.get_by_label("Kết quả thực hiện").fill(f"Đã phát thanh {sessions} buổi.")
    section.get_by_label("Số buổi phát thanh").fill(str(sessions))
    page.locator(".dt-form-foot").get_by_role("button", name=re.compile("^Gửi")).click()
    page.get_by_role("button", name="Đồng ý").click()
    page.wait_for_url(re.compile(r"/don-vi/bao-cao/\d+/$"))


@pytest.mark.parametrize("width", list(WIDTHS))
def test_three_communes_report_and_the_district_puts_it_into_its_own_report_by_one_click(stage, new_visitor, width):
    stage.issued()
    work, communes = the_work(), the_communes()
    page = new_visitor(**WIDTHS[width])
    sign_in(page, stage, "dakha")
    page.goto(f"{stage.url}/don-vi/")
    hand_on(page, work, [unit for unit, _ in communes])

    stage.turn_clock("2024-02-20")
    for (_, username), sessions in zip(communes, SESSIONS, strict=True):
        report_on_the_page(new_visitor(**WIDTHS[width]), stage, username, sessions)
    stage.turn_clock("2024-02-21")
    for _ in communes:
        page.goto(f"{stage.url}/phan-viec/{work.pk}/cung-lam/")
        page.get_by_role("link", name=re.compile("^Xem và chấp nhận")).first.click()
        page.get_by_role("button", name="Chấp nhận").click()
    page.goto(f"{stage.url}/phan-viec/{work.pk}/cung-lam/")
    expect(page.get_by_text("3/3 đơn vị đã góp")).to_be_visible()
    assert axe_findings(page) == []
    assert wider_than_the_screen(page) == 0

    page.goto(f"{stage.url}/don-vi/")
    page.get_by_role("button", name="Báo cáo của đơn vị").first.click()
    page.wait_for_url(re.compile("/soan/"))
    section = page.locator("details.dt-section").filter(has_text=work.task.title).first
    if section.get_attribute("open") is None:
        section.locator("summary").first.click()
    expect(section.get_by_text("Từ 3 đơn vị góp: Số buổi phát thanh 45 buổi")).to_be_visible()
    assert ProgressReport.objects.get(assignment=work).indicator_values == {}
    section.get_by_role("button", name=re.compile("Đưa phần góp vào mục này")).click()

    expect(page.get_by_text("Đã đưa phần góp vào: Kết quả, Số buổi phát thanh")).to_be_visible()
    mine = ProgressReport.objects.get(assignment=work)
    assert (mine.indicator_values, mine.state, mine.results.count("\n")) == ({"CT99": 45}, "draft", 2)
    assert Assignment.objects.get(pk=work.pk).state == "in_progress"
