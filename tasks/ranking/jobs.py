"""The end of days as a job."""

from celery import shared_task

from directive_tracker import clock
from tasks.ranking.days import note_missed


@shared_task(name="tasks.note_day")
def note_day() -> int:
    """Each hour: the figures of the day that is over; returns how many rows were written."""
    return note_missed(now=clock.now())
