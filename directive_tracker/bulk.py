"""Many rows at once, for all rooms: COPY on PostgreSQL, executemany on SQLite.

Nothing of `save()` runs and no signal is sent: whoever writes fills in what the models compute, and asks for the history.
Defaults of fields and constraints of the database hold as for every row.
"""

import io
import json
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, models, transaction
from django.db.models.expressions import DatabaseDefault

# What COPY's text form would read as something else.
_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_NULL = "\\N"


class Table:
    """How rows of one table are written; what is the same for all of them is worked out once.

    Args:
        model: the table, with a whole number for its key.
        columns: names of the columns (`attname`) that differ from row to row, in the order of `write`.
        constants: columns with one value for all rows; any other column takes its field's default.
    Errors: ValueError for a column that does not exist, or one without a value that needs one.
    """

    def __init__(self, model: type[models.Model], *columns: str, **constants: Any) -> None:
        self.model = model
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
        self._fields = [fields[name] for name in (pk.attname, *columns)]
        self._rest = [(fields[name], value) for name, value in rest.items()]
        self._table = connection.ops.quote_name(model._meta.db_table)
        self._columns = ", ".join(
            connection.ops.quote_name(field.column) for field in (*self._fields, *(field for field, _ in self._rest))
        )

    def write(self, rows: Sequence[tuple]) -> None:
        """Write rows of (key, *columns), values as the models hold them. Inside the caller's transaction.

        Errors: IntegrityError, DataError as for every row.
        """
        if not rows:
            return
        columns = list(zip(*rows, strict=True))
        if connection.vendor == "postgresql":
            self._copy(columns)
        else:
            self._insert(columns)

    def _copy(self, columns: list[tuple]) -> None:
        written = [_column(field, values, _COPIED) for field, values in zip(self._fields, columns, strict=True)]
        end = "".join("\t" + _column(field, (value,), _COPIED)[0] for field, value in self._rest) + "\n"
        text = "".join(["\t".join(row) + end for row in zip(*written, strict=True)])
        # Django wraps the errors of its own ways to write alone.
        with connection.cursor() as cursor, connection.wrap_database_errors:
            cursor.copy_expert(f"COPY {self._table} ({self._columns}) FROM STDIN", io.StringIO(text))

    def _insert(self, columns: list[tuple]) -> None:
        bound = [_column(field, values, _BOUND) for field, values in zip(self._fields, columns, strict=True)]
        end = tuple(_column(field, (value,), _BOUND)[0] for field, value in self._rest)
        places = ", ".join(["%s"] * (len(self._fields) + len(self._rest)))
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {self._table} ({self._columns}) VALUES ({places})",
                [row + end for row in zip(*bound, strict=True)],
            )


def reserve(model: type[models.Model], count: int) -> list[int]:
    """Keys that nobody else gets, ascending, whether or not rows are written with them.

    They are taken from the table's own counter: what is written later by others goes on after them. On SQLite a short
    transaction, or a part of the caller's.
    """
    table = model._meta.db_table
    pk = model._meta.pk
    assert pk is not None
    if not count:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # One array and not a row for each; the counter's name is looked up once.
            cursor.execute(
                "SELECT array_agg(nextval(counter)) FROM"
                " (SELECT pg_get_serial_sequence(%s, %s)::regclass AS counter OFFSET 0) AS named, generate_series(1, %s)",
                [connection.ops.quote_name(table), pk.column, count],
            )
            return sorted(cursor.fetchone()[0])
        with transaction.atomic():
            # AUTOINCREMENT keeps the largest key that ever was; there is no row before the table's first.
            cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s", [count, table])
            if not cursor.rowcount:
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, count])
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            last = cursor.fetchone()[0]
    return list(range(last - count + 1, last + 1))


