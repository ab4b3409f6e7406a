"""Looking through the whole registry, in the background."""

from datetime import datetime

from celery import shared_task

from directive_tracker import clock
from records import jobs_runner
from records.models import Job
from veterans.duplicates import registry

SEARCH = "registry_duplicates"
BELL = "veterans.duplicates"


def search(job: Job, progress: jobs_runner.Progress, now: datetime) -> None:
    """Propose pairs among all entries; the row says how many are new."""
    progress.step(0, 1)
    registry.propose(now=now)
    progress.step(1, 1)


@shared_task(name=BELL)
def run_duplicates(job_pk: int) -> None:
    """Run one job; the row says how it went."""
    jobs_runner.run(job_pk, now=clock.now())


jobs_runner.register(SEARCH, search, bell=BELL)
