"""A report from a mail on a phone, without an account: at most four taps besides typing."""

import io
import re

import pytest
from django.core import mail as outgoing
from django.core.management import call_command
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from records.models import PartialUpload, StoredFile
from tasks.models import ReportRound, UnitReport
from tests.browser.conftest import axe_findings, sign_in, wider_than_the_screen
from tests.browser.test_photos import photos, send_over_a_cut_line

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


class Taps:
    """Taps that are counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def open(self, address: str) -> None:
        """Tap the link in the mail."""
        self.page.goto(address)
        self.count += 1

    def tap(self, place: Locator) -> None:
        place.tap()
        self.count += 1


def link_in_mail_to(address: str) -> str:
    """The link in the mail that gave work, as it stands in the text."""
    (message,) = [message for message in outgoing.outbox if message.to == [address]]
    return re.search(r"https?://\S+/bc/\S+", message.body)[0]


def open_link(stage) -> str:
    """The work is given, the mail is out; the link of the youth union's focal point."""
    stage.issued()
    call_command("run_reminders", now="2024-02-15T08:31:00+07:00")
    return link_in_mail_to(User.objects.get(username="tinhdoan").email)


@pytest.mark.parametrize("with_script", [True, False])
def test_a_report_from_a_mail_on_a_phone_takes_at_most_four_taps(stage, new_visitor, with_script):
    address = open_link(stage)
    taps = Taps(page := new_visitor(**PHONE, java_script_enabled=with_script))

    taps.open(address)
    page.get_by_label("Họ và tên", exact=True).fill("Trần Văn Bình")
    page.get_by_label("Chức vụ", exact=True).fill("Phó Chánh Văn phòng")
    taps.tap(page.get_by_role("button", name="Viết báo cáo"))
    page.get_by_label("Kết quả thực hiện").locator("visible=true").first.fill("Đã ban hành kế hoạch.")
    taps.tap(page.get_by_role("button", name="Gửi báo cáo"))
    if with_script:
        taps.tap(page.get_by_role("button", name="Đồng ý"))

    expect(page.get_by_text("qua liên kết – Trần Văn Bình, Phó Chánh Văn phòng").first).to_be_visible()
    assert taps.count == (4 if with_script else 3)
    assert ReportRound.objects.get().via_name == "Trần Văn Bình"
    assert "sessionid" not in {cookie["name"] for cookie in page.context.cookies()}


def test_the_pages_of_a_link_fit_a_phone_and_a_desk_and_axe_finds_nothing(stage, new_visitor):
    address = open_link(stage)
    page, found = new_visitor(), []

    def look(where: str) -> None:
        for width in (1366, 390):
            page.set_viewport_size({"width": width, "height": 844})
            found.extend(f"{where} {width}: {rule}" for rule in axe_findings(page))
            if wider_than_the_screen(page) > 0:
                found.append(f"{where} {width}: wider than the screen")

    page.goto(address)
    look("start")
    page.get_by_label("Họ và tên", exact=True).fill("Trần Văn Bình")
    page.get_by_label("Chức vụ", exact=True).fill("Phó Chánh Văn phòng")
    page.get_by_role("button", name="Viết báo cáo").click()
    look("form")
    page.goto(address)
    page.get_by_text("Chuyển cho đồng nghiệp").click()
    page.get_by_label("Hoặc họ tên").fill("Lê Thị Cúc")
    page.get_by_role("button", name="Chuyển", exact=True).click()
    expect(page.get_by_text("Đường dẫn cho Lê Thị Cúc").first).to_be_visible()
    look("passed on")
    page.goto(f"{address.rstrip('/')}2/")
    look("refused")

    assert found == []
    assert UnitReport.objects.count() == 1


def photo_of_a_paper() -> bytes:
    """A sheet photographed by a telephone: larger than what is kept of it."""
    buffer = io.BytesIO()
    Image.new("RGB", (3000, 4000), "white").save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


