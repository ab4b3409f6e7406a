"""Browsers from which the second factor is not asked for thirty days.

The browser keeps a random value in a cookie; the row keeps a digest of it together with the person and the hash of
the password, so that a changed password ends the trust wherever it was changed. Several people of an office may trust
one browser: the cookie holds the newest few values. A value is never taken over from the cookie: somebody could have
put it there.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase

from accounts.models import TrustedDevice, User
from directive_tracker.addresses import client_address
from records import audit

# How many people may trust one browser; one more pushes the oldest out.
MOST_PEOPLE = 6


def is_trusted(request: HttpRequest, user: User, *, now: datetime) -> bool:
    """Whether the person trusts this browser and has not taken that back."""
    digests = [_digest(user, value) for value in _values(request)]
    return bool(digests) and in_force(user, now=now).filter(digest__in=digests).exists()


def in_force(user: User, *, now: datetime) -> QuerySet[TrustedDevice]:
    """The person's trusted browsers, newest first."""
    return TrustedDevice.objects.filter(user=user, revoked_at=None, expires_at__gt=now)


def trust(
    request: HttpRequest, response: HttpResponseBase, user: User, *, at: datetime, now: datetime
) -> TrustedDevice:
    """Trust this browser from now on: a row, and a cookie on the response."""
    value = secrets.token_urlsafe(32)
    lifetime = timedelta(days=settings.TRUSTED_DEVICE_DAYS)
    device = TrustedDevice.objects.create(
        user=user,
        digest=_digest(user, value),
        agent=request.headers.get("User-Agent", "")[:200],
        ip=client_address(request),
        trusted_at=now,
        expires_at=now + lifetime,
    )
    response.set_cookie(
        settings.TRUSTED_DEVICE_COOKIE_NAME,
        ".".join([value, *_values(request)][:MOST_PEOPLE]),
        max_age=lifetime,
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    audit.record("account.device_trusted", by=user, at=at, target=user, ip=client_address(request))
    return device


def untrust(device: TrustedDevice, *, by: User, at: datetime, now: datetime, ip: str | None = None) -> bool:
    """Take the trust in one browser back; False when that had happened already."""
    rows = TrustedDevice.objects.filter(pk=device.pk, revoked_at=None).update(revoked_at=now)
    if rows:
        audit.record("account.device_untrusted", by=by, at=at, target=device.user, data={"count": 1}, ip=ip)
    return bool(rows)


def untrust_all(user: User, *, by: User | None, at: datetime, now: datetime, ip: str | None = None) -> int:
    """Take the trust in all browsers of a person back (new password, lost phone); returns how many there were."""
    count = in_force(user, now=now).update(revoked_at=now)
    if count:
        audit.record("account.device_untrusted", by=by, at=at, target=user, data={"count": count}, ip=ip)
    return count


def _values(request: HttpRequest) -> list[str]:
    """The values of the cookie; a browser may send anything there."""
    return request.COOKIES.get(settings.TRUSTED_DEVICE_COOKIE_NAME, "").split(".")[:MOST_PEOPLE]


def _digest(user: User, value: str) -> str:
    return hashlib.sha256(f"{user.pk}:{user.password}:{value}".encode()).hexdigest()
