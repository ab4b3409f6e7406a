"""A document on its way from the file to issued work, as each kind of file that offices send."""

import html

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from records.errors import SecretDocumentRefused
from records.extraction import read_content
from tasks.intake.reading import propose
from tasks.sources import read_document
from tests.browser.papers import as_file, printed
from tests.browser.stage import TEXT
from tests.tasks.intake.shapes import parts_of
from tests.tasks.intake.test_shapes import DOCUMENTS, said

SECRET = "ĐẢNG BỘ TỈNH SÔNG MÂY\nTUYỆT MẬT\nKẾ HOẠCH\nvề công tác tổ chức\n\n1. Ban Tuyên giáo chủ trì hướng dẫn."


def uploaded(text: str, kind: str, browser) -> SimpleUploadedFile:
    file = as_file(text, kind, browser)
    return SimpleUploadedFile(file["name"], file["buffer"], content_type=file["mimeType"])


@pytest.mark.parametrize("kind", ["txt", "docx", "pdf"])
def test_the_real_directive_reads_the_same_from_every_kind_of_file(browser, kind):
    text = read_document(uploaded(TEXT.read_text(encoding="utf-8"), kind, browser)).text
    proposal = propose(text.body, [note["text"] for note in text.footnotes])
    assert [(task.clause, len(task.lead), len(task.coordinating)) for task in proposal.tasks] == [
        ("1.-1", 4, 0),
        ("1.-2", 1, 1),
        ("1.-3", 1, 1),
        ("2", 1, 1),
        ("3.-1", 1, 2),
        ("3.-2", 1, 0),
    ]
    assert [cite.number for cite in proposal.cites] == ["135-HD/BTGTW", "114/HĐ-MTTW-BTT"]
    assert proposal.header.signers[0].name == "A Pót"


def test_a_document_that_was_printed_with_its_head_in_two_columns_says_the_same(browser):
    text = (DOCUMENTS / "thong-bao-ket-luan.txt").read_text(encoding="utf-8")
    left, right, rest = parts_of(text)
    head = "".join(f"<td>{'<br>'.join(map(html.escape, column))}</td>" for column in (left, right))
    below = "".join(f"<p>{html.escape(line.strip())}</p>" for line in rest.split("\n") if line.strip())

    file = printed(f"<table><tr>{head}</tr></table>{below}", browser)

    assert said(read_content(file, ".pdf").text or "") == said(text)


@pytest.mark.parametrize("kind", ["txt", "docx", "pdf"])
def test_a_mark_of_secrecy_is_seen_in_every_kind_of_file(browser, kind):
    with pytest.raises(SecretDocumentRefused):
        read_document(uploaded(SECRET, kind, browser))
