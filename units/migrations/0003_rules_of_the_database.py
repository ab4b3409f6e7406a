"""What the database itself refuses: the same role twice at a time, chains of deputies, trees bent into circles.

PostgreSQL gets exclusion constraints and triggers, SQLite triggers. SQLite loses a table's triggers when Django rebuilds
the table: a later migration that alters one of these tables runs `install` again at its end (a test asks for them).
"""

from django.db import DatabaseError, migrations, transaction

EXTENSION_MISSING = (
    "Cơ sở dữ liệu cần phần mở rộng btree_gist nhưng tài khoản này không được tạo. Xin nhờ người quản trị PostgreSQL "
    "cài gói contrib (nếu chưa có) và chạy một lần trong cơ sở dữ liệu này: CREATE EXTENSION btree_gist; "
    "rồi chạy lại migrate."
)
OVERLAPS = """
SELECT a.id, b.id FROM units_membership a JOIN units_membership b ON b.id > a.id AND b.user_id = a.user_id
AND b.role = a.role AND (CASE WHEN a.role = 'registrar' THEN b.area_id = a.area_id ELSE b.unit_id = a.unit_id END)
AND (a.valid_to IS NULL OR b.valid_from <= a.valid_to) AND (b.valid_to IS NULL OR a.valid_from <= b.valid_to)
ORDER BY a.id, b.id
"""
CIRCLE = """
WITH RECURSIVE above(start, id) AS (
    SELECT id, parent_id FROM {table} WHERE parent_id IS NOT NULL
    UNION
    SELECT above.start, {table}.parent_id FROM {table} JOIN above ON {table}.id = above.id
    WHERE {table}.parent_id IS NOT NULL
)
SELECT start FROM above WHERE start = id ORDER BY start
"""
TREES = ("units_unit", "units_area")

# --- SQLite -------------------------------------------------------------------------------------------------------------

# AFTER, not BEFORE: a row that INSERT OR IGNORE leaves out is no error.
SQLITE_MEMBERSHIP = """
CREATE TRIGGER membership_no_overlap_{event} AFTER {when} ON units_membership
WHEN EXISTS (
    SELECT 1 FROM units_membership other WHERE other.id <> NEW.id AND other.user_id = NEW.user_id
    AND other.role = NEW.role
    AND ((NEW.role = 'registrar' AND other.area_id = NEW.area_id)
         OR (NEW.role <> 'registrar' AND other.unit_id = NEW.unit_id))
    AND (other.valid_to IS NULL OR other.valid_to >= NEW.valid_from)
    AND (NEW.valid_to IS NULL OR other.valid_from <= NEW.valid_to)
)
BEGIN SELECT RAISE(ABORT, 'membership_no_overlap'); END
"""
SQLITE_LENGTH = """
CREATE TRIGGER deputation_longest_{event} AFTER {when} ON units_deputation
WHEN julianday(NEW.valid_to) - julianday(NEW.valid_from) > 365
BEGIN SELECT RAISE(ABORT, 'deputation_longest'); END
"""
SQLITE_PAIR = """
CREATE TRIGGER deputation_no_overlap_{event} AFTER {when} ON units_deputation
WHEN NEW.ended_at IS NULL AND EXISTS (
    SELECT 1 FROM units_deputation other WHERE other.id <> NEW.id AND other.ended_at IS NULL
    AND other.deputy_id = NEW.deputy_id AND other.principal_id = NEW.principal_id
    AND other.valid_from <= NEW.valid_to AND other.valid_to >= NEW.valid_from
)
BEGIN SELECT RAISE(ABORT, 'deputation_no_overlap'); END
"""
SQLITE_CHAIN = """
CREATE TRIGGER deputation_no_chain_{event} AFTER {when} ON units_deputation
WHEN NEW.ended_at IS NULL AND EXISTS (
    SELECT 1 FROM units_deputation other WHERE other.id <> NEW.id AND other.ended_at IS NULL
    AND (other.principal_id = NEW.deputy_id OR other.deputy_id = NEW.principal_id)
    AND other.valid_from <= NEW.valid_to AND other.valid_to >= NEW.valid_from
)
BEGIN SELECT RAISE(ABORT, 'deputation_no_chain'); END
"""
SQLITE_TREE = """
CREATE TRIGGER {table}_no_circle_{event} AFTER {when} ON {table}
WHEN NEW.parent_id IS NOT NULL
BEGIN SELECT RAISE(ABORT, '{table}_no_circle') WHERE EXISTS (
    WITH RECURSIVE above(id) AS (
        SELECT NEW.parent_id
        UNION
        SELECT node.parent_id FROM {table} node JOIN above ON node.id = above.id WHERE node.parent_id IS NOT NULL
    )
    SELECT 1 FROM above WHERE above.id = NEW.id
); END
"""
MEMBERSHIP_COLUMNS = "user_id, role, unit_id, area_id, valid_from, valid_to"
DEPUTATION_COLUMNS = "deputy_id, principal_id, valid_from, valid_to, ended_at"

