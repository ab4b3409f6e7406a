"""Jobs of the records room."""

import logging

from celery import shared_task
from django.utils import timezone

from directive_tracker import clock
from records import chain, jobs_runner, partial

logger = logging.getLogger(__name__)


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
