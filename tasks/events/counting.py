"""What events and inspections on record add up to for the figures of a report: shown beside what is typed, copied by one
click, never reported by itself."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from directive_tracker.prepared import Prepared
from directive_tracker.vietnamese import vn_number
from tasks.enums import CountedFrom
from tasks.models import (
    Activity,
    ActivityFigure,
    ActivityState,
    Finding,
    Indicator,
    Inspection,
    ProgressReport,
    ReportingPeriod,
    UnitReport,
)

OF_INSPECTIONS = (CountedFrom.INSPECTIONS, CountedFrom.FINDINGS)


@dataclass(frozen=True)
class CountedFigure:
    """One figure of the section and what is on record for it."""

    indicator: Indicator
    value: int


@dataclass(frozen=True)
class Counted:
    """What is on record for one section."""

    words: str = ""
    figures: list[CountedFigure] = field(default_factory=list)

    @property
    def values(self) -> dict[str, int]:
        """By the code of the indicator."""
        return {figure.indicator.code: figure.value for figure in self.figures}


NOTHING = Counted()
# (kind, id) → figures of all time and of the period.
Sums = dict[tuple[str, int], tuple[int, int]]


def counted_for(report: UnitReport, sections: Iterable[ProgressReport], *, today: date) -> dict[int, Counted]:
    """Section → what is on record for its figures up to the period's cut-off; sections without anything are absent.

    Args:
        sections: with assignment, task and the task's indicators and their categories loaded.

    Statements: one for events, one for their figures where there are events, two for inspections where a figure counts
    them; of a period that does not say where its data begin, one more.
    """
    sections = [section for section in sections if not section.assignment.task.words_and_counts_only]
    if not sections:
        return {}
    last = min(report.period.cutoff_on, today) if report.period else today
    first = first_day(report, sections, last=last)
    sums = _of_events(report, first, last)
    if any(indicator.counted_from in OF_INSPECTIONS for section in sections for indicator in _asked(section)):
        sums |= _of_inspections(report, first, last)
    found = {section.pk: _counted(section, sums, report) for section in sections}
    return {pk: counted for pk, counted in found.items() if counted.words}


def _asked(section: ProgressReport) -> Iterable[Indicator]:
    return section.assignment.task.indicators.all()


def first_day(report: UnitReport, sections: Iterable[ProgressReport], *, last: date) -> date | None:
    """Where the data of the period begin, for figures that count within it; None: from the beginning.

    Args:
        last: the last day that is counted; of a report between periods the last cut-off before it is the beginning.
    """
    if report.period is not None and report.period.starts_on is not None:
        return report.period.starts_on
    if all(indicator.is_cumulative for section in sections for indicator in _asked(section)):
        return None
    earlier = ReportingPeriod.objects.filter(directive=report.directive_id)
    if report.period is None:
        earlier = earlier.filter(cutoff_on__lt=last)
    else:
        earlier = earlier.filter(kind=report.period.kind, cutoff_on__lt=report.period.cutoff_on)
    before = earlier.order_by("-cutoff_on").values_list("cutoff_on", flat=True).first()
    return before + timedelta(days=1) if before else None


def _in_period(column: str, first: date | None) -> Q:
    return Q(**{f"{column}__gte": first}) if first else Q(pk__isnull=False)


def _held(report: int, last: date) -> QuerySet[Activity]:
    """Events of the works in the report."""
    works = ProgressReport.objects.filter(unit_report=report).order_by().values("assignment")
    return Activity.objects.filter(assignment__in=works, state=ActivityState.HELD, starts_on__lte=last)


def _sums_of_events(report: int, last: date, *first: date) -> QuerySet:
    within = _in_period("starts_on", first[0] if first else None)
    return (
        _held(report, last)
        .order_by()
        .values("assignment")
        .annotate(
            all_time=Count("pk"),
            in_period=Count("pk", filter=within),
            people=Sum("attendance"),
            people_in_period=Sum("attendance", filter=within),
        )
    )


_SUMS_OF_EVENTS = Prepared(_sums_of_events)


def _of_events(report: UnitReport, first: date | None, last: date) -> Sums:
    """Events that took place, how many came, and the figures written down with them."""
    sums: Sums = {}
    for row in _SUMS_OF_EVENTS.rows(report.pk, last, *([first] if first else [])):
        sums["activities", row["assignment"]] = (row["all_time"], row["in_period"])
        sums["attendance", row["assignment"]] = (row["people"] or 0, row["people_in_period"] or 0)
    if sums:
        sums |= _of_figures(_held(report.pk, last), first)
    return sums


def _of_figures(held: QuerySet, first: date | None) -> Sums:
    within = _in_period("activity__starts_on", first)
    rows = (
        ActivityFigure.objects.filter(activity__in=held.order_by().values("pk"))
        .order_by()
        .values("activity__assignment", "indicator")
        .annotate(all_time=Sum("value"), in_period=Sum("value", filter=within))
    )
    by_key: dict[tuple[str, int], tuple[int, int]] = {}
    for row in rows:
        key = (f"figure-{row['activity__assignment']}", row["indicator"])
        by_key[key] = (row["all_time"] or 0, row["in_period"] or 0)
    return by_key


def _of_inspections(report: UnitReport, first: date | None, last: date) -> Sums:
    """The unit's own inspections of tasks of this directive, and the findings it has sent."""
    sent = Inspection.objects.filter(
        unit=report.unit_id, task__directive=report.directive_id, sent_at__isnull=False, day__lte=last
    )
    made = sent.aggregate(all_time=Count("pk"), in_period=Count("pk", filter=_in_period("day", first)))
    within = _in_period("place__inspection__day", first)
    found = Finding.objects.filter(place__inspection__in=sent.order_by().values("pk")).aggregate(
        all_time=Count("pk"), in_period=Count("pk", filter=within)
    )
    return {
        ("inspections", 0): (made["all_time"], made["in_period"]),
        ("findings", 0): (found["all_time"], found["in_period"]),
    }


