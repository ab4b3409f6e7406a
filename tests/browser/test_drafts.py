"""Nothing typed is lost: the server is killed mid-typing, the line is cut, the session ends, two people type at once."""

import re

import pytest
from playwright.sync_api import Page, expect

from tasks.models import ProgressReport
from tests.browser.acts import WIDTHS
from tests.browser.conftest import axe_findings, sign_in, wider_than_the_screen
from tests.browser.server import Server
from tests.browser.stage import Stage
from tests.browser.test_time_out import half_an_hour_later, sign_in_again
from tests.factories import make_reporter
from units.models import Unit

SAVED = re.compile(r"Đã lưu \d\d:\d\d")


@pytest.fixture
def server(stage, tmp_path):
    served = Server(tmp_path)
    yield served
    served.kill()


def open_form(page: Page, stage: Stage, username: str = "dakha") -> None:
    """The report's form with its first section open."""
    sign_in(page, stage, username)
    page.get_by_role("button", name="Báo cáo của đơn vị").first.click()
    page.wait_for_url(re.compile("/soan/"))
    show_first(page)


def show_first(page: Page) -> None:
    section = page.locator("details.dt-section").first
    if section.get_attribute("open") is None:
        section.locator("summary").first.click()


def results(page: Page):
    return page.locator("details.dt-section").first.get_by_label("Kết quả thực hiện")


def status(page: Page):
    return page.locator("[data-report-status]")


def stored() -> list[str]:
    return list(ProgressReport.objects.exclude(results="").values_list("results", flat=True))


def test_a_server_killed_mid_typing_loses_nothing_on_a_desk_and_on_a_phone(stage, server, new_visitor):
    stage.issued()
    server.start()
    pages = {}
    for width, username in ((1366, "dakha"), (390, "tinhdoan")):
        page = pages[width] = new_visitor(**WIDTHS[width])
        open_form(page, Stage(server.url), username)
        results(page).fill("Đã mở 3 lớp")
        expect(status(page)).to_have_text(SAVED)

    server.kill()
    for page in pages.values():
        results(page).press_sequentially(" cho 120 người")
        expect(status(page)).to_contain_text("đang giữ trong trình duyệt")
    assert stored() == ["Đã mở 3 lớp"] * 2
    opened = [(page.context, page.url) for page in pages.values()]
    for page in pages.values():
        page.close(run_before_unload=False)
    server.start()

    for context, address in opened:
        page = context.new_page()
        page.goto(address)
        expect(page.get_by_text("Đã điền lại phần gõ chưa kịp lưu")).to_be_visible()
        expect(results(page)).to_have_value("Đã mở 3 lớp cho 120 người")
        expect(status(page)).to_have_text(SAVED)
        assert wider_than_the_screen(page) <= 0
    assert stored() == ["Đã mở 3 lớp cho 120 người"] * 2


def test_a_line_that_is_cut_is_waited_for_and_the_page_says_so(stage, new_visitor):
    stage.issued()
    page = new_visitor()
    open_form(page, stage)

    page.context.set_offline(True)
    results(page).fill("Gõ khi mất mạng")
    expect(status(page)).to_have_text("Mất mạng: đang giữ trong trình duyệt, sẽ tự lưu khi được.")
    page.context.set_offline(False)

    expect(status(page)).to_have_text(SAVED)
    assert stored() == ["Gõ khi mất mạng"]
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('dt-draft:'))") == []


def test_a_session_that_ends_mid_typing_gives_back_what_was_typed(stage, new_visitor):
    stage.issued()
    page = new_visitor()
    open_form(page, stage)

    half_an_hour_later()
    results(page).fill("Gõ sau giờ nghỉ")
    expect(status(page)).to_contain_text("Phần gõ đang giữ trong trình duyệt")
    page.reload()
    sign_in_again(page)
    page.get_by_role("button", name="Gửi lại").click()
    page.wait_for_url(re.compile("/soan/"))

    show_first(page)
    expect(results(page)).to_have_value("Gõ sau giờ nghỉ")
    assert stored() == ["Gõ sau giờ nghỉ"]


def test_signing_out_by_hand_leaves_nothing_in_the_browser(stage, new_visitor):
    stage.issued()
    page = new_visitor()
    open_form(page, stage)
    page.route("**/soan/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    results(page).fill("Còn trong máy")
    expect(status(page)).to_contain_text("đang giữ trong trình duyệt")
    assert len(page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('dt-draft:'))")) == 1

    page.locator("form[action$='/accounts/logout/'] button").dispatch_event("click")
    page.wait_for_url(re.compile("/accounts/"))

    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('dt-draft:'))") == []


@pytest.mark.parametrize("width", [1366, 390])
def test_two_people_see_each_other_and_both_versions(stage, new_visitor, width):
    stage.issued()
    colleague = make_reporter(Unit.objects.get(code="hu-dak-ha"), "dakha2", full_name="Nguyễn Văn Hai")
    colleague.set_password("mat-khau-cua-ban-thu")
    colleague.save()
    first, second = new_visitor(viewport={"width": width, "height": 800}), new_visitor()
    open_form(first, stage)
    sign_in(second, stage, "dakha2")
    second.goto(first.url)
    expect(second.get_by_text("đang mở báo cáo này.")).to_be_visible()
    show_first(second)
    results(second).fill("Bản của Hai")
    expect(status(second)).to_have_text(SAVED)

    results(first).fill("Bản của Đắk Hà")
    expect(status(first)).to_contain_text("Nguyễn Văn Hai vừa lưu mục")
    first.locator(".dt-form-foot").get_by_role("button", name="Lưu nháp").click()

    expect(first.get_by_role("heading", name="Có phần vừa được người khác lưu")).to_be_visible()
    expect(results(first)).to_have_value("Bản của Đắk Hà")
    assert axe_findings(first) == []
    assert wider_than_the_screen(first) <= 0
    first.get_by_role("button", name="Lấy bản của Nguyễn Văn Hai").click()
    expect(results(first)).to_have_value("Bản của Hai")
    expect(first.get_by_text("Bản khác đã gõ: ", exact=False).first).to_be_visible()


def test_what_is_typed_before_the_script_has_come_is_saved_too(stage, new_visitor):
    stage.issued()
    page = new_visitor()
    open_form(page, stage)
    held = []
    page.route(re.compile(r"/report[^/-]*\.js"), lambda route: held.append(route))

    page.reload(wait_until="commit")
    show_first(page)
    results(page).fill("Gõ trên đường truyền chậm")
    for route in held:
        route.continue_()

    expect(status(page)).to_have_text(SAVED)
    assert stored() == ["Gõ trên đường truyền chậm"]
