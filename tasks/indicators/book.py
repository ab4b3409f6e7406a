"""The pages of figures: every indicator of a directive, one indicator down to its reports, what should be looked at."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Prefetch, Q, prefetch_related_objects
from django.urls import reverse

from directive_tracker.vietnamese import vn_number
from tasks.enums import AssignmentRole, OverUnits
from tasks.indicators import doubles, sums
from tasks.indicators.comparing import Check, Comparison, compare, together_words
from tasks.indicators.deciding import can_decide_figures
from tasks.indicators.doubles import Doubt
from tasks.indicators.sums import NOT_COUNTED, Figure, Number, Sum
from tasks.models import Assignment, Directive, DirectiveTask, FiguresKept, Indicator, IndicatorCategory, IndicatorValue
from units.access import Access


@dataclass
class IndicatorLine:
    """One indicator with what it comes to."""

    indicator: Indicator
    sum: Sum
    asked: int
    target: Number | None
    left_out: int
    doubts: int
    # What is on record of the units that reported, in words, and how many of them differ from it.
    counted: str = ""
    differing: int = 0

    @property
    def target_words(self) -> str:
        return sums.shown(self.target)

    @property
    def share(self) -> str:
        """ "75%" of the target, rounded down: a target is reached when it is reached."""
        if not self.target or self.sum.value is None:
            return ""
        return f"{vn_number(int(self.sum.value * 100 // self.target))}%"


@dataclass
class TaskFigures:
    """The indicators of one task."""

    task: DirectiveTask
    lines: list[IndicatorLine]


@dataclass
class Book:
    """The figures of one directive as one reader may see them."""

    directive: Directive
    tasks: list[TaskFigures]
    is_whole: bool
    doubts: int


def sees_whole(directive: Directive, access: Access) -> bool:
    """Office and readers; units where the office has published the figures."""
    return access.sees_all_assignments or directive.figures_published


def _rows(directive: Directive, user: Any, access: Access):
    """The figures a total is made of, for this reader."""
    values = IndicatorValue.objects if sees_whole(directive, access) else IndicatorValue.objects.visible_to(user)
    return values.filter(round__section__assignment__directive=directive)


def _leads() -> Q:
    return Q(assignments__role=AssignmentRole.LEAD) & ~Q(assignments__state__in=NOT_COUNTED)


def build_book(directive: Directive, user: Any, access: Access) -> Book:
    """Every indicator of the directive; the same number of statements whatever there is."""
    tasks = (
        directive.tasks.annotate(asked=Count("assignments", filter=_leads()))
        .prefetch_related(Prefetch("indicators", queryset=Indicator.objects.prefetch_related("targets")))
        .order_by("order")
    )
    figures: dict[int, list[Figure]] = defaultdict(list)
    for figure in sums.read(_rows(directive, user, access).totals()):
        figures[figure.indicator_id].append(figure)
    kept = kept_pairs(directive) if access.sees_all_assignments else set()
    comparison = _compare(tasks, figures, user, access)
    found = []
    for task in tasks:
        lines = [
            _line(task, indicator, figures.get(indicator.pk, []), kept, comparison, access)
            for indicator in task.indicators.all()
        ]
        if lines:
            found.append(TaskFigures(task, lines))
    doubts = sum(line.doubts for task in found for line in task.lines)
    return Book(directive, found, sees_whole(directive, access), doubts)


def _compare(
    tasks: Iterable[DirectiveTask], figures: Mapping[int, list[Figure]], user: Any, access: Access
) -> Comparison:
    """The newest figure of each unit beside what is on record; for a unit only what it may trace to its reports."""
    counted = [
        one
        for task in tasks
        if not task.words_and_counts_only
        for one in task.indicators.all()
        if one.counter is not None
    ]
    prefetch_related_objects(counted, "categories")
    newest = [figure for one in counted for figure in newest_of(sums.put_together(one, figures.get(one.pk, [])))]
    if newest and not access.sees_all_assignments:
        seen = set(IndicatorValue.objects.visible_to(user).filter(indicator__in=counted).values_list("pk", flat=True))
        newest = [figure for figure in newest if figure.pk in seen]
    parts: list[Figure] = []
    if newest and any(one.categories.all() for one in counted):
        rounds = [figure.round_id for figure in newest]
        parts = sums.read(IndicatorValue.objects.visible_to(user).filter(round__in=rounds, category__isnull=False))
    return compare(newest, parts, counted, {task.pk: task.directive_id for task in tasks}, access)


def newest_of(total: Sum) -> list[Figure]:
    """Of each unit the newest figure that counts."""
    in_force = ([figure for figure in unit.figures if figure.is_in_force] for unit in total.units)
    return [figures[-1] for figures in in_force if figures]


def _line(
    task: DirectiveTask,
    indicator: Indicator,
    figures: list[Figure],
    kept: set[tuple[int, int]],
    comparison: Comparison,
    access: Access,
) -> IndicatorLine:
    total = sums.put_together(indicator, figures)
    newest = newest_of(total)
    return IndicatorLine(
        indicator=indicator,
        sum=total,
        counted=together_words(indicator, map(comparison.of, newest)),
        differing=comparison.open_count(newest),
        asked=task.asked,
        target=whole_target(indicator, {row.unit_id: row.target for row in indicator.targets.all()}, task.asked),
        left_out=sum(1 for figure in figures if figure.is_left_out),
        doubts=len(doubles.find([indicator], figures, kept)) if access.sees_all_assignments else 0,
    )


def whole_target(indicator: Indicator, own: dict[int, int], asked: int) -> Number | None:
    """The target of all units together, by the rule that puts their figures together.

    Args:
        own: the targets of units that have one of their own.
        asked: how many units lead the task.
    """
    if indicator.over_units != OverUnits.SUM:
        return indicator.target
    if indicator.target is None:
        return sum(own.values()) if own else None
    return sum(own.values()) + indicator.target * max(0, asked - len(own))


def kept_pairs(directive: Directive) -> set[tuple[int, int]]:
    """Pairs of figures that were found right."""
    rows = FiguresKept.objects.filter(first__round__section__assignment__directive=directive)
    return set(rows.values_list("first_id", "second_id"))


# --- one indicator ----------------------------------------------------------------------------------


@dataclass
class PeriodFigure:
    """One figure of a unit, with its parts and the report it comes from."""

    figure: Figure
    parts: list[tuple[str, int]]
    used: bool
    address: str
    check: Check | None = None


@dataclass
class UnitFigures:
    """What one unit adds, and who contributed to it."""

    name: str
    words: str
    target: int | None
    periods: list[PeriodFigure]
    given: list[PeriodFigure] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """One of its figures was left out or is not what is on record: worth a look."""
        return any(period.figure.is_left_out or (period.check and period.check.is_open) for period in self.periods)


@dataclass
class IndicatorPage:
    """One indicator from its total down to the reports."""

    indicator: Indicator
    sum: Sum
    is_whole: bool
    asked: int
    target: Number | None
    parts: list[tuple[str, Sum]]
    units: list[UnitFigures]
    unseen: int
    counted: str = ""
    differing: int = 0

    @property
    def target_words(self) -> str:
        return sums.shown(self.target)


def build_indicator(indicator: Indicator, user: Any, access: Access) -> IndicatorPage:
    """The indicator (with task and directive) as the reader may see it; a fixed number of statements."""
    directive = indicator.task.directive
    whole = sees_whole(directive, access)
    figures = sums.read(_rows(directive, user, access).filter(indicator=indicator))
    seen = _seen(figures, indicator, user, access)
    prefetch_related_objects([indicator], "categories")
    categories = list(indicator.categories.all())
    totals = [figure for figure in figures if figure.category_id is None]
    result = sums.put_together(indicator, totals)
    targets = {row.unit_id: row.target for row in indicator.targets.all()}
    asked = indicator.task.assignments.filter(role=AssignmentRole.LEAD).exclude(state__in=NOT_COUNTED).count()
    newest = [figure for figure in newest_of(result) if figure.pk in seen]
    plain = indicator.task.words_and_counts_only
    comparison = compare(
        [] if plain else newest,
        [figure for figure in figures if figure.category_id is not None],
        [indicator],
        {indicator.task_id: directive.pk},
        access,
    )
    units = _units(indicator, result, figures, categories, targets, seen, comparison, access)
    return IndicatorPage(
        indicator=indicator,
        sum=result,
        is_whole=whole,
        asked=asked,
        target=whole_target(indicator, targets, asked),
        parts=[
            (item.name, sums.put_together(indicator, [one for one in figures if one.category_id == item.pk]))
            for item in categories
        ],
        units=units,
        unseen=len(result.units) - len(units),
        counted=together_words(indicator, map(comparison.of, newest)),
        differing=comparison.open_count(newest),
    )


def _seen(figures: list[Figure], indicator: Indicator, user: Any, access: Access) -> set[int]:
    """Which figures the reader may trace to their reports."""
    if access.sees_all_assignments:
        return {figure.pk for figure in figures}
    return set(IndicatorValue.objects.visible_to(user).filter(indicator=indicator).values_list("pk", flat=True))


def _units(
    indicator: Indicator,
    result: Sum,
    figures: Iterable[Figure],
    categories: list[IndicatorCategory],
    targets: dict[int, int],
    seen: set[int],
    comparison: Comparison,
    access: Access,
) -> list[UnitFigures]:
    parts: dict[int, dict[int, int]] = defaultdict(dict)
    given: dict[int, list[Figure]] = defaultdict(list)
    only_lead = result.units[0].assignment_id if len(result.units) == 1 else 0
    for figure in figures:
        if figure.category_id is not None:
            parts[figure.round_id][figure.category_id] = figure.value
        elif figure.role != AssignmentRole.LEAD and figure.pk in seen:
            given[figure.parent_id or only_lead].append(figure)

    def shown(figure: Figure, used: bool) -> PeriodFigure:
        known = parts.get(figure.round_id, {})
        named = [(item.name, known[item.pk]) for item in categories if item.pk in known]
        return PeriodFigure(figure, named, used, address_of(figure, access), comparison.of(figure))

    found = []
    for unit in result.units:
        if not any(figure.pk in seen for figure in unit.figures):
            continue
        used = sums.used_in(indicator.over_periods, unit.figures)
        found.append(
            UnitFigures(
                name=unit.unit_name,
                words=unit.words,
                target=targets.get(unit.unit_id, indicator.target),
                periods=[shown(figure, figure.pk in used) for figure in unit.figures],
                given=[shown(figure, False) for figure in given.get(unit.assignment_id, [])],
            )
        )
    return found


def address_of(figure: Figure, access: Access) -> str:
    """The section of the report a figure comes from."""
    return report_address(figure.report_id, figure.section_id, access)


def report_address(report_id: int, section_id: int, access: Access) -> str:
    """Where this reader reads a section."""
    page = "tasks:report_review" if access.is_office else "tasks:report_detail"
    return f"{reverse(page, args=[report_id])}#muc-{section_id}"


# --- what should be looked at -----------------------------------------------------------------------


@dataclass
class DoubtRow:
    """Two figures side by side, with their reports, and whether the reader may decide about both."""

    doubt: Doubt
    sides: list[tuple[Figure, str]]
    may_decide: bool


@dataclass
class LeftOutRow:
    """A figure that stays out of the sums."""

    row: IndicatorValue
    address: str
    may_decide: bool


def find_doubts(directive: Directive) -> list[Doubt]:
    """All doubts about the directive's figures, in the order of its tasks. For office and readers."""
    rows = IndicatorValue.objects.filter(round__section__assignment__directive=directive).totals()
    indicators = (
        Indicator.objects.filter(task__directive=directive).select_related("task").order_by("task__order", "order")
    )
    return doubles.find(indicators, sums.read(rows), kept_pairs(directive))


