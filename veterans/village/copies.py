"""Sheets that were taken along: made with a ticket, found by it, ended.

A ticket is a secret of 32 random bytes that the phone is told once; its SHA-256 is kept. It lets a phone hand over visits of
its delegation and say that it has wiped the sheet. It reads nothing.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from directive_tracker.vietnamese import vn_datetime
from records.audit import record
from tasks.errors import Refused
from veterans.models import Campaign, Delegation, OfflineCopy

DAYS = 7
End = OfflineCopy.End


def digest(secret: str) -> str:
    """What is kept of a ticket."""
    return hashlib.sha256(secret.encode("utf-8", "ignore")).hexdigest()


@transaction.atomic
def take_along(delegation: Delegation, *, by, now: datetime) -> tuple[OfflineCopy, str]:
    """Make the copy of one phone; returns it with its ticket, which is told only now.

    Errors: Refused for a delegation that does not go (any more), or of an occasion that is over.
    """
    row = Delegation.objects.select_for_update(of=("self",)).select_related("plan__campaign").get(pk=delegation.pk)
    if row.state == Delegation.State.CANCELLED:
        raise Refused("Đoàn này không đi nữa, không mang danh sách theo được.")
    if row.plan.campaign.state != Campaign.State.OPEN:
        raise Refused("Đợt tri ân của đoàn này đã kết thúc, không mang danh sách theo được.")
    secret = secrets.token_urlsafe(32)
    copy = OfflineCopy.objects.create(
        delegation=row, user=by, ticket=digest(secret), taken_at=now, expires_at=now + timedelta(days=DAYS)
    )
    record("registry.sheet_taken", by=by, at=now, target=row, data={"copy": copy.pk})
    return copy, secret


def by_ticket(number: int | None, secret: str) -> OfflineCopy | None:
    """The copy the ticket was given for; the number alone opens nothing."""
    if number is None or not secret:
        return None
    found = OfflineCopy.objects.select_related("user", "delegation__plan__campaign", "delegation__unit")
    return found.filter(pk=number, ticket=digest(secret)).first()


def is_late(copy: OfflineCopy, now: datetime) -> bool:
    """Whether what it sends now has to be looked at: it was called back, or its days are over."""
    return copy.ended in (End.EXPIRED, End.REVOKED) or now >= copy.expires_at


@transaction.atomic
def end(copy: OfflineCopy, how: str, *, now: datetime) -> OfflineCopy:
    """The phone says that it has wiped the sheet; what has ended stays ended as it was."""
    row = OfflineCopy.objects.select_for_update(of=("self",)).get(pk=copy.pk)
    if row.ended == End.OPEN and how in (End.SYNCED, End.SIGNED_OUT, End.EXPIRED):
        row.ended, row.ended_at = how, now
        row.save(update_fields=["ended", "ended_at"])
    return row


@transaction.atomic
def revoke(copy: OfflineCopy, *, by, now: datetime) -> OfflineCopy:
    """Call a copy back: the phone wipes it when it asks next; what it sends from now on waits. Errors: Refused when it has ended."""
    row = OfflineCopy.objects.select_for_update(of=("self",)).select_related("delegation").get(pk=copy.pk)
    if row.ended != End.OPEN:
        raise Refused(f"Bản này đã kết thúc lúc {vn_datetime(row.ended_at)}: {row.get_ended_display().lower()}.")
    row.ended, row.ended_at = End.REVOKED, now
    row.save(update_fields=["ended", "ended_at"])
    record("registry.sheet_revoked", by=by, at=now, target=row.delegation, data={"copy": row.pk})
    return row


def end_expired(*, now: datetime) -> int:
    """Close the copies whose seven days are over; the phone wipes its own by its own clock. Returns how many."""
    return OfflineCopy.objects.filter(ended=End.OPEN, expires_at__lte=now).update(ended=End.EXPIRED, ended_at=now)
