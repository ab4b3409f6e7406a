"""The limits of a session, what becomes of a form that comes too late, and the cookie by which a browser is known again."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME, SESSION_KEY
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import browsers, held, signing
from directive_tracker import clock
from directive_tracker.addresses import client_address

# A page that asks again by itself sends it (hx-headers): it must not keep a session alive.
BACKGROUND = "X-Background"
AUTOSAVE_REFUSED = "phiên làm việc đã hết. Phần đã gõ vẫn ở trên trang; bấm “Lưu nháp” để đăng nhập rồi gửi lại."


class SessionLimitsMiddleware:
    """Ends sessions that are too old, and leads strangers from a page that needs a person to the sign-in page.

    A page answers a stranger with a redirect to the sign-in page, after the CSRF check and before it does anything.
    That answer is where a late form is kept, so no page has to know of it. Stands after AuthenticationMiddleware and
    OTPMiddleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Check, answer, remember whose browser it is."""
        request.session_ended, request.signed_out, request.held_row = "", False, None
        self._check_limits(request)
        before = request.user.is_authenticated
        response = self.get_response(request)
        after = request.user.is_authenticated
        target = None if after else _sign_in_target(response)
        if target is not None:
            response = _lead_to_sign_in(request, target)
        elif after and not before:
            _give_back(request, response)
        elif after:
            _note_given_back(request, response)
        left = before and not after and not request.session_ended
        _remember(request, response, signed_out=left or request.signed_out)
        return response

    def _check_limits(self, request: HttpRequest) -> None:
        """End a session that is too old or whose person may no longer sign in; else note that the person is there."""
        if SESSION_KEY not in request.session:
            return
        now = timezone.now()
        limit = request.session.limit_passed(now=now)
        if limit:
            signing.end_session(request, why=limit, now=clock.now())
        elif not request.user.is_authenticated:
            # Another password or a locked account: Django no longer takes the session for anybody's.
            signing.end_session(request, why=signing.CHANGED, now=clock.now())
        elif BACKGROUND not in request.headers:
            request.session.touch(now=now, ip=client_address(request))


def _give_back(request: HttpRequest, response: HttpResponseBase) -> None:
    """Somebody has just signed in, in whatever way: what is kept for that person comes before the page that was asked for."""
    if response.status_code == 302:
        response.headers["Location"] = (
            held.waiting_url(request, request.user, now=timezone.now()) or response.headers["Location"]
        )


def _note_given_back(request: HttpRequest, response: HttpResponseBase) -> None:
    """A form that was sent again is done when the page took it, or shows it with what is wrong; not when it is kept again."""
    went_through = (response.status_code < 400 or response.status_code == 422) and request.held_row is None
    if request.method == "POST" and went_through and held.FIELD in request.POST:
        held.take(request.user, request.POST[held.FIELD], now=timezone.now())


def _sign_in_target(response: HttpResponseBase) -> str | None:
    """Where to go after signing in, when the answer is a redirect to the sign-in page; else None."""
    if response.status_code != 302:
        return None
    location = urlsplit(response.headers.get("Location", ""))
    if location.path != resolve_url(settings.LOGIN_URL):
        return None
    return next(iter(parse_qs(location.query).get(REDIRECT_FIELD_NAME, [])), None)


def _lead_to_sign_in(request: HttpRequest, target: str) -> HttpResponse:
    """The redirect to the sign-in page for whatever asked; a form is kept first."""
    if request.method == "POST":
        try:
            held.hold(request, now=timezone.now())
        except held.TooBig:
            request.session[signing.TOO_BIG] = True
        if held.is_automatic(request):
            return JsonResponse({"message": AUTOSAVE_REFUSED}, status=401)
    by_htmx = request.headers.get("HX-Request") == "true"
    if request.method == "POST" or by_htmx:
        # The address of a fragment or of a button is no page to come back to; the one it stands on is.
        target = _page_of(request) or target
    location = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({REDIRECT_FIELD_NAME: target}, safe='/')}"
    if by_htmx:
        return HttpResponse(headers={"HX-Redirect": location, "Cache-Control": "no-store"})
    return HttpResponseRedirect(location)


def _page_of(request: HttpRequest) -> str:
    """The page of ours on which the form or fragment stands, without host; "" when the browser does not say."""
    address = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _remember(request: HttpRequest, response: HttpResponseBase, *, signed_out: bool) -> None:
    """Keep the browser's cookie in step with who is signed in."""
    if request.user.is_authenticated:
        before = browsers.read(request)
        known = (before or browsers.Known()).with_person(request.user)
    elif signed_out:
        before = browsers.read(request)
        known = before.left() if before else None
    else:
        return
    if known is not None and known != before:
        browsers.write(response, known)
