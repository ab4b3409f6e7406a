"""The user's guide in Chromium: from a page to its topic, on a desk and on a phone, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.browser.acts import PHONE, WIDTHS
from tests.browser.conftest import axe_findings, sign_in, wider_than_the_screen

PAGES = ("", "van-phong/", "don-vi/", "thuong-truc/", "so-tri-an/", "quan-tri/")


@pytest.mark.parametrize("script", [True, False])
def test_the_office_comes_from_chasing_to_the_topic_about_it_and_the_picture_is_there(stage, new_visitor, script):
    stage.draft()
    page = new_visitor(java_script_enabled=script)
    sign_in(page, stage, "vanphong")
    page.goto(f"{stage.url}/don-doc/")

    page.get_by_role("link", name="Trợ giúp về trang này").locator("visible=true").click()

    assert page.url == f"{stage.url}/tro-giup/van-phong/#don-doc"
    expect(page.get_by_role("heading", name="Đôn đốc", exact=True)).to_be_in_viewport()


def test_a_unit_finds_it_in_its_menu_on_a_phone(stage, new_visitor):
    stage.draft()
    page = new_visitor(**PHONE)
    sign_in(page, stage, "dakha")
    page.goto(f"{stage.url}/don-vi/bao-cao/")

    page.locator(".dt-user > summary").click()
    page.locator(".dt-user").get_by_role("link", name="Trợ giúp về trang này").click()

    assert page.url == f"{stage.url}/tro-giup/don-vi/#bao-cao"


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_of_the_guide_fits_is_legible_and_shows_its_pictures(stage, new_visitor, width):
    stage.draft()
    page = new_visitor(**WIDTHS[width])
    sign_in(page, stage, "vanphong")
    wrong = []
    for address in PAGES:
        page.goto(f"{stage.url}/tro-giup/{address}")
        wrong += [f"{address} {finding}" for finding in axe_findings(page)]
        wrong += [f"{address} is wider"] * bool(wider_than_the_screen(page))
        empty = "images => images.filter(image => !image.naturalWidth).map(image => image.src)"
        wrong += page.eval_on_selector_all(".dt-guide img", empty)

    assert wrong == []
