"""A reporter types for a long time, the session ends meanwhile, and nothing that was typed is lost."""

import re
from datetime import timedelta

import pytest
from django.db.models import F
from playwright.sync_api import Page, expect

from accounts.models import HeldForm, Session
from tasks.models import ProgressReport
from tests.browser.conftest import axe_findings, sign_in, wider_than_the_screen
from tests.browser.stage import PASSWORD, Stage

LONG = "\n".join(
    f"Ngày {day}/3: xã {day} treo băng rôn, phát thanh “Điện Biên Phủ” & thăm {day} gia đình." for day in range(1, 29)
)


def half_an_hour_later() -> None:
    """Nobody waits in a test: the session's own times are moved instead."""
    Session.objects.update(seen_at=F("seen_at") - timedelta(minutes=31))


def open_report(page: Page, stage: Stage) -> None:
    sign_in(page, stage, "dakha")
    page.get_by_role("button", name="Tiếp nhận tất cả (5)").click()
    page.get_by_role("button", name="Báo cáo của đơn vị").first.click()
    section = page.locator("details.dt-section").first
    if section.get_attribute("open") is None:
        section.locator("summary").first.click()
    section.get_by_label("Kết quả", exact=False).first.fill(LONG)


def sign_in_again(page: Page) -> None:
    expect(page.get_by_text("Phiên làm việc đã hết sau 30 phút không dùng. Đăng nhập lại để làm tiếp.")).to_be_visible()
    expect(page.get_by_text("Phần vừa gõ đã được giữ lại")).to_be_visible()
    page.get_by_label("Tên đăng nhập").fill("dakha")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_long_report_survives_the_end_of_the_session(stage, new_visitor, script):
    stage.issued()
    page = new_visitor(java_script_enabled=script)
    open_report(page, stage)

    half_an_hour_later()
    page.locator(".dt-form-foot").get_by_role("button", name="Lưu nháp").click()
    assert wider_than_the_screen(page) <= 0 if script else True
    sign_in_again(page)

    expect(page.get_by_role("heading", level=1, name="Những gì anh/chị đã gõ vẫn còn")).to_be_visible()
    expect(page.locator(".dt-dl dd").first).to_contain_text("Ngày 28/3: xã 28 treo băng rôn")
    if script:
        assert axe_findings(page) == []
        assert wider_than_the_screen(page) <= 0
    page.get_by_role("button", name="Gửi lại").click()

    page.wait_for_url(re.compile("/don-vi/"))
    stored = ProgressReport.objects.exclude(results="").get()
    assert stored.results.replace("\r\n", "\n") == LONG
    assert HeldForm.objects.get().taken_at is not None


def test_another_tab_goes_on_where_the_same_person_signed_in_again(stage, new_visitor):
    stage.issued()
    page = new_visitor()
    open_report(page, stage)
    half_an_hour_later()
    other = page.context.new_page()
    other.goto(f"{stage.url}/don-vi/")
    other.get_by_label("Tên đăng nhập").fill("dakha")
    other.get_by_label("Mật khẩu").fill(PASSWORD)
    other.get_by_role("button", name="Đăng nhập", exact=True).click()
    other.wait_for_url(re.compile("/don-vi/$"))

    page.locator(".dt-form-foot").get_by_role("button", name="Lưu nháp").click()

    expect(page.get_by_text("Đã lưu", exact=False).first).to_be_visible()
    assert ProgressReport.objects.exclude(results="").get().results.replace("\r\n", "\n") == LONG


def test_the_page_of_ones_sessions(stage, new_visitor):
    stage.issued()
    page, phone = new_visitor(), new_visitor(viewport={"width": 390, "height": 844})
    sign_in(page, stage, "dakha")
    sign_in(phone, stage, "dakha")

    phone.goto(f"{stage.url}/accounts/phien/")

    assert wider_than_the_screen(phone) <= 0
    assert axe_findings(phone) == []
    phone.get_by_role("button", name="Đăng xuất mọi máy khác").click()
    expect(phone.get_by_text("Đã đăng xuất mọi máy khác.")).to_be_visible()
    page.goto(f"{stage.url}/don-vi/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
