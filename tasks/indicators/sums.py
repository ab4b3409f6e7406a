"""How figures are put together: the one place in which they are added up.

What counts is the newest accepted round of each section. Of one unit the figures of the periods become one by the
indicator's rule over periods, of the units one by its rule over units. Only lead work counts: what coordinating units
and parts report is already in the lead's figure. Work that was cancelled or does not apply and figures that were left
out count nowhere.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from directive_tracker.vietnamese import vn_number
from tasks.enums import AssignmentRole, AssignmentState, OverPeriods, OverUnits
from tasks.querysets import IndicatorValueQuerySet

Number = int | Fraction
# Lead work in these states gave nothing, whatever was reported before.
NOT_COUNTED = (AssignmentState.CANCELLED, AssignmentState.NOT_APPLICABLE)
_COLUMNS = (
    *("pk", "indicator_id", "category_id", "value", "comment", "counted", "counted_people"),
    *("left_out_at", "left_out_reason"),
    *("round_id", "round__number", "round__submitted_on", "round__section_id"),
    *("round__section__assignment_id", "round__section__assignment__role", "round__section__assignment__state"),
    *("round__section__assignment__task_id", "round__section__assignment__parent_id"),
    *("round__section__assignment__unit_id", "round__section__assignment__unit__short_name"),
    *("round__section__assignment__unit__sort_order", "round__section__assignment__unit__parent_id"),
    *("round__section__unit_report_id", "round__section__unit_report__period_id"),
    *("round__section__unit_report__period__name", "round__section__unit_report__period__kind"),
    "round__section__unit_report__period__starts_on",
    "round__section__unit_report__period__cutoff_on",
)


@dataclass(frozen=True)
class Figure:
    """One accepted figure and the report it comes from."""

    pk: int
    indicator_id: int
    category_id: int | None
    value: int
    comment: str
    counted: int | None
    counted_people: int | None
    left_out_at: Any
    left_out_reason: str
    round_id: int
    round_number: int
    submitted_on: date
    section_id: int
    assignment_id: int
    role: str
    state: str
    task_id: int
    parent_id: int | None
    unit_id: int
    unit_name: str
    unit_order: int
    unit_parent_id: int | None
    report_id: int
    period_id: int | None
    period_name: str | None
    period_kind: str | None
    starts_on: date | None
    cutoff_on: date | None

    @property
    def is_left_out(self) -> bool:
        return self.left_out_at is not None

    @property
    def is_in_force(self) -> bool:
        """Whether it may enter a sum: not left out, and its work still stands."""
        return self.state not in NOT_COUNTED and not self.is_left_out

    @property
    def last_day(self) -> date:
        """The last day its data can be of: the cut-off, or the day it was sent where that came first."""
        return self.submitted_on if self.cutoff_on is None else min(self.cutoff_on, self.submitted_on)

    @property
    def first_day(self) -> date | None:
        """The first day of its data; of a report between periods only the day it was sent is known."""
        return self.submitted_on if self.period_id is None else self.starts_on

    @property
    def order(self) -> tuple[date, int]:
        """From the oldest to the newest."""
        return self.last_day, self.round_id

    @property
    def period_words(self) -> str:
        return self.period_name or "Giữa kỳ"


def read(rows: IndicatorValueQuerySet) -> list[Figure]:
    """The accepted figures among the rows, the parts of figures included, in one statement."""
    return read_sent(rows.speaking())


def read_sent(rows: IndicatorValueQuerySet) -> list[Figure]:
    """The same of what was sent, whatever became of it."""
    found = [Figure(*row) for row in rows.values_list(*_COLUMNS)]
    return sorted(found, key=lambda figure: (figure.unit_order, figure.unit_id, figure.order))


def over_periods(rule: str, figures: Iterable[Figure]) -> Number | None:
    """One figure of one unit's work from those of its periods; None where there is none."""
    ordered = sorted(figures, key=lambda figure: figure.order)
    if not ordered:
        return None
    values = [figure.value for figure in ordered]
    if rule == OverPeriods.SUM:
        return sum(values)
    if rule == OverPeriods.LAST:
        return values[-1]
    return max(values) if rule == OverPeriods.LARGEST else _mean(values)


def used_in(rule: str, figures: Iterable[Figure]) -> set[int]:
    """Which of one unit's figures its sum is made of, by pk."""
    ordered = sorted((figure for figure in figures if figure.is_in_force), key=lambda figure: figure.order)
    if rule == OverPeriods.LAST:
        ordered = ordered[-1:]
    elif rule == OverPeriods.LARGEST and ordered:
        ordered = [max(ordered, key=lambda figure: figure.value)]
    return {figure.pk for figure in ordered}


def over_units(rule: str, values: Iterable[Number]) -> Number | None:
    """One figure from those of the units; None where there is none."""
    known = list(values)
    if not known:
        return None
    if rule == OverUnits.SUM:
        return sum(known)
    return max(known) if rule == OverUnits.LARGEST else _mean(known)


def _mean(values: list[Any]) -> Number:
    mean = Fraction(sum(values)) / len(values)
    return int(mean) if mean.denominator == 1 else mean


def shown(number: Number | None) -> str:
    """ "1.234" or, of a mean, "12,3": one decimal, halves up."""
    if number is None or isinstance(number, int):
        return vn_number(number)
    tenth = (Decimal(number.numerator) / Decimal(number.denominator)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return vn_number(tenth.to_integral_value() if tenth == tenth.to_integral_value() else tenth)


@dataclass
class UnitSum:
    """What one unit's lead work adds to the whole, with what it comes from."""

    assignment_id: int
    unit_id: int
    unit_name: str
    unit_order: int
    value: Number | None
    figures: list[Figure] = field(default_factory=list)

    @property
    def words(self) -> str:
        return shown(self.value)


@dataclass
class Sum:
    """One indicator put together."""

    value: Number | None
    units: list[UnitSum]

    @property
    def words(self) -> str:
        return shown(self.value)

    @property
    def reported(self) -> int:
        """How many units have a figure in it."""
        return sum(1 for unit in self.units if unit.value is not None)


def put_together(indicator: Any, figures: Iterable[Figure]) -> Sum:
    """One indicator over periods and units.

    Args:
        indicator: with `over_periods` and `over_units`.
        figures: all of the same kind: totals, or of one category. What does not count may be among them; of lead work
            it is listed with its unit and adds nothing.
    """
    return _sum(indicator, (figure for figure in figures if figure.role == AssignmentRole.LEAD))


def contributed(indicator: Any, figures: Iterable[Figure]) -> Sum:
    """What several contributions or parts come to together, by the same rules: for the lead's report.

    Args:
        figures: of the contributions alone; what was left out adds nothing.
    """
    return _sum(indicator, figures)


def _sum(indicator: Any, figures: Iterable[Figure]) -> Sum:
    by_work: dict[int, list[Figure]] = defaultdict(list)
    for figure in figures:
        by_work[figure.assignment_id].append(figure)
    units = []
    for work in by_work.values():
        work.sort(key=lambda figure: figure.order)
        value = over_periods(indicator.over_periods, [figure for figure in work if figure.is_in_force])
        one = work[0]
        units.append(UnitSum(one.assignment_id, one.unit_id, one.unit_name, one.unit_order, value, figures=work))
    units.sort(key=lambda unit: (unit.unit_order, unit.unit_id, unit.assignment_id))
    return Sum(over_units(indicator.over_units, [unit.value for unit in units if unit.value is not None]), units)
