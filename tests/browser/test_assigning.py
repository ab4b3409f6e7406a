"""Phân công in a browser: single keys, blocks, whole rows and columns, undo, two people at once, a lost line; without a script."""

import io
import re

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from directive_tracker import clock
from tasks.enums import AssignmentRole
from tasks.models import TaskRecipient
from tests.browser.acts import WIDTHS
from tests.browser.conftest import axe_findings, sign_in, wider_than_the_screen
from tests.browser.stage import PASSWORD
from tests.factories import make_unit
from tests.tasks.assigning.draft import NOW, make_draft, rows_of
from tests.tasks.drafting.draft import set_role


@pytest.fixture
def draft(stage):
    made = make_draft(tasks=4, units=6)
    made.office.set_password(PASSWORD)
    made.office.save()
    stage.turn_clock(NOW.date(), "09:00")
    made.address = f"{stage.url}/van-ban/{made.directive.pk}/phan-cong/"
    return made


@pytest.fixture
def page(stage, draft, new_visitor) -> Page:
    found = new_visitor(**WIDTHS[1366])
    sign_in(found, stage, "vanphong")
    found.goto(draft.address)
    return found


def cell(page: Page, row: int, column: int):
    """The cell of a task and a column, from 0; the group is column 0."""
    return page.locator("[data-assign] tbody tr[data-t]").nth(row).locator("td").nth(column)


def letters(page: Page, row: int) -> list[str]:
    return page.locator("[data-assign] tbody tr[data-t]").nth(row).locator("td").all_inner_texts()


def saved(page: Page, words: str = "Đã đổi") -> None:
    expect(page.locator("[data-a-status]")).to_contain_text(words)


def stored(draft) -> list[list[tuple[str, str]]]:
    return [rows_of(task) for task in draft.tasks]


GROUP = ("lead", "Các huyện ủy")


def test_cells_are_given_by_single_keys_and_the_last_step_is_taken_back(page, draft):
    cell(page, 0, 1).click()
    page.keyboard.press("p")
    saved(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("b")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("b")
    saved(page, "Đã đổi 2 ô.")
    assert letters(page, 0) == ["C", "P", "B", "B", ""]
    assert stored(draft)[0] == [
        GROUP,
        ("coordinating", "Huyện ủy Số 2"),
        ("informed", "Huyện ủy Số 3"),
        ("informed", "Huyện ủy Số 4"),
    ]
    # Two cells of one row, given one after the other, are one step.
    page.keyboard.press("u")
    saved(page, "Đã hoàn tác")
    assert letters(page, 0) == ["C", "P", "", "", ""]
    page.keyboard.press("Control+z")
    expect(cell(page, 0, 1)).to_have_text("")
    assert stored(draft)[0] == [GROUP]
    cell(page, 1, 0).click()
    page.keyboard.press("Delete")
    expect(page.locator("#a-warnings")).to_contain_text("Nhiệm vụ chưa có đơn vị chủ trì (1)")
    assert stored(draft)[1] == []


def test_arrows_home_end_and_the_focus_stay_inside_and_say_where_one_is(page):
    page.locator("[data-assign]").evaluate("table => table.querySelector('td[tabindex=\"0\"]').focus()")
    focused = "() => { const one = document.activeElement; return [one.parentElement.rowIndex, one.cellIndex]; }"
    for key, place in [
        ("ArrowRight", [1, 2]),
        ("ArrowDown", [2, 2]),
        ("End", [2, 5]),
        ("ArrowRight", [2, 5]),
        ("Home", [2, 1]),
        ("Control+End", [4, 5]),
        ("ArrowDown", [4, 5]),
        ("Control+Home", [1, 1]),
        ("ArrowLeft", [1, 0]),
        ("ArrowUp", [0, 0]),
        ("ArrowRight", [0, 1]),
    ]:
        page.keyboard.press(key)
        assert page.evaluate(focused) == place, key
    assert page.locator("[data-assign] [tabindex='0']").count() == 1
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "không giao"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('[data-assign]')") is None


def test_a_block_of_shift_and_arrows_and_whole_rows_and_columns_are_one_step_each(page, draft):
    cell(page, 0, 1).click()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("[data-a-status]")).to_have_text("Đang chọn 4 ô.")
    assert page.locator("[data-assign] [aria-selected='true']").count() == 4
    page.keyboard.press("p")
    saved(page, "Đã đổi 4 ô.")
    # The head of a row, by the mouse.
    page.locator("tr[data-t] th").nth(2).click(position={"x": 3, "y": 3})
    page.keyboard.press("b")
    saved(page, "Đã đổi 5 ô.")
    assert letters(page, 2) == ["B", "B", "B", "B", "B"]
    # The head of a column, by the keyboard.
    cell(page, 0, 4).click()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("c")
    saved(page, "Đã đổi 4 ô.")
    assert [letters(page, row)[4] for row in range(4)] == ["C", "C", "C", "C"]
    assert draft.directive.draft_changes.count() == 3
    page.get_by_role("button", name="Hoàn tác").first.click()
    expect(cell(page, 0, 4)).to_have_text("")
    assert [letters(page, row)[4] for row in range(4)] == ["", "", "B", ""]


def test_the_mouse_drags_a_block_and_the_buttons_give_it(page, draft):
    cell(page, 0, 1).hover()
    page.mouse.down()
    cell(page, 1, 2).hover()
    page.mouse.up()
    page.get_by_role("button", name="Phối hợp", exact=True).click()
    saved(page, "Đã đổi 4 ô.")
    assert letters(page, 1) == ["C", "P", "P", "", ""]


