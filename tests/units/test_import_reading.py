"""Workbooks as offices make them: what is read from them, row by row, without a database."""

import zipfile
from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import Workbook

from records.errors import UploadRefused
from tests.units.workbooks import AREA_HEAD, PEOPLE_HEAD, UNIT_HEAD, xlsx
from units.importing.reading import Book, read_book

DAKHA = ["dakha", "Nguyễn Thị Hoa"]


def read(sheets, change=lambda book: None) -> Book:
    return read_book(xlsx(sheets, change), ".xlsx")


def rows(book: Book) -> list[tuple[int, dict]]:
    return [(row.number, row.values) for sheet in book.sheets for row in sheet.rows]


def remarks(book: Book) -> list[tuple[str, int | None, str]]:
    return [(one.sheet, one.row, one.text) for one in book.remarks]


def test_headings_are_found_below_title_rows_in_any_order_with_or_without_accents():
    book = read(
        {
            "Danh sách 2024": [
                ["TỈNH ỦY KON TUM"],
                ["Danh sách cán bộ đầu mối"],
                [],
                ["STT", "ho va ten", "TÊN  ĐĂNG NHẬP", "Vai trò"],
                [1, "Nguyễn Thị Hoa", "dakha", "Cán bộ đầu mối"],
            ]
        }
    )
    assert rows(book) == [(5, {"full_name": "Nguyễn Thị Hoa", "username": "dakha", "role": "Cán bộ đầu mối"})]
    assert remarks(book) == []


def test_headings_may_stand_in_two_rows():
    book = read(
        {
            "Vai trò": [
                ["Tên đăng nhập", "Vai trò", "Thời gian", None],
                [None, None, "Từ ngày", "Đến ngày"],
                ["dakha", "office", datetime(2024, 1, 2), None],
            ]
        }
    )
    assert rows(book) == [(3, {"username": "dakha", "role": "office", "valid_from": date(2024, 1, 2)})]


def test_sheets_are_known_by_their_headings_and_not_by_their_order():
    book = read({"B": [UNIT_HEAD, ["x", "Huyện ủy"]], "A": [AREA_HEAD, ["608", "Đắk Hà", "Huyện"]]})
    assert [(sheet.layout.kind, sheet.title) for sheet in book.sheets] == [("units", "B"), ("areas", "A")]


def test_unknown_columns_and_sheets_are_passed_over_and_said():
    book = read(
        {
            "Người và vai trò": [["Tên đăng nhập", "Họ và tên", "Màu áo", "Họ tên"], ["dakha", "Hoa", "xanh", "Hoà"]],
            "Nháp": [["abc"], ["xyz"]],
            "Trống": [],
            "Hướng dẫn": [["Điền các trang trước"]],
        }
    )
    assert rows(book) == [(2, {"username": "dakha", "full_name": "Hoa"})]
    assert remarks(book) == [
        ("Người và vai trò", None, "Cột C “Màu áo” không có trong mẫu nên không đọc."),
        ("Người và vai trò", None, "Cột D “Họ tên” trùng với một cột đứng trước nên không đọc."),
        ("Nháp", None, "Bỏ qua trang này: không có dòng tiêu đề nào nhận ra được."),
    ]


def test_rows_without_data_are_no_rows():
    book = read(
        {
            "Người và vai trò": [
                ["STT", "Tên đăng nhập", "Họ và tên", "Chức vụ"],
                [None, "(1)", "(2)", "(3)"],
                [1, "dakha", "Hoa", None],
                [2, None, None, None],
                [],
                ["STT", "Tên đăng nhập", "Họ và tên", "Chức vụ"],
                [3, "mttq", "Ba", None],
                ["Tổng cộng: 2 người", None, "2", None],
                [None, None, "Kon Tum, ngày 15 tháng 4 năm 2024", None],
                [None, None, "Người lập biểu", None],
            ]
        }
    )
    assert [number for number, _ in rows(book)] == [3, 7]
    assert [(row, text) for _, row, text in remarks(book)] == [
        (8, "Bỏ qua dòng “Tổng cộng: 2 người”: không phải dữ liệu."),
        (9, "Bỏ qua dòng “Kon Tum, ngày 15 tháng 4 năm 2024”: không phải dữ liệu."),
        (10, "Bỏ qua dòng “Người lập biểu”: không phải dữ liệu."),
    ]


