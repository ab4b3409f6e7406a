"""The relative's name and number move from two columns of the person into sealed rows; the columns go."""

from django.db import migrations
from django.utils import timezone

from directive_tracker import crypto

KINDS = ("relative_contact", "relative_phone")
BATCH = 2_000


def context_of(person_id, kind):
    """As veterans/sensitive.py binds a value to its person; written out, for a migration must not change with the code."""
    return f"veterans.person:{person_id}:{kind}"


def seal(apps, schema_editor):
    person, value = apps.get_model("veterans", "Person"), apps.get_model("veterans", "SensitiveValue")
    now, rows = timezone.now(), []
    people = person.objects.exclude(relative_contact="", relative_phone="").values_list("pk", *KINDS)
    for pk, *words in people.order_by("pk").iterator(chunk_size=BATCH):
        for kind, text in zip(KINDS, words):
            if text:
                sealed = crypto.encrypt(text.encode(), context_of(pk, kind))
                rows.append(
                    value(person_id=pk, kind=kind, sealed=sealed, key_id=crypto.key_id(sealed), updated_at=now)
                )
        if len(rows) >= BATCH:
            value.objects.bulk_create(rows, ignore_conflicts=True)
            rows = []
    value.objects.bulk_create(rows, ignore_conflicts=True)
    if schema_editor.connection.vendor == "postgresql":
        # What waits for the end of the transaction would stand in the way of dropping the columns.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def unseal(apps, schema_editor):
    person, value = apps.get_model("veterans", "Person"), apps.get_model("veterans", "SensitiveValue")
    for row in value.objects.filter(kind__in=KINDS).iterator(chunk_size=BATCH):
        text = crypto.decrypt(row.sealed, context_of(row.person_id, row.kind)).decode()
        person.objects.filter(pk=row.person_id).update(**{row.kind: text[: 20 if row.kind == "relative_phone" else 200]})
    value.objects.filter(kind__in=KINDS).delete()
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ("veterans", "0002_lists_and_protection"),
    ]

    operations = [
        migrations.RunPython(seal, unseal),
        migrations.RemoveField(
            model_name="person",
            name="relative_contact",
        ),
        migrations.RemoveField(
            model_name="person",
            name="relative_phone",
        ),
    ]
