"""The kept figures of one directive as plain lines: two hundred objects of models would cost more than all the rest."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from directive_tracker.prepared import Prepared
from tasks import tallies
from tasks.enums import ConditionState
from tasks.models import Directive, Tally
from tasks.tallies import FIGURE_NAMES, Figures


class Line(NamedTuple):
    """The figures of one unit (no code) or of one task."""

    pk: int
    code: str
    name: str
    figures: Figures
    clause: int | None = None


class ClauseName(NamedTuple):
    """A clause that has tasks."""

    pk: int
    code: str
    title: str

    def __str__(self) -> str:
        return f"Điểm {self.code} {self.title}".strip()


class Condition(NamedTuple):
    """A task whose condition nobody has decided: who has to, and by when."""

    task: int
    code: str
    name: str
    decider: str
    decide_by: date | None


@dataclass(frozen=True)
class Kept:
    """Units in official order, tasks and clauses in the order of the text."""

    day: date
    units: list[Line] = field(default_factory=list)
    tasks: list[Line] = field(default_factory=list)
    clauses: list[ClauseName] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)


def _rows(directive: int) -> QuerySet:
    return (
        Tally.objects.filter(directive=directive)
        .order_by("unit__sort_order", "task__order", "unit_id", "task_id")
        .values_list(
            *("day", "unit_id", "unit__short_name", "task_id", "task__code", "task__short_title"),
            *("task__clause_id", "task__clause__code", "task__clause__title"),
            *("task__condition_state", "task__condition_decider__short_name", "task__condition_decide_by"),
            *FIGURE_NAMES,
        )
    )


_ROWS = Prepared(_rows)
_NAMED = len(("day", "unit", "name", "task", "code", "title", "clause", "code", "title", "state", "decider", "day"))


def figures_day(directive: Directive, *, today: date) -> date:
    """The day the figures tell of: today, and of a directive that has ended the day it ended on, for ever."""
    return directive.closed_on if directive.closed_on is not None else today


def read_kept(directive: Directive, *, today: date) -> Kept:
    """The lines as of today; one statement.

    The first reader of a day rolls them forward; a closed directive's figures stay as they were when it ended.
    """
    day = figures_day(directive, today=today)
    rows = _ROWS.rows(directive.pk)
    if directive.is_issued and any(row[0] < day for row in rows):
        tallies.roll_forward(directive, today=day)
        rows = _ROWS.rows(directive.pk)
    found, clauses = Kept(day), {}
    for row in rows:
        _, unit, name, task, code, title, clause, clause_code, clause_title, state, decider, decide_by = row[:_NAMED]
        figures = Figures(*row[_NAMED:])
        if unit is not None:
            found.units.append(Line(unit, "", name, figures))
            continue
        found.tasks.append(Line(task, code, title, figures, clause))
        clauses[clause] = ClauseName(clause, clause_code, clause_title)
        if state == ConditionState.UNDECIDED:
            found.conditions.append(Condition(task, code, title, decider or "", decide_by))
    found.clauses.extend(clauses.values())
    return found


def total_of(lines: Iterable[Line]) -> Figures:
    """The sum over lines of one kind."""
    return tallies.total_of(line.figures for line in lines)
