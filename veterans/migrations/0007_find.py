"""A year of birth is found by an index; names with an apostrophe or a hyphen inside are found without it."""

from django.db import migrations, models
from django.db.models import Q

from veterans.name_keys import search_key

BATCH = 1_000
SIGNS = "'’‘ʼ`´′‐‑‒–—-"


def add_spellings(apps, schema_editor) -> None:
    """Make the keys of such names anew."""
    people = apps.get_model("veterans", "Person").objects.using(schema_editor.connection.alias)
    has_sign = Q()
    for sign in SIGNS:
        has_sign |= Q(search_key__contains=sign)
    changed = []
    for person in people.filter(has_sign).only("pk", "full_name", "other_name").iterator(chunk_size=BATCH):
        others = [name for name in (part.strip() for part in person.other_name.split(";")) if name]
        person.search_key = search_key(person.full_name, others)
        changed.append(person)
        if len(changed) == BATCH:
            people.bulk_update(changed, ["search_key"])
            changed = []
    people.bulk_update(changed, ["search_key"])


class Migration(migrations.Migration):
    dependencies = [("veterans", "0006_lists_kept")]
    operations = [
        migrations.AddIndex("person", models.Index(fields=["birth_year"], name="person_birth")),
        migrations.RunPython(add_spellings, migrations.RunPython.noop),
    ]
