"""From the signed document to issued work in Chromium: dropped on the page, read, split, checked, assigned, issued."""

import re
from collections import Counter

import pytest
from playwright.sync_api import Page, expect

from directive_tracker.demo_people import create_demo_people
from tasks.models import Assignment, Directive
from tests.browser.acts import PHONE
from tests.browser.conftest import axe_findings, sign_in, wider_than_the_screen
from tests.browser.papers import as_file
from tests.browser.stage import PASSWORD, TEXT, Stage
from tests.factories import at
from units.reference import load_reference

pytestmark = pytest.mark.django_db(transaction=True)

# One word less than the directive the program was made for: no data file knows these bytes, whatever the kind of file.
DOCUMENT = TEXT.read_text(encoding="utf-8").replace("tích cực hưởng ứng, tham gia", "hưởng ứng, tham gia")
SPLIT = {"1a": 5, "1b": 3, "1c": 2, "3a": 4}


@pytest.fixture
def office(stage: Stage):
    load_reference()
    create_demo_people(PASSWORD, at("2024-02-14", "08:00"))
    stage.turn_clock("2024-02-15", "08:30")
    return stage


def confirm(page: Page, name: str | re.Pattern, *, script: bool) -> None:
    """Press a button; where the page asks back, answer."""
    page.get_by_role("button", name=name).first.click()
    if script:
        question = page.locator("#dt-confirm[open]")
        if question.count():
            question.get_by_role("button", name="Đồng ý").click()


def play(page: Page, stage: Stage, kind: str, browser, *, script: bool) -> Directive:
    sign_in(page, stage, "vanphong")
    page.goto(f"{stage.url}/van-ban/moi/")
    page.get_by_label("Tệp văn bản").set_input_files(as_file(DOCUMENT, kind, browser))
    page.get_by_label("Văn bản này không có độ mật").check()
    page.get_by_role("button", name="Ghi văn bản").click()
    expect(page.get_by_role("heading", name="Soát văn bản")).to_be_visible()
    directive = Directive.objects.get()
    expect(page.locator(".ck-progress")).to_contain_text("0/6")

    # Six paragraphs become sixteen tasks, by their verbs.
    for code, parts in SPLIT.items():
        task = directive.tasks.get(code=code)
        page.locator(f"#nv-{task.pk}").get_by_role("link", name=f"Tách {code}", exact=True).click()
        page.get_by_role("button", name=f"Tách thành {parts} nhiệm vụ").click()
        expect(page.locator(".ck-undo")).to_contain_text(f"Đã tách nhiệm vụ {code} thành")
    expect(page.locator(".ck-progress")).to_contain_text("14/16")

    # What is left is looked at; headings and the preamble order nothing.
    confirm(page, re.compile("Các câu còn lại"), script=script)
    expect(page.locator(".ck-progress")).to_contain_text("không còn câu nào")
    confirm(page, re.compile("Đánh dấu đã soát tất cả"), script=script)
    expect(page.locator(".ck-progress")).to_contain_text("16/16")

    page.get_by_role("link", name=re.compile("Tiếp: phân công")).click()
    expect(page.get_by_role("heading", name="Phân công", exact=True)).to_be_visible()
    page.get_by_role("link", name=re.compile("Xem trước và giao")).click()
    confirm(page, re.compile("^Giao 111|^Giao 112"), script=script)
    expect(page.get_by_text(re.compile("Đã giao 112 phần việc cho 22 đơn vị"))).to_be_visible()
    directive.refresh_from_db()
    return directive


@pytest.mark.parametrize("kind", ["txt", "docx", "pdf"])
def test_the_real_directive_goes_from_its_file_to_issued_work(office, new_visitor, browser, kind):
    page = new_visitor()
    directive = play(page, office, kind, browser, script=True)

    assert (directive.state, directive.tasks.count()) == ("issued", 16)
    leads = Counter(Assignment.objects.filter(role="lead").values_list("unit__code", flat=True))
    assert (sum(leads.values()), len(leads)) == (111, 22)
    named = {code: leads[code] for code in ("mttq", "quan-su", "ban-tuyen-giao", "bcsd-ubnd")}
    assert named == {"mttq": 8, "quan-su": 7, "ban-tuyen-giao": 5, "bcsd-ubnd": 1}
    coordinating = Assignment.objects.filter(role="coordinating").values_list("task__code", "unit__code")
    assert list(coordinating) == [("1c.2", "mttq")]


def test_the_same_on_a_phone_without_javascript(office, new_visitor, browser):
    page = new_visitor(**PHONE, java_script_enabled=False)
    directive = play(page, office, "docx", browser, script=False)

    assert (directive.state, Assignment.objects.filter(role="lead").count()) == ("issued", 111)


def test_the_pages_on_the_way_are_sound_at_both_widths(office, new_visitor, browser):
    page = new_visitor()
    sign_in(page, office, "vanphong")
    page.goto(f"{office.url}/van-ban/moi/")
    page.get_by_label("Tệp văn bản").set_input_files(as_file(DOCUMENT, "txt", browser))
    page.get_by_label("Văn bản này không có độ mật").check()
    page.get_by_role("button", name="Ghi văn bản").click()
    page.wait_for_url(re.compile("/soat/"))
    pk = Directive.objects.get().pk

    found = {}
    for path in ("soat", "phan-cong", "giao"):
        for width in (1366, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{office.url}/van-ban/{pk}/{path}/")
            found[path, width] = (axe_findings(page), wider_than_the_screen(page))
    assert {place: problems for place, problems in found.items() if problems != ([], 0)} == {}