# --- PostgreSQL -----------------------------------------------------------------------------------------------------------

POSTGRES = [
    """
    ALTER TABLE units_membership ADD CONSTRAINT membership_unit_no_overlap
    EXCLUDE USING gist (user_id WITH =, role WITH =, unit_id WITH =, daterange(valid_from, valid_to, '[]') WITH &&)
    WHERE (role <> 'registrar')
    """,
    """
    ALTER TABLE units_membership ADD CONSTRAINT membership_area_no_overlap
    EXCLUDE USING gist (user_id WITH =, area_id WITH =, daterange(valid_from, valid_to, '[]') WITH &&)
    WHERE (role = 'registrar')
    """,
    "ALTER TABLE units_deputation ADD CONSTRAINT deputation_longest CHECK (valid_to - valid_from <= 365)",
    """
    ALTER TABLE units_deputation ADD CONSTRAINT deputation_no_overlap
    EXCLUDE USING gist (deputy_id WITH =, principal_id WITH =, daterange(valid_from, valid_to, '[]') WITH &&)
    WHERE (ended_at IS NULL)
    """,
    # The lock lets two people who write at the same moment see each other's row.
    """
    CREATE OR REPLACE FUNCTION units_deputation_no_chain() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtext('units_deputation_no_chain'));
        IF EXISTS (
            SELECT 1 FROM units_deputation other WHERE other.id <> NEW.id AND other.ended_at IS NULL
            AND (other.principal_id = NEW.deputy_id OR other.deputy_id = NEW.principal_id)
            AND other.valid_from <= NEW.valid_to AND other.valid_to >= NEW.valid_from
        ) THEN
            RAISE EXCEPTION 'deputation_no_chain' USING ERRCODE = '23P01', CONSTRAINT = 'deputation_no_chain';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER deputation_no_chain AFTER INSERT OR UPDATE ON units_deputation
    FOR EACH ROW WHEN (NEW.ended_at IS NULL) EXECUTE FUNCTION units_deputation_no_chain()
    """,
    """
    CREATE OR REPLACE FUNCTION units_no_circle() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        found boolean;
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtext(TG_TABLE_NAME || '_no_circle'));
        EXECUTE format(
            'WITH RECURSIVE above(id) AS (
                 SELECT $1
                 UNION
                 SELECT node.parent_id FROM %1$I node JOIN above ON node.id = above.id WHERE node.parent_id IS NOT NULL
             )
             SELECT EXISTS (SELECT 1 FROM above WHERE above.id = $2)', TG_TABLE_NAME
        ) INTO found USING NEW.parent_id, NEW.id;
        IF found THEN
            RAISE EXCEPTION '%', TG_TABLE_NAME || '_no_circle'
            USING ERRCODE = '23514', CONSTRAINT = TG_TABLE_NAME || '_no_circle';
        END IF;
        RETURN NULL;
    END $$
    """,
    # Two triggers a tree: OLD is not known when a row is inserted.
    *(
        f"CREATE TRIGGER {table}_no_circle_insert AFTER INSERT ON {table} FOR EACH ROW "
        "WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION units_no_circle()"
        for table in TREES
    ),
    *(
        f"CREATE TRIGGER {table}_no_circle_update AFTER UPDATE OF parent_id ON {table} FOR EACH ROW "
        "WHEN (NEW.parent_id IS NOT NULL AND NEW.parent_id IS DISTINCT FROM OLD.parent_id) "
        "EXECUTE FUNCTION units_no_circle()"
        for table in TREES
    ),
]
POSTGRES_BACK = [
    "ALTER TABLE units_membership DROP CONSTRAINT IF EXISTS membership_unit_no_overlap",
    "ALTER TABLE units_membership DROP CONSTRAINT IF EXISTS membership_area_no_overlap",
    "ALTER TABLE units_deputation DROP CONSTRAINT IF EXISTS deputation_longest",
    "ALTER TABLE units_deputation DROP CONSTRAINT IF EXISTS deputation_no_overlap",
    "DROP TRIGGER IF EXISTS deputation_no_chain ON units_deputation",
    "DROP FUNCTION IF EXISTS units_deputation_no_chain()",
    *(
        f"DROP TRIGGER IF EXISTS {table}_no_circle_{event} ON {table}"
        for table in TREES
        for event in ("insert", "update")
    ),
    "DROP FUNCTION IF EXISTS units_no_circle()",
]


