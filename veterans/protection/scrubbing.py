"""What a database keeps of deleted rows until it needs the room: written over or handed back.

SQLite leaves old values in free pages and in its write-ahead log; VACUUM writes the file anew. PostgreSQL leaves dead rows in
its files until a vacuum, which autovacuum does of itself; no dump and no query ever shows them.
"""

import logging
import time

from django.db import connection

logger = logging.getLogger(__name__)
TRIES = 5


def scrub() -> bool:
    """Leave nothing of deleted rows in the database's files; False where readers of SQLite's log stood in the way.

    Outside any transaction. SQLite: writes the whole file anew, seconds for a large registry, nobody can write meanwhile.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                if table.startswith(("veterans_", "records_storedfile")):
                    cursor.execute(f"VACUUM {connection.ops.quote_name(table)}")
        return True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        for _ in range(TRIES):
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if not cursor.fetchone()[0]:
                return True
            time.sleep(0.2)
    logger.warning("old pages stay in the write-ahead log until its readers have gone")
    return False
