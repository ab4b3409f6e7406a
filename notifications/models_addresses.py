"""Addresses of units, and what became of each try to reach another system or a telephone there."""

from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from directive_tracker import clock, crypto
from units.access import access_of

# How long an earlier key still signs beside the new one, so that the other side can change it in its own time.
KEEP_OLD_KEY = timedelta(days=7)


class ChannelKind(models.TextChoices):
    MAIL = "mail", "hộp thư"
    WEBHOOK = "webhook", "hệ thống khác (webhook)"
    SMS = "sms", "tin nhắn (SMS, Zalo)"


class UnitAddressQuerySet(models.QuerySet):
    def visible_to(self, user) -> "UnitAddressQuerySet":
        """All addresses for the office and administrators; for everybody else those of the units they work for."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        access = access_of(user, today=clock.today())
        if access.is_office or access.is_administrator:
            return self
        return self.filter(unit_id__in=access.desk_unit_ids)


class UnitAddress(models.Model):
    """Where a unit is told besides its people: its mailbox, another system, a number for short messages.

    It gets what goes to the unit's people by mail, each thing once. What became of the tries (failures, failing_since,
    rest_until, paused_at) is kept by notifications/systems.py, in real time.
    """

    SECRET = "notifications.unitaddress"

    unit = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, related_name="notification_addresses", verbose_name="đơn vị"
    )
    channel = models.CharField("kênh", max_length=10, choices=ChannelKind.choices, default=ChannelKind.MAIL)
    address = models.CharField("địa chỉ", max_length=200, help_text="Địa chỉ thư, địa chỉ https:// hoặc số điện thoại.")
    sealed_secret = models.BinaryField("khóa ký", null=True, blank=True, editable=False)
    sealed_secret_before = models.BinaryField("khóa ký trước", null=True, blank=True, editable=False)
    secret_before_until = models.DateTimeField("khóa trước dùng đến", null=True, blank=True, editable=False)
    is_active = models.BooleanField("đang dùng", default=True)
    failures = models.PositiveIntegerField("số lần hỏng liền nhau", default=0, db_default=0, editable=False)
    failing_since = models.DateTimeField("hỏng từ lúc", null=True, blank=True, editable=False)
    rest_until = models.DateTimeField("nghỉ đến", null=True, blank=True, editable=False)
    paused_at = models.DateTimeField("tự tạm dừng lúc", null=True, blank=True, editable=False)
    paused_why = models.CharField("vì sao tạm dừng", max_length=300, blank=True, db_default="", editable=False)

    objects = UnitAddressQuerySet.as_manager()

    class Meta:
        verbose_name = "địa chỉ nhận tin của đơn vị"
        verbose_name_plural = "địa chỉ nhận tin của đơn vị"
        ordering = ["unit", "channel", "address"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "channel", "address"], name="unit_address_once"),
            models.CheckConstraint(
                condition=~Q(channel="webhook") | Q(sealed_secret__isnull=False), name="unit_address_webhook_signs"
            ),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True) | Q(is_active=False), name="unit_address_paused_is_off"
            ),
            models.CheckConstraint(
                condition=Q(sealed_secret_before__isnull=True) | Q(secret_before_until__isnull=False),
                name="unit_address_old_key_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.get_channel_display()}"

    def get_absolute_url(self) -> str:
        """The page of what was sent there."""
        return reverse("notifications:address", args=[self.pk])

    @property
    def secrets(self) -> list[bytes]:
        """The keys with which what goes to another system is signed: the one in use, and an earlier one for its while."""
        sealed = [self.sealed_secret or b""]
        if self.sealed_secret_before is not None and self.secret_before_until > timezone.now():
            sealed.append(self.sealed_secret_before)
        return [crypto.decrypt(bytes(secret), self.SECRET) for secret in sealed]

    def keep_secret(self, secret: str, *, at_once: bool = False) -> None:
        """Seal a key; the one in use until now goes on signing beside it for KEEP_OLD_KEY. The row is not saved.

        Args:
            at_once: drop the earlier key now, because others know it.
        """
        fresh = crypto.encrypt(secret.encode(), self.SECRET)
        if self.sealed_secret and not at_once:
            if self.secrets[0] == secret.encode():
                return
            self.sealed_secret_before = self.sealed_secret
            self.secret_before_until = timezone.now() + KEEP_OLD_KEY
        else:
            self.sealed_secret_before = self.secret_before_until = None
        self.sealed_secret = fresh

    def begin_anew(self) -> None:
        """Forget what went wrong: somebody has mended it and switches the address on. The row is not saved."""
        self.failures, self.failing_since, self.rest_until = 0, None, None
        self.paused_at, self.paused_why = None, ""


class DeliveryTryQuerySet(models.QuerySet):
    def visible_to(self, user) -> "DeliveryTryQuerySet":
        """The tries of addresses that the user may see."""
        return self.filter(address__in=UnitAddress.objects.visible_to(user))


class DeliveryTry(models.Model):
    """One try to reach another system or a telephone, appended when it ended; a try over which a process died has none."""

    # Made before it is written, so that a try noted twice (the database was cut off while committing) stands there once.
    id = models.UUIDField("mã", primary_key=True, default=uuid4, editable=False)
    address = models.ForeignKey(
        UnitAddress, on_delete=models.PROTECT, related_name="tries", verbose_name="địa chỉ của đơn vị"
    )
    message = models.ForeignKey(
        "notifications.Message",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tries",
        verbose_name="thư",
    )
    event = models.CharField("mã sự kiện", max_length=64)
    at = models.DateTimeField("lúc")
    code = models.PositiveSmallIntegerField("mã trả lời", null=True, blank=True)
    milliseconds = models.PositiveIntegerField("thời gian (ms)")
    trouble = models.CharField("trục trặc", max_length=300, blank=True)
    in_doubt = models.BooleanField("không rõ bên nhận đã nhận chưa", default=False)
    tried_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người gửi thử",
    )

    objects = DeliveryTryQuerySet.as_manager()

    class Meta:
        verbose_name = "lần gửi"
        verbose_name_plural = "nhật ký gửi"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["address", "-at", "-id"], name="delivery_try_address")]
        constraints = [
            models.CheckConstraint(
                condition=Q(message__isnull=False, tried_by__isnull=True)
                | Q(message__isnull=True, tried_by__isnull=False),
                name="delivery_try_of_message_or_person",
            ),
            models.CheckConstraint(condition=Q(code__isnull=False) | ~Q(trouble=""), name="delivery_try_says_why"),
        ]

    def __str__(self) -> str:
        return f"Lần gửi {self.event}"

    @property
    def is_trial(self) -> bool:
        """Whether somebody pressed "Gửi thử"."""
        return self.tried_by_id is not None

    @property
    def was_taken(self) -> bool:
        """Whether the other side said that it has it."""
        return self.code is not None and 200 <= self.code < 300
