"""In a village without signal: a sheet taken along, calls written down without network, sent later, wiped when it should be."""

import io
import re
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from directive_tracker.demo_people import create_demo_people
from tests.browser.acts import PHONE
from tests.browser.conftest import axe_findings, sign_in, wider_than_the_screen
from tests.browser.stage import PASSWORD
from tests.factories import at
from units.models import Area, Unit
from units.reference import load_reference
from veterans import campaigns, gifts, gratitude, people
from veterans.enums import Category, Living
from veterans.models import (
    Delegation,
    Gift,
    GratitudePlan,
    OfflineCopy,
    Person,
    PlanEntry,
    SentVisit,
    Visit,
    VisitPhoto,
)
from veterans.village import copies

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = ("A Thút", "Y Blơ", "A Grêng")
DAY = date(2024, 4, 15)


@pytest.fixture
def delegation(stage) -> Delegation:
    """Đăk Hà's delegation of 15/4/2024: three stops in two communes, two million đồng of the province promised to each."""
    load_reference()
    create_demo_people(PASSWORD, at("2024-02-14", "08:00"))
    keeper, unit = User.objects.get(username="dakha"), Unit.objects.get(code="mttq")
    morning = at("2024-04-01", "08:00")
    campaign = campaigns.open_campaign(
        name="Đợt thử", starts_on=date(2024, 2, 15), honour_day=date(2024, 5, 7), ends_on=date(2024, 5, 15),
        by=keeper, now=at("2024-02-15"),
    )  # fmt: skip
    district = Area.objects.get(name="Huyện Đăk Hà")
    plan = GratitudePlan.objects.create(
        campaign=campaign, area=district, unit=unit, title="Kế hoạch", made_by=keeper, made_at=morning
    )
    row = Delegation.objects.create(
        plan=plan, unit=unit, name="Đoàn số 1", leader="Ông Trưởng đoàn thử", on=DAY, made_by=keeper, made_at=morning
    )
    communes = list(Area.objects.filter(parent=district).order_by("code")[:2])
    source = campaign.sources.get(level="province")
    for place, name in enumerate(NAMES):
        person = people.add_person(
            fields={
                "full_name": name, "birth_year": 1930 + place, "birth_is_estimated": False,
                "residence": communes[place // 2], "hamlet": f"Thôn {place + 1}", "living_state": Living.LIVING,
                "living_on": date(2024, 4, 1), "living_source": "Trưởng thôn",
            },
            categories={Category.LABOURER: ("Giấy chứng nhận", "DC-01")},
            by=keeper,
            now=morning,
        )  # fmt: skip
        entry = PlanEntry.objects.create(
            plan=plan, person=person, form="home", added_by=keeper, added_at=morning, delegation=row, position=place
        )
        gifts.promise(person, gifts.Given(source, money=2_000_000), unit=unit, entry=entry, by=keeper, now=morning)
    stage.turn_clock(DAY, "08:30")
    return row


def take_along(page: Page, stage, delegation: Delegation, username: str = "dakha") -> str:
    """Sign in on the phone and take the sheet along; the page's address."""
    sign_in(page, stage, username)
    address = f"{stage.url}/so-tri-an/di-tham/{delegation.pk}/"
    page.goto(address)
    page.get_by_role("button", name="Mang theo máy").click()
    expect(page.get_by_text("Đã có trên máy này.")).to_be_visible()
    expect(page.get_by_role("button", name=NAMES[0])).to_be_visible()
    return address


def write_down(page: Page, name: str, **typed: str) -> None:
    """Open the stop's form, type, save; typed: label → text."""
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    for label, words in typed.items():
        page.get_by_label(label).first.fill(words)
    page.get_by_role("button", name="Lưu lần thăm").click()


def counts(page: Page, words: str) -> None:
    expect(page.locator("[data-v=counts]")).to_have_text(words, timeout=15_000)


def on_the_phone(page: Page) -> str:
    """Everything the browser's database of the page holds, as text; pictures by their size."""
    return page.evaluate(
        """() => Promise.all(["copies", "visits", "drafts"].map((name) => dtVillage.store.all(name)))
        .then((rows) => JSON.stringify(rows))"""
    )


def in_the_caches(page: Page) -> str:
    """Everything the service worker keeps, as text."""
    return page.evaluate(
        """async () => {
        const words = [];
        for (const name of await caches.keys()) {
          const cache = await caches.open(name);
          for (const asked of await cache.keys()) {
            words.push(asked.url + (await (await cache.match(asked)).text()));
          }
        }
        return words.join("\\n");
        }"""
    )


def jpeg() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (2400, 1800), "white").save(buffer, "JPEG")
    return buffer.getvalue()


