"""What a database looks like, as text that two databases can be compared by: tables, indexes, triggers, functions, rows."""

import re
import subprocess
from pathlib import Path

from django.db import connections

from tests.services import postgres_bin


def schema_of(alias: str) -> list[str]:
    """Every statement that would make the database again, sorted; the order of columns does not count."""
    if connections[alias].vendor == "sqlite":
        return sorted(_one(sql) for sql in _sqlite_statements(alias))
    return sorted(_one(sql) for sql in _postgres_statements(alias))


def rows_of(alias: str) -> dict[str, list]:
    """The rows of every table that has some, but for those of Django's own book of migrations."""
    connection = connections[alias]
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table == "django_migrations":
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [column[0] for column in cursor.description]
            if rows := sorted(sorted(zip(columns, map(repr, row), strict=True)) for row in cursor.fetchall()):
                found[table] = rows
    return found


def _sqlite_statements(alias: str) -> list[str]:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        return [sql for (sql,) in cursor.fetchall()]


def _postgres_statements(alias: str) -> list[str]:
    """What pg_dump says, statement by statement."""
    settings = connections[alias].settings_dict
    address = f"postgresql://{settings['USER']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
    program = Path(postgres_bin() or "") / "pg_dump"
    said = subprocess.run([program, "-s", "-O", address], check=True, capture_output=True, text=True).stdout
    lines = [
        line for line in said.splitlines() if line and not line.startswith(("--", "SET ", "SELECT pg_catalog", "\\"))
    ]
    return re.split(r";\n(?=[A-Z])", "\n".join(lines))


def _one(sql: str) -> str:
    """The statement with its blanks made one and, for a table, its columns and constraints sorted."""
    sql = " ".join(sql.split())
    # PostgreSQL names what was made with its table in one way, Django what came later in another.
    sql = re.sub(r"ADD CONSTRAINT (\w+?)_(key|[0-9a-f]{8}_uniq) UNIQUE", r"ADD CONSTRAINT \1 UNIQUE", sql)
    head = re.match(r"CREATE TABLE (\S+) \((.*)\)$", sql)
    if head is None:
        return sql
    return f"CREATE TABLE {head[1]}: " + " | ".join(sorted(_parts(head[2])))


def _parts(body: str) -> list[str]:
    """The text split at commas that stand outside of brackets and quotes."""
    parts, depth, quoted, start = [], 0, "", 0
    for place, sign in enumerate(body):
        if quoted:
            quoted = "" if sign == quoted else quoted
        elif sign in "'\"":
            quoted = sign
        elif sign in "()":
            depth += 1 if sign == "(" else -1
        elif sign == "," and not depth:
            parts.append(body[start:place].strip())
            start = place + 1
    return [*parts, body[start:].strip()]
