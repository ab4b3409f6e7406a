"""Many invented rows at once, with keys chosen here (directive_tracker/bulk.py writes them).

Nothing of `save()` runs: whoever uses it fills in what the models compute. Database constraints hold as for every row.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.models import Max

from directive_tracker.bulk import Table

BATCH = 20_000


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
        self._table = Table(model, *columns, **constants)
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
        self._table.write(rows)


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


_INDEXES = """
SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = ANY(%s::regclass[]) AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
ORDER BY indexrelid
"""
_FOREIGN_KEYS = """
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
WHERE conrelid = ANY(%s::regclass[]) AND contype = 'f' ORDER BY oid
"""


@contextmanager
def indexes_set_aside(tables: list[Rows], *models: type[models.Model]) -> Iterator[None]:
    """Within the block the models' tables have no foreign keys and no indexes but those of their other constraints.

    At its end everything is flushed, they are made again and the foreign keys checked, all at once: a third of the time
    that it takes row by row. PostgreSQL only; in the transaction of `loading`, so nobody ever sees the tables without them.
    """
    if connection.vendor != "postgresql":
        yield
        return
    names = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        found = []
        for statement in (_INDEXES, _FOREIGN_KEYS):
            cursor.execute(statement, [names])
            found += cursor.fetchall()
        # A table is not altered while checks of it wait for the end of the transaction; what they look for may wait here,
        # for each table is written as it fills.
        for table in tables:
            table.flush()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for drop, _ in found:
            cursor.execute(drop)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    yield
    for table in tables:
        table.flush()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        for _, make in found:
            cursor.execute(make)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _move_sequences(tables: list[type[models.Model]]) -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
