"""Lists made by chance, of every layout and kind of file, are read as they were meant."""

import io
import json

import pytest

from tests.veterans.lists.books import TODAY, places
from tests.veterans.lists.made.generator import make_list
from tests.veterans.lists.scoring import FIELDS, Counts, compare, share
from veterans.lists.answer import write_answer
from veterans.lists.reading import read_list


def read(seed: int, counts: Counts) -> None:
    """Make a list, read it, count."""
    made = make_list(seed)
    out = io.StringIO()
    events = read_list(io.BytesIO(made.data), name=made.name, places=places(), today=TODAY)
    write_answer(events, made.name, out)
    compare(made.answer, json.loads(out.getvalue()), counts)


@pytest.mark.parametrize("first", [0, 40, 80, 120])
def test_made_lists_are_read_as_they_were_meant(first: int) -> None:
    counts = Counts()

    for seed in range(first, first + 40):
        read(seed, counts)

    assert counts.wrong[:10] == []
    assert counts.rows[1] > 900
    assert {key for key in FIELDS if counts.fields[key][1] < 400} == set()
    assert share(counts.rows) == share(counts.codes) == share(counts.headings) == share(counts.columns) == 1.0


def test_the_scorer_sees_a_wrong_value_a_lost_row_and_an_invented_one() -> None:
    person = dict.fromkeys(FIELDS) | {"full_name": "A Thử", "living": True}
    rows = [
        {"row": 2, "outcome": "ok", "error_codes": [], "person": person},
        {"row": 3, "outcome": "error", "error_codes": ["id_invalid"]},
    ]
    answer = {"file": "a", "sheets": [{"sheet": "", "header_rows": [1], "columns": {"A": "full_name"}, "rows": rows}]}
    other = dict(person) | {"living": 1}
    got = [
        {"row": 2, "outcome": "ok", "error_codes": [], "person": other},
        {"row": 9, "outcome": "error", "error_codes": []},
    ]
    read = {"sheets": [{"sheet": "", "header_rows": [2], "columns": {"A": "note"}, "rows": got}]}
    counts = Counts()

    compare(answer, read, counts)

    assert (counts.rows, counts.codes, counts.headings, counts.columns) == ([1, 3], [0, 1], [0, 1], [0, 1])
    assert (counts.fields["living"], counts.fields["full_name"]) == ([0, 1], [1, 1])
