"""Restoring a backup on an empty machine: everything is checked first, then files, then the database in one step, then what a
restored system needs before somebody works with it.

Until the last step is done a small table (loading.MARK) says that the restore is not through: every mail is held, /readyz says
no, and the same command goes on where it was.
"""

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from redis import RedisError

from accounts import links
from accounts.models import User
from directive_tracker import crypto
from directive_tracker.backups import loading, manifest, postgres, stored
from directive_tracker.backups.container import DATABASE, FILES, KEPT, members
from directive_tracker.backups.errors import Refused, said_by_database
from directive_tracker.backups.making import ERASED, HEAD_FILE, HEAD_LOG, in_words
from directive_tracker.backups.manifest import Manifest
from directive_tracker.vietnamese import vn_datetime, vn_number
from notifications import sending
from records import chain, headfile
from records.audit import record
from records.headfile import Head
from records.models import AuditEvent, StoredFile
from records.models.audit import audit_keys

Say = Callable[[str], None]
# In what pieces a disk gives room, on nearly every file system.
_BLOCK = 4096
NOT_THROUGH = "Dữ liệu đã nạp nhưng khôi phục chưa xong: chưa dùng được, mọi thư vẫn được giữ. Sửa xong hãy chạy lại đúng lệnh này."


@dataclass
class Restored:
    """What came of it; `todo` are sentences about what only people can do, `wrong` what should not be."""

    manifest: Manifest
    todo: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def restore(
    path: Path, *, key: bytes | None, now: datetime, to_empty: bool, without_field_key: bool, say: Say
) -> Restored:
    """Restore the backup into the database and the store of the settings.

    Args:
        key: BACKUP_KEY.
        now: the pages' clock.
        to_empty: tables in which nobody has worked are replaced.
        without_field_key: restore although nothing that lies sealed can be read afterwards.

    Errors: Refused with nothing done, or with what is done named and the same command going on from there.
    """
    say("Kiểm tra bản sao lưu …")
    found = manifest.checked(path, key)
    done = Restored(found)
    _check_program(found)
    _check_keys(found, without_field_key, done)
    _check_database(found)
    with _alone():
        state, what = loading.state_of_target()
        if state == "unfinished" and what == found.id:
            say("Lần khôi phục trước dừng giữa chừng; làm tiếp từ đó.")
        else:
            _check_target(state, what, to_empty)
            _check_room(found)
            try:
                _load(path, key, found, drop_tables=state == "unused", say=say)
            except OSError as error:
                raise Refused(
                    f"Không khôi phục được: {in_words(error)}. Cơ sở dữ liệu đích vẫn như trước; sửa xong hãy chạy lại lệnh này."
                ) from error
        try:
            _finish(path, key, done, now=now, say=say)
        except OSError as error:
            raise Refused(f"{_begun(in_words(error))}. {NOT_THROUGH}") from error
        except DatabaseError as error:
            raise Refused(f"{_begun(said_by_database(str(error).strip()))}. {NOT_THROUGH}") from error
    return done


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]


# --- before anything is touched -----------------------------------------------------------------------


def _check_program(found: Manifest) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    if newer := sorted(set(found.database["migrations"]) - known):
        raise Refused(
            f"Bản sao lưu do bản chương trình mới hơn ({found.program or 'không rõ số'}) tạo; trên máy này là "
            f"{manifest.program_version() or 'không rõ số'}, không biết bước {newer[0]}. Hãy cài bản mới rồi chạy lại."
        )


