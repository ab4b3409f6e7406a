"""Two entries that may be one person, what was decided, and merges that can be undone."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from directive_tracker.doors import through
from veterans.models.person import Person
from veterans.querysets import DuplicatePairQuerySet


class DuplicatePair(models.Model):
    """A proposal. Nothing is merged by a program; "không phải một người" stays for ever.

    score: 0–100; reasons: codes of veterans/duplicates.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "Chờ xem"
        MERGED = "merged", "Đã gộp"
        DIFFERENT = "different", "Không phải một người"

    first = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name="hồ sơ thứ nhất")
    second = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name="hồ sơ thứ hai")
    score = models.PositiveSmallIntegerField("mức giống nhau")
    reasons = models.JSONField("vì sao", default=list)
    state = models.CharField("tình trạng", max_length=10, choices=State.choices, default=State.PROPOSED)
    found_at = models.DateTimeField("thấy lúc")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người quyết định"
    )
    decided_at = models.DateTimeField("quyết định lúc", null=True, blank=True)
    decided_because = models.CharField("vì sao quyết định như vậy", max_length=300, blank=True)

    objects = DuplicatePairQuerySet.as_manager()

    class Meta:
        verbose_name = "cặp có thể trùng"
        verbose_name_plural = "các cặp có thể trùng"
        ordering = ["-score", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicate_pair_smaller_first"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at__isnull=True)
                | (~Q(state="proposed") & Q(decided_at__isnull=False)),
                name="duplicate_pair_decided_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["-score", "id"], condition=Q(state="proposed"), name="duplicate_pair_open"),
            models.Index(fields=["second"], name="duplicate_pair_second"),
        ]

    def __str__(self) -> str:
        return f"Cặp số {self.pk or 'mới'}"


class Merge(models.Model):
    """One entry absorbed by another; `sealed` holds how both were before, so that it can be undone."""

    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges", verbose_name="hồ sơ giữ lại")
    absorbed = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name="hồ sơ được gộp")
    sealed = models.BinaryField("hai hồ sơ trước khi gộp, đã mã hóa")
    key_id = models.CharField("mã khóa", max_length=8)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người gộp"
    )
    at = models.DateTimeField("gộp lúc")
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người tách lại"
    )
    undone_at = models.DateTimeField("tách lại lúc", null=True, blank=True)

    objects = through("kept")

    class Meta:
        verbose_name = "lần gộp hồ sơ"
        verbose_name_plural = "các lần gộp hồ sơ"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["absorbed"], condition=Q(undone_at__isnull=True), name="merge_absorbed_once"
            ),
            models.CheckConstraint(condition=~Q(kept=F("absorbed")), name="merge_two_entries"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="merge_undone_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"Lần gộp số {self.pk or 'mới'}"
