"""Where to go on: the one place that reads an address from a request."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def is_own_page(request: HttpRequest, target: str) -> bool:
    """Whether the address is a page of this server; `//host`, `https:host`, `javascript:` and back-slashes are not."""
    return url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())


def safe_next(request: HttpRequest) -> str:
    """Where the page before wanted to go (`next` of the form or the address), if that is on this server; else ""."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    return target if is_own_page(request, target) else ""
