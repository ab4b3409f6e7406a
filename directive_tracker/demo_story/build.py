"""From a line of a table to steps: who does it, at what time of the day, and the head's approval where a unit wants it."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial

from directive_tracker.demo_people import UNITS_WITH_APPROVAL
from directive_tracker.demo_story import steps
from directive_tracker.demo_story.figures import pick
from directive_tracker.demo_story.reports import Told
from directive_tracker.demo_story.steps import Step


def day(month: int, number: int) -> date:
    """A day of 2024."""
    return date(2024, month, number)


def told(*codes: str, **more) -> tuple[Told, ...]:
    """Sections that say how the work goes on; `more` holds for each of them."""
    return tuple(Told(code, **more) for code in codes)


def sends(unit: str, on: date, *sections: Told, approved: date | None = None, late: bool = False) -> Iterator[Step]:
    """A report leaves in the morning (late: in the evening); where the head approves, that is in the afternoon.

    Args:
        approved: the day of the head's approval; the same day unless given.
    """
    hour = 21 if late else 9 + pick(unit, str(on), "hour", of=3)
    yield Step(on, hour, pick(unit, str(on), of=60), partial(steps.send_report, unit=unit, told=sections))
    if unit in UNITS_WITH_APPROVAL:
        yield approves(unit, approved or on)


def approves(unit: str, on: date) -> Step:
    """The unit's head looks at what waits."""
    return Step(on, 14, pick(unit, str(on), "head", of=60), partial(steps.approve, unit=unit))


def corrects(unit: str, on: date, section: Told) -> Iterator[Step]:
    """What came back is sent again."""
    yield Step(on, 10, pick(unit, str(on), "again", of=60), partial(steps.correct, unit=unit, told=section))
    if unit in UNITS_WITH_APPROVAL:
        yield approves(unit, on)


def accepts(units: Iterable[str], on: date, but: Iterable[str] = ()) -> Iterator[Step]:
    """The office accepts the reports of these units in the afternoon."""
    for place, unit in enumerate(units):
        yield Step(on, 15, place, partial(steps.accept, unit=unit, but=tuple(but)))


def returns(unit: str, on: date, code: str, reason: str, *fields: str) -> Step:
    """The office returns one section, before it accepts the others."""
    return Step(on, 14, 50, partial(steps.send_back, unit=unit, code=code, reason=reason, fields=fields))


def acts(on: date, hour: int, minute: int, what, **arguments) -> Step:
    """Any other act."""
    return Step(on, hour, minute, partial(what, **arguments))
