"""Steps of migrations that would hold people up, or that the old program could not live with, do not get in."""

import io
import threading
import time

import psycopg2
import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.core.management import CommandError, call_command
from django.db import connection, connections, migrations, models
from django.db.migrations import Migration
from django.db.migrations.state import ModelState, ProjectState
from django.db.models.functions import Random

from directive_tracker.gently import AddCheckGently, AddIndexGently
from tests import upgrading
from tests.upgrading import lint

pytestmark = [pytest.mark.pg, pytest.mark.skipif(upgrading.squawk_program() is None, reason="không có squawk")]


def step(*operations, atomic=True, name="0099_thu"):
    found = Migration(name, "tasks")
    found.operations, found.atomic = list(operations), atomic
    return found


def nothing(apps, editor):
    pass


@pytest.fixture
def before():
    state = ProjectState()
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=50)),
        ("day", models.DateField(null=True)),
    ]
    state.add_model(ModelState("tasks", "Work", fields))
    return state


CHECK = models.CheckConstraint(condition=models.Q(name__gt=""), name="work_named")
INDEX = models.Index(fields=["name"], name="work_name")


@pytest.mark.parametrize(
    ("operations", "atomic", "rules"),
    [
        (
            [migrations.AddField("work", "note", models.TextField(default=""))],
            True,
            ["ban-drop-default", "column-old-code-must-fill"],
        ),
        (
            [migrations.AddField("work", "seen", models.FloatField(db_default=Random()))],
            True,
            ["adding-field-with-default"],
        ),
        ([migrations.AddIndex("work", INDEX)], True, ["require-concurrent-index-creation"]),
        ([AddIndexConcurrently("work", INDEX)], True, ["ban-concurrent-index-creation-in-transaction"]),
        ([migrations.AddConstraint("work", CHECK)], True, ["constraint-missing-not-valid"]),
        (
            [migrations.AddConstraint("work", models.UniqueConstraint(fields=["name"], name="work_once"))],
            True,
            ["constraint-missing-not-valid", "disallowed-unique-constraint"],
        ),
        (
            [migrations.AlterField("work", "day", models.DateField())],
            True,
            ["adding-not-nullable-field", "column-becomes-not-null"],
        ),
        ([migrations.AlterField("work", "name", models.TextField())], True, ["changing-column-type"]),
        ([migrations.RemoveField("work", "day")], True, ["ban-drop-column", "removes-what-old-code-reads"]),
        ([migrations.DeleteModel("work")], True, ["ban-drop-table", "removes-what-old-code-reads"]),
        ([migrations.RenameField("work", "day", "date")], True, ["renames-what-old-code-reads", "renaming-column"]),
        ([migrations.RenameModel("work", "Job")], True, ["renames-what-old-code-reads", "renaming-table"]),
        ([migrations.RunPython(nothing)], True, ["leads-not-back"]),
        ([migrations.RunSQL("SELECT 1")], True, ["leads-not-back"]),
        # What does the same and holds nobody up.
        ([migrations.AddField("work", "note", models.TextField(null=True))], True, []),
        ([migrations.AddField("work", "count", models.IntegerField(default=0, db_default=0))], True, []),
        ([AddIndexGently("work", INDEX)], False, []),
        ([AddCheckGently("work", CHECK)], False, []),
        ([migrations.RunPython(nothing, nothing)], True, []),
        (
            [
                migrations.CreateModel(
                    "Other",
                    [
                        ("id", models.BigAutoField(primary_key=True)),
                        ("name", models.CharField(max_length=9)),
                    ],
                    options={"indexes": [models.Index(fields=["name"], name="other_name")]},
                )
            ],
            True,
            [],
        ),
    ],
)
@pytest.mark.django_db
def test_a_step_that_holds_people_up_is_named(before, operations, atomic, rules):
    assert [finding.rule for finding in lint(step(*operations, atomic=atomic), before)] == rules


