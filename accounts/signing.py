"""Signing in and out: the password check with its waits, how a session begins and ends, and what the audit keeps of it."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from accounts import browsers, throttle
from accounts.models import Session, User
from accounts.sessions import IDLE, WHOLE
from directive_tracker.addresses import client_address
from records import audit

# Key of the session: why the one before it has ended; the sign-in page says it (ended_sentence).
ENDED = "ended"
# Key of the session: a form came too late and was larger than what is kept.
TOO_BIG = "too_big_to_keep"
# Why a session ends besides IDLE and WHOLE.
ROLES, CHANGED = "roles", "changed"


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
    browser = browsers.own_browser(request, username)
    wait = throttle.begin(username, address, now=real_now, browser=browser)
    if wait:
        raise WaitFirst(wait_sentence(wait))
    user = authenticate(request, username=username, password=password)
    if user is not None:
        throttle.succeeded(username, address, browser=browser)
        return user
    throttle.clean_up(now=real_now)
    known = User.objects.filter(username=User.normalize_username(username)).first()
    audit.record("account.sign_in_failed", by=None, at=now, target=known, ip=address)
    return None


def sign_in(request: HttpRequest, user: User, *, now: datetime, way: str) -> None:
    """Begin the session of a checked user.

    Args:
        request: its session begins anew.
        user: whose password (and second factor) was right.
        now: the pages' clock, for the audit; the session's limits count in real time.
        way: how the person was checked: "password" or "demo".
    """
    known = browsers.read(request)
    token = request.META.get("CSRF_COOKIE")
    login(request, user)
    if known is not None and known.person == user.pk and token:
        # The same person goes on where the session had ended by itself: pages that are still open in other tabs keep
        # a valid token, so that what is typed there can be sent. For anybody else Django's fresh token stands.
        request.META["CSRF_COOKIE"] = token
    for key in (ENDED, TOO_BIG):
        request.session.pop(key, None)
    agent = request.headers.get("User-Agent", "")
    request.session.begin(now=timezone.now(), ip=client_address(request), agent=agent)
    audit.record("account.signed_in", by=user, at=now, target=user, data={"way": way}, ip=client_address(request))


def sign_out(request: HttpRequest, *, now: datetime) -> None:
    """End the session; nothing happens without one."""
    if request.user.is_authenticated:
        audit.record("account.signed_out", by=request.user, at=now, target=request.user, ip=client_address(request))
    logout(request)
    request.signed_out = True


@transaction.atomic
def end_session(request: HttpRequest, *, why: str, now: datetime) -> None:
    """End this browser's session although its person did not ask for it; the request goes on as a stranger's.

    A form that this very request brings is kept for the person (accounts/middleware.py), and the sign-in page says why.

    Args:
        why: IDLE, WHOLE, ROLES (a role the session began with is gone) or CHANGED (password changed, account locked).
        now: the pages' clock.
    """
    user, key = request.user, request.session.session_key
    # Of two requests at the same moment one ends it and tells so.
    ended, _ = Session.objects.filter(session_key=key).delete()
    if ended and user.is_authenticated and why != CHANGED:
        verb = "account.roles_lost" if why == ROLES else "account.timed_out"
        audit.record(verb, by=user, at=now, target=user, data={"limit": why}, ip=client_address(request))
    logout(request)
    request.user = AnonymousUser()
    # What django_otp puts on every user of a request.
    request.user.otp_device, request.user.is_verified = None, _nobody
    request.session[ENDED] = why
    request.session_ended = why


def end_sessions(user: User, *, except_key: str | None = None) -> int:
    """End all sessions of a person at this moment, but the one with that key; returns how many there were.

    For a password set by somebody else, a locked account, "Đăng xuất mọi máy khác". The caller writes the event.
    """
    rows = Session.objects.filter(user=user)
    if except_key:
        rows = rows.exclude(session_key=except_key)
    return rows.delete()[0]


def ended_sentence(request: HttpRequest) -> str:
    """What the sign-in page says about the session before, or ""."""
    if request.user.is_authenticated:
        return ""
    known = browsers.read(request)
    sentences = {
        IDLE: f"Phiên làm việc đã hết sau {settings.SESSION_IDLE_MINUTES} phút không dùng.",
        WHOLE: f"Phiên làm việc đã hết sau {settings.SESSION_HOURS} giờ.",
        ROLES: "Vai trò của anh/chị vừa thay đổi nên phiên làm việc đã kết thúc.",
        CHANGED: "Phiên làm việc đã kết thúc vì mật khẩu vừa được đổi hoặc tài khoản có thay đổi.",
    }
    sentence = sentences.get(request.session.get(ENDED, ""))
    if sentence is None and known is not None and known.person is not None:
        sentence = "Phiên làm việc trước đã kết thúc."
    return f"{sentence} Đăng nhập lại để làm tiếp." if sentence else ""


def _nobody() -> bool:
    """A stranger has shown no second factor."""
    return False
