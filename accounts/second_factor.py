"""The second factor: who needs it, who has it, the step between password and session, switching it on and off.

`now` is real time, `at` the pages' clock, which dates the audit. The session keeps two notes:

- `second_factor_waiting`: the password was right, the code is still asked for. Nobody is signed in by it; it lives for
  ten minutes and only as long as the password stays the same.
- `second_factor`: this person's session has passed. It names the person, so that it can never serve another.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.dateparse import parse_datetime
from django.views.decorators.debug import sensitive_variables
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import browsers, codes, devices, letters, signing, throttle
from accounts.devices import is_trusted
from accounts.models import Session, User
from directive_tracker.addresses import client_address
from directive_tracker.next_page import safe_next
from records import audit

WAITING, VERIFIED = "second_factor_waiting", "second_factor"
WAITS_FOR = timedelta(minutes=10)
# Fewer left than this: the page says so.
FEW_RECOVERY_CODES = 4

WRONG = "Mã không đúng hoặc đã dùng rồi. Xin chờ mã mới trên điện thoại; vẫn sai thì xem lại giờ của điện thoại."

__all__ = ["has", "is_trusted", "is_verified", "needs", "next_step", "reset"]


class WrongCode(Exception):
    """The code is not right, or was used before; the text is the sentence to show."""

    def __init__(self) -> None:
        super().__init__(WRONG)


def needs(user: Any, roles: Iterable[str]) -> bool:
    """Whether one of the roles of today asks for a second factor; a reporter's never does."""
    return user.is_authenticated and not set(settings.SECOND_FACTOR_ROLES).isdisjoint(roles)


def has(user: User) -> bool:
    """Whether the person has set up an app."""
    return app_of(user) is not None


