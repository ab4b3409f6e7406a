"""Word templates that an office put in the place of the program's own. Rows are only added; the newest of a kind counts."""

from django.conf import settings
from django.db import models


class PaperTemplate(models.Model):
    """One template of one kind; without a file the program's own counts again."""

    # What the rooms register (tasks/paper_templates.py).
    kind = models.CharField("loại", max_length=30)
    file = models.ForeignKey(
        "records.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tệp"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name="người thay"
    )
    at = models.DateTimeField("thay lúc")

    class Meta:
        verbose_name = "mẫu giấy tờ"
        verbose_name_plural = "các mẫu giấy tờ"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kind", "-id"], name="paper_template_newest")]

    def __str__(self) -> str:
        return f"Mẫu giấy tờ số {self.pk or 'mới'}"
