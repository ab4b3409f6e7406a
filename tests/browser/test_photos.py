"""Five photos from a telephone over a bad line: made smaller first, sent with progress, one cut survived."""

import io
import random
import re
import time

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from records.models import PartialUpload, StoredFile
from tasks.models import SectionFile
from tests.browser.conftest import axe_findings, wider_than_the_screen
from tests.browser.test_drafts import open_form
from tests.yardstick import slowness

LINE = {"offline": False, "latency": 200, "downloadThroughput": 125_000, "uploadThroughput": 125_000}
MOST_SECONDS = 40


def photo(number: int) -> bytes:
    """About what a telephone takes: twelve million points, detail everywhere, a place and a camera inside."""
    grain = Image.frombytes("RGB", (800, 600), random.Random(number).randbytes(800 * 600 * 3))
    large = grain.resize((4000, 3000), Image.Resampling.BICUBIC)
    details = Image.Exif()
    details[0x010F] = "Máy ảnh của ai đó"
    buffer = io.BytesIO()
    large.save(buffer, "JPEG", quality=88, exif=details)
    return buffer.getvalue()


def photos(count: int) -> list[dict]:
    """So many files as a file field takes them."""
    return [
        {"name": f"anh-{number}.jpg", "mimeType": "image/jpeg", "buffer": photo(number)}
        for number in range(1, count + 1)
    ]


def send_over_a_cut_line(page: Page, section: Locator, files: list[dict]) -> None:
    """Choose the files in the section over one megabit; the line is gone in the midst of one and comes back."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LINE)
    section.locator("input[type=file][multiple]").set_input_files(files)
    expect(section.locator("[data-uploads] progress")).to_have_count(len(files))
    expect(section.get_by_text(re.compile(r"\d+% của"))).to_be_visible(timeout=30_000)
    line.send("Network.emulateNetworkConditions", {**LINE, "offline": True})
    expect(section.get_by_text("Mất mạng, đang chờ để gửi tiếp…")).to_be_visible()
    line.send("Network.emulateNetworkConditions", LINE)
    expect(section.locator(".dt-files li")).to_have_count(len(files), timeout=60_000)


def test_five_photos_over_one_megabit_survive_a_cut_within_forty_seconds(stage, new_visitor):
    stage.issued()
    page = new_visitor(viewport={"width": 390, "height": 844})
    open_form(page, stage)
    files = photos(5)
    assert min(len(file["buffer"]) for file in files) > 1_500_000
    section = page.locator("details.dt-section").first

    before = slowness(time.perf_counter)
    begun = time.monotonic()
    send_over_a_cut_line(page, section, files)
    seconds = time.monotonic() - begun
    slow = (before + slowness(time.perf_counter)) / 2

    print(f"five photos: {seconds:.1f} s, {sum(StoredFile.objects.values_list('size', flat=True)[:5])} bytes stored")
    expect(section.locator("[data-uploads] li")).to_have_count(0)
    # Making sixty million points smaller is work of the processor, which other tests use as well.
    assert seconds <= MOST_SECONDS * slow
    stored = [item.file for item in SectionFile.objects.select_related("file").order_by("pk")]
    assert [file.original_name for file in stored] == [f"anh-{number}.jpg" for number in range(1, 6)]
    sizes = []
    for file in stored:
        with Image.open(file.file) as picture:
            assert dict(picture.getexif()) == {}
            sizes.append(picture.size)
    assert sizes == [(1600, 1200)] * 5
    assert PartialUpload.objects.count() == 0
    assert axe_findings(page) == []
    assert wider_than_the_screen(page) <= 0


def test_a_list_of_persons_is_refused_beside_the_field_and_nothing_typed_is_lost(stage, new_visitor):
    stage.issued()
    page = new_visitor()
    open_form(page, stage)
    section = page.locator("details.dt-section").first
    section.get_by_label("Kết quả thực hiện").fill("Đã rà soát")
    persons = "STT;Họ và tên;Năm sinh\n1;Nguyễn Văn Một;1932\n".encode()

    section.locator("input[type=file][multiple]").set_input_files(
        [{"name": "danh-sach.csv", "mimeType": "text/csv", "buffer": persons}]
    )

    expect(section.get_by_text("Hãy gửi danh sách qua Sổ tri ân", exact=False)).to_be_visible()
    expect(section.get_by_label("Kết quả thực hiện")).to_have_value("Đã rà soát")
    assert StoredFile.objects.filter(original_name="danh-sach.csv").count() == 0
