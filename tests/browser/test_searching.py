"""Somebody is found in the registry while the name is typed: few questions, no old answer over a newer one, by keyboard."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.acts import WIDTHS
from tests.browser.conftest import axe_findings, sign_in, wider_than_the_screen
from tests.factories import at
from units.models import Area
from veterans import people
from veterans.enums import Category

NOW = at("2024-02-15", "09:00")


@pytest.fixture
def book(stage) -> str:
    """Three people of one commune; the address of the registry."""
    stage.draft()
    by = User.objects.get(username="dakha")
    for name in ("Lò Văn Thử", "Lò Văn Nghiệm", "A Thử Nghiệm"):
        people.add_person(
            fields={
                "full_name": name,
                "birth_year": 1931,
                "birth_is_estimated": False,
                "residence": Area.objects.get(name="Xã Đăk Hring"),
            },
            categories={Category.LABOURER: ("Giấy chứng nhận", "DC-01")},
            by=by,
            now=NOW,
        )
    return f"{stage.url}{reverse('veterans:person_list')}"


def opened(page: Page, stage, address: str) -> list[str]:
    """The registry's page; what it asks while somebody types, as it comes."""
    sign_in(page, stage, "dakha")
    page.goto(address)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.post_data or "") if one.url.endswith("/tim/") else None)
    return asked


def field(page: Page):
    return page.get_by_label("Tên, năm sinh, xã, bốn số cuối căn cước")


def found(page: Page):
    return page.locator("#found a")


@pytest.mark.parametrize("width", [1366, 390])
def test_a_word_typed_quickly_is_one_question_and_the_list_is_walked_with_the_arrows(stage, book, new_visitor, width):
    page = new_visitor(**WIDTHS[width])
    asked = opened(page, stage, book)

    field(page).press_sequentially("lo van", delay=40)
    expect(found(page)).to_have_text(["Lò Văn Nghiệm", "Lò Văn Thử"])

    assert len(asked) == 1
    expect(page.locator("#found-words")).to_have_text("Có 2 người hợp.")
    assert (axe_findings(page), wider_than_the_screen(page)) == ([], 0)
    field(page).press("ArrowDown")
    expect(found(page).nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(found(page).nth(1)).to_be_focused()
    page.keyboard.press("Escape")
    expect(field(page)).to_be_focused()
    field(page).fill("")
    expect(found(page)).to_have_count(0)
    expect(page.locator("#found-words")).to_have_text("")
    field(page).press_sequentially("thu nghiem")
    expect(found(page)).to_have_text(["A Thử Nghiệm"])
    field(page).press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("A Thử Nghiệm"))


def test_an_answer_that_comes_late_is_not_shown_over_a_newer_one(stage, book, new_visitor):
    page = new_visitor(**WIDTHS[1366])
    asked = opened(page, stage, book)
    late: list = []
    page.route(
        "**/tim/",
        lambda route: late.append(route) if "van" not in (route.request.post_data or "") else route.continue_(),
    )

    field(page).press_sequentially("thu")
    page.wait_for_timeout(600)
    field(page).fill("lo van")
    expect(found(page)).to_have_count(2)
    for route in late:
        route.continue_()
    page.wait_for_timeout(600)

    assert (len(asked), len(late)) == (2, 1)
    expect(found(page)).to_have_text(["Lò Văn Nghiệm", "Lò Văn Thử"])


def test_without_javascript_the_button_finds(stage, book, new_visitor):
    page = new_visitor(**WIDTHS[1366], java_script_enabled=False)
    opened(page, stage, book)

    field(page).fill("nghiem a")
    page.get_by_role("button", name="Lọc", exact=True).click()

    expect(page.locator("tbody th a")).to_have_text(["A Thử Nghiệm"])
