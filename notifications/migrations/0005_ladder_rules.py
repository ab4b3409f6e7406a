"""The whole ladder of reminding, as an office would set it; edited on its page afterwards."""

from django.db import migrations

# (stage, name, hangs on, working days before, weekly, to whom); the bulletin alone goes by mail
RULES = [
    ("overdue-week", "Quá hạn, nhắc lại đầu mỗi tuần", "due", -1, True, "unit"),
    ("overdue-10-head", "Quá hạn 10 ngày làm việc, báo động", "due", -10, False, "escalation"),
    ("office-10", "Quá hạn 10 ngày làm việc, vào danh sách của Văn phòng", "due", -10, False, "office"),
    ("assigned-2", "Giao 2 ngày làm việc chưa tiếp nhận", "assigned", -2, False, "unit"),
    ("decision-1", "Quá hạn quyết định điều kiện 1 ngày làm việc", "decision", -1, False, "unit"),
    ("decision-office-1", "Quá hạn quyết định điều kiện, báo Văn phòng", "decision", -1, False, "office"),
    ("bulletin", "Bản tin đầu tuần của đơn vị", "week", 0, False, "unit"),
]


def add_rules(apps, schema_editor):
    rules = apps.get_model("notifications", "NoticeRule").objects
    for stage, name, anchor, days, weekly, audience in RULES:
        rules.get_or_create(
            scope_type="",
            scope_id=0,
            stage=stage,
            defaults={
                "name": name,
                "anchor": anchor,
                "working_days_before": days,
                "repeats_weekly": weekly,
                "audience": audience,
                "by_mail": stage == "bulletin",
            },
        )
    # One working day over is the second of the two stages that go by mail.
    rules.filter(stage="overdue-1").update(by_mail=True)
    apps.get_model("notifications", "Pulse").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("notifications", "0004_ladder_and_pulse")]
    operations = [migrations.RunPython(add_rules, migrations.RunPython.noop)]
