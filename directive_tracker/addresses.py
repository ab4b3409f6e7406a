"""Where a request comes from."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def client_address(request: HttpRequest) -> str | None:
    """The address of the caller's machine, or None where it cannot be known.

    Without a proxy (BEHIND_TLS_PROXY=false, or the embedded default) it is the machine that opened the connection.
    Behind a proxy X-Forwarded-For is believed only when the connection comes from one of TRUSTED_PROXIES, and read
    from the right: each proxy appends whom it saw, so everything left of the first stranger can be invented by the
    caller. A trusted proxy that names nobody leaves the address unknown, never its own.
    """
    if not is_through_proxy(request):
        opened_by = _parsed(request.META.get("REMOTE_ADDR", ""))
        return str(opened_by) if opened_by else None
    caller = None
    for entry in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        caller = _parsed(entry)
        if not _is_proxy(caller):
            break
    return str(caller) if caller else None


def is_through_proxy(request: HttpRequest) -> bool:
    """Whether the request was handed on by one of TRUSTED_PROXIES, so that what the proxy says of it is believed."""
    if not getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        return False
    opened_by = request.META.get("REMOTE_ADDR", "")
    # A web server reached over a socket file has no address; only this machine's proxy can open that file.
    return opened_by == "" or _is_proxy(_parsed(opened_by))


def is_within(address: str | None, networks: list) -> bool:
    """Whether the address lies in one of the networks; an unknown one lies in none."""
    parsed = _parsed(address or "")
    return parsed is not None and any(parsed in network for network in networks)


def _is_proxy(address: Address | None) -> bool:
    return address is not None and any(address in network for network in settings.TRUSTED_PROXIES)


def _parsed(text: str) -> Address | None:
    """The address as written by a server; 10.0.0.1 written as ::ffff:10.0.0.1 is the same machine."""
    try:
        # What follows "%" names a network card of the server, not the caller.
        address = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
