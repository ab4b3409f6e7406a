"""What an import will write, worked out before anything is written: opened, checked, keys made, sealed.

Nothing is locked meanwhile; it can be followed and stopped. The keys of the new entries are reserved, because what is
sealed is bound to its entry; an import that does not come about leaves a gap in the numbers and nothing else.
"""

import pickle
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from directive_tracker import bulk, crypto, vietnamese
from tasks.errors import Refused
from veterans import sensitive
from veterans.importing import values
from veterans.importing.following import Step
from veterans.importing.matching import in_chunks
from veterans.importing.scope import scope_of
from veterans.models import ImportedRow, Person, PersonCategory, PersonImport, SensitiveValue

Outcome = ImportedRow.Outcome
NOTHING = "Không có gì để nhập: mọi dòng đọc được đều đã có trong sổ."
OUTSIDE = "Địa bàn anh/chị phụ trách đã thay đổi nên chưa nhập gì. Hãy kiểm tra lại danh sách."


class Entries(NamedTuple):
    """New entries as rows of their tables, key first; rows: (row of the list, entry)."""

    people: list[tuple]
    groups: list[tuple]
    sealed: list[tuple]
    rows: list[tuple[int, int]]

    def packed(self) -> bytes:
        """A third of the room while the rest of a long list is prepared; never leaves this process."""
        return pickle.dumps(tuple(self), pickle.HIGHEST_PROTOCOL)


def unpacked(packed: bytes) -> Entries:
    """What Entries.packed() gave."""
    return Entries(*pickle.loads(packed))


class Update(NamedTuple):
    """A row of the list that says something newer of an entry."""

    row: int
    person: int
    sheet: str
    number: int
    content: values.Content


@dataclass
class Ready:
    """Everything an import will write. entries: chunk by chunk, packed; rows: first, last and number of the rows it is about, to know them again."""

    entries: list[bytes] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    created: int = 0
    rows: tuple[int | None, int | None, int] = (None, None, 0)


def prepare(found: PersonImport, *, by: Any, now: datetime, step: Step) -> Ready:
    """Work out what an import writes; returns after the last moment at which it can be stopped.

    Args:
        step: called with rows done and rows to do; done is all of them once, at the end.
    Errors: Refused with a sentence; crypto.Unreadable; what `step` raises.
    """
    ready = Ready(rows=extent(found))
    within = scope_of(found, by, today=now.astimezone(vietnamese.ZONE).date()).within
    creates = list(found.rows.filter(outcome=Outcome.CREATE).order_by("pk").values_list("pk", flat=True))
    total, done = ready.rows[2], 0
    if not total:
        raise Refused(NOTHING)
    for chunk in in_chunks(creates):
        step(done, total)
        ready.entries.append(_entries(found, chunk, within, by=by, now=now).packed())
        done += len(chunk)
    ready.created = done
    for updates in in_chunks(_updates(found)):
        step(done, total)
        ready.updates += updates
        done += len(updates)
    step(total, total)
    return ready


def extent(found: PersonImport) -> tuple[int | None, int | None, int]:
    """First, last and number of the rows an import is about: after another reading they are others."""
    rows = found.rows.filter(outcome__in=[Outcome.CREATE, Outcome.UPDATE]).order_by()
    pks = rows.values_list("pk", flat=True)
    return pks.order_by("pk").first(), pks.order_by("-pk").first(), rows.count()


def _entries(found: PersonImport, pks: list[int], within: frozenset[int], *, by: Any, now: datetime) -> Entries:
    """New entries with their groups and sealed values."""
    rows = list(_opened(found, pks, Outcome.CREATE))
    if any(content.residence not in within for _, _, _, content in rows):
        raise Refused(OUTSIDE)
    ids = bulk.reserve(Person, len(rows))
    people = [(pk, *values.entry(content, found, by=by, now=now)) for pk, (*_, content) in zip(ids, rows, strict=True)]
    sealer = crypto.sealer()
    sealed = [
        sensitive.seal(pk, kind, words, sealer=sealer)
        for pk, (*_, content) in zip(ids, rows, strict=True)
        for kind, words in content.sealed.items()
    ]
    return Entries(
        people,
        [
            (key, pk, content.category)
            for key, pk, (*_, content) in zip(bulk.reserve(PersonCategory, len(rows)), ids, rows, strict=True)
        ],
        [(key, *one) for key, one in zip(bulk.reserve(SensitiveValue, len(sealed)), sealed, strict=True)],
        [(row, pk) for pk, (row, *_) in zip(ids, rows, strict=True)],
    )


def _updates(found: PersonImport) -> Iterator[Update]:
    matched = dict(found.rows.filter(outcome=Outcome.UPDATE).order_by("pk").values_list("pk", "person_id"))
    for chunk in in_chunks(matched):
        for row, sheet, number, content in _opened(found, chunk, Outcome.UPDATE):
            yield Update(row, matched[row], sheet, number, content)


def _opened(found: PersonImport, pks: list[int], outcome: str) -> Iterator[tuple[int, str, int, values.Content]]:
    """(row, sheet, number, what it says of a person). Arguments: pks, all the rows of this outcome between the first and the
    last of them, ascending. Errors: crypto.Unreadable."""
    rows = found.rows.filter(outcome=outcome, pk__gte=pks[0], pk__lte=pks[-1]).order_by("pk")
    for pk, sheet, number, sealed in rows.values_list("pk", "sheet", "number", "sealed"):
        yield pk, sheet, number, values.content_in(sealed, sheet, number, found)
