"""Long work as rows: started by a page, run by a worker, followed and cancelled by its owner.

The row is the truth and the queue only a bell. Where the bell is lost (no broker, a killed worker),
`run_waiting`, called by a minute's tick, runs what has waited for a minute; so a job is late, never gone.

Whoever runs a job says every few seconds that it lives (`alive_at`, by the database's clock). Where that stops, the machine
is lost: another one begins anew what may be done twice (files that a person asked for), at most three times in all.
"""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.contrib.auth import get_user_model
from django.db import Error, connections, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from directive_tracker import outages, ringing
from directive_tracker.watching import ids
from records import results
from records.models import Job, StoredFile
from records.models.jobs import JobState

logger = logging.getLogger(__name__)

# A bell that was heard starts the job within seconds.
WAITED = timedelta(minutes=1)
# Longer than the worker's time limit: whoever ran it is gone.
ABANDONED = timedelta(minutes=20)
# How often who runs a job says that it lives, in seconds; after how long without it the job is another's to begin anew.
SIGN_OF_LIFE = 15.0
SILENT = timedelta(seconds=90)
# What brought down three workers is not tried a fourth time.
MOST_ATTEMPTS = 3
ACTING_FOR = "acting_for"
CANCELLED = "Đã hủy theo yêu cầu."
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

        Errors: JobCancelled once the owner has asked to stop, or another worker has taken over.
        """
        goes_on = _own(self.job).update(done=done, total=total)
        if not goes_on or Job.objects.filter(pk=self.job.pk, cancel_requested=True).exists():
            raise JobCancelled


Work = Callable[[Job, Progress, datetime], StoredFile | None]


@dataclass(frozen=True)
class _Kind:
    work: Work
    bell: str
    kept_for: timedelta | None = None
    again: bool = False


_kinds: dict[str, _Kind] = {}


def register(kind: str, work: Work, *, bell: str, kept_for: timedelta | None = None, again: bool | None = None) -> None:
    """Name a kind of job; called where the Celery function stands.

    Args:
        kind: Job.kind, e.g. "matrix_xlsx".
        work: called with (job, progress, now); returns the file it made, or None.
        bell: name of the Celery function that calls `run`.
        kept_for: the job makes a file for its owner alone, a copy that is taken away so long after (records/own_files.py).
        again: whether a job whose worker was lost is begun anew by another; by default what makes such a copy.
    """
    _kinds[kind] = _Kind(work, bell, kept_for, kept_for is not None if again is None else again)


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
    on to the worker's log). Whoever was silent for so long that another began anew has no say any more.
    """
    won = Job.objects.filter(pk=job_pk, state=JobState.QUEUED).update(
        state=JobState.RUNNING, started_at=now, alive_at=Now(), attempts=F("attempts") + 1
    )
    if not won:
        return
    job = Job.objects.select_related("started_by").get(pk=job_pk)
    if ACTING_FOR in job.arguments:
        job.started_by.acting_for = get_user_model().objects.get(pk=job.arguments[ACTING_FOR])
    with ids.back_to(job.request_id):
        _work(job, now=now)


def _work(job: Job, *, now: datetime) -> None:
    """Do the work of a claimed row and write down how it ended.

    A database that does not answer is no end: what may be begun anew stays silent until another worker takes it.
    """
    state, message, result, told, waits = JobState.FAILED, FAILED, None, 0, False
    try:
        _forget_of_before(job)
        with _signs_of_life(job), results.entered(partial(_note_copy, job)):
            result = _kinds[job.kind].work(job, Progress(job), now)
        state, message = JobState.DONE, ""
    except JobCancelled:
        state, message = JobState.CANCELLED, CANCELLED
    except JobRefused as refused:
        message = str(refused)[:300]
    except Error as error:
        waits = _kinds[job.kind].again and outages.is_database_away(error)
        if not waits:
            raise
        logger.warning("the database went away under job %s: %s", job.pk, error.__class__.__name__)
        outages.let_go()
    finally:
        if not waits:
            told = _own(job).update(state=state, message=message, result_file=result, finished_at=now)
            if job.result_file is not None and not (told and result == job.result_file):
                # Nobody would ever come for this copy: the work was stopped, or another worker makes it.
                job.result_file.empty()


def _note_copy(job: Job, stored: StoredFile) -> None:
    """The copy is the job's from the moment it exists: whoever begins anew can take it away."""
    if _kinds[job.kind].kept_for is not None:
        _own(job).update(result_file=stored)
        job.result_file = stored


def _forget_of_before(job: Job) -> None:
    """A worker was lost after its copy was filed and before it could say so: nobody would ever come for that one."""
    if job.attempts > 1 and job.result_file is not None and _kinds[job.kind].kept_for is not None:
        with transaction.atomic():
            _own(job).update(result_file=None)
            job.result_file.empty()
        job.result_file = None


def _own(job: Job) -> QuerySet[Job]:
    """The row, as long as it is this attempt's."""
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)


@contextlib.contextmanager
def _signs_of_life(job: Job) -> Iterator[None]:
    """Say every few seconds, beside the work, that it goes on; a database that does not answer is asked again next time."""
    over = threading.Event()

    def say() -> None:
        while not over.wait(SIGN_OF_LIFE):
            try:
                _own(job).update(alive_at=Now())
            except Error as error:
                logger.warning("no sign of life of job %s: %s", job.pk, error.__class__.__name__)
            finally:
                # A connection of this thread's own, which is not kept between the signs.
                connections.close_all()

    thread = threading.Thread(target=say, name=f"job {job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def cancel(job: Job, *, now: datetime) -> bool:
    """Ask a job to stop; a queued one is cancelled at once. False when it was finished already."""
    stopped = Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(
        state=JobState.CANCELLED,
        cancel_requested=True,
        message=CANCELLED,
        finished_at=now,
    )
    asked = Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(cancel_requested=True)
    return bool(stopped or asked)


def run_waiting(now: datetime) -> int:
    """Run what no worker was rung for; begin anew, or call interrupted, what a lost worker had in its hands.

    Called by the minute's tick; returns the number of jobs run. Of several ticks at once only one
    wins each job (`run` claims it).
    """
    running = Job.objects.filter(state=JobState.RUNNING)
    again = [name for name, kind in _kinds.items() if kind.again]
    silent = running.filter(kind__in=again, alive_at__lt=Now() - SILENT)
    silent.filter(cancel_requested=True).update(state=JobState.CANCELLED, message=CANCELLED, finished_at=now)
    silent.filter(attempts__lt=MOST_ATTEMPTS).update(state=JobState.QUEUED, done=0, total=0)
    (silent | running.filter(started_at__lt=now - ABANDONED)).update(
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
