"""The log of tries, and what is known of an address that does not answer."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0008_restored"),
        ("units", "0009_export_right"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DeliveryTry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name="mã"
                    ),
                ),
                ("event", models.CharField(max_length=64, verbose_name="mã sự kiện")),
                ("at", models.DateTimeField(verbose_name="lúc")),
                ("code", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="mã trả lời")),
                ("milliseconds", models.PositiveIntegerField(verbose_name="thời gian (ms)")),
                ("trouble", models.CharField(blank=True, max_length=300, verbose_name="trục trặc")),
                ("in_doubt", models.BooleanField(default=False, verbose_name="không rõ bên nhận đã nhận chưa")),
                (
                    "address",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tries",
                        to="notifications.unitaddress",
                        verbose_name="địa chỉ của đơn vị",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tries",
                        to="notifications.message",
                        verbose_name="thư",
                    ),
                ),
                (
                    "tried_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người gửi thử",
                    ),
                ),
            ],
            options={
                "verbose_name": "lần gửi",
                "verbose_name_plural": "nhật ký gửi",
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["address", "-at", "-id"], name="delivery_try_address")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("message__isnull", False), ("tried_by__isnull", True)),
                            models.Q(("message__isnull", True), ("tried_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="delivery_try_of_message_or_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("code__isnull", False), models.Q(("trouble", ""), _negated=True), _connector="OR"
                        ),
                        name="delivery_try_says_why",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="unitaddress",
            name="failing_since",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="hỏng từ lúc"),
        ),
        migrations.AddField(
            model_name="unitaddress",
            name="failures",
            field=models.PositiveIntegerField(
                db_default=0, default=0, editable=False, verbose_name="số lần hỏng liền nhau"
            ),
        ),
        migrations.AddField(
            model_name="unitaddress",
            name="paused_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="tự tạm dừng lúc"),
        ),
        migrations.AddField(
            model_name="unitaddress",
            name="paused_why",
            field=models.CharField(
                blank=True, db_default="", editable=False, max_length=300, verbose_name="vì sao tạm dừng"
            ),
        ),
        migrations.AddField(
            model_name="unitaddress",
            name="rest_until",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="nghỉ đến"),
        ),
        migrations.AddField(
            model_name="unitaddress",
            name="sealed_secret_before",
            field=models.BinaryField(blank=True, null=True, verbose_name="khóa ký trước"),
        ),
        migrations.AddField(
            model_name="unitaddress",
            name="secret_before_until",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="khóa trước dùng đến"),
        ),
    ]
