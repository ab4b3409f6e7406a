"""The registry in a few figures, exact for registrars and as others may read them."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Count, Q, QuerySet, Value

from directive_tracker.prepared import Prepared
from tasks.indicators.counters import Tally, Untold
from tasks.summary.shape import Registry, RegistryRow
from units.models import Area, AreaLevel
from veterans import coverage
from veterans.area_reviews import reviewed
from veterans.models import Campaign, Person
from veterans.small_cells import (
    SMALL_CELL,
    SMALL_WORDS,
    PublicTable,
    halves,
    is_small,
    part_of_second,
    public_table,
    small_cell,
)

# Of a larger number that would give a small one away.
LEFT_OUT_WORDS = "không nêu"
SMALL_CELL_NOTE = "Số người dưới 5 không nêu ngoài huyện, kể cả trong số toàn tỉnh."
NOT_BEGUN = "chưa mở đợt"
# The columns of the districts' table (small_cells.PublicTable).
COLUMNS = {
    "none": "Chưa có kế hoạch",
    "planned": "Trong kế hoạch, chưa thăm",
    "waiting": "Chưa thăm",
    "visited": "Đã thăm",
    "total": "Đã xác minh, còn sống",
}
# A province has some thousand people to thank; counting a million for every overview takes longer than the rest of it. From so
# many verified living on, what everybody reads is counted once a minute in each process.
LARGE, KEPT_SECONDS = 20_000, 60
# People of communes that stand below no district.
ELSEWHERE = "Không thuộc huyện nào"


@dataclass(frozen=True)
class RegistryFigures:
    """The exact figures, for registrars and for the registry's own work.

    visited, unvisited_old: of the verified living; campaigns: 1 once the present occasion has begun.
    """

    communes_reviewed: int
    communes_total: int
    verified_living: int
    visited: int
    unvisited_old: int = 0
    campaigns: int = 1

    @property
    def unvisited(self) -> int:
        return self.verified_living - self.visited


@dataclass(frozen=True)
class PublicFigures:
    """The figures as everybody else may read them: numbers of people are words such as "31", "dưới 5" or "trên 42"."""

    communes_reviewed: int
    communes_total: int
    verified_living: str
    visited: str
    unvisited: str
    unvisited_old: str
    sentence: str
    note: str = SMALL_CELL_NOTE


def untold(cells: Mapping[Any, Tally]) -> dict[Any, Untold]:
    """Of numbers that are read side by side, those that are not told outside the district, with words in their place.

    A number that stands for fewer than five people is not told. Where the sum of all would give it away – it is the only
    one, or all of them are 1 or all are 4 – one larger number is left out as well: the smallest beside which every number
    under five stays possible, or all of them where none is large enough.
    """
    small = {key: cell for key, cell in cells.items() if cell.people is not None and is_small(cell.people)}
    found = {key: _small_words(cell) for key, cell in small.items()}
    hidden = sum(cell.people or 0 for cell in small.values())
    if len(small) > 1 and hidden not in (len(small), len(small) * (SMALL_CELL - 1)):
        return found
    rest = sorted(
        (
            (cell.people, place, key)
            for place, (key, cell) in enumerate(cells.items())
            if cell.people and key not in small
        )
    )
    if small and rest:
        enough = [key for people, _, key in rest if hidden + people >= 2 * SMALL_CELL - 1]
        found |= dict.fromkeys(enough[:1] or [key for _, _, key in rest], Untold(LEFT_OUT_WORDS))
    return found


def _small_words(cell: Tally) -> Untold:
    """Of people "dưới 5"; of what they were given "của dưới 5 người", from which nothing follows but that it is some."""
    if cell.value == cell.people:
        return Untold(SMALL_WORDS, range(1, SMALL_CELL))
    return Untold(f"của {SMALL_WORDS} người")


def registry_figures(today: date, *, area_ids=None) -> RegistryFigures:
    """Count the registry as of a day, in one statement.

    Args:
        today: communes count when they exist that day; reviews and visits up to that day.
        area_ids: only these areas (a registrar's own); None for the whole province.
    """
    rows = _WHOLE.rows(key=(today,)) if area_ids is None else _asked(today, area_ids)
    return RegistryFigures(**dict(rows))


def _asked(today: date, area_ids=None) -> QuerySet:
    """The statement behind `registry_figures`: one row for each figure."""
    communes = Area.objects.communes().valid_on(today)
    people = Person.objects.verified_living()
    if area_ids is not None:
        communes = communes.filter(pk__in=area_ids)
        people = people.filter(residence__in=area_ids)
    present = Campaign.objects.present()
    visited = coverage.visited_q(present, today)
    parts = {
        "communes_reviewed": reviewed(communes, today),
        "communes_total": communes,
        "verified_living": people,
        "visited": people.filter(visited),
        "unvisited_old": people.filter(~visited, coverage.old_q(today)),
        "campaigns": Campaign.objects.filter(pk=present, starts_on__lte=today),
    }
    first, *others = (_counted(rows, name) for name, rows in parts.items())
    return first.union(*others, all=True)


# Of the whole province it is asked by every overview; putting it together takes longer than counting.
_WHOLE = Prepared(_asked)


def _counted(rows: QuerySet, name: str) -> QuerySet:
    """One row: the name and the number of rows."""
    named = rows.order_by().values(figure=Value(name, output_field=CharField()))
    return named.annotate(number=Count("pk")).values_list("figure", "number")


# The day → when it was counted (seconds, time.monotonic) and what, of a registry that is large.
_kept: dict[date, tuple[float, RegistryFigures]] = {}


def _recent_figures(today: date) -> RegistryFigures:
    """The whole province's figures, of a large registry at most KEPT_SECONDS old."""
    counted_at, figures = _kept.get(today, (None, None))
    if figures is not None and counted_at is not None and time.monotonic() - counted_at < KEPT_SECONDS:
        return figures
    _kept.clear()
    figures = registry_figures(today)
    if figures.verified_living >= LARGE:
        _kept[today] = (time.monotonic(), figures)
    return figures


def public_figures(today: date) -> PublicFigures:
    """The whole province's figures for office and readers, small numbers of people hidden; of a very large registry they may be
    a minute old."""
    exact = _recent_figures(today)
    if exact.campaigns:
        visited, unvisited = halves(exact.visited, exact.unvisited)
        old = part_of_second(exact.visited, exact.unvisited, exact.unvisited_old)
    else:
        visited = unvisited = old = NOT_BEGUN
    living = small_cell(exact.verified_living)
    return PublicFigures(
        communes_reviewed=exact.communes_reviewed,
        communes_total=exact.communes_total,
        verified_living=living,
        visited=visited,
        unvisited=unvisited,
        unvisited_old=old,
        sentence=f"{exact.communes_reviewed}/{exact.communes_total} xã đã rà soát; {living} người đã xác minh còn sống; "
        + (_reached(visited, unvisited, old) if exact.campaigns else f"{NOT_BEGUN} tri ân"),
    )


def _reached(visited: str, unvisited: str, old: str) -> str:
    """The end of the Committee's sentence."""
    words = f"đã thăm {visited}; chưa thăm {unvisited}"
    return words if unvisited == "0" or old == "0" else f"{words}, có {old} cụ từ {coverage.OLD} tuổi"


def public_districts(today: date) -> PublicTable:
    """The people by district and stage as the office and readers may see them. Two statements."""
    counted = coverage.by_district(campaign=Campaign.objects.present(), today=today)
    there = Q(level=AreaLevel.DISTRICT, valid_from__lte=today) & (Q(valid_to__isnull=True) | Q(valid_to__gte=today))
    # People of a district that has ended are part of the sums beside the table, so they stand in it.
    names = Area.objects.filter(there | Q(pk__in=[pk for pk in counted if pk])).order_by("code", "pk")
    sums: dict[str, coverage.Counts] = {}
    for pk, name in [*names.values_list("pk", "name"), (None, ELSEWHERE)]:
        if pk or None in counted:
            sums[name] = sums.get(name, coverage.Counts()) + counted.get(pk, coverage.Counts())
    return public_table({name: (counts.none, counts.planned, counts.visited) for name, counts in sums.items()})


def summary_table(today: date) -> Registry:
    """The districts' table for the appendix of the summary report: numbers alone, small ones put together already.

    The sums below it are those of the rows, so that they give away nothing the rows do not say.
    """
    table = public_districts(today)
    rows: list[RegistryRow] = [
        {"name": ", ".join(row.names), "figures": dict(zip(table.columns, row.cells, strict=True))}
        for row in table.rows
    ]
    total = {name: sum(row["figures"][name] or 0 for row in rows) if rows else None for name in table.columns}
    return {"heads": {name: COLUMNS[name] for name in table.columns}, "rows": rows, "total": total}
