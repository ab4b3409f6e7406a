"""Nothing of the lists that the reading was tried on stands in the code: it follows rules, it does not know files.

sample-words.sha256 holds, one a line, the first 16 digits of the SHA-256 of each person's name of two words or more, each
number of a paper or telephone, and each longer line of those lists, folded (no case, no accents, words divided by one blank).
"""

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from directive_tracker.vietnamese import fold

ROOT = Path(__file__).parents[2]
KNOWN = frozenset((Path(__file__).parent / "sample-words.sha256").read_text(encoding="ascii").split())
READ = (
    "veterans/**/*.py",
    "templates/veterans/**/*.html",
    "tests/veterans/lists/**/*.py",
    "directive_tracker/demo_story/**/*.py",
)
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
LONGEST = 9


@cache
def mark(words: str) -> str:
    """What stands for some words in the file."""
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def runs(text: str) -> Iterator[str]:
    """Every run of one to nine words of a text; single words only where they are long numbers."""
    words = [fold(word) for word in _WORD.findall(text)]
    for place in range(len(words)):
        if words[place].isdigit() and len(words[place]) >= 9:
            yield words[place]
        for count in range(2, min(LONGEST, len(words) - place) + 1):
            yield " ".join(words[place : place + count])


def found_in(text: str) -> list[str]:
    """The runs of a text that stand in the lists."""
    return [run for line in text.splitlines() for run in runs(line) if mark(run) in KNOWN]


def test_no_name_number_or_line_of_the_lists_stands_in_the_code() -> None:
    files = sorted(path for pattern in READ for path in ROOT.glob(pattern))

    assert len(files) > 60
    assert {
        str(path.relative_to(ROOT)): found for path in files if (found := found_in(path.read_text(encoding="utf-8")))
    } == {}


def test_the_search_finds_what_it_is_for() -> None:
    probe = "sampled person probe"

    assert len(KNOWN) > 1000
    assert mark(probe) in KNOWN
    assert found_in("x = {'Sampled Person, PROBE': 1}") == [probe]
