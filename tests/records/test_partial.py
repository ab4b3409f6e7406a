"""A file in parts: continued where the server says, checked whole at its end, forgotten when nobody goes on."""

import io
import zlib
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook
from PIL import Image

from directive_tracker import clock
from records import partial
from records.errors import PersonListRefused, UploadRefused
from records.jobs import forget_parts
from records.models import PartialUpload, StoredFile, UploadPart
from records.uploads import check_upload
from tasks.models import SectionFile
from tests.factories import make_user
from tests.tasks.test_report_form import NOW, Scene

pytestmark = pytest.mark.django_db
TEXT = ("Kế hoạch tuyên truyền. " * 40).encode()


@pytest.fixture(autouse=True)
def _place(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: date(2024, 4, 15))
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def scene():
    return Scene()


@pytest.fixture
def page(scene, client):
    client.force_login(scene.person)
    return client


def begin(client, data: bytes = TEXT, name: str = "ke-hoach.txt", mark: str = "1"):
    return client.post("/tep/tung-phan/", {"name": name, "size": len(data), "mark": mark})


def part(client, upload: int, start: int, data: bytes):
    address = f"/tep/tung-phan/{upload}/?start={start}"
    return client.post(address, data, content_type="application/octet-stream")


def attach(client, scene, upload: int, data: bytes = TEXT, section=None, checksum: str = ""):
    fields = {
        "upload": upload,
        "section": (section or scene.first).pk,
        "checksum": checksum or f"{zlib.crc32(data):08x}",
    }
    return client.post(f"/don-vi/bao-cao/{scene.report.pk}/tep/", fields)


def sent_whole(client, data: bytes, name: str) -> int:
    upload = begin(client, data, name).json()["upload"]
    part(client, upload, 0, data)
    return upload


def test_a_file_in_parts_survives_a_cut_and_joins_its_section(scene, page):
    begun = begin(page).json()
    assert part(page, begun["upload"], 0, TEXT[:300]).json() == {"received": 300}
    again = begin(page).json()  # The page was opened anew and the same file chosen.
    assert (again["upload"], again["received"]) == (begun["upload"], 300)
    part(page, again["upload"], 300, TEXT[300:])

    answer = attach(page, scene, again["upload"])

    stored = StoredFile.objects.get()
    assert answer.status_code == 200 and "ke-hoach.txt" in answer.content.decode()
    assert (stored.size, stored.uploaded_by, SectionFile.objects.get().section) == (
        len(TEXT),
        scene.person,
        scene.first,
    )
    assert (PartialUpload.objects.count(), UploadPart.objects.count()) == (0, 0)


def test_a_part_that_came_twice_is_taken_once(page):
    upload = begin(page).json()["upload"]
    part(page, upload, 0, TEXT[:100])

    again = part(page, upload, 0, TEXT[:100])

    assert (again.status_code, again.json()) == (409, {"received": 100})
    assert UploadPart.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "size", "sentence"),
    [
        ("anh.exe", 10, "Không nhận tệp “anh.exe”."),
        ("to.pdf", 21 * 1024 * 1024, "Tệp “to.pdf” nặng 21 MB, vượt giới hạn 20 MB cho một tệp."),
        ("rong.pdf", 0, "Tệp “rong.pdf” trống, không có nội dung."),
        ("x.pdf", "abc", "Không rõ cỡ của tệp."),
    ],
)
def test_what_would_be_refused_is_refused_before_it_is_sent(page, name, size, sentence):
    answer = page.post("/tep/tung-phan/", {"name": name, "size": size, "mark": "1"})

    assert answer.status_code == 422
    assert answer.json()["message"].startswith(sentence)
    assert PartialUpload.objects.count() == 0


def test_more_than_was_said_is_refused(page):
    upload = begin(page).json()["upload"]

    answer = part(page, upload, len(TEXT) - 1, b"ab")

    assert (answer.status_code, PartialUpload.objects.get().received) == (422, 0)


def test_an_unfinished_file_is_not_attached(scene, page):
    upload = begin(page).json()["upload"]
    part(page, upload, 0, TEXT[:10])

    answer = attach(page, scene, upload)

    assert (answer.status_code, answer.json()) == (409, {"received": 10})
    assert PartialUpload.objects.count() == 1


def test_a_file_that_changed_on_its_way_is_refused_and_forgotten(scene, page):
    upload = sent_whole(page, TEXT, "ke-hoach.txt")

    answer = attach(page, scene, upload, checksum="00000000")

    assert answer.status_code == 422
    assert "đến nơi không còn nguyên vẹn" in answer.json()["message"]
    assert (StoredFile.objects.count(), UploadPart.objects.count()) == (0, 0)