def _counted(section: ProgressReport, sums: Sums, report: UnitReport) -> Counted:
    assignment = section.assignment_id
    figures = []
    kinds: dict[str, bool] = defaultdict(bool)
    for indicator in _asked(section):
        known = sums.get((f"figure-{assignment}", indicator.pk))
        if known is None and indicator.counted_from:
            owner = 0 if indicator.counted_from in OF_INSPECTIONS else assignment
            known = sums.get((indicator.counted_from, owner))
            kinds[indicator.counted_from] = True
        # A figure that is asked for by parts cannot be filled by one number.
        if known is None or indicator.categories.all():
            continue
        value = known[0] if indicator.is_cumulative else known[1]
        if value:
            figures.append(CountedFigure(indicator, value))
    return Counted(_words(sums, assignment, kinds), figures)


def _words(sums: Sums, assignment: int, kinds: Mapping[str, Any]) -> str:
    """ "Từ các sự kiện đã ghi: 4 sự kiện, 320 lượt người"; "" where nothing is on record."""
    events, people = sums.get(("activities", assignment), (0, 0)), sums.get(("attendance", assignment), (0, 0))
    parts = []
    if events[0]:
        words = f"Từ các sự kiện đã ghi: {vn_number(events[0])} sự kiện"
        parts.append(f"{words}, {vn_number(people[0])} lượt người" if people[0] else words)
    made, found = sums.get(("inspections", 0), (0, 0)), sums.get(("findings", 0), (0, 0))
    if made[0] and (kinds.get("inspections") or kinds.get("findings")):
        parts.append(f"Từ các cuộc kiểm tra đã gửi: {vn_number(made[0])} cuộc, {vn_number(found[0])} kiến nghị")
    return ". ".join(parts)
