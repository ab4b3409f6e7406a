"""`migrate` that holds nobody up: on PostgreSQL it waits at most two seconds for a lock, lets go, and tries again.

A statement that waits for a lock makes everybody wait who comes after it, reading or writing. One that gives up after two
seconds costs the others two seconds (docs/upgrading.md).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.migrate import Command as DjangoCommand
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

LOCK_SECONDS = 2
TRIES = 30
PAUSE_SECONDS = 2.0
# A single statement (an index of a large table, made beside the work) may take long; one that takes this long is stuck.
STATEMENT_MINUTES = 60
# Any number, the same for every machine: one migrates at a time.
ONE_AT_A_TIME = 7_251_990_131
LOCK_NOT_AVAILABLE, QUERY_CANCELED, DEADLOCK = "55P03", "57014", "40P01"


class Command(DjangoCommand):
    """Django's command, with short waits for locks and one at a time."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--lock-seconds", type=int, default=LOCK_SECONDS, help="Số giây chờ một khóa trước khi nhả ra và thử lại."
        )
        parser.add_argument("--tries", type=int, default=TRIES, help="Số lần thử khi bảng đang bận.")

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"] or DEFAULT_DB_ALIAS]
        if connection.vendor != "postgresql":
            super().handle(*args, **options)
            return
        with _alone(connection, say=self._say), _short_waits(connection, options["lock_seconds"]):
            self._patiently(connection, args, options)

    def _patiently(self, connection: BaseDatabaseWrapper, args: tuple, options: dict[str, Any]) -> None:
        """Migrate; again where a table was busy. What was finished stays, what was begun has been undone."""
        outside = len(connection.atomic_blocks)
        for number in range(1, options["tries"] + 1):
            try:
                super().handle(*args, **options)
                return
            except OperationalError as error:
                _undo(connection, outside, error)
                code = getattr(error.__cause__, "pgcode", None)
                if code == QUERY_CANCELED:
                    raise CommandError(
                        f"Một câu lệnh chạy quá {STATEMENT_MINUTES} phút và đã bị dừng. Các bước đã xong được giữ; "
                        "hãy chạy lại lệnh migrate khi máy chủ rảnh hơn."
                    ) from error
                if code not in (LOCK_NOT_AVAILABLE, DEADLOCK):
                    raise
                if number == options["tries"] or connection.in_atomic_block:
                    raise CommandError(
                        f"Bảng đang bận: {number} lần không khóa được trong {options['lock_seconds']} giây. Phần mềm vẫn "
                        "chạy bình thường, các bước đã xong được giữ. Hãy chạy lại lệnh migrate, tốt nhất khi ít người "
                        "dùng; ai đang giữ khóa: xem pg_stat_activity."
                    ) from error
                self._say(f"Bảng đang bận, đã nhả ra cho người dùng; thử lại (lần {number + 1}/{options['tries']}).")
                time.sleep(PAUSE_SECONDS)

    def _say(self, words: str) -> None:
        self.stderr.write(words)


def _undo(connection: BaseDatabaseWrapper, outside: int, error: OperationalError) -> None:
    """Leave the blocks that the step has left open.

    What Django keeps for the end of a step, foreign keys above all, it executes on the way out: where that fails, the step's
    transaction is never ended, and all that follows would fail in it.
    """
    while len(connection.atomic_blocks) > outside:
        connection.atomic_blocks[-1].__exit__(type(error), error, error.__traceback__)


@contextmanager
def _short_waits(connection: BaseDatabaseWrapper, seconds: int) -> Iterator[None]:
    """In this session a statement waits so long for a lock, and runs an hour, at most."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")
        before = cursor.fetchone()
        _set(cursor, f"{seconds}s", f"{STATEMENT_MINUTES}min")
    try:
        yield
    finally:
        # A session whose transaction somebody else holds open has failed and is not asked any more.
        if connection.is_usable():
            with connection.cursor() as cursor:
                _set(cursor, *before)


def _set(cursor: Any, lock: str, statement: str) -> None:
    query = "SELECT set_config('lock_timeout', %s, false), set_config('statement_timeout', %s, false)"
    cursor.execute(query, [lock, statement])


@contextmanager
def _alone(connection: BaseDatabaseWrapper, *, say: Any) -> Iterator[None]:
    """One `migrate` at a time, whichever machine it runs on; the second waits.

    It asks again and again instead of waiting in a statement: an index made beside the work would wait for that one.
    """
    told = False
    while not _ask(connection, "SELECT pg_try_advisory_lock(%s)"):
        if not told:
            say("Một lệnh migrate khác đang chạy trên cơ sở dữ liệu này; đợi lệnh ấy xong.")
            told = True
        time.sleep(1)
    try:
        yield
    finally:
        if connection.is_usable():
            _ask(connection, "SELECT pg_advisory_unlock(%s)")


def _ask(connection: BaseDatabaseWrapper, query: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(query, [ONE_AT_A_TIME])
        return cursor.fetchone()[0]
