"""The columns of the chain, empty; 0003 signs the rows that are there, 0004 closes the table."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from records.topics import Topic


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name='auditevent', name='audit_at'),
        migrations.AlterField(
            model_name='auditevent',
            name='actor',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người thực hiện'),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='acting_for',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='thay mặt'),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='topic',
            field=models.CharField(choices=Topic.choices, default='', max_length=12, verbose_name='nhóm việc'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='auditevent',
            name='reason',
            field=models.TextField(blank=True, default='', verbose_name='lý do'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='auditevent',
            name='uid',
            field=models.UUIDField(editable=False, null=True, verbose_name='mã riêng'),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='token',
            field=models.CharField(default='', editable=False, max_length=64, verbose_name='dấu của hệ thống'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='auditevent',
            name='number',
            field=models.BigIntegerField(blank=True, editable=False, null=True, verbose_name='số trong chuỗi'),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='prev_hash',
            field=models.CharField(blank=True, default='', editable=False, max_length=64, verbose_name='mã của dòng trước'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='auditevent',
            name='hash',
            field=models.CharField(blank=True, default='', editable=False, max_length=64, verbose_name='mã của dòng'),
            preserve_default=False,
        ),
    ]
