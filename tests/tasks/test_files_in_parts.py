"""Papers, the signed scan and files through a mailed link come in parts as attachments do; without JavaScript with the form."""

import io
import zlib
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from directive_tracker import clock
from records.models import PartialUpload, StoredFile
from tasks.drafts.inputs import ProductInput, ReportInput, SectionInput
from tasks.drafts.reading import load_sections
from tasks.drafts.saving import save_draft
from tasks.links import addresses, making
from tasks.models import SectionFile, SectionProduct, UnitReport
from tests.factories import make_reporter, make_unit
from tests.tasks.test_report_form import NOW, Scene

pytestmark = pytest.mark.django_db
TEXT = ("Kế hoạch tuyên truyền. " * 40).encode()
TODAY = date(2024, 4, 15)
NAME = {"do": "open", "name": "Trần Văn Bình", "position": "Phó Chánh Văn phòng"}


@pytest.fixture(autouse=True)
def _place(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def scene():
    return Scene()


@pytest.fixture
def page(scene, client):
    client.force_login(scene.person)
    return client


def brought(client: Client, data: bytes = TEXT, name: str = "ke-hoach.txt", *, parts: str = "/tep/tung-phan/") -> int:
    """The number of a file that has come whole in two parts."""
    upload = client.post(parts, {"name": name, "size": len(data), "mark": "1"}).json()["upload"]
    half = len(data) // 2
    for start, stretch in ((0, data[:half]), (half, data[half:])):
        client.post(f"{parts}{upload}/?start={start}", stretch, content_type="application/octet-stream")
    return upload


def whole(upload: int, data: bytes = TEXT, **fields) -> dict:
    return {"upload": upload, "checksum": f"{zlib.crc32(data):08x}", **fields}


def scan() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (20, 30), "white").save(buffer, "PNG")
    return buffer.getvalue()


# --- papers -----------------------------------------------------------------------------------------


def test_the_file_of_a_paper_comes_in_parts_and_takes_the_place_of_the_one_before(scene, page):
    url = f"/don-vi/bao-cao/{scene.report.pk}/tep/"
    of_paper = {"section": scene.first.pk, "paper": scene.delivery.pk}
    page.post(url, whole(brought(page), **of_paper))

    answer = page.post(url, whole(brought(page, name="ban-moi.txt"), **of_paper))

    assert (answer.status_code, "Tệp đã có:" in answer.content.decode()) == (200, True)
    assert SectionProduct.objects.get(section=scene.first).file.original_name == "ban-moi.txt"
    assert SectionFile.objects.count() == 0


def test_a_page_opened_before_does_not_take_the_file_off_again(scene, page):
    """Saving reads the papers, then the file arrives, then the papers are written."""
    sections = load_sections(scene.report)
    of_paper = {"section": scene.first.pk, "paper": scene.delivery.pk}
    page.post(f"/don-vi/bao-cao/{scene.report.pk}/tep/", whole(brought(page), **of_paper))
    typed = SectionInput(results="Đã làm.", products={scene.delivery.pk: ProductInput(number="12")})
    report = UnitReport.objects.get(pk=scene.report.pk)
    save_draft(
        report,
        ReportInput(sections={scene.first.pk: typed}),
        by=scene.person,
        now=NOW,
        version=report.version,
        sections=sections,
    )

    product = SectionProduct.objects.get(section=scene.first)
    assert (product.number, product.file.original_name) == ("12", "ke-hoach.txt")


@pytest.mark.parametrize("paper", ["987654321", "x", ""])
def test_a_paper_that_the_section_does_not_owe_takes_no_file(scene, page, paper):
    answer = page.post(
        f"/don-vi/bao-cao/{scene.report.pk}/tep/", whole(brought(page), section=scene.first.pk, paper=paper)
    )

    assert (answer.status_code, answer.json()) == (422, {"message": "Mục này không còn văn bản đó. Xin tải lại trang."})


# --- the signed scan --------------------------------------------------------------------------------


def sent(scene) -> str:
    """The report is sent; where its scan goes."""
    UnitReport.objects.filter(pk=scene.report.pk).update(state="submitted", submitted_at=NOW, submitted_by=scene.person)
    return reverse("tasks:report_signed", args=[scene.report.pk])


