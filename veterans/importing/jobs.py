"""Reading a list, importing it and taking it back as jobs with progress."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from celery import shared_task
from django.db import transaction

from directive_tracker import clock, vietnamese
from records import jobs_runner
from records.models import Job
from tasks.errors import Refused
from veterans.importing import applying, checking, keeping, reverting
from veterans.models import PersonImport

READ, APPLY, REVERT = "registry_read_list", "registry_import_list", "registry_revert_list"
BELL = "veterans.importing"
State = PersonImport.State
CUT_OFF = "Lần nhập vừa rồi dừng giữa chừng, chưa có gì được nhập. Có thể bấm “Nhập vào sổ” lần nữa."


def start_reading(found: PersonImport, *, by, now: datetime) -> None:
    """Let a job read the list."""
    _start(found, READ, f"Đọc danh sách số {found.pk}", by=by, now=now)


@transaction.atomic
def start_import(found: PersonImport, *, by, now: datetime) -> None:
    """Let a job import the checked list; of two who ask at once only the first starts one."""
    if PersonImport.objects.filter(pk=found.pk, state=State.CHECKED).update(state=State.APPLYING, refusal=""):
        _start(found, APPLY, f"Nhập danh sách số {found.pk}", by=by, now=now)


@transaction.atomic
def start_reverting(found: PersonImport, *, by, now: datetime) -> None:
    """Let a job take the list back; of two who ask at once only the first starts one."""
    row = PersonImport.objects.select_for_update(of=("self",)).select_related("job").get(pk=found.pk)
    if row.state == State.APPLIED and not is_reverting(row):
        PersonImport.objects.filter(pk=found.pk).update(refusal="")
        _start(found, REVERT, f"Gỡ danh sách số {found.pk}", by=by, now=now)


def is_reverting(found: PersonImport) -> bool:
    """Whether a job is taking the list back."""
    return found.state == State.APPLIED and found.job is not None and found.job.is_running


def _start(found: PersonImport, kind: str, title: str, *, by, now: datetime) -> None:
    job = jobs_runner.start(kind, title=title, arguments={"list": found.pk}, by=by, now=now)
    PersonImport.objects.filter(pk=found.pk).update(job=job)


def read(job: Job, progress: jobs_runner.Progress, now: datetime) -> None:
    """Read and check one list. Errors: JobCancelled; the page then offers to read it again or to leave it."""
    found = PersonImport.objects.select_related("file", "area").get(pk=job.arguments["list"])
    with _whole_or_nothing(found):
        checking.check(found, by=job.started_by, now=now, step=progress.step)
    PersonImport.objects.filter(pk=found.pk).update(job=None)


def import_list(job: Job, progress: jobs_runner.Progress, now: datetime) -> None:
    """Import one checked list; what stands in the way is said on its page."""
    found = PersonImport.objects.select_related("file", "area").get(pk=job.arguments["list"])
    with _given_back(found), _whole_or_nothing(found):
        try:
            applying.apply(found, by=job.started_by, now=now, step=progress.step, job=job)
        except Refused as refusal:
            # What is said of a list that was left meanwhile stays.
            there = PersonImport.objects.filter(pk=found.pk).exclude(state=State.CANCELLED)
            there.update(refusal=vietnamese.shortened(str(refusal), 300))


def revert_list(job: Job, progress: jobs_runner.Progress, now: datetime) -> None:
    """Take one list back; what stands in the way is said on its page."""
    found = PersonImport.objects.select_related("file", "area").get(pk=job.arguments["list"])
    try:
        reverting.revert(found, by=job.started_by, now=now, step=progress.step)
    except Refused as refusal:
        PersonImport.objects.filter(pk=found.pk).update(refusal=vietnamese.shortened(str(refusal), 300))
    finally:
        PersonImport.objects.filter(pk=found.pk, job=job).update(job=None)


@contextmanager
def _whole_or_nothing(found: PersonImport) -> Iterator[None]:
    """A reading that was stopped or failed leaves no rows behind."""
    try:
        yield
    finally:
        if PersonImport.objects.filter(pk=found.pk, state=State.READING).exists():
            checking.forget_rows(found)


@contextmanager
def _given_back(found: PersonImport) -> Iterator[None]:
    """However it ends, the list does not stay at work, and its page says that nothing was imported."""
    try:
        yield
    finally:
        PersonImport.objects.filter(pk=found.pk, state=State.APPLYING, refusal="").update(refusal=CUT_OFF)
        PersonImport.objects.filter(pk=found.pk, state=State.APPLYING).update(state=State.CHECKED)


@shared_task(name="veterans.empty_lists")
def empty_old_lists() -> int:
    """Each hour: the sealed rows of lists that can no longer be taken back, lists nobody imported."""
    return keeping.empty_old(clock.now())


@shared_task(name=BELL)
def run_importing(job_pk: int) -> None:
    """Run one job; the row says how it went."""
    jobs_runner.run(job_pk, now=clock.now())


jobs_runner.register(READ, read, bell=BELL)
jobs_runner.register(APPLY, import_list, bell=BELL)
jobs_runner.register(REVERT, revert_list, bell=BELL)