# How many sheets with names the browser's database holds, asked on a page that has none of our scripts.
SHEETS = """() => new Promise((resolve) => {
    indexedDB.open("dt-village").onsuccess = (event) => {
      const rows = event.target.result.transaction("copies").objectStore("copies").getAll();
      rows.onsuccess = () => resolve(rows.result.filter((row) => row.sheet).length);
    };
})"""


def until(holds: Callable[[], bool]) -> bool:
    """Whether it holds within fifteen seconds."""
    end = time.monotonic() + 15
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return False


def without_line(context: BrowserContext) -> None:
    context.set_offline(True)


def test_two_calls_without_network_survive_closing_the_page_and_go_when_the_line_is_back(
    stage, delegation, new_visitor
):
    page = new_visitor(**PHONE)
    address = take_along(page, stage, delegation)
    context = page.context
    assert axe_findings(page) == []
    assert wider_than_the_screen(page) <= 0

    without_line(context)
    page.goto(address)
    expect(page.get_by_role("button", name=NAMES[0])).to_contain_text("Chưa ghi")
    assert axe_findings(page) == []
    page.get_by_role("button", name=NAMES[0]).click()
    expect(page.get_by_label("Tỉnh: số tiền (đồng)")).to_have_value("2.000.000")
    assert axe_findings(page) == []
    assert wider_than_the_screen(page) <= 0
    page.get_by_label("Người nhận thay").fill("Con gái")
    page.locator("#v-list").set_input_files({"name": "ky.jpg", "mimeType": "image/jpeg", "buffer": jpeg()})
    expect(page.get_by_text(re.compile("Danh sách ký nhận, "))).to_be_visible()
    page.get_by_role("button", name="Lưu lần thăm").click()
    counts(page, "1 chưa gửi, 0 đã gửi, 0 cần xem")
    write_down(page, NAMES[1], **{"Ghi chú": "Nhà ở cuối làng"})
    counts(page, "2 chưa gửi, 0 đã gửi, 0 cần xem")
    page.get_by_role("button", name=NAMES[2]).click()
    page.get_by_label("Ghi chú").fill("Mới gõ nửa chừng")
    assert until(lambda: page.evaluate("dtVillage.store.all('drafts').then((rows) => rows.length)") == 1)

    page.close()
    page = context.new_page()
    page.goto(address)
    counts(page, "2 chưa gửi, 0 đã gửi, 0 cần xem")
    page.get_by_role("button", name=NAMES[2]).click()
    expect(page.get_by_label("Ghi chú")).to_have_value("Mới gõ nửa chừng")
    page.get_by_role("button", name="Về danh sách").click()
    assert Visit.objects.count() == 0

    context.set_offline(False)
    counts(page, "0 chưa gửi, 2 đã gửi, 0 cần xem")

    visits = list(Visit.objects.order_by("person_id"))
    assert [(row.person.full_name, row.received_by, row.note) for row in visits] == [
        ("A Thút", "Con gái", ""),
        ("Y Blơ", "", "Nhà ở cuối làng"),
    ]
    assert [(gift.money, gift.state) for gift in Gift.objects.filter(visit__in=visits)] == [(2_000_000, "given")] * 2
    photo = VisitPhoto.objects.get()
    assert (photo.kind, photo.file.is_sealed) == ("signed_list", True)
    with photo.file.open_plain() as plain, Image.open(plain) as picture:
        assert picture.size == (1600, 1200)
    assert "Con gái" not in on_the_phone(page)
    assert [name for name in (*NAMES, "Trưởng đoàn thử") if name in in_the_caches(page)] == []

    page.get_by_role("button", name="Xong, xóa khỏi máy").click()
    page.get_by_role("button", name="Đồng ý").click()
    expect(page.get_by_text("Đã xóa danh sách khỏi máy này.")).to_be_visible()
    assert [name for name in NAMES if name in on_the_phone(page)] == []
    assert until(lambda: OfflineCopy.objects.get().ended == "synced")


