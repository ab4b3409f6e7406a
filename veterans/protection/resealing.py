"""Changing FIELD_KEY: everything that lies sealed is sealed anew under the newest key, and blind indexes are made again.

The old key stands in FIELD_KEY_FALLBACKS until `manage.py reseal` says that nothing is left under it. It can be stopped and run
again at any time: each batch is a transaction of its own, and what is under the newest key is not touched.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files.base import File
from django.db import models, transaction

from directive_tracker import crypto
from records import sealing
from records.models import StoredFile
from veterans import sensitive
from veterans.duplicates import snapshot
from veterans.importing import values as list_values
from veterans.models import ImportedRow, Merge, PersonImport, SensitiveValue, SentVisit
from veterans.village import content as sent_content

BATCH = 200
Contexts = Callable[[Any], dict[str, str]]


def _merge(row: Merge) -> dict[str, str]:
    return {"sealed": snapshot.context_of(row.kept_id, row.absorbed_id)}


def _imported_row(row: ImportedRow) -> dict[str, str]:
    return {
        "sealed": list_values.context_of(row.person_import_id, list_values.place_of(row.sheet, row.number)),
        "before": list_values.context_of(row.person_import_id, list_values.before_of(row.sheet, row.number)),
    }


def _import(row: PersonImport) -> dict[str, str]:
    return {"converted": list_values.context_of(row.pk, list_values.CONVERTED)}


def _sent_visit(row: SentVisit) -> dict[str, str]:
    return {"sealed": sent_content.context_of(row.key)}


_contexts: dict[type[models.Model], Contexts] = {
    Merge: _merge,
    ImportedRow: _imported_row,
    PersonImport: _import,
    SentVisit: _sent_visit,
}


@dataclass
class Counts:
    """What was done, and what no key of ours opens."""

    sealed: int = 0
    unreadable: int = 0


def newest() -> str:
    """The id of the key in FIELD_KEY."""
    return crypto.key_id(crypto.encrypt(b"", ""))


def reseal_values(counts: Counts) -> Iterator[int]:
    """Sensitive values with their blind indexes, batch after batch; yields how many each time."""

    def anew(row: SensitiveValue) -> None:
        words = sensitive.opened(row)
        made = sensitive.row(row.person_id, row.kind, words, by=row.updated_by, now=row.updated_at)
        row.sealed, row.key_id = made.sealed, made.key_id
        row.blind, row.blind_tail = made.blind, made.blind_tail

    fields = ["sealed", "key_id", "blind", "blind_tail"]
    yield from _batches(SensitiveValue.objects.select_related("updated_by"), anew, fields, counts)


def reseal_copies(counts: Counts) -> Iterator[int]:
    """Sealed copies of merges, of imported rows and of what an old encoding was turned into."""
    for model, told in _contexts.items():

        def anew(row: Any, told: Contexts = told) -> None:
            for column, context in told(row).items():
                held = getattr(row, column)
                if held:
                    setattr(row, column, crypto.encrypt(crypto.decrypt(held, context), context))
                    row.key_id = newest()

        columns = [field.name for field in model._meta.fields if isinstance(field, models.BinaryField)]
        yield from _batches(model.objects.exclude(key_id=""), anew, [*columns, "key_id"], counts)


def _batches(rows, anew, fields: list[str], counts: Counts) -> Iterator[int]:
    last, key = 0, newest()
    while True:
        with transaction.atomic():
            waiting = rows.exclude(key_id=key).filter(pk__gt=last).order_by("pk")
            batch = list(waiting.select_for_update(of=("self",))[:BATCH])
            if not batch:
                return
            done = []
            for row in batch:
                try:
                    anew(row)
                except crypto.Unreadable:
                    counts.unreadable += 1
                    continue
                done.append(row)
            type(batch[0]).objects.bulk_update(done, fields)
        last = batch[-1].pk
        counts.sealed += len(done)
        yield len(done)


def reseal_files(counts: Counts) -> Iterator[int]:
    """Sealed files, one after the other: the new one is written beside the old one, then the row is moved over."""
    key = newest()
    for stored in StoredFile.objects.filter(is_sealed=True, size__gt=0).order_by("pk").iterator(chunk_size=BATCH):
        try:
            with stored.file.open("rb") as sealed:
                if sealing.key_id_of(sealed) == key:
                    continue
            plain = stored.open_plain()
        except FileNotFoundError:
            continue
        except crypto.Unreadable:
            counts.unreadable += 1
            continue
        if _file_anew(stored, plain, counts):
            counts.sealed += 1
            yield 1


def _file_anew(stored: StoredFile, plain, counts: Counts) -> bool:
    old, storage, field = stored.file.name, stored.file.storage, stored.file.field
    made = ""
    try:
        with plain:
            content: File = sealing.sealing(plain, stored.sha256)
            made = storage.save(field.generate_filename(stored, stored.original_name), content)
    except crypto.Unreadable:
        counts.unreadable += 1
        if made:
            storage.delete(made)
        return False
    # Somebody may have emptied or removed it meanwhile: then the new copy must not stay.
    moved = StoredFile.objects.filter(pk=stored.pk, file=old, size=stored.size).update(file=made)
    storage.delete(old if moved else made)
    return bool(moved)


def left() -> int:
    """How many rows stand under another key than the newest; files are looked at by the command."""
    key = newest()
    return sum(
        model.objects.exclude(key_id__in=["", key]).count()
        for model in (SensitiveValue, Merge, ImportedRow, PersonImport, SentVisit)
    )
