"""What a document says does not depend on the program that left it: the same is read from every shape."""

import shutil
from pathlib import Path

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


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice prints the PDF")
def test_a_pdf_that_was_printed_from_word_says_the_same():
    text = text_of("thong-bao-ket-luan")

    assert said(read_content(shapes.as_pdf(shapes.as_word(text)), ".pdf").text or "") == said(text)
