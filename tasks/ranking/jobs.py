"""The end of days, and rankings that take long, as jobs."""

from celery import shared_task

from directive_tracker import clock
from records import jobs_runner
from tasks.ranking import making
from tasks.ranking.days import note_missed


@shared_task(name="tasks.note_day")
def note_day() -> int:
    """Every ten minutes: the figures of the day that is over; returns how many rows were written."""
    return note_missed(now=clock.now())


@shared_task(name=making.BELL)
def make_ranking(job_pk: int) -> None:
    """Make one ranking; the row says how it went."""
    jobs_runner.run(job_pk, now=clock.now())


jobs_runner.register(making.KIND, making.run, bell=making.BELL)
