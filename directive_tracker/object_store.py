"""Files in an S3-compatible store (STORAGE_URL), for machines that share no folder. Needs requirements-s3.txt.

What lies there has a random name and is never given out by the store: pages hand files over as they do from a folder, after
asking for the right. A store that does not answer is an OSError like a disk that does not (directive_tracker/outages.py).
"""

import errno
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3File, S3Storage

from directive_tracker.outages import StorageAway

# Beyond it a file that is read lies in a temporary one; reports seldom are.
_IN_MEMORY = 4 * 1024 * 1024


@contextmanager
def _told_as_os_errors() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404:
            raise FileNotFoundError(errno.ENOENT, "not in the store") from error
        raise StorageAway(errno.EIO, f"the store refused: {error.response.get('Error', {}).get('Code')}") from error
    except (BotoCoreError, Boto3Error) as error:
        # Its words may hold address and key.
        raise StorageAway(errno.EIO, f"the store does not answer: {error.__class__.__name__}") from error


class StoredObject(S3File):
    """One file of the store; its content comes when it is first read."""

    def _fetched(self) -> Any:
        with _told_as_os_errors():
            return self._get_file()

    def _replaced(self, value: Any) -> None:
        self._file = value

    file = property(_fetched, _replaced)

    def seekable(self) -> bool:
        """Whole as it came."""
        return True

    def readable(self) -> bool:
        """Opened for reading only."""
        return "r" in self._mode


class ObjectStorage(S3Storage):
    """django-storages' S3 storage with our errors; what cannot be rewound is read into a temporary file first."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(
            **{
                "file_overwrite": False,
                "default_acl": None,
                "max_memory_size": _IN_MEMORY,
                "client_config": Config(
                    connect_timeout=3,
                    read_timeout=15,
                    retries={"total_max_attempts": 2, "mode": "standard"},
                    signature_version="s3v4",
                    s3={"addressing_style": "path"},
                    # Stores of other makers know no other sums.
                    request_checksum_calculation="when_required",
                    response_checksum_validation="when_required",
                ),
                "transfer_config": TransferConfig(use_threads=False),
                **settings,
            }
        )

    def _open(self, name: str, mode: str = "rb") -> StoredObject:
        with _told_as_os_errors():
            return StoredObject(self._normalize_name(name), mode, self)

    def _save(self, name: str, content: File) -> str:
        if content.seekable():
            with _told_as_os_errors():
                return super()._save(name, content)
        # A second try must send the same again: what is sealed on the way can be read only once.
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as spool:
            for chunk in iter(lambda: content.read(1 << 16), b""):
                spool.write(chunk)
            spool.seek(0)
            with _told_as_os_errors():
                return super()._save(name, File(spool, name=name))

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        with _told_as_os_errors():
            return super().exists(name)

    def delete(self, name: str) -> None:
        """Take it away; one that is not there is no error."""
        with _told_as_os_errors():
            super().delete(name)

    def size(self, name: str) -> int:
        """Its bytes as stored."""
        with _told_as_os_errors():
            return super().size(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Folders and files below a path."""
        with _told_as_os_errors():
            return super().listdir(path)
