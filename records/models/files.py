"""What was filed: stored files, named at random, served only through a view."""

import logging
import secrets
from typing import Any

from django.conf import settings
from django.core.files.storage import Storage
from django.db import models, transaction

from directive_tracker import crypto
from records import sealing

logger = logging.getLogger(__name__)


def random_path(stored_file: "StoredFile", filename: str) -> str:
    """A path nobody can guess; the typed name is kept in its own column."""
    token = secrets.token_hex(16)
    return f"{token[:2]}/{token}{stored_file.extension}"


def delete_content(storage: Storage, name: str) -> None:
    """Take a file off the store for which no row speaks any more; what stays behind is named in the log.

    Never an error: the row is committed already, and whoever is told of a failure would do it again.
    """
    for last in (False, False, True):
        try:
            storage.delete(name)
        except OSError as error:
            if last:
                logger.error("%s could not be taken off the store, delete it by hand: %s", name, error.strerror)
        else:
            return


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
    # Lies encrypted on the disk (records/sealing.py): lists and papers of persons. size and sha256 are of the plain bytes.
    is_sealed = models.BooleanField("đã mã hóa", default=False)

    class Meta:
        verbose_name = "tệp lưu"
        verbose_name_plural = "tệp lưu"
        indexes = [models.Index(fields=["sha256"], name="storedfile_sha256")]

    def __str__(self) -> str:
        # The log keeps this; the name of a person's paper may name the person.
        return f"Tệp mã hóa số {self.pk or 'mới'}" if self.is_sealed else self.original_name

    def open_plain(self) -> Any:
        """The plain bytes, to be read from the beginning to the end and closed.

        Errors: FileNotFoundError; crypto.Unreadable, at once where its key is not among ours, else while reading.
        """
        content: Any = self.file.open("rb")
        if not self.is_sealed:
            return content
        plain: Any = sealing.opening(content, self.sha256)
        try:
            plain.peek(1)
        except crypto.Unreadable:
            plain.close()
            raise
        return plain

    def empty(self) -> None:
        """Take the content and the name away for ever; the row stays for what refers to it. The page says it is gone."""
        name, storage = self.file.name, self.file.storage
        self.original_name, self.size, self.sha256 = f"da-xoa{self.extension}", 0, ""
        self.save(update_fields=["original_name", "size", "sha256"])
        transaction.on_commit(lambda: delete_content(storage, name))

    def remove(self) -> None:
        """Take the file away: the row now, the bytes on the disk once the transaction has committed.

        Errors: ProtectedError while something still needs it.
        """
        name, storage = self.file.name, self.file.storage
        self.delete()
        transaction.on_commit(lambda: delete_content(storage, name))
