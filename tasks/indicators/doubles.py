"""Figures that were probably reported twice, or that cannot both be right: found by reading, never changed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

from django.db import models

from directive_tracker.vietnamese import vn_date, vn_number
from tasks.enums import AssignmentRole
from tasks.indicators.sums import Figure, contributed, over_periods, shown
from tasks.models import Indicator


class DoubtKind(models.TextChoices):
    """Why two figures stand side by side."""

    OVERLAP = "overlap", "Trùng ngày số liệu"
    FALLS = "falls", "Số lũy kế giảm"
    BELOW = "below", "Đơn vị cấp dưới cũng được cộng"
    WITHIN = "within", "Số góp lớn hơn số chủ trì"


@dataclass(frozen=True)
class Doubt:
    """Two figures of one indicator that a person should look at."""

    kind: DoubtKind
    indicator: Indicator
    first: Figure
    second: Figure
    sentence: str


def find(indicators: Iterable[Indicator], figures: Iterable[Figure], kept: set[tuple[int, int]]) -> list[Doubt]:
    """All doubts about these figures, by indicator; what was left out raises none.

    Args:
        figures: accepted totals (no parts), of any role.
        kept: pairs of figures that somebody has looked at and found right.
    """
    by_indicator: dict[int, list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.category_id is None and figure.is_in_force:
            by_indicator[figure.indicator_id].append(figure)
    found = []
    for indicator in indicators:
        rows = by_indicator.get(indicator.pk, [])
        found += [doubt for doubt in _of(indicator, rows) if (doubt.first.pk, doubt.second.pk) not in kept]
    return found


def _of(indicator: Indicator, figures: list[Figure]) -> Iterator[Doubt]:
    by_work: dict[int, list[Figure]] = defaultdict(list)
    for figure in figures:
        by_work[figure.assignment_id].append(figure)
    for work in by_work.values():
        work.sort(key=lambda figure: figure.order)
        yield from _falls(indicator, work) if indicator.is_cumulative else _overlaps(indicator, work)
    leads = {pk: work for pk, work in by_work.items() if work[0].role == AssignmentRole.LEAD}
    yield from _below(indicator, leads)
    yield from _within(indicator, leads, by_work)


def _falls(indicator: Indicator, work: list[Figure]) -> Iterator[Doubt]:
    for earlier, later in pairwise(work):
        if later.value < earlier.value:
            sentence = (
                f"Số lũy kế giảm từ {vn_number(earlier.value)} xuống {vn_number(later.value)} {indicator.measure}: "
                "một trong hai số chưa đúng."
            )
            yield Doubt(DoubtKind.FALLS, indicator, earlier, later, sentence)


def _overlaps(indicator: Indicator, work: list[Figure]) -> Iterator[Doubt]:
    """Figures of a period whose data are of the same days."""
    for first, second in combinations(work, 2):
        days = _common_days(first, second)
        if days is not None:
            begins, ends = (vn_date(day) for day in days)
            when = f"ngày {begins}" if begins == ends else f"các ngày {begins} – {ends}"
            sentence = f"Hai số trong kỳ cùng gồm {when}: phần chung có thể được cộng hai lần."
            yield Doubt(DoubtKind.OVERLAP, indicator, first, second, sentence)


def _common_days(first: Figure, second: Figure):
    """The days that both are of, first and last; None where there are none or nobody said."""
    if first.first_day is None or second.first_day is None:
        return None
    # A report on a period is about all its days up to the cut-off, however early it was sent.
    ends = min(figure.cutoff_on or figure.submitted_on for figure in (first, second))
    begins = max(first.first_day, second.first_day)
    return (begins, ends) if begins <= ends else None


def _below(indicator: Indicator, leads: dict[int, list[Figure]]) -> Iterator[Doubt]:
    """A unit and the one above it lead the same task: the upper one's figure may hold the lower one's."""
    by_unit = {work[-1].unit_id: work[-1] for work in leads.values()}
    for lower in by_unit.values():
        upper = by_unit.get(lower.unit_parent_id) if lower.unit_parent_id else None
        if upper is not None:
            sentence = f"{lower.unit_name} thuộc {upper.unit_name}; cả hai số đang được cộng vào tổng."
            yield Doubt(DoubtKind.BELOW, indicator, upper, lower, sentence)


def _within(indicator: Indicator, leads: dict[int, list[Figure]], by_work: dict[int, list[Figure]]) -> Iterator[Doubt]:
    """Contributions that come to more than the lead's figure, which should hold them."""
    only_lead = next(iter(leads)) if len(leads) == 1 else 0
    given_to: dict[int, list[Figure]] = defaultdict(list)
    for work in by_work.values():
        if work[0].role != AssignmentRole.LEAD:
            given_to[work[0].parent_id or only_lead] += work
    for lead, given in given_to.items():
        if lead not in leads:
            continue
        whole, together = over_periods(indicator.over_periods, leads[lead]), contributed(indicator, given)
        if whole is None or together.value is None or together.value <= whole:
            continue
        names = together.units[0].unit_name if len(together.units) == 1 else f"{len(together.units)} đơn vị"
        chief = leads[lead][-1]
        sentence = (
            f"{names} góp {together.words} {indicator.measure}, nhiều hơn số {chief.unit_name} báo cáo "
            f"({shown(whole)}): số chủ trì có thể chưa gồm đủ số góp. Trong tổng chỉ có số của đơn vị chủ trì."
        )
        largest = max(given, key=lambda figure: (figure.value, figure.order))
        yield Doubt(DoubtKind.WITHIN, indicator, chief, largest, sentence)
