"""From an empty system to the first person at work: first administrator, second step, office, people, invitation, sign-in."""

import base64
import re

import pytest
from django.core import mail
from django_otp.oath import TOTP
from playwright.sync_api import Page, expect

from accounts.models import AccountLink, User
from directive_tracker import clock
from notifications.rounds import run_round
from records.models import AuditEvent
from tests.browser.conftest import axe_findings, wider_than_the_screen
from tests.units.workbooks import lists
from units.models import Membership, Unit

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD, HERS = "con duong xanh 1954", "bong lua chin vang 75"
WORKBOOK = lists(
    units=[["hu-dak-ha", "Huyện ủy Đắk Hà", "Đắk Hà", "Huyện ủy, thành ủy, đảng ủy", "", "", "0260 3822 111", "", ""]],
    people=[
        [
            "ylan",
            "Y Lan",
            "0260 3822 112",
            "ylan@example.vn",
            "Cán bộ đầu mối",
            "hu-dak-ha",
            "",
            "Có",
            "01/01/2024",
            "",
        ],
        ["hoa", "Trần Văn Hòa", "", "hoa@example.vn", "Cán bộ Văn phòng", "van-phong", "", "", "01/01/2024", ""],
    ],
)


@pytest.fixture
def empty(live_server, settings, tmp_path) -> str:
    """The address of an installation nobody has used yet, as `make run DEMO=0` starts it."""
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    settings.SITE_URL = live_server.url
    settings.SECOND_FACTOR_ROLES = ["office", "registrar", "administrator"]
    return live_server.url


def code_of(page: Page) -> str:
    """What the phone would show for the secret on the page."""
    page.get_by_text("Không quét được?").click()
    secret = page.locator(".dt-secret").inner_text().replace(" ", "")
    return f"{TOTP(base64.b32decode(secret), t0=0).token():06d}"


def set_up_second_step(page: Page) -> None:
    """Confirm an app and put the recovery codes away."""
    page.get_by_label("Mã 6 chữ số").fill(code_of(page))
    page.get_by_role("button", name="Bật xác thực hai bước").click()
    assert page.locator(".dt-recovery li").count() == 10
    page.get_by_role("link", name="Tôi đã cất").click()


def step(page: Page, number: int):
    """The card of one step."""
    return page.locator("section.dt-card").filter(has=page.get_by_role("heading", name=re.compile(rf"^{number}\.")))


def look_at(page: Page) -> None:
    """The page holds for everybody: no finding of axe, nothing wider than a phone."""
    assert axe_findings(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert wider_than_the_screen(page) == 0
    page.set_viewport_size({"width": 1366, "height": 768})


def found_the_system(page: Page, url: str) -> None:
    """The first visitor becomes administrator and protects the account."""
    page.goto(url)
    page.get_by_label("Tên văn phòng").fill("Văn phòng Tỉnh ủy Kon Tum")
    page.get_by_label("Họ và tên").fill("Trần Thị Lan")
    page.get_by_label("Tên đăng nhập").fill("lan")
    page.get_by_label("Thư điện tử").fill("lan@example.vn")
    page.locator("#id_password1").fill(PASSWORD)
    page.locator("#id_password2").fill(PASSWORD)
    page.get_by_role("button", name="Tạo và đăng nhập").click()
    page.wait_for_url(f"{url}/bat-dau/")
    expect(step(page, 1)).to_contain_text("Còn thiếu: bước xác thực thứ hai")
    expect(page.get_by_role("button", name="Gửi thư thử cho tôi")).to_have_count(0)
    look_at(page)
    page.get_by_role("link", name="Cài bước xác thực thứ hai").click()
    set_up_second_step(page)
    page.wait_for_url(f"{url}/bat-dau/")
    expect(step(page, 1)).to_contain_text("Xong")


def name_the_office(page: Page) -> None:
    """Step 2, first with a mistake."""
    page.get_by_label("Ký hiệu văn bản").fill("CV/VPTU")
    page.get_by_label("Điện thoại").fill("0260 3862 524")
    page.get_by_label("Thư công vụ").fill("van-phong")
    step(page, 2).get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("heading", name="Có 1 chỗ cần sửa")).to_be_visible()
    page.get_by_label("Thư công vụ").fill("vp@example.vn")
    step(page, 2).get_by_role("button", name="Lưu").click()
    expect(step(page, 2)).to_contain_text("Văn phòng Tỉnh ủy Kon Tum, CV/VPTU, 0260 3862 524, vp@example.vn.")


def bring_people_in(page: Page) -> None:
    """Steps 3 and 4 with one workbook."""
    step(page, 3).get_by_role("link", name="Nhập từ tệp Excel").click()
    xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.get_by_label("Tệp Excel").set_input_files({"name": "danh-sach.xlsx", "mimeType": xlsx, "buffer": WORKBOOK})
    page.get_by_role("button", name="Kiểm tra tệp").click()
    page.get_by_role("button", name=re.compile("^Nhập")).click()
    confirm = page.locator("#dt-confirm[open]")
    if confirm.count():
        confirm.get_by_role("button", name="Đồng ý").click()
    page.wait_for_load_state("networkidle")
    assert sorted(Unit.objects.values_list("name", flat=True)) == ["Huyện ủy Đắk Hà", "Văn phòng Tỉnh ủy Kon Tum"]
    assert Membership.objects.count() == 4


