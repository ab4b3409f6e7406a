"""For which of the opened periods a unit is asked now."""

from collections.abc import Collection, Iterable

from tasks.models import ReportingPeriod


def newest_of(opened: Iterable[ReportingPeriod]) -> list[ReportingPeriod]:
    """The periods cut off last, the shortest first: a quarter may be cut off with its last month."""
    periods = list(opened)
    last = max((period.cutoff_on for period in periods), default=None)
    newest = [period for period in periods if period.cutoff_on == last]
    return sorted(newest, key=lambda period: (period.starts_on or period.opens_on, period.pk), reverse=True)


def next_of(newest: Iterable[ReportingPeriod], reported: Collection[int]) -> ReportingPeriod | None:
    """The first one that has no report yet, by id; None when all have."""
    return next((period for period in newest if period.pk not in reported), None)
