"""The labels of single places that came back belong to the answer of a round, which is written once."""

from django.db import migrations, models

GUARD = """
CREATE OR REPLACE FUNCTION tasks_round_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answer CONSTANT text[] := ARRAY['decision', 'reason', 'returned_fields', {labels}'field_reasons', 'without_content',
        'decided_by_id', 'decided_at'];
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('tracker.emptying', true) = 'on' THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.decision = 'pending' AND to_jsonb(NEW) - answer = to_jsonb(OLD) - answer
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a round of a report is append-only';
END
$$;
"""


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(GUARD.replace("{labels}", "'returned_labels', "))


def guard_as_before(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(GUARD.replace("{labels}", ""))


class Migration(migrations.Migration):
    dependencies = [("tasks", "0023_withdrawn_releases")]

    operations = [
        migrations.AddField(
            model_name="reportround",
            name="returned_labels",
            field=models.JSONField(blank=True, db_default={}, default=dict, verbose_name="tên chỗ cần sửa"),
        ),
        migrations.RunPython(guard, guard_as_before),
    ]
