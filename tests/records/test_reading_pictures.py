"""Pages read from pictures by the machine's own programs: words, stamps, limits, and what happens without the programs."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from records import pictures
from records.errors import SecretDocumentRefused, UploadRefused
from records.ocr import tools as ocr_tools
from records.ocr.pictures import LONGEST_SIDE, count_pages, page_picture
from records.ocr.reading import read_page, read_stamps
from records.ocr.tools import CannotRead, find_tools, run
from records.pdfs import pdf_pages
from records.secrecy import find_secrecy_mark, guard, guard_name
from records.uploads import check_upload
from tests import drawn, services
from tests.matrix.rows import pdf


@pytest.fixture(scope="module")
def tools():
    return services.reading_tools()


def words_of(picture: Image.Image, tools) -> str:
    return " ".join(read_page(picture, tools).split())


def test_a_page_of_each_kind_of_file_gives_the_same_words(tools):
    sheet = drawn.page()
    said = {
        extension: words_of(page_picture(data, extension, 1), tools)
        for extension, data in {
            ".png": drawn.png(sheet),
            ".jpg": drawn.jpg(sheet),
            ".tif": drawn.tif(sheet),
            ".pdf": drawn.scanned_pdf(sheet),
        }.items()
    }

    assert {
        extension: "Sở Xây dựng chủ trì, phối hợp với Sở Tài chính" in words for extension, words in said.items()
    } == {
        ".png": True,
        ".jpg": True,
        ".tif": True,
        ".pdf": True,
    }


def test_columns_of_the_head_stay_apart(tools):
    first = read_page(drawn.page(), tools).splitlines()[0]

    assert [part.strip() for part in first.split("   ") if part.strip()] == [
        "TỈNH ỦY AN BÌNH",
        "ĐẢNG CỘNG SẢN VIỆT NAM",
    ]


def test_each_page_of_a_file_is_read_by_its_number(tools):
    pages = [drawn.page((f"Trang số {word} của văn bản này",)) for word in ("một", "hai", "ba")]

    for extension, data in ((".tif", drawn.tif(*pages)), (".pdf", drawn.scanned_pdf(*pages))):
        assert count_pages(data, extension) == 3
        assert "Trang số hai của văn bản này" in words_of(page_picture(data, extension, 2), tools)


@pytest.mark.parametrize(
    ("mark", "angle"),
    [("MẬT", 0), ("MẬT", -9), ("TỐI MẬT", 5), ("TUYỆT MẬT", 10), ("TUYỆT MẬT", -4)],
)
def test_a_stamp_is_found_however_it_leans(tools, mark, angle):
    found = [
        find_secrecy_mark(words, from_picture=True) for words in read_stamps(drawn.page(mark=mark, angle=angle), tools)
    ]

    assert {word for word in found if word} == {mark}


def test_a_page_without_a_stamp_has_no_mark(tools):
    assert [find_secrecy_mark(words, from_picture=True) for words in read_stamps(drawn.page(), tools)] == [None] * 5


def test_a_stamp_of_a_black_and_white_scan_is_found(tools):
    sheet = drawn.page(mark="MẬT", angle=6).convert("1")

    assert "MẬT" in [find_secrecy_mark(words, from_picture=True) for words in read_stamps(sheet, tools)]


def test_a_large_page_is_read_from_a_smaller_picture():
    huge = pdf("Chi thi").replace(b"/MediaBox[0 0 612 792]", b"/MediaBox[0 0 9999 999]")

    assert max(page_picture(huge, ".pdf", 1).size) == LONGEST_SIDE


@pytest.mark.parametrize(
    ("data", "extension", "number"),
    [(b"%PDF-1.4 broken", ".pdf", 1), (pdf("x"), ".pdf", 2), (b"\x89PNG\r\n\x1a\n broken", ".png", 1)],
)
def test_a_page_that_cannot_be_drawn_is_an_error_of_its_own(data, extension, number):
    with pytest.raises(CannotRead):
        page_picture(data, extension, number)


# --- the programs ---------------------------------------------------------------------------------


def test_without_the_programs_there_are_no_tools(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    assert find_tools() is None


@pytest.mark.parametrize(("languages", "version"), [("eng osd", None), ("eng vie", "tesseract 5.3.0 (vie)")])
def test_vietnamese_letters_are_asked_for(monkeypatch, tmp_path, languages, version):
    for name in ("tesseract",):
        program = tmp_path / name
        program.write_text(
            f"#!/bin/sh\ncase $1 in --list-langs) printf '%s\\n' {languages};; --version) echo 'tesseract 5.3.0';; esac\n"
        )
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    found = find_tools()

    assert (found.version if found else None) == version


def test_a_program_that_takes_too_long_is_stopped():
    with pytest.raises(CannotRead, match="sleep took more than 1 s"):
        run(["/bin/sleep", "30"], b"", seconds=1)


def test_a_program_that_fails_is_an_error_without_what_it_said():
    with pytest.raises(CannotRead) as error:
        run(["/bin/sh", "-c", "echo ten-tep-bi-mat >&2; exit 3"], b"", seconds=5)

    assert str(error.value) == "sh ended with 3"


def test_programs_get_no_secrets_of_ours(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "khoa-bi-mat")

    assert b"khoa-bi-mat" not in run(["/usr/bin/env"], b"", seconds=5)


def test_the_memory_of_a_program_is_limited(monkeypatch):
    monkeypatch.setattr(ocr_tools, "MEMORY_KB", 150_000)
    greedy = "print(len(bytearray({} * 1024 * 1024)))"

    assert run([sys.executable, "-S", "-c", greedy.format(10)], b"", seconds=5) == b"10485760\n"
    with pytest.raises(CannotRead):
        run([sys.executable, "-S", "-c", greedy.format(300)], b"", seconds=5)


# --- the guard of what was read from a picture -------------------------------------------------------


@pytest.mark.parametrize(
    "line", ["MẬT", "MẶT", "MÂT", "M Ạ T", "| MẬT |", "[ TỐI MẠT ]", "I TUYẾT MẶT l", "ĐỘ MẶT: TỐI MẤT"]
)
def test_capitals_with_other_accents_count_in_a_picture(line):
    with pytest.raises(SecretDocumentRefused):
        guard(f"TỈNH ỦY AN BÌNH\n{line}\nSố 12", from_picture=True)


@pytest.mark.parametrize("line", ["mặt", "Mặt trận", "MẶT TRẬN", "I I I", "MÁT MẺ", "BẢO MẬT"])
def test_other_words_in_a_picture_are_no_mark(line):
    assert find_secrecy_mark(f"TỈNH ỦY AN BÌNH\n{line}\nSố 12", from_picture=True) is None


@pytest.mark.parametrize(
    "name", ["12-KH (MẬT).pdf", "MẬT_ke-hoach.pdf", "ke-hoach - TỐI MẬT.docx", "[TUYỆT MẬT] 5.pdf"]
)
def test_a_name_that_says_secret_is_refused_without_being_repeated(name):
    with pytest.raises(SecretDocumentRefused) as refusal:
        guard_name(name)

    assert str(refusal.value).startswith("Tài liệu có tên tệp ghi độ mật nên không được đưa vào hệ thống này;")


@pytest.mark.parametrize("name", ["QUY CHẾ BẢO MẬT.docx", "bao-ve-bi-mat.pdf", "mat-tran.pdf", "Mật ong.pdf"])
def test_a_name_that_speaks_of_secrecy_is_none(name):
    guard_name(name)


# --- what is a picture ---------------------------------------------------------------------------------


def test_pages_of_a_pdf_say_whether_they_are_pictures():
    read, count = pdf_pages(drawn.mixed_pdf("Ke hoach trong cay ven duong nam 2025", drawn.page(), drawn.page()), 10)

    assert ([page.is_picture for page in read], [page.is_scan for page in read], count) == (
        [False, True, True],
        [False, True, True],
        3,
    )


def test_an_empty_page_is_no_picture():
    read, _ = pdf_pages(pdf(""), 10)

    assert [page.is_picture for page in read] == [False]


def test_a_picture_of_many_pages_keeps_them_and_loses_what_is_hidden():
    sheet = Image.new("RGB", (300, 200), "white")
    exif = Image.Exif()
    exif[0x010E] = "ghi chu giau"
    made = io.BytesIO()
    sheet.save(made, "TIFF", save_all=True, append_images=[sheet.convert("1"), sheet.convert("L")], exif=exif)

    checked = check_upload(SimpleUploadedFile("a.tif", made.getvalue()), allow=(".tif",))

    assert (pictures.frames_of(checked.data, ".tif"), checked.content_type) == (3, "image/tiff")
    assert b"ghi chu giau" in made.getvalue()
    assert b"ghi chu giau" not in checked.data


def test_a_picture_of_too_many_pages_is_refused(monkeypatch):
    monkeypatch.setattr(pictures, "MAX_FRAMES", 2)
    sheet = Image.new("L", (20, 20), 255)

    with pytest.raises(UploadRefused) as refusal:
        check_upload(SimpleUploadedFile("a.tif", drawn.tif(sheet, sheet, sheet)), allow=(".tif",))

    assert str(refusal.value) == "Ảnh “a.tif” có 3 trang, vượt giới hạn 2 trang."


def test_neither_program_writes_a_file(tools, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    read_page(page_picture(drawn.scanned_pdf(drawn.page()), ".pdf", 1), tools)

    assert list(Path(tmp_path).iterdir()) == []


def test_the_name_of_the_program_and_its_version_are_known(tools):
    said = subprocess.run([tools.tesseract, "--version"], capture_output=True, text=True, check=True).stdout

    assert tools.version == f"{said.splitlines()[0]} (vie)"
