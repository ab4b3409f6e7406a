"""Whether SQLite and PostgreSQL hold the same, asked of both past the program and its models."""

import json
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.backups.places import Place

COLUMNS = (
    "SELECT column_name, data_type FROM information_schema.columns"
    " WHERE table_schema = 'public' AND table_name = %s ORDER BY column_name"
)


def differences(pilot: Place, target: Place, *, but: set[str]) -> list[str]:
    """Tables, columns and rows that the PostgreSQL target has otherwise than the SQLite pilot.

    Args:
        but: tables that are not compared.
    """
    found = []
    mine = {name for name, _ in tables(pilot)} - but
    theirs = {name for name, _ in tables(target)} - but
    found += [f"{name}: on one side alone" for name in sorted(mine ^ theirs)]
    for table in sorted(mine & theirs):
        kinds = dict(target.ask(COLUMNS, (table,)))
        there = {name for _, name, *_ in pilot.ask(f'PRAGMA table_xinfo("{table}")')}
        if there != set(kinds):
            found.append(f"{table}: columns {sorted(there ^ set(kinds))}")
            continue
        names = ", ".join(f'"{name}"' for name in kinds)
        ours, moved = (
            Counter(
                repr([value(each, kind) for each, kind in zip(row, kinds.values(), strict=True)])
                for row in place.ask(f'SELECT {names} FROM "{table}"')
            )
            for place in (pilot, target)
        )
        if ours != moved:
            found.append(
                f"{table}: {(ours - moved).total()} of {ours.total()} rows, such as {min(ours - moved, default='')}"
            )
    return found


def tables(place: Place) -> list[tuple[str, int]]:
    """Tables and how many rows they have; not SQLite's own."""
    if place.home.server is None:
        names = place.ask("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    else:
        names = place.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return [(name, place.ask(f'SELECT count(*) FROM "{name}"')[0][0]) for (name,) in sorted(names)]


def value(given: Any, kind: str) -> Any:
    """One value for what either database gives for a column that PostgreSQL calls so. Raises KeyError for a new kind."""
    return None if given is None else _READ[kind](given)


def _moment(given: Any) -> datetime:
    read = datetime.fromisoformat(given) if isinstance(given, str) else given
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


def _json(given: Any) -> str:
    return json.dumps(json.loads(given) if isinstance(given, str) else given, sort_keys=True)


_READ: dict[str, Any] = {
    "boolean": bool,
    "smallint": int,
    "integer": int,
    "bigint": int,
    "double precision": float,
    "numeric": lambda given: Decimal(str(given)).normalize(),
    "text": str,
    "character varying": str,
    "character": str,
    "inet": str,
    "uuid": lambda given: UUID(str(given)),
    "bytea": bytes,
    "date": lambda given: date.fromisoformat(given) if isinstance(given, str) else given,
    "time without time zone": lambda given: time.fromisoformat(given) if isinstance(given, str) else given,
    "timestamp with time zone": _moment,
    "interval": lambda given: given if isinstance(given, timedelta) else timedelta(microseconds=given),
    "jsonb": _json,
}
