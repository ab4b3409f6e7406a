"""From which machine the present request comes: what services write down without being told by every caller.

A service is called with the user and the moment; the address of the machine says nothing about what it does, so it
does not travel through every function. It is set for the length of one request and empty in jobs and commands.
"""

from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

from directive_tracker.addresses import client_address

_address: ContextVar[str | None] = ContextVar("audit_origin", default=None)


def current() -> str | None:
    """The address of the machine of the present request, or None outside one."""
    return _address.get()


class OriginMiddleware:
    """Sets the address for the length of a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = _address.set(client_address(request))
        try:
            return self.get_response(request)
        finally:
            _address.reset(before)
