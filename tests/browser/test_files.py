"""A locked file is still shown: the browser's own viewer opens a PDF that may run and load nothing."""

import io

from PIL import Image

from accounts.models import User
from directive_tracker import clock
from records.results import keep_file
from tasks.models import CitedDocument
from tests.browser.conftest import sign_in


def red_pdf() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (600, 800), "red").save(file, "PDF")
    return file.getvalue()


def test_a_pdf_is_shown_under_the_lock_and_a_workbook_is_handed_over(stage, new_visitor):
    directive = stage.draft()
    office = User.objects.get(username="vanphong")
    pages = {}
    for name in ("ke-hoach.pdf", "bieu.xlsx"):
        stored = keep_file(red_pdf(), name, "application/pdf", by=office, now=clock.now())
        CitedDocument.objects.create(directive=directive, number=name, file=stored)
        pages[name] = f"{stage.url}/tep/{stored.pk}/"
    page = new_visitor()
    sign_in(page, stage, "vanphong")

    page.goto(pages["ke-hoach.pdf"])
    page.wait_for_timeout(2000)
    shown = Image.open(io.BytesIO(page.screenshot())).convert("RGB").resize((40, 30))
    red = sum(
        1 for x in range(40) for y in range(30) if shown.getpixel((x, y))[0] > 200 > 60 > shown.getpixel((x, y))[1]
    )
    with page.expect_download() as download:
        page.evaluate("address => { location.href = address }", pages["bieu.xlsx"])

    assert red > 100
    assert download.value.suggested_filename == "bieu.xlsx"
