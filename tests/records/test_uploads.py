"""The one door for files: what it takes, what it refuses, and with which words."""

import io
import zipfile
from datetime import datetime
from zoneinfo import ZoneInfo

import openpyxl
import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from records.errors import PersonListRefused, SecretDocumentRefused, UploadRefused
from records.models import StoredFile
from records.uploads import check_upload, clean_name, store_upload

NOW = datetime(2024, 4, 15, 8, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504


def upload(name, data):
    return SimpleUploadedFile(name, data)


def zipped(members: dict[str, str | bytes], *, compression=zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def docx(*lines: str, header: str = "", table: list[list[str]] | None = None, **extra) -> bytes:
    rows = "".join("<w:tr>" + "".join(f"<w:tc>{paragraph(c)}</w:tc>" for c in row) + "</w:tr>" for row in table or [])
    body = "".join(paragraph(line) for line in lines) + (f"<w:tbl>{rows}</w:tbl>" if rows else "")
    members = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
        **extra.get("members", {}),
    }
    if header:
        members["word/header1.xml"] = f"<w:hdr {W}>{paragraph(header)}</w:hdr>"
    return zipped(members)


def xlsx(*rows: list) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def opendocument(kind: str, body: str) -> bytes:
    spaces = 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    return zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"<content {spaces}>{body}</content>",
        }
    )


def pdf(text: str = "", *, password: str = "") -> bytes:
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(600, 800)
    font = DictionaryObject(
        {
            NameObject(k): NameObject(v)
            for k, v in (("/Type", "/Font"), ("/Subtype", "/Type1"), ("/BaseFont", "/Helvetica"))
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
    )
    content = DecodedStreamObject()
    content.set_data(
        f"BT /F1 12 Tf 14 TL 50 700 Td {' '.join(f'({line}) Tj T*' for line in text.splitlines())} ET".encode()
    )
    page[NameObject("/Contents")] = writer._add_object(content)
    if password:
        writer.encrypt(password)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def picture(kind: str, size=(8, 4), mode="RGB", **options) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else 1).save(file, kind, **options)
    return file.getvalue()


def refusal(name, data, **checks) -> str:
    with pytest.raises(UploadRefused) as found:
        check_upload(upload(name, data), **checks)
    return str(found.value)


