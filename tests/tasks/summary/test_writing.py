"""The summary report's own Word file: what stands where, what is left blank, and what bad data comes to."""

import time

import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from tasks.models import SummaryReport
from tasks.summary.writing import write
from tests.factories import at
from tests.tasks.summary.frozen import AS_OF, NO_FIGURES, frozen, indicator, said, task, unit_row
from tests.tasks.summary.measuring import opened

DEMO = "DỮ LIỆU THỬ – SỐ LIỆU GIẢ ĐỊNH"


def paper_of(*, demo: bool = False, draft: int = 2, as_of=AS_OF, **values):
    report = SummaryReport(draft_number=draft, as_of=as_of, profile="HD36", data=frozen(**values))
    return opened(write(report, moment=AS_OF, demo=demo))


def texts(paper) -> list[str]:
    return [paragraph.text for paragraph in paper.paragraphs if paragraph.text.strip()]


def cells(table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_the_report_follows_its_skeleton_from_the_title_to_the_proposals():
    found = texts(paper_of())

    assert found[: found.index("Phụ lục 1")] == [
        "BÁO CÁO",
        "tổng hợp kết quả thực hiện Công văn số 127-CV/TU, ngày 05/02/2024 của Ban Thường vụ Tỉnh ủy về tuyên truyền kỷ "
        "niệm 70 năm Chiến thắng Điện Biên Phủ",
        "-----",
        "Thực hiện Công văn số 127-CV/TU, ngày 05/02/2024 của Ban Thường vụ Tỉnh ủy về tuyên truyền kỷ niệm 70 năm Chiến "
        "thắng Điện Biên Phủ, kết quả tổng hợp đến ngày 20/5/2024 như sau:",
        "I- CÔNG TÁC LÃNH ĐẠO, CHỈ ĐẠO, TRIỂN KHAI",
        "Đến nay 2/3 đơn vị đã ban hành văn bản triển khai:",
        "- Huyện ủy Đắk Hà: Kế hoạch số 12-KH/HU, ngày 20/02/2024;",
        "- Tỉnh đoàn: Hướng dẫn.",
        "Chưa ban hành văn bản triển khai: Huyện ủy Ngọc Hồi.",
        "II- KẾT QUẢ THỰC HIỆN",
        "1. Đợt sinh hoạt chính trị tư tưởng, công tác tuyên truyền",
        "a) Ban hành kế hoạch tuyên truyền (nhiệm vụ 1a.1)",
        "- Huyện ủy Đắk Hà: Đã tổ chức 11 buổi nói chuyện.",
        "- Tỉnh đoàn: Đã có 5 câu lạc bộ.",
        "Dòng thứ hai <A & B>.",
        "b) Cổ động trực quan (nhiệm vụ 1a.2)",
        "Chưa có nội dung báo cáo được xác nhận.",
        "2. Rà soát, gặp mặt, thăm hỏi, tri ân",
        "a) Rà soát, thăm hỏi (nhiệm vụ 1b.1)",
        "- Số người được thăm: 31 người (mức phấn đấu 40, đạt 77%; 9/10 đơn vị báo cáo);",
        "- Kinh phí: chưa có số liệu (mức phấn đấu 40, đạt 77%; 9/10 đơn vị báo cáo).",
        "3. Tình hình tiến độ các nhiệm vụ",
        "8 phần việc trong thống kê: 5 hoàn thành, 1 quá hạn.",
        "Chi tiết theo đơn vị tại Phụ lục 1; chỉ tiêu tại Phụ lục 2. Đã gia hạn 2 lần, trả lại báo cáo 1 lần.",
        "Các phần việc quá hạn chưa hoàn thành:",
        "Nhiệm vụ còn chờ quyết định có áp dụng hay không:",
        "- Cầu truyền hình (2.1): Ban cán sự đảng UBND tỉnh quyết định trước ngày 19/4/2024.",
        "III- ĐÁNH GIÁ CHUNG",
        "1. Ưu điểm",
        "Các đơn vị triển khai nghiêm túc.",
        "2. Hạn chế, nguyên nhân",
        "Khó khăn các đơn vị nêu:",
        "- Huyện ủy Đắk Hà: Kinh phí cấp chậm.",
        "IV- NHIỆM VỤ THỜI GIAN TỚI; KIẾN NGHỊ, ĐỀ XUẤT",
        "1. Nhiệm vụ thời gian tới",
        "Các nhiệm vụ sắp đến hạn:",
        "- Ngày 31/5/2024: Rà soát, thăm hỏi (1b.1), 2 đơn vị.",
        "2. Kiến nghị, đề xuất",
        "- Huyện ủy Đắk Hà: Cấp thêm kinh phí.",
    ]


def test_number_day_and_signature_stay_blank():
    paper = paper_of()
    left, right = paper.tables[0].rows[0].cells
    below, signing = paper.tables[3].rows[0].cells

    assert [" ".join(paragraph.text.split()) for paragraph in left.paragraphs] == [
        "TỈNH ỦY KON TUM",
        "VĂN PHÒNG",
        "*",
        "Số -BC/VPTU",
        "Dự thảo lần 2",
    ]
    assert [" ".join(paragraph.text.split()) for paragraph in right.paragraphs] == [
        "ĐẢNG CỘNG SẢN VIỆT NAM",
        "",
        "Kon Tum, ngày tháng năm 2024",
    ]
    assert [paragraph.text for paragraph in below.paragraphs] == [
        "Nơi nhận:",
        "- Ban Tuyên giáo Trung ương (b/c),",
        "- Thường trực Tỉnh ủy (b/c),",
        "- Lưu Văn phòng Tỉnh ủy.",
    ]
    assert [paragraph.text for paragraph in signing.paragraphs] == [
        "K/T CHÁNH VĂN PHÒNG",
        "PHÓ CHÁNH VĂN PHÒNG",
        "",
        "",
        "",
        "",
        "",
    ]


def test_the_four_classes_add_up_and_the_overdue_work_says_why():
    paper = paper_of()

    assert cells(paper.tables[1]) == [
        ["Phân loại", "Số phần việc", "Tỷ lệ"],
        ["Hoàn thành đúng hạn", "4", "50%"],
        ["Hoàn thành quá hạn", "1", "12,5%"],
        ["Chưa hoàn thành, trong hạn", "2", "25%"],
        ["Chưa hoàn thành, quá hạn", "1", "12,5%"],
        ["Tổng số phần việc trong thống kê", "8", "100%"],
    ]
    assert cells(paper.tables[2])[1:] == [
        [
            "1",
            "1a.2",
            "Cổ động trực quan",
            "Đoàn <A & B>",
            "07/5/2024",
            "13",
            "Khách quan: mưa lũ; dự kiến xong 31/5/2024",
        ]
    ]


def test_the_appendices_hold_units_indicators_and_the_registrys_numbers():
    paper = paper_of()

    units, indicators, registry = (cells(table) for table in paper.tables[4:])
    assert units[1:] == [
        ["1", "Huyện ủy Đắk Hà", "5", "4", "0", "1", "1", "0", "0", "1", "0", "4/4 (100%)"],
        ["2", "Đoàn <A & B>", "3", "0", "1", "1", "0", "1", "3", "1", "1", "0/2 (0%)"],
        ["", "Tổng số", "8", "4", "1", "2", "1", "1", "3", "2", "1", "4/6 (66%)"],
    ]
    assert indicators == [
        ["STT", "Mã", "Chỉ tiêu", "Đơn vị tính", "Kết quả", "Mức phấn đấu", "Tỷ lệ đạt", "Đơn vị báo cáo"],
        ["1", "1b.1", "Số người được thăm", "người", "31", "40", "77%", "9/10"],
        ["2", "1b.1", "Kinh phí", "người", "chưa có", "40", "77%", "9/10"],
    ]
    assert registry == [
        ["STT", "Địa bàn", "Người đã xác minh", "Đã được thăm"],
        ["1", "Huyện Đắk Hà", "12", "7"],
        ["2", "Huyện Sa Thầy", "không nêu", "không nêu"],
        ["", "Tổng số", "1.234", "7"],
    ]


def test_each_appendix_stands_on_pages_across_under_a_head_of_its_own():
    paper = paper_of()

    assert [section.orientation for section in paper.sections] == [WD_ORIENT.PORTRAIT, *[WD_ORIENT.LANDSCAPE] * 3]
    found = texts(paper)
    assert [found[found.index(f"Phụ lục {number}") + 1] for number in (1, 2, 3)] == [
        "BIỂU TỔNG HỢP TIẾN ĐỘ THỰC HIỆN NHIỆM VỤ",
        "BIỂU TỔNG HỢP CHỈ TIÊU",
        "BIỂU TỔNG HỢP SỐ LIỆU TRI ÂN THEO ĐỊA BÀN",
    ]
    assert " ".join(found[found.index("Phụ lục 3") + 2].split()) == (
        "(kèm theo Báo cáo số -BC/VPTU, ngày tháng năm 2024 của Văn phòng Tỉnh ủy Kon Tum)"
    )
    # 297 mm less the edges of 20 mm.
    widths = [sum(round(column.width.mm, 1) for column in table.columns) for table in paper.tables[4:]]
    assert [round(width) for width in widths] == [257, 257, 257]


def test_heads_of_tables_are_repeated_and_no_row_is_split():
    paper = paper_of()

    for table in [*paper.tables[1:3], *paper.tables[4:]]:
        first, *rest = table.rows
        assert first._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
        assert all(row._tr.trPr.find(qn("w:tblHeader")) is None for row in rest)


def test_pages_are_numbered_from_the_second_on_through_the_appendices():
    first, *appendices = paper_of().sections

    assert first.different_first_page_header_footer
    assert "PAGE" not in first.first_page_header._element.xml
    assert "PAGE" in first.header._element.xml
    assert [section.different_first_page_header_footer for section in appendices] == [False, False, False]
    assert [section.header.is_linked_to_previous for section in appendices] == [True, True, True]


@pytest.mark.parametrize(("demo", "expected"), [(True, [True, True, True, True, True]), (False, [False] * 5)])
def test_every_page_of_the_demo_says_that_the_data_is_invented(demo, expected):
    paper = paper_of(demo=demo)

    tops = [paper.sections[0].first_page_header, *(section.header for section in paper.sections)]
    assert [DEMO in top.paragraphs[0].text for top in tops] == expected


@pytest.mark.parametrize("name", ["A & B", "<w:p>", "\"'", "Đơn vị\x00 lạ\x0b", "{{ 7*7 }}", "]]>", "\ud800"])
def test_names_are_names_whatever_stands_in_them(name):
    paper = paper_of(
        units=[unit_row(name, done_on_time=1)],
        clauses=[{"code": "1", "heading": name, "tasks": [task(title=name, said=[said(name, name)])]}],
    )

    shown = name.replace("\x00", "").replace("\x0b", "").replace("\ud800", "")
    assert cells(paper.tables[4])[1][1] == shown
    assert f"- {shown}: {shown}".strip() in [text.strip() for text in texts(paper)] or shown == ""


def test_a_long_narrative_is_whole():
    words = "Kết quả tuyên truyền. " * 455
    paper = paper_of(clauses=[{"code": "1", "heading": "Mục", "tasks": [task(said=[said(text=words)])]}])

    assert f"- Huyện ủy Đắk Hà: {words.strip()}" in texts(paper)


def test_a_directive_without_assignments_is_told_in_words():
    paper = paper_of(
        total=NO_FIGURES,
        units=[],
        clauses=[],
        overdue=[],
        conditions=[],
        coming=[],
        registry=None,
        leading={"asked": 0, "papers": [], "missing": []},
        typed={"good": "", "bad": "", "next": ""},
    )

    found = texts(paper)
    assert [text for text in found if text.startswith(("Không", "Chưa", "Văn bản", "Các đơn vị", "……"))] == [
        "Không có đơn vị nào phải ban hành văn bản triển khai.",
        "Chưa có nhiệm vụ nào được giao cho đơn vị chủ trì.",
        "……",
        "……",
        "……",
        "Các đơn vị không có kiến nghị, đề xuất.",
        "Chưa có đơn vị nào được giao nhiệm vụ chủ trì.",
        "Văn bản không có chỉ tiêu nào.",
    ]
    assert "1. Tình hình tiến độ các nhiệm vụ" in found
    assert len(paper.sections) == 3


def test_work_outside_the_figures_alone_has_no_table_of_classes():
    paper = paper_of(total={**NO_FIGURES, "outside": 3}, overdue=[])

    assert "Phân loại" not in [table.rows[0].cells[0].text for table in paper.tables]
    assert "8 phần việc trong thống kê: 5 hoàn thành, 1 quá hạn." in texts(paper)


def test_points_are_counted_as_vietnamese_documents_count_them():
    tasks = [task(f"1.{number}", f"Việc {number}") for number in range(1, 26)]
    found = texts(paper_of(clauses=[{"code": "1", "heading": "Mục", "tasks": tasks}]))

    assert [text.split(")")[0] for text in found if "(nhiệm vụ 1." in text] == [
        *["a", "b", "c", "d", "đ", "e", "g", "h", "i", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u", "v"],
        *["x", "y", "24", "25"],
    ]


def test_what_one_unit_says_twice_stands_once_and_the_offices_words_come_first():
    hard = [said(difficulties="Thiếu kinh phí."), said(difficulties="Thiếu\nkinh phí."), said("Tỉnh đoàn", "Đã làm.")]
    found = texts(
        paper_of(
            clauses=[{"code": "1", "heading": "Mục", "tasks": [task(said=hard)]}],
            typed={"good": "", "bad": "Một số đơn vị chậm.\n\nThiếu đôn đốc.", "next": ""},
        )
    )

    start = found.index("2. Hạn chế, nguyên nhân")
    assert found[start + 1 : start + 5] == [
        "Một số đơn vị chậm.",
        "Thiếu đôn đốc.",
        "Khó khăn các đơn vị nêu:",
        "- Huyện ủy Đắk Hà: Thiếu kinh phí.",
    ]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Số người được thăm: 31 người (mức phấn đấu 40, đạt 77%; 9/10 đơn vị báo cáo)"),
        ({"target": "", "share": ""}, "Số người được thăm: 31 người (9/10 đơn vị báo cáo)"),
        (
            {"measure": "", "reported": 1234, "asked": 2000, "target": "", "share": ""},
            "Số người được thăm: 31 (1.234/2.000 đơn vị báo cáo)",
        ),
    ],
)
def test_an_indicator_says_what_is_known_of_it(values, words):
    found = texts(
        paper_of(clauses=[{"code": "1", "heading": "", "tasks": [task(said=[], indicators=[indicator(**values)])]}])
    )

    assert f"- {words}." in found
    assert "1. Điểm 1" in found


def test_the_day_of_the_figures_is_that_of_vietnam():
    found = texts(paper_of(as_of=at("2024-05-21", "00:30")))

    assert any(text.endswith("kết quả tổng hợp đến ngày 21/5/2024 như sau:") for text in found)


def test_the_report_of_22_units_and_300_reports_takes_less_than_three_seconds():
    voices = [
        said(f"Đơn vị {number}", "Đã tổ chức. " * 40, difficulties="Khó.", proposals="Xin.") for number in range(19)
    ]
    clauses = [
        {
            "code": str(clause),
            "heading": "Mục",
            "tasks": [task(f"{clause}.{number}", said=voices) for number in range(4)],
        }
        for clause in range(4)
    ]
    report = SummaryReport(
        draft_number=1, as_of=AS_OF, profile="HD36", data=frozen(clauses=clauses, units=[unit_row()] * 22)
    )
    begun = time.process_time()

    data = write(report, moment=AS_OF, demo=False)

    assert time.process_time() - begun < 3
    assert len([text for text in texts(opened(data)) if text.startswith("- Đơn vị 7: Đã")]) == 16
