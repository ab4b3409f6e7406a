"""The comments of one part of the work as its pages show them."""

from dataclasses import dataclass
from datetime import date

from tasks.models import Assignment, Comment
from tasks.talking.rules import may_comment, may_take_back, scopes_for


@dataclass(frozen=True)
class Line:
    """One comment; the text of one that was taken back is not there."""

    comment: Comment
    text: str
    people: str
    may_take_back: bool


@dataclass(frozen=True)
class Talk:
    """What stands beside the work, and for whom this person may write more."""

    lines: list[Line]
    scopes: list
    hidden: int = 0

    @property
    def shows(self) -> bool:
        return bool(self.lines or self.scopes)


def talk_of(assignment: Assignment, user, *, today: date, most: int | None = None) -> Talk:
    """Two statements where something was said, none where `has_talk` (querysets.with_talk) says that nothing was.

    Args:
        most: only the newest ones.
    """
    scopes = scopes_for(user) if may_comment(user, assignment) else []
    if not getattr(assignment, "has_talk", True):
        return Talk([], scopes)
    found = (
        Comment.objects.visible_to(user)
        .filter(assignment=assignment.pk)
        .select_related("by")
        .prefetch_related("mentions__user")
        .order_by("-pk")
    )
    rows = list(found[: most + 1] if most is not None else found)
    for comment in rows:  # who may take it back depends on the document, which is loaded with the work
        comment.assignment = assignment
    shown = rows if most is None else rows[:most]
    return Talk(
        [
            Line(
                comment,
                "" if comment.taken_back_at else comment.text,
                ", ".join(str(mention.user) for mention in comment.mentions.all()),
                may_take_back(user, comment, today=today),
            )
            for comment in reversed(shown)
        ],
        scopes,
        hidden=len(rows) - len(shown),
    )
