"""The agreed rules for lists of persons, sentence by sentence: what is written → what is read."""

import io
from datetime import date
from typing import Any

import pytest

from tests.veterans.lists.books import csv, outcomes, read, rows_of, tables_of, xlsx
from tests.veterans.lists.made import old_letters, writers
from tests.veterans.lists.made.grid import Failed, Formula, Page
from veterans.lists.reading import RowRead, SheetRead
from veterans.lists.rows import Person

HEADING = ["Họ và tên", "Năm sinh", "Xã", "Đối tượng"]
RIGHT = {"Họ và tên": "A Thử", "Năm sinh": 1931, "Xã": "Đăk Pxi", "Đối tượng": "TNXP"}


def row_of(_title: str = "DANH SÁCH", **cells: Any) -> RowRead:
    """One row under a title, read; what is not said is right. Arguments: heading → value, "_" for a blank in a heading."""
    whole = RIGHT | {heading.replace("_", " "): value for heading, value in cells.items()}
    page = Page("Trang 1", {(1, 1): _title})
    for column, (heading, value) in enumerate(whole.items(), 1):
        if value is not MISSING:
            page.cells[2, column], page.cells[3, column] = heading, value
    return rows_of(io.BytesIO(writers.xlsx([page])))[3]


class _Missing:
    """A column that is not there."""


MISSING = _Missing()


def person_of(_title: str = "DANH SÁCH", **cells: Any) -> Person:
    """The person of a row that is right."""
    row = row_of(_title, **cells)
    assert row.person is not None, row.sentences()
    return row.person


def codes_of(_title: str = "DANH SÁCH", **cells: Any) -> list[str]:
    """The codes of a row's errors."""
    return sorted(one.code for one in row_of(_title, **cells).errors)


# --- text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  A \xa0 Thử ", "A Thử"), ("A\u200b Thử\ufeff", "A Thử"), ("Nguye\u0302\u0303n Thử", "Nguyễn Thử"),
        ("HOÀ THỬ", "Hoà Thử"), ("Hòa Thử", "Hòa Thử"), ("nguyen van thu", "Nguyen Van Thu"), ("Ly Thử", "Ly Thử"),
        ("Ông A Thử", "A Thử"), ("bà: Y Thử", "Y Thử"), ("Cụ ông A Thử", "A Thử"), ("CỤ BÀ Y Thử", "Y Thử"),
        ("Cụ Thử Văn", "Thử Văn"), ("Ô. A Thử", "A Thử"), ("B.Y Thử", "Y Thử"), ("Đ/c A Thử", "A Thử"),
        ("Đồng chí: A Thử", "A Thử"), ("A Thử (tức Tư)", "A Thử"), ("SIU H'BYUH", "Siu H'Byuh"), ("a rơnh", "A Rơnh"),
        ("rơ-châm h’thử", "Rơ-Châm H’Thử"), ("Bà Huyện Thanh", "Huyện Thanh"), ("B Thử", "B Thử"),
    ],
)  # fmt: skip
def test_a_name_is_cleaned(typed: str, name: str) -> None:
    assert person_of(**{"Họ_và_tên": typed}).full_name == name


def test_what_stands_in_brackets_behind_a_name_is_kept_as_a_note() -> None:
    assert person_of(**{"Họ_và_tên": "A Thử (tức Tư)"}).notes == "tức Tư"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (None, "name_missing"), ("-", "name_missing"), ("…", "name_missing"), ("?", "name_missing"), ("...", "name_missing"),
        ("***", "name_invalid"), ("123", "name_invalid"), ("A Thử 2", "name_invalid"), (5, "name_invalid"), ("=", "name_invalid"),
        ("Ngu?n V?n Th?", "name_garbled"), ("Ngu\ufffdn Thử", "name_garbled"), ("=A Thử", "formula_text"),
        ("@A", "formula_text"), ("+A", "formula_text"), ("-A", "formula_text"), (Failed("#N/A"), "cell_error"),
        (Formula(None), "formula_no_value"),
    ],
)  # fmt: skip
def test_a_name_that_cannot_be_one(typed: object, code: str) -> None:
    assert codes_of(**{"Họ_và_tên": typed}) == [code]


