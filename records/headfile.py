"""Count and head of the chain in a file outside the database, so that a cut tail and an emptied log show.

The file is rewritten after every sealing and only ever advances: where the log no longer holds the row that the file
names (a cut, a restored backup), the file stays as it is and verify_audit says so. Beside it, `….log` gets one line a
day, to be printed or carried away.

`database` tells apart databases that share one folder (a trial, a copy): each writes only to its own file, so that a
copy never moves the file of the original.
"""

import fcntl
import hashlib
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from directive_tracker.vietnamese import ZONE

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Head:
    """The end of the chain at one moment: number and hash of the last row.

    `follows` is the head just before it; `source` is the name of the file it was read from.
    """

    count: int
    hash: str
    first_uid: str = ""
    at: datetime | None = None
    follows: "Head | None" = None
    source: str = ""
    database: str = ""


class HeadFileError(Exception):
    """A head file that is there and cannot be read; the text says which and why."""


# Said once a process and path, not at every page.
_complained: set[tuple[str, str]] = set()


def database_name() -> str:
    """Which database this is, without user and password."""
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:{Path(str(values['NAME'])).absolute()}"
    return f"{connection.vendor}:{values['HOST'] or 'localhost'}:{values['PORT'] or ''}/{values['NAME']}"


def read(path: Path) -> Head | None:
    """The head in a file, None where there is no file.

    Errors: HeadFileError for a file that cannot be read or holds something else.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Head(
            count=int(found["count"]),
            hash=str(found["head"]),
            first_uid=str(found["first_uid"]),
            at=datetime.fromisoformat(found["at"]),
            source=f"tệp {path.name}",
            database=str(found.get("database", "")),
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise HeadFileError(f"không đọc được tệp {path}: {error}") from error


def read_log(path: Path, first_uid: str) -> list[Head]:
    """The daily lines beside a head file that are about the same chain; lines that are none are passed over."""
    try:
        lines = _log_of(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    heads = []
    for line in lines:
        day, _, rest = line.partition(" ")
        words = rest.split()
        if len(words) == 3 and words[0].isdecimal() and words[2] == first_uid:
            source = f"dòng ngày {day} trong tệp {_log_of(path).name}"
            heads.append(Head(int(words[0]), words[1], first_uid, source=source))
    return heads


def _log_of(path: Path) -> Path:
    return path.with_suffix(".log")


def own_path() -> Path | None:
    """The file this database writes to, None where none is kept (AUDIT_HEAD_FILE empty).

    Errors: HeadFileError when the file that is there cannot be read.
    """
    return _own()[0]


def _own() -> tuple[Path | None, Head | None]:
    """The file this database writes to, and what stands in it."""
    if not settings.AUDIT_HEAD_FILE:
        return None, None
    path = Path(settings.AUDIT_HEAD_FILE)
    found = read(path)
    if found is None or found.database == database_name():
        return path, found
    digest = hashlib.sha256(database_name().encode()).hexdigest()
    path = path.with_name(f"{path.stem}-{digest[:8]}{path.suffix}")
    return path, read(path)


def kept_heads(first_uid: str) -> list[Head]:
    """What the files say of this log: its own, and the main one where that is about the same chain.

    A copy of a database is measured by the file of the original; an empty log by whatever is there.
    Errors: HeadFileError.
    """
    own = own_path()
    if own is None:
        return []
    heads = []
    for path in dict.fromkeys((own, Path(settings.AUDIT_HEAD_FILE))):
        head = read(path)
        if head is not None and (path == own or not first_uid or head.first_uid == first_uid):
            heads += [head, *read_log(path, head.first_uid)]
    return heads


def advance(head: Head) -> None:
    """Write a new head, where the file is of this chain and behind it; what goes wrong is logged, never raised."""
    if not settings.AUDIT_HEAD_FILE:
        return
    main = Path(settings.AUDIT_HEAD_FILE)
    try:
        with _locked(main):
            path, kept = _own()
            if kept is not None and kept.first_uid == head.first_uid and kept.count >= head.count:
                return
            if kept is not None and not _continues(kept, head):
                _complain(path, "names a row that the log no longer holds; it stays as it is (verify_audit)")
                return
            _replace(path, head)
            if kept is None or _day(kept) != _day(head):
                _append(path, head)
    except (OSError, HeadFileError) as error:
        _complain(main, str(error))


def set_aside() -> None:
    """Rename this database's head file and its daily lines to `….old`, because its log begins anew.

    Errors: HeadFileError, OSError.
    """
    path = own_path()
    for kept in (path, _log_of(path)) if path else ():
        if kept.exists():
            kept.replace(kept.with_name(f"{kept.name}.old"))


def _continues(kept: Head, head: Head) -> bool:
    """Whether the row the file names still stands in the log."""
    if kept.first_uid != head.first_uid:
        return False
    before = head.follows
    if before is not None and (kept.count, kept.hash) == (before.count, before.hash):
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM records_auditevent WHERE number = %s", [kept.count])
        row = cursor.fetchone()
    return row is not None and row[0] == kept.hash


def _complain(path: Path, what: str) -> None:
    if (str(path), what) not in _complained:
        _complained.add((str(path), what))
        logger.error("head file of the log %s: %s", path, what)


def _day(head: Head) -> str:
    return head.at.astimezone(ZONE).date().isoformat() if head.at else ""


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One writer of head files at a time, on this machine."""
    lock = path.with_suffix(".lock")
    try:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _replace(path: Path, head: Head) -> None:
    """Whoever reads finds the old file or the new one, never half of one. The lock keeps the name for us alone."""
    content = {
        "count": head.count,
        "head": head.hash,
        "first_uid": head.first_uid,
        "at": head.at.isoformat() if head.at else None,
        "database": database_name(),
    }
    written = path.with_suffix(".new")
    handle = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(json.dumps(content))
    os.replace(written, path)


def _append(path: Path, head: Head) -> None:
    """One line a day: day, number of rows, hash, first row."""
    handle = os.open(_log_of(path), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.write(f"{_day(head)} {head.count} {head.hash} {head.first_uid}\n")
