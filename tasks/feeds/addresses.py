"""Addresses of calendars: made, shown once, taken back for ever. The secret in one is all that is asked of whoever reads."""

import hashlib
import hmac
import secrets
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from records.audit import record
from tasks.errors import Refused
from tasks.models import CalendarFeed
from tasks.querysets import access_for
from units.models import Unit

# 256 bits; a person who guesses a billion a second does not find one.
SECRET_BYTES = 32
LONGEST = 100


def may_have(user: Any) -> bool:
    """Whoever has work or days here; nobody in another person's name."""
    access = access_for(user)
    return (access.works_for_a_unit or access.sees_all_assignments) and getattr(user, "acting_for", None) is None


def units_of(user: Any) -> list[Unit]:
    """The units a person may have a calendar of: those the person reports for or heads."""
    access = access_for(user)
    return list(Unit.objects.filter(pk__in=access.reporter_unit_ids | access.head_unit_ids).in_official_order())


def make(user: Any, unit: Unit | None, *, now: datetime) -> tuple[CalendarFeed, str]:
    """A new address of the person's calendar, or of one of the person's units; the one before is dead from now on.

    Returns: the row, and the address, which cannot be shown again.
    Errors: Refused when the same person made one in the same moment.
    """
    secret = secrets.token_urlsafe(SECRET_BYTES)
    alive = CalendarFeed.objects.visible_to(user).alive().filter(unit=unit)
    try:
        with transaction.atomic():
            alive.update(revoked_at=now)
            feed = CalendarFeed.objects.create(user=user, unit=unit, token_hash=hash_of(secret), made_at=now)
            record("calendar_feed.made", by=user, at=now, target=feed)
    except IntegrityError:
        raise Refused("Địa chỉ lịch vừa được tạo ở trang khác. Xin xem lại.") from None
    return feed, settings.SITE_URL + reverse("tasks:feed_file", args=[secret])


@transaction.atomic
def revoke(feed: CalendarFeed, *, by: Any, now: datetime) -> bool:
    """Take an address back; False where it was taken back before."""
    if not CalendarFeed.objects.alive().filter(pk=feed.pk).update(revoked_at=now):
        return False
    record("calendar_feed.revoked", by=by, at=now, target=feed)
    return True


def hash_of(secret: str) -> str:
    """What is stored of a secret. It is random and long, so nothing has to be slow about it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def read(secret: str) -> CalendarFeed | None:
    """The calendar of an address, None for one that is unknown or was taken back: one statement, alike for both."""
    wanted = hash_of(secret[:LONGEST])
    feed = CalendarFeed.objects.alive().select_related("user", "unit").filter(token_hash=wanted).first()
    return feed if hmac.compare_digest(feed.token_hash if feed else "-" * len(wanted), wanted) else None


def note_read(feed: CalendarFeed, *, today: date) -> None:
    """Keep the day on which a program last read it, for its owner."""
    CalendarFeed.objects.alive().filter(pk=feed.pk).update(last_read_on=today)
