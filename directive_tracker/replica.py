"""Reading from a copy of the database that follows it (DATABASE_REPLICA_URL), without anybody missing what he wrote.

A page reads there when it is safe (GET, HEAD), its person has signed in, and the replica has replayed what that person's
browser wrote last: its place in the log (LSN) comes back in a signed cookie. Everything else asks the primary: what is sent,
strangers' pages (mailed links, calendars, sheets), the administration, sessions, rights, tokens, the log, what stands within
a transaction, and whatever a page reads after its first write. Without the setting nothing of this is there.
"""

import re
import time
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections

from directive_tracker.breaker import Breaker

ALIAS = "replica"
# Of these rows the newest counts, whoever reads them: who is signed in, with which rights, by which token; the log.
PRIMARY_APPS = frozenset({"accounts", "admin", "auth", "contenttypes", "otp_static", "otp_totp", "sessions"})
PRIMARY_MODELS = frozenset(
    {
        "notifications.pulse",
        "records.auditevent",
        "records.partialupload",
        "records.uploadpart",
        "tasks.calendarfeed",
        "tasks.reportlink",
        "units.apitoken",
        "units.apiwrite",
        "units.deputation",
        "units.membership",
        "veterans.offlinecopy",
    }
)
# Seconds between two looks at how far the replica is; what is shown is at most about twice as old.
LOOK_EVERY = 5.0
LOOK_AGAIN = 1.0
_LSN = re.compile(r"[0-9A-F]{1,8}/[0-9A-F]{1,8}")

# Longer than for Redis: asking for a replica that is gone costs two seconds.
breaker = Breaker("database replica", seconds=30)


@dataclass
class Reading:
    """From where the running request reads."""

    from_replica: bool = False
    wrote: bool = False


_reading: ContextVar[Reading | None] = ContextVar("replica_reading", default=None)


def begin() -> Any:
    """A request begins, on the primary; what is returned goes to `end`."""
    return _reading.set(Reading())


def end(token: Any) -> None:
    """The request is over."""
    _reading.reset(token)


def current() -> Reading | None:
    """How the running request reads; None outside of requests and without a replica."""
    return _reading.get()


def note_write() -> None:
    """The request writes: whatever it reads from here on is asked of the primary."""
    reading = _reading.get()
    if reading is not None:
        reading.wrote = True


def alias() -> str:
    """The connection from which rows that may be a moment old are read now."""
    reading = _reading.get()
    if reading is None or not reading.from_replica or reading.wrote:
        return DEFAULT_DB_ALIAS
    return DEFAULT_DB_ALIAS if connections[DEFAULT_DB_ALIAS].in_atomic_block else ALIAS


class Router:
    """Django's questions about where to read and write."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """The replica, for rows that may come from there in a request that may read there."""
        meta = model._meta
        if meta.app_label in PRIMARY_APPS or meta.label_lower in PRIMARY_MODELS:
            return DEFAULT_DB_ALIAS
        return alias()

    def db_for_write(self, model: Any, **hints: Any) -> str:
        """The primary, always; rows that will be changed are read there too (select_for_update, get_or_create)."""
        note_write()
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        """Both are copies of the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Tables come to the replica by themselves."""
        return db == DEFAULT_DB_ALIAS


class Follower:
    """How far the replica is, asked by one process at most every few seconds.

    A place in the log that the primary had reached by the look before must have been replayed by this one; so a replica
    that hangs, or was made a server of its own, is not read, and an idle pair is in step.
    """

    def __init__(self) -> None:
        self._mark: int | None = None
        self._is_in_step = False
        self._until = 0.0

    def may_be_read(self, wrote_at: str | None) -> bool:
        """Whether the replica answers, is in step, and has replayed the place that was written to (an LSN, or None)."""
        if breaker.is_open:
            return False
        now = time.monotonic()
        is_due = now >= self._until
        if not is_due and wrote_at is None:
            return self._is_in_step
        try:
            replayed = _ask(ALIAS, "SELECT pg_last_wal_replay_lsn()::text")
        except (DatabaseError, InterfaceError) as error:
            breaker.failed(error)
            self._is_in_step, self._until = False, 0.0
            return False
        breaker.works()
        reached = place(replayed)
        if is_due:
            self._look(reached, now)
        return self._is_in_step and reached is not None and (wrote_at is None or reached >= (place(wrote_at) or 0))

    def _look(self, reached: int | None, now: float) -> None:
        if self._mark is None:
            self._mark = _flushed_to()
        self._is_in_step = reached is not None and self._mark is not None and reached >= self._mark
        if self._is_in_step:
            self._mark = _flushed_to()
        self._until = now + (LOOK_EVERY if self._is_in_step else LOOK_AGAIN)


def written_to() -> str | None:
    """The place in the log behind everything that has been committed. Errors: those of the database.

    What was flushed; where a commit does not wait for that, what was inserted – further than anything travels while nobody
    commits again, so it is asked for only then.
    """
    return _ask(
        DEFAULT_DB_ALIAS,
        "SELECT (CASE current_setting('synchronous_commit') WHEN 'off' THEN pg_current_wal_insert_lsn()"
        " ELSE pg_current_wal_flush_lsn() END)::text",
    )


def standing() -> tuple[bool, float | None]:
    """Whether the replica follows a primary, and how many seconds it is behind (None: nothing has come yet).

    Errors: those of the database.
    """
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT pg_is_in_recovery(), CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0 "
            "ELSE EXTRACT(EPOCH FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float8 END"
        )
        return cursor.fetchone()


def _flushed_to() -> int | None:
    return place(_ask(DEFAULT_DB_ALIAS, "SELECT pg_current_wal_flush_lsn()::text"))


def place(lsn: str | None) -> int | None:
    """An LSN such as 16/B374D848 as a number; None when it is none."""
    if lsn is None or not _LSN.fullmatch(lsn):
        return None
    high, _, low = lsn.partition("/")
    return int(high, 16) << 32 | int(low, 16)


def _ask(name: str, sql: str) -> str | None:
    with connections[name].cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]
