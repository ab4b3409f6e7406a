"""What other rooms have on record for the figures of a task, asked for units and days: one statement a kind of number.

The number of a unit's work goes with what the unit reports: its own, of units below it, and of those whose contributions
it puts together – the parts it handed on, and of lead work whoever coordinates the task.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tasks.enums import OUTSIDE_STATES, AssignmentRole
from tasks.events.counting import first_day
from tasks.indicators.counters import WHOLE, Ask, Counter, Tally
from tasks.models import Assignment, Indicator, ProgressReport, UnitReport

# What was counted for one figure: WHOLE and the codes of its parts.
Tallies = dict[str, Tally]


@dataclass(frozen=True)
class Days:
    """From a day (None: the beginning) to a day; the first matters to figures that count within a period."""

    first: date | None
    last: date


@dataclass(frozen=True)
class Work:
    """One assignment, as far as counting needs it."""

    pk: int
    task_id: int
    unit_id: int
    role: str
    parent_id: int | None


@dataclass(frozen=True)
class Wanted:
    """One figure of one piece of work over some days."""

    work_id: int
    indicator_id: int
    days: Days


def is_counted(indicator: Indicator) -> bool:
    """Whether another room counts it."""
    return indicator.counter is not None


def counted_indicators(indicators: Iterable[Indicator]) -> list[Indicator]:
    """Those that another room counts."""
    return [indicator for indicator in indicators if is_counted(indicator)]


def works_of(tasks: Iterable[int]) -> dict[int, list[Work]]:
    """Task → its assignments, but for those set aside and those that only have to know (one statement)."""
    rows = (
        Assignment.objects.filter(task__in=set(tasks))
        .exclude(state__in=OUTSIDE_STATES)
        .exclude(role=AssignmentRole.INFORMED)
        .order_by("pk")
        .values_list("pk", "task_id", "unit_id", "role", "parent_id")
    )
    found: dict[int, list[Work]] = defaultdict(list)
    for row in rows:
        found[row[1]].append(Work(*row))
    return found


def tally(
    wanted: Iterable[Wanted],
    indicators: Iterable[Indicator],
    works: Mapping[int, list[Work]],
    directives: Mapping[int, int],
) -> dict[Wanted, Tallies]:
    """What is on record for each; absent where nothing is kept about it. One statement a counter and set of parts.

    Args:
        indicators: those of `wanted`, with categories loaded.
        works: all assignments of their tasks by task (works_of).
        directives: task → document.
    """
    by_pk = {indicator.pk: indicator for indicator in indicators}
    units = _units_of(works)
    asks: dict[Counter, dict[Wanted, Ask]] = defaultdict(dict)
    for one in wanted:
        indicator = by_pk[one.indicator_id]
        if indicator.counter is not None and one.work_id in units:
            asks[indicator.counter][one] = Ask(
                unit_ids=units[one.work_id],
                directive_id=directives[indicator.task_id],
                first=None if indicator.is_cumulative else one.days.first,
                last=one.days.last,
                parts=tuple((part.code, part.name) for part in indicator.categories.all()),
            )
    found: dict[Wanted, Tallies] = {}
    for counter, some in asks.items():
        answers = counter.count(list(some.values()))
        found |= {one: answer for one, answer in zip(some, answers, strict=True) if answer}
    return found


def _units_of(works: Mapping[int, list[Work]]) -> dict[int, frozenset[int]]:
    """Assignment → its unit and those whose contributions are in its report."""
    found = {}
    for some in works.values():
        helpers: dict[tuple[str, int], set[int]] = defaultdict(set)
        for work in some:
            if work.role == AssignmentRole.PART:
                helpers["of", work.parent_id or 0].add(work.unit_id)
            elif work.role == AssignmentRole.COORDINATING:
                helpers["with", work.task_id].add(work.unit_id)
        for work in some:
            others = helpers["of", work.pk]
            if work.role == AssignmentRole.LEAD:
                others = others | helpers["with", work.task_id]
            found[work.pk] = frozenset({work.unit_id, *others})
    return found


def days_of(report: UnitReport, sections: Iterable[ProgressReport], *, today: date) -> Days:
    """The days a report speaks of; the first is only asked for where a counted figure counts within a period."""
    sections = list(sections)
    last = min(report.period.cutoff_on, today) if report.period else today
    within = any(is_counted(one) and not one.is_cumulative for section in sections for one in indicators_of(section))
    return Days(first_day(report, sections, last=last) if within else None, last)


def indicators_of(section: ProgressReport) -> list[Indicator]:
    """The figures of the section that may be counted; of work that takes words and counts only, none."""
    if section.assignment.task.words_and_counts_only:
        return []
    return list(section.assignment.task.indicators.all())


def tallies_for(
    report: UnitReport, sections: Iterable[ProgressReport], *, today: date
) -> dict[int, dict[str, Tallies]]:
    """Section → code of the figure → what is on record up to the period's cut-off; for the unit's own eyes.

    Args:
        sections: with assignment, task and the task's indicators and their categories loaded.

    Statements: none where no figure is counted; else one for the assignments, one a counter and set of parts, and one
    for the first day where a figure counts within a period that does not say when it begins.
    """
    asked = [(section, counted_indicators(indicators_of(section))) for section in sections]
    asked = [(section, indicators) for section, indicators in asked if indicators]
    if not asked:
        return {}
    days = days_of(report, [section for section, _ in asked], today=today)
    tasks = {section.assignment.task_id for section, _ in asked}
    found = tally(
        [Wanted(section.assignment_id, one.pk, days) for section, indicators in asked for one in indicators],
        [one for _, indicators in asked for one in indicators],
        works_of(tasks),
        dict.fromkeys(tasks, report.directive_id),
    )
    result: dict[int, dict[str, Tallies]] = {}
    for section, indicators in asked:
        for one in indicators:
            tallies = found.get(Wanted(section.assignment_id, one.pk, days))
            if tallies:
                result.setdefault(section.pk, {})[one.code] = tallies
    return result


def differs(tallies: Tallies, value: int | None, parts: Mapping[str, int | None]) -> bool:
    """Whether what was typed is not what is on record; what was left empty differs from nothing.

    Args:
        value: the whole; parts: by code, where the figure is asked for by parts.
    """
    if parts:
        return any(
            typed is not None and code in tallies and tallies[code].value != typed for code, typed in parts.items()
        )
    return value is not None and WHOLE in tallies and tallies[WHOLE].value != value
