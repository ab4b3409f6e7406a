"""Installations to back up and to restore: a database and folders of their own, on the database of this round of tests."""

import base64
import contextlib
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from directive_tracker.runall.processes import end_with_parent

ROOT = Path(__file__).resolve().parents[2]
FIELD_KEY = "5a0f3c77e1d2b4968812c3a4f5e6d7089b1a2c3d4e5f60718293a4b5c6d7e8f9"
BACKUP_KEY = "c1b2a39485766758493a2b1c0d9e8f7061524334251607f8e9dacbbcad9e8f70"
OTHER_KEY = "00f1e2d3c4b5a69788796a5b4c3d2e1f00112233445566778899aabbccddeeff"


def as_variable(key: str) -> str:
    """A key as it stands in the environment."""
    return base64.urlsafe_b64encode(bytes.fromhex(key)).decode()


@dataclass
class Place:
    """One installation: `folder` holds what is not in the database; `database` is a name, or the path of an SQLite file."""

    home: "Home"
    folder: Path
    database: str
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    @property
    def media(self) -> Path:
        return self.folder / "media"

    def do(self, step: str, **values: Any) -> Any:
        """Let the hand do one step here (hand.py)."""
        return self.home.do(self, step, values)

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Run a command here: exit code, what it said and what it complained of."""
        said = self.do("command", arguments=list(arguments))
        return said["code"], said["out"], said["err"]

    def environment(self, **more: str) -> dict[str, str]:
        """The variables of a process of its own that works here."""
        url = f"sqlite:///{self.database}" if self.home.server is None else self.home.url(self.database)
        return {**self.home.base, "DATABASE_URL": url, "VAR_DIR": str(self.folder), **more}

    def ask(self, sql: str, values: Any = ()) -> list[tuple]:
        """The rows of one statement, past the program; %s stands for a value."""
        with contextlib.closing(self._connected()) as connection:
            cursor = connection.cursor()
            cursor.execute(sql if self.home.server else sql.replace("%s", "?"), values)
            rows = cursor.fetchall() if cursor.description else []
            connection.commit()
            return rows

    def _connected(self) -> Any:
        if self.home.server is None:
            return sqlite3.connect(self.database, timeout=20)
        return psycopg2.connect(self.home.url(self.database), application_name="tester")

    def tables(self) -> dict[str, tuple[int, str]]:
        """Table → rows and a checksum of all of them, counted here and not by the program."""
        found = {}
        for table in self._names():
            rows = sorted(repr([_shown(each) for each in row]) for row in self.ask(f'SELECT * FROM "{table}"'))
            found[table] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
        return found

    def _names(self) -> list[str]:
        if self.home.server is None:
            sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_stat%'"
        else:
            sql = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        return sorted(name for (name,) in self.ask(sql))

    def schema(self) -> list[str]:
        """Constraints, indexes, triggers, functions and sequences of the database, as it says them itself."""
        if self.home.server is None:
            return sorted(sql for (sql,) in self.ask("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"))
        asked = (
            "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace",
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
            "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " AND prolang = (SELECT oid FROM pg_language WHERE lanname = 'plpgsql')",
            "SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable || coalesce(column_default, '')"
            " || is_identity FROM information_schema.columns WHERE table_schema = 'public'",
        )
        return sorted(_one(row) for sql in asked for (row,) in self.ask(sql))

    def files(self) -> dict[str, str]:
        """Name → SHA-256 of every file in the store."""
        return {
            str(path.relative_to(self.media)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.media.rglob("*"))
            if path.is_file()
        }

    def shown(self) -> list[str]:
        """What lies in the folder of backups and looks like one."""
        return sorted(path.name for path in self.backups.glob("*") if not path.name.startswith("."))

    def hidden(self) -> list[str]:
        """What lies there besides, but for the lock."""
        return sorted(path.name for path in self.backups.glob(".*") if path.name != ".lock")


def _shown(value: Any) -> Any:
    """PostgreSQL's driver gives bytes as a view, whose repr is its address."""
    return bytes(value) if isinstance(value, memoryview) else value


