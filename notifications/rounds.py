"""One round: write down what is due by now, then send what may leave. Idempotent; any number may run at once.

The command looks at everything each time. The minute's tick looks at everything when the day has changed, when
somebody asked for it (`Pulse.objects.plan_anew`) and once an hour; in between only at what was touched, so that a quiet
minute costs three statements.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists
from django.db.models.functions import Now
from django.utils import timezone

from directive_tracker.vietnamese import ZONE
from notifications import bell, delivery, kinds, planning, systems
from notifications.models import Pulse

# How old the last look at everything may be, by the real clock.
WHOLE_EVERY = timedelta(hours=1)
# Whoever was still writing when the last look began is found by the next one.
MARGIN = timedelta(minutes=3)


@dataclass(frozen=True)
class Look:
    """What the tick sees in one statement: whether to plan, from when on, whether mail waits, whether for other systems."""

    whole: bool
    since: datetime | None
    touched: bool
    mail_waits: bool
    systems_wait: bool


def run_round(*, now: datetime, budget: timedelta | None = None) -> dict[str, int]:
    """Plan and deliver once, looking at everything.

    Args:
        now: decides what is due, the working hours and the holidays. Leases and back-off go by the database's clock.
        budget: real time after which no more mail is claimed.

    Returns: {"planned": notices, "held": mails that wait for working hours or are held, "sent": mails, "failed": mails,
        "superseded": notices} of this round.
    """
    planned = _prepare(now=now) + plan(now=now)
    # Mail first: other systems may keep us waiting.
    done = [delivery.drain(now=now, budget=budget), systems.drain(now=now, budget=budget)]
    return {
        "planned": planned,
        "held": delivery.held_count(now=now),
        "sent": sum(outcome.sent for outcome in done),
        "failed": sum(outcome.failed for outcome in done),
        "superseded": sum(outcome.superseded for outcome in done),
    }


def run_tick(*, now: datetime, budget: timedelta | None = None) -> dict[str, int]:
    """The minute's round: plan what may have changed, send the mail that waits, ring for what waits for other systems, note
    that the tick ran.

    Returns: {"planned", "sent", "failed", "superseded"} of this round, as `run_round`.
    """
    seen = look(now=now)
    planned = 0
    if seen.whole:
        planned = _prepare(now=now) + plan(now=now)
    elif seen.touched:
        planned = _prepare(now=now) + plan(now=now, since=seen.since)
    outcome = delivery.Outcome()
    # Before the mail: another worker can be at it meanwhile.
    if seen.systems_wait or (planned and delivery.claimable(now=now).filter(systems.others()).exists()):
        bell.ring(bell.SYSTEMS)
    if seen.mail_waits or planned:
        outcome = delivery.drain(now=now, budget=budget)
    Pulse.objects.filter(pk=1).update(last_tick=Now(), planned_at=now)
    return {"planned": planned, "sent": outcome.sent, "failed": outcome.failed, "superseded": outcome.superseded}


def look(*, now: datetime) -> Look:
    """Ask in one statement what there is to do."""
    since = now - 2 * MARGIN
    touched = {f"touched_{number}": Exists(rows) for number, rows in enumerate(kinds.touched(since))}
    claimable = delivery.claimable(now=now)
    waiting = {
        "mail_waits": Exists(claimable.filter(delivery.mails())),
        "systems_wait": Exists(claimable.filter(systems.others())),
    }
    pulse = Pulse.objects.filter(pk=1).annotate(database_now=Now(), **waiting, **touched).first()
    if pulse is None:
        Pulse.objects.get_or_create(pk=1)
        return Look(whole=True, since=None, touched=False, mail_waits=True, systems_wait=True)
    today = timezone.localdate(now, ZONE)
    fresh = (
        pulse.planned_day == today
        and pulse.planned_at is not None
        and pulse.planned_whole is not None
        # Not so when the pages' clock went back or jumped, or ticks were missed.
        and timedelta(0) <= now - pulse.planned_at <= MARGIN
        and timedelta(0) <= pulse.database_now - pulse.planned_whole <= WHOLE_EVERY
    )
    is_touched = any(getattr(pulse, name) for name in touched)
    return Look(
        whole=not fresh,
        since=since,
        touched=is_touched,
        mail_waits=pulse.mail_waits,
        systems_wait=pulse.systems_wait,
    )


def plan_whole(*, now: datetime) -> int:
    """Write down everything that is due without sending any of it; the number of new notices."""
    return _prepare(now=now) + plan(now=now)


def _prepare(*, now: datetime) -> int:
    """What comes before planning; the number of new notices."""
    return sum(step(now) for step in kinds.before_planning)


def plan(*, now: datetime, since: datetime | None = None) -> int:
    """Let every planner write down what is due.

    Args:
        since: only what was touched from that moment on (the pages' clock); None: everything.

    Returns: the number of new notices.
    """
    with transaction.atomic():
        # One at a time, so that "planned" is counted once; the keys alone would keep the rows unique.
        Pulse.objects.get_or_create(pk=1)
        list(Pulse.objects.select_for_update().filter(pk=1).values_list("pk"))
        planned = sum(planner.plan(now=now, since=since) for planner in kinds.planners)
        planning.join_daily_mails(now=now)
        noted: dict[str, Any] = {"planned_day": timezone.localdate(now, ZONE), "planned_at": now}
        if since is None:
            noted["planned_whole"] = Now()
        Pulse.objects.filter(pk=1).update(**noted)
    return planned
