"""Files made to harm: each is refused with a sentence, and real ones of an office are still taken."""

import io
import struct
import sys
import time
import zipfile
import zlib

import openpyxl
import pypdf
import pytest
from django.conf import settings
from openpyxl.chart import BarChart, Reference
from PIL import Image
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from records import archives, extraction
from records.errors import UploadRefused
from records.markup import is_elsewhere
from records.uploads import check_upload, clean_name
from tests.records.test_uploads import OLE, docx, opendocument, pdf, picture, refusal, upload, xlsx, zipped

RELS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def relation(kind: str, target: str, mode: str = "External") -> bytes:
    row = f'<Relationship Id="r1" Type="{KIND}{kind}" Target="{target}" TargetMode="{mode}"/>'
    return docx("x", members={"word/_rels/document.xml.rels": RELS.format(row)})


def taken(name: str, data: bytes) -> bool:
    return check_upload(upload(name, data)).name == name


# --- the archive itself ---------------------------------------------------------------------------


def test_a_document_that_announces_less_than_it_holds_is_refused():
    data = bytearray(docx("TỐI MẬT " * 50))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        member = archive.getinfo("word/document.xml")
        shown = archive.read(member)[:100]
    for signature, at in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        place = data.rfind(signature)
        struct.pack_into("<L", data, place + at, zlib.crc32(shown))
        struct.pack_into("<L", data, place + at + 8, len(shown))

    assert "hỏng" in refusal("a.docx", bytes(data))


def test_a_bomb_that_announces_little_stops_at_the_first_piece(monkeypatch):
    monkeypatch.setattr(archives, "CHUNK", 1000)
    data = bytearray(docx("x", members={"word/big.xml": b"0" * 5_000_000}))
    place = data.rfind(b"PK\x01\x02")
    struct.pack_into("<L", data, place + 24, 10)
    local = data.rfind(b"PK\x03\x04")
    struct.pack_into("<L", data, local + 22, 10)
    unpacked = []
    crc32 = zlib.crc32
    monkeypatch.setattr(archives.zlib, "crc32", lambda chunk, crc: unpacked.append(len(chunk)) or crc32(chunk, crc))

    assert "hỏng" in refusal("a.docx", bytes(data))
    assert sum(unpacked) < 5_000


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"<html>" + data,
        lambda data: data + b"<script>alert(1)</script>",
        lambda data: data.replace(b"word/document.xml", b"word/documenu.xml", 1),
        lambda data: data[: len(data) // 2],
        lambda data: data[:-22],
    ],
    ids=["before", "behind", "two names", "cut", "no directory"],
)
def test_an_archive_that_two_programs_would_read_differently_is_refused(change):
    with pytest.raises(UploadRefused):
        check_upload(upload("a.docx", change(docx("x"))))


def test_two_parts_of_one_name_are_refused():
    assert "trùng tên" in refusal("a.docx", docx("x", members={"word/DOCUMENT.xml": "<a/>"}))


def test_members_that_lie_inside_each_other_are_refused():
    data = bytearray(docx("x"))
    place = data.rfind(b"PK\x01\x02")
    struct.pack_into("<L", data, place + 42, 0)

    assert "hỏng" in refusal("a.docx", bytes(data))


def test_an_archive_inside_an_archive_is_refused_but_for_a_table_inside_a_document():
    inner = xlsx(["Nội dung", 1])

    assert "tệp nén khác" in refusal("a.docx", docx("x", members={"word/media/a.zip": zipped({"a": "b"})}))
    assert "tệp nén khác" in refusal(
        "a.docx",
        docx(
            "x",
            members={
                "word/embeddings/a.xlsx": zipped({"xl/embeddings/b.xlsx": inner, "[Content_Types].xml": "<Types/>"})
            },
        ),
    )
    assert taken("a.docx", docx("x", members={"word/embeddings/Microsoft_Excel_Sheet1.xlsx": inner}))


def test_what_an_inner_file_unpacks_to_counts_with_the_outer_one(monkeypatch):
    inner = zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<a/>" + " " * 400})
    monkeypatch.setattr(archives, "MAX_UNPACKED", 800)

    assert "khi bung ra" in refusal("a.docx", docx("x", members={"word/embeddings/a.xlsx": inner}))


