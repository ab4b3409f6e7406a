"""The year: every document that was followed in it, with the sums of its kept figures.

Figures are those of today, of a document that has ended those of the day it ended on. Sums are added up by the database over
the rows of tasks, of which there are fewer than of units; by unit over the rows of the units on the page alone.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from directive_tracker.vietnamese import vn_number
from tasks import tallies
from tasks.enums import DirectiveState
from tasks.models import Directive, Tally
from tasks.paging import PAGE_SIZE, page_number
from tasks.querysets import DirectiveQuerySet
from tasks.tallies import FIGURE_NAMES, Figures
from tasks.whole.kept import Line
from tasks.whole.sentence import figures_said
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


def followed_in(directives: DirectiveQuerySet, year: int, kind: str = "") -> DirectiveQuerySet:
    """The documents that were followed at some time of the year, those issued before it as well.

    Args:
        kind: one of KINDS, "" for all.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    found = directives.exclude(state=DirectiveState.DRAFT).filter(issued_on__lte=last)
    found = found.filter(Q(closed_on__isnull=True) | Q(closed_on__gte=first))
    if kind == "moi":
        return found.filter(issued_on__gte=first)
    if kind == "cu":
        return found.filter(issued_on__lt=first)
    if kind:
        return found.filter(state=DirectiveState.ISSUED if kind == "dang" else DirectiveState.CLOSED)
    return found


def build_year(user, year: int, *, kind: str, by_unit: bool, asked: str | None, today: date) -> Year:
    """The year for office and readers; the statements are the same however many documents and units there are.

    Args:
        kind: one of KINDS, "" for all; by_unit: whether the page lists units; asked: the number of the page.
    """
    directives = followed_in(Directive.objects.visible_to(user), year, kind)
    kept = Tally.objects.visible_to(user).filter(directive__in=directives.values("pk"))
    total = _total(kept, today=today)
    rows: list[tuple[Directive, Figures]] = []
    lines: list[Line] = []
    if by_unit:
        page = _page(_units(kept), asked)
        sums = _sums(kept.filter(unit__in=list(page)), "unit_id")
        lines = [Line(unit.pk, "", unit.short_name, sums.get(unit.pk, Figures())) for unit in page]
        counted = directives.count()
    else:
        page = _page(directives.order_by("-issued_on", "-pk"), asked)
        sums = _sums(kept.filter(directive__in=list(page), task__isnull=False), "directive_id")
        rows = [(directive, sums.get(directive.pk, Figures())) for directive in page]
        counted = page.paginator.count
    return Year(year, _sentence(year, counted, total), total, page, rows, lines)


def _page(rows: QuerySet, asked: str | None) -> Page:
    return Paginator(rows, PAGE_SIZE).get_page(page_number(asked))


def _units(kept: QuerySet[Tally]) -> QuerySet[Unit]:
    """The units that lead work there, in official order."""
    return (
        Unit.objects.filter(Exists(kept.filter(unit=OuterRef("pk"))))
        .only("short_name", "sort_order")
        .in_official_order()
    )


def _sums(rows: QuerySet[Tally], by: str) -> dict[int, Figures]:
    grouped = rows.order_by().values(by).annotate(**{f"sum_{name}": Sum(name) for name in FIGURE_NAMES})
    return {row[by]: Figures(**{name: row[f"sum_{name}"] for name in FIGURE_NAMES}) for row in grouped}


def _total(kept: QuerySet[Tally], *, today: date) -> Figures:
    """The sum over all of them; the first reader of a day rolls the figures forward."""
    row = _added_up(kept)
    if row["oldest"] is not None and row["oldest"] < today:
        tallies.roll_forward(today=today)
        row = _added_up(kept)
    return Figures(**{name: row[f"sum_{name}"] for name in FIGURE_NAMES})


def _added_up(kept: QuerySet[Tally]) -> dict[str, Any]:
    sums: dict[str, Any] = {f"sum_{name}": Coalesce(Sum(name), 0) for name in FIGURE_NAMES}
    return kept.filter(task__isnull=False).aggregate(
        **sums, oldest=Min("day", filter=Q(directive__state=DirectiveState.ISSUED))
    )


def _sentence(year: int, directives: int, total: Figures) -> str:
    """ "Năm 2024: 12 văn bản · 40 trên 90 việc hoàn thành · 3 việc quá hạn · 5 việc chờ xác nhận"."""
    return " · ".join([f"Năm {year}: {vn_number(directives)} văn bản", *figures_said(total)])
