"""A program: a log as the first version wrote it, then this room's later migrations; prints what came of it as JSON."""

import json
import os
from datetime import datetime
from importlib import import_module
from zoneinfo import ZoneInfo

import django
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.directive_tracker.migrated import by_old_files

BEFORE = [("records", "0001_initial")]
AT = datetime(2024, 3, 1, 8, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def write_as_before() -> None:
    """Two events, without topic, number or signature."""
    executor = by_old_files()
    executor.migrate(BEFORE)
    old = executor.loader.project_state(BEFORE).apps
    person = old.get_model("accounts", "User").objects.create(username="xua")
    for verb, target in (("assignment.paused", "tasks.assignment"), ("person.read", "veterans.person")):
        old.get_model("records", "AuditEvent").objects.create(
            verb=verb, target_type=target, at=AT, actor_id=person.pk, data={"n": 1}, ip="10.0.0.7"
        )


def main() -> None:
    """Write, migrate, seal as the tick does, verify."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    write_as_before()
    executor = MigrationExecutor(connection)
    executor.migrate([key for key in executor.loader.graph.leaf_nodes() if key[0] in ("records", "accounts")])
    sealed, verified = import_module("records.jobs").seal(), import_module("records.chain").verify([])
    events = apps.get_model("records", "AuditEvent").objects.order_by("pk")
    said = {
        "sealed": sealed,
        "verified": [verified.rows, verified.broken],
        "events": list(events.values_list("topic", "number")),
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main()
