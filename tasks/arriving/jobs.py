"""The look into the watched places as a job."""

from celery import shared_task

from directive_tracker import clock
from tasks.arriving.watching import watch


@shared_task(name="tasks.watch_incoming")
def watch_incoming() -> int:
    """Each minute: what arrived; returns how many files are new."""
    return watch(now=clock.now()).new
