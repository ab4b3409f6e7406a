"""Long work as rows: started by a page, run by a worker, followed and cancelled by its owner.

The row is the truth and the queue only a bell. Where the bell is lost (no broker, a killed worker),
`run_waiting`, called by a minute's tick, runs what has waited for a minute; so a job is late, never gone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction

from directive_tracker import ringing
from directive_tracker.watching import ids
from records.models import Job, StoredFile
from records.models.jobs import JobState

# A bell that was heard starts the job within seconds.
WAITED = timedelta(minutes=1)
# Longer than the worker's time limit: whoever ran it is gone.
ABANDONED = timedelta(minutes=20)
ACTING_FOR = "acting_for"
INTERRUPTED = "Việc bị dừng giữa chừng. Xin yêu cầu lại."
FAILED = "Không làm xong được. Văn phòng có thể yêu cầu lại; nếu vẫn vậy, báo người quản trị."


class JobCancelled(Exception):
    """The owner asked to stop; raised inside the job at its next step."""


class JobRefused(Exception):
    """The work may not be done (any more); the exception's words are what the owner reads."""


@dataclass(frozen=True)
class Progress:
    """What a running job holds to say how far it is."""

    job: Job

    def step(self, done: int, total: int) -> None:
        """Note how much is done.

        Errors: JobCancelled once the owner has asked to stop.
        """
        Job.objects.filter(pk=self.job.pk, state=JobState.RUNNING).update(done=done, total=total)
        if Job.objects.filter(pk=self.job.pk, cancel_requested=True).exists():
            raise JobCancelled


Work = Callable[[Job, Progress, datetime], StoredFile | None]


@dataclass(frozen=True)
class _Kind:
    work: Work
    bell: str
    kept_for: timedelta | None = None


_kinds: dict[str, _Kind] = {}


def register(kind: str, work: Work, *, bell: str, kept_for: timedelta | None = None) -> None:
    """Name a kind of job; called where the Celery function stands.

    Args:
        kind: Job.kind, e.g. "matrix_xlsx".
        work: called with (job, progress, now); returns the file it made, or None.
        bell: name of the Celery function that calls `run`.
        kept_for: the job makes a file for its owner alone, a copy that is taken away so long after (records/own_files.py).
    """
    _kinds[kind] = _Kind(work, bell, kept_for)


def kinds_with_files() -> dict[str, timedelta]:
    """Kinds whose file is a copy for the owner → how long it is kept."""
    return {name: kind.kept_for for name, kind in _kinds.items() if kind.kept_for is not None}


def start(kind: str, *, title: str, arguments: dict, by, now: datetime) -> Job:
    """Write the job down and ring for a worker once the transaction has committed.

    Whom the person stands in for goes along: the work sees and is logged like the page that asked for it.
    """
    if by.acting_for is not None:
        arguments = {**arguments, ACTING_FOR: by.acting_for.pk}
    job = Job.objects.create(
        kind=kind, title=title, arguments=arguments, started_by=by, created_at=now, request_id=ids.current()
    )
    transaction.on_commit(lambda: ringing.ring(_kinds[kind].bell, [job.pk]))
    return job


def run(job_pk: int, *, now: datetime) -> None:
    """Run a queued job once, however often it is rung for.

    Whatever stops the work, the row says so: done, cancelled, refused with its reason, or failed (the error then goes
    on to the worker's log).
    """
    won = Job.objects.filter(pk=job_pk, state=JobState.QUEUED).update(state=JobState.RUNNING, started_at=now)
    if not won:
        return
    job = Job.objects.select_related("started_by").get(pk=job_pk)
    if ACTING_FOR in job.arguments:
        job.started_by.acting_for = get_user_model().objects.get(pk=job.arguments[ACTING_FOR])
    with ids.back_to(job.request_id):
        _work(job, now=now)


def _work(job: Job, *, now: datetime) -> None:
    """Do the work of a claimed row and write down how it ended."""
    state, message, result = JobState.FAILED, FAILED, None
    try:
        result = _kinds[job.kind].work(job, Progress(job), now)
        state, message = JobState.DONE, ""
    except JobCancelled:
        state, message = JobState.CANCELLED, "Đã hủy theo yêu cầu."
    except JobRefused as refused:
        message = str(refused)[:300]
    finally:
        Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(
            state=state, message=message, result_file=result, finished_at=now
        )


def cancel(job: Job, *, now: datetime) -> bool:
    """Ask a job to stop; a queued one is cancelled at once. False when it was finished already."""
    stopped = Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(
        state=JobState.CANCELLED,
        cancel_requested=True,
        message="Đã hủy theo yêu cầu.",
        finished_at=now,
    )
    asked = Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(cancel_requested=True)
    return bool(stopped or asked)


def run_waiting(now: datetime) -> int:
    """Run what no worker was rung for, and say of abandoned jobs that they were interrupted.

    Called by the minute's tick; returns the number of jobs run. Of several ticks at once only one
    wins each job (`run` claims it).
    """
    Job.objects.filter(state=JobState.RUNNING, started_at__lt=now - ABANDONED).update(
        state=JobState.FAILED, message=INTERRUPTED, finished_at=now
    )
    waiting = list(
        Job.objects.filter(state=JobState.QUEUED, created_at__lt=now - WAITED, kind__in=_kinds)
        .order_by("pk")
        .values_list("pk", flat=True)[:20]
    )
    for pk in waiting:
        run(pk, now=now)
    return len(waiting)
