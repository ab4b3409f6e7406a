"""The office's day: the queue by keys and by marks, going anywhere, filters that are kept, words beside the work, sums."""

import re

import pytest
from playwright.sync_api import Page, expect

from notifications.models import Notice
from tasks.drafts.inputs import SectionInput
from tasks.models import ProgressReport, SavedFilter
from tests.browser.acts import WIDTHS, report_of
from tests.browser.conftest import axe_findings, sign_in, wider_than_the_screen
from tests.browser.stage import PASSWORD, Stage
from tests.factories import make_office_user

SAID = "Đã mở 3 lớp cho 120 người."
BOTH_WIDTHS = pytest.mark.parametrize("width", list(WIDTHS))


def office_at(path: str, stage: Stage, new_visitor, width: int) -> Page:
    """The office's page at that width."""
    page = new_visitor(**WIDTHS[width])
    sign_in(page, stage, "vanphong")
    page.goto(stage.url + path)
    return page


def sound(page: Page) -> None:
    """Nothing sticks out and axe finds nothing."""
    assert (axe_findings(page), wider_than_the_screen(page)) == ([], 0)


def reading(page: Page):
    return page.locator(".dt-queue__reading h2").first


@BOTH_WIDTHS
def test_the_queue_is_walked_and_decided_by_keys(stage, new_visitor, width):
    stage.issued()
    report_of("tinhdoan", {code: SectionInput(results=SAID) for code in ("1a.1", "1a.2", "1a.4")})
    stage.turn_clock("2024-02-21")
    page = office_at("/cho-xem-xet/", stage, new_visitor, width)

    page.keyboard.press("?")
    help_ = page.get_by_role("dialog", name="Phím tắt")
    expect(help_.get_by_text("Chấp nhận mục đang đọc")).to_be_visible()
    page.keyboard.press("Escape")
    expect(help_).to_have_count(0)
    page.keyboard.press("j")
    expect(reading(page)).to_contain_text("1a.2")
    page.keyboard.press("k")
    expect(reading(page)).to_contain_text("1a.1")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Tìm việc, đơn vị")).to_be_focused()
    page.get_by_role("searchbox", name="Tìm việc, đơn vị").blur()
    page.keyboard.press("a")
    expect(page.get_by_text("Đã chấp nhận mục 1a.1.")).to_be_visible()
    expect(reading(page)).to_contain_text("1a.2")
    page.keyboard.press("r")
    page.keyboard.type("Ghi rõ số lớp.")
    sound(page)
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Trả lại mục 1a.2").click()

    expect(page.get_by_text("Đã trả lại mục 1a.2")).to_be_visible()
    decided = ProgressReport.objects.exclude(results="").order_by("assignment__task__code")
    assert list(decided.values_list("assignment__task__code", "state")) == [
        ("1a.1", "accepted"),
        ("1a.2", "returned"),
        ("1a.4", "submitted"),
    ]


@BOTH_WIDTHS
def test_several_marked_sections_are_accepted_at_once(stage, new_visitor, width):
    stage.issued()
    for person in ("tinhdoan", "quansu", "congan", "ldld", "phunu", "kontum"):
        report_of(person, {code: SectionInput(results=SAID) for code in ("1a.1", "1a.2", "1a.4")})
    stage.turn_clock("2024-02-21")
    page = office_at("/cho-xem-xet/", stage, new_visitor, width)

    boxes = page.get_by_role("checkbox", name=re.compile("^Chọn 1a.1 của"))
    for box in (boxes.nth(1), boxes.nth(0)):
        box.check()
    accept = page.get_by_role("button", name="Chấp nhận các mục đã chọn")
    expect(accept).to_be_in_viewport(ratio=1)  # The list is longer than the screen.
    accept.click()
    page.get_by_role("button", name="Đồng ý").click()

    expect(page.get_by_text("Đã chấp nhận 2 mục")).to_be_visible()
    accepted = ProgressReport.objects.filter(state="accepted").values_list("assignment__task__code", flat=True)
    assert list(accepted) == ["1a.1", "1a.1"]


