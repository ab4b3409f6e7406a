"""What a request asked for, in words of which there are only so many and in which nobody's data can stand."""

from django.conf import settings
from django.http import HttpRequest

STATIC, UNKNOWN = "static", "unknown"
# Asked every few seconds by machines.
PROBES = frozenset({"healthz", "readyz", "metrics"})
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def route_of(request: HttpRequest) -> str:
    """The name of the address ("tasks:today"), "static" for files of the look, "unknown" for what is no address of ours."""
    match = request.resolver_match
    if match is not None:
        return match.view_name or UNKNOWN
    return STATIC if request.path.startswith(settings.STATIC_URL) else UNKNOWN


def method_of(request: HttpRequest) -> str:
    """The method, "other" for what is none."""
    return request.method if request.method in METHODS else "other"


def place_of(request: HttpRequest) -> str:
    """The route with the numbers of its rows, "tasks:directive_detail pk=12"; words of the address are left out."""
    match = request.resolver_match
    numbers = {name: value for name, value in match.kwargs.items() if type(value) is int} if match else {}
    return " ".join([route_of(request), *(f"{name}={value}" for name, value in sorted(numbers.items()))])
