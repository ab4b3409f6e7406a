"""What ends by itself: sheets whose days are over, sealed content nobody needs any more."""

from celery import shared_task

from directive_tracker import clock
from veterans.village import copies, keeping


@shared_task(name="veterans.end_old_sheets")
def end_old_sheets() -> int:
    """Each hour; both can be done again at any time."""
    now = clock.now()
    return copies.end_expired(now=now) + keeping.empty_old(now=now)