def test_a_hundred_thousand_empty_members_are_refused_quickly():
    start = time.process_time()
    data = zipped({f"word/{number}": b"" for number in range(30_000)})
    made = time.process_time()

    assert "phần bên trong" in refusal("a.docx", data)
    assert time.process_time() - made < 5 + (made - start)


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_of_packing_that_office_programs_do_not_know_are_refused(compression):
    data = zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<a/>"}, compression=compression)

    assert "hỏng" in refusal("a.docx", data)


def test_a_link_of_the_file_system_is_refused():
    info = zipfile.ZipInfo("word/link.xml")
    info.external_attr = 0o120777 << 16
    file = io.BytesIO(docx("x"))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(info, "/etc/passwd")

    assert "đường dẫn lạ" in refusal("a.docx", file.getvalue())


def test_writers_that_stream_are_understood():
    class Pipe(io.RawIOBase):
        """Cannot go back: sizes follow the content, and room for large ones is kept."""

        def __init__(self):
            self.data = bytearray()

        def writable(self):
            return True

        def write(self, data):
            self.data += data
            return len(data)

    pipe = Pipe()
    source = zipfile.ZipFile(io.BytesIO(docx("Báo cáo")))
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in source.infolist():
            with archive.open(member.filename, "w", force_zip64=True) as target:
                target.write(source.read(member))

    assert taken("a.docx", bytes(pipe.data))


# --- what is in it --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "word/vbaProject.bin",
        "word/vbaData.xml",
        "word/activeX/activeX1.xml",
        "xl/macrosheets/sheet1.xml",
        "customUI/customUI14.xml",
        "Basic/Standard/a.xml",
        "Scripts/python/a.py",
    ],
)
def test_parts_that_only_run_are_refused(path):
    assert "macro" in refusal("a.docx", docx("x", members={path: "<a/>"}))


def test_macros_under_another_name_are_refused():
    hidden = OLE + "_VBA_PROJECT".encode("utf-16-le")
    typed = "<Types>application/vnd.ms-office.vbaProject</Types>"

    assert "macro" in refusal("a.docx", docx("x", members={"word/media/image1.png": hidden}))
    assert "macro" in refusal("a.docx", docx("x", members={"[Content_Types].xml": typed}))
    assert "macro" in refusal("a.docx", docx("x", members={"[Content_Types].xml": typed.encode("utf-16")}))


def test_macros_of_old_workbooks_are_refused():
    sheet = b"\x85\x00\x0e\x00" + b"\x10\x20\x00\x00" + b"\x01\x01" + b"\x06\x00Macro1"

    assert "macro" in refusal("a.xls", OLE + "Workbook".encode("utf-16-le") + sheet)


def test_packed_files_and_programs_are_refused():
    packed = OLE + "\x01Ole10Native".encode("utf-16-le")

    assert "nhúng" in refusal("a.docx", docx("x", members={"word/embeddings/oleObject1.bin": packed}))
    assert "nhúng" in refusal("a.doc", packed)
    assert "chương trình" in refusal("a.docx", docx("x", members={"word/media/a.png": b"MZ\x90\x00"}))


DTD = '<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://vi-du.vn/a.dtd"><a/>'


