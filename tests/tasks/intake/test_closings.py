"""Lines a document closes with, and whom a sentence that introduces the clauses asks."""

import pytest

from tasks.intake.reading import propose

BEFORE = "SỞ NỘI VỤ\nSố: 10/SNV\nKính gửi: Các sở, ban, ngành tỉnh\nSở Nội vụ đề nghị:\n1. Sở Tài chính bố trí kinh phí thực hiện.\n"


def said(text: str) -> list[tuple]:
    return [
        (task.clause, task.lead, task.deadlines[0].kind.value if task.deadlines else "none")
        for task in propose(text).tasks
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Trân trọng cảm ơn sự phối hợp của Quý cơ quan./.",
        "Sở Nội vụ thông báo để các cơ quan, đơn vị biết, thực hiện./.",
        "Chỉ thị này phổ biến đến chi bộ.",
        "Trong quá trình thực hiện, nếu có vướng mắc, các sở báo cáo Sở Nội vụ./.",
        "Yêu cầu Thủ trưởng các đơn vị nghiêm túc triển khai thực hiện./.",
    ],
)
def test_a_courtesy_or_a_call_to_do_what_is_written_is_no_task(line):
    assert said(BEFORE + line) == [("1", ("Sở Tài chính",), "none")]


def test_a_duty_in_the_second_sentence_is_the_task_of_whom_that_sentence_names():
    line = "Chủ tịch tỉnh yêu cầu các cơ quan nghiêm túc thực hiện. Văn phòng UBND tỉnh theo dõi, đôn đốc việc thực hiện./."

    assert said(BEFORE + line)[1:] == [("end", ("Văn phòng UBND tỉnh",), "none")]


def test_reporting_at_intervals_is_a_duty_with_a_period():
    line = "Căn cứ Kế hoạch này, các sở, ban, ngành triển khai thực hiện; định kỳ báo cáo kết quả về Sở Nội vụ./."

    assert said(BEFORE + line)[1:] == [("end", ("các sở, ban, ngành",), "periodic")]


def test_whom_the_asked_body_is_told_to_direct_is_not_asked():
    text = "Bộ Nội vụ đề nghị Ủy ban nhân dân các tỉnh chỉ đạo các cơ quan chức năng thực hiện các việc sau:\n1. Chi trả quà tặng đến từng đối tượng.\n"

    assert said(text) == [("1", ("Ủy ban nhân dân các tỉnh",), "none")]


def test_blocks_beside_an_item_are_read_whatever_the_time_line_is_called():
    text = (
        "1. Kết nối hệ thống của tỉnh với cơ sở dữ liệu quốc gia.\n- Cơ quan chủ trì: Sở Tư pháp.\n- Thời gian hoàn thành: Tháng 9/2023.\n"
        "2. Rà soát danh mục dịch vụ công.\n- Cơ quan chủ trì: Sở Nội vụ.\n- Tiến độ hoàn thành: Quý IV/2023.\n"
    )

    assert said(text) == [("1", ("Sở Tư pháp",), "month"), ("2", ("Sở Nội vụ",), "quarter")]
