"""“Mã truy cập API” and the description of the interface, in a browser: typed, shown once, readable, within the policy."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import axe_findings, wider_than_the_screen
from tests.factories import make_reporter, make_unit


def test_a_key_is_made_shown_once_and_revoked(page: Page, live_server, transactional_db):
    unit = make_unit("Huyện ủy Đắk Hà")
    make_reporter(unit, "dakha")
    page.goto(f"{live_server.url}/accounts/login/?next=/ma-api/")
    page.get_by_label("Tên đăng nhập").fill("dakha")
    page.get_by_label("Mật khẩu").fill("mat-khau-thu")
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.get_by_label("Dùng cho").fill("Phần mềm văn bản")
    page.get_by_label("Gửi báo cáo của đơn vị").check()
    page.get_by_role("button", name="Tạo mã").click()

    expect(page.get_by_role("status")).to_contain_text("Mã chỉ hiện một lần này.")
    assert re.fullmatch(r"dt_[0-9A-Za-z]{49}", page.get_by_label("Mã", exact=True).input_value())
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert axe_findings(page) == []
        assert not wider_than_the_screen(page)


def test_the_description_is_drawn_within_the_policy(page: Page, live_server):
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{live_server.url}/api/v1/docs")

    expect(page.get_by_text("Gửi báo cáo của đơn vị về một văn bản")).to_be_visible()
    assert said == []
