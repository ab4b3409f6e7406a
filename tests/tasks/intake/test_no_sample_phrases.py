"""No phrase of one of the documents the reading was tried on stands in the code: it follows rules, it does not know texts.

sample-phrases.bin holds, sorted, the first five bytes of the SHA-256 of each run of five words that stands in exactly one of
those documents (small letters, words divided by one blank).
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
RUN, BYTES = 5, 5
_DATA = (Path(__file__).parent / "sample-phrases.bin").read_bytes()
KNOWN = frozenset(_DATA[place : place + BYTES] for place in range(0, len(_DATA), BYTES))
# The names of ministries and departments, and the words they are made of, are the field's own.
NAMES = ("fields.txt", "heads.txt", "in-names.txt")
_WORD = re.compile(r"[^\W_]+")


def runs(text: str) -> Iterator[str]:
    """Every run of five words within a line; the bars of a pattern stand between words that have nothing to do with each other."""
    for line in re.split(r"[\n|]", text):
        words = _WORD.findall(line.lower())
        for place in range(len(words) - RUN + 1):
            yield " ".join(words[place : place + RUN])


def found_in(text: str) -> list[str]:
    """The runs that stand in one of the documents."""
    return [run for run in runs(text) if hashlib.sha256(run.encode()).digest()[:BYTES] in KNOWN]


def test_no_phrase_of_one_document_stands_in_the_code():
    files = sorted(path for path in (ROOT / "tasks/intake").rglob("*.*") if path.suffix in (".py", ".txt"))

    assert len(files) > 15
    assert {
        path.name: found
        for path in files
        if path.name not in NAMES and (found := found_in(path.read_text(encoding="utf-8")))
    } == {}


def test_the_search_finds_what_it_is_for():
    real = (ROOT / "tasks/data/kon-tum-70-nam-dien-bien-phu.txt").read_text(encoding="utf-8")

    assert len(KNOWN) > 5_000
    assert len(found_in(real)) > 300
