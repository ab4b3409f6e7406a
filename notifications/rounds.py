"""One round: write down what is due by now, then send what may leave. Idempotent; any number may run at once."""

from datetime import datetime, timedelta

from django.db import transaction

from notifications import delivery, kinds, outbox
from notifications.models import NoticeRule
from notifications.outbox import Telling


def run_round(*, now: datetime, budget: timedelta | None = None) -> dict[str, int]:
    """Plan and deliver once.

    Args:
        now: decides what is due, the working hours and the holidays. Leases and back-off go by the database's clock.
        budget: real time after which no more mail is claimed.

    Returns: {"planned": notices, "held": mails that wait for working hours or are held, "sent": mails, "failed": mails,
        "superseded": notices} of this round.
    """
    planned = plan(now=now)
    outcome = delivery.drain(now=now, budget=budget)
    return {
        "planned": planned,
        "held": delivery.held_count(now=now),
        "sent": outcome.sent,
        "failed": outcome.failed,
        "superseded": outcome.superseded,
    }


def plan(*, now: datetime) -> int:
    """Ask every planner what is due and write it down; the number of new notices."""
    due = due_tellings(now=now)
    if not due:
        return 0
    with transaction.atomic():
        # One at a time, so that "planned" is counted once; the keys alone would keep the rows unique.
        list(NoticeRule.objects.select_for_update().values_list("pk"))
        return outbox.tell_many(due, now=now)


def due_tellings(*, now: datetime) -> list[Telling]:
    """Everything the planners want told by that moment."""
    return [telling for planner in kinds.planners for telling in planner(now=now)]
