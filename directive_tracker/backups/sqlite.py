"""A SQLite database at one moment: a copy by VACUUM INTO beside the original, gone when the backup is done."""

import contextlib
import fcntl
import hashlib
import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from directive_tracker.backups.errors import Refused
from directive_tracker.vietnamese import vn_number

BLOCK = 1024 * 1024
COPY = ".backup-copy"
# What stays free for those who work meanwhile.
SPARE = 64 * 1024 * 1024
TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND (name NOT LIKE 'sqlite_%' OR name = 'sqlite_sequence')"
)


class SqliteSnapshot:
    """A copy that nobody writes to."""

    engine = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path

    def rows(self, sql: str) -> Iterator[tuple]:
        """The rows of a question."""
        with closing(opened(self.path)) as connection:
            yield from connection.execute(sql)

    def facts(self) -> dict[str, Any]:
        """Version, tables. Errors: Refused for a database that SQLite itself finds damaged."""
        with closing(opened(self.path)) as connection:
            found = connection.execute("PRAGMA integrity_check(3)").fetchall()
            if found != [("ok",)]:
                raise Refused(f"Cơ sở dữ liệu SQLite bị hỏng: {found[0][0]}. Hãy dùng bản sao lưu trước đó.")
            return {"engine": self.engine, "version": sqlite3.sqlite_version, "tables": tables_of(connection)}

    def dump(self) -> Iterator[bytes]:
        """The copy's bytes."""
        with self.path.open("rb") as file:
            while block := file.read(BLOCK):
                yield block


def opened(path: Path) -> sqlite3.Connection:
    """A connection that only reads."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=20)


def tables_of(connection: sqlite3.Connection) -> dict[str, dict[str, Any]]:
    """Table → rows and checksum, whatever the order in which the file holds them."""
    found = {}
    for (table,) in connection.execute(TABLES).fetchall():
        digest, rows = hashlib.sha256(), 0
        for row in connection.execute(f'SELECT * FROM "{table}" ORDER BY rowid'):
            digest.update(repr(row).encode("utf-8", "surrogatepass"))
            rows += 1
        found[table] = {"rows": rows, "checksum": digest.hexdigest()}
    return found


@contextmanager
def taken(database: Path) -> Iterator[SqliteSnapshot]:
    """A copy of the database, complete and of one moment, while others go on writing.

    It lies beside the original and not in the folder of backups: what is not sealed stays where it is anyway.
    Errors: Refused.
    """
    if not database.is_file():
        raise Refused(f"Không có cơ sở dữ liệu {database}; chưa có gì để sao lưu.")
    _forget_copies(database)
    needed, free = database.stat().st_size, shutil.disk_usage(database.parent).free
    if free < needed + SPARE:
        raise Refused(
            f"Đĩa chứa cơ sở dữ liệu còn {_megabytes(free)} MB trống, cần {_megabytes(needed + SPARE)} MB để chép một bản."
        )
    copy = database.with_name(f".{database.name}.{secrets.token_hex(4)}{COPY}")
    # Made by us first, so that nobody else may read it even for a moment; locked as long as somebody needs it.
    held = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        with closing(sqlite3.connect(database, timeout=60)) as connection:
            connection.execute("VACUUM INTO ?", [str(copy)])
        yield SqliteSnapshot(copy)
    except sqlite3.Error as error:
        raise Refused(f"Không chép được cơ sở dữ liệu SQLite: {error}.") from error
    finally:
        remove(copy)
        os.close(held)


def _forget_copies(database: Path) -> None:
    """Remove the copies of backups that were killed."""
    for left in database.parent.glob(f".{database.name}.*{COPY}"):
        held = os.open(left, os.O_WRONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            remove(left)
        except BlockingIOError:
            pass  # Another backup is using it.
        finally:
            os.close(held)


def remove(path: Path) -> None:
    """Take a database's file away, and what SQLite keeps beside it."""
    for each in (path, *(path.with_name(f"{path.name}{end}") for end in ("-journal", "-wal", "-shm"))):
        with contextlib.suppress(FileNotFoundError):
            each.unlink()


def _megabytes(size: int) -> str:
    return vn_number(size // (1024 * 1024) + 1)
