"""What a row of each kind weighs on the disk, indexes and all, from a database that `seed_scale` filled:

    DATABASE_URL=… python -m tests.bench.bytes

It needs PostgreSQL and prints Markdown; docs/country.md is derived from it.
"""

import os
import sys

import psycopg2

# Count by the planner's statistics, which VACUUM ANALYZE has just set.
SIZES = """
    SELECT c.relname, c.reltuples::bigint, pg_total_relation_size(c.oid), pg_indexes_size(c.oid)
    FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.reltuples > 0
    ORDER BY 3 DESC LIMIT %s"""


def sizes(address: str, most: int = 25) -> list[tuple[str, int, int, int]]:
    """(table, rows, bytes with indexes, bytes of indexes), the largest first. Errors: those of psycopg2."""
    connection = psycopg2.connect(address)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
            cursor.execute(SIZES, [most])
            return cursor.fetchall()
    finally:
        connection.close()


def table(rows: list[tuple[str, int, int, int]]) -> list[str]:
    """The lines of the table."""
    lines = ["| bảng | dòng | MB | byte mỗi dòng | trong đó chỉ mục |", "|---|---|---|---|---|"]
    for name, count, whole, indexes in rows:
        lines.append(f"| {name} | {count:,} | {whole / 1e6:.1f} | {whole / count:.0f} | {indexes / count:.0f} |")
    return lines


if __name__ == "__main__":
    address = os.environ.get("DATABASE_URL", "")
    if not address.startswith(("postgres://", "postgresql://")):
        sys.exit("Cần DATABASE_URL của một cơ sở dữ liệu PostgreSQL.")
    print(*table(sizes(address)), sep="\n")
