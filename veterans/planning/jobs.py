"""The list of a plan's names, written beside the page: it may be long."""

from datetime import datetime

from celery import shared_task
from django.conf import settings

from directive_tracker import clock
from records import jobs_runner
from records.audit import record
from records.models import Job, StoredFile
from records.results import keep_file
from tasks.errors import Refused
from tasks.exports.docx import CONTENT_TYPE
from veterans.enums import ExportPurpose
from veterans.models import GratitudePlan, Person, PlanEntry
from veterans.planning import paper
from veterans.protection import exporting
from veterans.protection.jobs import KEPT_FOR, PLAN_NAMES

BELL = "veterans.planning"
PURPOSE = ExportPurpose.PLAN


def names_of(job: Job, progress: jobs_runner.Progress, now: datetime) -> StoredFile:
    """Write the list of whom the person who asked may see, with the rights of this moment; who objected is left out.

    Errors: JobCancelled; Refused when the plan is not the asker's any more.
    """
    person = job.started_by
    plan = GratitudePlan.objects.visible_to(person).filter(pk=job.arguments["plan"]).select_related("area").first()
    if plan is None:
        raise Refused("Kế hoạch này không còn thuộc địa bàn anh/chị phụ trách.")
    people = exporting.exportable(Person.objects.visible_to(person))
    entries = (
        PlanEntry.objects.planned()
        .filter(plan=plan, person__in=people)
        .select_related("person__residence__parent")
        .order_by("person__residence__parent__code", "person__residence__sort_key", "person__sort_key", "person", "pk")
    )
    content, count = paper.names_file(
        plan,
        entries,
        by=str(person),
        purpose=str(PURPOSE.label).lower(),
        now=now,
        demo=settings.DEMO,
        step=progress.step,
    )
    name = f"danh-sach-kem-ke-hoach-{plan.pk}-{job.pk}.docx"
    stored = keep_file(content, name, CONTENT_TYPE, by=person, now=now, sealed=True)
    record("registry.exported", by=person, at=now, target=plan.area, data={"count": count, "purpose": PURPOSE.value})
    return stored


@shared_task(name=BELL)
def run_planning(job_pk: int) -> None:
    """Run one job; the row says how it went."""
    jobs_runner.run(job_pk, now=clock.now())


jobs_runner.register(PLAN_NAMES, names_of, bell=BELL, kept_for=KEPT_FOR)
