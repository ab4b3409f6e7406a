"""Long work about protection."""

from datetime import datetime, timedelta
from functools import partial

from celery import shared_task
from django.conf import settings
from django.db import transaction

from directive_tracker import clock
from records import jobs_runner
from records.audit import record
from records.models import Job, StoredFile
from records.results import keep_file
from records.spreadsheets import XLSX
from units.models import Area
from veterans.enums import ExportPurpose, SensitiveKind
from veterans.models import Person
from veterans.permissions import export_areas, within
from veterans.protection import after, exporting, other_lists, scrubbing

SCRUB = "registry_scrub"
EXPORT = "registry_export"
PLAN_NAMES = "registry_plan_names"
PAPER = "registry_paper"
# Jobs whose result holds persons; whose they are is said where they are written.
EXPORT_KINDS = (EXPORT, PLAN_NAMES, PAPER)
BELL = "veterans.protection"
KEPT_FOR = timedelta(days=1)


def start_scrub(*, marks: list[str], areas: list[int], by, now: datetime) -> None:
    """After the transaction, look through the kept lists and clean the database's files.

    Args:
        marks, areas: what other_lists.empty_lists_with takes. by: None for a command, which looks at once and cleans itself.
    """
    if by is not None:
        arguments = {"marks": marks, "areas": areas}
        jobs_runner.start(SCRUB, title="Dọn vết dữ liệu đã xóa", arguments=arguments, by=by, now=now)
    else:
        transaction.on_commit(partial(other_lists.empty_lists_with, marks, areas))


def export_list(job: Job, progress: jobs_runner.Progress, now: datetime) -> StoredFile:
    """Write the list of what the person who asked may see, with the rights of this moment.

    Errors: JobCancelled.
    """
    person, given = job.started_by, job.arguments
    kinds = [kind for kind in given["kinds"] if kind in SensitiveKind.values]
    areas = export_areas(person) if kinds else frozenset()
    people = exporting.chosen(Person.objects.visible_to(person), given["filter"])
    mark = exporting.Mark(
        by=str(person),
        at=now,
        purpose=str(ExportPurpose(given["purpose"]).label).lower(),
        demo=settings.DEMO,
        filter=given["words"],
    )
    content, count = exporting.workbook(
        people, mark=mark, kinds=kinds if areas else (), may_open=lambda each: within(each, areas), step=progress.step
    )
    stored = keep_file(content, f"danh-sach-tri-an-{job.pk}.xlsx", XLSX, by=person, now=now, sealed=True)
    data = {"count": count, "purpose": given["purpose"]}
    if kinds and areas:
        data["fields"] = [str(SensitiveKind(kind).label).lower() for kind in kinds]
    record("registry.exported", by=person, at=now, target=Area.objects.get(pk=given["area"]), data=data)
    return stored


def forget_exports(*, now: datetime) -> int:
    """Empty the files of exports a day after they were made: the copy that counts is the asker's. Returns how many."""
    old = Job.objects.filter(kind__in=EXPORT_KINDS, finished_at__lt=now - KEPT_FOR, result_file__size__gt=0)
    files = [job.result_file for job in old.select_related("result_file")]
    for file in files:
        with transaction.atomic():
            file.empty()
    return len(files)


def scrub_files(job: Job, progress: jobs_runner.Progress, now: datetime) -> None:
    """Leave nothing of erased people in kept lists, and nothing of erased rows in the database's files."""
    progress.step(0, 2)
    other_lists.empty_lists_with(job.arguments.get("marks", []), job.arguments.get("areas", []))
    # They have done their work.
    Job.objects.filter(pk=job.pk).update(arguments={})
    progress.step(1, 2)
    scrubbing.scrub()
    progress.step(2, 2)


@shared_task(name="veterans.forget_exports")
def forget_old_exports() -> int:
    """Each hour: files of exports that have lain for a day."""
    return forget_exports(now=clock.now())


@shared_task(name="veterans.after_campaigns")
def after_campaigns() -> int:
    """Each hour, so that a machine that is off at night misses nothing: what an occasion left and whose last day has passed."""
    return after.carry_out(now=clock.now())


@shared_task(name=BELL)
def run_protection(job_pk: int) -> None:
    """Run one job; the row says how it went."""
    jobs_runner.run(job_pk, now=clock.now())


jobs_runner.register(SCRUB, scrub_files, bell=BELL)
jobs_runner.register(EXPORT, export_list, bell=BELL, kept_for=KEPT_FOR)
