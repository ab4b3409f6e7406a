"""The working calendar in force: the published one with the administrator's overrides."""

from directive_tracker.workdays import WorkCalendar
from units.models import CalendarDay


def work_calendar() -> WorkCalendar:
    """The calendar as of now, read from the database in one statement."""
    return WorkCalendar(overrides=dict(CalendarDay.objects.values_list("date", "is_working")))
