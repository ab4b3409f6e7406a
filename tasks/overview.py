"""Tổng quan: the kept figures of one directive, added up; nothing is counted while a page is read."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model

from directive_tracker.vietnamese import vn_date, vn_weekday
from tasks import figures, tallies
from tasks.enums import AssignmentRole
from tasks.models import Assignment, Directive, DirectiveTask, ReportingPeriod, Tally, UnitReport
from tasks.querysets import SENT_REPORT_STATES
from tasks.tallies import Figures
from units.access import Access
from units.calendar import work_calendar
from units.models import Unit

PERIODS = 3
UNIT_SHOWN = frozenset({"id", "name", "short_name", "sort_order"})
TASK_SHOWN = frozenset({"id", "code", "short_title", "order"})


@dataclass(frozen=True)
class PeriodStatus:
    """Who has sent the report of one period."""

    period: ReportingPeriod
    sent: int
    missing: list[Unit]
    is_late: bool
    is_cut_off: bool

    @property
    def total(self) -> int:
        return self.sent + len(self.missing)


@dataclass(frozen=True)
class Overview:
    """Everything the page shows."""

    directive: Directive
    sentence: str
    total: Figures
    units: list[Tally]
    tasks: list[Tally]
    periods: list[PeriodStatus]
    registry: Any | None
    is_whole: bool
    # The sum over all units, for a unit's people where the office publishes it.
    published: Figures | None = None

    @property
    def other_outside(self) -> int:
        """Outside for another reason: nothing arose, or the work was taken away."""
        return self.total.outside - self.total.paused - self.total.undecided - self.total.encouraged

    @property
    def all(self) -> int:
        return self.total.counted + self.total.outside


def build_overview(directive: Directive, access: Access, *, today: date) -> Overview:
    """The whole for office and readers; own units' rows and monitored tasks for a unit's people.

    Where the office publishes the directive's figures they also see the sums of all units and of every task,
    but no other unit's row.
    """
    unit_rows, task_rows = fresh_tallies(directive, today=today)
    whole, published = access.sees_all_assignments, None
    if not whole:
        if directive.figures_published:
            published = tallies.total_of(unit_rows)
        else:
            monitored = _monitored_tasks(directive, access)
            task_rows = [row for row in task_rows if row.task_id in monitored]
        unit_rows = [row for row in unit_rows if row.unit_id in access.visible_unit_ids]
    total = tallies.total_of(unit_rows)
    return Overview(
        directive=directive,
        sentence=sentence_of(directive, total, today=today),
        total=total,
        units=unit_rows,
        tasks=task_rows,
        periods=_periods(directive, [row.unit for row in unit_rows], today=today),
        registry=figures.read(today).get("veterans") if whole else None,
        is_whole=whole,
        published=published,
    )


def fresh_tallies(directive: Directive, *, today: date) -> tuple[list[Tally], list[Tally]]:
    """The rows per unit and per task as of today, in official order.

    The first reader of a day rolls them forward; a closed directive's figures stay as they were.
    """
    rows = _tally_rows(directive)
    if directive.is_issued and any(row.day < today for row in rows):
        tallies.roll_forward(directive, today=today)
        rows = _tally_rows(directive)
    units = [row for row in rows if row.unit_id]
    tasks = [row for row in rows if row.task_id]
    return (
        sorted(units, key=lambda row: (row.unit.sort_order, row.unit_id)),
        sorted(tasks, key=lambda row: (row.task.order, row.task_id)),
    )


def _tally_rows(directive: Directive) -> list[Tally]:
    """The rows with as much of unit and task as the page shows: a hundred whole ones cost more than their figures."""
    return list(
        Tally.objects.filter(directive=directive)
        .select_related("unit", "task")
        .defer(*_not_shown(Unit, "unit", UNIT_SHOWN), *_not_shown(DirectiveTask, "task", TASK_SHOWN))
    )


def _not_shown(model: type[Model], path: str, shown: frozenset[str]) -> list[str]:
    """The columns of a related row that are left where they are."""
    return [f"{path}__{field.name}" for field in model._meta.concrete_fields if field.name not in shown]


def _monitored_tasks(directive: Directive, access: Access) -> set[int]:
    return set(
        Assignment.objects.filter(
            directive=directive,
            role=AssignmentRole.LEAD,
            task__monitors__in=access.reporter_unit_ids | access.head_unit_ids,
        ).values_list("task_id", flat=True)
    )


def _periods(directive: Directive, units: list[Unit], *, today: date) -> list[PeriodStatus]:
    """The newest opened periods, newest first; a report that came back counts as sent."""
    periods = list(
        ReportingPeriod.objects.filter(directive=directive, opens_on__lte=today).order_by("-cutoff_on")[:PERIODS]
    )
    sent = set(
        UnitReport.objects.filter(period__in=periods, state__in=SENT_REPORT_STATES).values_list("period_id", "unit_id")
    )
    result = []
    for period in periods:
        missing = [unit for unit in units if (period.pk, unit.pk) not in sent]
        result.append(
            PeriodStatus(
                period,
                len(units) - len(missing),
                missing,
                is_late=period.due_on < today,
                is_cut_off=period.cutoff_on < today,
            )
        )
    return result


def overdue_conditions(codes: list[str]) -> str:
    """ "điều kiện của 2 quá ngày quyết định": what somebody had to decide by a day that is over."""
    return f"điều kiện của {', '.join(codes)} quá ngày quyết định"


def sentence_of(directive: Directive, total: Figures, *, today: date) -> str:
    """ "Thứ Hai 15/4/2024 · 40 trên 90 việc hoàn thành · 3 việc quá hạn · còn 14 ngày làm việc đến 07/5/2024"."""
    parts = [f"{vn_weekday(today)} {vn_date(today)}"]
    parts.append(f"{total.done} trên {total.counted} việc hoàn thành")
    parts.append(f"{total.open_overdue} việc quá hạn" if total.open_overdue else "không có việc quá hạn")
    if total.waiting:
        parts.append(f"{total.waiting} việc chờ xác nhận")
    undecided = directive.tasks.undecided_late(today=today)
    codes = list(undecided.order_by("order").values_list("code", flat=True))
    if codes:
        parts.append(overdue_conditions(codes))
    event = directive.event_date
    if event is not None and event >= today:
        days = work_calendar().count_between(today, event)
        parts.append(f"còn {days} ngày làm việc đến {vn_date(event)}" if days else f"hôm nay {vn_date(event)}")
    return " · ".join(parts)