def sqlite_triggers() -> dict[str, str]:
    """The name of each trigger and the statement that makes it."""
    found = {}
    rules = [
        (SQLITE_MEMBERSHIP, "membership_no_overlap", MEMBERSHIP_COLUMNS, ""),
        (SQLITE_LENGTH, "deputation_longest", DEPUTATION_COLUMNS, ""),
        (SQLITE_PAIR, "deputation_no_overlap", DEPUTATION_COLUMNS, ""),
        (SQLITE_CHAIN, "deputation_no_chain", DEPUTATION_COLUMNS, ""),
        *((SQLITE_TREE, f"{table}_no_circle", "parent_id", table) for table in TREES),
    ]
    for statement, name, columns, table in rules:
        for event, when in (("insert", "INSERT"), ("update", f"UPDATE OF {columns}")):
            found[f"{name}_{event}"] = statement.format(event=event, when=when, table=table)
    return found


def refuse_what_breaks_the_rules(cursor) -> None:
    """Name rows that are against the rules already. Errors: RuntimeError with the keys of the rows."""
    cursor.execute(OVERLAPS)
    pairs = cursor.fetchall()
    if pairs:
        words = ", ".join(f"{first} và {second}" for first, second in pairs[:20])
        raise RuntimeError(
            f"Có vai trò trùng thời gian trong units_membership (id {words}); xin sửa rồi chạy lại migrate."
        )
    for table in TREES:
        cursor.execute(CIRCLE.format(table=table))
        rows = cursor.fetchall()
        if rows:
            words = ", ".join(str(row[0]) for row in rows[:20])
            raise RuntimeError(
                f"Có vòng tròn cấp trên – cấp dưới trong {table} (id {words}); xin sửa rồi chạy lại migrate."
            )


def need_extension(connection) -> None:
    """Make sure of btree_gist. Errors: RuntimeError that says what the database's administrator has to do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'btree_gist'")
        if cursor.fetchone():
            return
        try:
            with transaction.atomic(using=connection.alias):
                cursor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        except DatabaseError as error:
            raise RuntimeError(EXTENSION_MISSING) from error


def install(apps, schema_editor) -> None:
    """Make the rules of this database, anew where they are there already."""
    connection = schema_editor.connection
    remove(apps, schema_editor)
    if connection.vendor == "postgresql":
        need_extension(connection)
    with connection.cursor() as cursor:
        refuse_what_breaks_the_rules(cursor)
        for statement in POSTGRES if connection.vendor == "postgresql" else sqlite_triggers().values():
            cursor.execute(statement)


def remove(apps, schema_editor) -> None:
    """Take the rules away."""
    connection = schema_editor.connection
    back = [f"DROP TRIGGER IF EXISTS {name}" for name in sqlite_triggers()]
    with connection.cursor() as cursor:
        for statement in POSTGRES_BACK if connection.vendor == "postgresql" else back:
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("units", "0002_deputation")]
    operations = [migrations.RunPython(install, remove)]