@pytest.mark.parametrize(
    "path", ["word/document.xml", "word/footer1.xml", "docProps/core.xml", "word/odd.bin", "customXml/item1.xml"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_dtd_is_refused_in_every_part_and_encoding(path, encoding):
    assert "DTD" in refusal("a.docx", docx("x", members={path: DTD.encode(encoding)}))


def test_a_dtd_is_refused_in_sheets_and_open_documents():
    book = {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": DTD}

    assert "DTD" in refusal("a.xlsx", zipped(book))
    assert "DTD" in refusal(
        "a.odt", zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": DTD})
    )


def test_broken_markup_is_refused_but_old_drawings_may_be_loose():
    assert "hỏng" in refusal("a.docx", docx("x", members={"word/styles.xml": "<a><b></a>"}))
    assert taken("a.docx", docx("x", members={"xl/drawings/vmlDrawing1.vml": "<xml><br></xml>"}))


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("attachedTemplate", "http://vi-du.vn/a.dotm"),
        ("oleObject", "mhtml:http://vi-du.vn/a.html!x"),
        ("image", "https://vi-du.vn/pixel.png"),
        ("frame", "\\\\may-chu\\a.htm"),
        ("externalLinkPath", "file:///\\\\10.0.0.1\\chung\\a.xlsx"),
        ("image", "file:////may-chu/a.png"),
        ("image", "//vi-du.vn/a.png"),
        ("hyperlink", "ms-msdt:/id PCWDiagnostic"),
        ("hyperlink", "javascript:alert(1)"),
    ],
)
def test_what_would_be_fetched_or_started_is_refused(kind, target):
    assert "lấy nội dung từ nơi khác" in refusal("a.docx", relation(kind, target))


@pytest.mark.parametrize(
    ("kind", "target", "mode"),
    [
        ("hyperlink", "https://kontum.gov.vn/", "External"),
        ("hyperlink", "mailto:a@vi-du.vn", "External"),
        ("hyperlink", "D:\\Công văn\\a.docx", "External"),
        ("attachedTemplate", "file:///C:\\Users\\A\\Normal.dotm", "External"),
        ("externalLinkPath", "So-lieu-2023.xlsx", "External"),
        ("image", "media/image1.png", "Internal"),
    ],
)
def test_links_of_everyday_documents_are_taken(kind, target, mode):
    assert taken("a.docx", relation(kind, target, mode))


@pytest.mark.parametrize(
    ("target", "elsewhere"),
    [
        ("file:///home/a/b.png", False),
        ("file:/C:/a.png", False),
        ("file://may-chu/a.png", True),
        ("../Pictures/a.png", False),
        ("C:a.png", False),
        ("ftp://a", True),
        ("", False),
    ],
)
def test_where_a_target_lies(target, elsewhere):
    assert is_elsewhere(target) == elsewhere


def test_an_html_part_and_exchange_with_other_programs_are_refused():
    split = "<w:p><w:r><w:instrText>DD</w:instrText></w:r><w:r><w:instrText>EAUTO c:\\\\a</w:instrText></w:r></w:p>"
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

    assert "nơi khác" in refusal("a.docx", relation("aFChunk", "a.html", "Internal"))
    assert "nơi khác" in refusal(
        "a.docx", docx("x", members={"word/document.xml": f"<w:document {w}>{split}</w:document>"})
    )
    assert "nơi khác" in refusal(
        "a.docx",
        docx("x", members={"word/document.xml": f'<w:document {w}><w:fldSimple w:instr="DDE a b"/></w:document>'}),
    )
    assert "nơi khác" in refusal(
        "a.xlsx",
        zipped(
            {
                "[Content_Types].xml": "<Types/>",
                "xl/workbook.xml": "<a/>",
                "xl/externalLinks/externalLink1.xml": "<e xmlns='x'><ddeLink/></e>",
            }
        ),
    )


def test_an_open_document_that_asks_another_machine_is_refused():
    link = '<{0} xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="http://vi-du.vn/a"/>'

    assert "nơi khác" in refusal("a.odt", opendocument("text", link.format("image")))
    assert "nơi khác" in refusal("a.odt", opendocument("text", "<event-listener/>"))
    assert taken("a.odt", opendocument("text", link.format("text:a")))


@pytest.mark.parametrize("inner", ["w:p", "w:tbl", "w:tr"])
def test_a_document_nested_without_end_is_refused_quickly(inner):
    deep = f"<{inner}>" * 100_000 + f"</{inner}>" * 100_000
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    data = docx(
        "x", members={"word/document.xml": f"<w:document {w}>{deep}</w:document>", "word/pad.png": _noise(60_000)}
    )
    start = time.process_time()

    assert "lồng nhau quá sâu" in refusal("a.docx", data)
    assert time.process_time() - start < 2


def _noise(size: int) -> bytes:
    return b"".join(zlib.crc32(str(number).encode()).to_bytes(4, "big") for number in range(size // 4))


def test_one_text_shown_in_every_cell_is_refused(monkeypatch):
    monkeypatch.setattr(extraction, "MAX_TEXT", 100_000)
    book = openpyxl.Workbook()
    for _ in range(40):
        book.active.append(["x" * 1000] * 10)
    file = io.BytesIO()
    book.save(file)

    assert "quá dài" in refusal("a.xlsx", file.getvalue())


def test_a_workbook_with_chart_picture_and_comment_is_taken():
    book = openpyxl.Workbook()
    sheet = book.active
    for number in range(5):
        sheet.append([f"Tháng {number}", number])
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=5))
    sheet.add_chart(chart, "D2")
    sheet["A1"].comment = openpyxl.comments.Comment("ghi chú", "A")
    sheet["A2"].hyperlink = "https://kontum.gov.vn/"
    file = io.BytesIO()
    book.save(file)

    assert taken("a.xlsx", file.getvalue())


# --- PDF ------------------------------------------------------------------------------------------


def pdf_with(**root) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf("Bao cao")))
    for key, value in root.items():
        writer._root_object[NameObject(f"/{key}")] = value
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def action(kind: str, **values) -> DictionaryObject:
    return DictionaryObject({NameObject("/S"): NameObject(kind), **{NameObject(f"/{k}"): v for k, v in values.items()}})


