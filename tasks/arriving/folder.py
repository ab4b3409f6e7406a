"""A folder of a document system, looked into and never touched."""

import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from tasks.arriving.sources import ArrivedFile, SourceGone

logger = logging.getLogger(__name__)

# Folders in the folder: by year and month, as document systems keep them.
DEEPEST = 3
MOST_FILES = 20_000


class FolderSource:
    """Regular files below one folder. Links, hidden files and what office programs keep beside open files are left out."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.label = f"thư mục “{root.name}” trên máy chủ"

    def list(self) -> Iterator[ArrivedFile]:
        """The files in the order of their names. Errors: SourceGone."""
        for found, (path, status) in enumerate(self._walk(self.root, 0), 1):
            if found > MOST_FILES:
                logger.warning("the watched folder holds more than %s files; the others are not seen", MOST_FILES)
                return
            yield ArrivedFile(str(path.relative_to(self.root)), path.name, status.st_size, status.st_mtime_ns)

    def open(self, key: str) -> BinaryIO:
        """The file, opened without following links on its way. Errors: FileNotFoundError; SourceGone."""
        parts = Path(key).parts
        if not parts or len(parts) > DEEPEST + 1 or any(part in ("..", "/") for part in parts):
            raise FileNotFoundError(key)
        folder = self._open_folder()
        try:
            for part in parts[:-1]:
                inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
                os.close(folder)
                folder = inner
            # Not blocking: a pipe laid into the folder would be waited for for ever.
            found = os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise SourceGone(f"a file of the folder cannot be opened: {error.strerror}") from error
        finally:
            os.close(folder)
        if not stat.S_ISREG(os.fstat(found).st_mode):
            os.close(found)
            raise FileNotFoundError(key)
        return os.fdopen(found, "rb")

    def done(self, key: str) -> None:
        """Nothing: the folder belongs to somebody else."""

    def _open_folder(self) -> int:
        try:
            return os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            raise SourceGone(f"the watched folder cannot be opened: {error.strerror}") from error

    def _walk(self, folder: Path, depth: int) -> Iterator[tuple[Path, os.stat_result]]:
        try:
            with os.scandir(folder) as entries:
                sorted_entries = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            if depth:
                return  # a folder that was taken away meanwhile, or that is not ours to read
            raise SourceGone(f"the watched folder cannot be read: {error.strerror}") from error
        for entry in sorted_entries:
            if entry.name.startswith((".", "~$")):
                continue
            try:
                if entry.is_file(follow_symlinks=False):
                    yield Path(entry.path), entry.stat(follow_symlinks=False)
                elif depth < DEEPEST and entry.is_dir(follow_symlinks=False):
                    yield from self._walk(Path(entry.path), depth + 1)
            except FileNotFoundError:
                continue


def folder_of_settings() -> FolderSource | None:
    """The folder INCOMING_DIR names, or None where it names none."""
    return FolderSource(Path(settings.INCOMING_DIR)) if settings.INCOMING_DIR else None
