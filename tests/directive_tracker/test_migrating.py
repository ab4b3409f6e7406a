"""A new database takes one migration a room; those of before go on by their old files and come to the same tables."""

import contextlib
import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import psycopg2
import pytest

from tests import services

ONE_EACH = [
    "accounts.0001_squashed_0003_sessions_links",
    "notifications.0001_squashed_0007_occasion",
    "records.0001_squashed_0006_sealed_files",
    "tasks.0001_squashed_0036_reading_and_signing",
    "units.0001_squashed_0009_export_right",
    "veterans.0001_squashed_0014_keeping",
]
ROOT = Path(__file__).parents[2]


def test_no_new_migration_hangs_on_a_squashed_one():
    """Who goes back by the old files would meet the squashed one beside them."""
    steps = {
        f"{room}.{found.name}": import_module(f"{room}.migrations.{found.name}").Migration
        for room in sorted(name.partition(".")[0] for name in ONE_EACH)
        for found in iter_modules(import_module(f"{room}.migrations").__path__)
    }
    squashed = {name for name, step in steps.items() if step.replaces}

    hanging = [
        name
        for name, step in steps.items()
        if not step.replaces and squashed & {".".join(key) for key in step.dependencies}
    ]

    assert squashed == set(ONE_EACH)
    assert hanging == []


def migrated(way: str, address: str) -> dict:
    """What came of it in a program of its own, on the database at `address` or, without one, on an SQLite file."""
    return told_by("tests.directive_tracker.migrated", way, address=address)


def told_by(module: str, *arguments: str, address: str) -> dict:
    """What a program of the tests says as JSON, run on that database (without one: on an SQLite file)."""
    environment = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def new_database(server: str, name: str) -> str:
    """The address of an empty database made on the PostgreSQL at `server`."""
    with contextlib.closing(psycopg2.connect(server)) as connected:
        connected.autocommit = True
        with connected.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
    return f"{server.rpartition('/')[0]}/{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def addresses(request):
    """Two empty databases of one kind."""
    if request.param == "sqlite":
        yield "", ""
        return
    try:
        with services.postgres() as server:
            yield new_database(server, "migrated_new"), new_database(server, "migrated_old")
    except services.Unavailable as reason:
        services.give_up(str(reason))


@pytest.mark.embedded
def test_a_database_that_took_every_old_file_has_nothing_to_do_and_notes_the_new_ones():
    found = migrated("complete", "")

    assert (found["steps"], found["left"], found["squashed"]) == ([], [], ONE_EACH)


@pytest.mark.faults
def test_both_ways_lead_to_the_same_tables_triggers_and_rows(addresses):
    new, old = migrated("new", addresses[0]), migrated("old", addresses[1])

    assert len(new["steps"]) == 6
    # The old files that were left: one, one, one, two, sixteen and nine.
    assert len(old["steps"]) == 30
    assert (new["left"], old["left"]) == ([], [])
    assert (new["squashed"], old["squashed"]) == (ONE_EACH, ONE_EACH)
    assert new["schema"] == old["schema"]
    assert new["rows"] == old["rows"]
    assert len(new["rows"]["notifications_noticerule"]) == 17