def test_a_stored_value_of_a_formula_is_read_and_nothing_is_computed() -> None:
    assert person_of(**{"Họ_và_tên": Formula("A Thử"), "Năm_sinh": Formula(1932)}).birth_year == 1932


# --- birth ----------------------------------------------------------------------------------------

Y32 = (1932, None, False)
D32 = (1932, date(1932, 3, 5), False)
E32 = (1932, None, True)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (1932, Y32), ("1932", Y32), ("05/03/1932", D32), ("5/3/1932", D32), ("05-03-1932", D32), ("05.03.1932", D32),
        ("ngày 5 tháng 3 năm 1932", D32), ("5/1932", Y32), ("05/1932", Y32), (32, Y32), ("32", Y32), ("05/03/32", D32),
        (date(1932, 3, 5), D32), (date(1905, 4, 15), Y32), (11689, (1932, date(1932, 1, 1), False)),
        ("11689", (1932, date(1932, 1, 1), False)), (5480, (1915, date(1915, 1, 1), False)), ("1932?", E32), ("1932 (?)", E32),
        ("khoảng 1932", E32), ("khoảng năm 1932", E32), ("~1932", E32), ("k. 1932", E32), ("ước 1932", E32), ("độ 1932", E32),
        ("1932-1933", E32), ("1932/1933", E32), ("1932 – 1933", E32), (1905, (1905, None, False)), (1942, (1942, None, False)),
        ("Khoảng 1932?", E32),
    ],
)  # fmt: skip
def test_a_birth_in_every_writing(typed: object, meant: tuple[int, date | None, bool]) -> None:
    person = person_of(**{"Năm_sinh": typed})

    assert (person.birth_year, person.birth_date, person.birth_is_estimated) == meant


@pytest.mark.parametrize("typed", [None, "không rõ", "không nhớ", "?", "-", "Không rõ"])
def test_an_unknown_birth_is_a_warning(typed: object) -> None:
    row = row_of(**{"Năm_sinh": typed})

    assert row.person is not None
    assert (row.person.birth_year, row.person.birth_is_estimated) == (None, None)
    assert [one.code for one in row.warnings] == ["birth_missing"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("19x4", "birth_unreadable"), ("193?", "birth_unreadable"), ("94 tuổi", "birth_unreadable"), ("Giáp Tuất", "birth_unreadable"),
        ("31/02/1930", "birth_impossible_date"), ("15/13/1932", "birth_impossible_date"), ("00/00/1931", "birth_impossible_date"),
        (1904, "birth_out_of_range"), (1943, "birth_out_of_range"), ("05/03/1950", "birth_out_of_range"),
        (16437, "birth_out_of_range"), (date(2023, 1, 5), "birth_out_of_range"), (Failed("#VALUE!"), "cell_error"),
        (Formula(None), "formula_no_value"),
    ],
)  # fmt: skip
def test_a_birth_that_cannot_be_one(typed: object, code: str) -> None:
    assert codes_of(**{"Năm_sinh": typed}) == [code]


@pytest.mark.parametrize(
    ("male", "female", "meant"),
    [
        (1931, None, ("male", 1931, None)), (None, "05/03/1932", ("female", 1932, date(1932, 3, 5))),
        ("-", 1933, ("female", 1933, None)), (None, None, (None, None, None)),
    ],
)  # fmt: skip
def test_the_side_that_is_filled_tells_the_sex(male: object, female: object, meant: tuple) -> None:
    person = person_of(**{"Năm_sinh": MISSING, "Năm_sinh_nam": male, "Năm_sinh_nữ": female})

    assert (person.sex, person.birth_year, person.birth_date) == meant


def test_both_sides_filled_contradict_each_other() -> None:
    assert codes_of(**{"Năm_sinh": MISSING, "Năm_sinh_nam": 1931, "Năm_sinh_nữ": 1932}) == ["birth_conflict"]


@pytest.mark.parametrize(
    ("parts", "meant"),
    [
        ((5, 3, 1932), D32),
        ((None, 3, 1932), Y32),
        ((5, None, 1932), Y32),
        (("05", "03", "32"), D32),
        (("?", "?", "1932"), Y32),
    ],
)
def test_three_columns_for_one_date(parts: tuple, meant: tuple) -> None:
    rows = [
        ["DANH SÁCH"],
        ["Họ và tên", "Ngày tháng năm sinh", None, None, "Xã", "Đối tượng"],
        [None, "Ngày", "Tháng", "Năm"],
        ["A Thử", *parts, "Đăk Pxi", "DC"],
    ]

    person = rows_of(xlsx(rows, merged=["A2:A3", "B2:D2", "E2:E3", "F2:F3"]))[4].person

    assert person is not None
    assert (person.birth_year, person.birth_date, person.birth_is_estimated) == meant


