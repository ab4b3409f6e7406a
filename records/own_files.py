"""Tệp của tôi: files a person asked for – lists as Excel and other copies that jobs made. A copy is kept for a while, then taken away.

What counts stays where it came from; a copy that lies about for years is only a risk. The rooms say of each kind of job how
long its file is kept (jobs_runner.register); the registry's are gone after a day.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from records import jobs_runner
from records.audit import record
from records.models import Job

KEPT_FOR = timedelta(days=30)
# So many files are taken away by one round; the next one goes on.
AT_ONCE = 500


@dataclass(frozen=True)
class OwnFile:
    """One line of the page."""

    job: Job
    kept_until: datetime | None

    @property
    def is_gone(self) -> bool:
        """The file was made and has been taken away since."""
        return self.job.result_file is not None and not self.job.result_file.size


def own_files(user: Any) -> QuerySet[Job]:
    """The person's jobs that make a file, newest first."""
    kinds = jobs_runner.kinds_with_files()
    return Job.objects.visible_to(user).filter(kind__in=kinds).select_related("result_file").order_by("-pk")


def lines_of(jobs: list[Job]) -> list[OwnFile]:
    """Each job with the moment after which its file is taken away."""
    kept = jobs_runner.kinds_with_files()
    return [OwnFile(job, job.finished_at + kept[job.kind] if job.finished_at else None) for job in jobs]


def remove(job: Job, *, by: Any, now: datetime) -> bool:
    """Take the file of an own job away at once. False when it is gone already."""
    file = job.result_file
    if file is None or not file.size:
        return False
    with transaction.atomic():
        # Before it is emptied: the log names the file.
        record("file.own_removed", by=by, at=now, target=file)
        file.empty()
    return True


def forget(*, now: datetime) -> int:
    """Take away the files whose time is over; returns how many."""
    over = Q(pk__in=[])
    for kind, kept_for in jobs_runner.kinds_with_files().items():
        over |= Q(kind=kind, finished_at__lt=now - kept_for)
    old = Job.objects.filter(over, result_file__size__gt=0).select_related("result_file").order_by("pk")[:AT_ONCE]
    files = [job.result_file for job in old]
    for file in files:
        with transaction.atomic():
            file.empty()
    return len(files)
