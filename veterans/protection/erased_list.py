"""The numbers of erased entries outside the database: a restored backup knows nothing of what was erased after it.

One line of JSON each: number, when the entry was made (a restored database may give the number to somebody else), why, when.
Nothing of the person. Kept apart from the backups (ERASED_FILE); `manage.py erase_again` reads it.
"""

import fcntl
import json
import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from veterans.models import Person

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Erased:
    """One line of the file."""

    number: int
    created_at: datetime
    kind: str
    at: datetime


def note_after_commit(people: Iterable[Person], *, kind: str, at: datetime) -> None:
    """Write the entries down once the erasure stands."""
    lines = [
        json.dumps({"number": each.pk, "created": each.created_at.isoformat(), "kind": str(kind), "at": at.isoformat()})
        for each in people
    ]
    transaction.on_commit(lambda: _append(lines))


def _append(lines: list[str]) -> None:
    if not settings.ERASED_FILE:
        return
    try:
        handle = os.open(settings.ERASED_FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.writelines(f"{line}\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        # The data are erased all the same; who restores a backup has to know that the list is not whole.
        logger.error("cannot note %s erased entries in %s: %s", len(lines), settings.ERASED_FILE, error.strerror)


def read(path: Path | str) -> Iterator[Erased]:
    """The lines of the file. Errors: OSError; ValueError with the number of a line that cannot be read."""
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                yield Erased(
                    int(row["number"]),
                    datetime.fromisoformat(row["created"]),
                    str(row["kind"]),
                    datetime.fromisoformat(row["at"]),
                )
            except (ValueError, KeyError, TypeError) as problem:
                raise ValueError(f"dòng {number} không đọc được: {problem}") from problem
