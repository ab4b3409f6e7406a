"""Jobs of the tasks room."""

from datetime import datetime

from celery import shared_task
from django.conf import settings

from directive_tracker import clock
from directive_tracker.vietnamese import ZONE, fold
from records import jobs_runner
from records.audit import record
from records.models import Job, StoredFile
from records.own_files import KEPT_FOR
from records.results import keep_file
from tasks.arriving import jobs as arriving_jobs
from tasks.closing import jobs as closing_jobs
from tasks.exports.xlsx import CONTENT_TYPE, matrix_workbook
from tasks.handing import idle
from tasks.matrix import build_matrix
from tasks.models import Assignment, Directive
from tasks.ranking import jobs as ranking_jobs
from tasks.scanning import jobs as scanning_jobs
from tasks.summary import jobs as summary_jobs

__all__ = ["arriving_jobs", "closing_jobs", "ranking_jobs", "scanning_jobs", "summary_jobs"]

MATRIX_XLSX = "matrix_xlsx"


def make_matrix_file(job: Job, progress: jobs_runner.Progress, now: datetime) -> StoredFile:
    """Write the matrix of what the person who asked may see.

    Errors: Directive.DoesNotExist when the person may not see the directive any more; JobCancelled.
    """
    person = job.started_by
    directive = Directive.objects.visible_to(person).get(pk=job.arguments["directive"])
    today = now.astimezone(ZONE).date()
    matrix = build_matrix(directive, person, today=today)
    assignments = list(
        Assignment.objects.visible_to(person)
        .filter(directive=directive)
        .for_listing()
        .order_by("task__order", "unit__sort_order", "pk")
    )
    content = matrix_workbook(matrix, assignments, as_of=now.astimezone(ZONE), demo=settings.DEMO, step=progress.step)
    name = "-".join(fold(directive.short_title).split())[:60] or "van-ban"
    stored = keep_file(content, f"nhiem-vu-don-vi-{name}-{today:%Y%m%d}.xlsx", CONTENT_TYPE, by=person, now=now)
    data = {"count": len(assignments), "file": stored.original_name, "filter": "toàn bộ phần việc được xem"}
    record("export.matrix", by=person, at=now, target=directive, data=data)
    return stored


@shared_task(name="tasks.look_for_idle_work")
def look_for_idle_work() -> None:
    """Find work that waits on nobody; the office hears of what is new."""
    idle.look(now=clock.now())


@shared_task(name="tasks.export_matrix")
def export_matrix(job_pk: int) -> None:
    """Run one export; the row says how it went."""
    jobs_runner.run(job_pk, now=clock.now())


jobs_runner.register(MATRIX_XLSX, make_matrix_file, bell="tasks.export_matrix", kept_for=KEPT_FOR)
