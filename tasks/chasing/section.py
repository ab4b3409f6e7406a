"""What pages about one assignment, and a unit's home, show of chasing: forms, buttons, what was said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from directive_tracker.workdays import WorkCalendar
from tasks import permissions
from tasks.chasing.notes import CALL, NOTHING, Note, Said, said_about
from tasks.chasing.nudging import zalo_text
from tasks.chasing.rules import is_late, why_not_owed
from tasks.forms.chasing import DelayForm
from tasks.models import Assignment
from units.access import Access

# More forms than this at once would hide the unit's work; the rest follows when these are answered.
QUESTIONS = 5


@dataclass(frozen=True)
class Section:
    """Everything the pages of one assignment show of chasing."""

    assignment: Assignment
    said: Said
    promise: str
    is_broken: bool
    is_late: bool
    form: DelayForm | None
    may_say_again: bool
    can_nudge: bool
    can_note_call: bool
    can_write_letter: bool
    zalo: str

    @property
    def calls(self) -> list[Note]:
        """The calls that count, newest first."""
        calls = [note for note in self.said.notes if note.kind == CALL and not note.corrected]
        return sorted(calls, key=lambda note: (note.on, note.pk), reverse=True)

    @property
    def shows(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.said.delay or self.calls or self.can_nudge or self.can_note_call or self.zalo)


def section_of(assignment: Assignment, user, access: Access, *, today: date, calendar: WorkCalendar) -> Section:
    """Gather the section of an assignment the user may see (one statement, none where `has_said` says that nothing was;
    task, unit, directive loaded)."""
    asked = [assignment.pk] if getattr(assignment, "has_said", True) else []
    said = said_about(asked).get(assignment.pk, NOTHING)
    late = is_late(assignment, today=today)
    asks = permissions.can_explain_delay(user, assignment, today=today)
    may_nudge = not why_not_owed(assignment) and permissions.can_nudge(user, assignment)
    sender = assignment.directive.office.name if access.is_office and may_nudge else access.unit_name
    return Section(
        assignment=assignment,
        said=said,
        promise=said.promise(today=today),
        is_broken=late and said.is_broken(today=today),
        is_late=late,
        form=DelayForm(assignment=assignment, today=today) if asks and said.asks_again(today=today) else None,
        may_say_again=asks and not said.asks_again(today=today),
        can_nudge=may_nudge,
        can_note_call=permissions.can_note_call(user, assignment),
        can_write_letter=late and assignment.is_lead and permissions.can_write_letter(user, assignment.unit),
        zalo=(
            zalo_text(assignment.unit, [assignment], sender=sender, today=today, calendar=calendar)
            if may_nudge and access.is_office
            else ""
        ),
    )


@dataclass(frozen=True)
class Question:
    """One late piece of work on the unit's home: the form that asks, or what the unit answered."""

    assignment: Assignment
    said: Said
    form: DelayForm | None


@dataclass(frozen=True)
class Questions:
    """What the unit is asked about its late work."""

    open: list[Question]
    answered: list[Question]
    more: int


def questions_of(assignments: Iterable[Assignment], *, today: date) -> Questions:
    """What a unit's own people are asked about these assignments of theirs (one statement, none where nothing is late).

    Args:
        assignments: with task and directive loaded.
    """
    rows = [assignment for assignment in assignments if is_late(assignment, today=today)]
    rows.sort(key=lambda assignment: (assignment.due_current, assignment.pk))
    said = said_about([assignment.pk for assignment in rows])
    asked, answered = [], []
    for assignment in rows:
        answer = said.get(assignment.pk, NOTHING)
        if answer.asks_again(today=today):
            asked.append(Question(assignment, answer, DelayForm(assignment=assignment, today=today)))
        else:
            answered.append(Question(assignment, answer, None))
    return Questions(asked[:QUESTIONS], answered, max(0, len(asked) - QUESTIONS))
