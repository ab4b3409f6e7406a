"""Mới quá hạn: what is overdue and became so within the last seven days."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, QuerySet, Window

from directive_tracker.reversing import row_url
from tasks.querysets import AssignmentQuerySet
from tasks.timeliness import days_overdue

DAYS = 7
MOST_ROWS = 10


@dataclass(frozen=True)
class LateWork:
    """One work: whose, which, since when."""

    pk: int
    unit: str
    code: str
    title: str
    due: date
    days: int
    is_sent: bool

    @property
    def url(self) -> str:
        return row_url("tasks:assignment_panel", self.pk)


@dataclass(frozen=True)
class NewlyLate:
    """The newest ten of `count`; `first` is the earliest due day among them that counts as new."""

    first: date
    count: int = 0
    rows: list[LateWork] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


def first_day(day: date) -> date:
    """Work due from this day on became overdue within the seven days up to `day`."""
    return day - timedelta(days=DAYS)


def newly_late(works: AssignmentQuerySet, *, day: date) -> QuerySet:
    """The statement behind `late_of`."""
    late = works.overdue(today=day).filter(due_current__gte=first_day(day))
    counted = late.annotate(found=Window(Count("pk"))).order_by("-due_current", "unit__sort_order", "task__order", "pk")
    return counted.values_list(
        *("found", "pk", "unit__short_name", "task__code", "task__short_title"),
        *("due_current", "state", "submitted_on", "completed_on"),
        named=True,
    )[:MOST_ROWS]


def late_of(rows: list[Any], *, day: date) -> NewlyLate:
    """The rows of `newly_late` as they are shown."""
    works = [
        LateWork(
            row.pk,
            row.unit__short_name,
            row.task__code,
            row.task__short_title,
            row.due_current,
            days_overdue(row, today=day),
            row.submitted_on is not None and row.state == "submitted",
        )
        for row in rows
    ]
    return NewlyLate(first_day(day), rows[0].found if rows else 0, works)
