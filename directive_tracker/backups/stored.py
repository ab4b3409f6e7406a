"""Putting files back under their old names, and the small file of erased entries."""

import os
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File

from directive_tracker.backups.container import Counted
from directive_tracker.backups.errors import Damaged, Refused
from records.models import StoredFile

# A file up to this size is held in memory on its way into the store.
SPOOLED = 16 * 1024 * 1024


def put(name: str, content: Counted, told: dict[str, Any], *, keep_other: bool = False) -> None:
    """Put a file into the store under its old name. What a killed command left half there is written anew.

    Args:
        told: its size and sha256.
        keep_other: whatever stands under the name stays.

    Errors: OSError; Damaged where the content is something else.
    """
    storage = StoredFile._meta.get_field("file").storage
    if storage.exists(name):
        with storage.open(name, "rb") as there:
            counted = Counted(there)
            for _ in counted.pieces():
                pass
        if counted.told() == told or keep_other:
            return
        storage.delete(name)
    with tempfile.SpooledTemporaryFile(max_size=SPOOLED) as spooled:
        for block in content.pieces():
            spooled.write(block)
        same(name, content, told)
        spooled.seek(0)
        try:
            saved = storage.save(name, File(spooled, name=name))
        except OSError:
            storage.delete(name)
            raise
    if saved != name:
        storage.delete(saved)
        raise Refused(f"Kho tệp không nhận tên {name}.")


def same(name: str, content: Counted, told: dict[str, Any]) -> None:
    """What was read must be what was checked before; somebody may have changed it since. Errors: Damaged."""
    if content.told() != told:
        raise Damaged(f"{name} bị thay đổi trong lúc chép.")


def keep_erased(data: bytes) -> bool:
    """Add lines that ERASED_FILE does not have yet; whether there was such a file. Errors: OSError."""
    path = Path(settings.ERASED_FILE)
    was_there = path.exists()
    old = path.read_bytes() if was_there else b""
    there = set(old.splitlines())
    lines = [line for line in data.splitlines() if line.strip() and line not in there]
    if lines:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Its last line may lack its end; what is added must not become part of it.
        append(path, (b"\n" if old and not old.endswith(b"\n") else b"") + b"".join(line + b"\n" for line in lines))
    return was_there


def append(path: Path, data: bytes) -> None:
    """Add bytes to the end of a small file, all of them or none; one that is not there is made, for its owner alone.

    Errors: OSError with the file as it was.
    """
    was_there = path.exists()
    before = path.stat().st_size if was_there else 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        with os.fdopen(handle, "ab") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        # A full disk takes the first bytes and refuses the rest.
        if was_there:
            os.truncate(path, before)
        else:
            path.unlink()
        raise
