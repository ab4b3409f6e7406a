"""Overview and wall screen in a browser: parts that come when they are seen, two sheets of paper, figures that grow old."""

import io
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from accounts.models import Session
from directive_tracker.vietnamese import fold
from tasks.models import Assignment
from tests.browser.acts import WIDTHS
from tests.browser.conftest import axe_findings, shot, sign_in, wider_than_the_screen
from tests.browser.stage import PASSWORD
from tests.tasks.figures import TODAY, count, make_house


@pytest.fixture
def house(stage):
    """Twenty-two units with sixteen tasks: some late, some due within the week."""
    made = make_house(units=22, tasks=16)
    made.office.set_password(PASSWORD)
    made.office.save()
    for number, task in enumerate(made.tasks[8:]):
        Assignment.objects.filter(task=task).update(due_current=date(2024, 4, 15 + number))
    count(made)
    stage.turn_clock(TODAY)
    return made


def signed_in(stage, new_visitor, **size) -> Page:
    page = new_visitor(**size)
    sign_in(page, stage, "vanphong")
    return page


def test_trend_and_matrix_come_when_they_are_seen_and_the_paper_has_two_sheets(stage, house, new_visitor):
    page = signed_in(stage, new_visitor, **WIDTHS[1366])
    page.goto(f"{stage.url}/tong-quan/{house.directive.pk}/")
    shot(page, "overview")
    expect(page.locator(".o-slot table[data-dt-grid]")).to_have_count(0)

    page.locator("#matrix-slot").scroll_into_view_if_needed()

    expect(page.locator(".o-slot table[data-dt-grid]")).to_be_visible()
    assert (axe_findings(page), wider_than_the_screen(page)) == ([], 0)
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert ["dulieuthu" in fold(sheet.extract_text()).replace(" ", "") for sheet in sheets] == [True, True]


def test_on_a_phone_nothing_is_pushed_sideways(stage, house, new_visitor):
    page = signed_in(stage, new_visitor, **WIDTHS[390])
    for path in (
        f"/tong-quan/{house.directive.pk}/",
        f"/tong-quan/{house.directive.pk}/man-hinh/",
        "/tong-quan/nam/2024/",
    ):
        page.goto(f"{stage.url}{path}")

        assert (path, axe_findings(page), wider_than_the_screen(page)) == (path, [], 0)


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080)])
def test_the_wall_screen_is_whole_without_scrolling_in_large_letters(stage, house, new_visitor, width, height):
    page = signed_in(stage, new_visitor, viewport={"width": width, "height": height})
    page.goto(f"{stage.url}/tong-quan/{house.directive.pk}/man-hinh/")

    sizes = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert sizes == [width, height]
    # A twenty-seventh of the screen's height is read from five metres on a screen of 55 inches.
    letters = page.locator(".w-units li").first.evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
    assert letters >= height / 32
    assert axe_findings(page) == []
    shot(page, f"wall-{width}")


def test_figures_that_cannot_be_fetched_again_are_said_to_be_old(stage, house, new_visitor):
    page = signed_in(stage, new_visitor, **WIDTHS[1366])
    page.clock.install()
    page.goto(f"{stage.url}/tong-quan/{house.directive.pk}/man-hinh/")
    stale = page.locator("[data-wall-stale]")
    expect(stale).to_be_hidden()
    address = "**/man-hinh/"

    page.route(address, lambda route: route.abort())
    page.clock.fast_forward(61_000)
    expect(stale).to_contain_text("Không kết nối được với máy chủ. Số liệu đang hiện là của ")

    page.route(address, lambda route: route.fulfill(status=200, body="<form>Đăng nhập</form>"))
    page.clock.fast_forward(61_000)
    expect(stale).to_contain_text("Máy chủ trả lời một trang khác.")
    expect(page.locator(".w-large")).to_be_visible()

    page.unroute(address)
    page.clock.fast_forward(61_000)
    expect(stale).to_be_hidden()

    Session.objects.all().delete()
    page.clock.fast_forward(61_000)
    expect(stale).to_contain_text("Phiên làm việc trên màn hình này đã hết, cần đăng nhập lại.")
    assert page.locator("form[action*=login], input[type=password]").count() == 0
