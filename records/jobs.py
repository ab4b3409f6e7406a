"""Jobs of the records room."""

from celery import shared_task

from directive_tracker import clock
from records import jobs_runner


@shared_task(name="records.run_waiting")
def run_waiting() -> int:
    """Each minute: run the jobs whose bell was lost."""
    return jobs_runner.run_waiting(clock.now())