def test_a_cell_merged_over_rows_belongs_to_each_of_them_and_over_columns_to_the_first():
    def merge(book: Workbook) -> None:
        book.worksheets[0].merge_cells("A2:A4")
        book.worksheets[0].merge_cells("B2:C2")

    book = read(
        {
            "Người và vai trò": [
                ["Tên đăng nhập", "Họ và tên", "Chức vụ", "Vai trò"],
                ["dakha", "Hoa", None, "office"],
                [None, None, None, "reporter"],
                [None, None, None, "unit_head"],
            ]
        },
        merge,
    )
    assert rows(book) == [
        (2, {"username": "dakha", "full_name": "Hoa", "role": "office"}),
        (3, {"username": "dakha", "role": "reporter"}),
        (4, {"username": "dakha", "role": "unit_head"}),
    ]


def test_hidden_rows_and_sheets_are_read_and_said():
    def hide(book: Workbook) -> None:
        book.worksheets[0].row_dimensions[3].hidden = True
        book.worksheets[1].sheet_state = "hidden"

    book = read({"A": [PEOPLE_HEAD, DAKHA, ["mttq", "Ba"]], "B": [AREA_HEAD, ["608", "Đắk Hà", "Huyện"]]}, hide)
    assert [number for number, _ in rows(book)] == [2, 3, 2]
    assert remarks(book) == [
        ("B", None, "Trang này đang ẩn trong tệp; vẫn được đọc."),
        ("A", 3, "Dòng này đang ẩn trong tệp; vẫn được đọc."),
    ]


def test_texts_are_composed_and_lose_stray_blanks_and_invisible_signs():
    decomposed = "Nguye\u0302\u0303n\u00a0 Thi\u0323\u200b Hoa  "
    book = read({"A": [PEOPLE_HEAD, [" dakha\n", decomposed]]})
    assert rows(book) == [(2, {"username": "dakha", "full_name": "Nguyễn Thị Hoa"})]


def test_whole_numbers_lose_their_point_and_real_days_are_days():
    book = read({"A": [AREA_HEAD, [608.0, "Đắk Hà", "Huyện", None, datetime(2024, 5, 7), 1.5]]})
    assert rows(book)[0][1] == {
        "code": 608,
        "name": "Đắk Hà",
        "level": "Huyện",
        "valid_from": date(2024, 5, 7),
        "valid_to": 1.5,
    }


def test_a_formula_counts_with_its_value_and_one_never_computed_is_said():
    def with_value(content: bytes) -> bytes:
        out = BytesIO()
        with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
            for name in old.namelist():
                data = old.read(name)
                if name == "xl/worksheets/sheet1.xml":
                    data = data.replace(b"<f>UPPER(A2)</f><v />", b"<f>UPPER(A2)</f><v>7</v>")
                    data = data.replace(b"<f>UPPER(A2)</f><v></v>", b"<f>UPPER(A2)</f><v>7</v>")
                new.writestr(name, data)
        return out.getvalue()

    content = xlsx({"A": [["Tên đăng nhập", "Họ và tên", "Chức vụ"], ["dakha", "=UPPER(A2)", "=LOWER(A2)"]]})
    book = read_book(with_value(content), ".xlsx")
    assert rows(book) == [(2, {"username": "dakha", "full_name": 7})]
    assert remarks(book) == [
        (
            "A",
            None,
            "Ô C2 có công thức chưa tính ra giá trị nên đọc là ô trống. Hãy mở tệp bằng Excel và lưu lại.",
        )
    ]


CSV = 'Tên đăng nhập;Họ và tên;Vai trò\r\ndakha;Nguyễn Thị Hoa;"Thường trực; Ban Thường vụ"\r\n'


@pytest.mark.parametrize(
    "content",
    [
        CSV.encode("utf-8"),
        CSV.encode("utf-8-sig"),
        CSV.encode("utf-16"),
        CSV.replace(";", "\t").replace("\tBan", "; Ban").replace("trực\t", "trực;").encode("utf-8"),
    ],
)
def test_csv_is_read_in_every_unicode(content):
    book = read_book(content, ".csv")
    assert rows(book) == [
        (2, {"username": "dakha", "full_name": "Nguyễn Thị Hoa", "role": "Thường trực; Ban Thường vụ"})
    ]


