"""A list as an Excel file: what stands in its cells, how it prints, how fast and with how little memory it is written."""

import io
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from directive_tracker.vietnamese import ZONE
from records.sheetfile import Column, Head, write_list

AT = datetime(2024, 4, 15, 8, 30, tzinfo=ZONE)
HEAD = Head("Phần việc", AT, filters="Đơn vị: Huyện ủy Đắk Hà", demo=True)
COLUMNS = (Column("Việc", 30), Column("Số"), Column("Ngày"))


def written(rows, *, head=HEAD, columns=COLUMNS, **more) -> bytes:
    buffer = io.BytesIO()
    write_list(buffer, head, columns, rows, **more)
    return buffer.getvalue()


def read(content: bytes):
    return load_workbook(io.BytesIO(content)).worksheets[0]


def first_cell(value):
    return read(written([(value, None, None)]))["A5"]


def test_the_head_says_that_it_is_trial_data_what_it_is_when_and_what_was_filtered():
    sheet = read(written([]))

    assert [sheet[f"A{row}"].value for row in range(1, 5)] == [
        "DỮ LIỆU THỬ – SỐ LIỆU GIẢ ĐỊNH",
        "Phần việc",
        "Số liệu lúc 08:30 15/4/2024 · Lọc theo: Đơn vị: Huyện ủy Đắk Hà",
        "Việc",
    ]


def test_without_demo_and_filters_the_head_is_short_and_says_that_nothing_was_filtered():
    sheet = read(written([], head=Head("Phần việc", AT)))

    assert [sheet[f"A{row}"].value for row in range(1, 4)] == [
        "Phần việc",
        "Số liệu lúc 08:30 15/4/2024 · Không lọc: toàn bộ danh sách được xem",
        "Việc",
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ('=HYPERLINK("http://vi-du.vn")', '=HYPERLINK("http://vi-du.vn")'),
        ("+84 912 000 001", "+84 912 000 001"),
        ("-1 việc", "-1 việc"),
        ("@SUM(A1)", "@SUM(A1)"),
        ("  =1+1", "  =1+1"),
        ("＝1+1", "＝1+1"),
        ("\t=1+1", "\t=1+1"),
    ],
)
def test_what_begins_like_a_formula_stays_a_text_and_keeps_excels_mark_for_text(typed, kept):
    cell = first_cell(typed)

    assert (cell.value, cell.data_type, cell.quotePrefix) == (kept, "s", True)


@pytest.mark.parametrize(
    ("value", "read_back"),
    [
        ("Huyện ủy <Đắk Hà> & Đắk Hring", "Huyện ủy <Đắk Hà> & Đắk Hring"),
        ("Hòa", "Hòa"),
        ("một\x00hai\x0bba", "mộthaiba"),
        ("http://vi-du.vn/", "http://vi-du.vn/"),
        ("0123", "0123"),
        ("", None),
        (None, None),
        (True, "có"),
        (False, "không"),
        (1_234_567, 1234567),
        (0, 0),
        (Decimal("12.5"), 12.5),
    ],
)
def test_texts_and_numbers_are_read_back_as_they_were(value, read_back):
    assert first_cell(value).value == read_back


def test_ten_thousand_signs_stand_in_one_cell_and_what_no_cell_can_hold_is_cut():
    sheet = read(written([("ạ" * 10_000, None, None), ("b" * 40_000, None, None)]))

    assert (len(sheet["A5"].value), len(sheet["A6"].value)) == (10_000, 32_767)


def test_dates_are_dates_and_moments_stand_in_vietnams_time():
    sheet = read(written([(date(2024, 5, 7), datetime(2024, 4, 15, 1, 30, tzinfo=UTC), date(24, 5, 7))]))

    assert [(cell.value, cell.number_format) for cell in sheet[5]] == [
        (datetime(2024, 5, 7), "dd/mm/yyyy"),
        (datetime(2024, 4, 15, 8, 30), "dd/mm/yyyy hh:mm"),
        ("07/5/24", "General"),
    ]


def test_the_sheet_is_ready_to_be_printed_and_filtered():
    sheet = read(written([("a", 1, None), ("b", 2, None)]))

    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A5", "A4:C6", "$4:$4")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    # One page wide (which is what nothing said means) and as many pages long as it takes.
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert sheet.column_dimensions["A"].width == pytest.approx(30.7, abs=0.1)
    assert "DỮ LIỆU THỬ – SỐ LIỆU GIẢ ĐỊNH" in sheet.oddHeader.center.text


def test_what_is_longer_than_a_sheet_goes_on_in_a_second_one_with_the_same_head():
    book = load_workbook(io.BytesIO(written([(f"việc {n}", n, None) for n in range(5)], most_rows=2)))

    assert [(sheet.title, [row[1].value for row in sheet.iter_rows(min_row=5)]) for sheet in book] == [
        ("Phần việc", [0, 1]),
        ("Phần việc (2)", [2, 3]),
        ("Phần việc (3)", [4]),
    ]
    assert [sheet["A4"].value for sheet in book] == ["Việc", "Việc", "Việc"]


def test_the_name_of_a_sheet_never_holds_what_excel_forbids():
    sheet = read(written([], head=Head("Số liệu [a]: 1/2? của tất cả các đơn vị trong tỉnh", AT)))

    assert sheet.title == "Số liệu  a   1 2  của tất cả cá"


def test_it_says_how_far_it_is_and_stops_when_it_is_told_to():
    said = []

    def stop(done, total):
        said.append((done, total))
        if done == 1_000:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        written([("a", 1, None)] * 3_000, total=3_000, step=stop)

    assert said == [(500, 3000), (1000, 3000)]


MEASURE = """
import resource, sys, time
from datetime import date, datetime
from directive_tracker.vietnamese import ZONE
from records.sheetfile import Column, Head, write_list

def rows(count):
    for n in range(count):
        yield ("1a.1", f"Xây dựng kế hoạch tuyên truyền số {n}", "Huyện ủy Đắk Hà", "chủ trì", "Đang làm", "còn 5 ngày",
               date(2024, 2, 29), date(2024, 3, 14), n, "đơn vị", datetime(2024, 4, 15, 8, 30, tzinfo=ZONE), None)

columns = [Column(f"Cột {n}") for n in range(12)]
write_list(sys.argv[2], Head("Thử", datetime(2024, 4, 15, tzinfo=ZONE)), columns, rows(100))
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
count = int(sys.argv[1])
start = time.process_time()
assert write_list(sys.argv[2], Head("Thử", datetime(2024, 4, 15, tzinfo=ZONE)), columns, rows(count)) == count
spent = time.process_time() - start
print(int(count / spent), (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base) // 1024)
"""


def measured(rows: int, target) -> tuple[int, int]:
    """Rows a second of processor time, and by how many megabytes memory grew, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(rows), str(target)], capture_output=True, text=True, check=True, timeout=300
    )
    speed, grown = done.stdout.split()
    return int(speed), int(grown)


def test_twenty_thousand_rows_of_twelve_columns_are_written_fast_and_in_little_memory(tmp_path):
    speed, grown = measured(20_000, tmp_path / "a.xlsx")

    assert speed >= 3_000
    assert grown <= 150


def test_a_workbook_is_a_sound_archive():
    assert zipfile.ZipFile(io.BytesIO(written([("a", 1, None)]))).testzip() is None
