"""All tables of a room in one operation of a migration."""

from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation, OperationCategory


class CreateTables(Operation):
    """Several CreateModel in one, for a room's first migration on a new database.

    Django makes all models of a state that was rendered anew for each operation that follows; with some hundred and forty
    tables that was nine tenths of the time of `migrate`. Here they are rendered once, when all are known.
    The order is free and may go in circles: foreign keys are made when all tables are there.

    tables: CreateModel operations, with their indexes and constraints among the options.
    """

    category = OperationCategory.ADDITION

    def __init__(self, tables: list[CreateModel]) -> None:
        self.tables = tables

    def state_forwards(self, app_label, state) -> None:
        """Add all models to the state, which is rendered again when somebody asks for its models."""
        state.__dict__.pop("apps", None)
        for table in self.tables:
            table.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        """Make the tables."""
        for table in self.tables:
            table.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        """Take the tables away, the last first."""
        for table in reversed(self.tables):
            table.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """What `sqlmigrate` and `migrate --plan` say."""
        return f"Create {len(self.tables)} tables"
