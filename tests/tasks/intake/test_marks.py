"""Marks of lists, what carries no mark, and the paths they print."""

import pytest

from tasks.intake.lines import lines_of, paragraphs_of, width_of
from tasks.intake.marks import Kind, mark_of
from tasks.intake.outline import outline_of


@pytest.mark.parametrize(
    ("text", "kind", "label"),
    [
        ("II. NHIỆM VỤ", Kind.ROMAN, "II"),
        ("IV/ Tổ chức", Kind.ROMAN, "IV"),
        ("B. Nội dung", Kind.CAPITAL, "B"),
        ("Điều 2. Giao Sở", Kind.ARTICLE, "2"),
        ("3. Sở Y tế", Kind.NUMBER, "3"),
        ("2.1 Chỉ đạo", Kind.NUMBER, "2.1"),
        ("2.1. Chỉ đạo", Kind.NUMBER, "2.1"),
        ("đ) Rà soát", Kind.SMALL, "đ"),
        ("(1) Rà soát", Kind.BRACKETED, "1"),
        ("- Rà soát", Kind.DASH, ""),
        ("–Rà soát", Kind.DASH, ""),
        ("+ Rà soát", Kind.PLUS, ""),
        ("* Ghi chú", Kind.STAR, ""),
    ],
)
def test_a_mark_is_known(text, kind, label):
    mark = mark_of(text)

    assert (mark.kind, mark.label) == (kind, label)


@pytest.mark.parametrize(
    "text", ["30/8/2026 của Tỉnh ủy", "1.234.567 đồng", "15.8.2024 là ngày", "Sở Y tế", "vì 1. lý do", ""]
)
def test_dates_sums_and_words_are_no_marks(text):
    assert mark_of(text) is None


def test_paths_are_the_printed_marks_and_bullets_are_counted_under_their_parent():
    text = "I. Một\n1. Hai\na) Ba\n- Bốn\n- Năm\n+ Sáu\nb) Bảy\n2. Tám\n2.1. Chín\nII. Mười\n- Mười một\n* Ghi chú"
    lines = lines_of(text)

    paths = [item.path for item in outline_of(paragraphs_of(lines, 0)).walk()]

    assert paths == [
        "I",
        "I.1",
        "I.1.a",
        "I.1.a.-1",
        "I.1.a.-2",
        "I.1.a.-2.-1",
        "I.1.b",
        "I.2",
        "I.2.1",
        "II",
        "II.-1",
        "II.-1.*",
    ]


def test_hard_line_ends_and_page_numbers_are_taken_out_of_sentences():
    text = (
        "     1. Ủy ban nhân dân các xã tổ chức nghiên cứu, cụ thể hóa các mục tiêu\n"
        "nhiệm vụ của chương trình theo Công văn ngày\n30/8/2026 của Tỉnh ủy; giai đoạn 2021\n- 2025 và những năm\n"
        "                                   2\ntiếp theo.\n     2. Sở Y tế rà soát."
    )
    lines = lines_of(text)

    paragraphs = [paragraph.text for paragraph in paragraphs_of(lines, width_of(lines))]

    assert paragraphs == [
        "1. Ủy ban nhân dân các xã tổ chức nghiên cứu, cụ thể hóa các mục tiêu nhiệm vụ của chương trình theo Công văn ngày"
        " 30/8/2026 của Tỉnh ủy; giai đoạn 2021 - 2025 và những năm tiếp theo.",
        "2. Sở Y tế rà soát.",
    ]
