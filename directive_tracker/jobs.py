"""Jobs of the project itself."""

from celery import shared_task
from django.conf import settings

from directive_tracker import clock


@shared_task(name="tracker.heartbeat")
def heartbeat() -> None:
    """Each minute: keep the demo's clock, so that a restart goes on from there."""
    if settings.DEMO:
        clock.keep_demo_clock()