@BOTH_WIDTHS
def test_ctrl_k_leads_to_a_units_work_typed_without_accents(stage, new_visitor, width):
    stage.issued()
    page = office_at("/hom-nay/", stage, new_visitor, width)

    page.keyboard.press("Control+k")
    field = page.locator(".dt-go input, #go-q").locator("visible=true")
    expect(field).to_have_count(1)
    field.fill("dak ha 1a.3")
    if width == 390:  # There is no room for the field: the key has opened the page of results.
        page.get_by_role("button", name="Tìm", exact=True).locator("visible=true").click()
    link = page.get_by_role("link", name=re.compile("^1a.3 .*Huyện ủy Đắk Hà")).locator("visible=true").first
    expect(link).to_be_visible()
    sound(page)
    link.click()

    expect(page).to_have_title(re.compile("^1a.3 – Huyện ủy Đắk Hà"))


@BOTH_WIDTHS
def test_a_filter_is_kept_shared_and_opened_by_a_colleague(stage, new_visitor, width):
    stage.issued()
    colleague = make_office_user("vanphong2")
    colleague.set_password(PASSWORD)
    colleague.save()
    page = office_at("/phan-viec/", stage, new_visitor, width)

    page.get_by_label("Tìm việc, đơn vị").fill("kon ray")
    page.get_by_role("button", name="Lọc", exact=True).click()
    page.get_by_role("link", name="Lưu bộ lọc này").click()
    page.get_by_label("Tên").fill("Việc của Kon Rẫy")
    page.get_by_label(re.compile("[Cc]ùng dùng|[Dd]ùng chung")).check()
    sound(page)
    page.get_by_role("button", name="Lưu bộ lọc").click()
    expect(page.get_by_role("link", name="Việc của Kon Rẫy")).to_be_visible()

    other = new_visitor(**WIDTHS[width])
    sign_in(other, stage, "vanphong2")
    other.goto(f"{stage.url}/phan-viec/")
    other.get_by_role("link", name="Việc của Kon Rẫy").click()
    expect(other.get_by_text("5 phần việc")).to_be_visible()
    expect(other.get_by_label("Tìm việc, đơn vị")).to_have_value("kon ray")
    assert SavedFilter.objects.get().shared is True


@BOTH_WIDTHS
def test_words_beside_the_work_reach_the_one_they_mention(stage, new_visitor, width):
    directive = stage.issued()
    work = directive.assignments.get(unit__code="hu-dak-ha", task__code="1a.3")
    page = office_at(f"/phan-viec/{work.pk}/", stage, new_visitor, width)

    page.get_by_label("Ai đọc được").select_option(label="Mọi người thấy phần việc")
    words = page.get_by_label("Nội dung trao đổi")
    words.press_sequentially("Đề nghị gửi bản có số @linh")
    page.get_by_role("button", name=re.compile("^Y Linh – ")).click()
    expect(words).to_have_value("Đề nghị gửi bản có số @Y Linh ")
    sound(page)
    page.get_by_role("button", name="Gửi trao đổi").click()
    expect(page.get_by_text("Nhắc tới: Y Linh")).to_be_visible()

    unit = new_visitor(**WIDTHS[width])
    sign_in(unit, stage, "dakha")
    unit.goto(f"{stage.url}/thong-bao/")
    unit.get_by_role("button", name="Có lời nhắc tới anh/chị về việc 1a.3").first.click()
    expect(unit.get_by_text("Đề nghị gửi bản có số @Y Linh")).to_be_visible()
    assert Notice.objects.filter(kind="mention").count() == 1


@BOTH_WIDTHS
def test_a_sum_unfolds_down_to_the_report_it_comes_from(stage, new_visitor, width):
    directive = stage.issued()
    for person, count in (("tinhdoan", 26), ("quansu", 17)):
        report_of(person, {"1a.2": SectionInput(results=SAID, indicator_values={"CT03": count})})
    stage.turn_clock("2024-02-21")
    page = office_at("/cho-xem-xet/", stage, new_visitor, width)
    for _ in range(2):
        page.get_by_role("button", name="Chấp nhận mục 1a.2").click()
        expect(page.get_by_text("Đã chấp nhận mục 1a.2.")).to_be_visible()

    page.goto(f"{stage.url}/van-ban/{directive.pk}/so-lieu/")
    sound(page)
    page.get_by_role("link", name="Tin, bài, phóng sự").click()
    expect(page.locator(".dt-total")).to_have_text("43")
    page.get_by_text("Tỉnh đoàn", exact=True).click()
    sound(page)
    page.get_by_role("link", name=re.compile("^Báo cáo của Tỉnh đoàn")).click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Tỉnh đoàn")
    expect(page.get_by_text(SAID)).to_be_visible()
