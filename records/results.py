"""Files that the program itself makes, such as exports."""

import hashlib
from datetime import datetime
from pathlib import PurePath

from django.core.files.base import ContentFile

from records.models import StoredFile


def keep_file(content: bytes, name: str, content_type: str, *, by, now: datetime) -> StoredFile:
    """Store made content under a random path; `name` is what the person who downloads it sees."""
    stored = StoredFile(
        original_name=name[:255],
        extension=PurePath(name).suffix.lower()[:10],
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=by,
        uploaded_at=now,
    )
    stored.file.save(name, ContentFile(content), save=False)
    stored.save()
    return stored
