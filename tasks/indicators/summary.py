"""The reported figures of documents in a few lines: what they come to, of which target, from how many units."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber

from directive_tracker.vietnamese import vn_number
from tasks.enums import AssignmentRole
from tasks.indicators import sums
from tasks.indicators.book import whole_target
from tasks.indicators.sums import NOT_COUNTED, Figure
from tasks.models import Assignment, Directive, Indicator, IndicatorValue


@dataclass(frozen=True)
class SummaryLine:
    """One indicator with its sum, as words; `share` of the target, "" without one."""

    pk: int
    code: str
    name: str
    measure: str
    sum: str
    target: str
    share: str
    reported: int
    asked: int


@dataclass(frozen=True)
class Summary:
    """The first indicators of one document that have a figure, and how many more there are."""

    lines: list[SummaryLine]
    more: int


def summaries_of(directives: Iterable[Directive], *, most: int) -> dict[int, Summary]:
    """Document → its summary, documents without a figure left out (4 statements, fewer where there is nothing).

    The sums are those of the pages of figures (tasks/indicators/sums.py); whoever reads them sees the whole.

    Args:
        most: so many lines of each document, in the order of its tasks.
    """
    first = list(
        Indicator.objects.filter(task__directive__in=list(directives))
        .filter(Exists(IndicatorValue.objects.filter(indicator=OuterRef("pk")).totals().counted().speaking()))
        .annotate(
            place=Window(
                RowNumber(),
                partition_by=F("task__directive"),
                order_by=[F("task__order").asc(), F("task").asc(), F("order").asc(), F("pk").asc()],
            ),
            in_all=Window(Count("pk"), partition_by=F("task__directive")),
        )
        .filter(place__lte=most)
        .select_related("task")
        .prefetch_related("targets")
        .order_by("task__directive", "place")
    )
    if not first:
        return {}
    figures: dict[int, list[Figure]] = defaultdict(list)
    for figure in sums.read(IndicatorValue.objects.filter(indicator__in=[row.pk for row in first]).totals()):
        figures[figure.indicator_id].append(figure)
    asked = _asked({row.task_id for row in first})
    found: dict[int, Summary] = {}
    for row in first:
        summary = found.setdefault(row.task.directive_id, Summary([], row.in_all - min(row.in_all, most)))
        summary.lines.append(line_of(row, figures[row.pk], asked.get(row.task_id, 0)))
    return found


def _asked(tasks: set[int]) -> dict[int, int]:
    """Task → how many units lead it."""
    leads = Assignment.objects.filter(Q(task__in=tasks, role=AssignmentRole.LEAD) & ~Q(state__in=NOT_COUNTED))
    return dict(leads.order_by().values_list("task").annotate(n=Count("pk")))


def line_of(indicator: Any, figures: list[Figure], asked: int) -> SummaryLine:
    """One indicator (with its task and targets at hand) from the figures of its units, `asked` of which lead the task."""
    total = sums.put_together(indicator, figures)
    target = whole_target(indicator, {row.unit_id: row.target for row in indicator.targets.all()}, asked)
    # Rounded down: a target is reached when it is reached.
    share = f"{vn_number(int(total.value * 100 // target))}%" if target and total.value is not None else ""
    return SummaryLine(
        pk=indicator.pk,
        code=indicator.task.code,
        name=indicator.name,
        measure=indicator.measure,
        sum=total.words,
        target=sums.shown(target),
        share=share,
        reported=total.reported,
        asked=asked,
    )
