"""A signed cookie by which we know a browser again after its session has ended.

It says whose session it was (a form that comes too late is then kept for that person, accounts/held.py) and which people
signed in here before (guesses of strangers elsewhere do not make them wait, accounts/throttle.py). It opens nothing:
it holds numbers of accounts, a random name of the browser and marks that change with the password.
"""

import secrets
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from accounts.models import User

_SALT = "accounts.browsers"
LIFETIME = 90 * 24 * 60 * 60
OWNERS = 6


@dataclass(frozen=True)
class Known:
    """What the cookie says.

    name: random, the same as long as the cookie lives. person: whose session is open here or ended by itself; None after
    signing out by hand. owners: (number of the account, mark of its password), newest first.
    """

    name: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    person: int | None = None
    owners: tuple[tuple[int, str], ...] = ()

    def with_person(self, user: User) -> "Known":
        """The same browser, with that person signed in."""
        others = [owner for owner in self.owners if owner[0] != user.pk]
        return replace(self, person=user.pk, owners=((user.pk, _mark(user)), *others)[:OWNERS])

    def left(self) -> "Known":
        """The same browser after signing out by hand."""
        return replace(self, person=None)


def cookie_name() -> str:
    """The cookie's name; over TLS with the prefix that keeps other hosts from setting it."""
    return "__Host-browser" if settings.SESSION_COOKIE_SECURE else "browser"


def read(request: HttpRequest) -> Known | None:
    """What the browser's cookie says; None without one or when it is not ours."""
    try:
        name, person, owners = signing.loads(request.COOKIES.get(cookie_name(), ""), salt=_SALT, max_age=LIFETIME)
        return Known(str(name), person, tuple((int(pk), str(mark)) for pk, mark in owners))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def write(response: HttpResponseBase, known: Known) -> None:
    """Give the cookie to the browser."""
    response.set_cookie(
        cookie_name(),
        signing.dumps([known.name, known.person, known.owners], salt=_SALT),
        max_age=LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def own_browser(request: HttpRequest, username: str) -> str:
    """The browser's name when the account's owner signed in on it with the password of today, else ""."""
    known = read(request)
    if known is None or not known.owners:
        return ""
    user = User.objects.filter(username=User.normalize_username(username), is_active=True).first()
    return known.name if user is not None and (user.pk, _mark(user)) in known.owners else ""


def _mark(user: User) -> str:
    """Changes with the person's password."""
    return user.get_session_auth_hash()[:16]