def test_amounts_in_letters_and_days_out_of_place_are_told_at_the_door(stage, delegation, new_visitor):
    page = new_visitor(**PHONE)
    take_along(page, stage, delegation)
    without_line(page.context)
    page.get_by_role("button", name=NAMES[0]).click()
    page.get_by_label("Tỉnh: số tiền (đồng)").fill("hai triệu")
    page.get_by_label("Ngày thăm").fill("2024-04-16")
    page.get_by_label("Đồng ý cho chụp").check()
    page.get_by_role("button", name="Lưu lần thăm").click()

    expect(page.locator("[data-v=errors-list] li")).to_have_text(
        [
            "Ngày thăm không được sau hôm nay.",
            "Tỉnh: Số tiền chỉ gồm chữ số, ví dụ 2.000.000.",
            "Hãy ghi ai trả lời về việc chụp ảnh.",
            "Trả lời bằng lời thì cần ghi người làm chứng.",
        ]
    )
    expect(page.get_by_label("Tỉnh: số tiền (đồng)")).to_have_value("hai triệu")
    assert axe_findings(page) == []


def test_two_phones_send_the_same_call_and_the_second_is_told(stage, delegation, new_visitor):
    one, other = new_visitor(**PHONE), new_visitor(**PHONE)
    for page, who in ((one, "dakha"), (other, "mttq")):
        take_along(page, stage, delegation, who)
        without_line(page.context)
    write_down(one, NAMES[0])
    write_down(other, NAMES[0])
    write_down(one, NAMES[1], **{"Người nhận thay": "Con gái"})
    write_down(other, NAMES[1], **{"Người nhận thay": "Con trai"})

    one.context.set_offline(False)
    counts(one, "0 chưa gửi, 2 đã gửi, 0 cần xem")
    other.context.set_offline(False)
    counts(other, "0 chưa gửi, 2 đã gửi, 1 cần xem")

    expect(other.locator("[data-v=look-list]")).to_contain_text("Máy khác đã ghi lần thăm này với nội dung khác")
    expect(other.locator("[data-v=look-list]")).to_contain_text("Khác ở: người nhận thay.")
    assert (Visit.objects.count(), Gift.objects.filter(state="given").count()) == (2, 2)
    outcomes = SentVisit.objects.order_by("pk").values_list("outcome", "why")
    assert sorted(outcomes) == [("recorded", ""), ("recorded", ""), ("same", ""), ("waiting", "differs")]


def test_the_queue_of_a_closed_account_is_handed_over_and_waits_and_the_names_go(stage, delegation, new_visitor):
    page = new_visitor(**PHONE)
    take_along(page, stage, delegation)
    without_line(page.context)
    write_down(page, NAMES[0], **{"Ghi chú": "Nguyên văn"})
    User.objects.filter(username="dakha").update(is_active=False)
    copies.revoke(OfflineCopy.objects.get(), by=User.objects.get(username="mttq"), now=at(DAY, "10:00"))

    page.context.set_offline(False)
    counts(page, "0 chưa gửi, 1 đã gửi, 1 cần xem")

    sent = SentVisit.objects.get()
    assert (sent.outcome, sent.why) == ("waiting", "account")
    assert Visit.objects.count() == 0
    expect(page.get_by_role("button", name=NAMES[0])).to_have_count(0)
    assert [name for name in NAMES if name in on_the_phone(page)] == []


def test_signing_out_sends_first_and_wipes(stage, delegation, new_visitor):
    page = new_visitor(**PHONE)
    address = take_along(page, stage, delegation)
    without_line(page.context)
    write_down(page, NAMES[0])
    counts(page, "1 chưa gửi, 0 đã gửi, 0 cần xem")
    page.context.set_offline(False)
    counts(page, "0 chưa gửi, 1 đã gửi, 0 cần xem")

    sign_out(page, stage)

    assert until(lambda: OfflineCopy.objects.get().ended == "signed_out")
    assert Visit.objects.count() == 1
    sign_in(page, stage, "mttq")
    page.goto(address)
    expect(page.get_by_role("button", name="Mang theo máy")).to_be_visible()
    assert [name for name in NAMES if name in on_the_phone(page)] == []


