"""Accepted figures in few words, for tests of sums and doubts."""

from datetime import date
from itertools import count

from tasks.models import (
    Assignment,
    Indicator,
    IndicatorCategory,
    IndicatorValue,
    ProgressReport,
    ReportingPeriod,
    ReportRound,
    UnitReport,
)
from tests.factories import at, make_user

_number = count(1)


def make_indicator(task, code: str = "CT01", **values) -> Indicator:
    """A running total of "buổi" unless told otherwise."""
    known = {"order": next(_number), "name": "Buổi sinh hoạt", "measure": "buổi"}
    return Indicator.objects.create(task=task, code=code, **(known | values))


def counted_in_period(task, code: str = "CT16", **values) -> Indicator:
    """A figure of the period, added up."""
    return make_indicator(task, code, **({"mode": "in_period", "over_periods": "sum"} | values))


def make_period(directive, starts: str, cutoff: str, **values) -> ReportingPeriod:
    """make_period(directive, "2024-02-15", "2024-03-14")"""
    last = date.fromisoformat(cutoff)
    known = {"name": f"Kỳ đến {last:%d/%m}", "opens_on": last, "due_on": last, "starts_on": date.fromisoformat(starts)}
    return ReportingPeriod.objects.create(directive=directive, cutoff_on=last, **(known | values))


def report(
    assignment: Assignment,
    indicator: Indicator,
    value: int,
    *,
    period: ReportingPeriod | None = None,
    day: str = "2024-04-10",
    decision: str = "accepted",
    parts: dict[IndicatorCategory, int] | None = None,
    section: ProgressReport | None = None,
) -> IndicatorValue:
    """The unit sends the figure on that day, and the office has decided; in another round of the section if given."""
    moment = at(day)
    person = make_user()
    if section is None:
        known = UnitReport.objects.filter(unit=assignment.unit, period=period).first() if period else None
        whole = known or UnitReport.objects.create(
            directive=assignment.directive,
            unit=assignment.unit,
            period=period,
            state="decided",
            created_by=person,
            created_at=moment,
            saved_by=person,
            saved_at=moment,
            submitted_by=person,
            submitted_at=moment,
        )
        section, _ = ProgressReport.objects.get_or_create(
            unit_report=whole, assignment=assignment, defaults={"state": "accepted"}
        )
    round_, _ = ReportRound.objects.get_or_create(
        section=section,
        submitted_on=moment.date(),
        defaults={
            "number": section.rounds.count() + 1,
            "submitted_by": person,
            "submitted_at": moment,
            "content": {"indicators": {indicator.code: value}, "products": []},
            "decision": decision,
            "decided_at": None if decision == "pending" else moment,
        },
    )
    for category, part in (parts or {}).items():
        IndicatorValue.objects.create(round=round_, indicator=indicator, category=category, value=part)
    return IndicatorValue.objects.create(round=round_, indicator=indicator, value=value)
