"""Whatever bytes come under whatever name: a file is taken or refused with a sentence, never an error."""

import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from records.errors import UploadRefused
from records.uploads import ALLOWED, check_upload
from tests.records.test_uploads import OLE, docx, opendocument, pdf, picture, xlsx, zipped

EXTENSIONS = (*ALLOWED, ".md", ".exe", ".svg", "")
SEEDS = {
    ".pdf": pdf("Bao cao ket qua"),
    ".docx": docx("Báo cáo", header="Số 1", table=[["a", "b"]]),
    ".xlsx": xlsx(["Nội dung", 1], ["=A1", 2.5]),
    ".odt": opendocument("text", "<text:p>Báo cáo</text:p>"),
    ".ods": opendocument("spreadsheet", "<table:table><table:table-row/></table:table>"),
    ".doc": OLE + "Báo cáo".encode("utf-16-le"),
    ".xls": OLE + "Workbook".encode("utf-16-le"),
    ".jpg": picture("JPEG", (16, 16)),
    ".png": picture("PNG", (16, 16)),
    ".csv": "a;b\n1;2".encode("utf-16"),
    ".txt": "Báo cáo".encode(),
}
CALM = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def try_it(name: str, data: bytes) -> None:
    """Taken or refused; anything else that is raised fails the test."""
    file = SimpleUploadedFile("x", data)
    # Django takes no empty name and no dots alone; our own cleaning must not rely on that.
    file._name = name
    try:
        check_upload(file)
    except UploadRefused as refusal:
        assert str(refusal)


@st.composite
def damaged(draw) -> tuple[str, bytes]:
    """A real file with some bytes changed, cut out or put in."""
    extension = draw(st.sampled_from(sorted(SEEDS)))
    data = bytearray(SEEDS[extension])
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, max(len(data) - 1, 0)))
        change = draw(st.sampled_from(["set", "cut", "put", "copy"]))
        piece = draw(st.binary(min_size=1, max_size=8))
        if change == "set":
            data[place : place + len(piece)] = piece
        elif change == "cut":
            del data[place : place + draw(st.integers(1, 64))]
        elif change == "put":
            data[place:place] = piece
        else:
            data[place:place] = data[: draw(st.integers(0, 64))]
    return extension, bytes(data)


_MARKUP = st.recursive(
    st.text(max_size=6).map(lambda text: text.replace("&", "").replace("<", "")),
    lambda inner: st.tuples(
        st.sampled_from(
            "w:p w:t w:tbl w:tr w:tc row c v is t s:row table:table table:table-row table:table-cell text:p".split()
        ),
        st.sampled_from(
            [
                "",
                ' r="A1"',
                ' r="ZZZ9"',
                ' t="s"',
                ' t="inlineStr"',
                ' table:number-columns-repeated="99999999999"',
                ' r="²"',
            ]
        ),
        st.lists(inner, max_size=4),
    ).map(lambda node: f"<{node[0]}{node[1]}>{''.join(node[2])}</{node[0]}>"),
    max_leaves=20,
)
_SPACES = (
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:s="x" '
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
)


@st.composite
def odd_office_files(draw) -> tuple[str, bytes]:
    """An archive in good order whose parts hold odd markup."""
    extension = draw(st.sampled_from([".docx", ".xlsx", ".odt", ".ods"]))
    parts = {
        "mimetype": "application/vnd.oasis.opendocument." + ("text" if extension == ".odt" else "spreadsheet"),
        "[Content_Types].xml": "<Types/>",
    }
    for path in (
        "word/document.xml",
        "word/header1.xml",
        "xl/workbook.xml",
        "xl/sharedStrings.xml",
        "xl/worksheets/s1.xml",
        "content.xml",
        "styles.xml",
    ):
        parts[path] = f"<root {_SPACES}>{draw(_MARKUP)}</root>"
    return extension, zipped(parts, compression=draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])))


@settings(max_examples=150, **CALM)
@given(extension=st.sampled_from(EXTENSIONS), stem=st.text(max_size=20), data=st.binary(max_size=400))
def test_any_bytes_under_any_name_are_taken_or_refused(extension, stem, data):
    try_it(stem + extension, data)


@settings(max_examples=150, **CALM)
@given(extension=st.sampled_from(sorted(SEEDS)), head=st.sampled_from(sorted(SEEDS)), data=st.binary(max_size=200))
def test_any_bytes_behind_a_true_beginning_are_taken_or_refused(extension, head, data):
    try_it("a" + extension, SEEDS[head][:64] + data)


@settings(max_examples=200, **CALM)
@given(damaged())
def test_any_damage_to_a_real_file_is_taken_or_refused(file):
    try_it("a" + file[0], file[1])


@settings(max_examples=100, **CALM)
@given(odd_office_files())
def test_any_markup_inside_an_office_file_is_taken_or_refused(file):
    try_it("a" + file[0], file[1])


@pytest.mark.fuzz
@settings(max_examples=20_000, **CALM)
@given(damaged())
def test_a_long_run_of_damaged_files(file):
    try_it("a" + file[0], file[1])


@pytest.mark.fuzz
@settings(max_examples=5_000, **CALM)
@given(odd_office_files())
def test_a_long_run_of_odd_office_files(file):
    try_it("a" + file[0], file[1])


@pytest.mark.fuzz
def test_every_cut_and_every_changed_byte_of_every_real_file():
    for extension, data in SEEDS.items():
        for place in range(len(data)):
            try_it("a" + extension, data[:place])
            for value in (0x00, 0xFF, data[place] ^ 0x01):
                try_it("a" + extension, data[:place] + bytes([value]) + data[place + 1 :])


def test_the_real_files_are_taken():
    for extension, data in SEEDS.items():
        assert check_upload(SimpleUploadedFile("a" + extension, data)).extension == extension
