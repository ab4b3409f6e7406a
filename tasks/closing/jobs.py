"""The archive as a job."""

import tempfile
from datetime import datetime

from celery import shared_task
from django.conf import settings

from directive_tracker import clock
from directive_tracker.vietnamese import ZONE, fold
from records import jobs_runner
from records.audit import record
from records.models import Job, StoredFile
from records.results import keep_open_file
from tasks.closing.archiving import ArchiveWriter
from tasks.closing.ending import ARCHIVE
from tasks.models import Directive, DirectiveArchive

ZIP = "application/zip"


def make_archive(job: Job, progress: jobs_runner.Progress, now: datetime) -> StoredFile:
    """Write the archive of a document that was ended, as the person who ended it sees it.

    Errors: Directive.DoesNotExist when the person may not see it any more; JobCancelled.
    """
    person = job.started_by
    directive = Directive.objects.visible_to(person).select_related("closed_by").get(pk=job.arguments["directive"])
    local = now.astimezone(ZONE)
    writer = ArchiveWriter(directive, person, now=local, today=local.date(), demo=settings.DEMO, step=progress.step)
    name = "-".join(fold(directive.short_title).split())[:60] or "van-ban"
    with tempfile.TemporaryFile() as target:
        written = writer.write(target)
        stored = keep_open_file(target, f"ho-so-{name}-{local:%Y%m%d}.zip", ZIP, by=person, now=now)
    number, head = written.log_head
    contents = {
        "files": len(written.checksums),
        "folders": written.by_folder(),
        "missing": written.missing,
        "log": {"lines": written.log_count, "count": number, "head": head},
    }
    DirectiveArchive.objects.create(directive=directive, file=stored, contents=contents, by=person, at=now)
    data = {"count": len(written.checksums), "file": stored.original_name}
    record("directive.archived", by=person, at=now, target=directive, data=data)
    return stored


@shared_task(name="tasks.make_archive")
def run_archive(job_pk: int) -> None:
    """Run one; the row says how it went."""
    jobs_runner.run(job_pk, now=clock.now())


jobs_runner.register(ARCHIVE, make_archive, bell="tasks.make_archive")