# --- sex, ethnicity, category ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "typed", "sex"),
    [
        ("Giới tính", "Nam", "male"), ("Giới tính", "nữ", "female"), ("Giới tính", "Ông", "male"), ("Nam/Nữ", "Bà", "female"),
        ("Giới tính (1: nam, 0: nữ)", 1, "male"), ("Giới tính (nam: 0, nữ: 1)", 1, "female"), ("Giới tính", 1, None),
        ("Giới tính", None, None),
    ],
)  # fmt: skip
def test_the_sex_of_a_column(heading: str, typed: object, sex: str | None) -> None:
    assert person_of(**{heading.replace(" ", "_"): typed}).sex == sex


@pytest.mark.parametrize(
    ("typed", "sex"),
    [
        ("Ông A Thử", "male"),
        ("B. Y Thử", "female"),
        ("Cụ bà Y Thử", "female"),
        ("Cụ A Thử", None),
        ("Y Thử", None),
        ("Nguyễn Thị Thử", None),
    ],
)
def test_an_honorific_tells_the_sex_and_a_name_never(typed: str, sex: str | None) -> None:
    assert person_of(**{"Họ_và_tên": typed, "CCCD": "062131000123"}).sex == sex


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Kinh", "Kinh"), ("Việt", "Kinh"), ("Xê Đăng", "Xơ Đăng"), ("Xơ-đăng", "Xơ Đăng"), ("Sedang", "Xơ Đăng"), ("XĐăng", "Xơ Đăng"),
        ("Bana", "Ba Na"), ("Ba-na", "Ba Na"), ("Bahnar", "Ba Na"), ("Gié Triêng", "Giẻ Triêng"), ("Giẻ-Triêng", "Giẻ Triêng"),
        ("Gié-Triêng", "Giẻ Triêng"), ("Jarai", "Gia Rai"), ("Jrai", "Gia Rai"), ("J'rai", "Gia Rai"), ("Gia-rai", "Gia Rai"),
        ("brâu", "Brâu"), ("Rơ măm", "Rơ Măm"), ("TÀY", "Tày"), ("Nùng", "Nùng"), ("Thái", "Thái"), ("Mường", "Mường"), ("Hre", "Hrê"),
        (None, None),
    ],
)  # fmt: skip
def test_an_ethnic_group_in_every_spelling(typed: object, meant: str | None) -> None:
    assert person_of(**{"Dân_tộc": typed}).ethnicity == meant


CATEGORIES = {
    "dien_bien_soldier": "CCB|cựu chiến binh|Bộ đội|bộ đội chủ lực|BD|CSĐB|CSDB|chiến sĩ Điện Biên",
    "youth_volunteer": "TNXP|C.TNXP|cựu TNXP|Thanh niên xung phong",
    "frontline_labourer": "DCHT|DC|dân công|dân công hỏa tuyến|Dân công hoả tuyến|DC hỏa tuyến",
    "other": "khác|Người có công|thân nhân liệt sĩ",
}


@pytest.mark.parametrize(
    ("typed", "meant"), [(one, meant) for meant, words in CATEGORIES.items() for one in words.split("|")]
)
def test_a_category_in_every_wording(typed: str, meant: str) -> None:
    assert person_of(**{"Đối_tượng": typed}).category == meant


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (None, "category_missing"),
        ("phục vụ", "category_unknown"),
        (Failed("#REF!"), "cell_error"),
        (Formula(None), "formula_no_value"),
    ],
)
def test_a_category_that_cannot_be_one(typed: object, code: str) -> None:
    assert codes_of(**{"Đối_tượng": typed}) == [code]


