"""Papers of a whole plan are made by a job: hundreds of people stand on them."""

from datetime import datetime

from celery import shared_task

from directive_tracker import clock
from records import jobs_runner
from records.models import Job, StoredFile
from records.results import keep_file
from tasks.exports.docx import CONTENT_TYPE
from veterans.enums import Paper
from veterans.models import GratitudePlan
from veterans.papers import making
from veterans.protection.jobs import KEPT_FOR, PAPER

BELL = "veterans.papers"


def start(user, plan: GratitudePlan, *, paper: str, purpose: str, words: dict[str, str], now: datetime) -> Job:
    """Ask for a paper. words: what was typed for a letter, by the names of its fields."""
    return jobs_runner.start(
        PAPER,
        title=f"Giấy tờ tri ân: {Paper(paper).label}",
        arguments={"plan": plan.pk, "paper": paper, "purpose": purpose, "words": words},
        by=user,
        now=now,
    )


def make_paper(job: Job, progress: jobs_runner.Progress, now: datetime) -> StoredFile:
    """Write it with the rights of this moment. Errors: JobCancelled, GratitudePlan.DoesNotExist."""
    given = job.arguments
    plans = GratitudePlan.objects.visible_to(job.started_by).select_related("campaign", "unit", "area")
    plan = plans.get(pk=given["plan"])
    content = making.for_plan(
        job.started_by,
        plan,
        paper=given["paper"],
        purpose=given["purpose"],
        words=given["words"],
        now=now,
        step=progress.step,
    )
    name = f"{making.FILE_NAMES[Paper(given['paper'])]}-{job.pk}.docx"
    return keep_file(content, name, CONTENT_TYPE, by=job.started_by, now=now, sealed=True)


@shared_task(name=BELL)
def run_paper(job_pk: int) -> None:
    """Run one job; the row says how it went."""
    jobs_runner.run(job_pk, now=clock.now())


jobs_runner.register(PAPER, make_paper, bell=BELL, kept_for=KEPT_FOR)
