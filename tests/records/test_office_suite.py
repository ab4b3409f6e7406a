"""PDFs by the real office suite: what comes out, and that nothing of it is left when it takes too long."""

import io
import os
import time
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfReader

from records.office_suite import CannotConvert, find_program, to_pdf
from tests.services import office_suite


def word(*lines: str) -> bytes:
    paper = Document()
    for text in lines:
        paper.add_paragraph(text)
    buffer = io.BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


def script(folder: Path, body: str) -> str:
    """A program of the test that stands in the office suite's place."""
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


def processes_named(name: str) -> list[int]:
    """Processes of which an argument is this name; those that were just ended get a moment to go."""
    last = time.monotonic() + 3
    while (found := _named(name)) and time.monotonic() < last:
        time.sleep(0.05)
    return found


def _named(name: str) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if name.encode() in arguments:
            found.append(int(folder.name))
    return found


def test_a_word_file_becomes_a_pdf_with_its_words():
    data = to_pdf(word("Báo cáo tổng hợp <A & B>"), program=office_suite())

    pages = PdfReader(io.BytesIO(data)).pages
    assert [page.extract_text().strip() for page in pages] == ["Báo cáo tổng hợp <A & B>"]


def test_two_at_a_time_do_not_disturb_each_other():
    program = office_suite()
    children = []
    for number in (1, 2):
        child = os.fork()
        if child == 0:
            text = PdfReader(io.BytesIO(to_pdf(word(f"Bản {number}"), program=program))).pages[0].extract_text()
            os._exit(0 if text.strip() == f"Bản {number}" else 1)
        children.append(child)

    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]


def test_what_takes_too_long_is_ended_with_all_it_started(tmp_path):
    program = script(tmp_path, "sleep 987654 &\nsleep 987654")
    begun = time.monotonic()

    with pytest.raises(CannotConvert, match="took more than 1 s"):
        to_pdf(word("x"), program=program, seconds=1)

    assert time.monotonic() - begun < 10
    assert processes_named("987654") == []


def test_what_a_clean_end_leaves_behind_is_ended_too(tmp_path):
    program = script(tmp_path, "sleep 987653 >/dev/null 2>&1 &\nexit 0")

    with pytest.raises(CannotConvert, match="wrote no PDF"):
        to_pdf(word("x"), program=program, seconds=5)

    assert processes_named("987653") == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("exit 3", "ended with 3"),
        ("exit 0", "wrote no PDF"),
        ('for last; do :; done; echo no > "${last%.docx}.pdf"', "wrote no PDF"),
    ],
)
def test_what_fails_is_told_without_the_name_of_a_file(tmp_path, body, words):
    with pytest.raises(CannotConvert) as caught:
        to_pdf(word("x"), program=script(tmp_path, body), seconds=5)

    assert words in str(caught.value)
    assert "/" not in str(caught.value)


def test_a_program_that_is_not_there_does_not_start():
    with pytest.raises(CannotConvert, match="does not start: No such file or directory"):
        to_pdf(word("x"), program="/nowhere/soffice")


def test_nothing_of_our_environment_goes_along(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "geheim")
    kept = tmp_path / "environment"

    with pytest.raises(CannotConvert):
        to_pdf(word("x"), program=script(tmp_path, f"env > {kept}"), seconds=5)

    assert "geheim" not in kept.read_text()


def test_the_setting_says_which_program_and_an_unknown_one_is_none(settings, tmp_path):
    own = script(tmp_path, "exit 0")
    found = []
    for setting in (own, "/nowhere/soffice"):
        settings.SOFFICE = setting
        found.append(find_program())

    assert found == [own, None]
