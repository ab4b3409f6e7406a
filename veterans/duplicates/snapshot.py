"""Two entries as they were before a merge: sealed with it, and what is put back from it."""

import json
from datetime import datetime
from typing import Any

from django.db import models

from directive_tracker import crypto
from veterans import sensitive
from veterans.enums import SensitiveKind
from veterans.models import Merge, Person, PersonCategory

# Follows from the name, or counts on.
_NOT_KEPT = frozenset({"id", "version", "search_key", "sort_key"})


def context_of(kept: int, absorbed: int) -> str:
    """Whose snapshot it is: copied to another merge it does not open."""
    return f"veterans.merge:{kept}:{absorbed}"


def fields_of(row: models.Model) -> dict[str, Any]:
    """The stored fields as JSON holds them."""
    return {
        field.attname: None if field.value_from_object(row) is None else field.value_to_string(row)
        for field in row._meta.concrete_fields
    }


def put_fields(row: models.Model, values: dict[str, Any], *, but: frozenset[str] = _NOT_KEPT) -> None:
    """Set the fields from what fields_of gave; nothing is saved."""
    for field in row._meta.concrete_fields:
        if field.attname in values and field.attname not in but:
            value = values[field.attname]
            setattr(row, field.attname, value if value is None else field.to_python(value))


def of_person(person: Person) -> dict[str, Any]:
    """Everything of an entry that a merge changes."""
    return {
        "fields": fields_of(person),
        "categories": [fields_of(row) for row in person.categories.order_by("pk")],
        "sensitive": sensitive.read(person, SensitiveKind.values),
    }


def seal(merge: Merge, content: dict[str, Any]) -> None:
    """Put the content, sealed, into the merge; nothing is saved."""
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    merge.sealed = crypto.encrypt(plain, context_of(merge.kept_id, merge.absorbed_id))
    merge.key_id = crypto.key_id(merge.sealed)


def opened(merge: Merge) -> dict[str, Any]:
    """The content. Errors: crypto.Unreadable, also for one that was emptied when somebody was erased."""
    return json.loads(crypto.decrypt(merge.sealed, context_of(merge.kept_id, merge.absorbed_id)))


def put_back(person: Person, content: dict[str, Any], *, by, now: datetime) -> None:
    """Make the entry's fields, groups and sealed values what they were; the entry itself is not saved."""
    put_fields(person, content["fields"])
    rows = PersonCategory.objects.in_bulk([int(values["id"]) for values in content["categories"]])
    for values in content["categories"]:
        row = rows[int(values["id"])]
        put_fields(row, values, but=frozenset({"id"}))
        row.save()
    known = dict.fromkeys(SensitiveKind.values, "")
    sensitive.write(person, {**known, **content["sensitive"]}, by=by, now=now)
