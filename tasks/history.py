"""What happened to one assignment, as one list for page and panel."""

from dataclasses import dataclass
from datetime import datetime

from directive_tracker.vietnamese import vn_date
from tasks.chasing.notes import Said, history_notes
from tasks.models import Assignment


@dataclass(frozen=True)
class Event:
    when: datetime
    what: str
    who: str = ""
    note: str = ""


def history_of(assignment: Assignment, said: Said | None = None) -> list[Event]:
    """Every recorded step, newest first: moves, due dates, requests, nudges, what was said of a delay (5 statements).

    Args:
        said: the last of these, where the caller has read it already.
    """
    events = [
        Event(
            change.at,
            f"{change.get_new_state_display()}" if change.old_state else "Giao việc",
            str(change.by or ""),
            change.note,
        )
        for change in assignment.status_changes.select_related("by")
    ]
    events += [
        Event(
            change.at,
            f"Hạn: {vn_date(change.old_due) or 'không'} → {vn_date(change.new_due) or 'không'}"
            f" ({change.get_source_display()})",
            str(change.by or ""),
            change.reason,
        )
        for change in assignment.due_changes.select_related("by")
    ]
    for request in assignment.extension_requests.select_related("requested_by", "decided_by"):
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
    events += [
        Event(nudge.at, "Đôn đốc", str(nudge.by), nudge.message) for nudge in assignment.nudges.select_related("by")
    ]
    events += [Event(note.at, note.what, note.by, note.text) for note in history_notes(assignment, said)]
    return sorted(events, key=lambda event: event.when, reverse=True)