@pytest.mark.parametrize(
    ("ticks", "meant"),
    [
        ({"CCB": "x"}, "dien_bien_soldier"),
        ({"TNXP": "X"}, "youth_volunteer"),
        ({"DCHT": "+"}, "frontline_labourer"),
        ({"Khác": "v"}, "other"),
    ],
)
def test_the_one_tick_that_is_set(ticks: dict[str, str], meant: str) -> None:
    columns = {"CCB": None, "TNXP": None, "DCHT": None, "Khác": None} | ticks

    assert person_of(**{"Đối_tượng": MISSING, **columns}).category == meant


@pytest.mark.parametrize(
    ("ticks", "code"), [({}, "category_missing"), ({"CCB": "x", "TNXP": "x"}, "category_conflict")]
)
def test_no_tick_and_two_ticks(ticks: dict[str, str], code: str) -> None:
    columns = {"CCB": None, "TNXP": None, "DCHT": None} | ticks

    assert codes_of(**{"Đối_tượng": MISSING, **columns}) == [code]


@pytest.mark.parametrize(
    ("title", "meant"),
    [
        ("DANH SÁCH HỘI VIÊN CỰU THANH NIÊN XUNG PHONG", "youth_volunteer"),
        ("Danh sách chiến sỹ Điện Biên", "dien_bien_soldier"),
        ("DANH SÁCH CCB", "dien_bien_soldier"),
        ("DANH SÁCH DÂN CÔNG HỎA TUYẾN", "frontline_labourer"),
    ],
)
def test_a_title_that_names_one_category_decides(title: str, meant: str) -> None:
    assert person_of(title, **{"Đối_tượng": MISSING}).category == meant


def test_a_title_that_names_two_categories_does_not_decide() -> None:
    assert codes_of("DANH SÁCH CCB, TNXP", **{"Đối_tượng": MISSING}) == ["category_missing"]


# --- living, numbers ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "typed", "meant"),
    [
        ("Tình trạng", "còn sống", (True, None)), ("Tình trạng", "Sống", (True, None)), ("Tình trạng", "còn", (True, None)),
        ("Còn sống", "x", (True, None)), ("Còn sống", None, (None, None)), ("Tình trạng", "đã mất", (False, None)),
        ("Tình trạng", "mất", (False, None)), ("Tình trạng", "từ trần", (False, None)), ("Tình trạng", "đã từ trần", (False, None)),
        ("Tình trạng", "chết", (False, None)), ("Tình trạng", "hy sinh", (False, None)), ("Tình trạng", "đã mất 2019", (False, 2019)),
        ("Tình trạng", "mất năm 2019", (False, 2019)), ("Tình trạng", "từ trần 2019", (False, 2019)),
        ("Tình trạng", "mất 12/3/2019", (False, 2019)), ("Năm mất", 2019, (False, 2019)), ("Năm mất", "2019", (False, 2019)),
        ("Năm mất", date(2019, 3, 12), (False, 2019)), ("Tình trạng", None, (None, None)),
    ],
)  # fmt: skip
def test_whether_a_person_lives(heading: str, typed: object, meant: tuple) -> None:
    person = person_of(**{heading.replace(" ", "_"): typed})

    assert (person.living, person.death_year) == meant


@pytest.mark.parametrize("typed", [1953, 1930, 2027, "đã mất 2090"])
def test_an_impossible_year_of_death(typed: object) -> None:
    assert codes_of(**{"Năm_mất": typed}) == ["death_year_impossible"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("231234567", "231234567"), (62031000123, "062031000123"), ("062 031 000 123", "062031000123"), ("062.031.000.123", "062031000123"),
        ("'231234567", "231234567"), (12345678, "012345678"), ("6203100012", "006203100012"), (None, None),
    ],
)  # fmt: skip
def test_the_number_of_a_paper(typed: object, meant: str | None) -> None:
    assert person_of(**{"Số_CCCD": typed}).id_number == meant


@pytest.mark.parametrize("typed", ["1234567", "0620310001234", "06203100012A", 1234])
def test_an_invalid_number_of_a_paper(typed: object) -> None:
    assert codes_of(**{"Số_CCCD": typed}) == ["id_invalid"]


