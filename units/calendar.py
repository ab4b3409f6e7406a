"""The working calendar in force: the published one with what administrators recorded (units/calendar_changes.py)."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import DateField, IntegerField, Value

from directive_tracker.workdays import WorkCalendar
from units.models import CalendarDay, CalendarYear

# Any number: PostgreSQL's advisory lock of whoever changes the calendar, or computes due days that must fit it.
LOCK = 20_240_507


def work_calendar() -> WorkCalendar:
    """The calendar as of now, read from the database in one statement; nobody keeps it."""
    days = CalendarDay.objects.order_by().annotate(year=Value(None, output_field=IntegerField()))
    years = CalendarYear.objects.order_by().annotate(
        no_day=Value(None, output_field=DateField()),
        no_words=Value(""),
        no_swap=Value(None, output_field=DateField()),
    )
    rows = days.values_list("date", "is_working", "reason", "notice_number", "swapped_with", "year").union(
        years.values_list("no_day", "announced", "no_words", "notice_number", "no_swap", "year"), all=True
    )
    found, announced = [], {}
    for day, yes, reason, notice, swapped, year in rows:
        if day is None:
            announced[year] = yes
        else:
            found.append(
                CalendarDay(date=day, is_working=yes, reason=reason, notice_number=notice, swapped_with=swapped)
            )
    return calendar_of(found, announced)


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
