import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('veterans', '0010_campaign_rows'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='visit',
            name='gift',
        ),
        migrations.RemoveField(
            model_name='visit',
            name='money',
        ),
        migrations.RemoveField(
            model_name='visit',
            name='source',
        ),
        migrations.AlterField(
            model_name='visit',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='veterans.campaign', verbose_name='đợt'),
        ),
        migrations.AlterField(
            model_name='areareview',
            name='campaign',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='veterans.campaign', verbose_name='đợt'),
        ),
        migrations.AlterField(
            model_name='registryrule',
            name='campaign',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='rule', to='veterans.campaign', verbose_name='đợt'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.UniqueConstraint(fields=('person', 'on', 'unit'), name='visit_once_a_day'),
        ),
        migrations.AddIndex(
            model_name='visit',
            index=models.Index(fields=['campaign', 'person'], name='visit_campaign'),
        ),
        migrations.RemoveField(
            model_name='areareview',
            name='campaign_name',
        ),
        migrations.RemoveField(
            model_name='historicalareareview',
            name='campaign_name',
        ),
        migrations.RemoveField(
            model_name='registryrule',
            name='campaign_name',
        ),
        migrations.AddIndex(
            model_name='areareview',
            index=models.Index(fields=['campaign', 'reviewed_on'], name='area_review_day'),
        ),
        migrations.AddConstraint(
            model_name='areareview',
            constraint=models.UniqueConstraint(fields=('area', 'campaign', 'source'), name='area_review_once_a_source'),
        ),
    ]
