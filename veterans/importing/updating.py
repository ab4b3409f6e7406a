"""What a list knows newer goes into entries that are known; what they held before is kept, sealed, for the way back."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection

from directive_tracker import crypto
from veterans import living, people
from veterans.enums import SensitiveKind
from veterans.importing import values
from veterans.importing.matching import in_chunks
from veterans.importing.preparing import Update
from veterans.models import Person, PersonImport

CHUNK = 300
COLUMNS = tuple(field.name for field in Person._meta.concrete_fields)


def update_entries(found: PersonImport, updates: Iterable[Update], *, by: Any, now: datetime) -> int:
    """Bring the rows into their entries, inside the caller's transaction; how many were changed.

    What others changed since the list was checked is looked at again, row by row: a row that says nothing newer any more
    changes nothing. Some statements for each chunk, and some six for an entry that is changed.
    """
    done = 0
    for chunk in in_chunks(updates, CHUNK):
        held = with_sealed([one.person for one in chunk], held=True)
        written = []
        for one in chunk:
            before = _update(found, one, *held[one.person], by=by, now=now)
            if before is not None:
                written.append((one.row, *before))
        _keep_before(written)
        done += len(written)
    return done


def with_sealed(ids: list[int], *, held: bool = False) -> dict[int, tuple[Person, dict[str, str], set[str]]]:
    """Entries with their sealed values and groups; three statements. held: until the end of the transaction."""
    found = Person.objects.filter(pk__in=ids).prefetch_related("sensitive", "categories")
    if held:
        found = found.select_related("residence").select_for_update(of=("self",)).order_by("pk")
    return {
        person.pk: (
            person,
            {value.kind: values.sensitive.opened(value) for value in person.sensitive.all()},
            {row.category for row in person.categories.all()},
        )
        for person in found
    }


def _update(
    found: PersonImport,
    one: Update,
    person: Person,
    known: dict[str, str],
    categories: set[str],
    *,
    by: Any,
    now: datetime,
) -> tuple[bytes, str, int] | None:
    """What the entry held before, sealed, with its key, and the entry's version; None where nothing is newer."""
    content = one.content
    changed = values.changes(person, content, known, found)
    is_dead = values.reports_death(person, content)
    if not changed and content.category in categories and not is_dead:
        return None
    before: dict[str, Any] = {
        name: _plain(known.get(name, "") if name in SensitiveKind.values else getattr(person, name)) for name in changed
    }
    groups = {group.category: people.evidence_of(group) for group in person.categories.all()}
    if content.category not in categories:
        before["category"] = content.category
        groups[content.category] = people.Evidence()
    if changed or content.category not in categories:
        people.refuse_removed(person)
        same = [name for name in COLUMNS if name not in changed]
        person = people.change_held(person, fields=changed, categories=groups, by=by, now=now, same=same)
    if is_dead:
        before["death"] = True
        source = values.living_fields(content, found, now=now, by=by)["death_source"]
        person = living.report_death(person, source=source, by=by, now=now)
    sealed = values.seal(before, found, values.before_of(one.sheet, one.number))
    return sealed, crypto.key_id(sealed), person.version


def _plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def _keep_before(written: list[tuple[int, bytes, str, int]]) -> None:
    """Write down what entries held before; one statement."""
    if not written:
        return
    places = ", ".join(["(%s, %s, %s, %s)"] * len(written))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE veterans_importedrow SET before = v.column2, key_id = v.column3, version_after = v.column4"
            f" FROM (VALUES {places}) AS v WHERE veterans_importedrow.id = v.column1",
            [value for row in written for value in row],
        )
