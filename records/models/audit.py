"""Who did what, when: append-only."""

from django.conf import settings
from django.db import models


class AuditEventQuerySet(models.QuerySet):
    def about(self, target: models.Model) -> "AuditEventQuerySet":
        """The events about one row, newest first."""
        return self.filter(target_type=target._meta.label_lower, target_id=target.pk)

    def update(self, **kwargs):
        raise TypeError("Nhật ký chỉ được ghi thêm.")

    def delete(self):
        raise TypeError("Nhật ký chỉ được ghi thêm.")


class AuditEvent(models.Model):
    """One thing somebody did. Rows about persons name fields, never values."""

    at = models.DateTimeField("thời điểm")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người thực hiện",
    )
    verb = models.CharField("việc", max_length=60)
    target_type = models.CharField("loại đối tượng", max_length=60, blank=True)
    target_id = models.BigIntegerField("mã đối tượng", null=True, blank=True)
    target_label = models.CharField("đối tượng", max_length=200, blank=True)
    data = models.JSONField("chi tiết", default=dict, blank=True)
    ip = models.GenericIPAddressField("địa chỉ máy", null=True, blank=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = "dòng nhật ký"
        verbose_name_plural = "nhật ký hệ thống"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["target_type", "target_id", "-id"], name="audit_target"),
            models.Index(fields=["at"], name="audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.target_label}"

    def save(self, *args, **kwargs):
        if self.pk and not self._state.adding:
            raise TypeError("Nhật ký chỉ được ghi thêm.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("Nhật ký chỉ được ghi thêm.")