def begin_history(model: type[models.Model], ids: Sequence[int], *, by: Any, at: datetime) -> None:
    """The first rows of history of entries that have just been written: one statement, copied inside the database.

    Writes what django-simple-history's bulk_history_create does. Inside the caller's transaction.

    Args:
        model: one with a history; ids: keys of its rows; by: the user, or None.
    """
    history = model.history.model  # type: ignore[attr-defined]
    quote = connection.ops.quote_name
    tracked = [field.attname for field in history.tracked_fields]
    targets = {field.attname: quote(field.column) for field in history._meta.concrete_fields}
    sources = {field.attname: quote(field.column) for field in model._meta.concrete_fields}
    into = [*(targets[name] for name in tracked)]
    into += [targets[name] for name in ("history_date", "history_type", "history_change_reason", "history_user_id")]
    key = sources[model._meta.pk.attname]  # type: ignore[union-attr]
    where, given = _among(key, ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(history._meta.db_table)} ({', '.join(into)})"
            f" SELECT {', '.join(sources[name] for name in tracked)}, %s, '+', '', %s"
            f" FROM {quote(model._meta.db_table)} WHERE {where} ORDER BY {key}",
            [connection.ops.adapt_datetimefield_value(at), by.pk if by is not None else None, given],
        )


def _among(column: str, ids: Sequence[int]) -> tuple[str, Any]:
    """A condition with one parameter, however many keys there are."""
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s)", list(ids)
    return f"{column} IN (SELECT value FROM json_each(%s))", json.dumps(list(ids))


def _default(field: models.Field) -> Any:
    """What a new row has in a column nobody filled."""
    value = field.get_default()
    if isinstance(value, DatabaseDefault):
        value = field.db_default
    if value is None and not field.null:
        raise ValueError(f"{field.model.__name__}.{field.attname} needs a value")
    return value


# --- values, a column at a time ------------------------------------------------------------------

Prepare = Callable[[Any], Any]
# Kind of field → what its values go through; None leaves a whole column as it is. The first that fits counts.
Ways = tuple[tuple[type[models.Field] | tuple[type[models.Field], ...], Prepare | None], ...]


def _column(field: models.Field, values: tuple, ways: Ways) -> Sequence[Any]:
    """The values of one column as they are handed over."""
    for kind, prepare in ways:
        if isinstance(field, kind):
            return values if prepare is None else [prepare(value) for value in values]
    # Seldom kinds know themselves what the driver takes.
    given = [field.get_db_prep_save(value, connection) for value in values]
    return given if ways is _BOUND else [_copied_text(value) for value in given]


def _encoded(value: Any) -> Any:
    """JSON as the models' own fields write it; most lists are empty."""
    return None if value is None else "[]" if value == [] else json.dumps(value)


def _moment(value: datetime | None) -> Any:
    return connection.ops.adapt_datetimefield_value(value)


def _day(value: date | None) -> Any:
    return connection.ops.adapt_datefield_value(value)


def _copied(value: Any) -> str:
    """Numbers, days and moments in COPY's text form."""
    return _NULL if value is None else str(value)


def _copied_flag(value: bool | None) -> str:
    return _NULL if value is None else "t" if value else "f"


def _copied_text(value: Any) -> str:
    if value is None:
        return _NULL
    text = str(value)
    return text.translate(_ESCAPES) if _SPECIAL.search(text) else text


def _copied_bytes(value: bytes | None) -> str:
    # The backslash of the text form stands before the x of bytea's own.
    return _NULL if value is None else "\\\\x" + bytes(value).hex()


def _copied_json(value: Any) -> str:
    return _copied_text(_encoded(value))


_NUMBERS = (models.IntegerField, models.ForeignKey)
_WORDS = (models.CharField, models.TextField)
_COPIED: Ways = (
    (_NUMBERS, _copied),
    (_WORDS, _copied_text),
    (models.BooleanField, _copied_flag),
    (models.DateField, _copied),  # moments are such fields too
    (models.BinaryField, _copied_bytes),
    (models.JSONField, _copied_json),
)
_BOUND: Ways = (
    ((*_NUMBERS, *_WORDS, models.BooleanField, models.BinaryField), None),
    (models.DateTimeField, _moment),
    (models.DateField, _day),
    (models.JSONField, _encoded),
)