# --- taken ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "content_type"),
    [
        ("a.txt", "Báo cáo kết quả".encode(), "text/plain"),
        ("a.csv", "\ufeffSTT;Nội dung\n1;Treo cờ".encode(), "text/csv"),
        ("a.PDF", pdf("Bao cao"), "application/pdf"),
        ("a.docx", docx("Báo cáo"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (
            "a.xlsx",
            xlsx(["Nội dung", "Số lượng"], ["Băng rôn", 12]),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        ("a.odt", opendocument("text", "<text:p>Báo cáo</text:p>"), "application/vnd.oasis.opendocument.text"),
        ("a.doc", OLE + "Báo cáo kết quả".encode("utf-16-le"), "application/msword"),
        ("a.xls", OLE + "Băng rôn".encode("utf-16-le"), "application/vnd.ms-excel"),
        ("a.jpg", picture("JPEG"), "image/jpeg"),
        ("a.png", picture("PNG"), "image/png"),
    ],
)
def test_the_kinds_an_office_uses_are_taken(name, data, content_type):
    assert check_upload(upload(name, data)).content_type == content_type


@pytest.mark.django_db
def test_a_stored_file_keeps_its_name_and_gets_a_random_place(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    stored = store_upload(upload("Báo cáo tháng 4.txt", "Kết quả".encode()), by=None, now=NOW)
    assert (stored.original_name, stored.extension, stored.size) == ("Báo cáo tháng 4.txt", ".txt", 11)
    assert stored.sha256 == "43463f466f6c06c598f8c8a2e97d4abc7a8cb1ed27722c8366d709cd25e94bef"
    assert "Báo" not in stored.file.name and stored.file.name.endswith(".txt")
    assert (tmp_path / stored.file.name).read_bytes() == "Kết quả".encode()


@pytest.mark.django_db
def test_a_refused_file_leaves_nothing(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    for name, data in (("a.exe", b"MZ"), ("a.txt", "MẬT\n".encode()), ("a.pdf", b"no")):
        with pytest.raises(UploadRefused):
            store_upload(upload(name, data), by=None, now=NOW)
    assert (StoredFile.objects.count(), list(tmp_path.iterdir())) == (0, [])


# --- name, size, kind -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("../../etc/bao cao.pdf", "bao cao.pdf"),
        ("C:\\Users\\a\\kế hoạch.docx", "kế hoạch.docx"),
        ("ke\u0302\u0301 hoa\u0323ch.docx", "kế hoạch.docx"),
        ("bao\u202ecod.txt", "baocod.txt"),
        ('a<b>"c".txt', "a_b__c_.txt"),
        (".txt", "txt"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_names_are_cleaned(typed, cleaned):
    assert clean_name(typed) == cleaned


def test_too_large_a_file_names_its_size_and_the_limit(settings):
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    assert refusal("a.txt", b"x" * (1024 * 1024 + 600_000)) == (
        "Tệp “a.txt” nặng 1,6 MB, vượt giới hạn 1 MB cho một tệp."
    )


def test_a_wrong_kind_names_the_kinds_that_are_taken():
    assert refusal("virus.pdf.exe", b"MZ") == (
        "Không nhận tệp “virus.pdf.exe”. Chỉ nhận các loại tệp: csv, doc, docx, jpeg, jpg, ods, odt, pdf, png, txt, xls, xlsx."
    )
    assert refusal("a.docm", b"PK\x03\x04").startswith("Không nhận tệp “a.docm”.")
    assert refusal("a.docx", docx("x"), allow=(".pdf",)) == "Không nhận tệp “a.docx”. Chỉ nhận các loại tệp: pdf."


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", b"MZ\x90"),
        ("a.docx", b"%PDF-1.4"),
        ("a.docx", xlsx(["a"])),
        ("a.xlsx", docx("a")),
        ("a.ods", opendocument("text", "")),
        ("a.png", picture("JPEG")),
        ("a.txt", pdf("x")),
        ("a.doc", docx("x")),
    ],
)
def test_content_that_is_not_what_the_name_says_is_refused(name, data):
    assert "không đúng với đuôi" in refusal(name, data)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.txt", b"", "trống"),
        ("a.txt", b"ti\xeang vi\xeat", "UTF-8"),
        ("a.txt", b"a\x00b", "không phải là văn bản"),
        ("a.pdf", b"%PDF-1.4 hong", "hỏng"),
        ("a.docx", b"PK\x03\x04hong", "hỏng"),
        ("a.jpg", picture("JPEG")[:60], "hỏng"),
        ("a.pdf", pdf("x", password="bi-mat"), "mật khẩu"),
        ("a.xls", OLE + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
    ],
)
def test_empty_damaged_and_locked_files_are_refused_with_the_reason(name, data, words):
    assert words in refusal(name, data)


# --- archives -------------------------------------------------------------------------------------


def test_macros_are_refused():
    hidden = docx("x", members={"word/vbaProject.bin": b"x"})
    typed = docx(
        "x", members={"[Content_Types].xml": "<Types>application/vnd.ms-word.document.macroEnabled.main+xml</Types>"}
    )
    old = OLE + "_VBA_PROJECT".encode("utf-16-le")
    for name, data in (("a.docx", hidden), ("a.docx", typed), ("a.doc", old)):
        assert "macro" in refusal(name, data)


@pytest.mark.parametrize("path", ["../evil.xml", "/etc/passwd", "word/../../x", "..\\x", "C:/x"])
def test_ways_out_of_the_folder_are_refused(path):
    assert "đường dẫn lạ" in refusal("a.docx", docx("x", members={path: b"x"}))


def test_an_archive_that_unpacks_to_far_more_is_refused():
    assert "khi bung ra" in refusal("a.docx", docx("x", members={"word/big.xml": b"0" * 5_000_000}))


def test_an_archive_of_too_many_members_is_refused():
    members = {f"word/{number}.xml": b"" for number in range(2001)}
    assert "2.003 phần bên trong, vượt giới hạn 2.000" in refusal("a.docx", docx("x", members=members))


def test_xml_with_a_dtd_is_refused():
    bomb = '<!DOCTYPE a [<!ENTITY x "ha">]><w:document xmlns:w="x">&x;</w:document>'
    assert "DTD" in refusal("a.docx", docx("x", members={"word/document.xml": bomb}))


# --- secrecy --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", "TỈNH ỦY\nTỐI MẬT\nx".encode()),
        ("a.txt", "TỈNH ỦY\nMẬT\nx".encode("utf-16")),
        ("a.csv", "MẬT;;\nNội dung;Số".encode()),
        ("a.docx", docx("TỈNH ỦY", "TUYỆT MẬT", "x")),
        ("a.docx", docx("x", header="MẬT")),
        ("a.docx", docx("x", table=[["MẬT", "ĐẢNG CỘNG SẢN VIỆT NAM"]])),
        ("a.xlsx", xlsx(["TỐI MẬT"], ["Nội dung", 1])),
        ("a.odt", opendocument("text", "<text:p>Mật</text:p>")),
        ("a.pdf", pdf("TINH UY KON TUM\nTOI MAT\nNoi dung")),
        ("a.doc", OLE + "TỈNH ỦY\rTUYỆT MẬT\rNội dung".encode("utf-16-le")),
        ("a.doc", OLE + b"x" + "TỈNH ỦY\rMẬT\rNội dung".encode("utf-16-le")),
    ],
)
def test_a_mark_of_secrecy_is_found_in_every_kind(name, data):
    with pytest.raises(SecretDocumentRefused):
        check_upload(upload(name, data))


