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


def _move_sequences(tables: list[type[models.Model]]) -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
