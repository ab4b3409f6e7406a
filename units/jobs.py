"""Jobs of the units room: checking and importing a large workbook, writing the current state, changing the calendar."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from directive_tracker import clock
from directive_tracker.vietnamese import ZONE
from records import jobs_runner
from records.audit import record
from records.models import Job, StoredFile
from records.models.jobs import JobState
from records.own_files import KEPT_FOR
from records.results import keep_file
from records.spreadsheets import XLSX
from units import api_writes, calendar_changes
from units.access import access_of
from units.errors import Refused
from units.importing import service
from units.importing.snapshot import take_snapshot
from units.importing.workbook import row_count, state_bytes
from units.models import ImportState, ListImport

CHECK, APPLY, EXPORT = "units_check", "units_import", "units_export"
CALENDAR = "units_calendar"
BELL = "units.lists"


def check_file(job: Job, progress: jobs_runner.Progress, now: datetime) -> None:
    """Check one workbook. Errors: JobCancelled; the page then offers to check again."""
    found = ListImport.objects.select_related("file", "uploaded_by").get(pk=job.arguments["import"])
    with _given_back(found):
        book = service.book_of(found)
        progress.step(0, 2)
        service.run_check(found, book, now=now, step=progress.step)


def import_file(job: Job, progress: jobs_runner.Progress, now: datetime) -> None:
    """Import one workbook; what is refused is said by the job and on the page.

    Errors: JobCancelled until writing begins.
    """
    found = ListImport.objects.select_related("file", "uploaded_by").get(pk=job.arguments["import"])
    person = job.started_by
    with _given_back(found):
        book = service.book_of(found)
        progress.step(0, 2)
        try:
            if not access_of(person, today=clock.today()).is_administrator:
                raise Refused("Người yêu cầu không còn là quản trị hệ thống.")
            service.run_import(
                found, book, by=person, now=now, only_right=job.arguments["only_right"], digest=job.arguments["digest"]
            )
        except Refused as refusal:
            ListImport.objects.filter(pk=found.pk).exclude(state=ImportState.APPLIED).update(
                outcome={**ListImport.objects.get(pk=found.pk).outcome, "refusal": str(refusal)}
            )
        progress.step(2, 2)


@contextmanager
def _given_back(found: ListImport) -> Iterator[None]:
    """Whatever stops a job: the workbook can be checked again, never stays "at work"."""
    try:
        yield
    finally:
        busy = ListImport.objects.filter(pk=found.pk, state__in=[ImportState.WAITING, ImportState.APPLYING])
        busy.update(state=ImportState.CHECKED)


def write_state(job: Job, progress: jobs_runner.Progress, now: datetime) -> StoredFile:
    """Write the current state as a workbook. Errors: Refused when the person does not administrate any more."""
    if not access_of(job.started_by, today=clock.today()).is_administrator:
        raise Refused("Người yêu cầu không còn là quản trị hệ thống.")
    snapshot = take_snapshot()
    progress.step(1, 2)
    content = state_bytes(snapshot, demo=settings.DEMO)
    record("units.exported", by=job.started_by, at=now, data={"count": row_count(snapshot)})
    return keep_file(content, state_name(now), XLSX, by=job.started_by, now=now)


def change_calendar(job: Job, progress: jobs_runner.Progress, now: datetime) -> None:
    """Save a change of the calendar that moves very many days; what is refused is said by the job.

    Errors: JobCancelled until writing begins.
    """
    progress.step(0, 1)
    try:
        if not access_of(job.started_by, today=clock.today()).is_administrator:
            raise Refused("Người yêu cầu không còn là quản trị hệ thống.")
        change = calendar_changes.Change.unsealed(job.arguments["change"])
        calendar_changes.apply(change, digest=job.arguments["digest"], by=job.started_by, now=now)
    except calendar_changes.Stale:
        _refuse(
            job, "Lịch hoặc phần việc vừa thay đổi nên chưa lưu gì. Hãy xem trước lại trên trang Lịch làm việc.", now
        )
    except Refused as refusal:
        _refuse(job, f"Chưa lưu: {refusal}", now)


def _refuse(job: Job, message: str, now: datetime) -> None:
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(
        state=JobState.FAILED, message=message, finished_at=now
    )


def state_name(now: datetime) -> str:
    """What the file of the current state is called."""
    return f"don-vi-nguoi-vai-tro-{now.astimezone(ZONE):%Y%m%d}.xlsx"


@shared_task(name=BELL)
def lists(job_pk: int) -> None:
    """Run one of these jobs; the row says how it went."""
    jobs_runner.run(job_pk, now=clock.now())


@shared_task(name="units.forget_api_writes")
def forget_api_writes() -> int:
    """Each hour: take away what programs wrote more than a week ago, of which no repetition is expected any more."""
    return api_writes.forget(now=timezone.now())


jobs_runner.register(CHECK, check_file, bell=BELL)
jobs_runner.register(APPLY, import_file, bell=BELL)
jobs_runner.register(EXPORT, write_state, bell=BELL, kept_for=KEPT_FOR)
jobs_runner.register(CALENDAR, change_calendar, bell=BELL)
