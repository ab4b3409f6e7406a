"""The stages of reminding, as an office would set them; edited in the admin afterwards."""

from django.db import migrations

# (stage, name, working days before the due day, by mail)
RULES = [
    ("due-7", "Trước hạn 7 ngày làm việc", 7, False),
    ("due-3", "Trước hạn 3 ngày làm việc", 3, True),
    ("due-1", "Trước hạn 1 ngày làm việc", 1, False),
    ("due-0", "Đúng ngày đến hạn", 0, False),
    ("overdue-1", "Quá hạn 1 ngày làm việc", -1, False),
]


def add_rules(apps, schema_editor):
    rules = apps.get_model("notifications", "NoticeRule").objects
    for stage, name, days, by_mail in RULES:
        rules.get_or_create(stage=stage, defaults={"name": name, "working_days_before": days, "by_mail": by_mail})


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]
    operations = [migrations.RunPython(add_rules, migrations.RunPython.noop)]
