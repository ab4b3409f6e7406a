"""Telling thousands at once: rows of another room become notices, and notices join mails, inside the database.

A planner (notifications/kinds.py) brings a queryset whose annotations say what is told to whom; two statements write
it down. What was told before is known by its key.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import connection, models
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from directive_tracker.plans import kept
from directive_tracker.vietnamese import ZONE
from notifications import bell, kinds
from notifications.models import Notice, NoticeState
from units.calendar import work_calendar

# What a planner's rows must be annotated with.
TOLD = ("told_key", "told_obligation", "told_user", "told_unit", "told_title", "told_url")
WITHOUT_MAIL = Q(state=NoticeState.PLANNED, message__isnull=True)
# Written by hand: with UPDATE … FROM a hundred thousand notices join their mails in a second, where a subquery for each
# row takes minutes. The keys are those of `daily_key`.
_WHOM = "CASE WHEN recipient_id IS NULL THEN '@' || address_id ELSE CAST(recipient_id AS text) END"
_WAITING = "FROM notifications_notice WHERE state = 'planned' AND message_id IS NULL"
MAILS_SQL = f"""
INSERT INTO notifications_message (
    key, kind, recipient_id, address_id, day, due_at, state, attempts, suspect, lease_by, last_error, subject, body
)
SELECT DISTINCT %s || {_WHOM} || %s, %s, recipient_id, address_id, %s, %s, 'planned', 0, 0, '', '', '', ''
{_WAITING} ON CONFLICT DO NOTHING
"""
# Touching the mails keeps a round from taking one while notices join it; a withdrawn mail is taken up again.
TOUCH_SQL = f"""
UPDATE notifications_message SET state = CASE WHEN state = 'superseded' THEN 'planned' ELSE state END
FROM (SELECT DISTINCT {_WHOM} AS whom {_WAITING}) AS waiting
WHERE notifications_message.key = %s || waiting.whom || %s AND notifications_message.attempts = 0
AND notifications_message.state IN ('planned', 'held', 'superseded')
"""
JOIN_SQL = """
UPDATE notifications_notice SET message_id = mail.id FROM notifications_message AS mail
WHERE notifications_notice.state = 'planned' AND notifications_notice.message_id IS NULL
AND mail.key = %s || CASE WHEN notifications_notice.recipient_id IS NULL THEN '@' || notifications_notice.address_id
    ELSE CAST(notifications_notice.recipient_id AS text) END || %s
AND mail.attempts = 0 AND mail.state IN ('planned', 'held')
"""
# What is told to a unit's people by mail goes to the unit's own addresses too, each thing once.
COPY_SQL = """
INSERT INTO notifications_notice (
    key, kind, address_id, unit_id, obligation, target_type, target_id, target_version, title, detail, url, due_at, state,
    planned_at
)
SELECT DISTINCT told.obligation || ':@' || place.id, told.kind, place.id, told.unit_id, told.obligation,
    told.target_type, told.target_id, told.target_version, told.title, '', told.url, told.due_at, 'planned',
    told.planned_at
FROM notifications_notice AS told JOIN notifications_unitaddress AS place ON place.unit_id = told.unit_id
WHERE place.is_active AND told.state = 'planned' AND told.message_id IS NULL AND told.recipient_id IS NOT NULL
ON CONFLICT DO NOTHING
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
    columns = _columns(kind, now, by_mail, target_type, target_id, target_version)
    return insert_rows(Notice, not_told(rows), columns)


def told_in_app(rows: QuerySet, *, kind: str, now: datetime) -> QuerySet:
    """What `insert_told` writes of such rows as `tell_rows` takes, told in the app only; for a question that is put together
    once (directive_tracker/prepared.py)."""
    return _selected(not_told(rows), _columns(kind, now, False, "", None, 0))


def insert_told(sql: str, params: Sequence[Any]) -> int:
    """Write the notices that a statement of `told_in_app` selects; how many are new."""
    if not sql:
        return 0
    columns = _columns("", datetime.min, False, "", None, 0)
    with connection.cursor() as cursor:
        cursor.execute(*kept(_inserting(Notice, columns, sql)).asked(params))
        return max(cursor.rowcount, 0)


def _columns(
    kind: str, now: datetime, by_mail: bool, target_type: str, target_id: Any, target_version: Any
) -> dict[str, Any]:
    """Column of a notice → expression over rows annotated with TOLD."""
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
    return columns


def insert_rows(model: type[models.Model], rows: QuerySet, columns: dict[str, Any]) -> int:
    """INSERT … SELECT … ON CONFLICT DO NOTHING.

    Args:
        columns: column of the model's table → expression over the rows.

    Returns: how many rows are new.
    """
    sql, params = _selected(rows, columns).query.get_compiler(connection=connection).as_sql()
    with connection.cursor() as cursor:
        cursor.execute(_inserting(model, columns, sql), params)
        return max(cursor.rowcount, 0)


def _selected(rows: QuerySet, columns: dict[str, Any]) -> QuerySet:
    names = {f"insert_{column}": expression for column, expression in columns.items()}
    return rows.order_by().annotate(**names).values_list(*names)


def _inserting(model: type[models.Model], columns: Iterable[str], sql: str) -> str:
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    return f"INSERT INTO {table} ({quoted}) {sql} ON CONFLICT DO NOTHING"


def daily_key(whom: int | str | None, day: date) -> str:
    """The key of the one mail a person, or an address ("@" and its pk), gets on one day."""
    return f"{kinds.DAILY}:{whom}:{day.isoformat()}"


def join_daily_mails(*, now: datetime) -> None:
    """Every notice that waits for a mail joins its person's mail of the day; once that one is out, that of the next
    working day.

    The caller holds the transaction in which the notices were written: no notice is ever left without its mail.
    """
    waiting = Notice.objects.filter(WITHOUT_MAIL)
    if not waiting.exists():
        return
    with connection.cursor() as cursor:
        cursor.execute(COPY_SQL)
    calendar = work_calendar()
    due_at = calendar.next_window(now)
    _join(due_at, now=now)
    # Whose mail of that day is out gets the rest with the next day's; after a clock that ran ahead more days are taken.
    while waiting.exists():
        day = timezone.localdate(due_at, ZONE)
        due_at = calendar.next_window(datetime.combine(calendar.next_working_day(day), time.min, tzinfo=ZONE))
        _join(due_at, now=now)


def _join(due_at: datetime, *, now: datetime) -> None:
    """Make the mails of one day for those who need one, and let the notices join them."""
    day = timezone.localdate(due_at, ZONE)
    parts = daily_key("|", day).split("|")
    moment = connection.ops.adapt_datetimefield_value(due_at)
    with connection.cursor() as cursor:
        cursor.execute(MAILS_SQL, [*parts, kinds.DAILY, connection.ops.adapt_datefield_value(day), moment])
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
