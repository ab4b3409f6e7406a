"""Jobs of the accounts."""

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from accounts import held, throttle
from accounts.sessions import SessionStore

ONCE_AN_HOUR = 3600


@shared_task(name="accounts.tidy")
def tidy() -> bool:
    """Each minute, but at most once an hour: delete expired sessions, late forms and counters; whether it did."""
    if not cache.add("accounts.tidied", True, ONCE_AN_HOUR):
        return False
    now = timezone.now()
    SessionStore.clear_expired()
    held.clean_up(now=now)
    throttle.clean_up(now=now)
    return True
