"""Signing in and out: the password check with its waits, and what the audit keeps of it."""

from datetime import datetime

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from accounts import throttle
from accounts.models import User
from directive_tracker.addresses import client_address
from records import audit


class WaitFirst(Exception):
    """Too many wrong passwords just now; the text says how long to wait."""


def wait_sentence(seconds: int) -> str:
    """What to tell somebody who has to wait."""
    return f"Gõ sai quá nhiều lần. Xin chờ {throttle.wait_words(seconds)} rồi thử lại."


@sensitive_variables("password")
def check(request: HttpRequest, username: str, password: str, *, now: datetime, real_now: datetime) -> User | None:
    """The active account with that name and password, or None.

    Unknown names cost and answer the same as known ones; what was typed as an unknown name is not kept.
    Tries refused by the waits leave no event: the failure that began the wait has left one.
    Errors: WaitFirst.
    """
    address = client_address(request)
    wait = throttle.begin(username, address, now=real_now)
    if wait:
        raise WaitFirst(wait_sentence(wait))
    user = authenticate(request, username=username, password=password)
    if user is not None:
        throttle.succeeded(username, address)
        return user
    throttle.clean_up(now=real_now)
    known = User.objects.filter(username=User.normalize_username(username)).first()
    audit.record("account.sign_in_failed", by=None, at=now, target=known, ip=address)
    return None


def sign_in(request: HttpRequest, user: User, *, now: datetime, way: str) -> None:
    """Begin the session of a checked user; way is "password" or "demo"."""
    login(request, user)
    audit.record("account.signed_in", by=user, at=now, target=user, data={"way": way}, ip=client_address(request))


def sign_out(request: HttpRequest, *, now: datetime) -> None:
    """End the session; nothing happens without one."""
    if request.user.is_authenticated:
        audit.record("account.signed_out", by=request.user, at=now, target=request.user, ip=client_address(request))
    logout(request)
