"""INSERT and UPDATE of single rows, put together once a process.

For hot writers only: the query API takes longer to put such a statement together than the database to run it. A row that is
inserted here passes by `save()` and Django's signals, of which the project has none.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction

from directive_tracker import replica


def insert_row(item: models.Model) -> None:
    """Write a new object with its own columns; its key is the database's.

    Errors: those of the database, as of save().
    """
    replica.note_write()
    connection = connections[DEFAULT_DB_ALIAS]
    sql, fields = _insert(type(item), connection.vendor)
    params = [field.get_db_prep_save(field.pre_save(item, True), connection) for field in fields]
    with transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS), connection.cursor() as cursor:
        cursor.execute(sql, params)
        (item.pk,) = cursor.fetchone()
    item._state.adding, item._state.db = False, DEFAULT_DB_ALIAS


def update_rows(
    model: type[models.Model], where: Mapping[str, Any], values: Mapping[str, Any], *, also: str = ""
) -> int:
    """Set columns where columns have these values; how many rows had them.

    Args:
        where, values: name of a field → value, no expression; of a foreign key the row or its key under the field's attname.
        also: one more condition in SQL, our own words and nobody's input.

    Errors: those of the database, as of update().
    """
    replica.note_write()
    connection = connections[DEFAULT_DB_ALIAS]
    sql, fields = _update(model, tuple(where), tuple(values), connection.vendor, also)
    given = [*values.values(), *where.values()]
    params = [
        field.get_db_prep_save(value.pk if isinstance(value, models.Model) else value, connection)
        for field, value in zip(fields, given, strict=True)
    ]
    with transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


@lru_cache(maxsize=64)
def _insert(model: type[models.Model], vendor: str) -> tuple[str, tuple[models.Field, ...]]:
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    meta = model._meta
    fields = tuple(field for field in meta.local_concrete_fields if not field.generated and field is not meta.pk)
    columns, marks = ", ".join(quote(field.column) for field in fields), ", ".join(["%s"] * len(fields))
    table, key = quote(meta.db_table), quote(meta.pk.column)
    return f"INSERT INTO {table} ({columns}) VALUES ({marks}) RETURNING {key}", fields


@lru_cache(maxsize=256)
def _update(
    model: type[models.Model], where: tuple[str, ...], values: tuple[str, ...], vendor: str, also: str
) -> tuple[str, tuple[models.Field, ...]]:
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    by_name = {name: field for field in model._meta.concrete_fields for name in (field.name, field.attname)}
    sets = ", ".join(f"{quote(by_name[name].column)} = %s" for name in values)
    conditions = " AND ".join([f"{quote(by_name[name].column)} = %s" for name in where] + ([also] if also else []))
    fields = tuple(by_name[name] for name in (*values, *where))
    return f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {conditions}", fields
