"""Files that arrive in parts: what has come so far, until the whole is checked and stored."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class PartialUploadQuerySet(models.QuerySet):
    def visible_to(self, user) -> "PartialUploadQuerySet":
        """The own ones alone."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(owner=user)


class PartialUpload(models.Model):
    """One file on its way; times are real times. The parts stand in the database, which every web server reaches."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="người gửi"
    )
    name = models.CharField("tên tệp", max_length=255)
    # By which the browser knows the same file again after a cut: size and time of its last change.
    mark = models.CharField("dấu của tệp", max_length=60)
    size = models.PositiveBigIntegerField("cỡ (byte)")
    received = models.PositiveBigIntegerField("đã nhận (byte)", default=0)
    begun_at = models.DateTimeField("bắt đầu lúc")
    touched_at = models.DateTimeField("nhận gần nhất lúc")

    objects = PartialUploadQuerySet.as_manager()

    class Meta:
        verbose_name = "tệp đang gửi"
        verbose_name_plural = "tệp đang gửi"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["touched_at"], name="partial_touched")]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name", "size", "mark"], name="partial_once"),
            models.CheckConstraint(condition=Q(received__lte=F("size")), name="partial_no_more_than_said"),
        ]

    def __str__(self) -> str:
        return self.name


class UploadPart(models.Model):
    """One stretch of such a file."""

    upload = models.ForeignKey(PartialUpload, on_delete=models.CASCADE, related_name="parts")
    start = models.PositiveBigIntegerField("từ byte")
    data = models.BinaryField("nội dung")

    class Meta:
        verbose_name = "phần của tệp đang gửi"
        verbose_name_plural = "phần của tệp đang gửi"
        ordering = ["upload", "start"]
        constraints = [models.UniqueConstraint(fields=["upload", "start"], name="upload_part_once")]

    def __str__(self) -> str:
        return f"{self.upload} từ {self.start}"
