"""Writing a comment, telling whom it mentions, taking it back."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from directive_tracker.vietnamese import ZONE
from notifications import kinds, outbox
from notifications.models import Notice
from notifications.outbox import Telling
from records.audit import record
from tasks.errors import Refused
from tasks.models import Assignment, Comment, CommentMention
from tasks.talking.rules import Person, card_number, may_comment, may_take_back, scopes_for
from units.models import Membership

MENTION = "mention"
CARD_REFUSED = (
    "Nội dung có số giống số căn cước hoặc chứng minh nhân dân. Trao đổi về phần việc không ghi thông tin của người dân; "
    "người trong danh sách tri ân để ở Sổ tri ân. Xin bỏ số đó rồi gửi lại."
)


@transaction.atomic
def write_comment(
    assignment: Assignment, *, by, now: datetime, text: str, scope: str, mentions: Iterable[Person] = ()
) -> Comment:
    """Put some words beside the work and tell whom they mention: in the app, and in their mail of the day.

    Args:
        mentions: people who may read it (rules.people_for).

    Errors: Refused for empty words, a number of an identity card, a scope that is not the person's to choose.
    """
    text = text.strip()
    if not may_comment(by, assignment):
        raise Refused("Phần việc này không còn nhận trao đổi.")
    if not text:
        raise Refused("Hãy ghi nội dung trao đổi.")
    if scope not in scopes_for(by):
        raise Refused("Phạm vi đọc không đúng. Xin chọn lại.")
    if card_number(text):
        raise Refused(CARD_REFUSED)
    comment = Comment.objects.create(assignment=assignment, scope=scope, text=text, by=by, at=now)
    people = list(mentions)
    CommentMention.objects.bulk_create(CommentMention(comment=comment, user_id=person.id) for person in people)
    _tell(comment, people, now=now)
    record(
        "comment.written",
        by=by,
        at=now,
        target=assignment,
        data={"scope": comment.get_scope_display(), "mentioned": len(people)},
    )
    return comment


def _tell(comment: Comment, people: list[Person], *, now: datetime) -> None:
    """The title is of our own making; the words show in the app alone."""
    assignment = comment.assignment
    active = Membership.objects.active_on(timezone.localdate(now, ZONE)).filter(user__in=[one.id for one in people])
    users = {row.user_id: row.user for row in active.select_related("user")} if people else {}
    outbox.tell_many(
        [
            Telling(
                key=f"{MENTION}:{comment.pk}:{person.id}",
                kind=MENTION,
                recipient=users[person.id],
                title=f"Có lời nhắc tới anh/chị về việc {assignment.task.code} {assignment.task.short_title}".strip(),
                detail=comment.text[:1000],
                url=f"{assignment.get_absolute_url()}#trao-doi",
                target=comment,
                unit_id=person.unit_id,
                mail="daily",
            )
            for person in people
            if person.id in users
        ],
        now=now,
    )


@transaction.atomic
def take_back(comment: Comment, *, by, now: datetime) -> None:
    """Take one's own words off the page, on the day they were written; they stay in the record.

    Errors: Refused for somebody else's, another day's, or what is taken back already.
    """
    if not may_take_back(by, comment, today=timezone.localdate(now, ZONE)):
        raise Refused("Chỉ người viết rút lại được, trong ngày viết, và một lần.")
    won = Comment.objects.filter(pk=comment.pk, taken_back_at__isnull=True).update(taken_back_at=now)
    if not won:
        raise Refused("Lời này đã được rút lại.")
    comment.taken_back_at = now
    outbox.supersede(comment, now=now)
    # What was told in the app already says no longer what it said.
    Notice.objects.filter(target_type=Comment._meta.label_lower, target_id=comment.pk).update(detail="")
    record("comment.taken_back", by=by, at=now, target=comment.assignment)


def _still_stands(notices: list[Notice], *, now: datetime) -> set[int]:
    """The words have not been taken back."""
    standing = set(
        Comment.objects.standing().filter(pk__in=[notice.target_id for notice in notices]).values_list("pk", flat=True)
    )
    return {notice.pk for notice in notices if notice.target_id in standing}


def register() -> None:
    """Make the kind of notice known."""
    kinds.register(MENTION, "Nhắc tới trong trao đổi", still_applies=_still_stands)
