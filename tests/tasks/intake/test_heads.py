"""Heads of documents as copies print them: columns on one line, lines broken by table cells, notes at the foot of a page."""

import pytest

from tasks.intake.proposal import as_answer
from tasks.intake.reading import propose
from tasks.textcleaning import clean

BODY = "\nKính gửi: Các sở, ban, ngành tỉnh\n1. Sở Tài chính bố trí kinh phí thực hiện.\n"


def header_of(text: str) -> dict:
    return as_answer(propose(clean(text).body))["header"]


@pytest.mark.parametrize(
    ("name", "head"),
    [
        (
            "columns set apart by one blank",
            "ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nTỈNH SÔNG LAM Độc lập - Tự do - Hạnh phúc\n\n"
            "Số: 45/UBND-NC Bến Thủy, ngày 6 tháng 4 năm 2025\n\nV/v rà soát trụ sở dôi dư\n",
        ),
        (
            "cells broken into lines, with bars",
            "ỦY\nBAN NHÂN DÂN\nTỈNH SÔNG LAM\n-------\n|\nCỘNG\nHÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n|\n"
            "Số:\n45/UBND-NC\n|\nBến\nThủy, ngày 6 tháng 4 năm 2025\n|\nV/v rà soát trụ sở dôi dư\n",
        ),
        (
            "motto and day broken",
            "ỦY BAN NHÂN DÂN\nTỈNH SÔNG LAM\nCỘNG HÒA XÃ HỘI\nCHỦ NGHĨA VIỆT NAM\nĐộc lập  Tự do  Hạnh phúc\nSố : 45/UBND-NC\n"
            "V/v rà soát trụ sở dôi dư\nBến Thủy, ngày\n6 tháng 4 năm 2025\n",
        ),
        (
            "columns set apart by many blanks",
            "   ỦY BAN NHÂN DÂN             CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n    TỈNH SÔNG LAM                  Độc lập - Tự do - Hạnh phúc\n"
            "   Số: 45/UBND-NC              Bến Thủy, ngày 6 tháng 4 năm 2025\nV/v rà soát trụ sở dôi dư\n",
        ),
    ],
)
def test_a_head_says_the_same_however_its_columns_are_printed(name, head):
    header = header_of(head + BODY)

    assert {key: header[key] for key in ("type", "issuer", "number", "place", "date", "subject")} == {
        "type": "Công văn",
        "issuer": "ỦY BAN NHÂN DÂN TỈNH SÔNG LAM",
        "number": "45/UBND-NC",
        "place": "Bến Thủy",
        "date": "2025-04-06",
        "subject": "rà soát trụ sở dôi dư",
    }


def test_who_decides_is_no_part_of_what_a_decision_is_about():
    header = header_of(
        "ỦY BAN NHÂN DÂN\nTỈNH SÔNG LAM\nSố: 7/QĐ-UBND\nQUYẾT ĐỊNH\nBAN HÀNH QUY CHẾ PHỐI HỢP CỦA\nỦY BAN NHÂN DÂN TỈNH TRONG CÔNG TÁC LƯU TRỮ\n"
        "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH SÔNG LAM\nCăn cứ Luật Lưu trữ;\nĐiều 1. Ban hành quy chế.\n"
    )

    assert header["subject"] == "BAN HÀNH QUY CHẾ PHỐI HỢP CỦA ỦY BAN NHÂN DÂN TỈNH TRONG CÔNG TÁC LƯU TRỮ"


def test_a_subject_in_capitals_keeps_the_years_on_its_next_line():
    header = header_of(
        "ỦY BAN NHÂN DÂN\nTỈNH SÔNG LAM\nSố: 7/KH-UBND\nKẾ HOẠCH\nPHÒNG, CHỐNG HẠN HÁN MÙA KHÔ NĂM 2024 -\n2025\nThực hiện chỉ đạo của cấp trên:\n"
        "1. Sở Tài chính bố trí kinh phí.\n"
    )

    assert header["subject"] == "PHÒNG, CHỐNG HẠN HÁN MÙA KHÔ NĂM 2024 - 2025"


def test_two_signatures_side_by_side_are_two_signers():
    header = header_of(
        "SỞ NỘI VỤ - SỞ TÀI CHÍNH\nSố: 10/HDLN\nHƯỚNG DẪN\nVề việc chi trả chế độ\n1. Sở Nội vụ tổng hợp hồ sơ.\n\n"
        "    KT. GIÁM ĐỐC                                     KT. GIÁM ĐỐC\n   SỞ TÀI CHÍNH                                       SỞ NỘI VỤ\n"
        "   PHÓ GIÁM ĐỐC                                      PHÓ GIÁM ĐỐC\n\n   Nguyễn Thị Lành                                   Phạm Văn Tĩnh\n\n"
        "Nơi nhận:\n- Như trên;\n- Lưu: VT.\n"
    )

    assert [(one["title"], one["name"]) for one in header["signers"]] == [
        ("PHÓ GIÁM ĐỐC", "Nguyễn Thị Lành"),
        ("PHÓ GIÁM ĐỐC", "Phạm Văn Tĩnh"),
    ]


def test_a_note_at_the_foot_of_a_page_does_not_break_the_sentence_above_it():
    answer = as_answer(
        propose(
            "Theo báo cáo của các địa phương1, đề nghị Sở Y tế thực hiện các nội dung sau:\n1. Rà soát, bổ sung vật tư, hóa chất\n"
            "bảo đảm đủ dùng cho đến\n\n1\n    Báo cáo số 12/BC-DP ngày 01/11/2023 của Cục Y tế dự phòng.\n                   - 2 -\nhết mùa mưa bão.\n"
        )
    )

    assert [task["text"] for task in answer["tasks"]] == [
        "Rà soát, bổ sung vật tư, hóa chất bảo đảm đủ dùng cho đến hết mùa mưa bão."
    ]
    assert [cite["number"] for cite in answer["cites"]] == ["12/BC-DP"]
