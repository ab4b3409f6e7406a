"""Putting a dump into an empty database: all of it, checked and with every send held, in one step, or nothing at all.

What is written into the same step as the data: no session is left, no trusted browser, no mail may leave, and a small table
says that the restore is not through yet (restoring.py takes it away at the end).
"""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import connection

from directive_tracker.backups import postgres, sqlite
from directive_tracker.backups.errors import Damaged, Refused, said_by_database
from directive_tracker.backups.manifest import Manifest

MARK = "unfinished_restore"
# Any number: who fills the database holds PostgreSQL's advisory lock of it.
LOCK = 0x52455354
# Where one of these has rows, somebody works with the database.
USED = ("accounts_user", "records_auditevent", "records_storedfile", "tasks_directive")
LEAST_ROOM = 1024 * 1024
HELD = "Đang khôi phục từ bản sao lưu lúc {moment}; chưa xong, phải chạy lại manage.py restore"
# A snapshot of 17 says it, servers before do not know it.
_NEWER = b"SET transaction_timeout = 0;\n"


def mark_sql(manifest: Manifest) -> list[str]:
    """What is written in the same step as the data."""
    moment = manifest.moment.replace("'", "")
    return [
        f"CREATE TABLE {MARK} (backup text NOT NULL)",
        f"INSERT INTO {MARK} (backup) VALUES ('{manifest.id}')",
        "DELETE FROM accounts_session",
        "DELETE FROM accounts_trusteddevice",
        "INSERT INTO notifications_pulse (id, held_since, held_reason) "
        f"VALUES (1, CURRENT_TIMESTAMP, '{HELD.format(moment=moment)}') ON CONFLICT (id) DO UPDATE SET "
        "held_since = CURRENT_TIMESTAMP, held_reason = excluded.held_reason, held_by_id = NULL, planned_whole = NULL",
    ]


class Target(Protocol):
    """An empty database that is being filled."""

    def feed(self, data: bytes) -> None:
        """The next bytes of the dump. Errors: Refused."""

    def finish(self, manifest: Manifest) -> None:
        """Compare, mark and let it stand. Errors: Refused, Damaged; nothing stands then."""


# --- looking at the target ----------------------------------------------------------------------------


def state_of_target() -> tuple[str, str]:
    """What the database of the settings holds: ("empty", ""), ("unused", "") – tables in which nobody has worked –,
    ("unfinished", the backup's id), ("used", what is in it in words) or ("foreign", a table's name).

    Errors: Refused where it cannot be asked.
    """
    if settings.SQLITE:
        path = Path(settings.DATABASES["default"]["NAME"])
        if not path.exists():
            return "empty", ""
        try:
            with closing(sqlite3.connect(path, timeout=20)) as opened:
                return _state(opened.cursor(), "SELECT name FROM sqlite_master WHERE type = 'table'")
        except sqlite3.OperationalError as error:
            # SQLite needs some room beside the file even to read it.
            words = "đĩa đã đầy" if free_bytes(path.parent) < LEAST_ROOM else str(error)
            raise Refused(f"Không đọc được {path}: {words}. Sửa xong hãy chạy lại lệnh này.") from error
        except sqlite3.DatabaseError as error:
            raise Refused(f"Tệp {path} không phải cơ sở dữ liệu SQLite dùng được ({error}); hãy dời tệp đi.") from error
    with closing(postgres.connect()) as opened, opened.cursor() as cursor:
        return _state(cursor, postgres.TABLES)


def _state(cursor: Any, tables_sql: str) -> tuple[str, str]:
    cursor.execute(tables_sql)
    tables = {name for (name,) in cursor.fetchall() if not name.startswith("sqlite_")}
    if not tables:
        return "empty", ""
    if MARK in tables:
        cursor.execute(f"SELECT backup FROM {MARK}")
        row = cursor.fetchone()
        return "unfinished", row[0] if row else ""
    if "django_migrations" not in tables:
        return "foreign", min(tables)
    counted = []
    for table in USED:
        if table in tables:
            cursor.execute(f"SELECT count(*) FROM {table}")
            if count := cursor.fetchone()[0]:
                counted.append(f"{table} {count} dòng")
    return ("used", ", ".join(counted)) if counted else ("unused", "")


def mark_is_there() -> bool:
    """Whether a restore of the database of the settings is not through; for whoever watches and for the start."""
    return MARK in connection.introspection.table_names()


