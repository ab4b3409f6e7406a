"""From a pilot's SQLite file to PostgreSQL: every table and file, equal by counts and checksums, in one transaction.

Both databases are read through the models, so that a day, an amount or a JSON value of either becomes the same Python value; the
checksum is of these. Numbers of rows stay what they were, and the counters go on after the largest number that ever was.
"""

import fcntl
import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import (
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
    connections,
    models,
    transaction,
)
from django.db.migrations.executor import MigrationExecutor

from directive_tracker import crypto
from directive_tracker.backups import loading, stored
from directive_tracker.backups.container import Counted
from directive_tracker.backups.errors import Refused
from directive_tracker.bulk import Table
from directive_tracker.vietnamese import vn_number
from records import chain, headfile, sealing
from records.audit import record
from records.models import AuditEvent, StoredFile
from records.models.audit import audit_keys

PILOT = "pilot"
BATCH = 2000
# The book of what was migrated: each database keeps its own.
BOOK = "django_migrations"
_EMPTY = "Cơ sở dữ liệu đích vẫn trống; sửa xong hãy chạy lại lệnh này."
Say = Callable[[str], None]


@dataclass(frozen=True)
class Sum:
    """Rows and checksum of a table, whatever the order of its rows."""

    rows: int = 0
    checksum: int = 0

    def with_rows(self, rows: list[tuple]) -> "Sum":
        """The sum with these rows added."""
        total = self.checksum
        for row in rows:
            text = "\x1f".join(map(canonical, row))
            total += int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16], "big")
        return Sum(self.rows + len(rows), total % (1 << 128))


@dataclass
class Moved:
    """What came of it."""

    tables: dict[str, Sum] = field(default_factory=dict)
    files: int = 0
    log_rows: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(each.rows for each in self.tables.values())


def canonical(value: Any) -> str:
    """One text for a value, the same whichever database it came from."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return f"b{value:d}"
    if isinstance(value, datetime):
        return (
            f"t{value.astimezone(UTC).isoformat(timespec='microseconds')}" if value.tzinfo else f"t{value.isoformat()}"
        )
    if isinstance(value, date | clock_time):
        return f"d{value.isoformat()}"
    if isinstance(value, timedelta):
        return f"l{value // timedelta(microseconds=1)}"
    if isinstance(value, Decimal):
        return f"n{value.normalize():f}"
    if isinstance(value, int | float):
        return f"n{value!r}"
    if isinstance(value, bytes | bytearray | memoryview):
        return f"x{hashlib.sha256(value).hexdigest()}"
    if isinstance(value, dict | list):
        return "j" + json.dumps(_plain(value), sort_keys=True, ensure_ascii=False)
    return f"s{value}"


def _plain(value: Any) -> Any:
    """JSON as both databases give it back: PostgreSQL writes whole numbers without an exponent."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, float) and value.is_integer():
        return int(Decimal(repr(value)))
    return value


def move(source: Path, *, files: Path | None, now: datetime, say: Say) -> Moved:
    """Copy a pilot into the empty PostgreSQL database and the store of the settings.

    Args:
        source: the pilot's folder (var/pilot) or its SQLite file.
        files: where its files lie, by default `media` beside the database.
        now: the pages' clock.

    Errors: Refused; the target is empty then, but for files that no row names.
    """
    database = source / "tracker.sqlite3" if source.is_dir() else source
    if not database.is_file():
        raise Refused(f"Không thấy cơ sở dữ liệu {database}; hãy chỉ thư mục dữ liệu của bản một máy hoặc tệp SQLite.")
    folder = database.parent
    if (folder / "clock.json").exists() and not settings.DEMO:
        raise Refused(f"{folder} là dữ liệu của bản dùng thử; không chuyển vào hệ thống chạy thật.")
    if settings.SQLITE:
        raise Refused("DATABASE_URL phải là cơ sở dữ liệu PostgreSQL trống mà dữ liệu sẽ chuyển đến.")
    with _stopped(folder), loading.alone_on_server(), _reading(database):
        _check_source(database)
        _prepare_target(say)
        done = Moved()
        media = files or folder / "media"
        _check_keys(folder, media)
        _copy_files(media, done, say)
        try:
            _copy_tables(done, say)
        except (OperationalError, InterfaceError) as error:
            raise Refused(f"Kết nối tới PostgreSQL bị ngắt ({_line(error)}). {_EMPTY}") from error
        _after(folder, done, now)
    return done


# --- before anything is written -------------------------------------------------------------------------


