"""A workbook of units, people, roles and deputies on its way in: checked, then imported."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from directive_tracker import clock
from units.access import access_of


class ImportState(models.TextChoices):
    WAITING = "waiting", "Đang kiểm tra"
    CHECKED = "checked", "Đã kiểm tra"
    APPLYING = "applying", "Đang nhập"
    APPLIED = "applied", "Đã nhập"


class ListImportQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ListImportQuerySet":
        """All for administrators, none for everybody else."""
        if not user.is_authenticated or not access_of(user, today=clock.today()).is_administrator:
            return self.none()
        return self


class ListImport(models.Model):
    """One uploaded workbook. outcome: what the last check found, for the page; digest: its mark."""

    file = models.ForeignKey("records.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name="tệp")
    error_file = models.ForeignKey(
        "records.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tệp lỗi"
    )
    state = models.CharField("trạng thái", max_length=10, choices=ImportState.choices, default=ImportState.WAITING)
    job = models.ForeignKey(
        "records.Job", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="việc chạy nền"
    )
    outcome = models.JSONField("kết quả kiểm tra", default=dict, blank=True)
    digest = models.CharField("dấu của kết quả", max_length=64, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người tải lên"
    )
    checked_at = models.DateTimeField("kiểm tra lúc", null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người nhập",
    )
    applied_at = models.DateTimeField("nhập lúc", null=True, blank=True)

    objects = ListImportQuerySet.as_manager()

    class Meta:
        verbose_name = "lần nhập từ tệp"
        verbose_name_plural = "các lần nhập từ tệp"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="applied", applied_at__isnull=False)
                | (~Q(state="applied") & Q(applied_at__isnull=True)),
                name="list_import_applied_has_time",
            )
        ]

    def __str__(self) -> str:
        return self.file.original_name

    @property
    def is_busy(self) -> bool:
        """Whether a job is at work on it."""
        return self.state in (ImportState.WAITING, ImportState.APPLYING)
