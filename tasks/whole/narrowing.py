"""What part of the whole a page shows: the work on one clause, of one group of units, or both; headline and tables follow."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from tasks import tallies
from tasks.matrix import groups_of
from tasks.models import Assignment, Directive
from tasks.querysets import AssignmentQuerySet
from tasks.tallies import Figures
from tasks.whole.kept import ClauseName, Kept, Line
from units.access import Access, Seer


@dataclass(frozen=True)
class Narrowed:
    """The filters that hold, and what could be chosen.

    members: the units of the chosen group on the day of the figures.
    """

    clauses: tuple[ClauseName, ...] = ()
    groups: tuple[tuple[int, str], ...] = ()
    clause: ClauseName | None = None
    group: tuple[int, str] | None = None
    members: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.clause is not None or self.group is not None

    @property
    def words(self) -> str:
        """ "Điểm 1a Tuyên truyền · nhóm Các huyện ủy, thành ủy"; "" without a filter."""
        parts = [str(self.clause)] if self.clause else []
        return " · ".join(parts + ([f"nhóm {self.group[1]}"] if self.group else []))

    @property
    def params(self) -> dict[str, int]:
        """The same conditions for the list of works (tasks/forms/office.py)."""
        found = {"clause": self.clause.pk} if self.clause else {}
        return found | ({"group": self.group[0]} if self.group else {})

    @property
    def works(self) -> Q:
        """The same as a condition on assignments."""
        q = Q(task__clause=self.clause.pk) if self.clause else Q()
        return q & Q(unit__in=self.members) if self.group else q


def narrow(directive: int, kept: Kept, *, clause_id: int | None, group_id: int | None) -> Narrowed:
    """The filters that fit the figures; one that is not among the choices is left out. One statement, for the groups."""
    groups = groups_of(directive, [line.pk for line in kept.units], today=kept.day)
    group = groups.get(group_id) if group_id else None
    return Narrowed(
        clauses=tuple(kept.clauses),
        groups=tuple((pk, name) for pk, (name, _) in groups.items()),
        clause=next((clause for clause in kept.clauses if clause.pk == clause_id), None),
        group=(group_id, group[0]) if group_id and group else None,
        members=frozenset(group[1]) if group else frozenset(),
    )


def narrowed(directive: Directive, kept: Kept, part: Narrowed) -> Kept:
    """The figures of that part. Units of one group and tasks of one clause are kept; what lies across is counted now, on
    the day of the kept figures: one statement for each kind of line that has to be counted."""
    units = [line for line in kept.units if not part.group or line.pk in part.members]
    tasks = [line for line in kept.tasks if not part.clause or line.clause == part.clause.pk]
    if part.clause:
        units = _counted(units, tallies.live_counts(directive, "unit", today=kept.day, only=part.works))
    if part.group:
        tasks = _counted(tasks, tallies.live_counts(directive, "task", today=kept.day, only=part.works))
    shown = {line.pk for line in tasks}
    conditions = [row for row in kept.conditions if row.task in shown]
    return replace(kept, units=units, tasks=tasks, conditions=conditions)


def _counted(lines: Iterable[Line], counts: dict[int, Figures]) -> list[Line]:
    """The lines with their counts, without those that have no work there."""
    return [line._replace(figures=counts[line.pk]) for line in lines if line.pk in counts]


def works_of(access: Access, directive: int, *, clause: int | None, group: int | None, day: date) -> AssignmentQuerySet:
    """The lead work behind the headline: everybody's, or that of the own units and those below."""
    works = Assignment.objects.visible_to(Seer(access)).filter(directive=directive).lead().order_by()
    if not access.sees_all_assignments:
        works = works.of_units(access.visible_unit_ids)
    if clause:
        works = works.filter(task__clause=clause)
    return works.of_group(group, today=day) if group else works
