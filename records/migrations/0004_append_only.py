"""Uniqueness and indexes of the chain; on PostgreSQL the table takes new rows and one sealing of each, nothing else."""

import uuid

from django.db import migrations, models

# TRUNCATE is let through for the emptying of test databases only (tests/settings.py says tracker.emptying=on).
GUARD = """
CREATE FUNCTION records_auditevent_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        IF current_setting('tracker.emptying', true) = 'on' THEN
            RETURN NULL;
        END IF;
    ELSIF TG_OP = 'UPDATE' AND OLD.number IS NULL AND NEW.number IS NOT NULL AND OLD.hash = '' AND NEW.hash <> ''
        AND to_jsonb(OLD) - ARRAY['number', 'prev_hash', 'hash'] = to_jsonb(NEW) - ARRAY['number', 'prev_hash', 'hash']
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit is append-only';
END
$$;
CREATE TRIGGER records_auditevent_rows BEFORE UPDATE OR DELETE ON records_auditevent
    FOR EACH ROW EXECUTE FUNCTION records_auditevent_guard();
CREATE TRIGGER records_auditevent_all BEFORE TRUNCATE ON records_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION records_auditevent_guard();
"""
OPEN = """
DROP TRIGGER records_auditevent_rows ON records_auditevent;
DROP TRIGGER records_auditevent_all ON records_auditevent;
DROP FUNCTION records_auditevent_guard();
"""


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(GUARD)


def open_again(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(OPEN)


class Migration(migrations.Migration):

    dependencies = [('records', '0003_sign_what_is_there')]

    operations = [
        migrations.AlterField(
            model_name='auditevent',
            name='uid',
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='mã riêng'),
        ),
        migrations.AlterField(
            model_name='auditevent',
            name='number',
            field=models.BigIntegerField(blank=True, editable=False, null=True, unique=True, verbose_name='số trong chuỗi'),
        ),
        migrations.AddIndex(model_name='auditevent', index=models.Index(fields=['at', 'id'], name='audit_moment')),
        migrations.AddIndex(model_name='auditevent', index=models.Index(fields=['actor', 'at', 'id'], name='audit_actor')),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(condition=models.Q(('acting_for__isnull', False)), fields=['acting_for', 'at', 'id'], name='audit_acting_for'),
        ),
        migrations.AddIndex(model_name='auditevent', index=models.Index(fields=['topic', 'at', 'id'], name='audit_topic')),
        migrations.AddIndex(model_name='auditevent', index=models.Index(fields=['verb', 'id'], name='audit_verb')),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(condition=models.Q(('number__isnull', True)), fields=['id'], name='audit_unsealed'),
        ),
        migrations.RunPython(guard, open_again),
    ]
