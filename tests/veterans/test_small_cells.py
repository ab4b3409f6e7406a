"""What leaves the district gives no small number away: whoever knows how it is said tries to work the numbers out."""

import itertools
from collections import defaultdict

import pytest

from veterans.small_cells import coarse, halves, is_small, part_of_second, public_table, small_cell


def test_small_numbers_are_words_and_nobody_is_nobody():
    assert [small_cell(n) for n in (0, 1, 4, 5, 48, 1234)] == ["0", "dưới 5", "dưới 5", "5", "48", "1.234"]


@pytest.mark.parametrize(
    ("visited", "unvisited", "said"),
    [
        (31, 16, ("31", "16")),
        (45, 2, ("trên 42", "dưới 5")),
        (3, 44, ("dưới 5", "trên 42")),
        (0, 47, ("0", "47")),
        (47, 0, ("47", "0")),
        (1, 5, ("dưới 6", "dưới 6")),
        (4, 5, ("dưới 9", "dưới 9")),
        (4, 6, ("dưới 5", "trên 5")),
        (2, 1, ("dưới 5", "dưới 5")),
        (3, 0, ("dưới 5", "0")),
        (0, 0, ("0", "0")),
    ],
)
def test_the_other_half_of_a_small_one_is_said_no_nearer_than_their_sum_tells(visited, unvisited, said):
    assert halves(visited, unvisited) == said


@pytest.mark.parametrize(
    ("visited", "unvisited", "old", "said"),
    [
        (31, 16, 6, "6"),
        (31, 16, 2, "dưới 5"),
        (31, 16, 0, "0"),
        (31, 16, 16, "16"),
        (31, 16, 14, "trên 11"),
        (45, 2, 1, "dưới 5"),
        (3, 44, 7, "7"),
        (3, 44, 38, "38"),
        (3, 44, 39, "trên 38"),
        (3, 44, 2, "dưới 5"),
        (3, 5, 4, "dưới 8"),
        (2, 1, 1, "dưới 5"),
    ],
)
def test_the_old_among_the_not_visited(visited, unvisited, old, said):
    assert part_of_second(visited, unvisited, old) == said


def given_away(possible: dict) -> list:
    """Of what is said → what it may mean (numbers by name): the sayings after which a small number is the only one left."""
    found = []
    for said, meanings in possible.items():
        for name in meanings[0]:
            values = {meaning[name] for meaning in meanings}
            if len(values) == 1 and is_small(values.pop()):
                found.append((said, name))
    return found


def test_nobody_works_a_small_number_out_of_the_committees_sentence():
    possible = defaultdict(list)
    for visited, unvisited in itertools.product(range(25), repeat=2):
        if visited + unvisited > 24:
            continue
        for old in range(unvisited + 1):
            said = (
                small_cell(visited + unvisited),
                halves(visited, unvisited),
                part_of_second(visited, unvisited, old),
            )
            possible[said].append(
                {
                    "total": visited + unvisited,
                    "visited": visited,
                    "unvisited": unvisited,
                    "old": old,
                    "not old": unvisited - old,
                    "old or visited": visited + old,
                }
            )
    assert given_away(possible) == []


def test_the_sentence_hides_every_small_number():
    for visited, unvisited in itertools.product(range(30), repeat=2):
        words = [small_cell(visited + unvisited), *halves(visited, unvisited)]
        words += [part_of_second(visited, unvisited, old) for old in range(unvisited + 1)]
        assert not {"1", "2", "3", "4"} & set(words)


def said_of(rows: dict) -> tuple:
    """All that leaves of such a table: the sums as the sentence says them, the table beside it."""
    none, planned, visited = (sum(cells) for cells in zip(*rows.values(), strict=True))
    table = public_table(rows)
    return small_cell(none + planned + visited), halves(visited, none + planned), table


def meaning_of(rows: dict) -> dict:
    """Every number that could be told by name: of each place, and of all."""
    found = {}
    whole = [sum(cells) for cells in zip(*rows.values(), strict=True)]
    for name, (none, planned, visited) in {**rows, "all": whole}.items():
        found |= {
            (name, "none"): none,
            (name, "planned"): planned,
            (name, "visited"): visited,
            (name, "waiting"): none + planned,
            (name, "total"): none + planned + visited,
        }
    return found


def tables(places: int, columns: int, most: int):
    """Every table of so many places and columns with at most so many people."""
    for bars in itertools.combinations(range(most + places * columns), places * columns):
        cells = [after - before - 1 for before, after in itertools.pairwise((-1, *bars))]
        yield {f"Huyện {n}": tuple(cells[n * columns : (n + 1) * columns]) for n in range(places)}


@pytest.mark.parametrize(("places", "most"), [(1, 24), (2, 14), (3, 9)])
def test_nobody_works_a_small_number_out_of_the_table_by_district(places, most):
    possible = defaultdict(list)
    for rows in tables(places, 3, most):
        possible[said_of(rows)].append(meaning_of(rows))
    assert given_away(possible) == []


@pytest.mark.parametrize(("places", "columns", "most"), [(3, 2, 14), (4, 1, 26), (5, 1, 20), (2, 3, 14)])
def test_nobody_works_a_small_number_out_of_places_put_together(places, columns, most):
    possible = defaultdict(list)
    for rows in tables(places, columns, most):
        if any(is_small(sum(column)) for column in zip(*rows.values(), strict=True)):
            continue
        meaning = {(name, place): number for name, cells in rows.items() for place, number in enumerate(cells)}
        possible[tuple(coarse(rows))].append(meaning | {(name, "total"): sum(cells) for name, cells in rows.items()})
    assert given_away(possible) == []


def test_no_small_number_stands_in_a_published_cell():
    for split in itertools.product(itertools.product((0, 2, 5, 9), repeat=3), repeat=2):
        table = public_table(dict(zip(("Huyện A", "Huyện B"), split, strict=True)))
        assert not [number for row in table.rows for number in row.cells if is_small(number)]


def test_places_with_small_numbers_are_put_together_with_their_neighbours_alone():
    found = coarse({"A": (3, 9), "B": (20, 30), "C": (6, 7), "D": (0, 0), "E": (9, 0)})
    assert [(row.names, row.cells) for row in found] == [
        (("A", "B"), (23, 39)),
        (("C",), (6, 7)),
        (("D",), (0, 0)),
        (("E",), (9, 0)),
    ]


def test_a_table_whose_sums_are_small_does_not_leave():
    assert coarse({"A": (3, 0), "B": (0, 9)}) == []
    assert coarse({}) == []


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        ({"A": (6, 7, 8), "B": (0, 0, 9)}, ("none", "planned", "visited")),
        ({"A": (6, 2, 8), "B": (0, 0, 9)}, ("waiting", "visited")),
        ({"A": (6, 7, 1), "B": (6, 0, 2)}, ("total",)),
        ({"A": (1, 0, 0), "B": (0, 0, 9)}, ("total",)),
    ],
)
def test_a_column_that_the_sums_do_not_say_stands_in_no_row(rows, columns):
    assert public_table(rows).columns == columns


def test_the_sums_of_the_table_are_those_of_the_people():
    rows = {"A": (6, 7, 8), "B": (2, 3, 4), "C": (9, 0, 9), "D": (5, 5, 5)}
    table = public_table(rows)
    assert tuple(map(sum, zip(*(row.cells for row in table.rows), strict=True))) == (22, 15, 26)
