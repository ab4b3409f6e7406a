"""The first administrator of an empty installation.

The office and the roles belong to a later room, which registers in accounts/founders.py what it makes.
"""

from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from accounts.founders import founders
from accounts.models import User
from records import audit


class AlreadyFounded(Exception):
    """Somebody has an account already; the page is gone."""


def may_found() -> bool:
    """Whether the page of the first administrator is open: this machine's own, no demo, no account yet.

    A server has no such page, where whoever comes first would own it: manage.py first_administrator.
    """
    return settings.EMBEDDED and _nobody_yet()


def _nobody_yet() -> bool:
    return not settings.DEMO and not User.objects.exists()


# Any number that nothing else locks.
LOCK = 7_041_954


def _one_at_a_time() -> None:
    """Let two first visitors who press the button at the same moment come one after the other.

    SQLite needs nothing: its transactions begin with the write lock.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


@transaction.atomic
def found(user: User, *, office_name: str, now: datetime, ip: str | None) -> None:
    """Save the first account with the office and its roles. Errors: AlreadyFounded."""
    _one_at_a_time()
    if not _nobody_yet():
        raise AlreadyFounded
    user.save()
    for founder in founders():
        founder(user=user, office_name=office_name, today=now.date())
    audit.record("account.first_administrator", by=user, at=now, target=user, ip=ip)
