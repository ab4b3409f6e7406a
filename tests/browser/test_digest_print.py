"""A digest on paper: at most two A4 sheets, its sums once, every sheet marked; on a phone nothing is wider than the screen."""

import io
import re

from pypdf import PdfReader

from directive_tracker.vietnamese import fold
from tasks.models import Digest
from tests.browser.conftest import shot, sign_in


def test_a_digest_prints_on_two_sheets_at_most(stage, new_visitor):
    stage.played()
    page = new_visitor()
    sign_in(page, stage, "thuongtruc")
    weekly = Digest.objects.filter(kind="weekly").order_by("-pk").first()

    page.goto(f"{stage.url}{weekly.get_absolute_url()}")
    shot(page, "digest")
    paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))

    words = "\n".join(sheet.extract_text() for sheet in paper.pages)
    width, height = (round(float(side) / 72 * 25.4) for side in paper.pages[0].mediabox[2:])
    assert (len(paper.pages) <= 2, width, height) == (True, 210, 297)
    # One sum of the classes, one of the units: not again at the foot of each sheet.
    assert len([line for line in words.splitlines() if re.match(r"cong\d", fold(line).replace(" ", ""))]) == 2
    assert [sheet for sheet in paper.pages if "dulieuthu" not in fold(sheet.extract_text()).replace(" ", "")] == []
