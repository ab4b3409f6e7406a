"""Holding all sending, and letting it go again: after a restore the database does not know what was sent since."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Now

from directive_tracker.vietnamese import vn_datetime
from notifications import rounds
from notifications.models import Message, MessageState, Notice, NoticeState, Pulse
from notifications.outbox import UNTOLD, withdraw_empty
from records.audit import record

WAITING = Q(state__in=[MessageState.PLANNED, MessageState.HELD]) | Q(state=MessageState.SENDING, lease_until__lte=Now())
MAY_HAVE_LEFT = "Không gửi: có thể đã gửi trước khi khôi phục dữ liệu."


@transaction.atomic
def hold_all(*, reason: str, by: Any, now: datetime) -> bool:
    """From now on no mail leaves, whoever runs rounds; planning goes on. False when everything was held already.

    Args:
        reason: one line for those who wonder why nothing arrives.
        by: the person, or None for a command.
    """
    Pulse.objects.get_or_create(pk=1)
    won = Pulse.objects.filter(pk=1, held_since__isnull=True).update(
        held_since=Now(), held_reason=reason[:200], held_by=by
    )
    if won:
        record("sending.held", by=by, at=now, reason=reason[:200])
    return bool(won)


@transaction.atomic
def release_all(
    *, by: Any, now: datetime, told_until: datetime | None = None, drop_doubtful: bool = False
) -> int | None:
    """Let mails leave again.

    Args:
        told_until: what should have left up to this moment (the pages' clock) counts as told and is not sent: after a
            restore it had left before. None: everything that waits is sent.
        drop_doubtful: what may have left between backup and restore is not sent.

    Returns: how many mails were taken back, or None when nothing was held.
    """
    pulse = Pulse.objects.select_for_update().filter(pk=1, held_since__isnull=False).first()
    if pulse is None:
        return None
    dropped = 0
    if told_until is not None:
        dropped = _drop(Notice.objects.filter(message__due_at__lte=told_until), reason="")
    if drop_doubtful:
        dropped += _drop(doubtful(pulse), reason=MAY_HAVE_LEFT)
    Pulse.objects.filter(pk=1).update(held_since=None, held_reason="", held_by=None, data_until=None, restored_at=None)
    reason = MAY_HAVE_LEFT if dropped and drop_doubtful else ""
    record("sending.released", by=by, at=now, data={"count": dropped}, reason=reason)
    return dropped


@transaction.atomic
def note_restore(data_until: datetime, *, now: datetime) -> None:
    """The database was restored from a backup: everything is held, and what is due by now is written down at once.

    What the restored system plans in this moment belongs to the time of which it knows nothing; what people do afterwards
    does not, and is sent in any case.

    Args:
        data_until: the moment of the backup.
        now: the pages' clock.
    """
    rounds.plan_whole(now=now)
    Pulse.objects.get_or_create(pk=1)
    # A hold that is there already goes on since when it began.
    since = Coalesce("held_since", Now())
    reason = f"Khôi phục từ bản sao lưu lúc {vn_datetime(data_until)}"
    Pulse.objects.filter(pk=1).update(
        held_since=since, held_reason=reason, held_by=None, data_until=data_until, restored_at=now
    )


def doubtful(pulse: Pulse) -> QuerySet[Notice]:
    """What waits for a mail and may have left before a restore: due, or first planned, between backup and restore."""
    if pulse.restored_at is None:
        return Notice.objects.none()
    planned_then = Q(planned_at__gte=pulse.data_until, planned_at__lte=pulse.restored_at)
    due_then = Q(planned_at__lte=pulse.restored_at, message__due_at__lte=pulse.restored_at)
    waiting = Message.objects.filter(WAITING)
    return Notice.objects.filter(planned_then | due_then, message__in=waiting, state__in=UNTOLD)


def doubtful_mails(pulse: Pulse) -> int:
    """In how many mails these stand."""
    return doubtful(pulse).order_by().values("message").distinct().count()


def _drop(notices: QuerySet[Notice], *, reason: str) -> int:
    """Tell these no more; how many mails have nothing left to say and were taken back."""
    found = notices.filter(message__in=Message.objects.filter(WAITING), state__in=UNTOLD)
    pairs = list(found.order_by().values_list("pk", "message_id"))
    mails = sorted({mail for _, mail in pairs})
    list(Message.objects.select_for_update().filter(pk__in=mails).order_by("pk").values_list("pk"))
    Message.objects.filter(pk__in=mails, state=MessageState.SENDING).update(
        state=MessageState.PLANNED, lease_by="", lease_until=None
    )
    Notice.objects.filter(pk__in=[pk for pk, _ in pairs], state__in=UNTOLD).update(state=NoticeState.SUPERSEDED)
    dropped = withdraw_empty(mails)
    if reason:
        Message.objects.filter(pk__in=mails, state=MessageState.SUPERSEDED).update(last_error=reason)
    return dropped
