"""The database at one moment, whatever happens to it meanwhile: its files, tables and dump. One class a kind of database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from directive_tracker.backups import postgres, sqlite


@dataclass(frozen=True)
class FileRow:
    """A stored file as the database knows it; sha256 and size are of its plain bytes."""

    name: str
    sha256: str
    is_sealed: bool


class Snapshot(Protocol):
    """What a backup asks of a database."""

    engine: str

    def rows(self, sql: str) -> Iterator[tuple]:
        """The rows of a question, few at a time."""

    def facts(self) -> dict[str, Any]:
        """Versions, tables with rows and checksums, sequences: what stands in the manifest under "database"."""

    def dump(self) -> Iterator[bytes]:
        """The whole, block by block. Errors: Refused."""


# What was emptied (StoredFile.empty) keeps its row and has no bytes any more.
FILES = "SELECT file, sha256, is_sealed FROM records_storedfile WHERE sha256 <> '' ORDER BY id"
MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY app, name"


def files_of(snapshot: Snapshot) -> Iterator[FileRow]:
    """Every stored file that has content."""
    for name, sha256, is_sealed in snapshot.rows(FILES):
        yield FileRow(name, sha256, bool(is_sealed))


@contextmanager
def taken() -> Iterator[Snapshot]:
    """The database of the settings at this moment. Errors: Refused."""
    if settings.SQLITE:
        with sqlite.taken(Path(settings.DATABASES["default"]["NAME"])) as snapshot:
            yield snapshot
    else:
        with postgres.taken() as snapshot:
            yield snapshot
