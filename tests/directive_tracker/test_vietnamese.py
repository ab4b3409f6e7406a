"""The Vietnamese layer: folding, sorting, dates and numbers."""

import random
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directive_tracker.vietnamese import (
    fold,
    name_key,
    nfc,
    parse_vn_date,
    sort_key,
    vn_date,
    vn_datetime,
    vn_number,
    vn_weekday,
)

# The order of a Vietnamese dictionary and of ICU's "vi" collation: letters first, then tones.
ORDERED = (
    (
        "A; À; Ả; Ã; Á; Ạ; An; Án; Ạn; An Bình; Án Bình; Anh; Ánh; Ă; Ằ; Ẳ; Ẵ; Ắ; Ặ; Ăn; Â; Ầ; Ẩ; Ẫ; Ấ; Ậ; Ân; Ấn;"
        "Ba; Bà; Bá; Bạ; Chi; Cừ; Cử; Cữ; Cứ; Cự; Da; Dũng; Dung Quất; Đa; Đà; Đá; Đạt; Đăk Glei; Đăk Tô; Đức; E; È; Ẻ; Ẽ; É; Ẹ; Em; Ê;"
        "Ề; Ể; Ễ; Ế; Ệ; Hoa; Hòa; Hoả; Hóa; I; Ì; Ỉ; Ĩ; Í; Ị; Lan; Mùi; Mủi; Mũi; Múi; Nga; Ngà; Ngã; Ngọc; O; Ò; Ỏ; Õ; Ó; Ọ;"
        "Oanh; Ô; Ồ; Ổ; Ỗ; Ố; Ộ; Ơ; Ờ; Ở; Ỡ; Ớ; Ợ; Sơn; Tâm; U; Ù; Ủ; Ũ; Ú; Ụ; Ư; Ừ; Ử; Ữ; Ứ; Ự; Vân; Xã; Y; Ỳ; Ỷ; Ỹ; Ý; Ỵ"
    )
    .replace(" ;", ";")
    .split(";")
)
ORDERED = [word.strip() for word in ORDERED]
TEXTS = st.text(alphabet="aăâáàảãạđĐĂẮeêếIíoôốơớuưứyýỳ AnNhHgxz.-( 0129", max_size=24)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ĐIỆN BIÊN", "dien bien"),
        ("Điện  Biên ", "dien bien"),
        (unicodedata.normalize("NFD", "Điện Biên"), "dien bien"),
        ("dien bien", "dien bien"),
        ("Hoà", "hoa"),
        ("Hòa", "hoa"),
        ("Đắk Glei", "dak glei"),
        ("Ðăk Hà", "dak ha"),  # with the Icelandic letter that TCVN3 converters leave
        ("Ƀok Đĕt", "bok det"),
        ("Nguyễn\u00a0Thị\u200b Bưởi", "nguyen thi buoi"),
        ("", ""),
    ],
)
def test_search_ignores_marks_case_spaces_and_the_form_of_unicode(written, folded):
    assert fold(written) == folded


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_and_both_unicode_forms_fold_alike(text):
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


def test_text_is_stored_in_composed_form():
    assert nfc(unicodedata.normalize("NFD", "Đảng ủy xã")) == "Đảng ủy xã"


def test_words_with_every_tone_sort_in_dictionary_order():
    shuffled = random.Random(7).sample(ORDERED, len(ORDERED))

    assert sorted(shuffled, key=sort_key) == ORDERED


def test_an_end_of_word_comes_before_a_longer_text():
    assert sorted(["An Bình", "Án", "An", "Anh"], key=sort_key) == ["An", "Án", "An Bình", "Anh"]


def test_both_ways_of_placing_a_tone_are_one_place_in_the_order():
    assert sort_key("Hoà Thuý") == sort_key("Hòa Thúy")
    assert sorted(["Hoá", "Hỏa", "Hoà", "Hoa"], key=sort_key) == ["Hoa", "Hoà", "Hỏa", "Hoá"]


def test_foreign_letters_and_signs_have_a_place_too():
    assert sorted(["Zorro", "Żubr", "Nuñez", "Nun", "日本", "-", "7", "Ñ"], key=sort_key) == [
        "-",
        "7",
        "Ñ",
        "Nun",
        "Nuñez",
        "Zorro",
        "Żubr",
        "日本",
    ]


def test_numbers_in_names_sort_by_their_value():
    names = ["Thôn 10", "Thôn 2", "Thôn 1", "Thôn 02A", "Thôn 100", "Thôn Đông"]

    assert sorted(names, key=sort_key) == ["Thôn 1", "Thôn 2", "Thôn 02A", "Thôn 10", "Thôn 100", "Thôn Đông"]


