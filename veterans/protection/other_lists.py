"""Kept lists in which an erased person stands without a row that leads to the entry.

A row with an error, a list nobody imported or that was taken back: the name stands in the kept file all the same. Such lists are
found by what stands in them and emptied whole. What is looked for is known by keyed marks alone, for when the job looks the
name is gone. A row that leads to another entry of the registry is that namesake's, unless the erased person's ID number stands
in it; of any other row nobody knows whose it is, and its list goes: better a file too many than the erased person in one.
"""

import contextlib
import logging
import re
from collections.abc import Collection, Iterable, Iterator
from itertools import chain

from django.db import transaction
from django.db.models import BinaryField, Q

from directive_tracker import crypto, vietnamese
from veterans import sensitive
from veterans.enums import SensitiveKind
from veterans.importing.taking import opened
from veterans.lists import opening
from veterans.lists.codes import FileRefused
from veterans.lists.fields.id_number import parse_id
from veterans.lists.fields.name import parse_name
from veterans.lists.reading import tidied
from veterans.lists.rows import words_of
from veterans.lists.text import clean
from veterans.models import ImportedRow, Person, PersonImport

logger = logging.getLogger(__name__)
State = PersonImport.State
SAID = "Một người trong danh sách này đã được xóa dữ liệu theo quy định, nên tệp đã bỏ. Hãy gửi lại danh sách không có người đó."
_EXTRACTS = [field.name for field in PersonImport._meta.fields if isinstance(field, BinaryField)]
_NUMBER = re.compile(r"[\d .'’-]{8,20}")


def marks_of(people: Iterable[Person]) -> list[str]:
    """By what people are found in a list after their erasure: keyed marks of their names and ID numbers."""
    found = set()
    for person in people:
        names = [person.full_name, *person.other_name.split(";")]
        found |= {_mark(vietnamese.fold(" ".join(name.split()))) for name in names if name.strip()}
        with contextlib.suppress(crypto.Unreadable):
            numbers = sensitive.read(person, [SensitiveKind.ID_NUMBER])
            found |= {_mark(number) for number in numbers.values()}
    return sorted(found)


def areas_of(people: Iterable[Person]) -> list[int]:
    """The areas whose lists may hold the people: their communes and what lies above."""
    found = set()
    for person in people:
        commune = person.residence
        found |= {commune.pk, commune.parent_id, commune.parent.parent_id if commune.parent else None}
    return sorted(pk for pk in found if pk)


def _mark(words: str) -> str:
    return sensitive.blind(words, "erased")


def empty_lists_with(marks: Collection[str], areas: Collection[int]) -> int:
    """Empty the kept lists of these areas in which one of the marks stands; returns how many.

    Reads every kept file of the areas: work for a job.
    """
    wanted, done = frozenset(marks), 0
    lists = PersonImport.objects.filter(file__size__gt=0, area__in=areas)
    for found in lists.select_related("file").order_by("pk"):
        if _stands_in(found, wanted):
            empty(found)
            done += 1
    return done


def _stands_in(found: PersonImport, wanted: frozenset[str]) -> bool:
    of_others = _rows_of_others(found)
    try:
        for sheet in opening.sheets(opened(found), found.file.original_name):
            name = clean(sheet.name)
            for row in tidied(sheet.rows):
                texts = [words_of(cell) for _, cell in sorted(row.own.items())]
                said = _numbers(texts) if (name, row.number) in of_others else chain(_numbers(texts), _names(texts))
                if any(_mark(words) in wanted for words in said):
                    return True
    except FileRefused:
        # Nobody can read it as a list.
        return False
    except (OSError, crypto.Unreadable):
        logger.warning("list %s could not be opened to look for an erased person", found.pk)
    return False


def _rows_of_others(found: PersonImport) -> set[tuple[str, int]]:
    """Sheet and number of the rows that were imported as people who are in the registry; the erased one's is not."""
    if found.state != State.APPLIED:
        return set()
    rows = found.rows.filter(person__erased_at__isnull=True, person__isnull=False)
    return set(rows.exclude(outcome=ImportedRow.Outcome.ERROR).values_list("sheet", "number"))


def _numbers(texts: list[str]) -> Iterator[str]:
    """What of a row may be an ID number."""
    for text in texts:
        if _NUMBER.fullmatch(text):
            number, _ = parse_id(text)
            if number:
                yield number


def _names(texts: list[str]) -> Iterator[str]:
    """What of a row may be a name; family and given name may stand in two cells."""
    for place, text in enumerate(texts):
        for words in (text, f"{text} {texts[place + 1]}" if place + 1 < len(texts) else ""):
            name = parse_name(words).full_name if words else None
            if name:
                yield vietnamese.fold(name)


@transaction.atomic
def empty(found: PersonImport) -> None:
    """A list that is in the registry, or was, keeps the rows that lead to entries; any other is left, and its page says why.

    The file goes, and with it every sealed extract of the whole list. Who reads the list just now stops at its next rows.
    """
    found = PersonImport.objects.select_for_update(of=("self",)).select_related("file").get(pk=found.pk)
    found.file.empty()
    PersonImport.objects.filter(pk=found.pk).update(**dict.fromkeys(_EXTRACTS))
    if found.state in (State.APPLIED, State.REVERTED):
        found.rows.filter(Q(outcome=ImportedRow.Outcome.ERROR) | Q(person__isnull=True)).update(
            sealed=None, before=None, key_id="", line_key=""
        )
    else:
        rows = found.rows.order_by()
        rows._raw_delete(rows.db)
        PersonImport.objects.filter(pk=found.pk).update(state=State.CANCELLED, refusal=SAID)
