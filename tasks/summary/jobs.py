"""Files of summary reports that take longer than a page: the PDF, and the Word file of a very large directive."""

from datetime import datetime

from celery import shared_task

from directive_tracker import clock
from records import jobs_runner
from records.models import Job, StoredFile
from tasks.models import SummaryFile, SummaryReport
from tasks.summary import files

KIND, BELL = "summary_file", "tasks.summary_file"


def start(report: SummaryReport, kind: str, *, by, now: datetime) -> Job:
    """Ask for a file of the report."""
    words = SummaryFile.Kind(kind).label
    return jobs_runner.start(
        KIND, title=f"{report} ({words})", arguments={"report": report.pk, "kind": kind}, by=by, now=now
    )


def make_file(job: Job, progress: jobs_runner.Progress, now: datetime) -> StoredFile:
    """Make it with the rights of this moment. Errors: SummaryReport.DoesNotExist; those of files."""
    reports = SummaryReport.objects.visible_to(job.started_by).select_related("template__file")
    report = reports.get(pk=job.arguments["report"])
    make = files.pdf_file if job.arguments["kind"] == SummaryFile.Kind.PDF else files.word_file
    progress.step(0, 1)
    return make(report, by=job.started_by, now=now).file


@shared_task(name=BELL)
def make_summary_file(job_pk: int) -> None:
    """Run one job; the row says how it went."""
    jobs_runner.run(job_pk, now=clock.now())


jobs_runner.register(KIND, make_file, bell=BELL)
