"""Beside a unit's draft: versions that another one stands in for, and who has the draft open."""

from django.conf import settings
from django.db import models

from tasks.models.report import ProgressReport, UnitReport
from tasks.querysets import BeingTypedQuerySet, DraftPresenceQuerySet


class DraftCopy(models.Model):
    """What somebody typed in a section where another version stands now; kept until the section is sent."""

    section = models.ForeignKey(
        ProgressReport, on_delete=models.CASCADE, related_name="copies", verbose_name="mục báo cáo"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người gõ"
    )
    at = models.DateTimeField("gõ lúc")
    content = models.JSONField("nội dung")

    objects = BeingTypedQuerySet.as_manager()

    class Meta:
        verbose_name = "bản khác của mục báo cáo"
        verbose_name_plural = "bản khác của mục báo cáo"
        ordering = ["section", "-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["section", "by", "at"], name="draft_copy_once")]

    def __str__(self) -> str:
        return f"{self.by}, {self.at:%d/%m/%Y %H:%M}"


class DraftPresence(models.Model):
    """Somebody has a draft open: one row for each person and draft, no history; times by the database's clock."""

    report = models.ForeignKey(UnitReport, on_delete=models.CASCADE, related_name="present", verbose_name="báo cáo")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="người đang mở"
    )
    seen_at = models.DateTimeField("thấy lúc")

    objects = DraftPresenceQuerySet.as_manager()

    class Meta:
        verbose_name = "người đang mở bản nháp"
        verbose_name_plural = "người đang mở bản nháp"
        constraints = [models.UniqueConstraint(fields=["report", "user"], name="draft_presence_once")]

    def __str__(self) -> str:
        return f"{self.user}"
