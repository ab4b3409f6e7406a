"""The pictures of the user's guide, made from the played demo; `make screenshots` runs it, `make test` does not.

Each shows the top of the page, where the strip says that the data are invented.
"""

import io

import pytest
from PIL import Image

from tasks.enums import ReportState
from tasks.models import UnitReport
from tests.browser.acts import PHONE
from tests.browser.conftest import sign_in
from tests.browser.stage import ROOT
from veterans.models import PersonImport

FOLDER = ROOT / "static" / "guide"
LARGEST = 60_000  # bytes
WIDE, NARROW = {"viewport": {"width": 1366, "height": 820}}, PHONE
WIDTH = 1100  # of the file, in pixels

# (file, who, address, screen)
PICTURES = (
    ("van-phong-hom-nay", "vanphong", "/hom-nay/", WIDE),
    ("van-phong-xem-xet", "vanphong", "/cho-xem-xet/", WIDE),
    ("van-phong-ma-tran", "vanphong", "/ma-tran/{directive}/", WIDE),
    ("van-phong-tong-quan", "vanphong", "/tong-quan/{directive}/", WIDE),
    ("van-phong-tong-hop", "vanphong", "/van-ban/{directive}/bao-cao-tong-hop/", WIDE),
    ("don-vi-viec", "dakha", "/don-vi/", WIDE),
    ("don-vi-bao-cao", "dakha", "/don-vi/bao-cao/{draft}/soan/", NARROW),
    ("don-vi-duyet", "{head}", "/don-vi/bao-cao/{waiting}/duyet/", NARROW),
    ("thuong-truc-trinh", "thuongtruc", "/trinh/{directive}/", WIDE),
    ("thuong-truc-tong-quan", "thuongtruc", "/tong-quan/{directive}/", WIDE),
    ("so-tri-an-danh-sach", "dakha", "/so-tri-an/", WIDE),
    ("so-tri-an-nhap", "dakha", "/so-tri-an/nhap/{list}/", WIDE),
    ("so-tri-an-chua-tham", "dakha", "/so-tri-an/do-phu/", WIDE),
    ("quan-tri-bat-dau", "quantri", "/bat-dau/", WIDE),
    ("quan-tri-nguoi-dung", "quantri", "/quan-tri/accounts/user/", WIDE),
)

# What is pressed before the picture is taken.
PRESSED = {"van-phong-tong-hop": "Lập dự thảo"}


def small(png: bytes) -> bytes:
    """The picture as WebP of at most LARGEST bytes, no wider than WIDTH."""
    with Image.open(io.BytesIO(png)) as picture:
        picture.thumbnail((WIDTH, 2_000))
        for quality in range(80, 20, -10):
            out = io.BytesIO()
            picture.convert("RGB").save(out, "WEBP", quality=quality, method=6)
            if out.tell() <= LARGEST:
                return out.getvalue()
    raise AssertionError("a picture that cannot be made small")


@pytest.mark.django_db(transaction=True)
def test_the_pictures_of_the_guide_are_made(stage, new_visitor):
    directive = stage.played()
    waiting = UnitReport.objects.filter(state=ReportState.AWAITING_UNIT_HEAD).order_by("pk")[0]
    head = waiting.unit.memberships.filter(role="unit_head").order_by("pk")[0].user
    draft = UnitReport.objects.filter(unit__short_name="Huyện ủy Đắk Hà", state=ReportState.DRAFT).get()
    values = {
        "directive": directive.pk,
        "waiting": waiting.pk,
        "head": head.username,
        "draft": draft.pk,
        "list": PersonImport.objects.order_by("pk")[0].pk,
    }
    FOLDER.mkdir(exist_ok=True)

    for name, person, address, screen in PICTURES:
        page = new_visitor(**screen)
        sign_in(page, stage, person.format(**values))
        answer = page.goto(stage.url + address.format(**values), wait_until="networkidle")
        assert answer.status == 200, address
        assert "DỮ LIỆU THỬ – SỐ LIỆU GIẢ ĐỊNH" in page.inner_text("body")
        if name in PRESSED:
            with page.expect_navigation():
                page.get_by_role("button", name=PRESSED[name]).click()
        (FOLDER / f"{name}.webp").write_bytes(small(page.screenshot()))
