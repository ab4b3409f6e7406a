"""Sends pages that are only read to the replica, and tells the browser how far it wrote (directive_tracker/replica.py)."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core import signing
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections
from django.http import HttpRequest, HttpResponseBase

from directive_tracker import outages, replica

logger = logging.getLogger(__name__)

SAFE = ("GET", "HEAD")
_SALT = "directive_tracker.replica"
# A replica that is further behind is not read by anybody.
REMEMBERED = 60 * 60


class ReplicaMiddleware:
    """Stands last, so that session, person and rights are known and were read on the primary."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if replica.ALIAS not in connections.settings:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.follower = replica.Follower()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; whoever wrote gets the place in the log, who has been caught up with loses it."""
        token = replica.begin()
        try:
            response = self.get_response(request)
            reading = replica.current()
        finally:
            replica.end(token)
        if request.method not in SAFE or (reading and reading.wrote):
            _remember(response)
        elif reading and reading.from_replica and cookie_name() in request.COOKIES:
            response.delete_cookie(cookie_name())
        return response

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> None:
        """Everything before the view has asked the primary; from here on it may be the replica."""
        match, reading = request.resolver_match, replica.current()
        if request.method not in SAFE or reading is None or match is None or "admin" in match.app_names:
            return
        if request.user.is_authenticated:
            reading.from_replica = self.follower.may_be_read(_wrote_at(request))

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """What failed on the replica is asked of the primary at the second try (middleware_busy)."""
        reading = replica.current()
        if reading and reading.from_replica and outages.is_database_away(exception):
            replica.breaker.failed(exception)


def cookie_name() -> str:
    """The cookie's name; over TLS with the prefix that keeps other hosts from setting it."""
    return "__Host-wrote" if settings.SESSION_COOKIE_SECURE else "wrote"


def _wrote_at(request: HttpRequest) -> str | None:
    """The place up to which this browser wrote; None when it wrote nothing lately."""
    try:
        return signing.loads(request.COOKIES.get(cookie_name(), ""), salt=_SALT, max_age=REMEMBERED)
    except signing.BadSignature:
        return None


def _remember(response: HttpResponseBase) -> None:
    """Give the browser the place up to which anything has been written by now."""
    if connections[DEFAULT_DB_ALIAS].in_atomic_block:
        return
    try:
        written = replica.written_to()
    except (DatabaseError, InterfaceError) as error:
        # The answer stands; without the cookie the page after it may be a moment old.
        logger.warning("cannot ask how far was written: %s", error.__class__.__name__)
        return
    response.set_cookie(
        cookie_name(),
        signing.dumps(written, salt=_SALT),
        max_age=REMEMBERED,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )
