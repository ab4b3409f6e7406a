"""Names are found by any part of them: a trigram index on PostgreSQL. SQLite has none; there a search reads the table."""

from django.db import DatabaseError, migrations, transaction

EXTENSION_MISSING = (
    "Cơ sở dữ liệu cần phần mở rộng pg_trgm nhưng tài khoản này không được tạo. Xin nhờ người quản trị PostgreSQL "
    "cài gói contrib (nếu chưa có) và chạy một lần trong cơ sở dữ liệu này: CREATE EXTENSION pg_trgm; rồi chạy lại migrate."
)
INDEX = "person_search_trigram"


def need_extension(connection) -> None:
    """Make sure of pg_trgm. Errors: RuntimeError that says what the database's administrator has to do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if cursor.fetchone():
            return
        try:
            with transaction.atomic(using=connection.alias):
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except DatabaseError as error:
            raise RuntimeError(EXTENSION_MISSING) from error


def install(apps, schema_editor) -> None:
    """Make the index."""
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    need_extension(connection)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE INDEX IF NOT EXISTS {INDEX} ON veterans_person USING gin (search_key gin_trgm_ops)"
        )


def remove(apps, schema_editor) -> None:
    """Take the index away; the extension may serve others."""
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(f"DROP INDEX IF EXISTS {INDEX}")


class Migration(migrations.Migration):
    dependencies = [("veterans", "0003_sensitive_rows")]
    operations = [migrations.RunPython(install, remove)]
