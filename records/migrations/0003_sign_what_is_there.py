"""Give the rows of before the chain a topic, a uid and a token, so that they can be sealed like new ones."""

import uuid

from django.conf import settings
from django.db import migrations

from records.canonical import COLUMNS, Keys, canonical
from records.topics import topic_of

BATCH = 1000


def sign(apps, schema_editor):
    events = apps.get_model("records", "AuditEvent").objects.using(schema_editor.connection.alias)
    keys = Keys.of(settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS)
    last = 0
    while batch := list(events.filter(pk__gt=last, uid__isnull=True).order_by("pk")[:BATCH]):
        for event in batch:
            event.uid = uuid.uuid4()
            event.topic = topic_of(event.verb, event.target_type, event.data)
            event.token = keys.sign(canonical([getattr(event, name) for name in COLUMNS]))
        events.bulk_update(batch, ["uid", "topic", "token"], batch_size=200)
        last = batch[-1].pk


class Migration(migrations.Migration):

    dependencies = [("records", "0002_chain_columns")]
    operations = [migrations.RunPython(sign, migrations.RunPython.noop)]
