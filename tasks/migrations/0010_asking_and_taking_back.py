"""What units ask and are answered, taking reports back, asking for time after the day.

On PostgreSQL a sent round takes its one answer and nothing else.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# TRUNCATE is let through for the emptying of test databases only (tests/settings.py says tracker.emptying=on).
GUARD = """
CREATE FUNCTION tasks_round_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answer CONSTANT text[] := ARRAY['decision', 'reason', 'returned_fields', 'field_reasons', 'without_content',
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
CREATE TRIGGER tasks_round_rows BEFORE UPDATE OR DELETE ON tasks_reportround
    FOR EACH ROW EXECUTE FUNCTION tasks_round_guard();
CREATE TRIGGER tasks_round_all BEFORE TRUNCATE ON tasks_reportround
    FOR EACH STATEMENT EXECUTE FUNCTION tasks_round_guard();
"""
OPEN = """
DROP TRIGGER tasks_round_rows ON tasks_reportround;
DROP TRIGGER tasks_round_all ON tasks_reportround;
DROP FUNCTION tasks_round_guard();
"""


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(GUARD)


def open_again(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(OPEN)


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0004_append_only"),
        ("tasks", "0009_report_links"),
        ("units", "0007_escalation"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ExtensionPermit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=500, verbose_name="lý do")),
                ("until", models.DateField(verbose_name="xin chậm nhất ngày")),
                ("given_at", models.DateTimeField(verbose_name="cho phép lúc")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="hết hiệu lực lúc")),
            ],
            options={
                "verbose_name": "cho phép xin gia hạn sau hạn",
                "verbose_name_plural": "cho phép xin gia hạn sau hạn",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="UnitQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("not_ours", "Không phải việc của đơn vị"),
                            ("unclear", "Cần làm rõ"),
                            ("other_due", "Đề nghị hạn khác"),
                        ],
                        max_length=10,
                        verbose_name="loại",
                    ),
                ),
                ("words", models.CharField(max_length=1000, verbose_name="nội dung")),
                ("old_due", models.DateField(blank=True, null=True, verbose_name="hạn lúc hỏi")),
                ("due_version", models.PositiveIntegerField(verbose_name="về lần đặt hạn")),
                ("proposed_due", models.DateField(blank=True, null=True, verbose_name="đề nghị hạn")),
                ("asked_at", models.DateTimeField(verbose_name="hỏi lúc")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Chờ trả lời"),
                            ("kept", "Giữ nguyên"),
                            ("handed_over", "Giao đơn vị khác"),
                            ("set_aside", "Không phải làm nữa"),
                            ("explained", "Đã làm rõ"),
                            ("agreed", "Đồng ý"),
                            ("another_due", "Ấn định hạn khác"),
                            ("withdrawn", "Đơn vị rút"),
                        ],
                        default="open",
                        max_length=12,
                        verbose_name="kết quả",
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=1000, verbose_name="trả lời")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="trả lời lúc")),
                ("answered_due", models.DateField(blank=True, null=True, verbose_name="hạn ấn định")),
            ],
            options={
                "verbose_name": "câu hỏi của đơn vị",
                "verbose_name_plural": "câu hỏi của đơn vị",
                "ordering": ["-pk"],
            },
        ),
        migrations.AddField(
            model_name="assignment",
            name="extended_times",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="số lần gia hạn"),
        ),
        migrations.AddField(
            model_name="reportround",
            name="field_reasons",
            field=models.JSONField(blank=True, default=dict, verbose_name="lý do từng chỗ"),
        ),
        migrations.AlterField(
            model_name="progressreport",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Đang soạn"),
                    ("submitted", "Chờ xem xét"),
                    ("accepted", "Đã chấp nhận"),
                    ("returned", "Cần bổ sung"),
                    ("recalled", "Đơn vị đã rút về"),
                ],
                default="draft",
                max_length=10,
                verbose_name="trạng thái",
            ),
        ),
        migrations.AlterField(
            model_name="reportround",
            name="decision",
            field=models.CharField(
                choices=[
                    ("pending", "Chờ xem xét"),
                    ("accepted", "Chấp nhận"),
                    ("returned", "Trả lại"),
                    ("withdrawn", "Đơn vị rút về"),
                ],
                default="pending",
                max_length=10,
                verbose_name="kết quả",
            ),
        ),
        migrations.AlterField(
            model_name="unitreport",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Bản nháp"),
                    ("awaiting_unit_head", "Chờ lãnh đạo đơn vị duyệt"),
                    ("submitted", "Đã gửi, chờ xem xét"),
                    ("returned", "Cần bổ sung"),
                    ("recalled", "Đơn vị đã rút về"),
                    ("decided", "Đã xem xét xong"),
                ],
                default="draft",
                max_length=20,
                verbose_name="trạng thái",
            ),
        ),
        migrations.AddIndex(
            model_name="reportround",
            index=models.Index(
                condition=models.Q(("decided_at__isnull", False)), fields=["decided_at"], name="round_decided"
            ),
        ),
        migrations.AddIndex(
            model_name="reportround",
            index=models.Index(
                condition=models.Q(("decision", "pending")), fields=["submitted_on"], name="round_pending"
            ),
        ),
        migrations.AddField(
            model_name="extensionpermit",
            name="assignment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="extension_permits",
                to="tasks.assignment",
                verbose_name="phần việc",
            ),
        ),
        migrations.AddField(
            model_name="extensionpermit",
            name="given_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="người cho phép",
            ),
        ),
        migrations.AddField(
            model_name="extensionpermit",
            name="used_by",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="permit",
                to="tasks.extensionrequest",
                verbose_name="dùng cho đề nghị",
            ),
        ),
        migrations.AddField(
            model_name="unitquestion",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="người trả lời",
            ),
        ),
        migrations.AddField(
            model_name="unitquestion",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="người hỏi",
            ),
        ),
        migrations.AddField(
            model_name="unitquestion",
            name="assignment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="questions",
                to="tasks.assignment",
                verbose_name="phần việc",
            ),
        ),
        migrations.AddField(
            model_name="unitquestion",
            name="handed_to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tasks.assignment",
                verbose_name="giao sang",
            ),
        ),
        migrations.AddField(
            model_name="unitquestion",
            name="named_unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="units.unit",
                verbose_name="đề nghị giao",
            ),
        ),
        migrations.AddConstraint(
            model_name="extensionpermit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True), ("used_by__isnull", True)),
                fields=("assignment",),
                name="extension_permit_one_at_hand",
            ),
        ),
        migrations.AddIndex(
            model_name="unitquestion",
            index=models.Index(condition=models.Q(("state", "open")), fields=["id"], name="question_waiting"),
        ),
        migrations.AddIndex(
            model_name="unitquestion",
            index=models.Index(fields=["assignment", "-id"], name="question_newest"),
        ),
        migrations.AddConstraint(
            model_name="unitquestion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("assignment", "kind"), name="question_one_open_of_a_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="unitquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at__isnull", True), ("state", "open")),
                    models.Q(models.Q(("state", "open"), _negated=True), ("answered_at__isnull", False)),
                    _connector="OR",
                ),
                name="question_answered_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "other_due"), _negated=True), ("proposed_due__isnull", False), _connector="OR"
                ),
                name="question_names_its_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "handed_over"), _negated=True), ("handed_to__isnull", False), _connector="OR"
                ),
                name="question_handed_to_whom",
            ),
        ),
        migrations.RunPython(guard, open_again),
    ]
