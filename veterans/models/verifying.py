"""What each level found when it checked an entry; rows are only added."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from directive_tracker.doors import through
from veterans.enums import Finding, Verification
from veterans.models.person import Person


class VerificationStep(models.Model):
    """One thing said about an entry: a finding of a level, a wish to look again, or back to the beginning."""

    class Kind(models.TextChoices):
        FOUND = "found", "Kết luận"
        ASKED = "asked", "Đề nghị xem lại"
        RESET = "reset", "Xác minh lại từ đầu"

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="verification_steps", verbose_name="người"
    )
    kind = models.CharField("việc", max_length=6, choices=Kind.choices)
    level = models.CharField("bước", max_length=10, choices=Verification.choices)
    finding = models.CharField("kết luận", max_length=12, choices=Finding.choices, blank=True)
    reason = models.CharField("lý do", max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người ghi"
    )
    at = models.DateTimeField("ghi lúc")

    objects = through("person")

    class Meta:
        verbose_name = "bước xác minh"
        verbose_name_plural = "các bước xác minh"
        ordering = ["person", "pk"]
        indexes = [models.Index(fields=["person", "-id"], name="verification_step_newest")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind="found") & ~Q(finding="")) | (~Q(kind="found") & Q(finding="")),
                name="verification_step_found_says_what",
            ),
            models.CheckConstraint(
                condition=Q(kind="found", finding="enough") | Q(kind="reset") | ~Q(reason=""),
                name="verification_step_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} – hồ sơ số {self.person_id}"