def test_a_file_renamed_pdf_is_refused_with_a_sentence(scene, page):
    answer = attach(page, scene, sent_whole(page, TEXT, "ke-hoach.pdf"))

    assert answer.status_code == 422
    assert "không đúng với đuôi “.pdf”" in answer.json()["message"]
    assert StoredFile.objects.count() == 0


def workbook(rows) -> bytes:
    book, buffer = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(buffer)
    return buffer.getvalue()


PERSONS = [[1, "Nguyễn Văn Một", 1932], [2, "A Hai", "01/02/1935"], [3, "Y Ba", 1940]]


@pytest.mark.parametrize("rows", [PERSONS, [["STT", "Họ và tên", "Năm sinh"], PERSONS[0]]])
def test_a_list_of_persons_is_recognised_and_sent_to_the_registry(scene, page, rows):
    data = workbook(rows)

    answer = attach(page, scene, sent_whole(page, data, "danh-sach.xlsx"), data)

    assert answer.status_code == 422
    assert "Hãy gửi danh sách qua Sổ tri ân" in answer.json()["message"]
    assert (StoredFile.objects.count(), UploadPart.objects.count()) == (0, 0)


def test_lines_of_persons_without_a_table_are_recognised():
    text = "\n".join(f"{place}. Nguyễn Văn {name}, sinh năm 193{place}" for place, name in enumerate("ABC", start=1))

    with pytest.raises(PersonListRefused):
        check_upload(SimpleUploadedFile("ds.txt", text.encode()))


@pytest.mark.parametrize(
    "rows",
    [
        [["Lễ kỷ niệm", 1954], ["Hội thi", 1975], ["Đường Trường Chinh", 1980]],
        [["Nguyễn Văn Một", "Trưởng ban"], ["Trần Thị Hai", "Phó ban"], ["Lê Văn Ba", "Ủy viên"]],
        PERSONS[:2],
    ],
)
def test_other_tables_are_no_list_of_persons(rows):
    assert check_upload(SimpleUploadedFile("bang.xlsx", workbook(rows))).name == "bang.xlsx"


def test_the_task_of_words_and_counts_takes_no_file_by_this_way_either(scene, page):
    answer = attach(page, scene, sent_whole(page, TEXT, "ke-hoach.txt"), section=scene.words)

    assert (answer.status_code, answer.json()["message"]) == (422, "Mục này chỉ nhận chữ và số đếm, không nhận tệp.")


def test_a_section_that_was_sent_meanwhile_takes_no_more_files(scene, page):
    upload = sent_whole(page, TEXT, "ke-hoach.txt")
    page.post(scene.url, scene.typed(first__results="Đã làm", do="submit"))

    answer = attach(page, scene, upload)

    assert (answer.status_code, SectionFile.objects.count()) == (403, 0)


def test_somebody_elses_file_does_not_exist(page, client):
    upload = begin(page).json()["upload"]
    client.force_login(make_user("nguoikhac"))

    assert client.get(f"/tep/tung-phan/{upload}/").status_code == 404
    assert part(client, upload, 0, b"a").status_code == 404


def test_a_small_picture_of_a_photo_is_made_for_whoever_may_see_it(scene, page, client):
    buffer = io.BytesIO()
    Image.new("RGB", (1600, 900), "red").save(buffer, "JPEG")
    attach(page, scene, sent_whole(page, buffer.getvalue(), "anh.jpg"), buffer.getvalue())
    address = f"/tep/{StoredFile.objects.get().pk}/nho/"

    small = Image.open(io.BytesIO(page.get(address).content))

    assert (small.format, small.size) == ("JPEG", (240, 135))
    assert f'src="{address}"' in page.get(scene.url).content.decode()
    client.force_login(make_user("nguoikhac"))
    assert client.get(address).status_code == 404


def test_what_nobody_went_on_with_for_a_day_is_forgotten(page):
    old, new = (begin(page, mark=mark).json()["upload"] for mark in "12")
    PartialUpload.objects.filter(pk=old).update(touched_at=timezone.now() - timedelta(hours=25))

    assert forget_parts() == 1
    assert list(PartialUpload.objects.values_list("pk", flat=True)) == [new]


def test_a_person_has_at_most_sixty_files_on_their_way():
    person = make_user("guinhieu")
    for place in range(62):
        partial.begin(name="a.pdf", size=10, mark=str(place), owner=person, now=NOW)

    assert PartialUpload.objects.filter(owner=person).count() == 60


def test_an_empty_part_is_refused():
    upload = partial.begin(name="a.pdf", size=10, mark="1", owner=make_user("ai"), now=NOW)

    with pytest.raises(UploadRefused):
        partial.append(upload, start=0, data=b"", now=NOW)
