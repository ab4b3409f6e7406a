"""A paragraph with several orders gives them one by one."""

from pathlib import Path

import pytest

from tasks.intake.proposal import TaskProposal
from tasks.intake.reading import propose
from tasks.intake.splitting import split
from tasks.textcleaning import clean

REAL = Path(__file__).parents[3] / "tasks/data/kon-tum-70-nam-dien-bien-phu.txt"

SIXTEEN = [
    "Chỉ đạo tổ chức đợt sinh hoạt",
    "Đẩy mạnh công tác thông tin tuyên",
    "Phát động phong trào thi đua yêu",
    "Tổ chức các hoạt động văn hóa,",
    "Khuyến khích cán bộ, đảng viên, đoàn",
    "Rà soát danh sách cựu chiến binh,",
    "Xây dựng Kế hoạch tổ chức gặp",
    "Tổ chức gặp mặt, thăm hỏi, tri",
    "Bám sát chỉ đạo, hướng dẫn của",
    "Phối hợp với Đảng đoàn Ủy ban",
    "Lãnh đạo Ủy ban nhân dân tỉnh",
    "Hướng dẫn các cấp ủy, cơ quan,",
    "Hưởng ứng các cuộc thi tìm hiểu,",
    "Chỉ đạo Đài Phát thanh-Truyền hình tỉnh",
    "Tăng cường nắm bắt tình hình trên",
    "Theo dõi, kiểm tra, đôn đốc việc",
]


def parts_of(text: str):
    body, _ = clean(text)
    return [part for task in propose(body).tasks for part in split(task, body)], body


def test_the_real_directive_is_split_into_its_sixteen_tasks():
    parts, body = parts_of(REAL.read_text(encoding="utf-8"))

    assert [part.title[: len(words)] for part, words in zip(parts, SIXTEEN, strict=True)] == SIXTEEN
    assert [number for number, part in enumerate(parts, start=1) if part.encouraged] == [5]
    assert [number for number, part in enumerate(parts, start=1) if part.condition] == [11]
    assert [body[start:end] for start, end in parts[7].spans] == [
        "Đảng đoàn Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh chủ trì, phối hợp với các địa phương, đơn vị liên quan",
        "tổ chức gặp mặt, thăm hỏi, tri ân trong dịp kỷ niệm Sự kiện trên",
    ]
    assert parts[13].coordinating == ("Hãng phim Tài liệu và Khoa học Trung ương", "Đài Truyền hình Việt Nam")


@pytest.mark.parametrize(
    ("order", "titles"),
    [
        ("Giao Sở Y tế theo dõi, kiểm tra, đôn đốc việc thực hiện.", ["Theo dõi, kiểm tra, đôn đốc việc thực hiện"]),
        (
            "Sở Y tế chủ trì, phối hợp với Sở Nội vụ rà soát các trạm y tế xã, xây dựng đề án sắp xếp lại mạng lưới.",
            ["Rà soát các trạm y tế xã", "Xây dựng đề án sắp xếp lại mạng lưới"],
        ),
        (
            "Sở Y tế rà soát nhân lực tuyến xã; tham mưu UBND tỉnh bố trí kinh phí.",
            ["Rà soát nhân lực tuyến xã", "Tham mưu UBND tỉnh bố trí kinh phí"],
        ),
        (
            "Phối hợp với Sở Y tế xây dựng kế hoạch tổ chức khám sức khỏe cho người cao tuổi.",
            ["Phối hợp với Sở Y tế xây dựng kế hoạch tổ chức khám sức khỏe cho người cao tuổi"],
        ),
        (
            "Sở Y tế nghiêm túc thực hiện (khám; cấp thuốc; báo cáo).",
            ["Nghiêm túc thực hiện (khám; cấp thuốc; báo cáo)"],
        ),
    ],
)
def test_verbs_begin_orders_and_chains_of_verbs_stay_together(order, titles):
    parts, _ = parts_of(f"Ủy ban nhân dân tỉnh yêu cầu Sở Y tế:\n1. {order}\n")

    assert [part.title for part in parts] == titles


def test_broken_lines_and_pages_change_no_order():
    whole = (
        "Ban Dân vận chủ trì, phối hợp với Hội Nông dân rà soát danh sách các hộ khó khăn để xây dựng kế hoạch tổ chức "
        "thăm hỏi trong dịp lễ, hướng dẫn các xã cấp phát quà; báo cáo kết quả theo Công văn số 12-CV/TU."
    )
    broken = whole.replace("kế hoạch tổ chức", "kế hoạch tổ\nchức").replace("danh sách", "danh\n\n2\n\nsách")
    broken = broken.replace("12-CV/TU", "12-\nCV/TU")

    parts, broken_parts = (
        split(TaskProposal("1", text, 0, len(text), ("Ban Dân vận",)), text) for text in (whole, broken)
    )

    assert [part.title for part in parts] == [
        "Rà soát danh sách các hộ khó khăn",
        "Xây dựng kế hoạch tổ chức thăm hỏi trong dịp lễ",
        "Tổ chức thăm hỏi trong dịp lễ",
        "Hướng dẫn các xã cấp phát quà",
        "Báo cáo kết quả theo Công văn số 12-CV/TU",
    ]
    assert [part.title for part in broken_parts] == [part.title for part in parts]
    assert [broken[start:end][:3] for part in broken_parts for start, end in part.spans[-1:]] == [
        "Ban",
        "xây",
        "tổ\n",
        "hướ",
        "báo",
    ]