@pytest.mark.parametrize(
    "root",
    [
        {"OpenAction": action("/JavaScript", JS=TextStringObject("app.alert(1)"))},
        {"OpenAction": action("/Launch", F=TextStringObject("cmd.exe"))},
        {"OpenAction": action("/ImportData")},
        {"OpenAction": action("/GoToR", Next=ArrayObject([action("/Launch")]))},
        {"AA": DictionaryObject({NameObject("/WC"): action("/SubmitForm")})},
        {"Names": DictionaryObject({NameObject("/JavaScript"): DictionaryObject()})},
        {"AcroForm": DictionaryObject({NameObject("/XFA"): ArrayObject()})},
    ],
)
def test_a_pdf_that_runs_something_is_refused(root):
    assert "lệnh tự chạy" in refusal("a.pdf", pdf_with(**root))


def test_a_pdf_that_hides_its_script_in_packed_objects_is_refused():
    writer = pypdf.PdfWriter(
        clone_from=io.BytesIO(pdf_with(OpenAction=action("/JavaScript", JS=TextStringObject("x"))))
    )
    writer.compress_identical_objects()
    file = io.BytesIO()
    writer.write(file)
    data = file.getvalue().replace(b"/JavaScript", b"/Java#53cript")

    assert "lệnh tự chạy" in refusal("a.pdf", data)


def test_a_pdf_that_carries_another_file_is_refused():
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf("x")))
    writer.add_attachment("a.exe", b"MZ")
    file = io.BytesIO()
    writer.write(file)

    assert "tệp khác đính kèm" in refusal("a.pdf", file.getvalue())


def test_a_pdf_with_a_link_and_bookmarks_is_taken():
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf("Bao cao")))
    writer.add_outline_item(title="Phần I", page_number=0)
    writer.add_uri(page_number=0, uri="https://kontum.gov.vn/", rect=(0, 0, 10, 10))
    file = io.BytesIO()
    writer.write(file)

    assert taken("a.pdf", file.getvalue())


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", b"<html>" + pdf("x")),
        ("a.pdf", picture("JPEG") + pdf("x")),
        ("a.docx", docx("x", members={"%PDF-1.4": b""})),
        ("a.doc", OLE + b"%PDF-1.7"),
        ("a.txt", b"  <!DOCTYPE html><script>1</script>"),
        ("a.txt", "<svg onload=a()>".encode("utf-16")),
        ("a.csv", b"\xef\xbb\xbf<?xml version='1.0'?>"),
        ("a.txt", b"{\\rtf1 x}"),
    ],
)
def test_a_file_that_is_two_kinds_or_another_kind_is_refused(name, data):
    if name == "a.docx":
        data = zipped({"%PDF-1.4": b"", "[Content_Types].xml": "<Types/>", "word/document.xml": "<a/>"})
    assert "không đúng với đuôi" in refusal(name, data)


def test_a_pdf_that_is_an_archive_as_well_is_refused():
    assert "vừa là PDF vừa là tệp nén" in refusal("a.pdf", pdf("x") + zipped({"a": "b"}))


@pytest.mark.parametrize(
    "name", ["a.svg", "a.html", "a.htm", "a.xml", "a.js", "a.docm", "a.xlsm", "a.zip", "a.pdf.exe", "a"]
)
def test_kinds_that_are_never_taken(name):
    assert refusal(name, b"<svg/>").startswith("Không nhận tệp")


