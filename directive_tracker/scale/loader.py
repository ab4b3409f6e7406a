"""Many rows at once: COPY on PostgreSQL, executemany on SQLite, with keys chosen here.

Nothing of `save()` runs: whoever uses it fills in what the models compute. Database constraints hold as for every row.
"""

import io
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.models import Max
from django.db.models.expressions import DatabaseDefault

BATCH = 20_000
# What COPY's text form would read as something else.
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Rows:
    """The rows of one table on their way in.

    Args:
        model: the table; its keys go on after the largest one there.
        columns: names of the columns (`attname`) that differ from row to row, in the order of `add`.
        constants: columns with one value for all rows; any other column takes its field's default.
    """

    def __init__(self, model: type[models.Model], *columns: str, **constants: Any) -> None:
        self.model = model
        self.last_pk = self.first_pk = model._base_manager.aggregate(last=Max("pk"))["last"] or 0
        fields = {field.attname: field for field in model._meta.concrete_fields}
        unknown = {*columns, *constants} - fields.keys()
        if unknown:
            raise ValueError(f"{model.__name__} has no columns {sorted(unknown)}")
        rest = {
            name: constants[name] if name in constants else _default(field)
            for name, field in fields.items()
            if name not in columns and not field.primary_key and not field.generated
        }
        pk = model._meta.pk
        assert pk is not None
        self._names = [fields[name].column for name in (pk.attname, *columns, *rest)]
        self._rest = tuple(rest.values())
        self._rows: list[tuple] = []

    @property
    def count(self) -> int:
        """How many rows were added."""
        return self.last_pk - self.first_pk

    def add(self, *values: Any) -> int:
        """Take one row; the key it gets."""
        self.last_pk += 1
        self._rows.append((self.last_pk, *values))
        if len(self._rows) >= BATCH:
            self.flush()
        return self.last_pk

    def flush(self) -> None:
        """Write what was taken."""
        rows, self._rows = self._rows, []
        if not rows:
            return
        if connection.vendor == "postgresql":
            _copy(self.model._meta.db_table, self._names, rows, self._rest)
        else:
            _insert(self.model._meta.db_table, self._names, rows, self._rest)


@contextmanager
def loading() -> Iterator[list[Rows]]:
    """One transaction for all tables; the list takes the `Rows` in the order in which they must be written.

    At the end everything is flushed and the tables' own counters go on after the keys used here.
    """
    tables: list[Rows] = []
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # Sorting and checking so many rows in memory; for this transaction only.
                cursor.execute("SET LOCAL synchronous_commit = off")
        yield tables
        for table in tables:
            table.flush()
        _move_sequences([table.model for table in tables])


def _default(field: models.Field) -> Any:
    """What a new row has in a column nobody filled."""
    value = field.get_default()
    if isinstance(value, DatabaseDefault):
        value = field.db_default
    if value is None and not field.null:
        raise ValueError(f"{field.model.__name__}.{field.attname} needs a value")
    return value


def _copy(table: str, names: list[str], rows: Iterable[tuple], rest: tuple) -> None:
    """Write rows with COPY."""
    end = "".join("\t" + _copied(value) for value in rest) + "\n"
    lines = ["\t".join(map(_copied, row)) + end for row in rows]
    quoted = ", ".join(map(connection.ops.quote_name, names))
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {connection.ops.quote_name(table)} ({quoted}) FROM STDIN", io.StringIO("".join(lines))
        )


def _copied(value: Any) -> str:
    """One value in COPY's text form."""
    if value is None:
        return "\\N"
    if value is True or value is False:
        return "t" if value else "f"
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if isinstance(value, bytes):
        # The backslash of the text form stands before the x of bytea's own.
        return "\\\\x" + value.hex()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False).translate(_ESCAPES)
    return str(value)


def _insert(table: str, names: list[str], rows: Iterable[tuple], rest: tuple) -> None:
    """Write rows with one prepared INSERT."""
    quoted = ", ".join(map(connection.ops.quote_name, names))
    places = ", ".join(["%s"] * len(names))
    end = tuple(map(_bound, rest))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {connection.ops.quote_name(table)} ({quoted}) VALUES ({places})",
            [(*map(_bound, row), *end) for row in rows],
        )


_moment: Callable[[datetime], Any] = lambda value: connection.ops.adapt_datetimefield_value(value)  # noqa: E731


def _bound(value: Any) -> Any:
    """One value as the database driver takes it."""
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value


def _move_sequences(tables: list[type[models.Model]]) -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
