"""The minute's tick. It takes no arguments and may run never, once or five times at once: the rows decide."""

import time
from datetime import timedelta

from celery import shared_task

from directive_tracker import clock
from notifications import bell, systems
from notifications.rounds import run_tick

# A worker that is asked to end (a deploy) ends its job first: within this time and that of one send.
BUDGET = timedelta(seconds=20)
# A worker that talks to other systems sends no mail meanwhile; where it is the only one, mail waits so long at most, and
# the time of one sending.
SYSTEMS_BUDGET = timedelta(seconds=10)


@shared_task(name="notifications.tick")
def tick() -> dict[str, int]:
    """Plan and deliver what is due by the pages' clock; whoever is not done in time rings for two to go on."""
    began = time.monotonic()
    done = run_tick(now=clock.now(), budget=BUDGET)
    if time.monotonic() - began >= BUDGET.total_seconds():
        # Two, so that with a heap of mails all workers are soon at it; a ring too many finds nothing and is over.
        bell.ring()
        bell.ring()
    return done


@shared_task(name=bell.SYSTEMS)
def tell_systems() -> dict[str, int]:
    """Send what waits for other systems and telephones; the tick rings for it when there is any."""
    began = time.monotonic()
    done = systems.drain(now=clock.now(), budget=SYSTEMS_BUDGET)
    # At the back of the queue: whatever mail was rung for meanwhile comes first.
    if done.sent and time.monotonic() - began >= SYSTEMS_BUDGET.total_seconds():
        bell.ring(bell.SYSTEMS)
    return {"sent": done.sent, "failed": done.failed, "superseded": done.superseded}