@contextmanager
def _stopped(folder: Path) -> Iterator[None]:
    """The pilot does not run and cannot be started meanwhile. Errors: Refused."""
    handle = os.open(folder / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise Refused(f"Chương trình đang chạy với dữ liệu trong {folder}; hãy dừng (Ctrl+C) rồi chạy lại.") from error
    finally:
        os.close(handle)


@contextmanager
def _reading(database: Path) -> Iterator[None]:
    """The alias `pilot` reads the file, and nobody writes to it meanwhile. Errors: Refused."""
    try:
        with closing(sqlite3.connect(database, timeout=2, isolation_level=None)) as held:
            held.execute("BEGIN IMMEDIATE")
            told = connections.configure_settings(
                {
                    "default": {},
                    PILOT: {
                        "ENGINE": "django.db.backends.sqlite3",
                        "NAME": f"{database.absolute().as_uri()}?mode=ro",
                        "TIME_ZONE": None,
                    },
                }
            )
            connections.settings[PILOT] = told[PILOT]
            try:
                yield
            finally:
                connections[PILOT].close()
                del connections[PILOT]
                del connections.settings[PILOT]
                held.execute("ROLLBACK")
    except sqlite3.Error as error:
        words = "đang có chương trình khác ghi vào" if "locked" in str(error) else f"không đọc được ({error})"
        raise Refused(f"Cơ sở dữ liệu {database} {words}; hãy dừng chương trình rồi chạy lại.") from error


def _check_source(database: Path) -> None:
    """Errors: Refused for tables of an older or newer program, or of somebody else."""
    executor = MigrationExecutor(connections[PILOT])
    known = set(executor.loader.disk_migrations)
    if newer := sorted(set(executor.loader.applied_migrations) - known):
        raise Refused(f"{database} do bản chương trình mới hơn ghi ({'.'.join(newer[0])}); hãy cài bản đó.")
    if waiting := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Refused(
            f"{database} còn {len(waiting)} bước nâng cấp chưa chạy; hãy chạy manage.py migrate với dữ liệu đó trước "
            "(hoặc make run DEMO=0 một lần bằng bản này)."
        )
    with connections[PILOT].cursor() as cursor:
        there = set(connections[PILOT].introspection.table_names(cursor))
    if strange := sorted(there - set(_models()) - {BOOK}):
        raise Refused(f"{database} có bảng {strange[0]} mà chương trình này không biết.")


def _models() -> dict[str, type[models.Model]]:
    """Table → model, for all tables there are."""
    found = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: model for model in found if model._meta.managed and not model._meta.proxy}


def _prepare_target(say: Say) -> None:
    """Tables, and nobody in them. Errors: Refused."""
    state, what = loading.state_of_target()
    if state == "empty":
        say("Tạo bảng …")
    if state in ("empty", "unused"):
        call_command("migrate", interactive=False, verbosity=0)
        return
    words = {
        "used": f"đang có dữ liệu ({what})",
        "foreign": f"có bảng {what} không phải của chương trình này",
        "unfinished": "đang dở một lần khôi phục",
    }[state]
    raise Refused(f"Cơ sở dữ liệu đích {words}; không ghi đè. Hãy tạo cơ sở dữ liệu PostgreSQL trống.")


def _check_keys(folder: Path, media: Path) -> None:
    """What lies sealed must open afterwards, and the log must know its own rows. Errors: Refused."""
    used: set[str] = set()
    for model in _models().values():
        names = {each.attname: each for each in model._meta.concrete_fields}
        rows = model._base_manager.using(PILOT)
        if isinstance(names.get("key_id"), models.CharField):
            used.update(rows.order_by().values_list("key_id", flat=True).distinct())
        elif isinstance(names.get("sealed_secret"), models.BinaryField):
            used.update(crypto.key_id(each) for each in rows.values_list("sealed_secret", flat=True) if each)
    for name in (
        StoredFile.objects.using(PILOT).filter(is_sealed=True).exclude(sha256="").values_list("file", flat=True)
    ):
        if (media / name).is_file():
            with (media / name).open("rb") as content:
                used.add(sealing.key_id_of(content))
    if lost := sorted(used - {""} - set(crypto.known_key_ids())):
        raise Refused(
            f"Dữ liệu được mã hóa bằng khóa {', '.join(lost)}, FIELD_KEY ở đây là {crypto.known_key_ids()[0]}. Hãy đặt "
            f"FIELD_KEY là nội dung tệp {folder / 'field-key'}."
        )
    token = AuditEvent.objects.using(PILOT).order_by("-pk").values_list("token", flat=True).first()
    if token and not audit_keys().knows(token):
        raise Refused(
            "SECRET_KEY ở đây không phải khóa đã ký nhật ký. Hãy đặt SECRET_KEY, hoặc SECRET_KEY_FALLBACKS, là nội dung tệp "
            f"{folder / 'secret-key'}."
        )


# --- files and tables -----------------------------------------------------------------------------------


def _copy_files(media: Path, done: Moved, say: Say) -> None:
    """Files first: one without a row harms nobody."""
    rows = list(
        StoredFile.objects.using(PILOT).exclude(sha256="").order_by("pk").values_list("file", "sha256", "is_sealed")
    )
    say(f"Chép {vn_number(len(rows))} tệp …")
    for name, sha256, is_sealed in rows:
        try:
            with (media / name).open("rb") as content:
                counted = Counted(content)
                for _ in counted.pieces():
                    pass
                content.seek(0)
                stored.put(name, Counted(content), counted.told())
        except FileNotFoundError:
            done.wrong.append(f"Tệp {name} không có trong {media}.")
            continue
        if not is_sealed and counted.sha256 != sha256:
            done.wrong.append(f"Tệp {name} không còn như khi được lưu.")
        done.files += 1