def _check_keys(found: Manifest, without_field_key: bool, done: Restored) -> None:
    needed, known = found.keys["field"], crypto.known_key_ids()
    if needed[0] not in known and not without_field_key:
        raise Refused(
            f"FIELD_KEY trên máy này là khóa {known[0]}, bản sao lưu cần khóa {needed[0]}: thông tin nhạy cảm và tệp mã hóa "
            "sẽ không đọc được. Hãy đặt FIELD_KEY cũ (bản một máy: chép tệp var/pilot/field-key). Khóa mất hẳn thì thêm "
            "--without-field-key để khôi phục phần còn lại."
        )
    if lost := [each for each in needed if each not in known]:
        done.wrong.append(f"Thiếu khóa FIELD_KEY {', '.join(lost)}: nội dung mã hóa bằng khóa đó không đọc được.")
    if not set(found.keys["secret"][:1]) <= set(audit_keys().by_name):
        done.todo.append(
            "SECRET_KEY không phải khóa cũ: đường dẫn trong thư đã gửi không mở được nữa, dấu của dòng nhật ký cũ không "
            "kiểm tra được (chuỗi vẫn kiểm tra được). Nếu còn khóa cũ, hãy đặt vào SECRET_KEY_FALLBACKS."
        )


def _check_database(found: Manifest) -> None:
    ours = "sqlite" if settings.SQLITE else "postgresql"
    engine = found.database["engine"]
    if engine != ours:
        raise Refused(
            f"Bản sao lưu là của {engine}, DATABASE_URL trên máy này là {ours}. Hãy khôi phục vào {engine}; muốn chuyển từ "
            "SQLite sang PostgreSQL thì dùng manage.py move_to_postgresql."
        )
    if ours == "sqlite":
        return
    server, tools = loading.server_version(), postgres.version_of("pg_restore")
    if server < found.database["version"]:
        raise Refused(
            f"Bản sao lưu là của PostgreSQL {found.database['version']}, máy chủ ở đây là {server}: cần bản "
            f"{found.database['version']} trở lên."
        )
    if tools < found.database["dump_version"]:
        raise Refused(
            f"pg_restore trên máy này là bản {tools}, bản sao lưu cần bản {found.database['dump_version']}; hãy cài gói "
            f"postgresql-client-{found.database['dump_version']}."
        )


def _check_target(state: str, what: str, to_empty: bool) -> None:
    if state == "unused" and not to_empty:
        raise Refused(
            "Cơ sở dữ liệu đích đã có bảng, tuy chưa ai dùng. Thêm --to-empty để thay các bảng trống đó bằng bản sao lưu."
        )
    if state in ("used", "foreign", "unfinished"):
        words = {
            "used": f"đang có dữ liệu ({what})",
            "foreign": f"có bảng {what} không phải của chương trình này",
            "unfinished": "đang dở một lần khôi phục từ bản sao lưu khác",
        }[state]
        raise Refused(f"Cơ sở dữ liệu đích {words}; không ghi đè. {_how_to_empty()}")
    if not settings.SQLITE and (others := loading.others_connected()):
        raise Refused(
            f"Còn {len(others)} kết nối khác vào cơ sở dữ liệu ({', '.join(others[:3])}); hãy dừng web, worker và beat trước."
        )


def _how_to_empty() -> str:
    name = settings.DATABASES["default"]["NAME"]
    if settings.SQLITE:
        return f"Nếu chắc chắn, hãy dời tệp đi: mv {name} {name}.cu"
    return (
        f"Nếu chắc chắn, hãy đổi tên cơ sở dữ liệu cũ và tạo cái mới: ALTER DATABASE {name} RENAME TO {name}_cu; "
        f"CREATE DATABASE {name};"
    )