def left_half() -> Path | None:
    """What a restore left beside the place of the SQLite database when it was killed while it loaded; None when nothing."""
    if not settings.SQLITE:
        return None  # PostgreSQL itself undoes what was not committed.
    made = _made_at(Path(settings.DATABASES["default"]["NAME"]))
    return made if made.exists() else None


def _made_at(database: Path) -> Path:
    return database.with_name(f".{database.name}.restoring")


def others_connected() -> list[str]:
    """Who else is connected to the PostgreSQL database, in words; nobody may be while it is filled."""
    with closing(postgres.connect()) as opened, opened.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(nullif(application_name, ''), 'không tên') || ' từ ' || coalesce(host(client_addr), 'máy này')"
            " FROM pg_stat_activity WHERE datname = current_database() AND application_name <> 'backup'"
            " AND coalesce(backend_type, 'client backend') = 'client backend' ORDER BY 1"
        )
        return [words for (words,) in cursor.fetchall()]


@contextmanager
def alone_on_server() -> Iterator[None]:
    """One restore or move at a time into the PostgreSQL database. Errors: Refused."""
    with closing(postgres.connect()) as opened, opened.cursor() as cursor:
        opened.autocommit = True
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise Refused(
                "Một lần khôi phục hoặc chuyển dữ liệu khác đang ghi vào cơ sở dữ liệu này; hãy đợi lần đó xong."
            )
        yield


def server_version() -> int:
    """The main version of the PostgreSQL server. Errors: Refused."""
    with closing(postgres.connect()) as opened:
        return opened.server_version // 10000


# --- filling it ---------------------------------------------------------------------------------------


@contextmanager
def filling(*, drop_tables: bool) -> Iterator[Target]:
    """A target to be fed; whatever ends the block without finish() leaves the database as it was.

    Args:
        drop_tables: empty tables that are there are taken away in the same step.
    """
    target = _SqliteTarget() if settings.SQLITE else _PostgresTarget(drop_tables)
    try:
        yield target
    finally:
        target.close()


