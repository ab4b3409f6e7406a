from importlib import import_module

from django.db import migrations, models
from django.db.models import Q

# SQLite builds the table anew for a new column and loses its triggers.
rules = import_module("units.migrations.0003_rules_of_the_database")


class Migration(migrations.Migration):

    dependencies = [
        ("units", "0004_list_import"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, rules.install),
        migrations.AddField(
            model_name="membership",
            name="may_read_sensitive",
            field=models.BooleanField(
                default=False, db_default=False,
                help_text="Quyền riêng của cán bộ sổ tri ân; mỗi lần xem phải nêu mục đích và được ghi nhật ký.",
                verbose_name="được xem người thân và số điện thoại trong sổ tri ân",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=Q(may_read_sensitive=False) | Q(role="registrar"),
                name="membership_sensitive_registrar",
            ),
        ),
        migrations.RunPython(rules.install, migrations.RunPython.noop),
    ]
