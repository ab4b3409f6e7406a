"""Making a backup: files, then the database at one moment, then the files that came in between; whole or not at all.

A row without its file must not exist after a restore; a file without a row harms nobody. Files are stored before their rows
and deleted after them, so copying the files first leaves only what came meanwhile, which is copied while the database's moment is
held. A file that was deleted in just that time is looked for again at a later moment.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from directive_tracker import crypto
from directive_tracker.backups import manifest as manifests
from directive_tracker.backups import snapshots
from directive_tracker.backups.container import FILES, KEPT, NAME, NOTE, Writer, is_safe
from directive_tracker.backups.errors import Refused
from directive_tracker.backups.manifest import Manifest
from directive_tracker.backups.sealed import key_name
from directive_tracker.backups.snapshots import FileRow, Snapshot
from directive_tracker.outages import StorageAway
from directive_tracker.vietnamese import ZONE
from records import headfile
from records.models import StoredFile
from records.models.audit import audit_keys

HEAD_FILE, HEAD_LOG, ERASED = "audit-head.json", "audit-head.log", "erased.jsonl"
# Moments that are tried before a file that stays away counts as missing.
TRIES, PAUSE = 5, 1.0
TEXT = """BẢN SAO LƯU của chương trình Theo dõi văn bản chỉ đạo, lúc {moment}.
Khôi phục trên máy đã cài chương trình, cơ sở dữ liệu trống:  manage.py restore TÊN-TỆP
Cần có: FIELD_KEY {field}; SECRET_KEY {secret}. Khóa không nằm trong bản sao lưu.
Chỉ kiểm tra, không khôi phục:  manage.py backup --check TÊN-TỆP
Backup of the Directive Tracker; restore with the command above; the keys named are not in here. See docs/backup.md.
"""


@dataclass(frozen=True)
class Made:
    """A backup that stands under its name; `removed` are the older ones that made room."""

    path: Path
    size: int
    manifest: Manifest
    removed: list[str]


@dataclass
class _Copier:
    """Copies stored files, each once."""

    writer: Writer
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    damaged: list[str] = field(default_factory=list)

    def copy(self, row: FileRow) -> bool:
        """Whether the file is in the backup now. Errors: OSError; Refused for a name that no upload makes."""
        if row.name in self.told:
            return True
        if not is_safe(row.name):
            raise Refused(f"Kho tệp có tên lạ “{row.name}”, không do chương trình đặt.")
        storage = StoredFile._meta.get_field("file").storage
        try:
            content = storage.open(row.name, "rb")
        except FileNotFoundError:
            return False
        with content:
            told = self.writer.add(FILES + row.name, content, content.size)
        self.told[row.name] = told
        if not row.is_sealed and told["sha256"] != row.sha256:
            self.damaged.append(row.name)
        return True


def make(folder: Path, *, key: bytes | None, keep: int, now: datetime, say: Callable[[str], None]) -> Made:
    """Write a backup into the folder, read it back, give it its name, and let the oldest ones go.

    Args:
        key: BACKUP_KEY, or None for a backup that anybody can read.
        keep: how many whole ones stay, the new one among them.
        now: the pages' clock.
        say: told in words how far it is.

    Errors: Refused, with nothing left behind that looks like a backup.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(folder):
            part = folder / ".theodoi.part"
            try:
                manifest = _write(part, key, now, say)
                path = _named(folder, now, sealed=key is not None, incomplete=bool(manifest.missing))
                os.rename(part, path)
                _sync(folder)
            finally:
                part.unlink(missing_ok=True)
            return Made(path, path.stat().st_size, manifest, _let_go(folder, keep))
    except OSError as error:
        raise Refused(f"Không tạo được bản sao lưu ở {folder}: {in_words(error)}. Chưa có gì được lưu.") from error


def in_words(error: OSError) -> str:
    """What the machine could not do."""
    if isinstance(error, StorageAway):
        return f"kho tệp không trả lời ({error.strerror})"
    words = {28: "đĩa đã đầy", 122: "hết hạn mức đĩa", 13: "không có quyền", 30: "đĩa chỉ cho đọc", 5: "đĩa bị lỗi"}
    said = words.get(error.errno or 0) or error.strerror or str(error)
    return f"{said} ({error.filename})" if error.filename else said


