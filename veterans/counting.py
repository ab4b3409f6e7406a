"""What the registry counts for the figures of reports: numbers alone, by unit, document and days.

A visit belongs to the unit that organised it, a gift to the unit that gave it, with the units below counted as their own;
a review and a verification belong to the area of the unit, and a unit without an area has the whole province.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.db.models import Case, CharField, Count, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from directive_tracker.vietnamese import ZONE, fold
from tasks.indicators import counters
from tasks.indicators.counters import WHOLE, Ask, Counter, Tally
from units.models import Area, Unit
from veterans.area_reviews import reviewed_by
from veterans.enums import Category, Verification
from veterans.figures import untold
from veterans.models import Campaign, Gift, Person, PersonCategory, VerificationStep, Visit

SOURCE = "Sổ tri ân"
# So many columns a statement; more asks than these are a page of many hundred units.
ASKS_A_STATEMENT = 400
# How offices write the groups beside their names in the registry.
OTHER_NAMES = {
    "cuu chien binh": Category.SOLDIER,
    "chien si dien bien phu": Category.SOLDIER,
    "cuu thanh nien xung phong": Category.YOUTH_VOLUNTEER,
    "tnxp": Category.YOUTH_VOLUNTEER,
    "cuu tnxp": Category.YOUTH_VOLUNTEER,
    "dan cong": Category.LABOURER,
}


@dataclass(frozen=True)
class _Scope:
    """One ask with what it comes to here; `areas` None is the whole province."""

    ask: Ask
    campaign: Campaign
    units: frozenset[int] = frozenset()
    areas: frozenset[int] | None = None

    @property
    def first(self) -> date | None:
        """Where the ask begins within the occasion; None where it asks for all of it."""
        return None if self.ask.first is None else max(self.ask.first, self.campaign.starts_on)

    def within(self, column: str) -> Q:
        """Days of the occasion that the ask is about."""
        return Q(**{f"{column}__range": (self.first or self.campaign.starts_on, self.ask.last)})


def category_of(code: str, name: str) -> Category | None:
    """The group of the registry that a part of a figure asks for, by its code or its name; None for another thing."""
    if code in Category.values:
        return Category(code)
    key = fold(name)
    return {**{fold(str(one.label)): one for one in Category}, **OTHER_NAMES}.get(key)


# --- which occasion, which units, which areas -----------------------------------------------------------


def _scopes(asks: Sequence[Ask]) -> list[_Scope | None]:
    """For each ask its occasion: the one that carries out a task of the document, else the last that had begun."""
    campaigns = list(
        Campaign.objects.select_related("review_task", "plan_task", "visit_task").order_by("-starts_on", "-pk")
    )

    def occasion(ask: Ask) -> Campaign | None:
        known = [one for one in campaigns if ask.directive_id in _directives(one)]
        begun = [one for one in campaigns if one.starts_on <= ask.last and not _directives(one)]
        return next(iter([*known, *begun]), None)

    found = [(ask, occasion(ask)) for ask in asks]
    return [_Scope(ask, campaign) if campaign else None for ask, campaign in found]


def _directives(campaign: Campaign) -> set[int]:
    tasks = (campaign.review_task, campaign.plan_task, campaign.visit_task)
    return {task.directive_id for task in tasks if task is not None}


def _below(rows: Iterable[tuple[int, int | None]]) -> Callable[[int], frozenset[int]]:
    """A function that gives a row of a tree with everything below it.

    Args:
        rows: id and parent's id.
    """
    children: dict[int, list[int]] = defaultdict(list)
    for pk, parent in rows:
        if parent is not None:
            children[parent].append(pk)

    def below(pk: int) -> frozenset[int]:
        found, waiting = {pk}, [pk]
        while waiting:
            new = set(children[waiting.pop()]) - found
            found |= new
            waiting += new
        return frozenset(found)

    return below


def _with_units(scopes: list[_Scope]) -> list[_Scope]:
    below = _below(Unit.objects.order_by().values_list("pk", "parent_id"))
    return [replace(one, units=frozenset().union(*map(below, one.ask.unit_ids))) for one in scopes]


def _with_areas(scopes: list[_Scope]) -> list[_Scope]:
    asked = {pk for one in scopes for pk in one.ask.unit_ids}
    area_of = dict(Unit.objects.filter(pk__in=asked).order_by().values_list("pk", "area_id"))
    below = _below(Area.objects.order_by().values_list("pk", "parent_id"))

    def areas(unit_ids: frozenset[int]) -> frozenset[int] | None:
        own = [area_of.get(pk) for pk in unit_ids]
        return None if None in own else frozenset().union(*(below(pk) for pk in own if pk is not None))

    return [replace(one, areas=areas(one.ask.unit_ids)) for one in scopes]


# --- counting -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Kind:
    """How one number is counted.

    rows: all rows it is counted from; wanted: those of one ask; value, people: made from the condition.
    person: the path from a row to the person; None where the rows are not of people.
    area: the path from a row to its commune, where a row is of one commune and what is counted lies in one: then the
        communes are counted once for all units. None where the rows are those of units.
    """

    place: Callable[[list[_Scope]], list[_Scope]]
    rows: Callable[[], QuerySet]
    wanted: Callable[[_Scope], Q]
    value: Callable[[Q], Any]
    people: Callable[[Q], Any] | None = None
    person: str | None = None
    area: str | None = None


def _count(kind: _Kind, asks: Sequence[Ask]) -> list[dict[str, Tally]]:
    """The answers, in the order of the asks: one statement for all that ask for the same parts."""
    answers: list[dict[str, Tally]] = [{} for _ in asks]
    scopes = _scopes(asks)
    placed = dict(enumerate(scopes))
    known = {place: scope for place, scope in placed.items() if scope is not None}
    ready = dict(zip(known, kind.place(list(known.values())), strict=True)) if known else {}
    by_parts: dict[tuple[tuple[str, str], ...], list[int]] = defaultdict(list)
    for place, scope in ready.items():
        by_parts[scope.ask.parts].append(place)
    for parts, places in by_parts.items():
        for start in range(0, len(places), ASKS_A_STATEMENT):
            some = places[start : start + ASKS_A_STATEMENT]
            found = _of_parts if parts else _of_whole
            for place, answer in zip(some, found(kind, [ready[place] for place in some], parts), strict=True):
                answers[place] = answer
    return answers


def _of_whole(kind: _Kind, scopes: list[_Scope], _parts: tuple) -> list[dict[str, Tally]]:
    return [{WHOLE: found.get(None) or _nothing(kind)} for found in _by_group(kind, scopes, None)]


def _of_parts(kind: _Kind, scopes: list[_Scope], parts: tuple[tuple[str, str], ...]) -> list[dict[str, Tally]]:
    """By group: somebody of several groups counts once, in the first that is asked for, so that the parts add up to
    people. Where a part is no group of the registry the whole is not known."""
    codes: dict[Category, str] = {}
    for code, name in parts:
        category = category_of(code, name)
        if category is not None:
            codes.setdefault(category, code)
    if kind.person is None or not codes:
        return [{} for _ in scopes]
    answers = []
    for found in _by_group(kind, scopes, _first_group(kind.person, codes)):
        answer = {code: found.get(category) or _nothing(kind) for category, code in codes.items()}
        if len(answer) == len(parts):
            answer[WHOLE] = _sum(kind, answer.values())
        answers.append(answer)
    return answers


def _by_group(kind: _Kind, scopes: list[_Scope], group: Subquery | None) -> list[dict[str | None, Tally]]:
    """For each scope its numbers by group, one group None where they are not asked for; one statement."""
    columns = _communes if kind.area is not None else list
    asked = columns(scopes)
    names = ["counted_group"] if group is not None else []
    rows = kind.rows().order_by()
    if group is not None:
        rows = rows.annotate(counted_group=group)
    if kind.area is not None:
        names.append(kind.area)
    found = (
        rows.values(*names).annotate(**_columns(kind, asked)) if names else [rows.aggregate(**_columns(kind, asked))]
    )
    place = {_days(scope): number for number, scope in enumerate(asked)}
    table: dict[int, list[tuple[str | None, int | None, Tally]]] = defaultdict(list)
    for row in found:
        area = row[kind.area] if kind.area is not None else None
        for number in range(len(asked)):
            table[number].append((row.get("counted_group"), area, _tally(kind, row, number)))
    answers = []
    for number, scope in enumerate(scopes):
        known: dict[str | None, list[Tally]] = defaultdict(list)
        for name, area, tally in table[number if kind.area is None else place[_days(scope)]]:
            if kind.area is None or scope.areas is None or area in scope.areas:
                known[name].append(tally)
        answers.append({name: _sum(kind, some) for name, some in known.items()})
    return answers


def _days(scope: _Scope) -> tuple[int, date | None, date]:
    return scope.campaign.pk, scope.ask.first, scope.ask.last


def _communes(scopes: list[_Scope]) -> list[_Scope]:
    """One scope of the whole province for all that ask about the same days."""
    return [replace(scope, areas=None) for scope in {_days(scope): scope for scope in scopes}.values()]


def _columns(kind: _Kind, scopes: list[_Scope]) -> dict[str, Any]:
    columns = {}
    for number, scope in enumerate(scopes):
        condition = kind.wanted(scope)
        columns[f"value{number}"] = kind.value(condition)
        if kind.people is not None:
            columns[f"people{number}"] = kind.people(condition)
    return columns


def _tally(kind: _Kind, row: Mapping[str, Any], number: int) -> Tally:
    return Tally(row[f"value{number}"] or 0, row[f"people{number}"] or 0 if kind.people is not None else None)


def _sum(kind: _Kind, tallies: Iterable[Tally]) -> Tally:
    """Numbers of which none has anybody in common with another."""
    some = list(tallies)
    people = None if kind.people is None else sum(one.people or 0 for one in some)
    return Tally(sum(one.value for one in some), people)


def _nothing(kind: _Kind) -> Tally:
    return Tally(0, None if kind.people is None else 0)


def _first_group(person: str, codes: Mapping[Category, str]) -> Subquery:
    """Of the groups that are asked for, the first one of each person."""
    order = Case(*(When(category=category, then=Value(place)) for place, category in enumerate(codes)))
    groups = PersonCategory.objects.filter(person=OuterRef(person), category__in=list(codes))
    return Subquery(groups.order_by(order).values("category")[:1], output_field=CharField())


def _number(of: str, condition: Q, *, distinct: bool = False) -> Count:
    return Count(of, filter=condition, distinct=distinct)


def _distinct(of: str) -> Callable[[Q], Count]:
    return partial(_number, of, distinct=True)


def _money(condition: Q) -> Coalesce:
    return Coalesce(Sum("money", filter=condition), 0)


def _verified(scope: _Scope) -> Q:
    """Whoever is verified stays so from one occasion to the next: from the beginning, or within the days asked for."""
    days = Q(verified_on__lte=scope.ask.last)
    if scope.ask.first is not None:
        days &= Q(verified_on__gte=scope.ask.first)
    return days


def _reviewed(scope: _Scope) -> Q:
    first, last = scope.first, scope.ask.last
    exists = Q(valid_from__lte=last) & (Q(valid_to__isnull=True) | Q(valid_to__gte=last))
    return exists & reviewed_by(last, campaign=scope.campaign.pk, since=first)


def _visited(scope: _Scope) -> Q:
    return Q(campaign=scope.campaign.pk, unit__in=scope.units) & scope.within("on")


def _given(scope: _Scope) -> Q:
    return Q(source__campaign=scope.campaign.pk, unit__in=scope.units) & scope.within("visit__on")


def _gifts(kind: str) -> QuerySet:
    """What was handed over; what was given twice was given."""
    return Gift.objects.filter(state__in=(Gift.State.GIVEN, Gift.State.DOUBLED), kind=kind)


def _visits() -> QuerySet:
    """As the figures of the registry count them: people who are on the list, not the families of those who died."""
    return Visit.objects.filter(to_family=False, person__removed_on__isnull=True)


def _looked_at(scope: _Scope) -> Q:
    """The commune's finding, whatever it was: every entry gets it once on its way."""
    first = scope.ask.first
    until = Q(at__lt=_midnight(scope.ask.last + timedelta(days=1)))
    days = until if first is None else until & Q(at__gte=_midnight(first))
    return days


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=ZONE)