def _copy_tables(done: Moved, say: Say) -> None:
    """One transaction. Errors: Refused with the table that does not fit; those of the database."""
    with transaction.atomic(using="default", durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET CONSTRAINTS ALL DEFERRED")
            # What `migrate` put there is in the pilot too, with its own numbers.
            for table in _models():
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
        for number, (table, model) in enumerate(_models().items(), start=1):
            if number % 40 == 1:
                say(f"Chép bảng {number} trong {len(_models())} …")
            done.tables[table] = _copy_table(model)
        with connection.cursor() as cursor:
            try:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            except IntegrityError as error:
                raise Refused(f"Dữ liệu cũ có dòng chỉ đến dòng không tồn tại: {_line(error)}. {_EMPTY}") from error
        _set_counters()
        say("Đối chiếu …")
        for table, model in _models().items():
            if (found := _sum_of(model, "default")) != done.tables[table]:
                raise Refused(
                    f"Bảng {table} ở đích ({found.rows} dòng) không khớp bảng gốc ({done.tables[table].rows} dòng). {_EMPTY}"
                )
    ContentType.objects.clear_cache()


def _columns(model: type[models.Model]) -> list[str]:
    pk = model._meta.pk
    assert pk is not None
    others = [each.attname for each in model._meta.concrete_fields if not each.primary_key and not each.generated]
    return [pk.attname, *others]


def _batches(model: type[models.Model], alias: str) -> Iterator[list[tuple]]:
    batch: list[tuple] = []
    rows = model._base_manager.using(alias).order_by("pk").values_list(*_columns(model))
    for row in rows.iterator(chunk_size=BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _copy_table(model: type[models.Model]) -> Sum:
    """Copy the rows; their sum. Errors: Refused naming what PostgreSQL does not take."""
    total, table = Sum(), Table(model, *_columns(model)[1:])
    try:
        for batch in _batches(model, PILOT):
            total = total.with_rows(batch)
            table.write(batch)
    except (DataError, IntegrityError, ValueError) as error:
        raise Refused(f"Bảng {model._meta.db_table}{_culprit(model)}: {_line(error)}. {_EMPTY}") from error
    return total


def _culprit(model: type[models.Model]) -> str:
    """The first row with a text that PostgreSQL does not take, in words; SQLite keeps texts of any length."""
    for each in model._meta.concrete_fields:
        if not isinstance(each, models.CharField | models.TextField):
            continue
        quoted, key = each.column, model._meta.pk.column  # type: ignore[union-attr]
        rule = f'instr("{quoted}", char(0)) > 0'
        if each.max_length:
            rule += f' OR length("{quoted}") > {int(each.max_length)}'
        with connections[PILOT].cursor() as cursor:
            cursor.execute(f'SELECT "{key}" FROM "{model._meta.db_table}" WHERE {rule} LIMIT 1')
            if row := cursor.fetchone():
                return f", dòng {row[0]}, cột {quoted}"
    return ""


def _sum_of(model: type[models.Model], alias: str) -> Sum:
    total = Sum()
    for batch in _batches(model, alias):
        total = total.with_rows(batch)
    return total


def _set_counters() -> None:
    """The next numbers come after the largest that ever was: numbers of deleted rows are never given again."""
    with connections[PILOT].cursor() as cursor:
        cursor.execute("SELECT name, seq FROM sqlite_sequence")
        last = dict(cursor.fetchall())
    with connection.cursor() as cursor:
        for table, model in _models().items():
            pk = model._meta.pk
            if not isinstance(pk, models.AutoField):
                continue
            quoted = connection.ops.quote_name(table)
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence(%s, %s), greatest(%s, (SELECT max({connection.ops.quote_name(pk.column)})"
                f" FROM {quoted}), 1), greatest(%s, (SELECT max({connection.ops.quote_name(pk.column)}) FROM {quoted})) > 0)",
                [quoted, pk.column, last.get(table, 0), last.get(table, 0)],
            )


# --- afterwards -------------------------------------------------------------------------------------------


def _after(folder: Path, done: Moved, now: datetime) -> None:
    """The list of erased entries, the log, fresh statistics."""
    erased = folder / "erased.jsonl"
    if erased.is_file():
        stored.keep_erased(erased.read_bytes())
    try:
        head = headfile.read(folder / "audit-head.json")
    except headfile.HeadFileError as error:
        head = None
        done.wrong.append(f"Tệp đối chiếu nhật ký: {error}.")
    chain.seal()
    result = chain.verify([head] if head and head.first_uid == chain.first_uid() else [])
    done.log_rows = result.rows
    if result.broken:
        done.wrong.append(f"Nhật ký KHÔNG nguyên vẹn (như ở dữ liệu gốc): {result.broken}.")
    record("backup.moved", by=None, at=now, data={"count": done.rows})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:300] if lines else error.__class__.__name__
