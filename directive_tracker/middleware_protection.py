"""What every answer says to the browser, and from where the administration opens at all."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import reverse

from directive_tracker.addresses import client_address, is_within
from directive_tracker.api.middleware import PREFIX as API

Answer = Callable[[HttpRequest], HttpResponseBase]

# Nothing of the machine is used: no camera, no place, no payment. Each is named, because there is no word for "all".
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "encrypted-media",
        "geolocation",
        "gyroscope",
        "hid",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "publickey-credentials-get",
        "screen-wake-lock",
        "serial",
        "usb",
        "xr-spatial-tracking",
    )
)
# Every page that the program makes is the page of one person, or asks who that is. `no-store` keeps it out of the
# browser's disk and out of "back" after signing out, on office computers that several people share. The price: the
# browser does not bring back what was typed in a form that was left by "back". That is caught elsewhere: long forms
# keep a draft or warn before they are left (data-dt-unsaved), a refused form comes back filled in, and a form that
# came after a time-out is held for its owner. A view that knows better says so with a Cache-Control of its own;
# static files do (WhiteNoise).
CACHE_CONTROL = "private, no-store"
METHODS = ("GET", "HEAD", "POST")
# No address has a slash more at its beginning.
NOWHERE = "//"


class HeadersMiddleware:
    """Stands first, so that files, redirects and errors carry the same headers as pages."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and add what the answer does not say itself."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", CACHE_CONTROL)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class MethodsMiddleware:
    """Pages are read and forms are posted; whatever else is asked gets to no page, not to those of others that we use either.

    The interface for programs answers for itself.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; 405 to a method that no page has."""
        if request.method in METHODS or request.path.startswith(API):
            return self.get_response(request)
        return HttpResponseNotAllowed(METHODS)


class AdminNetworksMiddleware:
    """Outside ADMIN_ALLOWED_NETWORKS there is no administration: the answer is that of any address that does not exist.

    It is not made here but left to the program, which is asked for an address that is not there; so headers and page
    are the same to the letter. Stands before CommonMiddleware, whose redirect to the address with a slash would give
    the place away.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; to a stranger's network as if there were no such page."""
        networks = settings.ADMIN_ALLOWED_NETWORKS
        if networks and _is_administration(request.path) and not is_within(client_address(request), networks):
            request.path_info = NOWHERE
        return self.get_response(request)


def _is_administration(path: str) -> bool:
    root = reverse("admin:index")
    return path == root.rstrip("/") or path.startswith(root)
