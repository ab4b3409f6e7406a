"""The data file of layouts: what a half or wrong one says, which profile holds when, how each writes its words."""

from datetime import date

import pytest

from tasks.exports import docx
from tasks.exports.party_form import HD05, HD36, LAYOUTS, ND30, LayoutError, form_for, read_layouts

OWN = LAYOUTS.read_text("utf-8")


def test_the_data_file_holds_three_profiles_with_the_rule_each_comes_from():
    assert {code: (form.source, form.state) for code, form in read_layouts(OWN).items()} == {
        "HD36": ("Hướng dẫn 36-HD/VPTW ngày 03/4/2018, Phụ lục 3", False),
        "HD05": ("Hướng dẫn 05-HD/VPTW ngày 27/5/2026", False),
        "ND30": ("Nghị định 30/2020/NĐ-CP ngày 05/3/2020, Phụ lục I", True),
    }


@pytest.mark.parametrize(
    ("day", "state", "code"),
    [
        (date(2010, 1, 1), False, "HD36"),
        (date(2018, 4, 3), False, "HD36"),
        (date(2024, 5, 20), False, "HD36"),
        (date(2026, 5, 26), False, "HD36"),
        (date(2026, 5, 27), False, "HD05"),
        (date(2090, 1, 1), False, "HD05"),
        (date(2010, 1, 1), True, "ND30"),
        (date(2024, 5, 20), True, "ND30"),
        (date(2026, 5, 27), True, "ND30"),
    ],
)
def test_a_document_has_the_profile_of_its_day(day, state, code):
    assert form_for(day, state=state).code == code


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("top_mm = 20 ", "topp_mm = 20 ", "HD36.page: unknown topp_mm"),
        ("top_mm = 20 ", "", "HD36.page: missing top_mm"),
        ("top_mm = 20 ", 'top_mm = "20" ', "HD36.page.top_mm: float is wanted"),
        ("top_mm = 20 ", "top_mm = true ", "HD36.page.top_mm: float is wanted"),
        ("signature_lines = 4 ", "signature_lines = 4.5 ", "HD36.text.signature_lines: int is wanted"),
        ('line_rule = "exactly"', 'line_rule = "about"', "HD36.text.line_rule: one of exactly, multiple is wanted"),
        ("organ = { pt = 14, bold", "organ = { bold", "HD36.parts.organ: missing pt"),
        ("organ = { pt = 14, bold", "organ = { pt = 14, fat", "HD36.parts.organ: unknown fat"),
        ("organ = { pt = 14, bold = true, upper = true }", "organ = 14", "HD36.parts.organ: a table is wanted"),
        ('headings = ["I- ", "1. ", "a) "]', 'headings = "I"', "HD36.words.headings: a list of texts is wanted"),
        ("first_day = 2018-04-03", 'first_day = "2018"', "HD36.first_day: date is wanted"),
        ('like = "HD36"', 'like = "HD11"', "HD05.like: no profile 'HD11' above it"),
        ("[HD36]", "HD11 = 1\n[HD36]", "HD11: a profile is a table"),
        ("[HD36.page]", "[HD36.page", "Expected ']' at the end of a table declaration"),
    ],
)
def test_a_key_that_is_missing_unknown_or_of_another_kind_is_named(old, new, words):
    assert old in OWN
    rest = OWN.replace(old, f"{new}\n#" if new == "" else new, 1)

    with pytest.raises(LayoutError) as caught:
        read_layouts(rest)

    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (HD36, ["- Như trên,", "- Thường trực Tỉnh ủy (b/c),", "- Lưu Văn phòng Tỉnh ủy."]),
        (HD05, ["- Như trên;", "- Thường trực Tỉnh ủy (b/c);", "- Lưu Văn phòng Tỉnh ủy."]),
        (ND30, ["- Như trên;", "- Thường trực Tỉnh ủy (b/c);", "- Lưu: VT, Văn phòng Tỉnh ủy."]),
    ],
)
def test_recipients_end_with_the_signs_of_the_profile(form, expected):
    assert docx.listed(form, ["Như trên", "Thường trực Tỉnh ủy (b/c)", "Lưu Văn phòng Tỉnh ủy"]) == expected


@pytest.mark.parametrize(
    ("typed", "party", "state"),
    [
        ("T/M BAN THƯỜNG VỤ", "T/M BAN THƯỜNG VỤ", "TM. BAN THƯỜNG VỤ"),
        ("TM. Ủy ban nhân dân", "T/M Ủy ban nhân dân", "TM. Ủy ban nhân dân"),
        ("K/T Chánh Văn phòng", "K/T Chánh Văn phòng", "KT. Chánh Văn phòng"),
        ("kt chủ tịch", "K/T chủ tịch", "KT. chủ tịch"),
        ("TL. Ban Thường vụ", "T/L Ban Thường vụ", "TL. Ban Thường vụ"),
        ("TMĐ", "TMĐ", "TMĐ"),
        ("Chánh Văn phòng", "Chánh Văn phòng", "Chánh Văn phòng"),
    ],
)
def test_who_signs_for_whom_is_written_as_the_profile_writes_it(typed, party, state):
    assert (docx.signed_for(HD36, typed), docx.signed_for(ND30, typed)) == (party, state)


@pytest.mark.parametrize(
    ("form", "proposal", "words"),
    [
        (HD36, False, "Kính gửi: Tỉnh ủy"),
        (HD36, True, "Kính gửi: Tỉnh ủy"),
        (HD05, False, "Kính gửi: Tỉnh ủy"),
        (HD05, True, "Kính trình: Tỉnh ủy"),
        (ND30, True, "Kính gửi: Tỉnh ủy"),
    ],
)
def test_a_proposal_is_presented_since_the_newer_guidance(form, proposal, words):
    paper = docx.Document()

    docx.addressed(paper, form, ["Tỉnh ủy"], proposal=proposal)

    assert paper.paragraphs[-1].text == words


def test_what_a_word_file_cannot_hold_falls_away_in_lines_and_tables():
    paper = docx.Document()

    docx.body(paper, HD36, "Kết\x0b quả <A & B>\x00")
    docx.grid(paper, HD36, ["A"], [["x\ufffe & <y>\nz"], ["\ud800q"]], [20])

    assert paper.paragraphs[-1].text == "Kết quả <A & B>"
    assert [row.cells[0].text for row in paper.tables[0].rows] == ["A", "x & <y>\nz", "q"]


def test_a_row_of_another_length_than_the_head_is_no_table():
    with pytest.raises(ValueError, match="zip"):
        docx.grid(docx.Document(), HD36, ["A", "B", "C"], [["1", "2"]], [20, 20, 20])