def test_csv_of_old_windows_is_read_by_its_headings():
    text = "T\u00ean \u0111\u0103ng nh\u00e2\u0323p;Ho\u0323 v\u00e0 t\u00ean\ndakha;Nguy\u00ea\u0303n Thi\u0323 Hoa\n"
    book = read_book(text.encode("cp1258"), ".csv")
    assert rows(book) == [(2, {"username": "dakha", "full_name": "Nguyễn Thị Hoa"})]


def test_csv_in_another_legacy_script_is_refused_and_never_read_wrongly():
    tcvn3 = b"T\xaan \xae\xa8ng nh\xcbp;H\xe4 v\xb5 t\xaan\ndakha;Nguy\xd4n Th\xde Hoa\n"
    with pytest.raises(UploadRefused, match="Không nhận ra trang nào trong tệp"):
        read_book(tcvn3, ".csv")


@pytest.mark.parametrize(
    ("sheets", "sentence"),
    [
        ({"A": [["x", "y"], [1, 2]]}, "Không nhận ra trang nào trong tệp."),
        ({"A": [[]]}, "Không nhận ra trang nào trong tệp."),
        (
            {"A": [PEOPLE_HEAD, *(["a"] for _ in range(20_001))]},
            "Tệp có 20.001 dòng; mỗi lần nhập nhiều nhất 20.000 dòng.",
        ),
    ],
)
def test_what_cannot_be_imported_is_refused_with_a_sentence(sheets, sentence):
    with pytest.raises(UploadRefused) as refusal:
        read(sheets)
    assert str(refusal.value).startswith(sentence)


@pytest.mark.parametrize("kind", [".xlsx", ".xls", ".ods"])
def test_a_damaged_file_is_refused(kind):
    with pytest.raises(UploadRefused, match="tệp bị hỏng"):
        read_book(b"PK\x03\x04 no workbook", kind)


def test_a_cell_far_out_is_refused_before_memory_ends():
    def far(book: Workbook) -> None:
        book.worksheets[0]["XFD1048576"] = "x"

    with pytest.raises(UploadRefused) as refusal:
        read({"A": [PEOPLE_HEAD, DAKHA]}, far)
    assert str(refusal.value) == (
        "Trang “A” có ô ghi rất xa (hàng 1048576, cột thứ 16384) nên không đọc được. Hãy xóa các ô thừa ở xa rồi lưu lại."
    )


def test_a_far_cell_without_a_value_does_no_harm():
    def far(book: Workbook) -> None:
        book.worksheets[0]["XFD1048576"].number_format = "0.0"

    assert len(rows(read({"A": [PEOPLE_HEAD, DAKHA]}, far))) == 1


ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="Vai trò">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
)


def ods(rows: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml", '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )
        archive.writestr("content.xml", ODS.format(rows=rows))
    return out.getvalue()


def ods_row(*texts: str, more: str = "") -> str:
    cells = [
        f'<table:table-cell office:value-type="string"{more}><text:p>{text}</text:p></table:table-cell>'
        for text in texts
    ]
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


FILLING = (
    '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/>'
    "</table:table-row>"
)


def test_a_libreoffice_sheet_is_read_with_its_empty_end():
    content = ods(ods_row("Tên đăng nhập", "Họ và tên") + ods_row("dakha", "Nguyễn Thị Hoa") + FILLING)
    assert rows(read_book(content, ".ods")) == [(2, {"username": "dakha", "full_name": "Nguyễn Thị Hoa"})]


@pytest.mark.parametrize("end", [FILLING + ods_row("x"), ods_row("x", more=' table:number-columns-repeated="9999999"')])
def test_a_libreoffice_sheet_blown_up_is_refused_before_memory_ends(end):
    content = ods(ods_row("Tên đăng nhập", "Họ và tên", more=' table:number-columns-repeated="5"') + end)
    with pytest.raises(UploadRefused, match="có ô ghi rất xa"):
        read_book(content, ".ods")