def test_the_signed_scan_comes_in_parts_and_the_page_is_shown_again(scene, page):
    url, data = sent(scene), scan()

    answer = page.post(url, whole(brought(page, data, "ban-ky.png"), data))

    assert answer.json() == {"go": scene.report.get_absolute_url()}
    assert UnitReport.objects.get(pk=scene.report.pk).signed_file.original_name == "ban-ky.png"


def test_what_is_no_scan_is_refused_in_words_also_in_parts(scene, page):
    url = sent(scene)

    answer = page.post(url, whole(brought(page)))

    assert (answer.status_code, "ke-hoach.txt" in answer.json()["message"]) == (422, True)
    assert UnitReport.objects.get(pk=scene.report.pk).signed_file is None


def test_a_file_that_somebody_else_sends_is_not_there(scene, page):
    url, data = sent(scene), scan()
    stranger = Client()
    stranger.force_login(make_reporter(make_unit("Đơn vị khác"), "khac"))
    theirs = brought(stranger, data, "ban-ky.png")

    answer = page.post(url, whole(theirs, data))

    assert answer.status_code == 404
    assert UnitReport.objects.get(pk=scene.report.pk).signed_file is None
    assert PartialUpload.objects.filter(pk=theirs).exists()


def test_a_scan_that_has_not_come_whole_is_gone_on_with(scene, page):
    url, data = sent(scene), scan()
    upload = page.post("/tep/tung-phan/", {"name": "ban-ky.png", "size": len(data), "mark": "1"}).json()["upload"]

    answer = page.post(url, whole(upload, data))

    assert (answer.status_code, answer.json()) == (409, {"received": 0})


# --- through a mailed link --------------------------------------------------------------------------


class Linked:
    """A browser that came through the reporter's link."""

    def __init__(self, scene, *, named: bool = True):
        self.report = scene.report
        self.link = making.ensure(scene.report.unit, scene.report.directive, None, scene.person, now=NOW, today=TODAY)
        self.client = Client()
        if named:
            self.client.post(addresses.path_of(self.link), NAME)
        token = addresses.token_of(self.link)
        self.parts = reverse("tasks:report_link_parts", args=[token])
        self.attach = reverse("tasks:report_link_attach", args=[token, scene.report.pk])
        self.form = reverse("tasks:report_link_form", args=[token, scene.report.pk])


def test_the_form_of_a_link_sends_files_in_parts_to_the_links_own_addresses(scene):
    linked = Linked(scene)

    page = linked.client.get(linked.form).content.decode()
    answer = linked.client.post(
        linked.attach, whole(brought(linked.client, parts=linked.parts), section=scene.first.pk)
    )

    assert (f'data-parts="{linked.parts}"' in page, f'data-attach="{linked.attach}"' in page) == (True, True)
    assert (answer.status_code, "/tep/tung-phan/" in page.replace(linked.parts, "")) == (200, False)
    stored = StoredFile.objects.get()
    assert (SectionFile.objects.get().file, stored.uploaded_by) == (stored, scene.person)
    assert (
        reverse("tasks:report_link_file", args=[addresses.token_of(linked.link), stored.pk]) in answer.content.decode()
    )


def test_whoever_has_typed_no_name_sends_nothing(scene):
    linked = Linked(scene, named=False)

    answers = [
        linked.client.post(linked.parts, {"name": "a.txt", "size": 5, "mark": "1"}),
        linked.client.get(f"{linked.parts}1/"),
        linked.client.post(linked.attach, {"upload": "1"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert "ghi họ tên, chức vụ" in answers[0].json()["message"]
    assert PartialUpload.objects.count() == 0


def test_a_link_reaches_no_file_that_its_person_is_sending_from_an_own_page(scene, page):
    own = brought(page)
    linked = Linked(scene)

    answers = [
        linked.client.get(f"{linked.parts}{own}/"),
        linked.client.post(f"{linked.parts}{own}/?start=0", b"x", content_type="application/octet-stream"),
        linked.client.post(linked.attach, whole(own, section=scene.first.pk)),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert PartialUpload.objects.get(pk=own).received == len(TEXT)


def test_another_report_takes_no_file_through_the_link(scene):
    linked = Linked(scene)
    upload = brought(linked.client, parts=linked.parts)
    url = reverse("tasks:report_link_attach", args=[addresses.token_of(linked.link), scene.report.pk + 1])

    assert linked.client.post(url, whole(upload, section=scene.first.pk)).status_code == 404
