"""Links sent by mail with which a person sets a password: once, for one purpose, for a limited time."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class LinkPurpose(models.TextChoices):
    INVITATION = "invitation", "Lời mời"
    RESET = "reset", "Đặt lại mật khẩu"


class AccountLink(models.Model):
    """One mailed link. The secret in the address is an HMAC over this row and is stored nowhere.

    A newer link of the same person ends the older ones; a used or ended link stays as history.
    All times are real time.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="account_links", verbose_name="người nhận"
    )
    purpose = models.CharField("mục đích", max_length=12, choices=LinkPurpose.choices)
    nonce = models.CharField(max_length=43, unique=True)
    # The address the mail went to: a link sent to an address the person no longer has is worth nothing.
    email = models.EmailField("gửi đến")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người gửi",
    )
    made_at = models.DateTimeField("lập lúc")
    expires_at = models.DateTimeField("hết hạn lúc")
    used_at = models.DateTimeField("dùng lúc", null=True, blank=True)
    ended_at = models.DateTimeField("hết giá trị lúc", null=True, blank=True)

    class Meta:
        verbose_name = "đường dẫn gửi qua thư"
        verbose_name_plural = "đường dẫn gửi qua thư"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["user", "-id"], name="account_link_user")]
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=LinkPurpose.values), name="account_link_purpose"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="account_link_order"),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(ended_at__isnull=True), name="account_link_used_or_ended"
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(used_at__isnull=True, ended_at__isnull=True),
                name="account_link_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} – {self.user}"
