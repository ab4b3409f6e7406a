"""The one place where a ranking's numbers are made: timeliness of required work, as plain values that never change.

    {"directives": 3, "before": "2024-03-17", "ranked": 20, "median": 87, "places": {"12": {
        "order": 0, "name": "Huyện ủy Đắk Hà", "done": 6, "due": 7, "rank": 4 or None, "before": [5, 6] or None,
        "late": [{"work", "code", "title", "directive", "due", "done_on", "days", "extended_to", "asks", "waits", "for"}],
        "more": 0}}}

A unit's value is what was done on time, of what came due or is done; it is exact where units are compared and a whole per
cent where it is shown. Paused, undecided, encouraged, not-applicable, cancelled and coordinating work never counts, nor
does a submission that waits and came in time. The due day is the one in force: where the office was late or gave more
time, it has moved. Days are ISO words; no person is named.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from statistics import median
from typing import Any

from django.db.models import Q, QuerySet, Sum

from tasks.enums import AssignmentState, DirectiveState, ExtensionState
from tasks.models import Assignment, Directive, ExtensionRequest, FigureDay, TaskWait
from tasks.ranking.days import at_end_of
from tasks.timeliness import days_overdue

S = AssignmentState
MINIMUM, MOST_MINIMUM = 3, 50
WEEKS_BEFORE = timedelta(weeks=4)
# Late works of a unit that are named; the page says how many more there are.
NAMED = 40
# Steps of which a job tells.
STEPS = 4
Step = Callable[[int, int], None]


@dataclass
class Place:
    """One unit while it is counted."""

    done: int = 0
    due: int = 0
    late: list["Late"] = field(default_factory=list)

    @property
    def value(self) -> Fraction:
        return Fraction(self.done, self.due)


@dataclass(frozen=True)
class Late:
    """One work that costs its unit something: done late (`done_on`), or open and overdue."""

    work: int
    due: date
    done_on: date | None
    days: int
    state: str


def quiet(done: int, total: int) -> None:
    """Nobody asks how far it is."""


def size_of(directive: Directive | None) -> int:
    """How many works there are to look at."""
    return _works(directive).count()


def freeze(directive: Directive | None, *, day: date, minimum: int, step: Step = quiet) -> dict[str, Any]:
    """Count and rank as of the end of a day, from what is known now.

    Args:
        directive: one that was issued; None for everything that is followed.
        day: yesterday or today; what was done after it is not counted as done.
        minimum: fewer works that came due or are done, and a unit is not ranked.
        step: called with (steps done, all steps).

    The number of statements does not depend on the number of rows. Nothing is written.
    """
    places = _counted(directive, day)
    step(1, STEPS)
    units = _units(directive)
    ranks = ranks_of({unit: place.value for unit, place in places.items() if place.due >= minimum})
    before = _values_before(directive, day - WEEKS_BEFORE, minimum)
    step(2, STEPS)
    named = {unit: _most_costly(place.late) for unit, place in places.items()}
    words = _words([late.work for found in named.values() for late in found])
    step(3, STEPS)
    values = [places[unit].value for unit in ranks]
    return {
        "directives": _directives(directive).count(),
        "before": (day - WEEKS_BEFORE).isoformat(),
        "ranked": len(ranks),
        "median": percent(median(values)) if values else None,
        "places": {
            str(unit): {
                "order": order,
                "name": name,
                "done": places[unit].done,
                "due": places[unit].due,
                "rank": ranks.get(unit),
                "before": before.get(unit),
                "late": [_said(late, words[late.work]) for late in named.get(unit, [])],
                "more": len(places[unit].late) - len(named.get(unit, [])),
            }
            for order, (unit, name) in enumerate(units)
        },
    }


def percent(value: Fraction) -> int:
    """Whole per cent, rounded down as on the other pages, so that only who is all in time has 100."""
    return int(100 * value)


def ranks_of(values: dict[int, Fraction]) -> dict[int, int]:
    """Unit → rank; equal values share a rank and the next one leaves as many out (1, 2, 2, 4)."""
    ordered = sorted(values.values(), reverse=True)
    first: dict[Fraction, int] = {}
    for number, value in enumerate(ordered, start=1):
        first.setdefault(value, number)
    return {unit: first[value] for unit, value in values.items()}


# --- counting --------------------------------------------------------------------------------------


def _directives(directive: Directive | None) -> QuerySet[Directive]:
    return Directive.objects.issued() if directive is None else Directive.objects.filter(pk=directive.pk)


def _works(directive: Directive | None) -> QuerySet[Assignment]:
    """The works the four classes count."""
    scope = Q(directive__state=DirectiveState.ISSUED) if directive is None else Q(directive=directive)
    return Assignment.objects.filter(scope).counted().order_by()


def _units(directive: Directive | None) -> list[tuple[int, str]]:
    """Every unit that leads counted work, in official order, by the name of today."""
    rows = _works(directive).values_list("unit__sort_order", "unit_id", "unit__short_name").distinct()
    return [(unit, name) for _, unit, name in sorted(rows)]


def _counted(directive: Directive | None, day: date) -> defaultdict[int, Place]:
    """Each unit's numbers, and its late works."""
    places: defaultdict[int, Place] = defaultdict(Place)
    came = _works(directive).filter(Q(state=S.COMPLETED) | Q(due_current__lte=day))
    for row in came.values_list(*("unit_id", "pk", "state", "due_current", "completed_on", "submitted_on"), named=True):
        stood = _as_it_stood(row, day)
        days = days_overdue(stood, today=day)
        is_done = stood.state == S.COMPLETED
        if days:
            places[row.unit_id].due += 1
            done_on = stood.completed_on if is_done else None
            places[row.unit_id].late.append(Late(row.pk, stood.due_current, done_on, days, row.state))
        elif is_done:
            places[row.unit_id].due += 1
            places[row.unit_id].done += 1
    return places


