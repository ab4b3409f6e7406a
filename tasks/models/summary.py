"""Báo cáo tổng hợp: a frozen snapshot of one directive, and the files made of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from directive_tracker.doors import through
from tasks.models.chasing import Appended
from tasks.models.directive import Directive
from tasks.models.paper_template import PaperTemplate
from tasks.reading_querysets import SummaryReportQuerySet


class SummaryReport(Appended):
    """One draft of the report (dự thảo lần `draft_number`): everything it says is in `data` and never changes.

    tasks/summary/freezing.py says how `data` is built. `as_of` is the moment of the figures, `profile` the layout of the
    day it was made for (tasks/exports/layouts.toml), `template` the office's own template that counted then.
    """

    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="summaries")
    draft_number = models.PositiveSmallIntegerField("dự thảo lần")
    as_of = models.DateTimeField("số liệu đến lúc")
    profile = models.CharField("thể thức", max_length=10)
    previous = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="bản trước"
    )
    template = models.ForeignKey(
        PaperTemplate, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="mẫu riêng"
    )
    data = models.JSONField("nội dung")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người lập",
    )
    made_at = models.DateTimeField("lập lúc")

    objects = SummaryReportQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo tổng hợp"
        verbose_name_plural = "báo cáo tổng hợp"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["directive", "draft_number"], name="summary_draft_once"),
            models.CheckConstraint(condition=Q(draft_number__gte=1), name="summary_draft_from_one"),
        ]

    def __str__(self) -> str:
        return f"Báo cáo tổng hợp, dự thảo lần {self.draft_number}"

    def get_absolute_url(self) -> str:
        return reverse("tasks:summary", args=[self.pk])


class SummaryFile(Appended):
    """A file made of a snapshot; each kind once, for the snapshot never changes."""

    class Kind(models.TextChoices):
        DOCX = "docx", "Word"
        PDF = "pdf", "PDF"

    report = models.ForeignKey(SummaryReport, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField("dạng", max_length=4, choices=Kind.choices)
    file = models.ForeignKey("records.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name="tệp")
    made_at = models.DateTimeField("làm lúc")

    objects = through("report")

    class Meta:
        verbose_name = "tệp báo cáo tổng hợp"
        verbose_name_plural = "tệp báo cáo tổng hợp"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["report", "kind"], name="summary_file_once")]

    def __str__(self) -> str:
        return f"{self.report}: {self.get_kind_display()}"
