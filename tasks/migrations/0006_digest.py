"""The Standing Committee's digests; on PostgreSQL the table takes new rows and nothing else."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# TRUNCATE is let through for the emptying of test databases only (tests/settings.py says tracker.emptying=on).
GUARD = """
CREATE FUNCTION tasks_digest_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('tracker.emptying', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'a digest is append-only';
END
$$;
CREATE TRIGGER tasks_digest_rows BEFORE UPDATE OR DELETE ON tasks_digest
    FOR EACH ROW EXECUTE FUNCTION tasks_digest_guard();
CREATE TRIGGER tasks_digest_all BEFORE TRUNCATE ON tasks_digest
    FOR EACH STATEMENT EXECUTE FUNCTION tasks_digest_guard();
"""
OPEN = """
DROP TRIGGER tasks_digest_rows ON tasks_digest;
DROP TRIGGER tasks_digest_all ON tasks_digest;
DROP FUNCTION tasks_digest_guard();
"""


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(GUARD)


def open_again(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(OPEN)


class Migration(migrations.Migration):
    dependencies = [
        ("tasks", "0005_list_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Digest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("weekly", "Hằng tuần"), ("monthly", "Hằng tháng"), ("on_demand", "Theo yêu cầu")],
                        max_length=10,
                        verbose_name="loại",
                    ),
                ),
                ("period_from", models.DateField(verbose_name="từ ngày")),
                ("period_to", models.DateField(verbose_name="đến ngày")),
                ("cut_at", models.DateTimeField(verbose_name="chốt theo lịch lúc")),
                ("as_of", models.DateTimeField(verbose_name="số liệu lúc")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="gửi thư từ lúc")),
                ("headline", models.CharField(max_length=200, verbose_name="tóm tắt")),
                ("data", models.JSONField(verbose_name="số liệu")),
                ("known", models.JSONField(verbose_name="để so với kỳ sau")),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người chốt",
                    ),
                ),
                (
                    "previous",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tasks.digest",
                        verbose_name="kỳ trước",
                    ),
                ),
            ],
            options={
                "verbose_name": "báo cáo nhanh",
                "verbose_name_plural": "báo cáo nhanh",
                "ordering": ["-as_of", "-pk"],
                "indexes": [
                    models.Index(fields=["-as_of", "-id"], name="digest_newest"),
                    models.Index(fields=["kind", "-id"], name="digest_of_kind"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "on_demand"), _negated=True),
                        fields=("kind", "period_to"),
                        name="digest_once_a_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period_to__gte", models.F("period_from"))), name="digest_period_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("as_of__gte", models.F("cut_at"))), name="digest_not_before_its_hour"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_at__isnull", True), ("due_at__gte", models.F("as_of")), _connector="OR"
                        ),
                        name="digest_mail_after_data",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "on_demand"), ("made_by__isnull", False)),
                            models.Q(
                                ("due_at__isnull", False),
                                ("kind__in", ["weekly", "monthly"]),
                                ("made_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="digest_made_by_whom",
                    ),
                ],
            },
        ),
        migrations.RunPython(guard, open_again),
    ]
