"""Reading scans as jobs."""

from datetime import datetime

from celery import shared_task

from directive_tracker import clock
from records import jobs_runner
from records.models import Job
from tasks.models import ScanReading
from tasks.scanning.reading import read
from tasks.scanning.starting import READ, forget_old, go_on, start

BELL = "tasks.read_scan"


def start_reading(reading: ScanReading, *, by, now: datetime) -> Job:
    """Let a job read a scan that has just been brought."""
    return start(reading, by=by, now=now)


@shared_task(name=BELL)
def read_scan(job_pk: int) -> None:
    """Run one job; the rows say how it went."""
    jobs_runner.run(job_pk, now=clock.now())


@shared_task(name="tasks.go_on_reading")
def go_on_reading() -> int:
    """Each minute: scans whose worker is gone; what became of old ones is forgotten."""
    now = clock.now()
    forget_old(now=now)
    return go_on(now=now)


jobs_runner.register(READ, read, bell=BELL)