def _check_room(found: Manifest) -> None:
    """Errors: Refused where the files surely do not fit, or an SQLite database beside them."""
    needed: dict[int, int] = {}
    storage = StoredFile._meta.get_field("file").storage
    # How much room an object store has is not ours to know, nor that of PostgreSQL.
    wanted: list[tuple[Path, Iterable[dict[str, Any]]]] = []
    if isinstance(storage, FileSystemStorage):
        # What an earlier try has put there already needs no room again.
        there = {name for name, each in found.files.items() if _has_size(Path(storage.path(name)), each["size"])}
        wanted.append((Path(storage.location), [each for name, each in found.files.items() if name not in there]))
    if settings.SQLITE:
        wanted.append((Path(settings.DATABASES["default"]["NAME"]).parent, found.database["pieces"]))
    for folder, contents in wanted:
        disk = loading.nearest(folder).stat().st_dev
        # Most disks give room in blocks; a thousand small files take more than their bytes.
        needed[disk] = needed.get(disk, 0) + sum(-(-each["size"] // _BLOCK) * _BLOCK for each in contents)
        if (free := loading.free_bytes(folder)) < needed[disk]:
            raise Refused(
                f"Đĩa ở {folder} còn {_megabytes(free)} MB, bản sao lưu cần {_megabytes(needed[disk])} MB ở đó. Hãy dọn đĩa rồi "
                "chạy lại lệnh này."
            )


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except FileNotFoundError:
        return False


@contextmanager
def _alone() -> Iterator[None]:
    """One restore at a time, and none beside a running pilot. Errors: Refused."""
    if not settings.EMBEDDED:
        with loading.alone_on_server():
            yield
        return
    settings.VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The lock of `runall`: held by its children as long as any of them runs.
    handle = os.open(settings.VAR_DIR / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise Refused(
            f"Chương trình hoặc một lần khôi phục khác đang chạy với {settings.VAR_DIR}; hãy dừng trước."
        ) from error
    finally:
        os.close(handle)


# --- files, then the database ---------------------------------------------------------------------------


def _load(path: Path, key: bytes | None, found: Manifest, *, drop_tables: bool, say: Say) -> None:
    connections.close_all()
    say(f"Chép {vn_number(len(found.files))} tệp, nạp {vn_number(found.rows)} dòng …")
    with members(path, key) as all_members, loading.filling(drop_tables=drop_tables) as target:
        for name, content in all_members:
            if name.startswith(FILES):
                plain = name.removeprefix(FILES)
                stored.put(plain, content, found.files[plain], keep_other=plain in found.damaged)
            elif name.startswith(DATABASE):
                for block in content.pieces():
                    target.feed(block)
                stored.same(name, content, found.database["pieces"][int(name.removeprefix(DATABASE))])
        target.finish(found)


# --- what a restored system needs -----------------------------------------------------------------------


def _finish(path: Path, key: bytes | None, done: Restored, *, now: datetime, say: Say) -> None:
    """Each step may be done again; the mark goes last. Errors: Refused that says how to go on."""
    found = done.manifest
    moment = datetime.fromisoformat(found.moment)
    connections.close_all()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Nâng cấu trúc cơ sở dữ liệu lên bản của chương trình …")
        call_command("migrate", interactive=False, verbosity=0)
    kept = _kept(path, key)
    known = _set_newer_heads_aside()
    lost = max(0, known - AuditEvent.objects.filter(number__isnull=False).count())
    _keep_head_log(kept.get(HEAD_LOG))
    _verify(kept.get(HEAD_FILE), done, say)
    _erase_again(kept.get(ERASED), done, say)
    links.end_open(User.objects.all(), now=timezone.now())
    try:
        cache.clear()
    except (RedisError, OSError) as error:
        done.todo.append(f"Không xóa được bộ đệm ({error.__class__.__name__}); khi Redis chạy lại, hãy chạy FLUSHDB.")
    if lost:
        done.todo.append(
            f"Nhật ký trước khi khôi phục có {vn_number(known)} dòng; {vn_number(lost)} dòng ghi sau bản sao lưu đã mất. Tệp đối chiếu cũ được giữ lại bên cạnh, tên có chữ “truoc-khoi-phuc”."
        )
    sending.note_restore(moment, now=now)
    record("backup.restored", by=None, at=now, data={"from": found.moment, "count": found.rows, "file": path.name})
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")
        cursor.execute(f"DROP TABLE {loading.MARK}")
    if found.missing:
        done.wrong.append(
            f"{vn_number(len(found.missing))} tệp đã thiếu từ khi sao lưu: {', '.join(found.missing[:20])}"
        )
    done.todo += [
        f"Những gì làm sau {vn_datetime(moment)} không có trong bản sao lưu: đối chiếu văn bản, báo cáo đã nhận qua đường khác.",
        "Làm lại những lần khóa tài khoản, đổi mật khẩu, thu hồi mã truy cập API từ lúc đó; chúng đã trở lại như cũ.",
        "Mọi thư đang được giữ. Mở trang “Thư sắp gửi” (Văn phòng) để cho gửi tiếp và chọn bỏ những thư có thể đã gửi.",
    ]


def _kept(path: Path, key: bytes | None) -> dict[str, bytes]:
    """The small files of the backup; they are few and short."""
    with members(path, key) as all_members:
        return {
            name.removeprefix(KEPT): b"".join(content.pieces())
            for name, content in all_members
            if name.startswith(KEPT)
        }


def _set_newer_heads_aside() -> int:
    """Rename head files that know of rows which the backup does not have; the most rows that one knew of, 0 for none.

    Errors: Refused for one that cannot be read or renamed.
    """
    most = 0
    try:
        paths = {path for path in (headfile.own_path(), settings.AUDIT_HEAD_FILE) if path}
        for path in sorted(Path(each) for each in paths):
            head = headfile.read(path)
            if head is None or AuditEvent.objects.filter(number=head.count, hash=head.hash).exists():
                continue
            ours = head.first_uid == chain.first_uid()
            if not ours and path != headfile.own_path():
                continue
            most = max(most, head.count if ours else 0)
            stamp = f"truoc-khoi-phuc-{timezone.now():%Y%m%d-%H%M%S}"
            for each in (path, path.with_suffix(".log")):
                if each.exists():
                    each.rename(each.with_name(f"{each.stem}.{stamp}{each.suffix}"))
    except (headfile.HeadFileError, OSError) as error:
        raise Refused(f"Tệp đối chiếu nhật ký: {error}. Hãy dời tệp đó đi rồi chạy lại lệnh này.") from error
    return most


def _keep_head_log(data: bytes | None) -> None:
    """The daily lines go on where this machine has none."""
    own = headfile.own_path()
    if own is None or data is None or own.with_suffix(".log").exists():
        return
    own.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    stored.append(own.with_suffix(".log"), data)


def _verify(head: bytes | None, done: Restored, say: Say) -> None:
    """The chain, with the head that was kept with the backup."""
    heads: list[Head] = []
    if head is not None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / HEAD_FILE
            path.write_bytes(head)
            try:
                found = headfile.read(path)
            except headfile.HeadFileError as error:
                done.wrong.append(f"Tệp đối chiếu nhật ký trong bản sao lưu: {error}.")
                found = None
        heads = [found] if found else []
    chain.seal()
    result = chain.verify(heads)
    if result.broken:
        done.wrong.append(f"Nhật ký KHÔNG nguyên vẹn: {result.broken}.")
    else:
        say(f"Nhật ký nguyên vẹn: {vn_number(result.rows)} dòng.")


def _erase_again(data: bytes | None, done: Restored, say: Say) -> None:
    """Who was erased must not come back. Errors: Refused where that cannot be made sure of."""
    if not settings.ERASED_FILE:
        return
    path = Path(settings.ERASED_FILE)
    try:
        if not stored.keep_erased(data or b""):
            done.todo.append(
                f"Máy này chưa có sổ xóa {path}; chỉ dùng được phần nằm trong bản sao lưu. Nếu sổ xóa mới hơn được giữ ở nơi "
                "khác, hãy chép về rồi chạy manage.py erase_again."
            )
        if path.exists():
            said = StringIO()
            call_command("erase_again", list=str(path), stdout=said)
            say(said.getvalue().strip())
    except (CommandError, OSError) as error:
        raise Refused(
            f"Chưa xóa lại được hồ sơ đã xóa ({error}). Dữ liệu đã nạp nhưng chưa dùng được; sửa sổ xóa rồi chạy lại lệnh này."
        ) from error


def _megabytes(size: int) -> str:
    return vn_number(size // (1024 * 1024) + 1)
