"""Which paragraphs are tasks and whom they name, rule by rule, in texts made for each."""

import pytest

from tasks.intake.reading import propose


def said(text: str) -> list[tuple]:
    return [(task.clause, task.lead, task.coordinating) for task in propose(text).tasks]


def test_party_offices_set_a_dash_behind_their_numbers():
    text = "I- MỤC ĐÍCH\n1- Nâng cao nhận thức.\nII- TỔ CHỨC THỰC HIỆN\n1- Ban Dân vận Tỉnh ủy theo dõi.\n2- Sở Y tế:\n- Kiểm tra các cơ sở.\n- Lập danh sách.\n"

    assert said(text) == [
        ("II.1", ("Ban Dân vận Tỉnh ủy",), ()),
        ("II.2.-1", ("Sở Y tế",), ()),
        ("II.2.-2", ("Sở Y tế",), ()),
    ]


@pytest.mark.parametrize(
    "bracket",
    [
        "(Sở Y tế chủ trì, phối hợp với Công an tỉnh; hoàn thành trong quý I/2023)",
        "(Cơ quan chủ trì: Sở Y tế; cơ quan phối hợp: Công an tỉnh; thời gian: quý I/2023)",
    ],
)
def test_a_bracket_behind_the_order_says_who_leads_and_with_whom(bracket):
    task = propose(f"II. NHIỆM VỤ\n1. Tổ chức quán triệt Chỉ thị đến cán bộ {bracket}.\n").tasks[0]

    assert (task.lead, task.coordinating, task.why) == (("Sở Y tế",), ("Công an tỉnh",), ("bracket",))


def test_praise_and_consent_are_no_tasks_but_what_is_asked_behind_them_is():
    text = (
        "Chủ tịch UBND tỉnh kết luận:\n1. Ban Chỉ đạo đánh giá cao Sở Y tế, các địa phương trong thời gian qua.\n"
        "2. Đồng ý với đề nghị của các địa phương; giao Sở Xây dựng hướng dẫn thủ tục.\n3. Sở Tài chính bố trí kinh phí.\n"
    )

    assert said(text) == [("2", ("Sở Xây dựng",), ()), ("3", ("Sở Tài chính",), ())]


def test_items_that_only_say_how_much_leave_the_order_to_the_paragraph_above_them():
    text = (
        "Chủ tịch UBND tỉnh yêu cầu các sở, ban, ngành thực hiện:\n1. Tiến hành điều tra hộ nghèo theo mức sau:\n"
        "- Khu vực nông thôn: từ 400.000 đồng.\n- Khu vực thành thị: từ 500.000 đồng.\n2. Công bố kết quả điều tra.\n"
    )

    assert said(text) == [("1", ("các sở, ban, ngành",), ()), ("2", ("các sở, ban, ngành",), ())]


def test_a_table_whose_heading_is_divided_by_a_second_line_is_read_by_that_line():
    text = (
        "PHỤ LỤC\nTT | Nội dung công việc | Đơn vị thực hiện | | Thời gian thực hiện\n | | Chủ trì | Phối hợp |\n1 | 2 | 3 | 4 | 5\n"
        "1 | Biên soạn tài liệu hỏi đáp | Vụ Pháp chế | Nhà xuất bản Sự thật | Tháng 10/2024\n"
    )

    assert said(text) == [("PL.1", ("Vụ Pháp chế",), ("Nhà xuất bản Sự thật",))]


def test_one_column_for_who_leads_and_who_helps_is_divided_by_its_words():
    text = (
        "PHỤ LỤC\n| TT | Tên nhiệm vụ | Cơ quan chủ trì, cơ quan phối hợp | Thời gian |\n"
        "| 1 | Xây dựng trung tâm dữ liệu | Sở Nội vụ chủ trì; Sở Tài chính, Công an tỉnh phối hợp | 2023-2024 |\n"
        "| 2 | Tổ chức lớp tập huấn | Sở Công Thương | Quý II, III năm 2023 |\n"
    )

    assert said(text) == [
        ("PL.1", ("Sở Nội vụ",), ("Sở Tài chính", "Công an tỉnh")),
        ("PL.2", ("Sở Công Thương",), ()),
    ]


def test_an_unnumbered_line_between_a_heading_and_its_items_hands_its_bodies_down():
    text = "II. NHIỆM VỤ\n1. Đối với cấp huyện\nĐề nghị UBND các huyện:\n- Rà soát danh sách.\n- Gửi báo cáo.\n"

    assert said(text) == [("II.1.-1", ("UBND các huyện",), ()), ("II.1.-2", ("UBND các huyện",), ())]


def test_a_body_that_stands_behind_what_it_is_about_is_the_one_ordered():
    text = "Thường trực Huyện ủy kết luận:\n1. Về biên chế công chức: Ban Tổ chức Huyện ủy phối hợp với Phòng Nội vụ tham mưu.\n"

    assert said(text) == [("1", ("Ban Tổ chức Huyện ủy",), ("Phòng Nội vụ",))]


def test_under_a_heading_that_names_nobody_each_paragraph_that_orders_is_a_task_of_its_own():
    text = (
        "II. NHIỆM VỤ\n1. Sở Y tế rà soát danh sách.\nIII. TỔ CHỨC THỰC HIỆN\nThủ trưởng các sở, ban, ngành xây dựng kế hoạch.\n"
        "Giao Sở Nội vụ theo dõi, đôn đốc.\nYêu cầu các đơn vị nghiêm túc thực hiện.\n"
    )

    assert said(text) == [
        ("II.1", ("Sở Y tế",), ()),
        ("III.p1", ("Thủ trưởng các sở, ban, ngành",), ()),
        ("III.p2", ("Sở Nội vụ",), ()),
    ]


def test_units_behind_the_colon_of_a_word_for_all_of_them_are_the_ones_ordered():
    text = "Chủ tịch UBND tỉnh yêu cầu:\n1. Các đơn vị: Đài Truyền hình tỉnh, Báo Hưng Phú tăng thời lượng phát sóng.\n"

    assert said(text) == [("1", ("Đài Truyền hình tỉnh", "Báo Hưng Phú"), ())]


def test_whom_a_polite_title_stands_before_is_named_without_it():
    text = "Sở Nội vụ đề nghị Đồng chí Giám đốc Sở Y tế chỉ đạo thực hiện các nội dung sau:\n1. Rà soát danh sách, gửi về Sở Nội vụ.\n"

    assert said(text) == [("1", ("Giám đốc Sở Y tế",), ())]


def test_a_partner_may_stand_behind_cung_alone():
    text = "Chủ tịch UBND tỉnh kết luận:\n1. Sở Y tế chủ trì, cùng Sở Tài chính tham mưu bố trí vốn.\n"

    assert said(text) == [("1", ("Sở Y tế",), ("Sở Tài chính",))]
