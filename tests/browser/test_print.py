"""On paper: the brief is one A4 sheet, and every sheet says that the data are invented."""

import io

from pypdf import PdfReader

from directive_tracker.vietnamese import fold
from tests.browser.conftest import shot, sign_in


def test_the_brief_is_one_sheet_and_the_matrix_is_marked(stage, new_visitor):
    directive = stage.played()
    page = new_visitor()
    sign_in(page, stage, "thuongtruc")

    page.goto(f"{stage.url}/trinh/{directive.pk}/")
    shot(page, "brief")
    brief = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    page.goto(f"{stage.url}/ma-tran/{directive.pk}/")
    cell = page.locator("td.dt-cell--redo a, td.dt-cell--done a").first
    matrix = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    cell.click()
    page.locator("#side-panel mark").first.wait_for()
    shot(page, "matrix-panel")
    office = new_visitor()
    sign_in(office, stage, "vanphong")
    shot(office, "today")
    phone = new_visitor(viewport={"width": 390, "height": 844})
    sign_in(phone, stage, "dakha")
    shot(phone, "unit-phone")

    width, height = (round(float(side) / 72 * 25.4) for side in brief.pages[0].mediabox[2:])
    assert (len(brief.pages), width, height) == (1, 210, 297)
    unmarked = [
        sheet.extract_text()[:200]
        for sheet in [*brief.pages, *matrix.pages]
        if "dulieuthu" not in fold(sheet.extract_text()).replace(" ", "")
    ]
    assert unmarked == []
