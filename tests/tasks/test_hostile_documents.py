"""Whatever file somebody brings as a document is answered by a sentence, in seconds, in little memory, and nothing of it stays."""

import io
import json
import os
import struct
import subprocess
import sys
import unicodedata
import zipfile
import zlib
from datetime import datetime
from pathlib import Path

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from directive_tracker import clock
from records.models import StoredFile
from tasks.models import Directive, ScanReading
from tests.drawn import tif
from tests.factories import ZONE, make_office, make_office_user
from tests.matrix.rows import pdf
from tests.tasks.test_parse_directive import docx, table

ROOT = Path(__file__).parents[2]
NOW = datetime(2024, 4, 15, 8, 0, tzinfo=ZONE)
OPEN = "Ghi văn bản mới"


@pytest.fixture
def office(client, monkeypatch, settings, tmp_path):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    settings.MEDIA_ROOT = tmp_path / "media"
    make_office()
    client.force_login(make_office_user())
    return client


def sent(office, name: str, data: bytes):
    upload = SimpleUploadedFile(name, data)
    return office.post(reverse("tasks:directive_new"), {"file": upload, "not_secret": "on"})


def zipped(members: dict[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def bomb() -> bytes:
    """A Word file of some hundred kilobytes that unpacks to 200 MB."""
    words = b"<w:document><w:t>" + b"a" * (200 * 1024 * 1024) + b"</w:t></w:document>"
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": words})


def with_macros() -> bytes:
    return zipped(
        {"[Content_Types].xml": "<Types/>", "word/document.xml": "<a/>", "word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}
    )


def locked_pdf() -> bytes:
    writer = pypdf.PdfWriter()
    writer.append(io.BytesIO(pdf("x")))
    writer.encrypt("mat-khau", algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def pdf_of(pages: int) -> bytes:
    """Pages that all show the same line; made by hand, for a writer takes minutes."""
    kids = b" ".join(b"%d 0 R" % number for number in range(5, 5 + pages))
    stream = b"BT /F1 12 Tf 72 720 Td (Chi thi) Tj ET"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        *[b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 3 0 R>>>>>>"] * pages,
    ]
    return written_pdf(parts)


def written_pdf(parts: list[bytes]) -> bytes:
    body, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, part in enumerate(parts, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(parts) + 1
    return bytes(
        body
    ) + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        count,
        table,
        count,
        len(body),
    )


def pdf_with_picture(width: int, height: int) -> bytes:
    """A page that shows one picture of so many points in black and white, packed a thousand times."""
    packed = zlib.compress(bytes(width * height // 8), 9)
    drawing = b"q 595 0 0 842 0 0 cm /I Do Q"
    picture = (
        b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 1/Filter/FlateDecode"
        b"/Length %d>>stream\n%s\nendstream" % (width, height, len(packed), packed)
    )
    return written_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
            b"<</Length %d>>stream\n%s\nendstream" % (len(drawing), drawing),
            picture,
        ]
    )


def huge_png() -> bytes:
    """A picture that says it is 100 000 points wide and high."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">L", len(content)) + kind + content + struct.pack(">L", zlib.crc32(kind + content))

    head = struct.pack(">LLBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(10**6))) + chunk(b"IEND", b"")
    )


def huge_tif() -> bytes:
    """A fax that says it is 60 000 points wide and high."""
    data = bytearray(tif(Image.new("1", (8, 8))))
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.tag_v2[256] == 8
    place = struct.unpack_from("<L", data, 4)[0]
    for number in range(struct.unpack_from("<H", data, place)[0]):
        entry = place + 2 + 12 * number
        if struct.unpack_from("<H", data, entry)[0] in (256, 257):
            struct.pack_into("<HHLL", data, entry, struct.unpack_from("<H", data, entry)[0], 4, 1, 60_000)
    return bytes(data)


REFUSED = [
    ("rong.txt", lambda: b"", "Tệp đã chọn trống, không có nội dung. Hãy chọn lại tệp."),
    ("trang.txt", lambda: b" \n \n", "Không đọc được chữ trong tệp “trang.txt”"),
    (
        "nhi-phan.txt",
        lambda: bytes(range(256)) * 40,
        "Không đọc được chữ trong tệp: tệp không ghi theo bảng mã Unicode",
    ),
    ("nhi-phan.docx", lambda: bytes(range(256)) * 40, "Nội dung của tệp “nhi-phan.docx” không đúng với đuôi “.docx”"),
    ("chuong-trinh.exe", lambda: b"MZ" * 40, "Không nhận tệp “chuong-trinh.exe”. Chỉ nhận các loại tệp: doc, docx,"),
    ("bom.docx", bomb, "Tệp “bom.docx” khi bung ra vượt giới hạn 100 MB hoặc 100 lần cỡ tệp."),
    ("lenh.docm", with_macros, "Không nhận tệp “lenh.docm”."),
    ("lenh.docx", with_macros, "macro"),
    ("khoa.pdf", locked_pdf, "Tệp PDF có mật khẩu nên không kiểm tra được. Hãy bỏ mật khẩu rồi gửi lại."),
    ("hong.pdf", lambda: b"%PDF-1.7\nhong", "Không đọc được tệp PDF: tệp bị hỏng hoặc không đúng là PDF."),
    ("dai.pdf", lambda: pdf_of(10_000), "Tệp “dai.pdf” có 10.000 trang, vượt giới hạn 200 trang."),
    ("to.png", huge_png, "Ảnh “to.png” có quá nhiều điểm ảnh, vượt giới hạn 50.000.000 điểm ảnh."),
    ("to.tif", huge_tif, "Ảnh “to.tif” có quá nhiều điểm ảnh, vượt giới hạn 50.000.000 điểm ảnh."),
    (
        "hong.png",
        lambda: b"\x89PNG\r\n\x1a\nhong",
        "Không đọc được ảnh “hong.png”: tệp bị hỏng hoặc không đúng là ảnh.",
    ),
    ("mat.txt", lambda: "TUYỆT MẬT\n1. Sở Y tế báo cáo.".encode(), "TUYỆT MẬT"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "make", "words"), REFUSED, ids=[name for name, _, _ in REFUSED])
def test_the_page_says_what_is_wrong_and_keeps_nothing(office, settings, name, make, words):
    answer = sent(office, name, make())
    html = answer.content.decode()

    assert answer.status_code == 422
    assert words in html.replace("&#x27;", "'")
    assert OPEN in html
    assert (StoredFile.objects.count(), Directive.objects.count(), ScanReading.objects.count()) == (0, 0, 0)
    assert not Path(settings.MEDIA_ROOT).exists()


@pytest.mark.django_db
def test_a_file_larger_than_the_limit_is_refused_with_the_limit(office, settings):
    settings.UPLOAD_MAX_BYTES = 1024 * 1024

    answer = sent(office, "lon.pdf", b"%PDF-1.4" + bytes(1024 * 1024))

    assert answer.status_code == 422
    assert "Tệp quá lớn: giới hạn là 1 MB." in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        (
            "english.txt",
            b"MEMORANDUM\nTo all staff\n1. Please plant trees by the road.",
            "Please plant trees by the road.",
        ),
        ("russian.txt", "ПРИКАЗ\n1. Посадить деревья.".encode(), "Посадить деревья."),
        ("chi-so.txt", b"1234567890 " * 50, "1234567890"),
        (
            "nfd.txt",
            unicodedata.normalize("NFD", "1. Sở Xây dựng báo cáo về đường phố.").encode(),
            "Sở Xây dựng báo cáo về đường phố.",
        ),
        (
            "lan-lon.txt",
            ("1. Sở Xây dựng " + unicodedata.normalize("NFD", "báo cáo về đường phố.")).encode(),
            "Sở Xây dựng báo cáo về đường phố.",
        ),
        ("utf-16.txt", "1. Sở Y tế báo cáo.".encode("utf-16"), "Sở Y tế báo cáo."),
        ("bang.docx", docx(table(["Chỉ có một bảng"])), "Chỉ có một bảng"),
        ("long.txt", "\n".join("- " * 10_000 + "sâu" for _ in range(3)).encode(), "sâu"),
    ],
    ids=["English", "Russian", "figures", "decomposed", "mixed forms", "UTF-16", "Word", "deep bullets"],
)
def test_an_unusual_text_is_recorded_as_it_stands(office, name, data, words):
    answer = sent(office, name, data)

    assert answer.status_code == 302
    assert words in Directive.objects.get().current_text.body


def measured(path: Path) -> dict:
    """What a program of its own says of checking and reading the file."""
    variables = {"ENV_FILE": "", "DEMO": "true", "VAR_DIR": str(path.parent / "var"), "DATABASE_URL": ""}
    done = subprocess.run(
        [sys.executable, "-m", "tests.tasks.limited_document", str(path)],
        cwd=ROOT,
        env={**os.environ, **variables, "DJANGO_SETTINGS_MODULE": "directive_tracker.settings"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("name", "make", "words"),
    [
        ("bom.docx", bomb, "khi bung ra vượt giới hạn"),
        ("dai.pdf", lambda: pdf_of(10_000), "có 10.000 trang"),
        ("to.png", huge_png, "quá nhiều điểm ảnh"),
        ("to.tif", huge_tif, "quá nhiều điểm ảnh"),
        ("anh-to.pdf", lambda: pdf_with_picture(60_000, 60_000), "là bản quét"),
        ("nhi-phan.txt", lambda: os.urandom(20 * 1024 * 1024), "không ghi theo bảng mã Unicode"),
    ],
)
def test_hostile_files_take_little_memory_and_seconds(tmp_path, name, make, words):
    (tmp_path / name).write_bytes(make())

    told = measured(tmp_path / name)

    assert words in told["refusal"]
    assert told["mb"] <= 300
    assert told["mb_of_programs"] <= 300
    assert told["seconds"] <= 30
