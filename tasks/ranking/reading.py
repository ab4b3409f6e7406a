"""A frozen ranking as pages show it: rows with words, the spread, each unit's reasons. Nothing is counted here."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Count
from django.urls import reverse

from directive_tracker.vietnamese import vn_number
from tasks.models import Ranking, RankingAnswer
from tasks.ranking.freezing import percent
from tasks.ranking.telling import unit_url
from tasks.ranking.words import NOT_ENOUGH, WAITS, trend_short, trend_sign, trend_words

# The spread: from how many per cent, the words.
BANDS = (
    (100, "100%"),
    (90, "từ 90 đến dưới 100%"),
    (75, "từ 75 đến dưới 90%"),
    (50, "từ 50 đến dưới 75%"),
    (0, "dưới 50%"),
)


@dataclass(frozen=True)
class Row:
    """One unit's place."""

    unit: int
    name: str
    rank: int | None
    done: int
    due: int
    percent: int | None
    points: int | None
    before: int | None
    late: int
    url: str
    answers: int = 0

    @property
    def rank_words(self) -> str:
        return vn_number(self.rank) if self.rank is not None else NOT_ENOUGH

    @property
    def value_words(self) -> str:
        """ "6/7 (85%)"."""
        return f"{vn_number(self.done)}/{vn_number(self.due)}" + (
            f" ({self.percent}%)" if self.percent is not None else ""
        )

    @property
    def trend(self) -> str:
        return trend_words(self.points)

    @property
    def trend_short(self) -> str:
        return trend_short(self.points)

    @property
    def sign(self) -> str:
        return trend_sign(self.points)


@dataclass(frozen=True)
class Band:
    """How many ranked units lie in one stretch of values; `own`: the unit's own one is among them."""

    words: str
    units: int
    own: bool = False


@dataclass(frozen=True)
class Cost:
    """One work that cost the unit something."""

    code: str
    title: str
    directive: str
    due: date
    done_on: date | None
    days: int
    extended_to: date | None
    asks: bool
    waits: str
    url: str


@dataclass(frozen=True)
class Whole:
    """Everything office and readers see."""

    better: list[Row]
    ranked: list[Row]
    others: list[Row]
    bands: list[Band]
    median: int | None
    answered: int

    @property
    def several(self) -> bool:
        return bool(self.ranked)


@dataclass(frozen=True)
class OwnPlace:
    """Everything a unit sees."""

    row: Row
    ranked: int
    median: int | None
    bands: list[Band]
    costs: list[Cost]
    more: int


def whole(ranking: Ranking) -> Whole:
    """All rows: ranked ones by rank, those without a rank apart in official order, first who has become better.

    One statement counts the answers.
    """
    counts = dict(
        RankingAnswer.objects.filter(ranking=ranking, from_office=False)
        .order_by()
        .values_list("unit_id")
        .annotate(n=Count("pk"))
    )
    places = sorted(ranking.data["places"].items(), key=lambda item: item[1]["order"])
    rows = [_row(ranking, int(unit), place, counts.get(int(unit), 0)) for unit, place in places]
    ranked = [row for row in rows if row.rank is not None]
    return Whole(
        better=[row for row in ranked if row.points is not None and row.points > 0],
        ranked=sorted(ranked, key=lambda row: row.rank or 0),
        others=[row for row in rows if row.rank is None],
        bands=_bands(ranking),
        median=ranking.data["median"],
        answered=len(counts),
    )


def own_place(ranking: Ranking, unit: int) -> OwnPlace:
    """One unit's row, why it has this rank, and how the others lie without their names.

    Errors: KeyError for a unit that has no place.
    """
    place = ranking.data["places"][str(unit)]
    row = _row(ranking, unit, place, 0)
    return OwnPlace(
        row=row,
        ranked=ranking.data["ranked"],
        median=ranking.data["median"],
        bands=_bands(ranking, own=row.percent if row.rank is not None else None),
        costs=[_cost(late) for late in place["late"]],
        more=place["more"],
    )


def rankings_open_for(user: Any, unit: int, *, today: date) -> list[tuple[Ranking, str]]:
    """The rankings that wait for the unit to see them, each with the address of its place; for the unit's own page."""
    rows = Ranking.objects.visible_to(user).with_the_units(today=today).filter(data__places__has_key=str(unit))
    return [(row, unit_url(row, unit)) for row in rows.for_listing()]


def _row(ranking: Ranking, unit: int, place: dict[str, Any], answers: int) -> Row:
    value = percent(Fraction(place["done"], place["due"])) if place["due"] else None
    before = percent(Fraction(*place["before"])) if place["before"] else None
    ranked = place["rank"] is not None
    return Row(
        unit=unit,
        name=place["name"],
        rank=place["rank"],
        done=place["done"],
        due=place["due"],
        percent=value,
        points=value - before if ranked and value is not None and before is not None else None,
        before=before,
        late=len(place["late"]) + place["more"],
        url=unit_url(ranking, unit),
        answers=answers,
    )


def _bands(ranking: Ranking, own: int | None = None) -> list[Band]:
    ranked = [place for place in ranking.data["places"].values() if place["rank"] is not None]
    values = [percent(Fraction(place["done"], place["due"])) for place in ranked]
    found, above = [], 101
    for least, words in BANDS:
        mine = own is not None and least <= own < above
        found.append(Band(words, sum(least <= value < above for value in values), mine))
        above = least
    return found


def _cost(late: dict[str, Any]) -> Cost:
    return Cost(
        code=late["code"],
        title=late["title"],
        directive=late["directive"],
        due=date.fromisoformat(late["due"]),
        done_on=date.fromisoformat(late["done_on"]) if late["done_on"] else None,
        days=late["days"],
        extended_to=date.fromisoformat(late["extended_to"]) if late["extended_to"] else None,
        asks=late["asks"],
        waits=WAITS[late["waits"]].format(late["for"]),
        url=reverse("tasks:assignment_detail", args=[late["work"]]),
    )
