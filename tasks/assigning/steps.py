"""Which step of a draft a page has seen, and who did what since."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from directive_tracker.vietnamese import ZONE, vn_date
from tasks.drafting.changes import last_number, last_step
from tasks.models import Directive, DraftChange

# So many steps stand in a sentence.
NAMED = 3


@dataclass(frozen=True)
class Undoable:
    """The step that undoing would take back, with the number of the last step of all."""

    number: int
    taken_back: int | None
    words: str

    def as_json(self) -> dict[str, Any]:
        return {"number": self.number, "undo": self.taken_back, "words": self.words}


def undoable(directive: Directive) -> Undoable:
    """What the undo button says; two statements."""
    step = last_step(directive)
    return Undoable(last_number(directive), step and step.number, words_of(step) if step is not None else "")


def words_of(step: DraftChange) -> str:
    """ "Đã giao đơn vị 1a: Tỉnh đoàn – phối hợp (Lê Thị Thử, 09:12 02/3/2026)"."""
    local = timezone.localtime(step.at, ZONE)
    who = f"{step.by.full_name}, " if step.by is not None else ""
    return f"{step} ({who}{local:%H:%M} {vn_date(local.date())})"


def words_since(directive: Directive, number: int) -> str:
    """What others or other pages did after the step of that number; "" when nothing. One statement."""
    later = directive.draft_changes.filter(number__gt=number).defer("before").select_related("by")
    steps = list(later.order_by("-number")[: NAMED + 1])
    if not steps:
        return ""
    more = " …" if len(steps) > NAMED else ""
    return "; ".join(words_of(step) for step in reversed(steps[:NAMED])) + more