def sign_out(page: Page, stage) -> None:
    page.goto(f"{stage.url}/so-tri-an/di-tham/")
    page.locator(".dt-user summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url(re.compile("/accounts/login/"))


def test_signing_out_with_something_unsent_asks_and_then_only_the_names_go(stage, delegation, new_visitor):
    page = new_visitor(**PHONE)
    take_along(page, stage, delegation)
    without_line(page.context)
    write_down(page, NAMES[0], **{"Ghi chú": "Nguyên văn"})
    counts(page, "1 chưa gửi, 0 đã gửi, 0 cần xem")

    page.locator(".dt-user summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.locator("#dt-confirm")).to_contain_text("Còn 1 lần thăm chưa gửi được.")
    page.locator("#dt-confirm").get_by_role("button", name="Đồng ý").click()
    expect(page.get_by_text("Đã xóa tên khỏi máy. Chưa có mạng nên phiên chưa kết thúc")).to_be_visible()
    assert [name for name in NAMES if name in on_the_phone(page)] == []
    assert "Nguyên văn" in on_the_phone(page)

    page.context.set_offline(False)
    assert until(lambda: Visit.objects.filter(note="Nguyên văn").count() == 1)
    assert until(lambda: OfflineCopy.objects.get().ended == "signed_out")
    # Whoever signed out leaves nothing there, not even the number of what was sent.
    counts(page, "0 chưa gửi, 0 đã gửi, 0 cần xem")
    assert until(lambda: "Nguyên văn" not in on_the_phone(page))


def test_who_comes_next_on_the_phone_never_sees_the_names(stage, delegation, new_visitor):
    page = new_visitor(**PHONE)
    take_along(page, stage, delegation)
    page.context.clear_cookies()  # the session is gone without the page having noticed

    sign_in(page, stage, "tinhdoan")

    assert until(lambda: page.evaluate("localStorage.getItem('dt-village')") is None)
    assert page.evaluate(SHEETS) == 0
    assert until(lambda: OfflineCopy.objects.get().ended == "signed_out")


def test_after_seven_days_the_names_go_and_what_was_not_sent_is_still_sent(stage, delegation, new_visitor):
    page = new_visitor(**PHONE)
    address = take_along(page, stage, delegation)
    context = page.context
    without_line(context)
    write_down(page, NAMES[0], **{"Ghi chú": "Nguyên văn"})
    counts(page, "1 chưa gửi, 0 đã gửi, 0 cần xem")
    page.close()

    page = context.new_page()
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=6, hours=23))
    page.goto(address)
    expect(page.get_by_role("button", name=NAMES[0])).to_be_visible()
    page.close()
    page = context.new_page()
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=7, minutes=1))
    stage.turn_clock(DAY + timedelta(days=7), "08:45")
    context.set_offline(False)
    page.goto(address)

    counts(page, "0 chưa gửi, 1 đã gửi, 1 cần xem")
    expect(page.get_by_text("Hồ sơ số")).to_be_visible()
    assert [name for name in NAMES if name in on_the_phone(page)] == []
    sent = SentVisit.objects.get()
    assert (sent.outcome, sent.why) == ("waiting", "late")
    assert Person.objects.get(pk=sent.person_id).full_name == NAMES[0]


def test_a_session_that_ended_hands_over_and_is_recorded_after_signing_in(stage, delegation, new_visitor):
    page = new_visitor(**PHONE)
    address = take_along(page, stage, delegation)
    context = page.context
    without_line(context)
    write_down(page, NAMES[0])
    kept = [cookie for cookie in context.cookies() if cookie["name"] == "browser"]
    context.clear_cookies()
    context.add_cookies(kept)

    context.set_offline(False)
    counts(page, "0 chưa gửi, 1 đã gửi, 1 cần xem")
    assert Visit.objects.count() == 0
    page.goto(address)
    expect(page.get_by_role("button", name=NAMES[1])).to_be_visible()
    expect(page.get_by_text("Phiên đăng nhập đã hết.")).to_be_visible()

    sign_in(page, stage, "dakha")
    page.goto(address)

    counts(page, "0 chưa gửi, 1 đã gửi, 0 cần xem")
    assert Visit.objects.count() == 1


def test_a_gift_given_meanwhile_is_told_in_the_servers_words(stage, delegation, new_visitor):
    page = new_visitor(**PHONE)
    take_along(page, stage, delegation)
    without_line(page.context)
    write_down(page, NAMES[0])
    person, source = Person.objects.get(full_name=NAMES[0]), delegation.plan.campaign.sources.get(level="province")
    gratitude.record_visit(
        person, on=date(2024, 4, 14), unit=Unit.objects.get(code="mttq"), gifts=[gifts.Given(source, money=1)],
        by=User.objects.get(username="mttq"), now=at(DAY, "09:00"),
    )  # fmt: skip
    page.context.set_offline(False)
    counts(page, "0 chưa gửi, 1 đã gửi, 1 cần xem")
    expect(page.locator("[data-v=look-list]")).to_contain_text("đã trao quà cho người này ngày 14/4/2024")
