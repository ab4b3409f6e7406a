"""What was filed: stored files, named at random, served only through a view."""

import secrets

from django.conf import settings
from django.db import models


def random_path(stored_file: "StoredFile", filename: str) -> str:
    """A path nobody can guess; the typed name is kept in its own column."""
    token = secrets.token_hex(16)
    return f"{token[:2]}/{token}{stored_file.extension}"


class StoredFile(models.Model):
    """One uploaded file that passed the upload checks (records/uploads.py)."""

    file = models.FileField("tệp", upload_to=random_path, max_length=120)
    original_name = models.CharField("tên tệp", max_length=255)
    extension = models.CharField("đuôi tệp", max_length=10)
    content_type = models.CharField("kiểu nội dung", max_length=100)
    size = models.PositiveBigIntegerField("cỡ (byte)")
    sha256 = models.CharField("mã kiểm SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="người tải lên",
    )
    uploaded_at = models.DateTimeField("tải lên lúc")

    class Meta:
        verbose_name = "tệp lưu"
        verbose_name_plural = "tệp lưu"
        indexes = [models.Index(fields=["sha256"], name="storedfile_sha256")]

    def __str__(self) -> str:
        return self.original_name