def _one(sql: str) -> str:
    """A definition without casts and brackets: PostgreSQL writes some in other places once it has read its own words."""
    return re.sub(r"::(character varying|text)(\[\])?|[()]", "", sql)


class Home:
    """Makes places, and the process that works in them. `server` is PostgreSQL's address, None for SQLite."""

    def __init__(self, server: str | None, folder: Path) -> None:
        self.server, self.folder, self._made = server, folder, 0
        self.base = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "ENV_FILE": "",
            "EMBEDDED": "true",
            "DEMO": "false",
            "LOG_LEVEL": "ERROR",
            "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-0123456789-abcdefgh",
        }
        start = {**self.base, "VAR_DIR": str(folder / "hand"), **({"DATABASE_URL": server} if server else {})}
        self._hand = subprocess.Popen(
            [sys.executable, "-m", "tests.backups.hand"],
            cwd=ROOT,
            env=start,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=end_with_parent,
        )

    def url(self, database: str) -> str:
        """The address of a database on the server."""
        return urlunsplit(urlsplit(self.server or "")._replace(path=f"/{database}"))

    def empty(self) -> Place:
        """A machine on which nothing was ever done, with the same keys."""
        self._made += 1
        folder = self.folder / f"place{self._made}"
        folder.mkdir(mode=0o700)
        database = str(folder / "tracker.sqlite3")
        if self.server is not None:
            database = f"backups_{os.getpid()}_{self._made}"
            self._create(database, "template1")
        return Place(self, folder, database, {"FIELD_KEY": FIELD_KEY})

    def copy(self, original: Place) -> Place:
        """The same installation once more."""
        self._made += 1
        folder = self.folder / f"place{self._made}"
        shutil.copytree(original.folder, folder)
        database = str(folder / "tracker.sqlite3")
        if self.server is not None:
            database = f"backups_{os.getpid()}_{self._made}"
            self._create(database, original.database)
        head = folder / "audit-head.json"
        if head.exists():
            # It names its database, which has another name now.
            told = json.loads(head.read_text())
            told["database"] = told["database"].replace(str(original.database), database)
            head.write_text(json.dumps(told))
        return Place(self, folder, database, dict(original.settings))

    def _create(self, name: str, template: str) -> None:
        with contextlib.closing(psycopg2.connect(self.server)) as connection:
            connection.autocommit = True
            connection.cursor().execute(f"CREATE DATABASE {name} TEMPLATE {template}")

    def do(self, place: Place, step: str, values: dict[str, Any]) -> Any:
        """One step of the hand in a place. Raises AssertionError with the other side's traceback."""
        settings = {
            "VAR_DIR": str(place.folder),
            "MEDIA_ROOT": str(place.media),
            "AUDIT_HEAD_FILE": str(place.folder / "audit-head.json"),
            "ERASED_FILE": str(place.folder / "erased.jsonl"),
            "BACKUP_DIR": str(place.backups),
            "SECOND_FACTOR_ROLES": [],
            **place.settings,
        }
        asked = {"database": place.database, "step": step, "values": values, "settings": settings}
        print(json.dumps(asked), file=self._hand.stdin, flush=True)
        line = self._hand.stdout.readline()
        answer = json.loads(line) if line else {"error": "the process has ended"}
        assert "error" not in answer, answer["error"]
        return answer["value"]

    def close(self) -> None:
        """End the hand and drop what was made on the server."""
        self._hand.stdin.close()
        self._hand.wait(30)
        self._hand.stdout.close()
        if self.server is None:
            return
        with contextlib.closing(psycopg2.connect(self.server)) as connection:
            connection.autocommit = True
            cursor = connection.cursor()
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"backups_{os.getpid()}_%"])
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
