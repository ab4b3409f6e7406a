"""What comes due within the next seven days, for the digests and the wall screen."""

from datetime import date, timedelta

from django.db.models import Count, QuerySet

from tasks.querysets import AssignmentQuerySet

DAYS = 7


def last_day(day: date) -> date:
    """The last of the days that are looked ahead from `day` on."""
    return day + timedelta(days=DAYS)


def coming(works: AssignmentQuerySet, *, day: date) -> QuerySet:
    """What is due from that day on, by day and task, with `n` units each; work that waits for the office is done."""
    grouped = works.due_between(day, last_day(day)).values(
        "due_current", "directive_id", "task_id", "task__code", "task__short_title"
    )
    return grouped.annotate(n=Count("pk")).order_by("due_current", "directive_id", "task__order", "task_id")
