"""Whole documents of the kinds offices send, invented for this test, and what a careful reader takes out of each."""

import json
from pathlib import Path

import pytest

from tasks.intake.proposal import as_answer
from tasks.intake.reading import propose
from tasks.textcleaning import clean

DOCUMENTS = Path(__file__).parent / "documents"
REAL = Path(__file__).parents[3] / "tasks/data/kon-tum-70-nam-dien-bien-phu.txt"
NOT_LABELLED = ("start", "end", "why")


def answer_of(text: str) -> dict:
    body, notes = clean(text)
    return as_answer(propose(body, [note["text"] for note in notes]))


@pytest.mark.parametrize(
    "name",
    [
        "chi-thi-tinh-uy",
        "cong-dien",
        "cong-van-khong-danh-so",
        "huong-dan-lien-nganh",
        "ke-hoach-co-phu-luc",
        "thong-bao-ket-luan",
    ],
)
def test_a_document_is_read_as_its_label_says(name):
    label = json.loads((DOCUMENTS / f"{name}.json").read_text(encoding="utf-8"))

    answer = answer_of((DOCUMENTS / f"{name}.txt").read_text(encoding="utf-8"))

    tasks = [{key: value for key, value in task.items() if key not in NOT_LABELLED} for task in answer["tasks"]]
    assert {**answer, "tasks": tasks} == label


def test_every_document_of_the_folder_is_tried():
    assert sorted(path.stem for path in DOCUMENTS.glob("*.txt")) == sorted(
        path.stem for path in DOCUMENTS.glob("*.json")
    )
    assert len(list(DOCUMENTS.glob("*.txt"))) == 6


def test_the_real_directive_gives_six_tasks_with_the_units_of_heading_or_sentence():
    answer = answer_of(REAL.read_text(encoding="utf-8"))

    assert [(task["clause"], task["lead"], task["coordinating"]) for task in answer["tasks"]] == [
        (
            "1.-1",
            [
                "Đảng đoàn Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh",
                "các tổ chức chính trị-xã hội tỉnh",
                "Ban Thường vụ Tỉnh đoàn",
                "các huyện ủy, thành ủy, đảng ủy trực thuộc Tỉnh ủy",
            ],
            [],
        ),
        ("1.-2", ["Đảng đoàn Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh"], ["các địa phương, đơn vị liên quan"]),
        ("1.-3", ["Đảng ủy Quân sự tỉnh"], ["Đảng đoàn Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh"]),
        ("2", ["Ban cán sự đảng Ủy ban nhân dân tỉnh"], ["Đài Truyền hình Việt Nam"]),
        (
            "3.-1",
            ["Ban Tuyên giáo Tỉnh ủy"],
            ["Hãng phim Tài liệu và Khoa học Trung ương", "Đài Truyền hình Việt Nam"],
        ),
        ("3.-2", ["Ban Tuyên giáo Tỉnh ủy"], []),
    ]
    assert [task["deadline"]["kind"] for task in answer["tasks"]] == ["none"] * 6
    assert [task.get("condition") for task in answer["tasks"]] == [
        None,
        None,
        None,
        "nếu có điểm cầu ở tỉnh Kon Tum",
        None,
        None,
    ]
    assert answer["header"]["signer_name"] == "A Pót"
    assert [cite["number"] for cite in answer["cites"]] == ["135-HD/BTGTW", "114/HĐ-MTTW-BTT"]


@pytest.mark.parametrize("path", [REAL, *sorted(DOCUMENTS.glob("*.txt"))], ids=lambda path: path.stem)
def test_every_task_points_at_its_own_paragraph_in_the_clean_text(path):
    body, _ = clean(path.read_text(encoding="utf-8"))

    for task in propose(body).tasks:
        words = " ".join(body[task.start : task.end].split())
        assert words[:40] == " ".join(task.text.split())[:40]


def test_every_proposal_says_which_rule_made_it():
    body, _ = clean(REAL.read_text(encoding="utf-8"))

    assert [task.why for task in propose(body).tasks] == [
        ("heading",),
        ("subject",),
        ("subject",),
        ("subject",),
        ("heading",),
        ("heading",),
    ]
