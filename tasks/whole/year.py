"""The year: every document that was followed in it, with the sums of its kept figures.

Figures are those of today, of a document that has ended those of the day it ended on. Sums are added up by the database over
the rows of tasks, of which there are fewer than of units; by unit over the rows of the units on the page alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Sum

from directive_tracker.prepared import Prepared
from directive_tracker.vietnamese import vn_number
from tasks import tallies
from tasks.enums import DirectiveState
from tasks.models import Directive, Tally
from tasks.paging import PAGE_SIZE, CountedPaginator, page_number
from tasks.querysets import DirectiveQuerySet, access_for
from tasks.tallies import FIGURE_NAMES, Figures
from tasks.whole.kept import Line
from tasks.whole.sentence import figures_said
from units.access import Access, Seer
from units.models import Unit

# Years in which documents may have been issued.
YEARS = (2000, 2099)
# Filter → the words of its choice.
KINDS = {
    "moi": "Ban hành trong năm",
    "cu": "Ban hành trước, theo dõi tiếp trong năm",
    "dang": "Đang theo dõi",
    "het": "Đã kết thúc theo dõi",
}


@dataclass(frozen=True)
class Year:
    """One page of a year: of its documents, or of the units that had work in it."""

    year: int
    sentence: str
    total: Figures
    page: Page
    rows: list[tuple[Directive, Figures]]
    units: list[Line]

    @property
    def title(self) -> str:
        return f"Tổng quan năm {self.year}"


def followed_in(directives: DirectiveQuerySet, kind: str, first: date, last: date) -> DirectiveQuerySet:
    """The documents that were followed at some time of a year, those issued before it as well.

    Args:
        kind: one of KINDS, "" for all; first, last: the year's first and last day.
    """
    found = directives.exclude(state=DirectiveState.DRAFT).filter(issued_on__lte=last)
    found = found.filter(Q(closed_on__isnull=True) | Q(closed_on__gte=first))
    if kind == "moi":
        return found.filter(issued_on__gte=first)
    if kind == "cu":
        return found.filter(issued_on__lt=first)
    if kind:
        return found.filter(state=DirectiveState.ISSUED if kind == "dang" else DirectiveState.CLOSED)
    return found


# --- the questions, each put together once a process ----------------------------------------------


def _documents(access: Access, kind: str, first: date, last: date) -> DirectiveQuerySet:
    return followed_in(Directive.objects.visible_to(Seer(access)), kind, first, last)


def _kept(access: Access, documents: DirectiveQuerySet) -> QuerySet[Tally]:
    """The kept rows of these documents, by unit and by task."""
    return Tally.objects.visible_to(Seer(access)).filter(directive__in=documents.values("pk")).order_by()


def _counted(access: Access, kind: str, first: date, last: date) -> QuerySet:
    return _documents(access, kind, first, last).order_by().values("state").annotate(found=Count("pk"))


def _listed(access: Access, kind: str, start: int, first: date, last: date) -> DirectiveQuerySet:
    """The documents of one page, the newest first."""
    return _documents(access, kind, first, last).order_by("-issued_on", "-pk")[start : start + PAGE_SIZE]


def _sums_listed(access: Access, kind: str, start: int, first: date, last: date) -> QuerySet:
    """The sums of each of them."""
    kept = _kept(access, _listed(access, kind, start, first, last)).filter(task__isnull=False)
    return kept.values("directive_id").annotate(**_SUMS)


def _sums_all(access: Access, kind: str, first: date, last: date) -> QuerySet:
    """The sums over all documents, of those that go on and those that have ended apart."""
    kept = _kept(access, _documents(access, kind, first, last)).filter(task__isnull=False)
    return kept.values("directive__state").annotate(**_SUMS, oldest=Min("day"))


_SUMS = {f"sum_{name}": Sum(name) for name in FIGURE_NAMES}
_COUNTED, _LISTED, _SUMS_LISTED, _SUMS_ALL = (
    Prepared(_counted),
    Prepared(_listed),
    Prepared(_sums_listed),
    Prepared(_sums_all),
)


def build_year(user, year: int, *, kind: str, by_unit: bool, asked: str | None, today: date) -> Year:
    """The year for office and readers; the statements are the same however many documents and units there are.

    Args:
        kind: one of KINDS, "" for all; by_unit: whether the page lists units; asked: the number of the page.
    """
    access, ends = access_for(user), (date(year, 1, 1), date(year, 12, 31))
    total = _total(access, kind, ends, today=today)
    counted = sum(row["found"] for row in _COUNTED.rows(*ends, key=(access, kind)))
    rows: list[tuple[Directive, Figures]] = []
    lines: list[Line] = []
    if by_unit:
        kept = _kept(access, _documents(access, kind, *ends))
        page = Paginator(_units(kept), PAGE_SIZE).get_page(page_number(asked))
        sums = _sums(kept.filter(unit__in=list(page)).values("unit_id").annotate(**_SUMS), "unit_id")
        lines = [Line(unit.pk, "", unit.short_name, sums.get(unit.pk, Figures())) for unit in page]
    else:
        number = min(page_number(asked), max(1, -(-counted // PAGE_SIZE)))
        part = (access, kind, (number - 1) * PAGE_SIZE)
        page = CountedPaginator(number, _LISTED.rows(*ends, key=part), counted, capped=False).the_page()
        sums = _sums(_SUMS_LISTED.rows(*ends, key=part), "directive_id")
        rows = [(directive, sums.get(directive.pk, Figures())) for directive in page]
    return Year(year, _sentence(year, counted, total), total, page, rows, lines)


def _units(kept: QuerySet[Tally]) -> QuerySet[Unit]:
    """The units that lead work there, in official order."""
    return (
        Unit.objects.filter(Exists(kept.filter(unit=OuterRef("pk"))))
        .only("short_name", "sort_order")
        .in_official_order()
    )


def _sums(rows: Iterable[dict[str, Any]], by: str) -> dict[int, Figures]:
    return {row[by]: _figures(row) for row in rows}


def _figures(row: dict[str, Any]) -> Figures:
    return Figures(*[row[f"sum_{name}"] for name in FIGURE_NAMES])


def _total(access: Access, kind: str, ends: tuple[date, date], *, today: date) -> Figures:
    """The sum over all of them; the first reader of a day rolls the figures forward."""
    rows = _SUMS_ALL.rows(*ends, key=(access, kind))
    if any(row["directive__state"] == DirectiveState.ISSUED and row["oldest"] < today for row in rows):
        tallies.roll_forward(today=today)
        rows = _SUMS_ALL.rows(*ends, key=(access, kind))
    return tallies.total_of(map(_figures, rows))


def _sentence(year: int, directives: int, total: Figures) -> str:
    """ "Năm 2024: 12 văn bản · 40 trên 90 việc hoàn thành · 3 việc quá hạn · 5 việc chờ xác nhận"."""
    return " · ".join([f"Năm {year}: {vn_number(directives)} văn bản", *figures_said(total)])