@given(TEXTS | st.text(max_size=24))
def test_a_sort_key_has_digits_only_and_a_known_length(text):
    key = sort_key(text)

    assert set(key) <= set("0123456789")
    assert len(key) <= 3 * len(unicodedata.normalize("NFD", text.casefold())) + 3


@given(TEXTS)
def test_case_and_the_form_of_unicode_do_not_change_the_order(text):
    assert sort_key(unicodedata.normalize("NFD", text.upper())) == sort_key(text.lower())


def test_people_sort_by_given_name_first_and_all_of_one_name_stand_together():
    people = ["Lê Thị Hòa", "Trần Văn Hoa", "Nguyễn Thị An", "Lê Thị Hoa", "Y Blô", "A Pót", "Đinh Thị Ánh"]

    assert sorted(people, key=name_key) == [
        "Nguyễn Thị An",
        "Đinh Thị Ánh",
        "Y Blô",
        "Lê Thị Hoa",
        "Trần Văn Hoa",
        "Lê Thị Hòa",
        "A Pót",
    ]


def test_a_name_in_brackets_is_not_the_given_name():
    people = ["Trần Văn Ba (Yên)", "Trần Văn Bốn", "Trần Văn Ba"]

    assert sorted(people, key=name_key) == ["Trần Văn Ba", "Trần Văn Ba (Yên)", "Trần Văn Bốn"]
    assert name_key("") == name_key("  ")


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2024, 5, 7), "07/5/2024"),
        (date(2024, 2, 1), "01/02/2024"),
        (date(2024, 1, 31), "31/01/2024"),
        (date(2024, 3, 9), "09/3/2024"),
        (date(2024, 10, 10), "10/10/2024"),
        (datetime(2024, 5, 6, 18, 0, tzinfo=UTC), "07/5/2024"),
        (None, ""),
    ],
)
def test_dates_are_written_as_party_documents_write_them(day, written):
    assert vn_date(day) == written


def test_moments_are_shown_in_the_time_of_viet_nam():
    assert vn_datetime(datetime(2024, 5, 7, 1, 30, tzinfo=UTC)) == "08:30 07/5/2024"
    assert vn_datetime(None) == ""


def test_weekdays_have_their_vietnamese_names():
    assert vn_weekday(date(2024, 5, 6)) == "Thứ Hai"
    assert vn_weekday(date(2024, 5, 7)) == "Thứ Ba"
    assert vn_weekday(date(2024, 5, 12)) == "Chủ nhật"
    assert vn_weekday(None) == ""


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (1234567, "1.234.567"),
        (999, "999"),
        (0, "0"),
        (-12345, "-12.345"),
        (1234.5, "1.234,5"),
        (Decimal("1234567.50"), "1.234.567,50"),
        (None, ""),
    ],
)
def test_numbers_have_points_between_thousands_and_a_decimal_comma(number, written):
    assert vn_number(number) == written


@pytest.mark.parametrize("value", [float("nan"), float("inf"), True, "12"])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="not a number"):
        vn_number(value)


@pytest.mark.parametrize(
    "text",
    [
        "07/05/2024",
        "7/5/2024",
        "07/5/24",
        "7-5-2024",
        "07.05.2024",
        " 07 / 5 / 2024 ",
        "2024-05-07",
        "ngày 07 tháng 5 năm 2024",
        "Ngày 7 tháng 05 năm 2024",
        "NGÀY 07 THÁNG 5, NĂM 2024",
    ],
)
def test_the_day_comes_before_the_month(text):
    assert parse_vn_date(text) == date(2024, 5, 7)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("mai", "“mai” không phải là ngày. Hãy viết ngày/tháng/năm, ví dụ 07/5/2024."),
        ("", "“” không phải là ngày. Hãy viết ngày/tháng/năm, ví dụ 07/5/2024."),
        ("31/4/2024", "Không có ngày “31/4/2024” trong lịch."),
        ("05/15/2024", "Không có ngày “05/15/2024” trong lịch."),
        ("07/5/9999", "Năm 9999 nằm ngoài khoảng 1800–2199."),
    ],
)
def test_a_wrong_date_is_explained_in_vietnamese(text, sentence):
    with pytest.raises(ValueError) as refusal:
        parse_vn_date(text)

    assert str(refusal.value) == sentence


@given(st.dates(min_value=date(1800, 1, 1), max_value=date(2199, 12, 31)))
def test_every_written_date_can_be_read_again(day):
    assert parse_vn_date(vn_date(day)) == day
