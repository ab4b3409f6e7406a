"""What a signed-in browser leaves: the session, a device that is trusted, a form that came too late."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models


class SessionQuerySet(models.QuerySet):
    def visible_to(self, user) -> "SessionQuerySet":
        """A person's own sessions."""
        return self.filter(user=user) if user.is_authenticated and user.is_active else self.none()

    def live(self, *, now: datetime) -> "SessionQuerySet":
        """The sessions that have passed neither limit."""
        return self.filter(
            began_at__gt=now - timedelta(hours=settings.SESSION_HOURS),
            seen_at__gt=now - timedelta(minutes=settings.SESSION_IDLE_MINUTES),
        )


class SessionManager(BaseSessionManager.from_queryset(SessionQuerySet)):  # type: ignore[misc]
    use_in_migrations = True


class Session(AbstractBaseSession):
    """One browser that is signed in, or was; the user is a column, so that all sessions of a person can end at once.

    All times are real time. `session_key` is the cookie's value: it is never shown.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name="người dùng",
    )
    began_at = models.DateTimeField("đăng nhập lúc", null=True, blank=True)
    seen_at = models.DateTimeField("hoạt động gần nhất", null=True, blank=True)
    ip = models.GenericIPAddressField("địa chỉ máy", null=True, blank=True)
    agent = models.CharField("trình duyệt", max_length=200, blank=True)

    objects = SessionManager()

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "phiên đăng nhập"
        verbose_name_plural = "phiên đăng nhập"
        indexes = [models.Index(fields=["user", "-seen_at"], name="session_user")]

    @classmethod
    def get_session_store_class(cls) -> Any:
        """The store that SESSION_ENGINE names; it cannot be imported here because it imports this model."""
        raise TypeError("use accounts.sessions.SessionStore")


class TrustedDevice(models.Model):
    """A browser from which the second factor is not asked until it expires. The cookie's value is kept as a digest only."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="trusted_devices", verbose_name="người dùng"
    )
    digest = models.CharField(max_length=64, unique=True)
    agent = models.CharField("trình duyệt", max_length=200, blank=True)
    ip = models.GenericIPAddressField("địa chỉ máy", null=True, blank=True)
    trusted_at = models.DateTimeField("tin cậy từ")
    expires_at = models.DateTimeField("đến")
    revoked_at = models.DateTimeField("thôi tin cậy lúc", null=True, blank=True)

    class Meta:
        verbose_name = "thiết bị tin cậy"
        verbose_name_plural = "thiết bị tin cậy"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["user", "-trusted_at"], name="device_user")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("trusted_at")), name="device_expires_after_trusted"
            )
        ]

    def __str__(self) -> str:
        return self.agent or "thiết bị"


class HeldForm(models.Model):
    """What was typed into a form that arrived after its session had ended; given back to the same person only.

    `content` is encrypted with FIELD_KEY: forms may hold personal data. Taken or not, it is deleted after a day.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="held_forms", verbose_name="người dùng"
    )
    path = models.CharField("trang", max_length=500)
    content = models.BinaryField("nội dung")
    held_at = models.DateTimeField("giữ lúc")
    taken_at = models.DateTimeField("gửi lại lúc", null=True, blank=True)

    class Meta:
        verbose_name = "biểu mẫu giữ lại"
        verbose_name_plural = "biểu mẫu giữ lại"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["user", "-held_at"], name="held_form_user")]

    def __str__(self) -> str:
        return self.path
