"""What happened to one assignment, as one list for page and panel."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, CharField, DateField, QuerySet, Value, When

from directive_tracker.prepared import Prepared
from directive_tracker.vietnamese import vn_date
from tasks.chasing.notes import Said, history_notes
from tasks.enums import AssignmentState, DueSource
from tasks.models import Assignment, DueChange, ExtensionRequest, Nudge, StatusChange


@dataclass(frozen=True)
class Event:
    when: datetime
    what: str
    who: str = ""
    note: str = ""


# What a step is: a move of the workflow, a change of the due day, a nudge.
MOVE, DUE, NUDGE = "move", "due", "nudge"


def history_of(
    assignment: Assignment, said: Said | None = None, requests: Iterable[ExtensionRequest] | None = None
) -> list[Event]:
    """Every recorded step, newest first: moves, due dates, nudges (1 statement), requests, what was said of a delay.

    Args:
        said: the last of these, where the caller has read it already.
        requests: all requests for time of the assignment, where the caller has read them.
    """
    events = [_step(*row) for row in _STEPS.rows(assignment.pk)]
    for request in requests_of(assignment) if requests is None else requests:
        events.append(
            Event(
                request.requested_at,
                f"Xin gia hạn đến {vn_date(request.requested_due)}",
                str(request.requested_by),
                request.reason,
            )
        )
        if request.decided_at:
            events.append(
                Event(
                    request.decided_at,
                    f"Gia hạn: {request.get_state_display()}",
                    str(request.decided_by or ""),
                    request.decision_reason,
                )
            )
    events += [Event(note.at, note.what, note.by, note.text) for note in history_notes(assignment, said)]
    return sorted(events, key=lambda event: event.when, reverse=True)


def requests_of(assignment: Assignment) -> list[ExtensionRequest]:
    """The requests for time with who asked and who decided (1 statement)."""
    return list(assignment.extension_requests.select_related("requested_by", "decided_by"))


def _steps(assignment: int) -> QuerySet:
    """Moves, changes of the due day and nudges as rows of one shape, each kind in its order: one statement instead of
    three."""
    text, day = CharField(), DateField()
    who = Case(When(by__full_name="", then="by__username"), default="by__full_name")
    no_day = Value(None, output_field=day)
    moves = (
        StatusChange.objects.filter(assignment=assignment)
        .order_by()
        .annotate(kind=Value(MOVE), who=who, old=no_day, new=no_day)
    )
    dues = (
        DueChange.objects.filter(assignment=assignment)
        .order_by()
        .annotate(kind=Value(DUE), who=who, old_word=Value("", output_field=text))
    )
    nudges = (
        Nudge.objects.filter(assignment=assignment)
        .order_by()
        .annotate(
            kind=Value(NUDGE), who=who, word=Value(""), old=no_day, new=no_day, old_word=Value("", output_field=text)
        )
    )
    return moves.values_list("kind", "pk", "at", "who", "note", "old_state", "new_state", "old", "new").union(
        dues.values_list("kind", "pk", "at", "who", "reason", "old_word", "source", "old_due", "new_due"),
        nudges.values_list("kind", "pk", "at", "who", "message", "old_word", "word", "old", "new"),
        all=True,
    )


_STEPS = Prepared(_steps)


def _step(kind: str, pk: int, at: datetime, who: str | None, note: str, old_word: str, word: str, old, new) -> Event:
    """One row of `_steps` in words."""
    if kind == MOVE:
        what = str(AssignmentState(word).label) if old_word else "Giao việc"
    elif kind == DUE:
        source = DueSource(word).label
        what = f"Hạn: {vn_date(old) or 'không'} → {vn_date(new) or 'không'} ({source})"
    else:
        what = "Đôn đốc"
    return Event(at, what, who or "", note)
