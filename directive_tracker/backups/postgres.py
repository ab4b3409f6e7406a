"""A PostgreSQL database at one moment, by an exported snapshot that our questions and pg_dump share; and its programs.

The password goes to the programs through their environment, never through their arguments, which everybody on the machine
can read.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from django.db import connections

from directive_tracker.backups.errors import Refused

BLOCK = 1024 * 1024
# A dump is restored under whatever owner and rights the new database has; comments on extensions need its superuser.
DUMP = (
    "-Fc",
    "--compress=1",
    "--no-owner",
    "--no-acl",
    "--no-comments",
    "--no-security-labels",
    "--no-publications",
    "--no-subscriptions",
    "--no-password",
    "--lock-wait-timeout=60000",
)
# How rows are written out as text; a checksum is of that text.
TEXT_FORM = (
    "SET timezone = 'UTC'; SET datestyle = 'ISO'; SET intervalstyle = 'postgres'; SET bytea_output = 'hex';"
    " SET extra_float_digits = 1; SET xmlbinary = 'base64'"
)
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"
SEQUENCES = (
    "SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace ORDER BY relname"
)
_PASSED_ON = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "channel_binding": "PGCHANNELBINDING",
}
# Work of minutes: no time limit made for pages may end it.
_PATIENT = "-c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0"


def checksum_sql(table: str) -> str:
    """Rows and checksum of a table, whatever the order of its rows."""
    return (
        "SELECT count(*), coalesce(sum(('x' || left(md5(each::text), 16))::bit(64)::bigint), 0)::text"
        f' FROM public."{table}" AS each'
    )


def connect() -> Any:
    """A connection of our own to the database of the settings. Errors: Refused."""
    values = connections["default"].settings_dict
    options = {name: value for name, value in values.get("OPTIONS", {}).items() if name in _PASSED_ON}
    try:
        connection = psycopg2.connect(
            dbname=values["NAME"],
            user=values["USER"] or None,
            password=values["PASSWORD"] or None,
            host=values["HOST"] or None,
            port=values["PORT"] or None,
            application_name="backup",
            **{"connect_timeout": 10, **options, "options": _PATIENT},
        )
    except psycopg2.OperationalError as error:
        raise Refused(f"Không nối được cơ sở dữ liệu PostgreSQL: {_first_line(str(error))}.") from error
    return connection


def environment() -> dict[str, str]:
    """The variables with which pg_dump and psql reach the same database."""
    values = connections["default"].settings_dict
    given = {
        "PGDATABASE": values["NAME"],
        "PGUSER": values["USER"],
        "PGPASSWORD": values["PASSWORD"],
        "PGHOST": values["HOST"],
        "PGPORT": values["PORT"],
        "PGAPPNAME": "backup",
        "PGOPTIONS": _PATIENT,
        "PGCLIENTENCODING": "UTF8",
        "LC_ALL": "C.UTF-8",
    }
    given |= {_PASSED_ON[name]: value for name, value in values.get("OPTIONS", {}).items() if name in _PASSED_ON}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {name: str(value) for name, value in given.items() if value}


def program(name: str) -> str:
    """The path of pg_dump, pg_restore or psql, the newest that is there. Errors: Refused."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(installed[-1]) if installed else shutil.which(name)
    if found is None:
        raise Refused(f"Không có chương trình {name} trên máy này; hãy cài gói postgresql-client.")
    return found


def version_of(name: str) -> int:
    """The main version of one of the programs, for example 15. Errors: Refused."""
    said = subprocess.run([program(name), "--version"], capture_output=True, text=True, check=False).stdout
    number = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(number[1]) if number else 0


class PostgresSnapshot:
    """One transaction that sees one moment."""

    engine = "postgresql"

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        with connection.cursor() as cursor:
            cursor.execute(TEXT_FORM)
            cursor.execute("SELECT pg_export_snapshot()")
            self._name = cursor.fetchone()[0]

    def rows(self, sql: str) -> Iterator[tuple]:
        """The rows of a question, through a cursor of the server."""
        with self._connection.cursor(name="backup_rows") as cursor:
            cursor.itersize = 5000
            cursor.execute(sql)
            yield from cursor

    def facts(self) -> dict[str, Any]:
        """Versions, tables, sequences."""
        with self._connection.cursor() as cursor:
            return {
                "engine": self.engine,
                "version": self._connection.server_version // 10000,
                "dump_version": version_of("pg_dump"),
                "tables": tables_of(cursor),
                "sequences": sequences_of(cursor),
            }

    def dump(self) -> Iterator[bytes]:
        """What pg_dump says. Errors: Refused with its own last words."""
        command = [program("pg_dump"), *DUMP, f"--snapshot={self._name}"]
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=said)
            try:
                assert process.stdout is not None
                while block := process.stdout.read(BLOCK):
                    yield block
                code = process.wait()
            finally:
                process.kill()
                process.wait()
                process.stdout.close()
            if code:
                raise Refused(f"pg_dump không chạy được: {last_words(said)}")


def tables_of(cursor: Any) -> dict[str, dict[str, Any]]:
    """Table → rows and checksum; TEXT_FORM must be set."""
    cursor.execute(TABLES)
    found = {}
    for (table,) in cursor.fetchall():
        cursor.execute(checksum_sql(table))
        rows, checksum = cursor.fetchone()
        found[table] = {"rows": rows, "checksum": checksum}
    return found


def sequences_of(cursor: Any) -> dict[str, list]:
    """Sequence → its last number and whether that one was given out."""
    cursor.execute(SEQUENCES)
    found = {}
    for (name,) in cursor.fetchall():
        cursor.execute(f'SELECT last_value, is_called FROM public."{name}"')
        found[name] = list(cursor.fetchone())
    return found


@contextmanager
def taken() -> Iterator[PostgresSnapshot]:
    """A snapshot of the database, while others go on writing. Errors: Refused."""
    with closing(connect()) as connection:
        version = version_of("pg_dump")
        if version < connection.server_version // 10000:
            raise Refused(
                f"pg_dump trên máy này là bản {version}, cũ hơn máy chủ PostgreSQL {connection.server_version // 10000}; "
                f"hãy cài gói postgresql-client-{connection.server_version // 10000}."
            )
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        try:
            yield PostgresSnapshot(connection)
        except psycopg2.Error as error:
            raise Refused(f"Cơ sở dữ liệu ngắt giữa chừng: {_first_line(str(error))}.") from error


def last_words(said: Any) -> str:
    """The last lines that a program wrote into a file."""
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines()
    return " ".join(lines[-3:])[:500] or "không nói lý do"


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0] if text.strip() else "không rõ lý do"