def test_photos_sent_through_the_link_survive_a_cut_of_the_line(stage, new_visitor):
    address = open_link(stage)
    page = new_visitor(**PHONE)
    page.goto(address)
    page.get_by_label("Họ và tên", exact=True).fill("Trần Văn Bình")
    page.get_by_label("Chức vụ", exact=True).fill("Phó Chánh Văn phòng")
    page.get_by_role("button", name="Viết báo cáo").tap()
    section = page.locator("details.dt-section[open]").filter(has=page.locator("[data-uploads]")).first
    section.get_by_label("Kết quả thực hiện").fill("Đã tổ chức ra quân.")

    send_over_a_cut_line(page, section, photos(2))
    page.get_by_role("button", name="Gửi báo cáo").tap()
    page.get_by_role("button", name="Đồng ý").tap()
    expect(page.get_by_text("qua liên kết – Trần Văn Bình, Phó Chánh Văn phòng").first).to_be_visible()

    round_ = ReportRound.objects.get()
    sizes = {}
    for stored in round_.files.all():
        with Image.open(stored.file) as picture:
            sizes[stored.original_name] = (picture.size, dict(picture.getexif()))
    assert sizes == {"anh-1.jpg": ((1600, 1200), {}), "anh-2.jpg": ((1600, 1200), {})}
    assert (round_.via_name, round_.content["results"]) == ("Trần Văn Bình", "Đã tổ chức ra quân.")
    assert PartialUpload.objects.count() == 0


def test_papers_photos_and_the_signed_scan_go_in_parts_through_the_link_and_from_the_page(stage, new_visitor):
    address = open_link(stage)
    page = new_visitor(**PHONE)
    posts = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.goto(address)
    page.get_by_label("Họ và tên", exact=True).fill("Trần Văn Bình")
    page.get_by_label("Chức vụ", exact=True).fill("Phó Chánh Văn phòng")
    page.get_by_role("button", name="Viết báo cáo").tap()
    sheet = {"mimeType": "image/jpeg", "buffer": photo_of_a_paper()}

    section = page.locator("details.dt-section[open]").filter(has=page.locator("[data-paper]")).first
    section.locator("[data-paper] input[type=file]").set_input_files({"name": "cong-van.jpg", **sheet})
    expect(section.locator("[data-paper]").get_by_text("Tệp đã có:")).to_be_visible(timeout=20_000)
    section.locator("input[type=file][multiple]").set_input_files([{"name": "anh.jpg", **sheet}])
    expect(section.locator(".dt-files li")).to_have_count(1, timeout=20_000)
    section.get_by_label("Kết quả thực hiện").fill("Đã ban hành công văn.")
    page.get_by_role("button", name="Gửi báo cáo").tap()
    page.get_by_role("button", name="Đồng ý").tap()
    expect(page.get_by_text("qua liên kết – Trần Văn Bình, Phó Chánh Văn phòng").first).to_be_visible()
    assert {url.split("/bc/")[0] for url in posts if "tung-phan" in url} == {address.split("/bc/")[0]}

    desk = new_visitor()
    sign_in(desk, stage, "tinhdoan")
    desk.goto(stage.url + UnitReport.objects.get().get_absolute_url())
    desk.get_by_label("Đính kèm bản chụp đã ký").set_input_files({"name": "ban-ky.jpg", **sheet})
    expect(desk.get_by_text("Đã đính kèm bản chụp văn bản đã ký.")).to_be_visible(timeout=20_000)

    sizes = {}
    for stored in StoredFile.objects.filter(original_name__in=["cong-van.jpg", "anh.jpg", "ban-ky.jpg"]):
        with Image.open(stored.file) as picture:
            sizes[stored.original_name] = picture.size
    assert sizes == {"cong-van.jpg": (1800, 2400), "anh.jpg": (1200, 1600), "ban-ky.jpg": (1800, 2400)}


def test_a_file_chosen_before_the_script_has_come_is_sent_all_the_same(stage, new_visitor):
    address = open_link(stage)
    page = new_visitor(**PHONE)
    held = []
    page.route(re.compile(r"report-files[^/]*\.js"), lambda route: held.append(route))
    page.goto(address)
    page.get_by_label("Họ và tên", exact=True).fill("Trần Văn Bình")
    page.get_by_label("Chức vụ", exact=True).fill("Phó Chánh Văn phòng")
    page.get_by_role("button", name="Viết báo cáo").tap(no_wait_after=True)
    section = page.locator("details.dt-section[open]").filter(has=page.locator("[data-paper]")).first
    sheet = {"name": "anh.jpg", "mimeType": "image/jpeg", "buffer": photo_of_a_paper()}

    section.locator("input[type=file][multiple]").set_input_files([sheet])
    for route in held:
        route.continue_()

    expect(section.locator(".dt-files li")).to_have_count(1, timeout=20_000)
    assert StoredFile.objects.filter(original_name="anh.jpg").count() == 1