class _SqliteTarget:
    """A file beside the database's place, which it takes when everything is right."""

    def __init__(self) -> None:
        self._path = Path(settings.DATABASES["default"]["NAME"])
        self._made = _made_at(self._path)
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        sqlite.remove(self._made)
        self._file = open(os.open(self._made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")  # noqa: SIM115

    def feed(self, data: bytes) -> None:
        self._file.write(data)

    def finish(self, manifest: Manifest) -> None:
        self._file.close()
        try:
            with closing(sqlite3.connect(self._made, isolation_level=None)) as opened:
                opened.execute("PRAGMA journal_mode=DELETE")
                opened.execute("PRAGMA synchronous=FULL")
                if opened.execute("PRAGMA integrity_check(3)").fetchall() != [("ok",)]:
                    raise Damaged("Cơ sở dữ liệu trong bản sao lưu bị hỏng.")
                _compare(sqlite.tables_of(opened), manifest)
                opened.execute("BEGIN")
                for sql in mark_sql(manifest):
                    opened.execute(sql)
                opened.execute("COMMIT")
        except sqlite3.Error as error:
            raise Refused(
                f"Không nạp được cơ sở dữ liệu: {said_by_database(str(error))}. Máy này vẫn chưa có dữ liệu; sửa xong hãy chạy "
                "lại lệnh này."
            ) from error
        with self._made.open("rb") as file:
            os.fsync(file.fileno())
        sqlite.remove(self._path)
        os.rename(self._made, self._path)

    def close(self) -> None:
        try:
            # On a full disk what is still to be written fails here once more.
            with contextlib.suppress(OSError):
                self._file.close()
        finally:
            sqlite.remove(self._made)


def _compare(tables: dict[str, Any], manifest: Manifest) -> None:
    told = manifest.database["tables"]
    if wrong := sorted(name for name in {*told, *tables} if told.get(name) != tables.get(name)):
        raise Damaged(f"Dữ liệu nạp vào không khớp bản sao lưu: {', '.join(wrong[:5])}. Máy này vẫn chưa có dữ liệu.")


class _PostgresTarget:
    """pg_restore writes SQL, psql runs it in one transaction, which we alone end."""

    def __init__(self, drop_tables: bool) -> None:
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 – closed by close()
        variables, psql, restore = postgres.environment(), postgres.program("psql"), postgres.program("pg_restore")
        before_17 = server_version() < 17
        self._psql = subprocess.Popen(
            [psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", "--no-password", "-f", "-"],
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self._said,
        )
        self._restore = subprocess.Popen(
            [restore, "-f", "-", "--no-owner", "--no-acl", "--exit-on-error"],
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
        )
        self._broken = False
        begin = "BEGIN;\n"
        if drop_tables:
            begin += "SET client_min_messages = warning; DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n"
        self._tell(begin)
        self._pump = threading.Thread(target=self._pass_on, args=(before_17,), daemon=True)
        self._pump.start()

    def _tell(self, sql: str) -> None:
        assert self._psql.stdin is not None
        try:
            self._psql.stdin.write(sql.encode())
            self._psql.stdin.flush()
        except BrokenPipeError:
            self._broken = True

    def _pass_on(self, without_newer: bool) -> None:
        """What pg_restore says goes to psql, until one of them ends."""
        assert self._restore.stdout is not None and self._psql.stdin is not None
        first = True
        try:
            while block := self._restore.stdout.read(postgres.BLOCK):
                if first and without_newer:
                    block = block.replace(_NEWER, b"", 1)
                first = False
                self._psql.stdin.write(block)
        except (BrokenPipeError, ValueError):
            self._broken = True
            # Whoever feeds must not wait for a reader that does not come.
            self._restore.kill()

    def feed(self, data: bytes) -> None:
        assert self._restore.stdin is not None
        try:
            self._restore.stdin.write(data)
        except BrokenPipeError:
            raise self._trouble() from None

    def finish(self, manifest: Manifest) -> None:
        assert self._restore.stdin is not None and self._psql.stdin is not None
        try:
            self._restore.stdin.close()
        except BrokenPipeError:
            raise self._trouble() from None
        code = self._restore.wait()
        self._pump.join()
        if code or self._broken:
            raise self._trouble()
        self._tell("SET search_path = public;\n" + checks_sql(manifest))
        self._tell(";\n".join(mark_sql(manifest)) + ";\nCOMMIT;\n")
        with contextlib.suppress(BrokenPipeError):
            self._psql.stdin.close()
        if self._psql.wait() or self._broken:
            raise self._trouble()

    def _trouble(self) -> Refused:
        self._end()
        said = postgres.last_words(self._said)
        if "KHAC-BAN-SAO-LUU" in said:
            table = said.partition("KHAC-BAN-SAO-LUU ")[2].split()[0]
            return Damaged(f"Dữ liệu nạp vào không khớp bản sao lưu: {table}. Cơ sở dữ liệu đích vẫn như trước.")
        return Refused(f"Không nạp được cơ sở dữ liệu, đích vẫn như trước: {said_by_database(said)}")

    def _end(self) -> None:
        """Without COMMIT whatever was done is undone by the server."""
        for process in (self._psql, self._restore):
            process.kill()
            process.wait()
        self._pump.join()

    def close(self) -> None:
        self._end()
        for pipe in (self._psql.stdin, self._restore.stdin, self._restore.stdout):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
        self._said.close()


def checks_sql(manifest: Manifest) -> str:
    """Statements that fail where a table or a sequence is not what the manifest says."""
    lines = [f"{postgres.TEXT_FORM};"]
    body = []
    for table, told in manifest.database["tables"].items():
        body.append(
            f"IF NOT EXISTS (SELECT 1 FROM ({postgres.checksum_sql(_name(table))}) AS found (rows, checksum)"
            f" WHERE rows = {int(told['rows'])} AND checksum = {_quoted(told['checksum'])}) THEN {_fail(table)} END IF;"
        )
    for name, (last, called) in manifest.database.get("sequences", {}).items():
        body.append(
            f'IF NOT EXISTS (SELECT 1 FROM public."{_name(name)}" WHERE last_value = {int(last)}'
            f" AND is_called = {'true' if called else 'false'}) THEN {_fail(name)} END IF;"
        )
    lines.append("DO $check$ BEGIN\n" + "\n".join(body) + "\nEND $check$;\n")
    return "\n".join(lines)


def _fail(name: str) -> str:
    return f"RAISE EXCEPTION 'KHAC-BAN-SAO-LUU {_name(name)}';"


def _name(name: str) -> str:
    """A name that may stand in a statement. Errors: Damaged for one that no table of ours has."""
    if not name.replace("_", "").isalnum() or not name.isascii():
        raise Damaged("Phần kê khai của bản sao lưu có tên bảng lạ.")
    return name


def _quoted(text: str) -> str:
    return "'" + str(text).replace("'", "''") + "'"


def nearest(folder: Path) -> Path:
    """The folder, or of those above it the nearest that is there."""
    while not folder.exists():
        folder = folder.parent
    return folder


def free_bytes(folder: Path) -> int:
    """How much room there is where the folder is or will be."""
    return shutil.disk_usage(nearest(folder)).free
