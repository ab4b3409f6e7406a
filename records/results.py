"""Files that the program itself makes, such as exports."""

import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from pathlib import PurePath
from typing import IO

from django.core.files.base import ContentFile, File
from django.db import transaction

from records import sealing
from records.models import StoredFile

_note: ContextVar[Callable[[StoredFile], object] | None] = ContextVar("note", default=None)


def keep_file(content: bytes, name: str, content_type: str, *, by, now: datetime, sealed: bool = False) -> StoredFile:
    """Store made content under a random path; `name` is what the person who downloads it sees.

    Args:
        sealed: it lies encrypted on the disk (what holds persons' data).
    """
    stored = StoredFile(
        original_name=name[:255],
        extension=PurePath(name).suffix.lower()[:10],
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=by,
        uploaded_at=now,
        is_sealed=sealed,
    )
    kept = sealing.sealing(io.BytesIO(content), stored.sha256) if sealed else ContentFile(content)
    stored.file.save(name, kept, save=False)
    _enter(stored)
    return stored


def keep_open_file(content: IO[bytes], name: str, content_type: str, *, by, now: datetime) -> StoredFile:
    """Store made content that lies in an open file, read piece by piece however large it is. Unsealed."""
    content.seek(0)
    checksum = hashlib.file_digest(content, "sha256").hexdigest()
    stored = StoredFile(
        original_name=name[:255],
        extension=PurePath(name).suffix.lower()[:10],
        content_type=content_type,
        size=content.seek(0, io.SEEK_END),
        sha256=checksum,
        uploaded_by=by,
        uploaded_at=now,
    )
    content.seek(0)
    stored.file.save(name, File(content), save=False)
    _enter(stored)
    return stored


@contextmanager
def entered(note: Callable[[StoredFile], object]) -> Iterator[None]:
    """What is filed within the block is noted in the transaction that files it: there are both or neither."""
    token = _note.set(note)
    try:
        yield
    finally:
        _note.reset(token)


@transaction.atomic
def _enter(stored: StoredFile) -> None:
    stored.save()
    if (note := _note.get()) is not None:
        note(stored)
