"""A program: migrate an empty database in one of three ways and print what came of it as JSON.

`new` takes the one migration of each room. `old` stops in the middle of the old files, as an office did that installed then, and
goes on from there with the command of today. `complete` is a database that took every old file and knows of no other.
"""

import json
import os
import sys

import django
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from tests.schemas import rows_of, schema_of

MIDDLE = [
    ("accounts", "0002_sign_in"),
    ("records", "0005_partial_uploads"),
    ("units", "0008_report_links"),
    ("notifications", "0005_ladder_rules"),
    ("tasks", "0020_together"),
    ("veterans", "0005_verify"),
]


def by_old_files() -> MigrationExecutor:
    """An executor that knows the single files of before and takes none for replaced."""
    executor = MigrationExecutor(connection)
    executor.loader.replace_migrations = False
    executor.loader.build_graph()
    return executor


def ahead() -> list[str]:
    """What `migrate` would do now, for the rooms of this project, of what the squashed steps stand for."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    replaced = {key for step in executor.loader.disk_migrations.values() for key in step.replaces}
    return [str(step) for step, _ in plan if step.replaces or (step.app_label, step.name) in replaced]


def main(way: str) -> None:
    """Migrate and print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()

    if way == "old":
        by_old_files().migrate(MIDDLE)
    elif way == "complete":
        call_command("migrate", verbosity=0, interactive=False)
        # As it is the same tables either way, only the book of what was applied differs.
        MigrationRecorder(connection).migration_qs.filter(name__contains="_squashed_").delete()
    steps = ahead()
    call_command("migrate", verbosity=0, interactive=False)
    applied = MigrationRecorder(connection).applied_migrations()
    said = {
        "steps": steps,
        "left": ahead(),
        "squashed": sorted(f"{room}.{name}" for room, name in applied if "_squashed_" in name),
        "schema": schema_of("default"),
        "rows": rows_of("default"),
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main(sys.argv[1])
