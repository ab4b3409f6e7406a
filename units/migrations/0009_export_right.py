from importlib import import_module

from django.db import migrations, models
from django.db.models import Q

# SQLite builds the table anew for a new column and loses its triggers.
rules = import_module("units.migrations.0003_rules_of_the_database")


class Migration(migrations.Migration):

    dependencies = [
        ("units", "0008_report_links"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, rules.install),
        migrations.AlterField(
            model_name="membership",
            name="may_read_sensitive",
            field=models.BooleanField(
                default=False, db_default=False,
                help_text="Quyền riêng của cán bộ sổ tri ân; mỗi lần xem phải nêu mục đích và được ghi nhật ký.",
                verbose_name="được xem thông tin nhạy cảm trong sổ tri ân",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="may_export_sensitive",
            field=models.BooleanField(
                default=False, db_default=False,
                help_text="Quyền thứ hai, cần có quyền xem; mỗi lần xuất phải nêu mục đích, xác nhận lại và được ghi nhật ký.",
                verbose_name="được xuất thông tin nhạy cảm của sổ tri ân ra tệp",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=Q(may_export_sensitive=False) | Q(role="registrar", may_read_sensitive=True),
                name="membership_export_registrar",
            ),
        ),
        migrations.RunPython(rules.install, migrations.RunPython.noop),
    ]
