"""Nobody whose role needs the second factor gets past it."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import ResolverMatch, reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from accounts import held, second_factor
from directive_tracker.next_page import is_own_page

Answer = Callable[[HttpRequest], HttpResponseBase]

# Pages without an account, and the guided first run, which leads here by itself.
OPEN = frozenset({"healthz", "readyz", "metrics", "setup"})
# Of the pages of one's account these stay open to somebody who has a second factor but has not passed it.
WAY_THROUGH = frozenset({"login", "logout", "demo_sign_in", "second_factor"})
TOO_BIG = "Biểu mẫu vừa gửi quá lớn nên không giữ lại được; xin làm lại sau khi xác thực."
AUTOSAVE_REFUSED = "cần xác thực bước thứ hai. Phần đã gõ vẫn ở trên trang; bấm “Lưu nháp” để xác thực rồi gửi lại."


class SecondFactorMiddleware:
    """Leads a signed-in person whose roles of today need the second factor to setting it up, or to the code page.

    It looks at the session first and at the roles last (`request.access`, which nearly every page resolves anyway), so
    that people who have passed, and an installation that asks nobody, pay nothing. It stands after AccessMiddleware and
    acts before the view is called: what was never found needs no guard.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponseBase | None:
        """None to let the request through, else the way to the second factor."""
        if not settings.SECOND_FACTOR_ROLES or request.resolver_match is None:
            return None
        name = _open_name(request.resolver_match)
        if name in OPEN or name in WAY_THROUGH:
            return None
        if not request.user.is_authenticated or second_factor.is_verified(request):
            return None
        if not second_factor.needs(request.user, request.access.roles):
            return None
        has = second_factor.has(request.user)
        if request.resolver_match.namespaces[:1] == ["accounts"] and not has:
            # One's own account may be put in order first.
            return None
        return _lead(request, "accounts:second_factor" if has else "accounts:second_factor_setup")


def _open_name(match: ResolverMatch) -> str:
    """The name of a page of the project itself or of the accounts; "" for pages of other rooms."""
    return (match.url_name or "") if match.namespaces in ([], ["accounts"]) else ""


def _lead(request: HttpRequest, name: str) -> HttpResponseBase:
    """Go to the page and from there back to where the person wanted to be; what was typed is kept meanwhile."""
    if request.method == "POST":
        try:
            held.hold(request, now=timezone.now())
        except held.TooBig:
            messages.warning(request, TOO_BIG)
        if held.is_automatic(request):
            return JsonResponse({"message": AUTOSAVE_REFUSED}, status=401)
    target = request.get_full_path()
    if request.htmx or request.method not in ("GET", "HEAD"):
        # A fragment or a button's address is no page to come back to; the page it stands on is.
        target = _page_of(request)
    url = reverse(name) + (f"?{urlencode({'next': target})}" if target else "")
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def _page_of(request: HttpRequest) -> str:
    """The page of ours on which the form or fragment stands, without host; "" when the browser does not say."""
    address = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    if not is_own_page(request, address):
        return ""
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")
