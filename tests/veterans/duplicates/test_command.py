"""manage.py find_duplicates: pairs of rows as JSON, without a database."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

HEADING = "STT,Họ và tên,Năm sinh,Địa chỉ,Xã,Đối tượng,Số CCCD\n"


def _run(*files) -> tuple[dict, str]:
    out, err = StringIO(), StringIO()
    call_command("find_duplicates", *map(str, files), stdout=out, stderr=err)
    return json.loads(out.getvalue()), err.getvalue()


@pytest.fixture
def lists(tmp_path):
    first, second = tmp_path / "mot.csv", tmp_path / "hai.csv"
    first.write_text(
        HEADING
        + "1,Lò Văn Ơn,1931,Thôn 4,Xã Đăk Hring,TNXP,062031004711\n"
        + "2,Y Mlơi,1929,Thôn 2,Xã Đăk Hring,TNXP,062129004712\n"
        + "3,LO VAN ON,1931,Thôn 4,Xã Đăk Hring,TNXP,\n",
        encoding="utf-8",
    )
    second.write_text(HEADING + "1,Y Mlơi,1930,Thôn 2,Xã Đăk Hring,TNXP,062129004712\n", encoding="utf-8")
    return first, second


def test_pairs_within_a_list_and_across_lists_are_told_by_file_sheet_and_row(lists):
    found, words = _run(*lists)

    assert found == {
        "pairs": [
            [{"file": "mot.csv", "sheet": "", "row": 3}, {"file": "hai.csv", "sheet": "", "row": 2}],
            [{"file": "mot.csv", "sheet": "", "row": 2}, {"file": "mot.csv", "sheet": "", "row": 4}],
        ]
    }
    assert words == "4 người trong 2 tệp · 2 cặp có thể trùng\n"


def test_a_file_that_is_no_list_is_left_out_and_told(lists, tmp_path):
    broken = tmp_path / "hong.xlsx"
    broken.write_bytes(b"PK\x03\x04 nothing")

    found, words = _run(lists[0], broken)

    assert len(found["pairs"]) == 1
    assert words.startswith("Tệp “hong.xlsx” không phải là bảng tính đọc được")


def test_a_file_that_is_not_there_ends_with_exit_code_2(tmp_path):
    with pytest.raises(CommandError) as refusal:
        _run(tmp_path / "khong-co.xlsx")

    assert refusal.value.returncode == 2
