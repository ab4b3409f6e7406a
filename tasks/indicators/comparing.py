"""Reported figures beside what other rooms have on record: when they were sent and today, as each reader may know it.

A unit and those above it read the numbers. To everybody else a counter does not tell the small ones; so that they cannot be
worked out from the others, what is told is decided over the whole task: every unit's number of the same days.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from directive_tracker.vietnamese import vn_date, vn_number
from tasks.enums import OverUnits
from tasks.indicators import sums
from tasks.indicators.counters import WHOLE, Counter, Tally, Untold
from tasks.indicators.sums import Figure, Number
from tasks.indicators.tallying import Days, Tallies, Wanted, Work, tally, works_of
from tasks.models import FigureReconciled, Indicator, IndicatorValue, ReportingPeriod
from units.access import Access

# A number that may be told, or the words in its place.
Told = int | Untold
# Of a number that would give away another one.
LEFT_OUT = "không nêu"


@dataclass(frozen=True)
class Check:
    """One reported figure beside what is on record, as its reader may know it.

    then: when it was sent; now: today, both None where nothing was counted. differs: the reported number is certainly
    another one. parts: name, then and now of each part. settled: what the office found when it looked.
    """

    indicator: Indicator
    value: int
    until: date
    then: Told | None
    now: Told | None
    differs: bool
    parts: list[tuple[str, Told | None, Told | None]] = field(default_factory=list)
    settled: FigureReconciled | None = None

    @property
    def source(self) -> str:
        return self.indicator.counter.source if self.indicator.counter else ""

    @property
    def then_words(self) -> str:
        return _words(self.then, [(name, then) for name, then, _ in self.parts])

    @property
    def now_words(self) -> str:
        """ "" where it is what it was then."""
        words = _words(self.now, [(name, now) for name, _, now in self.parts])
        return "" if self.then is not None and words == self.then_words else words

    @property
    def is_open(self) -> bool:
        """It differs, and nobody has settled it."""
        return self.differs and self.settled is None

    @property
    def request(self) -> str:
        """What the office asks the unit with one click."""
        whole = self.now if self.then is None else self.then
        # Where the whole is right, the parts are told as well.
        counted = told_words(whole) if _is_another(self.value, whole) else self.then_words or self.now_words
        return (
            f"Số báo cáo {vn_number(self.value)} {self.indicator.measure} khác số {self.source} đếm được"
            f" ({counted}, đến hết {vn_date(self.until)}). Đề nghị đối chiếu: sửa số báo cáo, cập nhật sổ, hoặc giải thích."
        )


def told_words(told: Told | None) -> str:
    """A number, or the words in its place; "" for nothing."""
    return told.words if isinstance(told, Untold) else vn_number(told)


def _words(whole: Told | None, parts: list[tuple[str, Told | None]]) -> str:
    """ "30 (Cựu chiến binh 20; Dân công hỏa tuyến 10)"; where the whole is not told, its words alone."""
    if isinstance(whole, Untold):
        return whole.words
    named = "; ".join(f"{name} {told_words(told)}" for name, told in parts if told is not None)
    return f"{told_words(whole)} ({named})" if whole is not None and named else told_words(whole) or named


@dataclass
class Comparison:
    """The checks of some figures by their keys, and what is needed to put them together."""

    checks: dict[int, Check] = field(default_factory=dict)

    def of(self, figure: Figure) -> Check | None:
        return self.checks.get(figure.pk)

    def open_count(self, figures: Iterable[Figure]) -> int:
        """How many of them differ and nobody has settled."""
        found = (self.checks.get(figure.pk) for figure in figures)
        return sum(1 for check in found if check is not None and check.is_open)


def compare(
    totals: Iterable[Figure],
    parts: Iterable[Figure],
    indicators: Iterable[Indicator],
    directives: Mapping[int, int],
    access: Access,
) -> Comparison:
    """Put figures beside what is on record; figures that nobody counts are left out.

    Args:
        totals: the figures; parts: those of their parts, by the same rounds.
        indicators: of the figures, with categories loaded; directives: task → document.
        access: the reader's rights.

    Statements: none where no figure is counted; else the assignments, what was settled, and those of the counters; the
    periods as well where a figure counts within one.
    """
    counted = {one.pk: one for one in indicators if one.counter is not None}
    figures = [figure for figure in totals if figure.indicator_id in counted]
    if not figures:
        return Comparison()
    works = works_of({figure.task_id for figure in figures})
    days = _days_of(figures, counted, directives)
    peers = {
        Wanted(work.pk, figure.indicator_id, days[figure.pk])
        for figure in figures
        for work in works.get(figure.task_id, [])
    }
    found = tally(peers, counted.values(), works, directives)
    untold = _untold(found, counted, {work.pk: work for some in works.values() for work in some})
    by_round: dict[tuple[int, int], dict[int, Figure]] = defaultdict(dict)
    for part in parts:
        by_round[part.round_id, part.indicator_id][part.category_id or 0] = part
    settled = {
        row.value_id: row
        for row in FigureReconciled.objects.filter(value__in=[figure.pk for figure in figures]).select_related("by")
    }
    return Comparison(
        {
            figure.pk: _Reader(
                counted[figure.indicator_id],
                exact=figure.unit_id in access.visible_unit_ids,
                now=found.get(one, {}),
                hidden=untold.get(one, {}),
            ).check(figure, by_round[figure.round_id, figure.indicator_id], settled.get(figure.pk))
            for figure in figures
            if (one := Wanted(figure.assignment_id, figure.indicator_id, days[figure.pk]))
        }
    )


def _days_of(figures: list[Figure], counted: Mapping[int, Indicator], directives: Mapping[int, int]) -> dict[int, Days]:
    """Figure → the days it speaks of, as the form asked for them."""
    within = [figure for figure in figures if not counted[figure.indicator_id].is_cumulative]
    periods: dict[int, list[tuple[str, date]]] = defaultdict(list)
    if any(figure.starts_on is None for figure in within):
        rows = ReportingPeriod.objects.filter(directive__in={directives[figure.task_id] for figure in within})
        for directive, kind, cutoff in rows.values_list("directive_id", "kind", "cutoff_on"):
            periods[directive].append((kind, cutoff))
    # A running total begins at the beginning, whatever the period.
    found = {figure.pk: Days(None, figure.last_day) for figure in figures}
    for figure in within:
        found[figure.pk] = Days(_first(figure, periods[directives[figure.task_id]]), figure.last_day)
    return found


def _first(figure: Figure, periods: list[tuple[str, date]]) -> date | None:
    """As tasks/events/counting.py finds it. Args: periods, kind and cut-off of each period of the document."""
    if figure.starts_on is not None:
        return figure.starts_on
    end = figure.cutoff_on or figure.last_day
    before = [cutoff for kind, cutoff in periods if cutoff < end and figure.period_kind in (None, kind)]
    return max(before) + timedelta(days=1) if before else None


def _untold(
    found: Mapping[Wanted, Tallies], counted: Mapping[int, Indicator], works: Mapping[int, Work]
) -> dict[Wanted, dict[str, Untold]]:
    """What is not told outside its unit: numbers are read side by side with those of the units that stand beside it – the
    leads, the contributors of a task, the parts of one work, whose sum is known – and with the other parts of the same
    figure. Of a figure that is not told, no part is."""
    together: dict[tuple, dict[Wanted, Tally]] = defaultdict(dict)
    for one, tallies in found.items():
        work = works[one.work_id]
        for code, cell in tallies.items():
            together[one.indicator_id, code, one.days, work.role, work.parent_id][one] = cell
    result: dict[Wanted, dict[str, Untold]] = defaultdict(dict)
    for (indicator, code, *_), cells in together.items():
        for one, words in _hide(counted[indicator].counter, cells).items():
            result[one][code] = words
    for one, tallies in found.items():
        parts = {code: cell for code, cell in tallies.items() if code != WHOLE}
        result[one] = {**_hide(counted[one.indicator_id].counter, parts), **result[one]}
        if WHOLE in result[one]:
            result[one] |= {code: Untold(result[one][WHOLE].words) for code in parts if parts[code].value}
    return result


def _hide(counter: Counter | None, cells: Mapping[Any, Tally]) -> Mapping[Any, Untold]:
    return counter.hide(cells) if counter is not None else {}


@dataclass(frozen=True)
class _Reader:
    """What one reader is told of one figure."""

    indicator: Indicator
    exact: bool
    now: Tallies
    hidden: Mapping[str, Untold]

    def check(self, figure: Figure, parts: Mapping[int, Figure], settled: FigureReconciled | None) -> Check:
        shown = {part.code: (part.name, parts[part.pk]) for part in self.indicator.categories.all() if part.pk in parts}
        then = self._then({WHOLE: figure, **{code: one for code, (_, one) in shown.items()}})
        now = {code: self._now(code) for code in (WHOLE, *shown)}
        compared = [(one.value, code) for code, (_, one) in shown.items()] or [(figure.value, WHOLE)]
        return Check(
            indicator=self.indicator,
            value=figure.value,
            until=figure.last_day,
            then=then[WHOLE],
            now=now[WHOLE],
            differs=any(
                _is_another(value, now[code] if then[code] is None else then[code]) for value, code in compared
            ),
            parts=[(name, then[code], now[code]) for code, (name, _) in shown.items()],
            settled=settled,
        )

    def _now(self, code: str) -> Told | None:
        hidden = None if self.exact else self.hidden.get(code)
        return hidden or (self.now[code].value if code in self.now else None)

    def _then(self, figures: Mapping[str, Figure]) -> dict[str, Told | None]:
        """What was frozen, by WHOLE and the codes of parts. What is small by itself is not told, nor what is not told today."""
        frozen = {
            code: Tally(one.counted, one.counted_people) for code, one in figures.items() if one.counted is not None
        }
        told: dict[str, Told | None] = {code: frozen[code].value if code in frozen else None for code in figures}
        if self.exact or not frozen:
            return told
        parts = {code: cell for code, cell in frozen.items() if code != WHOLE}
        whole = {code: cell for code, cell in frozen.items() if code == WHOLE}
        counter = self.indicator.counter
        today = dict.fromkeys(frozen.keys() & self.hidden.keys(), Untold(LEFT_OUT))
        return told | today | dict(_hide(counter, parts)) | dict(_hide(counter, whole))


def _is_another(value: int, told: Told | None) -> bool:
    if told is None:
        return False
    return told.excludes(value) if isinstance(told, Untold) else told != value


def together_words(indicator: Indicator, checks: Iterable[Check | None]) -> str:
    """What was counted of several units, by the rule that puts their reports together: "52", "52, chưa kể 2 đơn vị dưới
    5"; "" where nothing was counted."""
    known = [check for check in checks if check is not None and (check.then, check.now) != (None, None)]
    told = [check.now if check.then is None else check.then for check in known]
    numbers: list[Number] = [one for one in told if not isinstance(one, Untold) and one is not None]
    if len(told) == 1:
        return told_words(told[0])
    left = len(told) - len(numbers)
    if not left:
        return sums.shown(sums.over_units(indicator.over_units, numbers))
    if indicator.over_units != OverUnits.SUM or not numbers:
        return LEFT_OUT
    return f"{sums.shown(sum(numbers))}, chưa kể {left} đơn vị không nêu số"


def checks_of_rounds(
    rounds: Iterable[int], indicators: Iterable[Indicator], directives: Mapping[int, int], access: Access
) -> dict[tuple[int, str], Check]:
    """(round, code of the figure) → its check, of what was sent whatever became of it.

    Args:
        rounds: their keys; indicators: of their tasks, with categories loaded; directives: task → document.
    """
    counted = [one for one in indicators if one.counter is not None]
    if not counted:
        return {}
    rows = sums.read_sent(IndicatorValue.objects.filter(round__in=list(rounds), indicator__in=counted))
    totals = [figure for figure in rows if figure.category_id is None]
    parts = [figure for figure in rows if figure.category_id is not None]
    codes = {one.pk: one.code for one in counted}
    comparison = compare(totals, parts, counted, directives, access)
    return {
        (figure.round_id, codes[figure.indicator_id]): check
        for figure in totals
        if (check := comparison.of(figure)) is not None
    }