def invitation_for(address: str) -> str:
    """The address in the newest mail to that person."""
    body = next(letter.body for letter in reversed(mail.outbox) if letter.to == [address])
    return re.search(r"http://\S+/accounts/loi-moi/\S+/", body)[0]


def accept(page: Page, link: str, username: str, password: str) -> None:
    """Somebody opens the mail's link and sets a password; a first try with a wrong name and a short password."""
    page.goto(link)
    look_at(page)
    page.get_by_label("Tên đăng nhập").fill("lan")
    page.get_by_label("Mật khẩu mới", exact=True).fill(password)
    page.get_by_label("Gõ lại mật khẩu mới").fill(password)
    page.get_by_role("button", name="Đặt mật khẩu").click()
    expect(page.get_by_role("alert")).to_contain_text("Tên đăng nhập không đúng với đường dẫn này")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu mới", exact=True).fill(password)
    page.get_by_label("Gõ lại mật khẩu mới").fill(password)
    page.get_by_role("button", name="Đặt mật khẩu").click()
    page.wait_for_url(re.compile("/accounts/login/"))
    expect(page.get_by_role("status")).to_contain_text("Đã đặt mật khẩu")


def sign_in(page: Page, username: str, password: str) -> None:
    """Type both and press the button."""
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()


def test_from_an_empty_system_to_people_at_work(new_visitor, empty):
    lan = new_visitor()
    found_the_system(lan, empty)
    name_the_office(lan)
    bring_people_in(lan)

    lan.goto(f"{empty}/bat-dau/")
    expect(step(lan, 4)).to_contain_text("Đã có 2 người ngoài anh/chị. Đơn vị nào cũng có cán bộ đầu mối.")
    look_at(lan)
    lan.get_by_role("button", name="Gửi lời mời cho 2 người").click()
    expect(lan.get_by_role("status")).to_contain_text("Đã gửi 2 lời mời.")
    assert run_round(now=clock.now())["sent"] == 2

    # A reporter alone needs no second step and lands on the unit's page.
    reporter = new_visitor(viewport={"width": 390, "height": 844})
    link = invitation_for("ylan@example.vn")
    accept(reporter, link, "ylan", HERS)
    sign_in(reporter, "ylan", HERS)
    reporter.wait_for_url(f"{empty}/don-vi/")
    expect(reporter.get_by_role("heading", level=1)).to_contain_text("Việc của")

    # The same link again opens nothing, and says why; whoever is signed in as somebody else is told that first.
    stranger = new_visitor()
    stranger.goto(link)
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Không mở được đường dẫn")
    expect(stranger.locator("main")).to_contain_text("Đường dẫn này đã được dùng.")
    lan.goto(invitation_for("hoa@example.vn"))
    expect(lan.locator("main")).to_contain_text("Đường dẫn này gửi cho người khác")

    # Somebody of the office sets the second step up before anything else opens.
    office = new_visitor()
    accept(office, invitation_for("hoa@example.vn"), "hoa", HERS + " 2")
    sign_in(office, "hoa", HERS + " 2")
    office.wait_for_url(re.compile("/accounts/buoc-hai/cai-dat/"))
    set_up_second_step(office)
    expect(office.get_by_role("heading", level=1)).to_have_text("Hôm nay")

    assert AccountLink.objects.filter(used_at__isnull=False).count() == 2
    assert all(user.has_usable_password() for user in User.objects.all())
    verbs = list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))
    assert [verb for verb in verbs if verb.startswith("account.invit")] == [
        "account.invited",
        "account.invitation_accepted",
        "account.invitation_accepted",
    ]


def test_a_forgotten_password_is_set_anew_by_mail(new_visitor, empty):
    person = User(username="dakha", full_name="Y Lan", email="ylan@example.vn")
    person.set_password(PASSWORD)
    person.save()
    page = new_visitor()

    page.goto(f"{empty}/accounts/login/")
    page.get_by_role("link", name="Quên mật khẩu?").click()
    look_at(page)
    page.get_by_label("Tên đăng nhập hoặc địa chỉ thư").fill("dakha")
    page.get_by_role("button", name="Gửi đường dẫn").click()
    expect(page.get_by_role("status")).to_contain_text("Nếu có tài khoản như vậy")
    run_round(now=clock.now())
    page.goto(re.search(r"http://\S+/accounts/dat-lai/\S+/", mail.outbox[0].body)[0])
    page.get_by_label("Tên đăng nhập").fill("dakha")
    page.get_by_label("Mật khẩu mới", exact=True).fill(HERS)
    page.get_by_label("Gõ lại mật khẩu mới").fill(HERS)
    page.get_by_role("button", name="Đặt mật khẩu").click()
    page.wait_for_url(re.compile("/accounts/login/"))
    sign_in(page, "dakha", HERS)

    page.wait_for_url(re.compile("/accounts/profile/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Tài khoản của tôi")
