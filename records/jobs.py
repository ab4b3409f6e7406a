"""Jobs of the records room."""

import logging
import tempfile
from datetime import datetime
from pathlib import Path

from celery import shared_task
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from directive_tracker import clock
from records import chain, jobs_runner, own_files, partial, sheets
from records.models import Job, StoredFile
from records.results import keep_file
from records.spreadsheets import XLSX

logger = logging.getLogger(__name__)

SHEET = "sheet"
SHEET_BELL = "records.make_sheet"
NOT_YOURS = "Anh/chị không còn quyền xem danh sách này, nên tệp không được tạo."


@shared_task(name="records.run_waiting")
def run_waiting() -> int:
    """Each minute: run the jobs whose bell was lost."""
    return jobs_runner.run_waiting(clock.now())


@shared_task(name="records.seal")
def seal() -> int:
    """Each minute: seal the events that a killed process left behind; rows nobody of us wrote are named in the log."""
    sealed = chain.seal()
    if sealed.forged:
        logger.error("the audit holds %s rows whose token is wrong; see manage.py verify_audit", sealed.forged)
    return sealed.count


@shared_task(name="records.forget_parts")
def forget_parts() -> int:
    """Each hour: files that were begun and never finished."""
    return partial.clean_up(now=timezone.now())


@shared_task(name="records.forget_own_files")
def forget_own_files() -> int:
    """Each hour: files of "Tệp của tôi" whose time is over."""
    return own_files.forget(now=clock.now())


def make_sheet(job: Job, progress: jobs_runner.Progress, now: datetime) -> StoredFile:
    """Write a list for the person who asked, with the rights of this moment.

    Errors: JobRefused when the person may not see the list any more; JobCancelled.
    """
    asked = sheets.Asked(job.started_by, sheets.params_of(job.arguments["filter"]), now)
    with tempfile.TemporaryDirectory(prefix="danh-sach-") as folder:
        path = Path(folder) / "danh-sach.xlsx"
        try:
            written = sheets.write(job.arguments["list"], asked, str(path), step=progress.step)
        except (PermissionDenied, Http404) as refused:
            raise jobs_runner.JobRefused(NOT_YOURS) from refused
        return keep_file(path.read_bytes(), written.name, XLSX, by=job.started_by, now=now)


@shared_task(name=SHEET_BELL)
def run_sheet(job_pk: int) -> None:
    """Run one export of a list; the row says how it went."""
    jobs_runner.run(job_pk, now=clock.now())


jobs_runner.register(SHEET, make_sheet, bell=SHEET_BELL, kept_for=own_files.KEPT_FOR)