@pytest.mark.django_db
def test_no_new_step_breaks_a_rule():
    found = [finding for new, state in upgrading.new_steps() for finding in lint(new, state)]

    assert found == []


@pytest.mark.django_db
def test_what_is_accepted_is_there_and_says_why():
    steps = {f"{new.app_label}.{new.name}" for new, _ in upgrading.new_steps()}

    assert set(upgrading.ACCEPTED) <= steps
    assert all(len(why) > 20 for rules in upgrading.ACCEPTED.values() for why in rules.values())


# --- migrate ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def other():
    """Somebody else's session."""
    values = connection.get_connection_params()
    values.pop("cursor_factory", None)
    values.pop("context", None)
    held = psycopg2.connect(**{name: value for name, value in values.items() if name not in ("server_side_binding",)})
    yield held
    held.close()


class Freeing(io.StringIO):
    """Lets go of the table when the command has said that it waits."""

    def __init__(self, holder):
        super().__init__()
        self.holder = holder

    def write(self, words):
        self.holder.rollback()
        return super().write(words)


@pytest.mark.django_db(transaction=True)
def test_a_busy_table_is_given_up_in_words_and_migrated_when_it_is_free(other):
    said = Freeing(other)
    call_command("migrate", "notifications", "0009", verbosity=0)
    with other.cursor() as cursor:
        cursor.execute("LOCK TABLE notifications_unitaddress IN ROW EXCLUSIVE MODE")
    began = time.monotonic()

    with pytest.raises(CommandError, match="Bảng đang bận: 1 lần không khóa được trong 1 giây"):
        call_command("migrate", "notifications", verbosity=0, lock_seconds=1, tries=1)
    took = time.monotonic() - began
    call_command("migrate", "notifications", verbosity=0, lock_seconds=1, tries=20, stderr=said)

    assert took < 60
    assert said.getvalue() == "Bảng đang bận, đã nhả ra cho người dùng; thử lại (lần 2/20).\n"
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        assert cursor.fetchone() == ("0",)
        cursor.execute("SELECT convalidated FROM pg_constraint WHERE conname LIKE 'unit_address_%' AND contype = 'c'")
        assert cursor.fetchall() == [(True,)] * 3


@pytest.mark.django_db(transaction=True)
def test_a_foreign_key_to_a_busy_table_is_undone_and_made_when_the_table_is_free(other):
    said = Freeing(other)
    call_command("migrate", "units", "0009", verbosity=0)
    # Somebody writes there: the table of the step can be made, its foreign keys, which come last, cannot.
    with other.cursor() as cursor:
        cursor.execute("LOCK TABLE accounts_user IN ROW EXCLUSIVE MODE")

    call_command("migrate", "units", verbosity=0, lock_seconds=1, tries=20, stderr=said)

    assert said.getvalue() == "Bảng đang bận, đã nhả ra cho người dùng; thử lại (lần 2/20).\n"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_constraint WHERE conrelid = 'units_apitoken'::regclass AND contype = 'f'"
        )
        assert cursor.fetchone() == (4,)


@pytest.mark.django_db(transaction=True)
def test_an_index_that_was_left_half_made_is_made_anew():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'message_waiting_place'::regclass")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'notifications' AND name = '0010_waiting_places'")

    call_command("migrate", "notifications", verbosity=0)

    with connection.cursor() as cursor:
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = 'message_waiting_place'::regclass")
        assert cursor.fetchone() == (True,)


@pytest.mark.django_db(transaction=True)
def test_two_machines_migrate_one_after_the_other(other, capsys):
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(7251990131)")
    ended = []

    def migrate():
        call_command("migrate", verbosity=0)
        ended.append(time.monotonic())
        connections.close_all()

    second = threading.Thread(target=migrate)
    second.start()
    time.sleep(1.5)
    waited = not ended
    other.rollback()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")
    second.join(60)

    assert (waited, len(ended)) == (True, 1)
    assert "Một lệnh migrate khác đang chạy" in capsys.readouterr().err
