"""Which entry a row means, where that is certain; everybody else is new, and likely duplicates are proposed.

Certain is only: the same line of the same list or sender, imported before, and nobody else of that line; or an equal ID number with an equal
name. A name, a birth year and a commune make nobody the same person.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from django.db import connection

from directive_tracker import vietnamese
from veterans import sensitive
from veterans.enums import SensitiveKind
from veterans.importing.taking import taken_before
from veterans.models import ImportedRow, Person, PersonImport, SensitiveValue

CHUNK = 2000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Line:
    """What matching knows of one row."""

    row: int
    place: tuple[str, int]
    line_key: str
    id_blind: str
    name_key: str


def in_chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


def id_blind(number: str) -> str:
    """The blind index of an ID number, "" for none."""
    return sensitive.blind(number, SensitiveKind.ID_NUMBER) if number else ""


def match(found: PersonImport, lines: list[Line]) -> dict[int, int]:
    """Row id → the id of the entry it means; two rows never mean the same one."""
    matched = _same_file(found, lines)
    rest = [line for line in lines if line.row not in matched]
    taken = set(matched.values())
    for more in (_same_lines(found, rest), _same_numbers(rest)):
        for row, person in more.items():
            if row not in matched and person not in taken:
                matched[row] = person
                taken.add(person)
    return _on_the_list(matched)


def _same_file(found: PersonImport, lines: list[Line]) -> dict[int, int]:
    """Rows of the very same file, imported before."""
    before = taken_before(found)
    if before is None:
        return {}
    places = {
        (sheet, number): person
        for sheet, number, person in before.rows.filter(person__isnull=False).values_list(
            "sheet", "number", "person_id"
        )
    }
    return {line.row: places[line.place] for line in lines if line.place in places}


def _same_lines(found: PersonImport, lines: list[Line]) -> dict[int, int]:
    """The same lines of this sender's newest list that had them, where both lists have them equally often."""
    now: dict[str, list[int]] = defaultdict(list)
    for line in lines:
        now[line.line_key].append(line.row)
    earlier: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    rows = ImportedRow.objects.filter(
        person__isnull=False,
        person_import__state=PersonImport.State.APPLIED,
        line_key__in=ImportedRow.objects.filter(person_import=found).exclude(line_key="").values("line_key"),
    ).exclude(person_import=found)
    for key, batch, person in rows.order_by("pk").values_list("line_key", "person_import_id", "person_id"):
        earlier[key][batch].append(person)
    matched: dict[int, int] = {}
    for key, batches in earlier.items():
        people = batches[max(batches)]
        if key in now and len(people) == len(now[key]) == len(set(people)):
            matched |= dict(zip(now[key], people, strict=True))
    return matched


def _same_numbers(lines: list[Line]) -> dict[int, int]:
    """Rows with the ID number and the name of one entry, the only ones with that number on both sides."""
    by_blind: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if line.id_blind:
            by_blind[line.id_blind].append(line)
    people: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for chunk in in_chunks(by_blind):
        values = SensitiveValue.objects.filter(kind=SensitiveKind.ID_NUMBER, blind__in=chunk)
        for blind, person, key in values.values_list("blind", "person_id", "person__search_key"):
            people[blind].append((person, key))
    matched = {}
    for blind, known in people.items():
        if len(known) == len(by_blind[blind]) == 1 and f"|{by_blind[blind][0].name_key}|" in known[0][1]:
            matched[by_blind[blind][0].row] = known[0][0]
    return matched


def _on_the_list(matched: dict[int, int]) -> dict[int, int]:
    """Without entries that were taken off, absorbed or erased: what a list says of them is looked at by somebody."""
    still: set[int] = set()
    for chunk in in_chunks(set(matched.values())):
        still |= set(Person.objects.on_the_list().filter(pk__in=chunk).values_list("pk", flat=True))
    return {row: person for row, person in matched.items() if person in still}


def name_key(full_name: str) -> str:
    """A name without accents and case."""
    return vietnamese.fold(full_name)


def point_rows(rows: Iterable[tuple[int, int, str]]) -> None:
    """Write down which entries rows mean and what an import would make of them; one statement a thousand rows.

    Args:
        rows: (row id, entry id, outcome).
    """
    _write_down("person_id = v.column2, outcome = v.column3", ("bigint", "bigint", "text"), rows)


def point_created(rows: Iterable[tuple[int, int]]) -> None:
    """Write down which new entries rows have become. Arguments: (row id, entry id)."""
    _write_down("person_id = v.column2, version_after = 1", ("bigint", "bigint"), rows)


def _write_down(what: str, kinds: tuple[str, ...], rows: Iterable[tuple]) -> None:
    for chunk in in_chunks(rows, 1000):
        given, values = _given(kinds, chunk)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE veterans_importedrow SET {what} FROM {given} WHERE veterans_importedrow.id = v.column1", values
            )


def _given(kinds: tuple[str, ...], rows: list[tuple]) -> tuple[str, list]:
    """The rows as a table v in a statement, and its parameters."""
    if connection.vendor == "postgresql":
        # A list for each column: nothing for the server to read word by word.
        arrays = ", ".join(f"%s::{kind}[]" for kind in kinds)
        names = ", ".join(f"column{number}" for number, _ in enumerate(kinds, 1))
        return f"unnest({arrays}) AS v ({names})", [list(column) for column in zip(*rows, strict=True)]
    places = ", ".join([f"({', '.join(['%s'] * len(kinds))})"] * len(rows))
    return f"(VALUES {places}) AS v", [value for row in rows for value in row]
