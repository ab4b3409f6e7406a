"""manage.py parse_directive: what a document asks, as JSON, from any kind of file, without a database."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests import drawn

REAL = Path(__file__).parents[2] / "tasks/data/kon-tum-70-nam-dien-bien-phu.txt"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
NUMBERING = f"""<w:numbering {W}>
<w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%3)"/></w:lvl>
<w:lvl w:ilvl="3"><w:numFmt w:val="bullet"/><w:lvlText w:val=""/></w:lvl>
</w:abstractNum>
<w:num w:numId="4"><w:abstractNumId w:val="7"/></w:num>
</w:numbering>"""
STYLES = f"""<w:styles {W}><w:style w:styleId="Muc"><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="4"/></w:numPr></w:pPr></w:style></w:styles>"""


def paragraph(text: str, level: int | None = None, style: str = "") -> str:
    number = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="4"/></w:numPr>' if level is not None else ""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{number}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def table(*rows: list[str | list[str]]) -> str:
    def cell(words: str | list[str]) -> str:
        lines = words if isinstance(words, list) else [words]
        return "<w:tc>" + "".join(map(paragraph, lines)) + "</w:tc>"

    return "<w:tbl>" + "".join("<w:tr>" + "".join(map(cell, row)) + "</w:tr>" for row in rows) + "</w:tbl>"


def docx(body: str, **members: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        archive.writestr("word/numbering.xml", NUMBERING)
        archive.writestr("word/styles.xml", STYLES)
    return file.getvalue()


LETTER = docx(
    table(
        [["ỦY BAN NHÂN DÂN", "TỈNH AN BÌNH"], ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]],
        ["Số: 12/KH-UBND", "An Bình, ngày 05 tháng 3 năm 2025"],
    )
    + paragraph("KẾ HOẠCH")
    + paragraph("Về việc trồng cây ven đường")
    + paragraph("NỘI DUNG", 0)
    + paragraph("Sở Xây dựng", style="Muc")
    + paragraph("Chủ trì, phối hợp với Sở Tài chính lập dự toán trước ngày 30/4/2025.", 2)
    + paragraph("Hướng dẫn kỹ thuật.", 2)
    + paragraph("Công an tỉnh", style="Muc")
    + paragraph("Bảo đảm an toàn giao thông.", 3)
    + table(["Nơi nhận:"], ["- Như trên;"])
    + paragraph("PHỤ LỤC")
    + table(
        ["TT", "Nội dung", "Chủ trì", "Thời gian"],
        ["1", "Trồng 500 cây", "Sở Xây dựng", "Quý II/2025"],
    )
)


def parsed(path: Path, capsys) -> dict:
    call_command("parse_directive", str(path))
    return json.loads(capsys.readouterr().out)


def test_the_real_directive_is_printed_as_json_alone(capsys):
    call_command("parse_directive", str(REAL))
    out, err = capsys.readouterr()

    assert [task["clause"] for task in json.loads(out)["tasks"]] == ["1.-1", "1.-2", "1.-3", "2", "3.-1", "3.-2"]
    assert err == "Công văn: 6 nhiệm vụ nhận ra được.\n"


def test_a_word_file_gives_its_automatic_numbers_its_head_and_its_table(tmp_path, capsys):
    path = tmp_path / "ke-hoach.docx"
    path.write_bytes(LETTER)

    answer = parsed(path, capsys)

    assert {key: answer["header"][key] for key in ("type", "issuer", "number", "date", "place", "subject")} == {
        "type": "Kế hoạch",
        "issuer": "ỦY BAN NHÂN DÂN TỈNH AN BÌNH",
        "number": "12/KH-UBND",
        "date": "2025-03-05",
        "place": "An Bình",
        "subject": "trồng cây ven đường",
    }
    assert [
        (task["clause"], task["lead"], task["coordinating"], task["deadline"]["date"]) for task in answer["tasks"]
    ] == [
        ("I.1.a", ["Sở Xây dựng"], ["Sở Tài chính"], "2025-04-30"),
        ("I.1.b", ["Sở Xây dựng"], [], None),
        ("I.2.-1", ["Công an tỉnh"], [], None),
        ("PL.1", ["Sở Xây dựng"], [], "2025-06-30"),
    ]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("mat.txt", "TUYỆT MẬT\n\nKính gửi: Sở Y tế\n1. Sở Y tế báo cáo.".encode(), "TUYỆT MẬT"),
        ("rong.txt", b"  \n ", "Không đọc được chữ trong tệp “rong.txt”"),
        ("anh.txt", b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe\x00", "anh.txt"),
        ("bang.xlsx", b"PK\x03\x04", "bang.xlsx"),
        ("hong.docx", b"PK\x03\x04 broken", "hong.docx"),
    ],
)
def test_a_refused_file_ends_with_2_and_a_sentence(tmp_path, name, data, words):
    (tmp_path / name).write_bytes(data)

    with pytest.raises(CommandError) as refused:
        call_command("parse_directive", str(tmp_path / name))

    assert refused.value.returncode == 2
    assert words in str(refused.value)


def test_a_file_that_is_not_there_ends_with_2(tmp_path):
    with pytest.raises(CommandError) as refused:
        call_command("parse_directive", str(tmp_path / "khong-co.txt"))

    assert refused.value.returncode == 2


TCVN3 = """Ban Th\u00ad\u00eang vô TØnh ñy yªu cÇu c¸c cÊp ñy thùc hiÖn tèt c¸c nhiÖm vô sau:
1. Ban Tuyªn gi¸o TØnh ñy chñ tr×, phèi hîp víi c¸c c¬ quan liªn quan h\u00adíng dÉn tuyªn truyÒn.
2. V¨n phßng TØnh ñy theo dâi, ®«n ®èc viÖc thùc hiÖn.
3. C¸c huyÖn ñy b¸o c¸o kÕt qu¶ tr\u00adíc ngµy 30/4/2004.
"""
VNI = """Ban Thöôøng vuï Tænh uûy yeâu caàu caùc caáp uûy thöïc hieän toát caùc nhieäm vuï sau:
1. Ban Tuyeân giaùo Tænh uûy chuû trì, phoái hôïp vôùi caùc cô quan lieân quan höôùng daãn tuyeân truyeàn.
2. Vaên phoøng Tænh uûy theo doõi, ñoân ñoác vieäc thöïc hieän.
3. Caùc huyeän uûy baùo caùo keát quaû tröôùc ngaøy 30/4/2004.
"""


@pytest.mark.parametrize(("text", "name"), [(TCVN3, "TCVN3 (ABC, phông .Vn…)"), (VNI, "VNI (phông VNI-…)")])
def test_a_text_in_letters_of_before_unicode_is_refused_and_says_which(tmp_path, text, name):
    (tmp_path / "cu.txt").write_text(text, encoding="utf-8")

    with pytest.raises(CommandError) as refused:
        call_command("parse_directive", str(tmp_path / "cu.txt"))

    assert refused.value.returncode == 2
    assert str(refused.value) == (
        f"Tệp “cu.txt” gõ bằng bảng mã cũ {name} nên đọc ra chữ khác. Hãy chuyển văn bản sang Unicode rồi gửi lại."
    )


def test_pages_that_are_pictures_are_named_beside_the_answer(tmp_path, capsys):
    path = tmp_path / "lan-lon.pdf"
    path.write_bytes(drawn.mixed_pdf("Ke hoach trong cay ven duong nam 2025 cua tinh", drawn.page(), drawn.page()))

    call_command("parse_directive", str(path))
    out, err = capsys.readouterr()

    assert json.loads(out)["tasks"] == []
    assert err.splitlines()[-1] == "Chưa đọc các trang là ảnh: 2, 3."
