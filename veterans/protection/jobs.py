"""Long work about protection."""

from datetime import datetime

from celery import shared_task

from directive_tracker import clock
from records import jobs_runner
from records.models import Job
from veterans.protection import scrubbing

SCRUB = "registry_scrub"
EXPORT = "registry_export"
# Jobs whose result holds persons.
EXPORT_KINDS = (EXPORT,)
BELL = "veterans.protection"


def start_scrub(*, by, now: datetime) -> None:
    """Clean the database's files after the transaction; a command, which has no user, does it itself."""
    if by is not None:
        jobs_runner.start(SCRUB, title="Dọn vết dữ liệu đã xóa", arguments={}, by=by, now=now)


def scrub_files(job: Job, progress: jobs_runner.Progress, now: datetime) -> None:
    """Leave nothing of erased rows in the database's files."""
    progress.step(0, 1)
    scrubbing.scrub()
    progress.step(1, 1)


@shared_task(name=BELL)
def run_protection(job_pk: int) -> None:
    """Run one job; the row says how it went."""
    jobs_runner.run(job_pk, now=clock.now())


jobs_runner.register(SCRUB, scrub_files, bell=BELL)
