"""Operations of migrations that hold nobody up on PostgreSQL while the program runs (docs/upgrading.md).

Each can be run again after it was cut off half-way. They are for migrations with `atomic = False`. On SQLite, where nobody
else is there while an upgrade runs, they do the plain thing.
"""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AddConstraint, AddIndex, RemoveIndex
from django.db.migrations.state import ProjectState

Editor = BaseDatabaseSchemaEditor


def _is_postgres(editor: Editor) -> bool:
    return editor.connection.vendor == "postgresql"


def _one(editor: Editor, query: str, values: list[Any]) -> Any:
    """The first column of the first row, or None."""
    with editor.connection.cursor() as cursor:
        cursor.execute(query, values)
        row = cursor.fetchone()
    return row[0] if row else None


class AddIndexGently(AddIndexConcurrently):
    """An index made while rows are being written. What an earlier try left half made is made anew."""

    def database_forwards(self, app_label: str, editor: Editor, before: ProjectState, after: ProjectState) -> None:
        if not _is_postgres(editor):
            AddIndex.database_forwards(self, app_label, editor, before, after)
            return
        self._ensure_not_in_transaction(editor)
        if editor.collect_sql:
            super().database_forwards(app_label, editor, before, after)
            return
        query = (
            "SELECT indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid "
            "WHERE relname = %s AND pg_table_is_visible(pg_class.oid)"
        )
        valid = _one(editor, query, [self.index.name])
        if valid:
            return
        if valid is not None:
            editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {editor.quote_name(self.index.name)}")
        super().database_forwards(app_label, editor, before, after)

    def database_backwards(self, app_label: str, editor: Editor, before: ProjectState, after: ProjectState) -> None:
        if _is_postgres(editor):
            super().database_backwards(app_label, editor, before, after)
        else:
            AddIndex.database_backwards(self, app_label, editor, before, after)


class RemoveIndexGently(RemoveIndexConcurrently):
    """An index dropped while rows are being read."""

    def database_forwards(self, app_label: str, editor: Editor, before: ProjectState, after: ProjectState) -> None:
        if _is_postgres(editor):
            super().database_forwards(app_label, editor, before, after)
        else:
            RemoveIndex.database_forwards(self, app_label, editor, before, after)

    def database_backwards(self, app_label: str, editor: Editor, before: ProjectState, after: ProjectState) -> None:
        if _is_postgres(editor):
            super().database_backwards(app_label, editor, before, after)
        else:
            RemoveIndex.database_backwards(self, app_label, editor, before, after)


class AddCheckGently(AddConstraint):
    """A check that holds for new rows at once; the old ones are looked through afterwards, while others write."""

    atomic = False

    def database_forwards(self, app_label: str, editor: Editor, before: ProjectState, after: ProjectState) -> None:
        if not _is_postgres(editor):
            # Making the table anew, as SQLite must, has to be whole or not at all.
            with transaction.atomic(editor.connection.alias):
                super().database_forwards(app_label, editor, before, after)
            return
        model = after.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(editor.connection.alias, model):
            return
        table = model._meta.db_table
        query = "SELECT convalidated FROM pg_constraint WHERE conname = %s AND conrelid = %s::regclass"
        # `sqlmigrate` asks no database.
        if editor.collect_sql or _one(editor, query, [self.constraint.name, table]) is None:
            editor.execute(f"{self.constraint.create_sql(model, editor)} NOT VALID", params=None)
        names = editor.quote_name(table), editor.quote_name(self.constraint.name)
        editor.execute("ALTER TABLE {} VALIDATE CONSTRAINT {}".format(*names))

    def database_backwards(self, app_label: str, editor: Editor, before: ProjectState, after: ProjectState) -> None:
        if _is_postgres(editor):
            super().database_backwards(app_label, editor, before, after)
            return
        with transaction.atomic(editor.connection.alias):
            super().database_backwards(app_label, editor, before, after)