def app_of(user: User) -> TOTPDevice | None:
    """The row of the person's app: since when, last used."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


# --- the session --------------------------------------------------------------------------------------------------


def is_verified(request: HttpRequest) -> bool:
    """Whether the session of the request has passed the second step as the person who is signed in."""
    note = request.session.get(VERIFIED) if hasattr(request, "session") else None
    return bool(note) and request.user.is_authenticated and note.get("user") == request.user.pk


def mark_verified(request: HttpRequest, user: User, *, way: str, now: datetime) -> None:
    """Note in the session that the second step is done; way is "app", "recovery" or "device"."""
    request.session[VERIFIED] = {"user": user.pk, "way": way, "at": now.isoformat()}


def next_step(request: HttpRequest, user: User) -> str | None:
    """What comes after a right password: None to sign in now, else the address that asks for the code.

    Whoever needs the second factor and has none yet is signed in; the middleware leads on to setting it up.
    """
    now = timezone.now()
    if request.user.is_authenticated:
        # Somebody else's session, or the same person's who signs in again, ends here.
        logout(request)
    if not has(user):
        return None
    if is_trusted(request, user, now=now):
        mark_verified(request, user, way="device", now=now)
        return None
    request.session[WAITING] = {
        "user": user.pk,
        "stamp": user.get_session_auth_hash(),
        "until": (now + WAITS_FOR).isoformat(),
        "next": safe_next(request),
    }
    request.session.cycle_key()
    return reverse("accounts:second_factor")


def waiting_user(request: HttpRequest, *, now: datetime) -> User | None:
    """The person whose password was right on this browser within the last ten minutes."""
    note = request.session.get(WAITING)
    until = parse_datetime(note["until"]) if note else None
    if until is None or until <= now:
        return None
    user = User.objects.filter(pk=note["user"], is_active=True).first()
    if user is None or not constant_time_compare(note["stamp"], user.get_session_auth_hash()):
        return None
    return user


def finish_sign_in(request: HttpRequest, user: User, *, way: str, now: datetime, at: datetime) -> str:
    """Begin the session of a person who waited and has passed; the address to go on to, or ""."""
    target = request.session.pop(WAITING, {}).get("next", "")
    signing.sign_in(request, user, now=at, way="password")
    mark_verified(request, user, way=way, now=now)
    return target


def end_other_sessions(request: HttpRequest, user: User) -> None:
    """Sign the person out everywhere else: what those browsers proved does not hold any more."""
    Session.objects.filter(user=user).exclude(session_key=request.session.session_key).delete()


# --- checking -----------------------------------------------------------------------------------------------------


@sensitive_variables("typed")
def check(request: HttpRequest, user: User, typed: str, *, now: datetime, at: datetime) -> str:
    """Take a code of the app or a recovery code.

    The waits are those of signing in, counted apart from the password's. They end by themselves, and a browser on
    which the person signed in before has its own: a guesser elsewhere does not make the person wait there.
    Returns: "app" or "recovery". Errors: WrongCode, signing.WaitFirst.
    """
    # A sign that no form lets through: nobody can make this person wait by typing a name on the sign-in page.
    subject = f"\0second factor {user.pk}"
    ip, browser = client_address(request), browsers.own_browser(request, user.username)
    wait = throttle.begin(subject, ip, now=now, browser=browser)
    if wait:
        raise signing.WaitFirst(signing.wait_sentence(wait))
    with transaction.atomic():
        way = _take(user, typed, now=now)
        if way:
            audit.record("account.second_factor_passed", by=user, at=at, target=user, data={"way": way}, ip=ip)
        else:
            audit.record("account.second_factor_failed", by=None, at=at, target=user, ip=ip)
        if way == "recovery":
            left = {"count": codes.recovery_codes_left(user)}
            audit.record("account.recovery_used", by=user, at=at, target=user, data=left, ip=ip)
    if not way:
        raise WrongCode
    throttle.succeeded(subject, ip, browser=browser)
    return way


def _take(user: User, typed: str, *, now: datetime) -> str:
    if codes.take_app_code(user, typed, now=now):
        return "app"
    return "recovery" if codes.take_recovery_code(user, typed) else ""


# --- switching on and off -----------------------------------------------------------------------------------------


@transaction.atomic
def turn_on(request: HttpRequest, user: User, secret: bytes, typed: str, *, now: datetime, at: datetime) -> list[str]:
    """Confirm an app by its first code; it replaces the one before, with its recovery codes and trusted browsers.

    Returns: the recovery codes, to be shown once. Errors: WrongCode.
    """
    # Two confirmations at once: the second replaces the first.
    User.objects.select_for_update().get(pk=user.pk)
    step = codes.matching_step(secret, typed, after=-1, now=now)
    if step is None:
        raise WrongCode
    ip = client_address(request)
    codes.store_app(user, secret, step=step, now=now)
    made = codes.new_recovery_codes(user)
    devices.untrust_all(user, by=user, now=now, at=at, ip=ip)
    audit.record("account.second_factor_on", by=user, at=at, target=user, ip=ip)
    mark_verified(request, user, way="app", now=now)
    request.session.cycle_key()
    end_other_sessions(request, user)
    return made


@transaction.atomic
def turn_off(request: HttpRequest, user: User, *, now: datetime, at: datetime) -> None:
    """Give the second factor up; the caller has checked password, code and that no role of today needs it."""
    ip = client_address(request)
    codes.forget_all(user)
    devices.untrust_all(user, by=user, now=now, at=at, ip=ip)
    audit.record("account.second_factor_off", by=user, at=at, target=user, ip=ip)
    request.session.pop(VERIFIED, None)
    end_other_sessions(request, user)


@transaction.atomic
def renew_recovery_codes(user: User, *, at: datetime, ip: str | None) -> list[str]:
    """New recovery codes; the old ones are worth nothing from now on. They are returned once and kept nowhere."""
    User.objects.select_for_update().get(pk=user.pk)
    made = codes.new_recovery_codes(user)
    audit.record("account.recovery_renewed", by=user, at=at, target=user, data={"count": len(made)}, ip=ip)
    return made


@transaction.atomic
def reset(user: User, *, by: User | None, now: datetime, at: datetime, reason: str, ip: str | None = None) -> bool:
    """Take the second factor off a person who lost the phone; sessions and trusted browsers end with it.

    Args:
        user: the person, who is told by mail.
        by: the administrator, or None for the command on the server.
        now, at: real time and the pages' clock.
        reason: why, in words; kept in the audit.
        ip: the administrator's address.

    Returns: False when there was nothing to take off.
    """
    if not has(user):
        return False
    codes.forget_all(user)
    devices.untrust_all(user, by=by, now=now, at=at, ip=ip)
    Session.objects.filter(user=user).delete()
    audit.record("account.second_factor_off", by=by, at=at, target=user, data={"reason": reason}, ip=ip)
    letters.tell(letters.SECOND_FACTOR_RESET, user, now=at)
    return True