@pytest.mark.parametrize(
    ("typed", "meant", "warnings"),
    [
        ("0951234567", "0951234567", []), (951234567, "0951234567", []), ("+84951234567", "0951234567", []), ("84951234567", "0951234567", []),
        ("+84 951 234 567", "0951234567", []), ("(0260) 0123456", "02600123456", []), ("0951.234.567", "0951234567", []),
        ("0951-234-567", "0951234567", []), ("951234567", "0951234567", []), ("12345", None, ["phone_invalid"]),
        ("095123456789", None, ["phone_invalid"]), (Failed("#N/A"), None, ["cell_error"]), (None, None, []),
    ],
)  # fmt: skip
def test_a_telephone_number(typed: object, meant: str | None, warnings: list[str]) -> None:
    row = row_of(**{"Điện_thoại": typed})

    assert row.person is not None
    assert (row.person.phone, [one.code for one in row.warnings]) == (meant, warnings)


# --- place ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Xã Đăk Pxi", ("Xã Đăk Pxi", "Huyện Đăk Hà")), ("dak pxi", ("Xã Đăk Pxi", "Huyện Đăk Hà")), ("X. Đắk Pxi", ("Xã Đăk Pxi", "Huyện Đăk Hà")),
        ("X.ĐăkPxi", ("Xã Đăk Pxi", "Huyện Đăk Hà")), ("ĐĂK-PXI", ("Xã Đăk Pxi", "Huyện Đăk Hà")), ("P. Duy Tân", ("Phường Duy Tân", "Thành phố Kon Tum")),
        ("xã Đăk Hà", ("Xã Đăk Hà", "Huyện Tu Mơ Rông")), ("TT. Đăk Hà", ("Thị trấn Đăk Hà", "Huyện Đăk Hà")),
        ("thị trấn Đăk Hà", ("Thị trấn Đăk Hà", "Huyện Đăk Hà")), ("Đắc Cấm", ("Xã Đăk Cấm", "Thành phố Kon Tum")),
    ],
)  # fmt: skip
def test_a_commune_in_every_spelling(typed: str, meant: tuple[str, str]) -> None:
    person = person_of(Xã=typed)

    assert (person.commune, person.district) == meant


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (None, "commune_missing"), ("xã Tân Lộc Phú", "commune_unknown"), ("Đăk Pxii", "commune_unknown"), ("xã Đăk Long", "commune_ambiguous"),
        ("Đăk Hà", "commune_ambiguous"), ("phường Đăk Hà", "commune_unknown"), (Failed("#N/A"), "cell_error"), (Formula(None), "formula_no_value"),
    ],
)  # fmt: skip
def test_a_commune_that_cannot_be_told(typed: object, code: str) -> None:
    assert codes_of(Xã=typed) == [code]


@pytest.mark.parametrize(
    ("title", "cells", "district"),
    [
        ("DANH SÁCH", {"Huyện": "Đăk Glei"}, "Huyện Đắk Glei"), ("DANH SÁCH HUYỆN ĐĂK HÀ", {}, "Huyện Đăk Hà"),
        ("DANH SÁCH HUYỆN ĐĂK HÀ", {"Huyện": "H. Đăk Glei"}, "Huyện Đắk Glei"),
    ],
)  # fmt: skip
def test_a_district_settles_a_commune_of_two_districts(title: str, cells: dict[str, str], district: str) -> None:
    person = person_of(title, **{"Xã": "xã Đăk Long", **cells})

    assert (person.commune, person.district) == ("Xã Đăk Long", district)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Thôn 3, xã Đăk Pxi, huyện Đăk Hà", ("Xã Đăk Pxi", "Huyện Đăk Hà", "Thôn 3")), ("12 Lê Lợi - P. Duy Tân - TP Kon Tum", ("Phường Duy Tân", "Thành phố Kon Tum", "12 Lê Lợi")),
        ("Tổ 2, đường Lê Lợi, Phường Duy Tân", ("Phường Duy Tân", "Thành phố Kon Tum", "Tổ 2, đường Lê Lợi")), ("xã Đăk Pxi", ("Xã Đăk Pxi", "Huyện Đăk Hà", None)),
        ("Làng Kon Tuh, Đăk Pxi, Đăk Hà", ("Xã Đăk Pxi", "Huyện Đăk Hà", "Làng Kon Tuh")), ("xã Đăk Long, huyện Đăk Glei", ("Xã Đăk Long", "Huyện Đắk Glei", None)),
        ("Thôn 1, xã Đăk Mar, tỉnh Quảng Ngãi", ("Xã Đăk Mar", None, "Thôn 1")),
        ("Thôn 1, xã Đăk Mar, huyện Đăk Hà, tỉnh Kon Tum", ("Xã Đăk Mar", "Huyện Đăk Hà", "Thôn 1")),
    ],
)  # fmt: skip
def test_an_address_names_the_commune_and_what_stands_before_it_is_left(typed: str, meant: tuple) -> None:
    person = person_of(**{"Xã": MISSING, "Địa_chỉ": typed})

    assert (person.commune, person.district, person.address) == meant


