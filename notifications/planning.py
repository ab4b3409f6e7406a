"""Telling thousands at once: rows of another room become notices, and notices join mails, inside the database.

A planner (notifications/kinds.py) brings a queryset whose annotations say what is told to whom; two statements write
it down. What was told before is known by its key.
"""

from datetime import datetime, time
from typing import Any

from django.db import connection, models
from django.db.models import CharField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from directive_tracker.vietnamese import ZONE
from notifications import bell, kinds
from notifications.models import Message, MessageState, Notice, NoticeState
from units.calendar import work_calendar

# What a planner's rows must be annotated with.
TOLD = ("told_key", "told_obligation", "told_user", "told_unit", "told_title", "told_url")
# A person whose mail of the day is out gets the rest with the next day's; further ahead nobody needs to look.
DAYS_AHEAD = 5
WITHOUT_MAIL = Q(state=NoticeState.PLANNED, message__isnull=True)
# Written by hand: with UPDATE … FROM a hundred thousand notices join their mails in a second, where a subquery for each
# row takes minutes. The key is that of outbox.daily_key.
# Touching the mails keeps a round from taking one while notices join it; a withdrawn mail is taken up again.
TOUCH_SQL = """
UPDATE notifications_message SET state = CASE WHEN state = 'superseded' THEN 'planned' ELSE state END
FROM (
    SELECT DISTINCT recipient_id AS person FROM notifications_notice WHERE state = 'planned' AND message_id IS NULL
) AS waiting
WHERE notifications_message.key = %s || waiting.person || %s AND notifications_message.attempts = 0
AND notifications_message.state IN ('planned', 'held', 'superseded')
"""
JOIN_SQL = """
UPDATE notifications_notice SET message_id = mail.id FROM notifications_message AS mail
WHERE notifications_notice.state = 'planned' AND notifications_notice.message_id IS NULL
AND mail.key = %s || notifications_notice.recipient_id || %s AND mail.attempts = 0 AND mail.state IN ('planned', 'held')
"""


def text(*parts: Any) -> Concat:
    """Pieces of text, numbers and columns in one string, on both databases."""
    return Concat(*(_piece(part) for part in parts), output_field=CharField())


def _piece(part: Any) -> Any:
    if isinstance(part, str):
        return Value(part)
    return Cast(part, CharField()) if isinstance(part, F) else part


def not_told(rows: QuerySet) -> QuerySet:
    """Those of the rows that nobody has written down yet."""
    return rows.filter(~Exists(Notice.objects.filter(key=OuterRef("told_key"))))


def tell_rows(
    rows: QuerySet,
    *,
    kind: str,
    by_mail: bool,
    now: datetime,
    target_type: str = "",
    target_id: Any = None,
    target_version: Any = 0,
) -> int:
    """Write a notice for each row that is new; with `by_mail` they wait for `join_daily_mails`.

    Args:
        rows: annotated with TOLD: the key that ends with the person, the same without the person, whom, in which unit's
            name, one line, and the path of the page.
        kind: as registered in notifications/kinds.py.
        now: the moment of the pages' clock.
        target_type, target_id, target_version: the row it is about, as in Notice; expressions over the rows.

    Returns: how many are new. Two statements of two planners at once write each key once.
    """
    moment = Value(now, output_field=models.DateTimeField())
    columns: dict[str, Any] = {
        "key": F("told_key"),
        "kind": Value(kind),
        "recipient_id": F("told_user"),
        "unit_id": F("told_unit"),
        "obligation": F("told_obligation"),
        "target_type": Value(target_type),
        "target_id": target_id if target_id is not None else Value(None, output_field=models.BigIntegerField()),
        "target_version": Value(target_version) if isinstance(target_version, int) else target_version,
        "title": F("told_title"),
        "detail": Value(""),
        "url": F("told_url"),
        "due_at": moment,
        "state": Value(str(NoticeState.PLANNED if by_mail else NoticeState.SENT)),
        "planned_at": moment,
    }
    if not by_mail:
        columns["sent_at"] = moment
    return insert_rows(Notice, not_told(rows), columns)


def insert_rows(model: type[models.Model], rows: QuerySet, columns: dict[str, Any]) -> int:
    """INSERT … SELECT … ON CONFLICT DO NOTHING.

    Args:
        columns: column of the model's table → expression over the rows.

    Returns: how many rows are new.
    """
    names = {f"insert_{column}": expression for column, expression in columns.items()}
    selected = rows.order_by().annotate(**names).values_list(*names)
    sql, params = selected.query.get_compiler(connection=connection).as_sql()
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({quoted}) {sql} ON CONFLICT DO NOTHING", params)
        return max(cursor.rowcount, 0)


def join_daily_mails(*, now: datetime) -> None:
    """Every notice that waits for a mail joins its person's mail of the day; once that one is out, that of the next
    working day.

    The caller holds the transaction in which the notices were written: no notice is ever left without its mail.
    """
    calendar = work_calendar()
    due_at = calendar.next_window(now)
    for _ in range(DAYS_AHEAD):
        waiting = Notice.objects.filter(WITHOUT_MAIL)
        if not waiting.exists():
            return
        _join(due_at, now=now)
        day = timezone.localdate(due_at, ZONE)
        due_at = calendar.next_window(datetime.combine(calendar.next_working_day(day), time.min, tzinfo=ZONE))
    raise RuntimeError("notices found no mail to join")


def _join(due_at: datetime, *, now: datetime) -> None:
    """Make the mails of one day for those who need one, and let the notices join them."""
    day = timezone.localdate(due_at, ZONE)
    waiting = Notice.objects.filter(WITHOUT_MAIL)
    # As outbox.daily_key writes it.
    key = text(f"{kinds.DAILY}:", F("recipient_id"), f":{day.isoformat()}")
    insert_rows(
        Message,
        waiting.annotate(mail_key=key),
        {
            "key": F("mail_key"),
            "kind": Value(kinds.DAILY),
            "recipient_id": F("recipient_id"),
            "day": Value(day, output_field=models.DateField()),
            "due_at": Value(due_at, output_field=models.DateTimeField()),
            "state": Value(str(MessageState.PLANNED)),
            "attempts": Value(0, output_field=IntegerField()),
            "suspect": Value(0, output_field=IntegerField()),
            "lease_by": Value(""),
            "last_error": Value(""),
            "subject": Value(""),
            "body": Value(""),
        },
    )
    parts = [f"{kinds.DAILY}:", f":{day.isoformat()}"]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # The server does not know yet how many rows were just written, and would look at all pairs of them.
            cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(TOUCH_SQL, parts)
        cursor.execute(JOIN_SQL, parts)
        joined = cursor.rowcount
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_nestloop = on")
    if joined and due_at <= now:
        bell.ring_after_commit()