# --- pictures -------------------------------------------------------------------------------------


def png_with(chunk: bytes, content: bytes) -> bytes:
    """A small PNG with one more chunk behind its head."""
    data = picture("PNG")
    piece = struct.pack(">L", len(content)) + chunk + content + struct.pack(">L", zlib.crc32(chunk + content))
    return data[:33] + piece + data[33:]


def test_a_picture_carries_nothing_behind_or_beside_its_points():
    jpeg = picture("JPEG") + b"<html><script>alert(1)</script>" + zipped({"a": "b"})
    png = png_with(b"tEXt", b"Comment\x00<script>alert(1)</script>")

    for name, data in (("a.jpg", jpeg), ("a.png", png)):
        checked = check_upload(upload(name, data))
        assert b"script" not in checked.data
        assert not zipfile.is_zipfile(io.BytesIO(checked.data))


def test_a_bomb_in_a_text_of_a_picture_is_refused_quickly():
    bomb = png_with(b"zTXt", b"a\x00\x00" + zlib.compress(b"0" * 200_000_000))
    start = time.process_time()

    assert "hỏng" in refusal("a.png", bomb)
    assert time.process_time() - start < 2


def test_a_picture_that_announces_a_thousand_million_points_is_not_unpacked(monkeypatch):
    data = bytearray(picture("PNG"))
    struct.pack_into(">LL", data, 16, 40_000, 40_000)
    struct.pack_into(">L", data, 29, zlib.crc32(bytes(data[12:29])))
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("unpacked"))

    assert "vượt giới hạn 50.000.000 điểm ảnh" in refusal("a.png", bytes(data))


def test_of_a_moving_picture_the_first_image_is_kept():
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue", "lime")]
    file = io.BytesIO()
    frames[0].save(file, "PNG", save_all=True, append_images=frames[1:])
    checked = check_upload(upload("a.png", file.getvalue()))

    with Image.open(io.BytesIO(checked.data)) as found:
        assert (getattr(found, "n_frames", 1), found.convert("RGB").getpixel((0, 0))) == (1, (255, 0, 0))


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.95])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_that_was_cut_off_is_refused(kind, keep):
    noise = Image.frombytes("RGB", (64, 64), _noise(64 * 64 * 3))
    file = io.BytesIO()
    noise.save(file, kind)
    data = file.getvalue()

    assert "hỏng" in refusal("a.jpg" if kind == "JPEG" else "a.png", data[: int(len(data) * keep)])


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("ba\u0301o ca\u0301o\x00\r\n.txt", "báo cáo.txt"),
        ("a\u2028b\u2029c.txt", "a b c.txt"),
        ("\u202egnp.txt", "gnp.txt"),
        ("a\u200b\u2066b.txt", "ab.txt"),
        ("....txt", "txt"),
        ("", "tep"),
        ("a" * 5000, "a" * 200),
        ("x." + "y" * 5000, "x." + "y" * 198),
    ],
)
def test_names_hold_no_sign_that_cannot_be_seen_and_end_somewhere(typed, cleaned):
    assert clean_name(typed) == cleaned


# --- the scanner ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import sys; sys.exit(1 if b'EICAR' in sys.stdin.buffer.read() else 0)", "mã độc"),
        ("raise SystemExit(2)", "Chưa quét được"),
    ],
)
def test_a_scanner_that_is_set_up_has_the_last_word(monkeypatch, code, words):
    monkeypatch.setattr(settings, "VIRUS_SCAN_COMMAND", [sys.executable, "-c", code])

    assert words in refusal("a.txt", b"EICAR")


def test_a_scanner_that_is_not_there_lets_nothing_pass(monkeypatch):
    monkeypatch.setattr(settings, "VIRUS_SCAN_COMMAND", ["/khong/co/clamdscan"])

    assert "Chưa quét được" in refusal("a.txt", b"x")


def test_a_scanner_takes_what_is_clean(monkeypatch):
    monkeypatch.setattr(settings, "VIRUS_SCAN_COMMAND", [sys.executable, "-c", "import sys; sys.stdin.buffer.read()"])

    assert taken("a.txt", b"x")
