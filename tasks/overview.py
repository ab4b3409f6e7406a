"""Tổng quan: the kept figures of one directive, added up; a page without filters counts nothing while it is read."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from directive_tracker.prepared import Prepared
from directive_tracker.vietnamese import vn_date, vn_weekday
from directive_tracker.workdays import WorkCalendar
from tasks import figures
from tasks.enums import AssignmentRole
from tasks.models import Assignment, Directive
from tasks.tallies import Figures
from tasks.whole import late, waiting
from tasks.whole.kept import Condition, Kept, Line, read_kept, total_of
from tasks.whole.narrowing import Narrowed, narrow, narrowed, works_of
from tasks.whole.reports import PeriodStatus, Reports, read_reports
from tasks.whole.sentence import figures_said
from units.access import Access
from units.calendar import calendar_from


@dataclass(frozen=True)
class Overview:
    """Everything the page shows."""

    directive: Directive
    sentence: str
    total: Figures
    units: list[Line]
    tasks: list[Line]
    reports: Reports
    periods: list[PeriodStatus]
    late: late.NewlyLate
    waiting: list[waiting.Waiting]
    registry: Any | None
    is_whole: bool
    part: Narrowed
    conditions: list[Condition] = field(default_factory=list)
    # The sum over all units, for a unit's people where the office publishes it.
    published: Figures | None = None

    @property
    def other_outside(self) -> int:
        """Outside for another reason: nothing arose, or the work was taken away."""
        return self.total.outside - self.total.paused - self.total.undecided - self.total.encouraged

    @property
    def report_rate(self) -> tuple[int, int]:
        """(sent in time, asked for) over all units that are shown."""
        rates = [self.reports.rate(line.pk) for line in self.units]
        return sum(part for part, _ in rates), sum(of for _, of in rates)

    @property
    def all(self) -> int:
        return self.total.counted + self.total.outside


def _late(access: Access, clause: int, group: int, day: date, directive: int) -> QuerySet:
    return late.newly_late(works_of(access, directive, clause=clause, group=group, day=day), day=day)


def _waiting(access: Access, clause: int, group: int, day: date, directive: int) -> QuerySet:
    return waiting.asked(works_of(access, directive, clause=clause, group=group, day=day))


_LATE, _WAITING = Prepared(_late), Prepared(_waiting)


def build_overview(
    directive: Directive, access: Access, *, today: date, clause_id: int | None = None, group_id: int | None = None
) -> Overview:
    """The whole for office and readers; own units' rows and monitored tasks for a unit's people.

    Where the office publishes the directive's figures they also see the sums of all units and of every task,
    but no other unit's row.

    Args:
        directive: with `calendar` (units.calendar.with_calendar).
        clause_id, group_id: only the work on this clause, of this group's units; unknown ones are left out, and a unit's
            people see their own work whole.
    """
    kept = read_kept(directive, today=today)
    whole, published, part = access.sees_all_assignments, None, Narrowed()
    if whole:
        part = narrow(directive.pk, kept, clause_id=clause_id, group_id=group_id)
        kept = narrowed(directive, kept, part)
    else:
        published = total_of(kept.units) if directive.figures_published else None
        kept = _own(directive, kept, access)
    total = total_of(kept.units)
    reports = read_reports(directive.pk, day=kept.day)
    open_ = directive.is_issued
    asked = (access, part.params.get("clause", 0), part.params.get("group", 0), kept.day)
    return Overview(
        directive=directive,
        sentence=sentence_of(
            directive, total, kept.conditions, today=today, calendar=calendar_from(directive.calendar)
        ),
        total=total,
        units=kept.units,
        tasks=kept.tasks,
        reports=reports,
        periods=reports.statuses(kept.units),
        late=late.late_of(_LATE.rows(directive.pk, key=asked) if open_ else [], day=kept.day),
        waiting=waiting.in_order(_WAITING.rows(directive.pk, key=asked)) if open_ else [],
        registry=figures.read(today).get("veterans") if whole and not part else None,
        is_whole=whole,
        part=part,
        conditions=kept.conditions if whole and not part and open_ else [],
        published=published,
    )


def _own(directive: Directive, kept: Kept, access: Access) -> Kept:
    """The lines of the own units and those below; of the tasks all that are published, or those they monitor."""
    tasks = kept.tasks
    if not directive.figures_published:
        monitored = _monitored_tasks(directive, access)
        tasks = [line for line in tasks if line.pk in monitored]
    return replace(kept, units=[line for line in kept.units if line.pk in access.visible_unit_ids], tasks=tasks)


def _monitored_tasks(directive: Directive, access: Access) -> set[int]:
    return set(
        Assignment.objects.filter(
            directive=directive,
            role=AssignmentRole.LEAD,
            task__monitors__in=access.reporter_unit_ids | access.head_unit_ids,
        ).values_list("task_id", flat=True)
    )


def overdue_conditions(codes: list[str]) -> str:
    """ "điều kiện của 2 quá ngày quyết định": what somebody had to decide by a day that is over."""
    return f"điều kiện của {', '.join(codes)} quá ngày quyết định"


def sentence_of(
    directive: Directive, total: Figures, conditions: list[Condition], *, today: date, calendar: WorkCalendar
) -> str:
    """ "Thứ Hai 15/4/2024 · 40 trên 90 việc hoàn thành · 3 việc quá hạn · còn 14 ngày làm việc đến 07/5/2024"."""
    ended = directive.closed_on
    parts = [f"Đã kết thúc theo dõi ngày {vn_date(ended)}" if ended else f"{vn_weekday(today)} {vn_date(today)}"]
    parts += figures_said(total)
    if ended:
        return " · ".join(parts)
    codes = [row.code for row in conditions if row.decide_by is not None and row.decide_by < today]
    if codes:
        parts.append(overdue_conditions(codes))
    event = directive.event_date
    if event is not None and event >= today:
        days = calendar.count_between(today, event)
        parts.append(f"còn {days} ngày làm việc đến {vn_date(event)}" if days else f"hôm nay {vn_date(event)}")
    return " · ".join(parts)
