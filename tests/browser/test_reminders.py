"""What leaves tomorrow is seen and held, with and without JavaScript; a digest as page, and as the mail that somebody opens."""

import pytest
from django.core import mail as outgoing

from notifications import sending
from notifications.models import Message
from notifications.rounds import run_round
from tasks.models import Digest
from tests.browser.conftest import axe_findings, shot, sign_in, wider_than_the_screen
from tests.browser.stage import WANTS_PICTURES
from tests.factories import at


@pytest.mark.parametrize("script", [True, False])
def test_the_office_sees_tomorrows_mails_and_holds_one(stage, new_visitor, script):
    stage.issued()
    run_round(now=at("2024-02-15", "09:00"))
    # Nobody has taken note of anything: Monday brings the bulletin to all.
    stage.turn_clock("2024-02-25", "16:00")
    page = new_visitor(java_script_enabled=script)
    sign_in(page, stage, "vanphong")

    page.goto(f"{stage.url}/thong-bao/so-gui/")
    if script:
        shot(page, "ledger")
    page.get_by_role("link", name="Thư sắp gửi").click()
    page.get_by_text("Ngày mai 07:30 gửi 23 thư.").wait_for()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Giữ lại").click()

    page.get_by_text("Ngày mai 07:30 gửi 22 thư, giữ lại 1.").wait_for()
    assert Message.objects.filter(state="held").count() == 1
    if script:
        shot(page, "next-mails")
        assert axe_findings(page) == []
        page.set_viewport_size({"width": 390, "height": 844})
        assert wider_than_the_screen(page) == 0


def test_a_rung_is_added_from_the_keyboard(stage, new_visitor):
    stage.issued()
    page = new_visitor()
    sign_in(page, stage, "vanphong")

    page.goto(f"{stage.url}/thong-bao/quy-tac/")
    page.get_by_label("Số ngày").focus()
    page.keyboard.type("5")
    page.keyboard.press("Enter")

    page.get_by_text("Đã thêm bậc nhắc: Trước hạn 5 ngày làm việc.").wait_for()
    shot(page, "reminder-rules")
    assert axe_findings(page) == []


def test_the_digest_is_a_page_and_a_mail_that_opens_without_the_internet(stage, new_visitor):
    if WANTS_PICTURES:
        stage.played()
    else:
        stage.issued()
        run_round(now=at("2024-02-22", "17:05"))
        run_round(now=at("2024-02-23", "07:35"))
        stage.turn_clock("2024-02-23", "08:00")
    digest = Digest.objects.filter(kind="weekly").order_by("-period_to").first()
    sent = [mail for mail in outgoing.outbox if mail.subject.startswith("Báo cáo nhanh tuần")][-1]
    page = new_visitor()
    sign_in(page, stage, "thuongtruc")

    page.goto(f"{stage.url}/bao-cao-nhanh/{digest.pk}/")
    heading = page.get_by_role("heading", level=1).inner_text()
    shot(page, "digest")
    on_page = axe_findings(page)
    page.set_viewport_size({"width": 390, "height": 844})
    wide = wider_than_the_screen(page)
    # A page of its own: the rules of our pages are not those of a mail program.
    mail = new_visitor()
    mail.set_content(sent.alternatives[0].content)
    shot(mail, "digest-mail")

    assert heading == "Báo cáo nhanh tuần 05/4–11/4/2024" if WANTS_PICTURES else "Báo cáo nhanh tuần 16/02–22/02/2024"
    assert mail.get_by_role("heading", level=1).inner_text() == heading
    assert (on_page, wide, axe_findings(mail)) == ([], 0, [])


def test_after_a_restore_the_office_says_what_becomes_of_mails_that_may_have_left(stage, new_visitor):
    stage.issued()
    run_round(now=at("2024-02-15", "09:00"))
    # Nobody has taken note of anything; the bulletin of Monday 07:30 may have left before the machine died.
    sending.note_restore(at("2024-02-25", "22:00"), now=at("2024-02-26", "09:00"))
    stage.turn_clock("2024-02-26", "09:05")
    page = new_visitor(java_script_enabled=False)
    sign_in(page, stage, "vanphong")

    page.goto(f"{stage.url}/thong-bao/sap-gui/")
    page.get_by_text("23 thư đến hạn trong khoảng đó có thể đã gửi").wait_for()
    page.get_by_text("23 thư phải gửi đến ngày mai 07:30 chờ Văn phòng cho gửi tiếp.").wait_for()
    checked = [look_at(new_visitor, stage, size) for size in ((1366, 768), (390, 844))]
    page.get_by_role("radio", name="Bỏ, không gửi lại").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.get_by_text("Thư được gửi tiếp; bỏ 23 thư coi như đã gửi trước đó.").wait_for()
    assert checked == [(0, []), (0, [])]
    assert set(Message.objects.exclude(kind="issued").values_list("state", flat=True)) == {"superseded"}


def look_at(new_visitor, stage, size: tuple[int, int]) -> tuple[int, list[str]]:
    """How much too wide the page of the mails to come is, and what axe finds on it."""
    page = new_visitor(viewport={"width": size[0], "height": size[1]})
    sign_in(page, stage, "vanphong")
    page.goto(f"{stage.url}/thong-bao/sap-gui/")
    return wider_than_the_screen(page), axe_findings(page)
