"""One backup as one file: a tar, sealed or not, whose last member is manifest.json. Written and read as a stream.

DOC-TRUOC.txt            what this is and how it is restored, for whoever finds it
files/…                  each stored file under its name in the store, as it lies there
database/000000 …        the dump in pieces of 8 MB; put together they are pg_dump -Fc or an SQLite file
kept/…                   head file of the log, list of erased entries
manifest.json            format, version, moment, tables, checksums; keys by their public names
"""

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any, BinaryIO

from directive_tracker.backups.errors import Damaged, Refused
from directive_tracker.backups.sealed import Opening, Sealing, name_of_key

FORMAT = 1
# How a finished one is called; where files were missing its name says so.
NAME = re.compile(r"theodoi-\d{8}-\d{6}(?P<copy>-\d+)?(?P<incomplete>-thieu-tep)?\.tar(\.sealed)?")
MANIFEST, NOTE = "manifest.json", "DOC-TRUOC.txt"
FILES, DATABASE, KEPT = "files/", "database/", "kept/"
PIECE = 8 * 1024 * 1024
# A manifest is read into memory; half a million files take some 70 MB.
LARGEST_MANIFEST = 512 * 1024 * 1024
_BLOCK = 256 * 1024
_SAFE = re.compile(r"(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._/-]{0,200}")


def is_safe(name: str) -> bool:
    """Whether a stored file's name may stand in a backup: no other folder can be reached by it."""
    return bool(_SAFE.fullmatch(name)) and "//" not in name


class Counted:
    """A source whose bytes are counted and summed up while somebody reads them."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self._digest = source, hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes. Errors: Damaged where a member of a backup is cut off."""
        try:
            data = self._source.read(size)
        except tarfile.TarError as error:
            raise Damaged("Bản sao lưu bị cắt hay hỏng giữa chừng.") from error
        self._digest.update(data)
        self.size += len(data)
        return data

    def pieces(self) -> Iterator[bytes]:
        """All that is left, block by block."""
        while data := self.read(_BLOCK):
            yield data

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def told(self) -> dict[str, Any]:
        """What stands in the manifest."""
        return {"size": self.size, "sha256": self.sha256}


class _Output:
    """Where the tar goes; one that was given up half-way writes its rest nowhere."""

    def __init__(self, target: Any) -> None:
        self._target, self.is_open = target, True

    def write(self, data: bytes) -> None:
        if self.is_open:
            self._target.write(data)


class Writer:
    """Writes the members one after the other; nothing is a backup before finish()."""

    def __init__(self, file: BinaryIO, key: bytes | None, *, moment: datetime) -> None:
        self._sealing = Sealing(file, key) if key else None
        self._moment = moment.timestamp()
        self._output = _Output(self._sealing or file)
        output: Any = self._output
        self._tar = tarfile.open(  # noqa: SIM115 – closed by finish()
            fileobj=output, mode="w|", format=tarfile.PAX_FORMAT, bufsize=_BLOCK
        )

    def give_up(self) -> None:
        """Write nothing more, whatever happens to this object."""
        self._output.is_open = False

    def add(self, name: str, content: IO[bytes], size: int) -> dict[str, Any]:
        """Write a member of exactly `size` bytes; its entry for the manifest.

        Errors: OSError where the source ends early or the disk is full.
        """
        told = tarfile.TarInfo(name)
        told.size, told.mtime, told.mode = size, self._moment, 0o600
        counted = Counted(content)
        self._tar.addfile(told, counted)  # type: ignore[arg-type]
        # A tar remembers all its members; a million files need not stay in memory.
        self._tar.members.clear()  # type: ignore[attr-defined]
        return counted.told()

    def add_bytes(self, name: str, data: bytes) -> dict[str, Any]:
        """Write a member that is already in memory."""
        return self.add(name, io.BytesIO(data), len(data))

    def add_stream(self, blocks: Iterable[bytes]) -> list[dict[str, Any]]:
        """Write the dump, of which nobody knows the length, in pieces; their entries."""
        told, waiting = [], bytearray()
        for block in blocks:
            waiting += block
            while len(waiting) >= PIECE:
                told.append(self.add_bytes(f"{DATABASE}{len(told):06}", bytes(waiting[:PIECE])))
                del waiting[:PIECE]
        if waiting or not told:
            told.append(self.add_bytes(f"{DATABASE}{len(told):06}", bytes(waiting)))
        return told

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest and the end."""
        self.add_bytes(MANIFEST, json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1).encode())
        self._tar.close()
        if self._sealing is not None:
            self._sealing.finish()


@contextmanager
def members(path: Path, key: bytes | None) -> Iterator[Iterator[tuple[str, Counted]]]:
    """The members of a backup in their order, each to be read before the next is asked for.

    Errors, while reading too: Refused for a key that is missing or another; Damaged; OSError where the disk fails.
    """
    with path.open("rb") as file:
        named = name_of_key(file)
        if named and key is None:
            raise Refused(f"Bản sao lưu được mã hóa bằng khóa {named}. Hãy đặt BACKUP_KEY là khóa đã dùng khi sao lưu.")
        source: Any = io.BufferedReader(Opening(file, key), _BLOCK) if named and key else file
        yield _members(source)


def _members(source: Any) -> Iterator[tuple[str, Counted]]:
    try:
        with tarfile.open(fileobj=source, mode="r|", bufsize=_BLOCK) as tar:
            while (told := tar.next()) is not None:
                content = tar.extractfile(told) if told.isreg() else None
                if content is None or not is_safe(told.name):
                    raise Damaged("Bản sao lưu chứa một mục không do chương trình ghi.")
                counted = Counted(content)
                yield told.name, counted
                for _ in counted.pieces():
                    pass
                tar.members.clear()  # type: ignore[attr-defined]
        # The last frame vouches for the end; a tar stops reading before it.
        while source.read(_BLOCK):
            pass
    except (tarfile.TarError, EOFError, ValueError, OverflowError) as error:
        raise Damaged("Tệp không phải bản sao lưu, hoặc đã bị cắt hay hỏng giữa chừng.") from error
