"""A draft is checked beside its document: with mouse, with keys, without JavaScript, on a phone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from tasks.models import Directive
from tests.browser.acts import PHONE, WIDTHS
from tests.browser.conftest import axe_findings, shot, sign_in, wider_than_the_screen
from tests.tasks.drafting.draft import LETTER, codes, record_letter, words_of

# The wide letter takes two UTF-16 units: places are counted in code points.
TEXT = LETTER.replace("Ngày hội là dịp", "Câu hỏi 𝒳 mở đầu. Ngày hội là dịp")


@pytest.fixture
def directive(stage) -> Directive:
    stage.draft()
    return record_letter(User.objects.get(username="vanphong"), text=TEXT)


def opened(page: Page, stage, directive: Directive) -> Page:
    sign_in(page, stage, "vanphong")
    page.goto(f"{stage.url}/van-ban/{directive.pk}/soat/")
    return page


def settled(page: Page, sentence: str | re.Pattern) -> None:
    """Wait until the last step reads so."""
    expect(page.locator(".ck-undo")).to_contain_text(sentence)


def words_selected(page: Page) -> str:
    return page.evaluate("document.getSelection().toString()")


def task_at(directive: Directive, code: str):
    return directive.tasks.get(code=code)


def test_the_keys_do_what_the_buttons_do(stage, new_visitor, directive):
    page = opened(new_visitor(), stage, directive)
    first = task_at(directive, "1")

    page.keyboard.press("j")
    expect(page.locator(f"#nv-{first.pk}")).to_be_focused()
    expect(page.locator(f"#v-{first.pk}")).to_have_class(re.compile("is-current"))
    page.keyboard.press(" ")
    settled(page, "Hoàn tác: Đã soát nhiệm vụ 1")
    expect(page.locator(f"#nv-{task_at(directive, '2a').pk}")).to_be_focused()
    page.keyboard.press("x")
    settled(page, "Đã bỏ nhiệm vụ 2a")
    page.keyboard.press("Control+z")
    settled(page, "Đã soát nhiệm vụ 1")
    expect(page.locator(f"#nv-{task_at(directive, '2a').pk}")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(f"#nv-{first.pk}")).to_be_focused()
    page.keyboard.press("t")
    page.get_by_role("button", name="Tách thành 2 nhiệm vụ").click()
    settled(page, "Đã tách nhiệm vụ 1 thành 1.1, 1.2")
    expect(page.locator(f"#nv-{first.pk}")).to_be_focused()
    page.keyboard.press("u")
    settled(page, "Đã soát nhiệm vụ 1")

    assert codes(directive) == ["1", "2a", "2b", "3"]


def test_words_are_marked_by_keys_and_become_a_task(stage, new_visitor, directive):
    page = opened(new_visitor(), stage, directive)

    for _ in range(4):
        page.keyboard.press("n")
    assert words_selected(page) == "Ngày hội là dịp để mọi người thêm yêu sách."
    for _ in range(6):
        page.keyboard.press("Control+Shift+ArrowLeft")
    chosen = words_selected(page)
    page.keyboard.press("v")
    settled(page, "Đã tạo nhiệm vụ 3.2")

    assert chosen != "Ngày hội là dịp để mọi người thêm yêu sách."
    assert chosen.startswith("Ngày hội là")
    assert words_of(task_at(directive, "3.2")) == [chosen.strip()]


def test_a_key_pressed_as_soon_as_the_page_stands_counts(stage, new_visitor, directive):
    page = new_visitor()
    page.add_init_script(
        """document.addEventListener("DOMContentLoaded", () => {
            document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "n", bubbles: true}));
        })"""
    )
    opened(page, stage, directive)

    page.keyboard.press("n")

    assert words_selected(page) == page.locator(".ck-open[id]").nth(1).inner_text()


def test_words_are_marked_with_the_mouse_behind_a_letter_of_two_units(stage, new_visitor, directive):
    page = opened(new_visitor(), stage, directive)
    last = page.locator(".ck-open", has_text="Ngày hội là dịp")
    last.scroll_into_view_if_needed()
    # Of the first of its lines: it begins in the middle of one.
    left, middle = last.evaluate("e => { const r = e.getClientRects()[0]; return [r.x, r.y + r.height / 2]; }")

    page.mouse.move(left + 1, middle)
    page.mouse.down()
    page.mouse.move(left + 150, middle, steps=5)
    page.mouse.up()
    chosen = words_selected(page).strip()
    page.get_by_role("button", name="Tạo nhiệm vụ từ đoạn này").click()
    settled(page, "Đã tạo nhiệm vụ 3.2")

    assert chosen.startswith("Ngày hội")
    assert words_of(task_at(directive, "3.2")) == [chosen]


def test_a_sentence_is_no_task_by_click_and_by_key(stage, new_visitor, directive):
    page = opened(new_visitor(), stage, directive)

    page.locator(".ck-open", has_text="Câu hỏi 𝒳").click()
    page.get_by_role("toolbar").get_by_role("button", name="Không phải nhiệm vụ").click()
    expect(page.locator(".ck-progress")).to_contain_text("3 câu chưa xét")
    # One goes on with the next open sentence, which is chosen once the new page stands.
    page.wait_for_function("document.getSelection().toString() === 'Ngày hội là dịp để mọi người thêm yêu sách.'")
    page.keyboard.press("m")
    expect(page.locator(".ck-progress")).to_contain_text("2 câu chưa xét")


def test_a_task_is_cut_where_the_selection_begins(stage, new_visitor, directive):
    page = opened(new_visitor(), stage, directive)
    words = page.locator(".ck-task", has_text="hướng dẫn các địa phương")
    words.evaluate(
        """element => {
          const text = element.firstChild, at = text.data.indexOf('hướng dẫn');
          const range = document.createRange();
          range.setStart(text, at); range.setEnd(text, at + 9);
          const selection = document.getSelection(); selection.removeAllRanges(); selection.addRange(range);
        }"""
    )

    page.get_by_role("button", name="Tách nhiệm vụ tại đây").click()
    settled(page, "Đã tách nhiệm vụ 1 thành 1.1, 1.2")

    assert words_of(task_at(directive, "1.2"))[0].startswith("hướng dẫn các địa phương")


def test_words_and_cards_lead_to_each_other(stage, new_visitor, directive):
    page = opened(new_visitor(), stage, directive)
    task = task_at(directive, "3")

    page.locator(f"#v-{task.pk}").click()
    expect(page.locator(f"#nv-{task.pk}")).to_be_focused()
    expect(page.locator(f"#nv-{task.pk}")).to_be_in_viewport()
    page.locator(f'#nv-{task_at(directive, "1").pk} a[href^="#v-"]').click()
    expect(page.locator(f"#v-{task_at(directive, '1').pk}")).to_have_class(re.compile("is-current"))


def test_nobody_is_interrupted_while_typing_and_the_keys_can_be_read(stage, new_visitor, directive):
    page = opened(new_visitor(), stage, directive)

    page.get_by_role("combobox", name="Đi tới").fill("")
    page.keyboard.type("xm u")
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Câu chưa xét tiếp theo")

    assert codes(directive) == ["1", "2a", "2b", "3"]
    assert directive.draft_changes.count() == 0


def followed(page: Page, what: Locator) -> None:
    """Press it, and be on the page it leads to: without scripts the old one stands there until the new one has come.

    By the keyboard: a page opened at one of its places is still moving there, and a click is lost when what was
    under the mouse moves between press and release.
    """
    with page.expect_navigation():
        what.press("Enter")


def test_every_action_is_there_without_javascript(stage, new_visitor, directive):
    page = opened(new_visitor(java_script_enabled=False), stage, directive)

    followed(page, page.get_by_role("button", name="Tạo nhiệm vụ").last)
    assert page.url.endswith(f"#nv-{task_at(directive, '3.2').pk}")
    followed(page, page.get_by_role("button", name="Đã soát", exact=True).first)
    followed(page, page.locator(".ck-doc").get_by_role("button", name="Không phải nhiệm vụ").first)
    followed(page, page.get_by_role("link", name="Tách 1", exact=True))
    followed(page, page.get_by_role("button", name="Tách thành 2 nhiệm vụ"))
    followed(page, page.locator(".ck-undo"))
    page.get_by_role("checkbox", name="Đánh dấu 2a để gộp").check()
    page.get_by_role("checkbox", name="Đánh dấu 2b để gộp").check()
    followed(page, page.get_by_role("button", name="Gộp các nhiệm vụ đã đánh dấu"))

    assert codes(directive) == ["1", "2a", "3", "3.2"]
    assert list(directive.draft_changes.order_by("number").values_list("verb", flat=True)) == [
        "add",
        "check",
        "dismiss",
        "split",
        "undo",
        "merge",
    ]


def test_an_unknown_name_is_found_by_search_and_fixed(stage, new_visitor, directive):
    page = opened(new_visitor(), stage, directive)
    page.locator(f"#nv-{task_at(directive, '3').pk}").get_by_role(
        "link", name=re.compile("cho “Hội Người cao tuổi")
    ).click()
    page.get_by_role("searchbox", name="Tìm đơn vị").fill("phu nu")
    page.get_by_role("button", name="Tìm", exact=True).last.click()
    page.get_by_role("checkbox", name=re.compile("Phụ nữ")).first.check()
    page.get_by_role("button", name="Lưu").click()
    settled(page, "Đã giao đơn vị 3: Hội Người cao tuổi tỉnh là")

    assert [str(row.unit) for row in task_at(directive, "3").recipients.all()] == ["Hội Liên hiệp Phụ nữ tỉnh"]


def test_enter_opens_the_fields_of_a_task_and_they_are_saved(stage, new_visitor, directive):
    page = opened(new_visitor(), stage, directive)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.get_by_label("Tên gọi ngắn").fill("Nội dung tuyên truyền")
    page.get_by_role("button", name="Lưu, đã soát").click()
    settled(page, "Đã sửa nhiệm vụ 1")
    expect(page.locator(f"#nv-{task_at(directive, '1').pk}")).to_be_focused()

    assert task_at(directive, "1").short_title == "Nội dung tuyên truyền"


def test_on_a_phone_text_and_tasks_are_shown_by_turns(stage, new_visitor, directive):
    page = opened(new_visitor(**PHONE), stage, directive)
    text, tasks = page.get_by_role("heading", name="Văn bản", exact=True), page.locator("#ck-tasks")

    expect(text).to_be_visible()
    expect(tasks).to_be_hidden()
    page.get_by_role("button", name="Nhiệm vụ", exact=True).click()
    expect(tasks).to_be_visible()
    expect(text).to_be_hidden()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_is_clean_and_fits(stage, new_visitor, directive, width):
    page = opened(new_visitor(**WIDTHS[width]), stage, directive)
    assert axe_findings(page) == []
    assert wider_than_the_screen(page) <= 0
    shot(page, f"soat-{width}")
    task = task_at(directive, "3")
    words, product, line = task.recipients.first(), task.products.first(), directive.addressees.first()
    for place in (
        f"{task_at(directive, '1').pk}/tach/",
        f"{task.pk}/",
        f"{task.pk}/san-pham/{product.pk}/",
        f"{task.pk}/ten/{words.pk}/?tim=doan",
        f"kinh-gui/{line.pk}/",
    ):
        page.goto(f"{stage.url}/van-ban/{directive.pk}/soat/{place}")
        assert axe_findings(page) == []
        assert wider_than_the_screen(page) <= 0
