"""Stands before everything else: gives each request its number, and writes one line about how it ended."""

import logging
import time
from collections.abc import Callable

from django.core.signals import request_finished
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from directive_tracker.addresses import is_through_proxy
from directive_tracker.watching import figures, ids
from directive_tracker.watching.routes import PROBES, STATIC, method_of, route_of

HEADER = "X-Request-ID"
# Counted, not written down.
QUIET = PROBES | {STATIC}
# The process was told to end in the middle: there was no answer.
NO_ANSWER = 0

request_finished.connect(ids.end)
access = logging.getLogger("directive_tracker.access")


class WatchMiddleware:
    """Number, access line, figures of each request.

    The line holds the method, the name of the address, the status, milliseconds and the number: no path, no query, no
    person, because the log is no list of what people do.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer under a number, the proxy's own where a trusted one gave it."""
        began = time.perf_counter()
        given = ids.accepted(request.META.get("HTTP_X_REQUEST_ID")) if is_through_proxy(request) else ""
        number, status = given or ids.new(), NO_ANSWER
        # Not a block that ends here: Django writes of refusals after all middleware, and answers may still be streamed.
        ids.begin(number)
        figures.IN_FLIGHT.inc()
        try:
            response = self.get_response(request)
            status = response.status_code
            response.headers[HEADER] = number
            return response
        finally:
            self._note(request, status, time.perf_counter() - began)

    def _note(self, request: HttpRequest, status: int, seconds: float) -> None:
        """One request is over."""
        figures.IN_FLIGHT.dec()
        figures.ended(request, status, seconds)
        route = route_of(request)
        if route not in QUIET and access.isEnabledFor(logging.INFO):
            method = method_of(request)
            access.info(
                "%s %s %s",
                method,
                route,
                status,
                extra={"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)},
            )
