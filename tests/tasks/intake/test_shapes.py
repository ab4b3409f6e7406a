"""What a document says does not depend on the program that left it: the same is read from every shape."""

import io
from pathlib import Path

import docx
import pytest

from records.extraction import read_content
from tasks.intake.proposal import as_answer
from tasks.intake.reading import propose
from tasks.textcleaning import clean
from tests.tasks.intake import shapes

DOCUMENTS = Path(__file__).parent / "documents"
NAMES = sorted(path.stem for path in DOCUMENTS.glob("*.txt"))


def said(text: str) -> dict:
    """What is compared: head, other documents, and of each task who, with whom, until when."""
    answer = as_answer(propose(clean(text).body))
    return {
        "header": {key: answer["header"][key] for key in ("type", "issuer", "number", "date", "place", "signer_name")},
        "cites": [(cite["number"], cite["date"]) for cite in answer["cites"]],
        "tasks": [
            (task["clause"], task["lead"], task["coordinating"], task["deadline"]["kind"], task["deadline"]["date"])
            for task in answer["tasks"]
        ],
    }


def text_of(name: str) -> str:
    return (DOCUMENTS / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", shapes.TEXTS)
def test_a_document_in_another_shape_says_the_same(name, shape):
    text = text_of(name)

    assert said(shapes.TEXTS[shape](text)) == said(text)


@pytest.mark.parametrize("name", NAMES)
def test_a_word_file_with_its_head_in_a_table_says_the_same(name):
    text = text_of(name)

    assert said(read_content(shapes.as_word(text), ".docx").text or "") == said(text)


def test_a_word_table_whose_heading_cells_are_merged_keeps_its_columns():
    document = docx.Document()
    document.add_paragraph("PHỤ LỤC")
    rows = (
        ("TT", "Nội dung công việc", "Đơn vị thực hiện", "", "Thời gian"),
        ("", "", "Chủ trì", "Phối hợp", ""),
        ("1", "Biên soạn tài liệu hỏi đáp", "Vụ Pháp chế", "Nhà xuất bản Sự thật", "Tháng 10/2024"),
    )
    table = document.add_table(len(rows), 5)
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
    table.cell(0, 2).merge(table.cell(0, 3))
    for column in (0, 1, 4):
        table.cell(0, column).merge(table.cell(1, column))
    stream = io.BytesIO()
    document.save(stream)

    assert said(read_content(stream.getvalue(), ".docx").text or "")["tasks"] == [
        ("PL.1", ["Vụ Pháp chế"], ["Nhà xuất bản Sự thật"], "month", "2024-10-31")
    ]