def test_a_group_opens_and_a_member_is_taken_out_of_it(page, draft):
    page.get_by_role("link", name="Mở nhóm Các huyện ủy, 2 đơn vị").click()
    expect(page.locator("thead th[data-b]")).to_have_count(7)
    assert letters(page, 0)[:3] == ["C", "C", "C"]
    assert cell(page, 0, 1).get_attribute("aria-label") == "chủ trì theo nhóm"
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    cell(page, 0, 1).click()
    page.keyboard.press("0")
    # The page is loaded again, for there may be more columns; the focus comes back to its cell.
    expect(cell(page, 0, 0)).to_have_text("")
    expect(cell(page, 0, 1)).to_be_focused()
    assert letters(page, 0) == ["", "", "C", "", "", "", ""]
    assert asked == []
    assert stored(draft)[0] == [("lead", "Huyện ủy Số 1")]
    assert stored(draft)[1] == [GROUP]


def test_a_unit_is_searched_added_as_a_column_and_given(page, draft):
    make_unit("Tỉnh đoàn Thanh niên")
    page.get_by_role("link", name="+ Thêm đơn vị").click()
    page.keyboard.type("tinh doan")
    page.get_by_role("link", name="Tỉnh đoàn Thanh niên").click()
    expect(page.locator("thead th[data-b]")).to_have_count(6)
    cell(page, 3, 5).click()
    page.keyboard.press("p")
    saved(page)
    assert stored(draft)[3] == [GROUP, ("coordinating", "Tỉnh đoàn Thanh niên")]


def test_two_people_at_once_the_second_is_told_who_did_what_and_sees_it(page, draft):
    other = draft.units[2]
    set_role(draft.directive, draft.tasks[:1], [other], AssignmentRole.INFORMED, by=draft.office, now=clock.now())
    cell(page, 0, 2).click()
    page.keyboard.press("c")
    saved(
        page, "Dự thảo đã đổi từ khi anh/chị mở trang: Đã giao đơn vị 1.1: Huyện ủy Số 2 – để biết (Nguyễn Văn Vanphong"
    )
    assert letters(page, 0) == ["C", "B", "", "", ""]
    page.keyboard.press("c")
    saved(page, "Đã đổi 1 ô.")
    assert letters(page, 0) == ["C", "B", "C", "", ""]


def test_a_lost_line_puts_the_cells_back_and_says_so(page, draft):
    cell(page, 0, 1).click()
    page.context.set_offline(True)
    page.keyboard.press("p")
    saved(page, "Mất kết nối; chưa lưu được, các ô trở lại như đã lưu.")
    assert letters(page, 0) == ["C", "", "", "", ""]
    page.context.set_offline(False)
    page.keyboard.press("p")
    saved(page, "Đã đổi 1 ô.")
    assert stored(draft)[0] == [GROUP, ("coordinating", "Huyện ủy Số 2")]


@pytest.mark.parametrize("width", sorted(WIDTHS))
def test_it_is_usable_on_a_desk_and_on_a_phone(stage, draft, new_visitor, width):
    page = new_visitor(**WIDTHS[width])
    sign_in(page, stage, "vanphong")
    for rest in ("", f"nhiem-vu/{draft.tasks[0].pk}/", f"don-vi/u{draft.units[2].pk}/", "tim-don-vi/?tim=huyen"):
        page.goto(draft.address + rest)
        assert axe_findings(page) == []
        assert wider_than_the_screen(page) <= 0
    page.goto(f"{stage.url}/van-ban/{draft.directive.pk}/giao/")
    assert axe_findings(page) == []
    assert wider_than_the_screen(page) <= 0


def test_without_a_script_a_row_a_column_and_single_cells_are_given_by_forms(stage, draft, new_visitor):
    page = new_visitor(java_script_enabled=False, **WIDTHS[1366])
    sign_in(page, stage, "vanphong")
    page.goto(draft.address)
    page.get_by_label("Cả hàng 1.1").check()
    page.get_by_label("Cả cột Huyện ủy Số 2").check()
    page.get_by_role("button", name="Phối hợp", exact=True).click()
    expect(page.get_by_text("Đã đổi 1 ô.")).to_be_visible()
    assert letters(page, 0) == ["C", "P", "", "", ""]
    page.get_by_role("link", name=re.compile("^1.2 ")).first.click()
    page.get_by_label("Huyện ủy Số 3: Để biết").check()
    page.get_by_role("button", name="Lưu").click()
    assert letters(page, 1) == ["C", "", "B", "", ""]
    page.get_by_role("button", name="Hoàn tác").first.click()
    expect(page.get_by_text("Đã hoàn tác: Đã giao đơn vị 1.2: Huyện ủy Số 3 – để biết.")).to_be_visible()
    assert TaskRecipient.objects.filter(unit__isnull=False).count() == 1


@pytest.mark.parametrize(("tasks", "units", "most"), [(30, 42, 1), (100, 62, 3)])
def test_the_matrix_prints_on_sheets_that_lie(stage, new_visitor, tasks, units, most):
    draft = make_draft(tasks=tasks, units=units)
    draft.office.set_password(PASSWORD)
    draft.office.save()
    for unit in draft.units[2:]:
        draft.tasks[0].recipients.create(role="coordinating", unit=unit)
    stage.turn_clock(NOW.date(), "09:00")
    page = new_visitor(**WIDTHS[1366])
    sign_in(page, stage, "vanphong")
    page.goto(f"{stage.url}/van-ban/{draft.directive.pk}/phan-cong/")
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert [round(float(side) / 72 * 25.4) for side in sheets[0].mediabox[2:]] == [297, 210]
    assert len(sheets) <= most
    # Nothing is cut off on the right: the last column's letter stands on the first sheet.
    letters = [word for word in sheets[0].extract_text().split() if word == "P"]
    in_legend = 2
    assert len(letters) == units - 2 + in_legend