def left_out(directive: Directive):
    """The totals that were left out, newest first."""
    return (
        IndicatorValue.objects.filter(
            round__section__assignment__directive=directive, left_out_at__isnull=False, category__isnull=True
        )
        .select_related(
            "indicator__task",
            "left_out_by",
            "round__section__assignment__unit",
            "round__section__assignment__directive",
            "round__section__unit_report__period",
        )
        .order_by("-left_out_at", "-pk")
    )


def doubt_rows(found: Iterable[Doubt], directive: Directive, user: Any, access: Access) -> list[DoubtRow]:
    """The doubts of one page, with addresses and what the reader may do."""
    shown = list(found)
    ids = {figure.assignment_id for doubt in shown for figure in (doubt.first, doubt.second)}
    works = Assignment.objects.visible_to(user).filter(pk__in=ids).select_related("directive").in_bulk()
    return [
        DoubtRow(
            doubt=doubt,
            sides=[(figure, address_of(figure, access)) for figure in (doubt.first, doubt.second)],
            may_decide=all(
                can_decide_figures(user, works[figure.assignment_id]) for figure in (doubt.first, doubt.second)
            ),
        )
        for doubt in shown
    ]


def left_out_rows(rows: Iterable[IndicatorValue], user: Any, access: Access) -> list[LeftOutRow]:
    """The same of what was left out."""
    found = []
    for row in rows:
        section = row.round.section
        address = report_address(section.unit_report_id, section.pk, access)
        found.append(LeftOutRow(row, address, can_decide_figures(user, section.assignment)))
    return found
