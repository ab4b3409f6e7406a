"""Holding all sending, and letting it go again: after a restore the database does not know what was sent since."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from notifications.models import Message, MessageState, Notice, NoticeState, Pulse
from notifications.outbox import UNTOLD, withdraw_empty
from records.audit import record


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
def release_all(*, by: Any, now: datetime, told_until: datetime | None = None) -> int | None:
    """Let mails leave again.

    Args:
        told_until: what should have left up to this moment (the pages' clock) counts as told and is not sent: after a
            restore it had left before. None: everything that waits is sent.

    Returns: how many mails were taken back, or None when nothing was held.
    """
    if not Pulse.objects.filter(pk=1, held_since__isnull=False).update(held_since=None, held_reason="", held_by=None):
        return None
    dropped = 0
    if told_until is not None:
        waiting = Q(state__in=[MessageState.PLANNED, MessageState.HELD]) | Q(
            state=MessageState.SENDING, lease_until__lte=Now()
        )
        mails = Message.objects.filter(waiting, due_at__lte=told_until)
        pks = list(mails.select_for_update().values_list("pk", flat=True))
        Message.objects.filter(pk__in=pks, state=MessageState.SENDING).update(
            state=MessageState.PLANNED, lease_by="", lease_until=None
        )
        Notice.objects.filter(message__in=pks, state__in=UNTOLD).update(state=NoticeState.SUPERSEDED)
        dropped = withdraw_empty(pks)
    record("sending.released", by=by, at=now, data={"count": dropped})
    return dropped
