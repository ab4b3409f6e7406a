"""The registry in three figures, and the rule that keeps small ones inside the district."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Count, QuerySet, Value

from tasks.indicators.counters import Tally, Untold
from units.models import Area
from veterans.area_reviews import reviewed
from veterans.models import Campaign, Person, Visit

# Fewer than this many people could be told by name in a small place.
SMALL_CELL = 5
SMALL_WORDS = "dưới 5"
# Of a larger number that would give a small one away.
LEFT_OUT_WORDS = "không nêu"
SMALL_CELL_NOTE = "Số người dưới 5 không nêu ngoài huyện, kể cả trong số toàn tỉnh."


@dataclass(frozen=True)
class RegistryFigures:
    """The exact figures, for registrars and for the registry's own work."""

    communes_reviewed: int
    communes_total: int
    verified_living: int
    visited: int


@dataclass(frozen=True)
class PublicFigures:
    """The figures as everybody else may read them: numbers of people are words such as "31" or "dưới 5"."""

    communes_reviewed: int
    communes_total: int
    verified_living: str
    visited: str
    note: str = SMALL_CELL_NOTE


def small_cell(people: int) -> str:
    """Return a number of people as it may leave the district: "0", "dưới 5" or the number."""
    return SMALL_WORDS if is_small(people) else f"{people:,}".replace(",", ".")


def is_small(people: int) -> bool:
    """Whether so few people stay inside the district."""
    return 0 < people < SMALL_CELL


def untold(cells: Mapping[Any, Tally]) -> dict[Any, Untold]:
    """Of numbers that are read side by side, those that are not told outside the district, with words in their place.

    A number that stands for fewer than five people is not told. Beside it the smallest other one is left out as well, one
    so large that the small ones cannot be worked out from the sum of all: every number under five stays possible.
    """
    small = {key: cell for key, cell in cells.items() if cell.people is not None and is_small(cell.people)}
    if not small:
        return {}
    found = {key: _small_words(cell) for key, cell in small.items()}
    rest = sorted(
        (
            (cell.people, place, key)
            for place, (key, cell) in enumerate(cells.items())
            if cell.people and key not in small
        )
    )
    hidden = sum(cell.people or 0 for cell in small.values())
    if rest:
        enough = [key for people, _, key in rest if hidden + people >= 2 * SMALL_CELL - 1]
        found[enough[0] if enough else rest[-1][2]] = Untold(LEFT_OUT_WORDS)
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
    communes = Area.objects.communes().valid_on(today)
    people = Person.objects.verified_living()
    visits = Visit.objects.filter(
        campaign=Campaign.objects.present(), on__lte=today, to_family=False, person__removed_on__isnull=True
    )
    if area_ids is not None:
        communes = communes.filter(pk__in=area_ids)
        people = people.filter(residence__in=area_ids)
        visits = visits.filter(person__residence__in=area_ids)
    parts = {
        "communes_reviewed": _counted(reviewed(communes, today), "communes_reviewed"),
        "communes_total": _counted(communes, "communes_total"),
        "verified_living": _counted(people, "verified_living"),
        "visited": _counted(visits, "visited", of=Count("person", distinct=True)),
    }
    first, *others = parts.values()
    return RegistryFigures(**dict(first.union(*others, all=True)))


def _counted(rows: QuerySet, name: str, of: Count | None = None) -> QuerySet:
    """One row: the name and the number of rows."""
    named = rows.order_by().values(figure=Value(name, output_field=CharField()))
    return named.annotate(number=of or Count("pk")).values_list("figure", "number")


def public_figures(today: date) -> PublicFigures:
    """The whole province's figures for office and readers, small numbers of people hidden."""
    exact = registry_figures(today)
    return PublicFigures(
        communes_reviewed=exact.communes_reviewed,
        communes_total=exact.communes_total,
        verified_living=small_cell(exact.verified_living),
        visited=small_cell(exact.visited),
    )
