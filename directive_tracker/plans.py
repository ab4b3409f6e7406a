"""Statements that PostgreSQL plans once a connection instead of at every request.

A question about one row with everything beside it is answered in half a millisecond, but planning it takes two to nine, and
by default PostgreSQL plans it anew each time. PREPARE keeps the plan with the connection; which kind of plan is kept is
PostgreSQL's own decision (a general one only where it is no dearer than the planned ones were). Numbers, days and moments are
parameters of the kept statement, so that all units share one; words and truth values stand in it as they are: partial
indexes are chosen by them.

A pooler that gives each transaction another connection (PgBouncer in transaction mode) must not stand between.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg2.extensions import AsIs

# A connection keeps so many; the one that was asked for longest ago makes room.
KEPT = 100
_INTEGER = 2**31
# Connection of the driver → names of what it has prepared, in the order of use.
_prepared: "WeakKeyDictionary[Any, OrderedDict[str, None]]" = WeakKeyDictionary()


@dataclass(frozen=True)
class Plan:
    """A statement as it is kept: what makes it, what asks it, and which of the parameters it takes."""

    name: str
    prepare: str
    execute: str
    taken: tuple[int, ...]

    def asked(self, params: Sequence[Any], *, using: str = DEFAULT_DB_ALIAS) -> tuple[str, tuple[Any, ...]]:
        """The statement that asks it and its parameters; prepared first where the connection `using` does not have it yet.

        The preparing goes past Django's cursors: it belongs to the connection, not to the page that happens to come first.
        """
        connection = connections[using]
        connection.close_if_health_check_failed()
        connection.ensure_connection()
        known = _prepared.setdefault(connection.connection, OrderedDict())
        if self.name in known:
            known.move_to_end(self.name)
        else:
            with connection.wrap_database_errors, connection.connection.cursor() as cursor:
                # The name is made of the text, so one that is there already is the same statement.
                cursor.execute("SELECT 1 FROM pg_prepared_statements WHERE name = %s", [self.name])
                if cursor.fetchone() is None:
                    cursor.execute(self.prepare)
                known[self.name] = None
                if len(known) > KEPT:
                    cursor.execute(f"DEALLOCATE {known.popitem(last=False)[0]}")
        return self.execute, tuple(params[place] for place in self.taken)


def plan_of(sql: str, params: Sequence[Any], *, places: Collection[int] = ()) -> Plan | None:
    """How the statement is kept; None where the database is none that plans.

    Args:
        places: of the words among the parameters those that are others each time; numbers, days and moments always may be.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql":
        return None
    connection.ensure_connection()
    taken = [place for place, param in enumerate(params) if place in places or _type_of(param) != "unknown"]
    marked: list[Any] = list(params)
    for number, place in enumerate(taken, start=1):
        marked[place] = AsIs(f"${number}")
    with connection.connection.cursor() as cursor:
        text = cursor.mogrify(sql, marked).decode()
    types = ", ".join(_type_of(params[place]) for place in taken)
    name = "kept_" + hashlib.blake2s(f"{types} {text}".encode(), digest_size=12).hexdigest()
    marks = f" ({', '.join(['%s'] * len(taken))})" if taken else ""
    return Plan(
        name, f"PREPARE {name}{f' ({types})' if taken else ''} AS {text}", f"EXECUTE {name}{marks}", tuple(taken)
    )


class Kept:
    """A statement that is written by hand and asked again and again; all its parameters may be others each time."""

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self._plans: dict[tuple[str, ...], Plan | None] = {}

    def asked(self, params: Sequence[Any]) -> tuple[str, Sequence[Any]]:
        """What is to be executed, with its parameters."""
        connection = connections[DEFAULT_DB_ALIAS]
        key = (connection.vendor, *map(_type_of, params))
        if key not in self._plans:
            self._plans[key] = plan_of(self.sql, params, places=range(len(params)))
        plan = self._plans[key]
        return plan.asked(params) if plan else (self.sql, params)


@lru_cache(maxsize=256)
def kept(sql: str) -> Kept:
    """The statement of that text, with its plans."""
    return Kept(sql)


def _type_of(param: Any) -> str:
    """The type that the value would have written out in a statement; "unknown" for words, whose type the place decides."""
    if isinstance(param, bool):
        return "unknown"
    if isinstance(param, int):
        return "integer" if -_INTEGER <= param < _INTEGER else "bigint"
    if isinstance(param, datetime):
        return "timestamptz"
    return "date" if isinstance(param, date) else "unknown"
