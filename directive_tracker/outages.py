"""Which errors say that database or file store do not answer just now, and not that the program asked for something wrong."""

import psycopg2
from django.db import Error, InterfaceError, OperationalError, connections

# Classes and codes of PostgreSQL (appendix A of its manual). 08: the connection broke; 53: out of connections, memory or
# disk; 57P: it is being shut down or starts; 58: its disk does not answer; 40: what others did at the same moment won.
_CLASSES = ("08", "53", "57P", "58", "40")
# A lock that was not had in time; a server that only reads, as the old primary does after a failover.
_CODES = ("55P03", "25006")
# The primary codes of SQLite: perm, busy, locked, read-only, I/O error, full, cannot open.
_SQLITE = frozenset({3, 5, 6, 8, 10, 13, 14})


class StorageAway(OSError):
    """The store of the files does not answer, or refuses us."""


def is_away(error: BaseException | None) -> bool:
    """Whether the same may work in a moment: database or store do not answer."""
    return isinstance(error, StorageAway) or is_database_away(error)


def is_database_away(error: BaseException | None) -> bool:
    """Whether the error says that the database is gone, restarting, full, locked or only reads: the same may work in a moment.

    A statement that was wrong, or was stopped for its own length, is no outage.
    """
    if not isinstance(error, Error | psycopg2.Error):
        return False
    told = error.__cause__ if isinstance(error, Error) and error.__cause__ is not None else error
    code = getattr(told, "pgcode", None)
    if code is not None:
        return code in _CODES or code.startswith(_CLASSES)
    sqlite = getattr(told, "sqlite_errorcode", None)
    if sqlite is not None:
        return sqlite & 0xFF in _SQLITE
    # Without a code nobody answered at all: refused, timed out, closed.
    return isinstance(error, OperationalError | InterfaceError | psycopg2.OperationalError | psycopg2.InterfaceError)


def let_go() -> None:
    """Close what is connected, so that the next statement asks anew for a server; not within somebody's transaction."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
