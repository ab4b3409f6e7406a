"""Asking for more time, and the answer."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from directive_tracker.doors import through
from tasks.enums import ExtensionState
from tasks.models.assignment import Assignment
from tasks.querysets import ExtensionRequestQuerySet


class ExtensionRequest(models.Model):
    """One request on one assignment; at most one is open at a time."""

    assignment = models.ForeignKey(
        Assignment, on_delete=models.CASCADE, related_name="extension_requests", verbose_name="phần việc"
    )
    old_due = models.DateField("hạn lúc xin", null=True)
    requested_due = models.DateField("xin đến ngày")
    reason = models.CharField("lý do", max_length=1000)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người xin"
    )
    requested_at = models.DateTimeField("xin lúc")
    state = models.CharField("kết quả", max_length=10, choices=ExtensionState.choices, default=ExtensionState.PENDING)
    granted_due = models.DateField("gia hạn đến", null=True, blank=True)
    decision_reason = models.CharField("ý kiến", max_length=1000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người quyết định",
    )
    decided_at = models.DateTimeField("quyết định lúc", null=True, blank=True)

    objects = ExtensionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "đề nghị gia hạn"
        verbose_name_plural = "đề nghị gia hạn"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "id"], name="extension_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["assignment"], condition=Q(state="pending"), name="extension_one_open"),
            models.CheckConstraint(
                condition=Q(state="pending", decided_at__isnull=True)
                | (~Q(state="pending") & Q(decided_at__isnull=False)),
                name="extension_decided_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(granted_due__isnull=False),
                name="extension_approved_has_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment}: {self.requested_due:%d/%m/%Y}"


class ExtensionPermit(models.Model):
    """The office lets a unit ask for more time after the due day: why, until when; used once.

    A new one ends an older one that was not used.
    """

    assignment = models.ForeignKey(
        Assignment, on_delete=models.CASCADE, related_name="extension_permits", verbose_name="phần việc"
    )
    reason = models.CharField("lý do", max_length=500)
    until = models.DateField("xin chậm nhất ngày")
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người cho phép"
    )
    given_at = models.DateTimeField("cho phép lúc")
    used_by = models.OneToOneField(
        ExtensionRequest,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="permit",
        verbose_name="dùng cho đề nghị",
    )
    ended_at = models.DateTimeField("hết hiệu lực lúc", null=True, blank=True)

    objects = through("assignment")

    class Meta:
        verbose_name = "cho phép xin gia hạn sau hạn"
        verbose_name_plural = "cho phép xin gia hạn sau hạn"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(used_by__isnull=True, ended_at__isnull=True),
                name="extension_permit_one_at_hand",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment}: {self.until:%d/%m/%Y}"