def _as_it_stood(row: Any, day: date) -> Any:
    """The work at the end of the day: what was done or sent later stood open then."""
    later = (row.state == S.COMPLETED and row.completed_on > day) or (
        row.state == S.SUBMITTED and row.submitted_on > day
    )
    return row._replace(state=S.IN_PROGRESS) if later else row


def _most_costly(late: list[Late]) -> list[Late]:
    """The works to be named: what is still open first, then the longest late."""
    return sorted(late, key=lambda one: (one.done_on is not None, -one.days, one.work))[:NAMED]


def _values_before(directive: Directive | None, day: date, minimum: int) -> dict[int, list[int]]:
    """Unit → [done on time, of how many] at the end of that day, where so many had come due already."""
    kept = FigureDay.objects.filter(unit__isnull=False, directive__in=_directives(directive))
    sums = (
        at_end_of(kept, day)
        .order_by()
        .values_list("unit_id")
        .annotate(done=Sum("done_on_time"), late=Sum("done_late"), overdue=Sum("open_overdue"))
    )
    found = {unit: [done, done + late + overdue] for unit, done, late, overdue in sums}
    return {unit: value for unit, value in found.items() if value[1] >= minimum}


# --- "vì sao hạng này" -----------------------------------------------------------------------------


def _words(works: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What is said of these works besides the days."""
    ids = list(works)
    rows = Assignment.objects.filter(pk__in=ids).select_related("task__reviewing_unit", "directive__office")
    asked = ExtensionRequest.objects.filter(
        assignment__in=ids, state__in=[ExtensionState.APPROVED, ExtensionState.PENDING]
    )
    more_time: dict[int, dict[str, date | None]] = defaultdict(dict)
    for work, state, granted in asked.order_by("pk").values_list("assignment_id", "state", "granted_due"):
        more_time[work][state] = granted
    rows = list(rows)
    open_waits = TaskWait.objects.open().filter(task__in={row.task_id for row in rows}).order_by("pk")
    others = dict(open_waits.values_list("task_id", "waits_for__code"))
    return {row.pk: _words_of(row, more_time[row.pk], others.get(row.task_id, "")) for row in rows}


def _words_of(row: Assignment, more_time: dict[str, date | None], other: str) -> dict[str, Any]:
    granted = more_time.get(ExtensionState.APPROVED)
    asks = ExtensionState.PENDING in more_time
    waits, whom = _waited_for(row, asks, other)
    return {
        "code": row.task.code,
        "title": row.task.short_title,
        "directive": row.directive.short_title,
        "extended_to": granted.isoformat() if granted else "",
        "asks": asks,
        "waits": waits,
        "for": whom,
    }


def _waited_for(row: Assignment, asks: bool, other: str) -> tuple[str, str]:
    """Who has to act before it goes on: (a word of tasks/ranking/words.py, whose name)."""
    if row.state == S.COMPLETED:
        return "", ""
    if row.state == S.SUBMITTED:
        return "confirm", row.task.reviewing_unit.short_name
    if row.state == S.RETURNED_BY_UNIT:
        return "given_back", row.directive.office.short_name
    if asks:
        return "extension", row.directive.office.short_name
    if row.state == S.AWAITING_UNIT_HEAD:
        return "head", ""
    return ("other", other) if other else ("unit", "")


def _said(late: Late, words: dict[str, Any]) -> dict[str, Any]:
    return {
        "work": late.work,
        "due": late.due.isoformat(),
        "done_on": late.done_on.isoformat() if late.done_on else "",
        "days": late.days,
        **words,
    }
