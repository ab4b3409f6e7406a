"""A small log for the tests of the chain, and ways past the application into its table."""

from datetime import timedelta

from django.db import connection

from records.audit import record
from records.models import AuditEvent
from tests.factories import at, make_user

MORNING = at("2024-04-15", "09:12")
TABLE = "records_auditevent"


def write(count: int, *, by=None, **values) -> list[AuditEvent]:
    """So many events, a minute apart; not sealed unless their transaction commits."""
    return [
        record(
            "assignment.paused",
            by=by,
            at=MORNING + timedelta(minutes=number),
            data={"from": "Đang làm", "to": "Ngoài thống kê", "nr": number},
            reason="Chờ hướng dẫn",
            ip="10.0.0.7",
            **values,
        )
        for number in range(count)
    ]


def past_the_application(sql: str, *parameters) -> int:
    """Change the table as somebody with the database's password would; the number of rows touched.

    Who owns a table switches its triggers off first; who opens SQLite's file needs no leave of its checks.
    """
    if connection.vendor == "postgresql":
        off = f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE {TABLE} DISABLE TRIGGER USER"
        on = f"ALTER TABLE {TABLE} ENABLE TRIGGER USER"
    else:
        off, on = "PRAGMA ignore_check_constraints = ON", "PRAGMA ignore_check_constraints = OFF"
    with connection.cursor() as cursor:
        cursor.execute(off)
        try:
            cursor.execute(sql, parameters)
            return cursor.rowcount
        finally:
            cursor.execute(on)


def two_people():
    """Somebody who acts and somebody whose name may be put in place of the first."""
    return make_user("mot", full_name="Nguyễn Văn A"), make_user("hai", full_name="Trần Thị B")