def test_an_address_that_names_an_unknown_commune_is_not_helped_by_the_title() -> None:
    assert codes_of("DANH SÁCH XÃ ĐĂK PXI", **{"Xã": MISSING, "Địa_chỉ": "Thôn 1, xã Tân Lộc Phú"}) == [
        "commune_unknown"
    ]


def test_a_title_of_the_new_province_means_the_communes_since_then() -> None:
    person = person_of("DANH SÁCH XÃ ĐĂK MAR, TỈNH QUẢNG NGÃI", **{"Xã": MISSING, "Thôn": "Thôn 5"})

    assert (person.commune, person.district, person.address) == ("Xã Đăk Mar", None, "Thôn 5")


def test_a_commune_column_decides_alone_and_a_village_named_like_a_commune_stays() -> None:
    person = person_of(**{"Xã": "Đăk Pxi", "Địa_chỉ": "Đăk Kôi"})

    assert (person.commune, person.address) == ("Xã Đăk Pxi", "Đăk Kôi")


def test_several_columns_of_an_address_are_joined_in_their_order() -> None:
    assert person_of(**{"Số_nhà": "12", "Thôn": "Thôn 3"}).address == "12, Thôn 3"


def test_the_section_goes_before_the_sheet_and_the_sheet_before_the_title() -> None:
    head = ["TT", "Họ và tên", "Năm sinh", "Đối tượng"]
    with_section = [["XÃ ĐĂK MAR"], head, ["I. Xã Đăk Pxi"], [1, "A Thử", 1931, "DC"]]
    without = [["XÃ ĐĂK MAR"], head, [1, "B Thử", 1932, "DC"]]

    events = read(xlsx(with_section, without, without, names=["Xã Đăk Hring", "P. Duy Tân", "Tổng hợp"]))

    found = [event.person.commune for event in events if isinstance(event, RowRead) and event.person]
    assert found == ["Xã Đăk Pxi", "Phường Duy Tân", "Xã Đăk Mar"]


# --- rows -----------------------------------------------------------------------------------------

LIST = [
    ["ỦY BAN MTTQ XÃ ĐĂK PXI"],
    ["DANH SÁCH"],
    ["TT", "Họ và tên", "Năm sinh", "Đối tượng", "Ghi chú"],
    ["(1)", "(2)", "(3)", "(4)", "(5)"],
    ["A. NGƯỜI CÒN SỐNG"],
    [1, "A Thử", 1931, "DC"],
    [2],
    [None, "Cộng: 1 người"],
    ["II/ XÃ ĐĂK HRING: 2 người"],
    [3, "B Thử", 1932, "DC"],
    [4, None, 1932],
    [5, None, None, "DC"],
    ["B. NGƯỜI ĐÃ TỪ TRẦN"],
    ["TT", "Họ và tên", "Năm sinh", "Đối tượng", "Ghi chú"],
    [6, "C Thử", 1933, "DC"],
    ["Ghi chú: số liệu đến tháng 3"],
    ["Danh sách này có 5 người"],
    [None, None, None, "Đăk Pxi, ngày 5 tháng 3 năm 2024"],
    [None, "Người lập", None, "Chủ tịch"],
    [None, "Trịnh Thử", None, "Mai Thử"],
]


def test_which_rows_are_people() -> None:
    assert outcomes(rows_of(xlsx(LIST))) == {
        1: "title", 2: "title", 4: "column_numbers", 5: "section", 6: "ok", 7: "number_only", 8: "total", 9: "section", 10: "ok",
        11: "category_missing name_missing", 12: "name_missing", 13: "section", 14: "heading_again", 15: "ok", 16: "note",
        17: "total", 18: "signature", 19: "signature", 20: "signature",
    }  # fmt: skip