def _write(part: Path, key: bytes | None, now: datetime, say: Callable[[str], None]) -> Manifest:
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb", buffering=1024 * 1024) as file:
        writer = Writer(file, key, moment=now)
        keys = {
            "field": crypto.known_key_ids(),
            "secret": list(audit_keys().by_name),
            "backup": key_name(key) if key else "",
        }
        moment = now.astimezone(ZONE).isoformat(timespec="seconds")
        words = {"moment": moment, "field": keys["field"][0], "secret": audit_keys().newest}
        try:
            writer.add_bytes(NOTE, TEXT.format(**words).encode())
            writer.finish(_fill(writer, keys, moment, say).written())
        finally:
            writer.give_up()
        file.flush()
        os.fsync(file.fileno())
    say("Đọc lại để kiểm tra …")
    return manifests.checked(part, key)


def _fill(writer: Writer, keys: dict[str, Any], moment: str, say: Callable[[str], None]) -> Manifest:
    """Write files, database and the small files; the manifest."""
    copier = _Copier(writer)
    say("Chép tệp …")
    # Not a replica's view: what was just stored must be seen.
    stored = StoredFile.objects.using("default").exclude(sha256="").order_by("pk")
    for row in list(stored.values_list("file", "sha256", "is_sealed")):
        copier.copy(FileRow(*row))
    kept = _kept(writer, (HEAD_FILE, _head_path()), (HEAD_LOG, _beside(_head_path())))
    say("Chép cơ sở dữ liệu …")
    with _snapshot_with_files(copier) as (snapshot, missing):
        migrations = [f"{app}.{name}" for app, name in snapshot.rows(snapshots.MIGRATIONS)]
        facts = snapshot.facts()
        database = {**facts, "migrations": migrations, "pieces": writer.add_stream(snapshot.dump())}
    # After the moment of the database: who is erased meanwhile must be erased again after a restore.
    kept |= _kept(writer, (ERASED, Path(settings.ERASED_FILE) if settings.ERASED_FILE else None))
    return Manifest(
        id=os.urandom(16).hex(),
        moment=moment,
        program=manifests.program_version(),
        database=database,
        files=copier.told,
        kept=kept,
        keys=keys,
        missing=missing,
        damaged=sorted(copier.damaged),
    )


@contextmanager
def _snapshot_with_files(copier: _Copier) -> Iterator[tuple[Snapshot, list[str]]]:
    """The database at a moment whose files are all copied, and the names of those that the store does not have."""
    missing: list[str] | None = None
    for attempt in range(1, TRIES + 1):
        with snapshots.taken() as snapshot:
            lost = sorted(row.name for row in snapshots.files_of(snapshot) if not copier.copy(row))
            # One that was just being deleted is gone from the next moment; one that stays away is missing.
            if not lost or lost == missing or attempt == TRIES:
                yield snapshot, lost
                return
        missing = lost
        time.sleep(PAUSE)


def _head_path() -> Path | None:
    try:
        return headfile.own_path()
    except headfile.HeadFileError as error:
        raise Refused(f"Tệp đối chiếu nhật ký hỏng: {error}.") from error


def _beside(path: Path | None) -> Path | None:
    return path.with_suffix(".log") if path else None


def _kept(writer: Writer, *files: tuple[str, Path | None]) -> dict[str, dict[str, Any]]:
    """Write the small files that are there."""
    told = {}
    for name, path in files:
        if path is not None and path.is_file():
            told[name] = writer.add_bytes(KEPT + name, path.read_bytes())
    return told


# --- the folder ---------------------------------------------------------------------------------------


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One backup at a time in a folder; what a killed one left is removed. Errors: Refused."""
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise Refused(f"Một lần sao lưu khác đang ghi vào {folder}; hãy đợi lần đó xong.") from error
    finally:
        os.close(handle)


def _named(folder: Path, now: datetime, *, sealed: bool, incomplete: bool) -> Path:
    stem = f"theodoi-{now.astimezone(ZONE):%Y%m%d-%H%M%S}"
    end = ("-thieu-tep" if incomplete else "") + (".tar.sealed" if sealed else ".tar")
    path, number = folder / f"{stem}{end}", 2
    while path.exists():
        path, number = folder / f"{stem}-{number}{end}", number + 1
    return path


def _let_go(folder: Path, keep: int) -> list[str]:
    """Remove all but the newest whole ones and what is older than these; the names."""
    found = sorted(
        ((path.stat().st_mtime_ns, path, match) for path in folder.iterdir() if (match := NAME.fullmatch(path.name))),
        key=lambda each: each[:2],
        reverse=True,
    )
    removed, whole = [], 0
    for _, path, match in found:
        # Incomplete ones never push a whole one out.
        if whole >= keep:
            path.unlink()
            removed.append(path.name)
        whole += not match["incomplete"]
    return removed


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
