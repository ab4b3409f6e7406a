"""What people typed stays text in every sheet that leaves the program."""

import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook

from records.spreadsheets import csv_bytes, sheet_title, workbook

DANGEROUS = (
    '=HYPERLINK("http://vi-du.vn","Bấm")',
    "=1+1",
    "+84 912 000 001",
    "-1 việc",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
)


def read_back(content: bytes):
    return load_workbook(io.BytesIO(content)).worksheets[0]


def as_kept(typed: str) -> str:
    """A bare CR is a line break, and Excel's line breaks are LF."""
    return "\n=1+1" if typed == "\r=1+1" else typed


@pytest.mark.parametrize("typed", DANGEROUS)
def test_a_formula_that_was_typed_is_a_text_in_a_workbook(typed):
    cell = read_back(workbook({"Trang": [["Tên"], [typed]]}))["A2"]

    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", as_kept(typed), True)


@pytest.mark.parametrize("typed", DANGEROUS)
def test_a_formula_that_was_typed_gets_an_apostrophe_in_csv(typed):
    content = csv_bytes([["Tên"], [typed]])

    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))

    assert rows == [["Tên"], ["'" + as_kept(typed)]]


def test_a_csv_begins_with_the_mark_of_utf8_and_ends_lines_as_excel_does():
    assert csv_bytes([["Đơn vị", "Số"], ["Đắk Hà; Đắk Hring", 3]]) == (
        b"\xef\xbb\xbf" + "Đơn vị,Số\r\nĐắk Hà; Đắk Hring,3\r\n".encode()
    )


def test_numbers_and_dates_keep_their_types():
    sheet = read_back(workbook({"Trang": [["Số", "Ngày", "Trống"], [-5, date(2024, 5, 7), None]]}))

    assert [cell.data_type for cell in sheet[2]] == ["n", "d", "n"]
    assert csv_bytes([[-5, date(2024, 5, 7), None]]) == b"\xef\xbb\xbf-5,2024-05-07,\r\n"


def test_signs_that_no_sheet_can_hold_are_left_out_and_long_texts_end():
    sheet = read_back(workbook({"Trang": [["A"], ["a\x00\x0bb"], ["x" * 40_000]]}))

    assert sheet["A2"].value == "ab"
    assert len(sheet["A3"].value) == 32_767


@pytest.mark.parametrize(
    ("typed", "title"),
    [("Đắk Hà: quý 1/2024 [nháp]?", "Đắk Hà  quý 1 2024  nháp"), ("", "Trang 1"), ("a" * 50, "a" * 31)],
)
def test_any_words_become_a_name_of_a_sheet(typed, title):
    assert sheet_title(typed) == title
    assert read_back(workbook({typed: [["A"]]})).title == title
