"""The step "Thôn rà soát", whom an entry waits for as a column of the database, and "đủ căn cứ" for what was verified."""

from django.conf import settings
from django.db import migrations, models


def found_enough(apps, schema_editor):
    """Until now a step could only say "đủ căn cứ"."""
    person = apps.get_model("veterans", "Person")
    person.objects.filter(finding="").exclude(verification="new").update(finding="enough")


class Migration(migrations.Migration):

    dependencies = [
        ('units', '0008_report_links'),
        ('veterans', '0004_name_search'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='waits_for',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(models.Q(('removed_on__isnull', False), ('merged_into__isnull', False), ('erased_at__isnull', False), ('living_state', 'deceased'), _connector='OR'), then=models.Value('')), models.When(models.Q(('review_asked', ''), _negated=True), then=models.F('verification')), models.When(finding__in=['not_enough', 'not_eligible'], then=models.Value('')), models.When(then=models.Value('hamlet'), verification='new'), models.When(then=models.Value('commune'), verification='hamlet'), models.When(then=models.Value('district'), verification='commune'), models.When(then=models.Value('province'), verification='district'), default=models.Value('')), output_field=models.CharField(max_length=10)),
        ),
        migrations.AlterField(
            model_name='historicalperson',
            name='verification',
            field=models.CharField(choices=[('new', 'Mới lập'), ('hamlet', 'Thôn rà soát'), ('commune', 'Xã xác nhận'), ('district', 'Huyện tổng hợp'), ('province', 'Tỉnh duyệt')], default='new', max_length=10, verbose_name='xác minh'),
        ),
        migrations.AlterField(
            model_name='person',
            name='verification',
            field=models.CharField(choices=[('new', 'Mới lập'), ('hamlet', 'Thôn rà soát'), ('commune', 'Xã xác nhận'), ('district', 'Huyện tổng hợp'), ('province', 'Tỉnh duyệt')], default='new', max_length=10, verbose_name='xác minh'),
        ),
        migrations.AlterField(
            model_name='verificationstep',
            name='level',
            field=models.CharField(choices=[('new', 'Mới lập'), ('hamlet', 'Thôn rà soát'), ('commune', 'Xã xác nhận'), ('district', 'Huyện tổng hợp'), ('province', 'Tỉnh duyệt')], max_length=10, verbose_name='bước'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['waits_for', 'residence', 'verified_on', 'id'], name='person_waits'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(condition=models.Q(('living_state__in', ['unknown', 'living']), ('removed_on__isnull', True)), fields=['residence', 'living_on', 'id'], name='person_living_news'),
        ),
        migrations.RunPython(found_enough, migrations.RunPython.noop),
    ]