@pytest.mark.parametrize(
    "row", [["Thôn Kon Tuh"], [None, "LÀNG KON TUH: 3 người"], ["1", "Thôn 5"], ["I", "Tổ dân phố 2"], [None, "Thon 5"]]
)
def test_a_hamlet_alone_is_a_section(row: list) -> None:
    rows = [["TT", "Họ và tên", "Năm sinh", "Xã", "Đối tượng"], row, [1, "Lang Văn Thử", 1931, "Đăk Pxi", "DC"]]

    assert outcomes(rows_of(xlsx(rows))) == {2: "section", 3: "ok"}


@pytest.mark.parametrize(
    "line",
    ["Đăk Hà, tháng 3 năm 2024", "Ngày 5 tháng 3 năm 2024", "Đăk Hà, ngày … tháng … năm 2024", "Đăk Hà, ngày 5/3/2024"],
)
def test_nobody_is_a_person_after_the_place_and_date(line: str) -> None:
    rows = [HEADING, ["A Thử", 1931, "Đăk Pxi", "DC"], [None, None, line], ["Trịnh Thử"]]

    assert outcomes(rows_of(xlsx(rows))) == {2: "ok", 3: "signature", 4: "signature"}


def test_a_section_may_bring_its_count_and_a_sheet_may_be_a_copy() -> None:
    rows = [
        ["DANH SÁCH TNXP"],
        ["TT", "Họ và tên", "Năm sinh", "Dân tộc"],
        ["I", "Xã Đăk Mar", 2],
        [1, "A Thử", 1931, "Kinh"],
    ]
    copied = [rows[0], rows[1], [1, "B Thử", 1931, "Kinh"]]

    events = read(xlsx(rows, copied, names=["Tổng hợp", "X.Dak Pxi (2)"]))

    assert [(one.number, one.skip) for one in events if isinstance(one, RowRead) and one.skip] == [
        (1, "title"),
        (3, "section"),
        (1, "title"),
    ]
    assert [one.person.commune for one in events if isinstance(one, RowRead) and one.person] == [
        "Xã Đăk Mar",
        "Xã Đăk Pxi",
    ]


def test_sections_decide_about_place_and_living() -> None:
    rows = rows_of(xlsx(LIST))

    found = {number: (row.person.commune, row.person.living) for number, row in rows.items() if row.person}
    assert found == {6: ("Xã Đăk Pxi", True), 10: ("Xã Đăk Hring", True), 15: ("Xã Đăk Pxi", False)}


def test_hidden_rows_and_sheets_are_read_and_a_merged_value_holds_for_all_its_rows() -> None:
    rows = [[*HEADING], ["A Thử", 1931, "Đăk Pxi", "DC"], ["B Thử", 1932], ["C Thử", 1933]]

    events = read(xlsx(rows, rows, hidden=[3], hidden_sheets=[1], merged=["C2:C4", "D2:D4"]))

    found = [event for event in events if isinstance(event, RowRead) and event.sheet == "Trang1"]
    assert [(row.person.commune, row.person.category) for row in found if row.person] == [
        ("Xã Đăk Pxi", "frontline_labourer")
    ] * 3
    assert [[one.code for one in row.warnings] for row in found] == [[], ["hidden"], []]
    assert [event.hidden for event in events if isinstance(event, SheetRead)] == [False, True]


@pytest.mark.parametrize("mark", ["nt", "-nt-", '"', "như trên", "NT", "Như trên"])
def test_a_repeat_mark_means_the_value_above(mark: str) -> None:
    rows = [[*HEADING], ["A Thử", 1931, "Đăk Pxi", "DC"], ["B Thử", 1932, mark, mark], ["C Thử", 1933, mark, "TNXP"]]

    found = rows_of(xlsx(rows))

    assert [(row.person.commune, row.person.category) for row in found.values() if row.person] == [
        ("Xã Đăk Pxi", "frontline_labourer"), ("Xã Đăk Pxi", "frontline_labourer"), ("Xã Đăk Pxi", "youth_volunteer"),
    ]  # fmt: skip


def test_a_sheet_without_people_has_no_table() -> None:
    events = read(xlsx([["Ghi chép"], ["Tổng hợp", 5, 7]], [HEADING, list(RIGHT.values())]))

    assert [
        table.sheet for table in tables_of(xlsx([["Ghi chép"], ["Tổng hợp", 5, 7]], [HEADING, list(RIGHT.values())]))
    ] == ["Trang2"]
    assert [event.outcome for event in events if isinstance(event, RowRead)] == ["skip", "skip", "ok"]