def test_a_declared_secret_is_refused_before_anything():
    with pytest.raises(SecretDocumentRefused):
        check_upload(upload("a.jpg", picture("JPEG")), declared="Mật")


def test_the_word_inside_a_sentence_is_taken_with_a_warning():
    checked = check_upload(upload("a.docx", docx("Không gửi tài liệu tối mật qua mạng.")))
    assert checked.warning.startswith("Văn bản có nhắc đến “tối mật”.")
    assert check_upload(upload("a.docx", docx("Báo cáo."))).warning is None


# --- lists of persons -----------------------------------------------------------------------------

HEADINGS = ["STT", "Họ và tên", "Năm sinh", "Đối tượng"]
PERSONS = [[1, "A Thử", 1932, "CCB"], [2, "Y Mẫu", 1930, "TNXP"], [3, "Trần Văn Giả", 1934, "DCHT"]]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("ds.xlsx", xlsx(["DANH SÁCH"], [], HEADINGS, *PERSONS)),
        ("ds.xlsx", xlsx(["TT", "HỌ TÊN", "Số CCCD"], [1, "A Thử", "062"])),
        ("ds.xlsx", xlsx(HEADINGS, [None, "A Thử", 1932])),
        ("ds.xlsx", xlsx(["TT", "Ho va ten", "Ngay sinh"], ["", "", "Nam"], [1, "A Thử", 1932])),
        ("ds.csv", "STT;Họ và tên;Ngày, tháng, năm sinh\n1;A Thử;1932\n".encode()),
        ("ds.docx", docx("Danh sách", table=[HEADINGS, ["1", "A Thử", "1932", "CCB"]])),
        (
            "ds.ods",
            opendocument(
                "spreadsheet",
                "<table:table>"
                + "".join(
                    "<table:table-row>"
                    + "".join(f"<table:table-cell><text:p>{c}</text:p></table:table-cell>" for c in row)
                    + "</table:table-row>"
                    for row in (HEADINGS, ["1", "A Thử", "1932", "CCB"])
                )
                + "</table:table>",
            ),
        ),
        ("ds.xls", OLE + "\n".join(["Họ và tên", "Sinh năm", "Dân tộc", "A Thử"]).encode("utf-16-le")),
        (
            "ds.xls",
            OLE + "\n".join(["Họ và tên", "Năm sinh", "A Thử 1932", "Y Mẫu 1930", "B 1934"]).encode("utf-16-le"),
        ),
    ],
)
def test_a_list_of_persons_is_sent_to_the_registry(name, data):
    with pytest.raises(PersonListRefused) as found:
        check_upload(upload(name, data))
    assert "Hãy gửi danh sách qua Sổ tri ân" in str(found.value)
    assert check_upload(upload(name, data), person_lists=True).name == name


@pytest.mark.parametrize(
    "data",
    [
        xlsx(["STT", "Họ và tên", "Chức vụ", "Điện thoại"], [1, "A Thử", "Bí thư", "0260"]),
        xlsx(["Đối tượng", "Số người", "Số suất quà"], ["CCB", 12, 12]),
        xlsx(HEADINGS),
        xlsx(["Nội dung", "Số lượng"], ["Băng rôn", 12]),
    ],
)
def test_contacts_figures_and_an_empty_form_are_no_list_of_persons(data):
    assert check_upload(upload("bieu.xlsx", data)).extension == ".xlsx"


# --- pictures -------------------------------------------------------------------------------------


def test_pictures_lose_place_and_camera_and_stand_upright():
    exif = Image.Exif()
    exif[0x010F] = "Máy ảnh"
    exif[0x0112] = 6  # to be turned a quarter
    exif.get_ifd(0x8825)[1] = "N"
    checked = check_upload(upload("anh.jpg", picture("JPEG", (8, 4), exif=exif)))
    with Image.open(io.BytesIO(checked.data)) as found:
        assert (found.size, dict(found.getexif()), found.format) == ((4, 8), {}, "JPEG")
    assert b"Exif" not in checked.data


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
def test_every_kind_of_png_is_written_anew(mode):
    checked = check_upload(upload("anh.png", picture("PNG", mode=mode)))
    with Image.open(io.BytesIO(checked.data)) as found:
        assert (found.size, found.info) == ((8, 4), {})


def test_too_many_points_name_the_limit(monkeypatch):
    monkeypatch.setattr("records.pictures.MAX_PIXELS", 1000)
    assert refusal("anh.png", picture("PNG", (1200, 3))) == (
        "Ảnh “anh.png” có 1.200 × 3 điểm ảnh, vượt giới hạn 1.000 điểm ảnh."
    )
