"""What was chosen in the filters of the list of assignments."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from directive_tracker import vietnamese
from directive_tracker.prepared import Rights
from tasks.digests.filters import DETAILS
from tasks.enums import AssignmentState, DirectiveState, UnitWord
from tasks.querysets import AssignmentQuerySet
from tasks.timeliness import Timeliness

# A unit's word → the states it stands for; the filter's own inverse of enums.STATE_WORDS.
WORD_STATES = {
    UnitWord.NEW: [AssignmentState.ASSIGNED],
    UnitWord.DOING: [
        AssignmentState.IN_PROGRESS,
        AssignmentState.RETURNED_BY_UNIT,
        AssignmentState.AWAITING_UNIT_HEAD,
    ],
    UnitWord.WAITING: [AssignmentState.SUBMITTED],
    UnitWord.REDO: [AssignmentState.REDO],
    UnitWord.DONE: [AssignmentState.COMPLETED],
    UnitWord.OUTSIDE: [
        AssignmentState.PAUSED,
        AssignmentState.NOT_APPLICABLE,
        AssignmentState.CANCELLED,
    ],
}
# Filter that takes the key of a row → the column it is compared with; a group is asked in its own way.
_ROWS = {
    "directive": "directive",
    "unit": "unit",
    "task": "task",
    "clause": "task__clause",
    "group": "",
    "reviewer": "task__reviewing_unit",
    "office": "directive__office",
}
_WORDS = ("due", "due_from", "followed", "detail", "word", "role", "timeliness")


@dataclass(frozen=True)
class Chosen(Rights):
    """The filters that hold, so that the same choice of another row asks the same question (directive_tracker/prepared.py).

    rows: filter → key; others: filter → value; words: what is looked for; reaches_others: whether work of units other than
    the own ones and those below can be meant.
    """

    rows: tuple[tuple[str, int], ...] = ()
    others: tuple[tuple[str, Hashable], ...] = ()
    words: tuple[str, ...] = ()
    reaches_others: bool = True

    @classmethod
    def of(cls, cleaned: Mapping[str, Any], *, reaches_others: bool) -> "Chosen":
        """From the cleaned data of the form; an invalid choice is not among them."""
        return cls(
            rows=tuple((name, cleaned[name]) for name in _ROWS if cleaned.get(name)),
            others=tuple((name, cleaned[name]) for name in _WORDS if cleaned.get(name)),
            words=tuple(vietnamese.fold(cleaned.get("q") or "").split()),
            reaches_others=reaches_others,
        )

    @property
    def ids(self) -> tuple[int, ...]:
        """The keys of the rows that were chosen."""
        return tuple(pk for _, pk in self.rows)

    def with_ids(self, ids: Sequence[int]) -> "Chosen":
        """The same choice of other rows."""
        return replace(self, rows=tuple((name, pk) for (name, _), pk in zip(self.rows, ids, strict=True)))

    @property
    def shape(self) -> "Chosen":
        """The same whatever rows were chosen."""
        return self.with_ids(range(len(self.rows)))

    def filter(self, assignments: AssignmentQuerySet, *, today: date) -> AssignmentQuerySet:
        """The assignments that match."""
        for name, pk in self.rows:
            column = _ROWS[name]
            assignments = assignments.filter(**{column: pk}) if column else assignments.of_group(pk, today=today)
        for name, value in self.others:
            assignments = _narrowed(assignments, name, value, today)
        for word in self.words:
            assignments = assignments.matching(word)
        return assignments


def _narrowed(assignments: AssignmentQuerySet, name: str, value: Any, today: date) -> AssignmentQuerySet:
    if name == "due":
        return assignments.filter(due_current=value)
    if name == "due_from":
        return assignments.filter(due_current__gte=value)
    if name == "followed":
        return assignments.filter(directive__state=DirectiveState.ISSUED)
    if name == "detail":
        return assignments.filter(DETAILS[value][1])
    if name == "word":
        return assignments.filter(state__in=WORD_STATES[UnitWord(value)])
    if name == "role":
        return assignments.filter(role=value)
    return assignments.in_time_class(Timeliness(value), today=today)
