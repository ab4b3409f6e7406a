"""The minute's tick. It takes no arguments and may run never, once or five times at once: the rows decide."""

from datetime import timedelta

from celery import shared_task

from directive_tracker import clock
from notifications.rounds import run_tick

# Well below the worker's time limit; what is left waits for the next tick.
BUDGET = timedelta(minutes=8)


@shared_task(name="notifications.tick")
def tick() -> dict[str, int]:
    """Plan and deliver what is due by the pages' clock."""
    return run_tick(now=clock.now(), budget=BUDGET)
