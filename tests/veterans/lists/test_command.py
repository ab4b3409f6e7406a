"""manage.py check_veterans: JSON alone on stdout, words on stderr, its exit codes, and no database."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.veterans.lists.books import csv, xlsx

ROOT = Path(__file__).parents[3]
ROWS = [
    ["DANH SÁCH CỰU CHIẾN BINH XÃ ĐĂK PXI"],
    ["TT", "Họ và tên", "Năm sinh"],
    [1, "Ông A Thử", 1931],
    [2, "Y Mẫu", "19x4"],
    ["", "Tổng cộng: 2 người"],
]


def checked(path: Path, *options: str) -> dict:
    """What the command prints."""
    out = io.StringIO()
    call_command("check_veterans", str(path), *options, stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue())


def test_the_answer_has_the_agreed_form(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx(ROWS, names=["Tổng hợp"]).getvalue())

    answer = checked(path)

    sheet = answer.pop("sheets")[0]
    rows = {row["row"]: row for row in sheet.pop("rows")}
    assert answer == {"file": "a.xlsx", "file_outcome": "ok", "file_error_codes": []}
    assert sheet == {
        "sheet": "Tổng hợp",
        "header_rows": [2],
        "columns": {"A": "no", "B": "full_name", "C": "birth"},
    }
    assert {number: (row["outcome"], row["error_codes"]) for number, row in rows.items()} == {
        1: ("skip", []),
        3: ("ok", []),
        4: ("error", ["birth_unreadable"]),
        5: ("skip", []),
    }
    person = rows[3]["person"]
    assert {key: person[key] for key in person if key not in ("notes", "evidence")} == {
        "full_name": "A Thử", "sex": "male", "birth_year": 1931, "birth_date": None, "birth_is_estimated": False,
        "ethnicity": None, "commune": "Xã Đăk Pxi", "district": "Huyện Đăk Hà", "address": None,
        "category": "dien_bien_soldier", "living": None, "death_year": None, "id_number": None, "phone": None,
    }  # fmt: skip
    assert rows[4]["sentences"] == [
        "Trang “Tổng hợp”, dòng 4, cột C “Năm sinh”: Không đọc được năm sinh “19x4”. "
        "Ghi năm bốn chữ số (1932), ngày/tháng/năm, hoặc “khoảng 1932”."
    ]


def test_blocks_stand_only_where_a_sheet_holds_several_tables(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    second = [["DANH SÁCH B"], ["Họ tên", "Đối tượng", "Năm sinh", "Xã"], ["B Thử", "TNXP", 1933, "Đăk Pxi"]]
    path.write_bytes(xlsx([*ROWS, [], *second], [["Ghi chép"]]).getvalue())

    first, other = checked(path)["sheets"]

    assert first["blocks"] == [
        {"header_rows": [2], "columns": {"A": "no", "B": "full_name", "C": "birth"}, "from_row": 3, "to_row": 4},
        {
            "header_rows": [8],
            "columns": {"A": "full_name", "B": "category", "C": "birth", "D": "commune"},
            "from_row": 9,
            "to_row": 9,
        },
    ]
    assert (first["header_rows"], first["columns"]) == ([2], {"A": "no", "B": "full_name", "C": "birth"})
    assert (other["header_rows"], other["columns"], "blocks" in other) == ([], {}, False)


def test_a_hidden_sheet_is_marked(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx(ROWS, ROWS, hidden_sheets=[1]).getvalue())

    assert [sheet.get("hidden") for sheet in checked(path)["sheets"]] == [None, True]


def test_a_column_can_be_put_right(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(csv("Họ tên,Năm sinh,Cột lạ,Xã\nA Thử,1931,Kinh,Đăk Pxi\n").getvalue())

    assert checked(path, "--column", ":C=ethnicity")["sheets"][0]["columns"] == {
        "A": "full_name", "B": "birth", "C": "ethnicity", "D": "commune",
    }  # fmt: skip


@pytest.mark.parametrize("typed", ["birth", ":C", ":C=tuổi", ":5=birth"])
def test_a_correction_that_cannot_be_understood_ends_with_code_2(tmp_path: Path, typed: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(csv("Họ tên,Năm sinh\nA Thử,1931\n").getvalue())

    with pytest.raises(CommandError) as told:
        checked(path, "--column", typed)

    assert told.value.returncode == 2


def test_a_rejected_file_ends_with_code_0_and_an_unreadable_one_with_2_and_no_database_is_made(tmp_path: Path) -> None:
    (tmp_path / "hong.xlsx").write_bytes(b"khong phai bang tinh")

    rejected, missing = run(tmp_path / "hong.xlsx", tmp_path), run(tmp_path / "khong-co.xlsx", tmp_path)

    assert (rejected.returncode, json.loads(rejected.stdout)) == (
        0,
        {"file": "hong.xlsx", "file_outcome": "rejected", "file_error_codes": ["not_a_workbook"], "sheets": []},
    )
    assert "không phải là bảng tính" in rejected.stderr
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "Không mở được tệp" in missing.stderr
    assert not list((tmp_path / "var").glob("*sqlite*"))


def run(path: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command as a program of its own."""
    environment = os.environ | {"DATABASE_URL": "", "VAR_DIR": str(folder / "var"), "PYTHONUTF8": "1"}
    command = [sys.executable, "manage.py", "check_veterans", str(path)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)
