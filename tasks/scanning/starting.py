"""A scan is read by a job; one whose worker is gone is taken up again where it stood."""

from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from records import jobs_runner
from records.models import Job
from records.models.jobs import JobState
from tasks.enums import ScanState
from tasks.models import ScanReading
from tasks.scanning.ending import end

READ = "read_scan"
# Longer than the longest step between two signs of life (tasks/scanning/reading.py).
LEASE = timedelta(minutes=2)
# Taken up so often without one page more, it is given up: a page that kills its worker would do so for ever.
MOST_ATTEMPTS = 4
KEPT_FOR = timedelta(days=7)
GIVEN_UP = "Không đọc được bản quét này. Hãy gửi tệp có chữ, hoặc quét lại rõ hơn rồi gửi lại."


@transaction.atomic
def start(reading: ScanReading, *, by, now: datetime) -> Job:
    """Let a job read on."""
    job = jobs_runner.start(READ, title=f"Đọc bản quét số {reading.pk}", arguments={"scan": reading.pk}, by=by, now=now)
    ScanReading.objects.filter(pk=reading.pk).update(
        job=job, lease_until=timezone.now() + LEASE, attempts=F("attempts") + 1
    )
    return job


def go_on(*, now: datetime) -> int:
    """Each minute: scans whose worker was killed or whose job failed are read on; returns how many.

    Of several ticks at once one wins each of them.
    """
    gone = ScanReading.objects.filter(state=ScanState.READING).select_related("job", "begun_by", "file", "incoming")
    count = 0
    for reading in gone.filter(lease_until__lt=timezone.now()).order_by("pk"):
        job = reading.job
        if job is None or job.state == JobState.QUEUED:
            continue  # its bell may be late: records.run_waiting finds it
        if job.state == JobState.CANCELLED or job.cancel_requested:
            end(reading, ScanState.STOPPED, by=reading.begun_by, now=now)
            continue
        won = ScanReading.objects.filter(pk=reading.pk, job=job, lease_until=reading.lease_until)
        if not won.update(lease_until=timezone.now() + LEASE):
            continue
        Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(
            state=JobState.FAILED, message=jobs_runner.INTERRUPTED, finished_at=now
        )
        if reading.attempts >= MOST_ATTEMPTS:
            end(reading, ScanState.FAILED, words=GIVEN_UP, by=reading.begun_by, now=now)
            continue
        by = reading.begun_by
        if jobs_runner.ACTING_FOR in job.arguments:
            by.acting_for = get_user_model().objects.get(pk=job.arguments[jobs_runner.ACTING_FOR])
        start(reading, by=by, now=now)
        count += 1
    return count


def forget_old(*, now: datetime) -> int:
    """What became of scans is shown for a week."""
    old = ScanReading.objects.filter(ended_at__lt=now - KEPT_FOR)
    return old.delete()[0]
