"""Nhiệm vụ × đơn vị in a browser: one screen, walked with the keyboard, on a phone, on paper."""

import io
import re

import pytest
from playwright.sync_api import Page, expect
from pypdf import PageObject, PdfReader, mult

from tests.browser.acts import WIDTHS
from tests.browser.conftest import axe_findings, shot, sign_in, wider_than_the_screen
from tests.browser.stage import PASSWORD
from tests.tasks.figures import TODAY, make_house

CELL = "table[data-dt-grid] td.dt-cell"


@pytest.fixture
def house(stage):
    made = make_house(units=22, tasks=16)
    made.office.set_password(PASSWORD)
    made.office.save()
    stage.turn_clock(TODAY)
    return made


@pytest.fixture
def page(stage, house, new_visitor) -> Page:
    found = new_visitor(**WIDTHS[1366])
    sign_in(found, stage, "vanphong")
    found.goto(f"{stage.url}/ma-tran/{house.directive.pk}/")
    return found


def place(page: Page) -> list[int]:
    """Row and column of the cell that has the focus, from 0."""
    return page.evaluate(
        """() => { const cell = document.activeElement.closest("td.dt-cell"), rows = [...document.querySelectorAll("table[data-dt-grid] tbody tr")];
        return [rows.indexOf(cell.parentElement), [...cell.parentElement.querySelectorAll("td.dt-cell")].indexOf(cell)]; }"""
    )


def right_end(sheet: PageObject) -> float:
    """Where the text that stands furthest right begins, as a share of the sheet's width; beyond 1 it is not printed."""
    places = []
    sheet.extract_text(
        visitor_text=lambda text, matrix, place, *rest: places.append(mult(place, matrix)[4]) if text.strip() else None
    )
    return max(places) / float(sheet.mediabox.width)


def test_sixteen_tasks_and_twenty_two_units_fit_on_one_screen(page):
    sizes = page.evaluate(
        """() => { const inner = document.querySelector(".m-scroll"), page = document.documentElement;
        return [page.scrollHeight <= 768, page.scrollWidth <= 1366, inner.scrollHeight <= inner.clientHeight,
                inner.scrollWidth <= inner.clientWidth]; }"""
    )
    last = page.locator(CELL).last.bounding_box()

    assert sizes == [True, True, True, True]
    assert (last["x"] + last["width"] <= 1366, last["y"] + last["height"] <= 768) == (True, True)
    assert page.locator(CELL).count() == 17 * 22
    assert axe_findings(page) == []


def test_arrows_walk_the_grid_enter_opens_escape_comes_back(page):
    page.locator(".dt-filters").get_by_role("button", name="Lọc").focus()
    page.keyboard.press("Tab")
    walked = [place(page)]
    for key in (
        "ArrowDown",
        "ArrowRight",
        "End",
        "ArrowRight",
        "Home",
        "Control+End",
        "ArrowUp",
        "Control+Home",
        "ArrowLeft",
    ):
        page.keyboard.press(key)
        walked.append(place(page))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#side-panel h2")).to_have_text("Tuyên truyền")
    page.keyboard.press("Escape")

    assert walked == [[0, 0], [1, 0], [1, 1], [1, 21], [1, 21], [1, 0], [16, 21], [15, 21], [0, 0], [0, 0]]
    assert place(page) == [1, 0]
    # One stop of the Tab key in the whole table.
    assert page.locator(f"{CELL} > [tabindex='0']").count() == 1


def test_pointing_at_a_cell_says_task_unit_and_state_in_full(page):
    page.locator(CELL).nth(23).hover()

    assert page.locator(CELL).nth(23).get_attribute("title").split("\n")[1:] == [
        "Huyện ủy Số 1",
        "Đang làm, quá hạn 3 ngày",
    ]


def test_without_a_script_every_cell_is_a_link(stage, house, new_visitor):
    page = new_visitor(**WIDTHS[1366], java_script_enabled=False)
    sign_in(page, stage, "vanphong")
    page.goto(f"{stage.url}/ma-tran/{house.directive.pk}/")

    page.locator(f"{CELL} a").first.click()

    expect(page).to_have_url(re.compile("/phan-viec/[0-9]+/khung/$"))


def test_a_phone_gets_a_list_for_each_unit(stage, house, new_visitor):
    page = new_visitor(**WIDTHS[390])
    sign_in(page, stage, "vanphong")
    page.goto(f"{stage.url}/ma-tran/{house.directive.pk}/")

    page.locator(".m-unit summary").first.click()

    expect(page.locator(".m-unit").first.locator("li")).to_have_count(17)
    assert (wider_than_the_screen(page), axe_findings(page)) == (0, [])


@pytest.mark.parametrize("query", ["", "?xoay=on"])
def test_the_matrix_is_one_sheet_that_lies_and_nothing_is_cut_off(page, query):
    page.goto(page.url + query)

    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages

    width, height = (round(float(side) / 72 * 25.4) for side in sheets[0].mediabox[2:])
    assert (len(sheets), width, height) == (1, 297, 210)
    # All 374 cells, and the two signs of the legend.
    assert sheets[0].extract_text().count("…") == 376
    assert right_end(sheets[0]) < 1


def test_the_real_directive_fits_on_one_screen_too(stage, new_visitor):
    directive = stage.played()
    page = new_visitor(**WIDTHS[1366])
    sign_in(page, stage, "thuongtruc")
    page.goto(f"{stage.url}/ma-tran/{directive.pk}/")
    shot(page, "matrix")
    phone = new_visitor(**WIDTHS[390])
    sign_in(phone, stage, "thuongtruc")
    phone.goto(f"{stage.url}/ma-tran/{directive.pk}/")
    shot(phone, "matrix-phone")

    inner = page.evaluate(
        """() => { const inner = document.querySelector(".m-scroll");
        return [inner.scrollHeight - inner.clientHeight, inner.scrollWidth - inner.clientWidth]; }"""
    )
    assert (page.locator("tbody tr").count(), page.locator("thead th").count()) == (17, 25)
    assert (inner, page.evaluate("document.documentElement.scrollHeight")) == ([0, 0], 768)
    assert axe_findings(page) == []
    assert right_end(PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages[0]) < 1


def test_brought_into_another_page_it_brings_its_look_and_steps_within_it(stage, new_visitor):
    house = make_house(units=26, tasks=1)
    house.office.set_password(PASSWORD)
    house.office.save()
    stage.turn_clock(TODAY)
    page = new_visitor(**WIDTHS[1366])
    sign_in(page, stage, "vanphong")
    page.goto(f"{stage.url}/tong-quan/{house.directive.pk}/")

    page.evaluate("address => htmx.ajax('GET', address, {target: '#main'})", f"/ma-tran/{house.directive.pk}/")
    expect(page.locator("table[role='grid'] th[scope='col']")).to_have_count(27)
    page.get_by_role("link", name="Đơn vị sau").click()

    expect(page.locator("table[role='grid'] th[scope='col']")).to_have_text(["Nhiệm vụ", "Xong", "HU Số 25"])
    expect(page.locator(".m-way")).to_contain_text("Đơn vị 26–26 trên 26")
    assert page.url == f"{stage.url}/tong-quan/{house.directive.pk}/"
    assert page.locator(".m-flat tbody th").first.evaluate("cell => getComputedStyle(cell).whiteSpace") == "nowrap"
