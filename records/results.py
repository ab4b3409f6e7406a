"""Files that the program itself makes, such as exports."""

import hashlib
import io
from datetime import datetime
from pathlib import PurePath

from django.core.files.base import ContentFile

from records import sealing
from records.models import StoredFile


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
    stored.save()
    return stored
