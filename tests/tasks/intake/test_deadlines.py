"""Times as they are written, and what they are the last day of."""

import pytest

from tasks.intake.deadlines import in_time_column, stated_in


def said(text: str) -> list[tuple]:
    return [(one.kind.value, one.date, one.text) for one in stated_in(text)]


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("Báo cáo UBND tỉnh trước ngày 05/10/2026.", [("date", "2026-10-05", "trước ngày 05/10/2026")]),
        (
            "hoàn thành chậm nhất ngày 2 tháng 5 năm 2024.",
            [("date", "2024-05-02", "chậm nhất ngày 2 tháng 5 năm 2024")],
        ),
        ("trình Chính phủ trong quý III năm 2012.", [("quarter", "2012-09-30", "trong quý III năm 2012")]),
        ("trình Chính phủ trong quý 1/2019.", [("quarter", "2019-03-31", "trong quý 1/2019")]),
        ("báo cáo Bộ Nội vụ trong tháng 02/2024.", [("month", "2024-02-29", "trong tháng 02/2024")]),
        (
            "Hàng năm, tiến hành rà soát. Đến năm 2015, hoàn thành chương trình.",
            [("periodic", None, "Hàng năm"), ("year", "2015-12-31", "Đến năm 2015")],
        ),
        ("báo cáo về Bộ trước ngày 25 hàng tháng để tổng hợp.", [("periodic", None, "trước ngày 25 hàng tháng")]),
        ("kiểm tra mỗi năm ít nhất 01 lần.", [("periodic", None, "mỗi năm")]),
        ("báo cáo kết quả vào tháng 11/2023.", [("month", "2023-11-30", "vào tháng 11/2023")]),
        ("tổ chức trong Quý II, III năm 2023.", [("quarter", "2023-09-30", "trong Quý II, III năm 2023")]),
        ("theo dõi, đôn đốc, hằng năm báo cáo kết quả.", [("periodic", None, "hằng năm")]),
        ("gửi Phòng Nội vụ trước ngày 15 của tháng đầu quý.", [("periodic", None, "trước ngày 15 của tháng đầu quý")]),
        ("thắp nến tri ân vào 20 giờ 00 ngày 26/7/2025.", [("date", "2025-07-26", "vào 20 giờ 00 ngày 26/7/2025")]),
        ("hoàn thành hỗ trợ nhà ở đến hết năm 2019.", [("year", "2019-12-31", "đến hết năm 2019")]),
    ],
)
def test_a_stated_time_is_the_last_good_day(text, stated):
    assert said(text) == stated


@pytest.mark.parametrize(
    "text",
    [
        "Khẩn trương triển khai ngay.",
        "theo đúng tiến độ quy định.",
        "thực hiện Nghị định số 29/2008/NĐ-CP ngày 14 tháng 3 năm 2008 của Chính phủ.",
        "kỷ niệm 70 năm Chiến thắng (07/5/1954 - 07/5/2024).",
        "giai đoạn 2021 - 2030.",
        "xây dựng kế hoạch 5 năm và hằng năm để triển khai.",
        "theo kế hoạch hàng năm và dài hạn.",
        "bố trí trong dự toán ngân sách hằng năm.",
        "rà soát Quy hoạch phát triển đến năm 2020.",
        "trước ngày 31/02/2024.",
        "hoàn thành trước ngày 15/4.",
        "Quyết định được ban hành vào ngày 05/5/2020.",
        "đưa vào tiêu chí đánh giá thi đua hàng năm.",
        "Thường xuyên kiểm tra, giám sát.",
    ],
)
def test_no_date_is_invented(text):
    assert said(text) == []


@pytest.mark.parametrize(
    ("cell", "stated"),
    [
        ("Tháng 8/2024", ("month", "2024-08-31", "Tháng 8/2024")),
        ("Tháng 8/2024 và thường xuyên", ("month", "2024-08-31", "Tháng 8/2024 và thường xuyên")),
        ("Quý II và Quý III/2026", ("quarter", "2026-09-30", "Quý II và Quý III/2026")),
        ("2024 - 2025", ("year", "2025-12-31", "2024 - 2025")),
        ("Thường xuyên", ("periodic", None, "Thường xuyên")),
        ("Hằng quý", ("periodic", None, "Hằng quý")),
        ("Từ tháng 11/2013 trở đi", ("none", None, "Từ tháng 11/2013 trở đi")),
        ("Sau khi có hướng dẫn", ("none", None, "Sau khi có hướng dẫn")),
        ("", ("none", None, None)),
    ],
)
def test_a_time_column_keeps_its_whole_words(cell, stated):
    found = in_time_column(cell)

    assert (found.kind.value, found.date, found.text) == stated
