"""The archive of a directive that is no longer followed: one file with everything, and what it held."""

from django.conf import settings
from django.db import models

from tasks.models.chasing import Appended
from tasks.models.directive import Directive
from tasks.reading_querysets import DirectiveArchiveQuerySet


class DirectiveArchive(Appended):
    """One archive file. Of a directive that was followed again and ended anew the newest counts.

    `contents`: what lies in it, folder → number of files, and the head hash of the log it was made with.
    """

    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="archives")
    file = models.ForeignKey("records.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name="tệp")
    contents = models.JSONField("nội dung")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người kết thúc"
    )
    at = models.DateTimeField("làm lúc")

    objects = DirectiveArchiveQuerySet.as_manager()

    class Meta:
        verbose_name = "hồ sơ lưu trữ"
        verbose_name_plural = "hồ sơ lưu trữ"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["directive", "-id"], name="archive_newest")]

    def __str__(self) -> str:
        return f"Hồ sơ lưu trữ: {self.directive}"
