"""The guard against documents marked secret."""

import unicodedata

import pytest

from records.errors import SecretDocumentRefused, UploadRefused
from records.secrecy import find_secrecy_mark, guard, warns


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("MẬT", "MẬT"),
        ("Mật", "MẬT"),
        ("TỐI MẬT", "TỐI MẬT"),
        ("TUYỆT MẬT", "TUYỆT MẬT"),
        ("   TỐI   MẬT  ", "TỐI MẬT"),
        ("M Ậ T", "MẬT"),
        ("T Ố I   M Ậ T", "TỐI MẬT"),
        ("| TUYỆT MẬT |", "TUYỆT MẬT"),
        ("[ Mật ]", "MẬT"),
        ("**TỐI MẬT**", "TỐI MẬT"),
        ("MAT", "MẬT"),
        ("TOI MAT", "TỐI MẬT"),
        ("TUYÊT MÂT", "TUYỆT MẬT"),
        (unicodedata.normalize("NFD", "TUYỆT MẬT"), "TUYỆT MẬT"),
        ("Độ mật: Tối mật", "TỐI MẬT"),
        ("Mức độ mật: MẬT", "MẬT"),
        ("TỐI MẬT - Bản số: 03", "TỐI MẬT"),
        ("TỈNH ỦY KON TUM\tMẬT", "MẬT"),
        ("TỐI MẬT            ĐẢNG CỘNG SẢN VIỆT NAM", "TỐI MẬT"),
    ],
)
def test_a_mark_alone_on_a_line_of_the_head_is_found(line, mark):
    assert find_secrecy_mark(f"TỈNH ỦY KON TUM\n{line}\nSố 12-CV/TU\nNội dung.") == mark


@pytest.mark.parametrize(
    "line",
    [
        "MẶT",
        "MẮT",
        "MÁT",
        "Mặt trận",
        "Mật độ dân số",
        "Độ mật: Không",
        "Độ mật: Thường",
        "Bảo mật thông tin, tuyệt mật đối với người ngoài",
        "TỐI",
        "",
    ],
)
def test_other_words_are_no_mark(line):
    assert find_secrecy_mark(f"TỈNH ỦY KON TUM\n{line}\nNội dung.") is None


def test_the_head_ends_after_forty_lines_that_are_not_empty():
    head = "dòng\n\n" * 39
    assert find_secrecy_mark(head + "MẬT") == "MẬT"
    assert find_secrecy_mark(head + "dòng\nMẬT") is None


def test_inside_a_sentence_it_only_warns():
    text = "Các đơn vị không gửi tài liệu tối mật qua mạng."
    guard(text)
    assert warns(text) == ("Văn bản có nhắc đến “tối mật”. Hãy kiểm tra để chắc chắn đây không phải tài liệu mật.")
    assert warns("Tuyên truyền trên mạng xã hội, Mặt trận, mật độ.") is None


def test_the_refusal_names_the_mark_and_nothing_of_the_content():
    with pytest.raises(SecretDocumentRefused) as refusal:
        guard("TUYỆT MẬT\nKế hoạch của ông Nguyễn Văn A")
    assert str(refusal.value) == (
        "Tài liệu có dấu “TUYỆT MẬT” nên không được đưa vào hệ thống này; chưa có gì được lưu lại. "
        "Hãy xử lý theo quy định về bảo vệ bí mật nhà nước; trong báo cáo chỉ ghi “Đã báo cáo ngoài hệ thống, ngày …”."
    )
    assert issubclass(SecretDocumentRefused, UploadRefused) and issubclass(UploadRefused, ValueError)


@pytest.mark.parametrize("declared", ["Mật", "Tối mật", "tuyet mat", "secret"])
def test_what_is_declared_secret_is_refused_even_without_text(declared):
    with pytest.raises(SecretDocumentRefused):
        guard(None, declared)


@pytest.mark.parametrize("declared", ["", "Thường", "Không"])
def test_what_is_declared_open_passes(declared):
    guard(None, declared)
