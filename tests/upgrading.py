"""The rules of migrations that run while the program does (docs/upgrading.md), asked of the SQL they come to.

squawk knows what PostgreSQL locks. What it cannot know is added here: that the old program still runs on the new tables until
every machine has the new one, and that a step must lead back or say why not.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, migrations, models
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

OURS = ("records", "accounts", "units", "notifications", "tasks", "veterans")
# The oldest server that is supported (docs/deployment.md).
POSTGRES = "14.0"
# Matters of taste, or settled elsewhere: Django writes the SQL, `migrate` sets the time-outs, steps are applied once.
TASTE = (
    "prefer-bigint-over-int",
    "prefer-bigint-over-smallint",
    "prefer-identity",
    "prefer-robust-stmts",
    "prefer-text-field",
    "prefer-timestamptz",
    "require-timeout-settings",
)
# Steps that break a rule on purpose: rule → why it holds nobody up or loses nothing.
ACCEPTED: dict[str, dict[str, str]] = {
    "notifications.0008_restored": {
        "constraint-missing-not-valid": "the table has one row; looking through it takes no time",
    },
}


@dataclass(frozen=True, order=True)
class Finding:
    """One rule that one step breaks."""

    step: str
    rule: str
    words: str


def squawk_program() -> str | None:
    """The linter beside our Python, or in the path."""
    beside = Path(sys.executable).parent / "squawk"
    return str(beside) if beside.exists() else shutil.which("squawk")


def new_steps() -> Iterator[tuple[Migration, ProjectState]]:
    """Every step of ours after the squashed ones with the state of the models before it, in the order they are applied."""
    loader = MigrationLoader(None)
    state = ProjectState()
    for key in _in_order(loader):
        step = loader.graph.nodes[key]
        if key[0] in OURS and not step.replaces:
            yield step, state.clone()
        state = step.mutate_state(state, preserve=False)


def _in_order(loader: MigrationLoader) -> list[tuple[str, str]]:
    """All nodes, each after those it needs."""
    seen: dict[tuple[str, str], None] = {}
    for leaf in sorted(loader.graph.leaf_nodes()):
        seen.update(dict.fromkeys(loader.graph.forwards_plan(leaf)))
    return list(seen)


def sql_of(step: Migration, before: ProjectState) -> str:
    """What PostgreSQL would be told; nothing is. Steps in Python have no SQL."""
    # A test runs in a transaction; what is only written down does not mind.
    within, connection.in_atomic_block = connection.in_atomic_block, False
    try:
        with connection.schema_editor(collect_sql=True, atomic=False) as editor:
            step.apply(before.clone(), editor, collect_sql=True)
    finally:
        connection.in_atomic_block = within
    return "\n".join(editor.collected_sql)


def lint(step: Migration, before: ProjectState) -> list[Finding]:
    """Every rule that a step breaks and that is not accepted for it."""
    name = f"{step.app_label}.{step.name}"
    found = [*_of_squawk(name, step, before), *_of_operations(name, step, before)]
    return sorted({finding for finding in found if finding.rule not in ACCEPTED.get(name, {})})


def _of_squawk(name: str, step: Migration, before: ProjectState) -> Iterable[Finding]:
    command = [squawk_program(), "--reporter", "json", "--pg-version", POSTGRES, "--stdin-filepath", f"{name}.sql"]
    command += ["--exclude", ",".join(TASTE)]
    said = sql_of(step, before)
    if step.atomic:
        said = f"BEGIN;\n{said}\nCOMMIT;"
    done = subprocess.run(command, input=said, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr)
    return [Finding(name, row["rule_name"], row["message"]) for row in json.loads(done.stdout or "[]")]


def _of_operations(name: str, step: Migration, before: ProjectState) -> Iterator[Finding]:
    made = {operation.name_lower for operation in step.operations if isinstance(operation, migrations.CreateModel)}
    for operation in step.operations:
        label = operation.describe()
        model = getattr(operation, "model_name_lower", getattr(operation, "name_lower", ""))
        if (
            isinstance(operation, migrations.AddField)
            and model not in made
            and not _old_code_can_insert(operation.field)
        ):
            words = f"{label}: the old program does not fill it; give it null=True or db_default"
            yield Finding(name, "column-old-code-must-fill", words)
        if isinstance(operation, migrations.AlterField) and _gets_strict(before, step.app_label, model, operation):
            words = f"{label}: the old program writes NULL; first a release that writes values, then a check, then this"
            yield Finding(name, "column-becomes-not-null", words)
        if isinstance(operation, migrations.RemoveField | migrations.DeleteModel):
            words = f"{label}: the old program still reads it; first a release that does not"
            yield Finding(name, "removes-what-old-code-reads", words)
        if isinstance(operation, migrations.RenameField | migrations.RenameModel | migrations.AlterModelTable):
            words = f"{label}: the old program knows the old name; add the new, fill it, remove the old a release later"
            yield Finding(name, "renames-what-old-code-reads", words)
        if not operation.reversible:
            yield Finding(name, "leads-not-back", f"{label}: give it a way back, or say why there is none")


def _old_code_can_insert(field: models.Field) -> bool:
    """Whether a row comes about that does not name the field."""
    return field.null or field.has_db_default() or field.many_to_many or bool(getattr(field, "generated", False))


def _gets_strict(before: ProjectState, room: str, model: str, operation: migrations.AlterField) -> bool:
    old = before.models[room, model].fields[operation.name]
    return old.null and not operation.field.null