def test_all_codes_of_a_row_are_told() -> None:
    assert codes_of(**{"Họ_và_tên": None, "Năm_sinh": "19x4", "Xã": None, "Đối_tượng": "phục vụ", "CCCD": "12"}) == [
        "birth_unreadable", "category_unknown", "commune_missing", "id_invalid", "name_missing",
    ]  # fmt: skip


# --- files ----------------------------------------------------------------------------------------

TEXT = 'Họ và tên{0}Năm sinh{0}Xã{0}Đối tượng\r\n\r\nNguyễn Thử{0}1931{0}Đăk Pxi{0}DC\r\n"Trần\nMẫu"{0}1932{0}Đăk Pxi{0}DC\r\n'


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
def test_a_text_file_in_every_encoding_counts_records(encoding: str, delimiter: str) -> None:
    text = TEXT.format(delimiter)
    if encoding == "cp1258":
        # Tones stand apart there.
        text = "".join(
            {
                "ọ": "o\u0323",
                "ố": "ô\u0301",
                "ễ": "ê\u0303",
                "ử": "ư\u0309",
                "ầ": "â\u0300",
                "ẫ": "â\u0303",
                "ợ": "ơ\u0323",
                "ũ": "u\u0303",
                "ã": "a\u0303",
            }.get(sign, sign)
            for sign in text
        )

    rows = rows_of(csv(text, encoding), "a.csv")

    assert {number: row.person.full_name for number, row in rows.items() if row.person} == {
        3: "Nguyễn Thử",
        4: "Trần Mẫu",
    }


@pytest.mark.parametrize("turn", [old_letters.tcvn3, old_letters.vni])
@pytest.mark.parametrize("with_font", [True, False])
def test_old_letters_are_turned_with_and_without_their_font(turn: Any, with_font: bool) -> None:
    rows = [
        [turn("DANH SÁCH XÃ ĐĂK HRING")],
        [turn(one) for one in ("Họ và tên", "Năm sinh", "Đối tượng", "Dân tộc")],
        [turn("Nguyễn Văn Hưởng"), 1931, turn("dân công"), turn("Xơ Đăng")],
    ]
    font = ".VnTime" if turn is old_letters.tcvn3 else "VNI-Times"
    fonts = {f"{letter}{row}": font for letter in "ABCD" for row in (1, 2, 3)} if with_font else {}

    person = rows_of(xlsx(rows, fonts=fonts))[3].person

    assert person is not None
    assert (person.full_name, person.commune, person.category, person.ethnicity) == (
        "Nguyễn Văn Hưởng",
        "Xã Đăk Hring",
        "frontline_labourer",
        "Xơ Đăng",
    )


def test_headings_in_a_font_of_unicode_stay_over_rows_in_an_old_one() -> None:
    turn = old_letters.tcvn3
    people = [[turn("Nguyễn Văn Hưởng"), 1931, turn("Thôn Một"), turn("Đăk Hring"), turn("dân công")]] * 6
    rows = [["Họ và tên", "Năm sinh", "Thôn", "Xã", "Là"], *people]
    fonts = {f"{letter}1": "Times New Roman" for letter in "ABCDE"}
    fonts |= {f"{letter}{row}": ".VnTime" for letter in "ACDE" for row in range(2, 8)}

    (table,) = tables_of(xlsx(rows, fonts=fonts))

    assert dict(table.headings) == {"A": "Họ và tên", "B": "Năm sinh", "C": "Thôn", "D": "Xã", "E": "Là"}


def test_a_font_of_capitals_shows_small_letters_as_capitals() -> None:
    rows = [HEADING, [old_letters.tcvn3("nguyễn văn hưởng"), 1931, old_letters.tcvn3("đăk hring"), "dc"]]

    evidence = {
        one.field: one.typed
        for one in rows_of(xlsx(rows, fonts={"A2": ".VnTimeH", "C2": ".VnArialH", "D2": ".VnTimeH"}))[2].person.evidence
    }  # type: ignore[union-attr]

    assert (evidence["full_name"], evidence["commune"], evidence["category"]) == ("NGUYỄN VĂN HƯỞNG", "ĐĂK HRING", "DC")
