"""Files made to do harm, or broken on the way: refused with a sentence, with little memory, in a moment, without a traceback."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.veterans.lists import hostile
from tests.veterans.lists.books import read, rows_of
from tests.veterans.lists.hostile import HEADING, ROW, page
from tests.veterans.lists.made import writers
from veterans.lists.codes import FileRefused

ROOT = Path(__file__).parents[3]
NONE = {"ok": 0, "error": 0, "skip": 0}
ONE = {"ok": 1, "error": 0, "skip": 0}


def limited(path: Path) -> dict[str, Any]:
    """Read a file in a program of its own with little memory."""
    command = [sys.executable, "-m", "tests.veterans.lists.limited", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.stderr == ""
    return json.loads(done.stdout)


HEAVY: list[tuple[str, Callable[[], bytes], str, dict[str, int]]] = [
    ("160 MB unpacked.xlsx", hostile.bomb, "too_large", NONE),
    ("160 MB that says it is small.xlsx", hostile.lying_bomb, "not_a_workbook", NONE),
    ("entities.xlsx", hostile.entity_bomb, "not_a_workbook", NONE),
    ("20 000 columns.xlsx", hostile.wide, "too_wide", NONE),
    ("empty rows to the last.xlsx", lambda: hostile.empty_rows(1_048_576), "", ONE),
    ("merged over everything.xlsx", hostile.big_merges, "", {"ok": 58, "error": 0, "skip": 0}),
    ("5 MB in a cell.xlsx", hostile.long_cell, "", ONE),
    ("repeated for ever.ods", lambda: hostile.repeated_ods(1_000_000, 16_000), "too_large", NONE),
    ("wide and deep.ods", lambda: hostile.repeated_ods(20_000, 16_000), "too_wide", ONE),
]


@pytest.mark.parametrize(("name", "made", "code", "counts"), HEAVY, ids=[one[0] for one in HEAVY])
def test_a_heavy_file_takes_little_memory_and_time(
    tmp_path: Path, name: str, made: Callable[[], bytes], code: str, counts: dict[str, int]
) -> None:
    path = tmp_path / name
    path.write_bytes(made())

    told = limited(path)

    assert (told["code"], told["counts"]) == (code, counts)
    assert told["mb"] < 300
    assert told["seconds"] < 12


def test_a_text_file_of_200_mb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    hostile.write_text_bomb(tmp_path / "a.csv")

    told = limited(tmp_path / "a.csv")

    assert (told["code"], told["mb"] < 100, told["seconds"] < 2) == ("too_large", True, True)


REFUSED: list[tuple[str, bytes, str, str]] = [
    ("word.xlsx", hostile.word_document(), "not_a_workbook", "không phải là bảng tính"),
    ("text.xlsx", b"Ho va ten;Nam sinh\n", "not_a_workbook", "không phải là bảng tính"),
    ("page.xls", b"<html><table><tr><td>A</td></tr></table></html>", "not_a_workbook", "là trang mạng"),
    ("page.csv", b"<!DOCTYPE html><html></html>", "not_a_workbook", "không phải csv"),
    ("half.xlsx", hostile.good()[:700], "not_a_workbook", "tệp bị hỏng"),
    ("nothing.xlsx", b"", "not_a_workbook", "không phải là bảng tính"),
    ("nothing.csv", b"", "no_data", "không có ô nào"),
    ("blanks.csv", b" , ,\n\n  ,\n", "no_data", "không có ô nào"),
    ("empty.xlsx", writers.xlsx([page()]), "no_data", "không có ô nào"),
    ("zero.csv", b"Ho ten,Nam\x00sinh\nA,1\n", "not_a_workbook", "không phải chữ"),
    ("picture.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00", "not_a_workbook", "không phải chữ"),
    ("locked.xlsx", hostile.locked(), "password_protected", "có mật khẩu"),
    ("office.xlsx", hostile.office_locked(), "password_protected", "có mật khẩu"),
    ("old.xls", hostile.old_locked(), "password_protected", "có mật khẩu"),
    ("letter.xls", writers._ole(b"WordDocument" * 900).replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le")), "not_a_workbook", "không phải bảng tính"),
    ("cut.xls", writers.xls([page(HEADING, ROW)])[:2000], "not_a_workbook", "tệp bị hỏng"),
    ("text.ods", hostile.ods(b"<a", "text"), "not_a_workbook", "không phải bảng tính"),
    ("hurt.ods", hostile.ods(b"<office"), "not_a_workbook", "tệp bị hỏng"),
    ("501.csv", (",".join(f"Năm sinh {one}" for one in range(501)) + "\n").encode(), "too_wide", "hơn 500 cột"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "code", "words"), REFUSED, ids=[one[0] for one in REFUSED])
def test_a_file_that_is_no_list_is_refused_with_a_sentence(name: str, data: bytes, code: str, words: str) -> None:
    with pytest.raises(FileRefused) as told:
        read(io.BytesIO(data), name)

    assert told.value.code == code
    assert f"“{name}”" in str(told.value)
    assert words in str(told.value)


def test_a_kind_is_known_by_the_content_not_by_the_name() -> None:
    one = page(HEADING, ROW)

    read_rows = [
        rows_of(io.BytesIO(writers.xlsx([one])), "a.xls"),
        rows_of(io.BytesIO(writers.xls([one])), "a.xlsx"),
        rows_of(io.BytesIO(writers.ods([one])), "a.csv"),
        rows_of(io.BytesIO(writers.xlsx([one])), "a.xlsm"),
    ]

    assert [rows[2].person.full_name for rows in read_rows if rows[2].person] == ["A Thử"] * 4


def test_an_entity_that_names_a_file_brings_nothing_in() -> None:
    rows = rows_of(io.BytesIO(hostile.outer_entity()))

    assert rows[2].person is not None
    assert rows[2].person.full_name == "A Thu"


@pytest.mark.parametrize("row", [65_536, 1_048_576])
def test_a_used_range_to_the_last_row_adds_no_rows(row: int) -> None:
    assert sorted(rows_of(io.BytesIO(hostile.far(row)))) == [2]


@pytest.mark.parametrize(
    "name", ["=1+1", '=HYPERLINK("http://a.vn","Bấm")', "+A Thử", "-A Thử", "@SUM(A1)", "=cmd|' /C calc'!A0"]
)
def test_a_name_that_a_spreadsheet_would_run_is_an_error_and_stays_text(name: str) -> None:
    rows = rows_of(io.BytesIO(writers.csv(page(HEADING, [1, name, 1931, "Đăk Pxi", "TNXP"]), ",", "utf-8")), "a.csv")

    assert [one.code for one in rows[2].errors] == ["formula_text"]
    assert rows[2].errors[0].value == name


BASES = {
    "a.xlsx": writers.xlsx([page(HEADING, ROW, [2, "B Thử", 1930])]),
    "a.xls": writers.xls([page(HEADING, ROW, [2, "B Thử", 1930])]),
    "a.ods": writers.ods([page(HEADING, ROW, [2, "B Thử", 1930])]),
    "a.csv": writers.csv(page(HEADING, ROW, [2, "B Thử", 1930]), ",", "utf-8"),
}


@pytest.mark.parametrize("name", list(BASES))
def test_a_file_with_broken_bytes_is_read_or_refused_and_raises_nothing_else(name: str) -> None:
    chance = Random(7)

    for _ in range(400):
        data = bytearray(BASES[name])
        for _ in range(chance.choice([1, 2, 10])):
            data[chance.randrange(len(data))] = chance.randrange(256)
        if chance.random() < 0.3:
            del data[chance.randrange(len(data)) :]
        read_or_refused(bytes(data), name)


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


@pytest.mark.parametrize(
    "row",
    [
        b'<row r="0"><c r="A0"><v>1</v></c></row>', b'<row r="x"><c r="A1"><v>1</v></c></row>', b'<row r="-5"><c><v>1</v></c></row>',
        b'<row><c r="1A"><v>1</v></c></row>', b'<row><c r="A1" t="s"><v>99</v></c></row>', b'<row><c r="A1" t="s"><v>x</v></c></row>',
        b'<row><c r="A1" t="d"><v>x</v></c></row>', b'<row><c r="A1"><v>1e999</v></c></row>', b'<row><c r="A1"><v>nan</v></c></row>',
        b'<row><c r="A1" s="-3"><v>1</v></c></row>', b'<row><c r="A1" s="x"><v>1</v></c></row>', b'<row><c r="A1" t="s"><v>-1</v></c></row>',
        b'<row r="1"><!-- a --><c r="A1"><!-- b --><v>1</v></c></row>', b'<row><c r="ZZZZZZZZ1"><v>1</v></c></row>',
        b'<row><c r="A1" t="inlineStr"><is><!-- a --><t>x</t></is></c></row>', b'<row><c r="A1" t="inlineStr"><is><!-- a --></is></c></row>',
        b'<row r="99999999999999999999"><c><v>1</v></c></row>', b'<row><c r="A1" s="1"><v>1e300</v></c></row>',
    ],
)  # fmt: skip
def test_odd_xml_is_read_or_refused_and_raises_nothing_else(row: bytes) -> None:
    read_or_refused(hostile.with_sheet(SHEET + row + b"</sheetData></worksheet>"), "a.xlsx")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.lists(
            st.one_of(
                st.text(max_size=30),
                st.integers(),
                st.sampled_from(["Họ và tên", "Năm sinh", "Xã", "nt", "Cộng", "x", "31/02/1930"]),
            ),
            max_size=6,
        ),
        max_size=12,
    )
)
def test_any_cells_at_all_are_read(rows: list[list[object]]) -> None:
    data = writers.csv(page(HEADING, *rows), ",", "utf-8")

    read_or_refused(data, "a.csv")


def read_or_refused(data: bytes, name: str) -> None:
    """Any other error fails the test."""
    try:
        read(io.BytesIO(data), name)
    except FileRefused as refusal:
        assert str(refusal)
