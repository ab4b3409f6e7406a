"""Sheets that are too long for a tree: their first rows are the same as through a tree, and memory does not grow with them."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from records import extraction
from records.errors import SecretDocumentRefused, UploadRefused
from records.extraction import read_content
from records.uploads import check_upload

ROOT = Path(__file__).parents[2]
NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def workbook(sheet: str, shared: str = "") -> bytes:
    """A workbook of one sheet, of the parts alone that are looked at."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("xl/workbook.xml", f"<workbook {NS}/>")
        if shared:
            archive.writestr("xl/sharedStrings.xml", f"<sst {NS}>{shared}</sst>")
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return out.getvalue()


def rows(*cells: str, after: str = "") -> str:
    """A sheet of these rows, each given as its cells."""
    data = "".join(f'<row r="{number}">{row}</row>' for number, row in enumerate(cells, 1))
    return f"<worksheet {NS}><sheetData>{data}</sheetData>{after}</worksheet>"


def word(text: str, place: str = "") -> str:
    return f'<c{place and f" r={place!r}"} t="inlineStr"><is><t>{text}</t></is></c>'


def upload(data: bytes, *, lists: bool = True):
    return check_upload(SimpleUploadedFile("ds.xlsx", data), allow=(".xlsx",), person_lists=lists)


@pytest.fixture
def long(monkeypatch):
    """Whatever is longer than 2 000 bytes is a long sheet."""
    monkeypatch.setattr(extraction, "MAX_XML", 2_000)


@pytest.fixture
def made() -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.oddHeader.left.text = "UBND xã & huyện"
    for row in (["DANH SÁCH <1>"], ["STT", None, 'Họ "và" tên'], *([n, "Đúng", 1.5, None, True] for n in range(300))):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_first_rows_are_those_of_the_tree(made, monkeypatch):
    tree = read_content(made, ".xlsx")
    monkeypatch.setattr(extraction, "MAX_XML", 2_000)

    streamed = read_content(made, ".xlsx", long_sheets=True)

    assert streamed == tree
    assert streamed.text.startswith('\nUBND xã & huyện\nDANH SÁCH <1>\nSTT\t\tHọ "và" tên\n0\tĐúng\t1.5\t\t1\n')
    assert len(streamed.tables[0]) == 200


def test_shared_texts_are_found_by_their_numbers(long):
    shared = "".join(f"<si><t>chữ</t><r><t> {n}</t></r></si>" for n in range(500))
    cells = [
        '<c r="A1" t="s"><v>499</v></c><c r="C1" t="s"><v>0</v></c>',
        '<c t="s"><v>7</v></c><c t="s"><v>9999</v></c>',
    ]

    content = read_content(workbook(rows(*cells), shared), ".xlsx", long_sheets=True)

    assert content.tables == [[["chữ 499", "", "chữ 0"], ["chữ 7", ""]]]


def test_a_mark_in_the_header_behind_the_rows_is_seen(long):
    after = "<headerFooter><oddHeader>&amp;C&#x54;ỐI MẬT</oddHeader></headerFooter>"

    with pytest.raises(SecretDocumentRefused):
        upload(workbook(rows(*[word("A Thút")] * 5_000, after=after)))


def test_a_long_sheet_is_taken_as_a_list_alone(long):
    data = workbook(rows(*[word("A Thút")] * 300))

    assert upload(data).content.text == "\n".join(["A Thút"] * 200)
    with pytest.raises(UploadRefused, match="vượt giới hạn 0 MB"):
        upload(data, lists=False)


@pytest.mark.parametrize(
    "sheet",
    [
        "<worksheet><sheetData><row><c></row>" + " " * 2_000,
        "no markup" + " " * 2_000,
        f"<!DOCTYPE a [<!ENTITY b 'c'>]>{rows(word('A'))}" + " " * 2_000,
    ],
)
def test_a_damaged_long_sheet_is_refused_in_words(long, sheet):
    with pytest.raises(UploadRefused, match=r"Không đọc được tệp|khai báo DTD"):
        read_content(workbook(sheet), ".xlsx", long_sheets=True)


_PERSON = "".join(word("Nguyễn Thị Hồng Hạnh, thôn 4", f"{letter}1") for letter in "ABCDEFGHIJKL")
HEAVY = [
    ("100 000 rows of 12 columns", lambda: rows(*[_PERSON] * 100_000), "", 200),
    ("a million cells in a row", lambda: rows(word("A") * 1_000_000), "", 1),
    ("one text of 60 MB", lambda: rows(word("A" * 60_000_000)), "", 1),
    ("160 MB unpacked", lambda: rows(word("A" * 160_000_000)), "vượt giới hạn 100 MB", 0),
]


@pytest.mark.parametrize(("made", "refusal", "count"), [one[1:] for one in HEAVY], ids=[one[0] for one in HEAVY])
def test_a_heavy_list_takes_little_memory(tmp_path, made, refusal, count):
    path = tmp_path / "ds.xlsx"
    path.write_bytes(_spread(workbook(made())))

    done = subprocess.run(
        [sys.executable, "-m", "tests.records.limited_upload", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.stderr == ""
    told = json.loads(done.stdout)
    assert (refusal in told["refusal"], bool(told["refusal"]), told["rows"]) == (True, bool(refusal), count)
    assert told["mb"] < 300


def _spread(data: bytes) -> bytes:
    """With bytes nobody can press together, so that the archive is not refused for its ratio alone."""
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr("xl/media/image1.bin", bytes(range(256)) * 8_000)
    return out.getvalue()