def _findings() -> QuerySet:
    """Of people who are on the list."""
    on_the_list = Q(person__removed_on__isnull=True, person__merged_into__isnull=True, person__erased_at__isnull=True)
    return VerificationStep.objects.filter(on_the_list, kind=VerificationStep.Kind.FOUND, level=Verification.COMMUNE)


COMMUNES = _Kind(_with_areas, Area.objects.communes, _reviewed, _distinct("pk"), area="pk")
REVIEWED = _Kind(
    _with_areas, _findings, _looked_at, _distinct("person"), _distinct("person"), "person", "person__residence"
)
VERIFIED = _Kind(
    _with_areas,
    Person.objects.verified_living,
    _verified,
    _distinct("pk"),
    _distinct("pk"),
    "pk",
    "residence",
)
VISITED = _Kind(_with_units, _visits, _visited, _distinct("person"), _distinct("person"), "person")
GIFTS = _Kind(
    _with_units, partial(_gifts, Gift.Kind.GIFT), _given, partial(_number, "pk"), _distinct("person"), "person"
)
MONEY = replace(GIFTS, value=_money)
HOUSES = replace(GIFTS, rows=partial(_gifts, Gift.Kind.HOUSE), value=_money)

_LABELS = (
    ("communes", COMMUNES, "xã, phường, thị trấn đã rà soát", "xã"),
    ("reviewed", REVIEWED, "người đã được xã rà soát, xác nhận", "người"),
    ("verified", VERIFIED, "người đã xác minh, còn sống", "người"),
    ("visited", VISITED, "người đã được thăm", "người"),
    ("gifts", GIFTS, "suất quà đã trao", "suất"),
    ("money", MONEY, "tiền quà đã trao", "đồng"),
    ("houses", HOUSES, "tiền hỗ trợ nhà ở đã trao", "đồng"),
)
COUNTERS = tuple(
    Counter(f"veterans.{code}", SOURCE, label, measure, partial(_count, kind), untold)
    for code, kind, label, measure in _LABELS
)


def register() -> None:
    """Offer every number to the figures of reports."""
    for counter in COUNTERS:
        counters.register(counter)
