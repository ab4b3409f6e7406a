"""The working calendar in force: the published one with what administrators recorded (units/calendar_changes.py)."""

import json
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.expressions import RawSQL

from directive_tracker.workdays import WorkCalendar
from units.models import CalendarDay

# Any number: PostgreSQL's advisory lock of whoever changes the calendar, or computes due days that must fit it.
LOCK = 20_240_507


# The recorded days and years as one text of JSON; a scalar, so that any statement can bring it along.
_TEXT = {
    "postgresql": """json_build_array(
    (SELECT json_agg(json_build_array(date, is_working, reason, notice_number, swapped_with)) FROM units_calendarday),
    (SELECT json_agg(json_build_array(year, announced)) FROM units_calendaryear)
)::text""",
    "sqlite": """json_array(
    json((SELECT json_group_array(json_array(date, is_working, reason, notice_number, swapped_with)) FROM units_calendarday)),
    json((SELECT json_group_array(json_array(year, announced)) FROM units_calendaryear))
)""",
}


def work_calendar() -> WorkCalendar:
    """The calendar as of now, read from the database in one statement; nobody keeps what was recorded."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_TEXT[connection.vendor]}")
        return calendar_from(cursor.fetchone()[0])


def with_calendar(rows: QuerySet) -> QuerySet:
    """Annotate `calendar` on rows that are read anyway, for `calendar_from`: the calendar without a statement of its own."""
    return rows.annotate(calendar=RawSQL(_TEXT[connection.vendor], (), output_field=TextField()))


@lru_cache(maxsize=8)
def calendar_from(text: str) -> WorkCalendar:
    """The calendar of what was read as text; the same text gives the same calendar."""
    days, years = json.loads(text)
    found = (
        CalendarDay(
            date=_day(day), is_working=bool(yes), reason=reason, notice_number=notice, swapped_with=_day(swapped)
        )
        for day, yes, reason, notice, swapped in days or ()
    )
    return calendar_of(found, {year: bool(yes) for year, yes in years or ()})


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def calendar_of(days: Iterable[CalendarDay], announced: dict[int, bool]) -> WorkCalendar:
    """The published calendar with these days and years over it, saved or not."""
    rows = list(days)
    return WorkCalendar(
        {row.date: row.is_working for row in rows}, reasons={row.date: row.words for row in rows}, announced=announced
    )


def hold_calendar(*, to_change: bool = False) -> None:
    """Keep the calendar as it is until the end of this transaction, so that what is computed from it still fits.

    Those who compute due days hold it together; who changes it holds it alone. SQLite has one writer at a time anyway.
    """
    if connection.vendor != "postgresql":
        return
    kind = "pg_advisory_xact_lock" if to_change else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {kind}(%s)", [LOCK])
