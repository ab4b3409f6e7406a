"""The ladder towards an occasion's day of honour, with rungs as an office would set them."""

from django.db import migrations, models

# (stage, name, working days before the day of honour)
RULES = [
    ("occasion-14", "Trước ngày kỷ niệm 14 ngày làm việc", 14),
    ("occasion-7", "Trước ngày kỷ niệm 7 ngày làm việc", 7),
    ("occasion-3", "Trước ngày kỷ niệm 3 ngày làm việc", 3),
    ("occasion-1", "Trước ngày kỷ niệm 1 ngày làm việc", 1),
    ("occasion-0", "Đúng ngày kỷ niệm", 0),
]


def add_rules(apps, schema_editor):
    rules = apps.get_model("notifications", "NoticeRule").objects
    for stage, name, days in RULES:
        values = {"name": name, "working_days_before": days, "anchor": "occasion", "audience": "occasion"}
        rules.get_or_create(stage=stage, scope_type="", scope_id=0, defaults=values)


def remove_rules(apps, schema_editor):
    # The constraints of before know no such rungs.
    apps.get_model("notifications", "NoticeRule").objects.filter(anchor="occasion").delete()


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0006_unit_addresses'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='noticerule',
            name='rule_only_due_has_before',
        ),
        migrations.RemoveConstraint(
            model_name='noticerule',
            name='rule_office_in_app',
        ),
        migrations.AlterField(
            model_name='noticerule',
            name='anchor',
            field=models.CharField(choices=[('due', 'hạn của việc'), ('assigned', 'ngày giao, khi chưa tiếp nhận'), ('decision', 'hạn quyết định điều kiện'), ('week', 'ngày làm việc đầu tuần'), ('occasion', 'ngày kỷ niệm của đợt tri ân')], default='due', max_length=10, verbose_name='tính từ'),
        ),
        migrations.AlterField(
            model_name='noticerule',
            name='audience',
            field=models.CharField(choices=[('unit', 'cán bộ đầu mối của đơn vị'), ('escalation', 'người nhận báo động do đơn vị chọn'), ('office', 'Văn phòng'), ('occasion', 'cán bộ sổ tri ân của địa bàn, đơn vị chủ trì, Văn phòng')], default='unit', max_length=12, verbose_name='báo cho'),
        ),
        migrations.AddConstraint(
            model_name='noticerule',
            constraint=models.CheckConstraint(condition=models.Q(('anchor', 'due'), models.Q(('anchor', 'occasion'), ('working_days_before__gte', 0)), models.Q(models.Q(('anchor', 'occasion'), _negated=True), ('working_days_before__lte', 0)), _connector='OR'), name='rule_only_due_has_before'),
        ),
        migrations.AddConstraint(
            model_name='noticerule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('anchor', 'occasion'), ('audience', 'occasion'), ('scope_type', '')), models.Q(models.Q(('anchor', 'occasion'), _negated=True), models.Q(('audience', 'occasion'), _negated=True)), _connector='OR'), name='rule_occasion_has_its_audience'),
        ),
        migrations.AddConstraint(
            model_name='noticerule',
            constraint=models.CheckConstraint(condition=models.Q(('by_mail', False), models.Q(('audience__in', ['office', 'occasion']), _negated=True), _connector='OR'), name='rule_office_in_app'),
        ),
        migrations.RunPython(add_rules, remove_rules),
    ]
