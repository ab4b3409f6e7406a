"""From the text as it came to the clean text, and its sentences."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.textcleaning import clean, sentences


def cut(body: str) -> list[str]:
    return [body[start:end] for start, end in sentences(body)]


def test_marks_of_markdown_go():
    original = "### 3. Ban Tuyên giáo\n\n*Kính gửi:*\n\n**Đậm** và ***cả hai***\n- Như trên,"
    assert clean(original).body == "3. Ban Tuyên giáo\n\nKính gửi:\n\nĐậm và cả hai\n- Như trên,"


def test_stars_that_are_no_emphasis_stay():
    assert clean("*\nSố 12\n20*30*40 cm * 2").body == "*\nSố 12\n20*30*40 cm * 2"


def test_footnotes_are_set_apart_and_remember_their_place():
    found = clean("Hiệp định<sup>1</sup>.\n\n<sup>1</sup> Cuộc thi do Trung ương Đoàn tổ chức.")
    assert found.body == "Hiệp định."
    assert found.footnotes == [{"mark": "1", "text": "Cuộc thi do Trung ương Đoàn tổ chức.", "at": 9}]


def test_trailing_blanks_carriage_returns_and_empty_lines_go():
    assert (
        clean("\n\nT/M BAN THƯỜNG VỤ  \r\nPHÓ BÍ THƯ\r\n\r\n\r\n\r\nA Pót\n").body
        == "T/M BAN THƯỜNG VỤ\nPHÓ BÍ THƯ\n\nA Pót"
    )


def test_decomposed_text_is_composed():
    assert clean(unicodedata.normalize("NFD", "Tỉnh ủy Đắk Hà")).body == "Tỉnh ủy Đắk Hà"


@given(st.text(alphabet="ab *#<>/sup1\n\r\t\x00\x02\x03.ầ", max_size=60))
def test_what_is_clean_holds_no_controls_and_its_footnotes_lie_inside(original):
    found = clean(original)
    assert not {"\x00", "\r", "\x02", "\x03"} & set(found.body)
    assert all(note["at"] is None or 0 <= note["at"] <= len(found.body) for note in found.footnotes)


def test_dates_in_brackets_end_no_sentence():
    body = "Tuyên truyền kỷ niệm 70 năm (07/5/1954 - 07/5/2024). Đẩy mạnh thi đua (nếu có; v.v.) trong tỉnh; treo cờ."
    assert cut(body) == [
        "Tuyên truyền kỷ niệm 70 năm (07/5/1954 - 07/5/2024).",
        "Đẩy mạnh thi đua (nếu có; v.v.) trong tỉnh;",
        "treo cờ.",
    ]


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ("1. Ban Tuyên giáo", ["Ban Tuyên giáo"]),
        ("- a) Họp tại TP. Kon Tum. Báo cáo.", ["Họp tại TP. Kon Tum.", "Báo cáo."]),
        ("Dòng một\n\nDòng hai.", ["Dòng một", "Dòng hai."]),
        ("Số tiền 1.234.567 đồng.", ["Số tiền 1.234.567 đồng."]),
        ("-\n", ["-"]),
        ("", []),
    ],
)
def test_sentences_begin_after_list_marks_and_end_where_they_end(body, parts):
    assert cut(body) == parts


@given(st.text(alphabet="aB .;()-\n1đ", max_size=80))
def test_sentences_lie_in_order_without_blanks_at_their_ends(body):
    found = sentences(body)
    assert all(first[1] <= second[0] for first, second in pairwise(found))
    assert all(body[start:end].strip() and "\n" not in body[start:end] for start, end in found)
