"""What is answered while the database does not answer: a clear page with 503, never a fault of the server."""

import logging
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.template import loader
from django.views import defaults

from accounts import held
from directive_tracker import outages

logger = logging.getLogger(__name__)

# Seconds after which to come back; a database that is started anew needs about as long.
RETRY_AFTER = 5
# A page whose first try took longer is not made a second time: whoever waits for it has waited long enough.
SECOND_TRY_WITHIN = 2.0
WORDS = "Hệ thống đang bận, xin thử lại sau ít giây. Phần đã gõ vẫn còn trên trang này."
SHORT = "Hệ thống đang bận, xin thử lại sau ít giây."
SAFE = ("GET", "HEAD", "OPTIONS")
CSRF_FIELD = "csrfmiddlewaretoken"
_MARK = "_database_away"


@dataclass(frozen=True)
class Typed:
    """What came with a form: fields in their order, names of its files by field, and whether a password was among it."""

    fields: list[tuple[str, list[str]]] = field(default_factory=list)
    files: list[tuple[str, list[str]]] = field(default_factory=list)
    has_secret: bool = False


class BusyMiddleware:
    """Answers 503 for every request that fails because the database does not answer.

    A page that is only read is tried once more on a fresh connection: where nothing but the kept connection had died
    (the server was restarted, an administrator ended its sessions) nobody notices. What writes is never repeated by us;
    its answer brings back what was typed. Stands before everything that asks the database, after what makes headers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; a safe request a second time when the database was away at the first."""
        before, began = dict(vars(request)), time.monotonic()
        response = self.get_response(request)
        if _MARK in vars(request) and request.method in SAFE and time.monotonic() - began < SECOND_TRY_WITHIN:
            # Everything that the first try put on the request (session, person, rights) was of the lost connection.
            vars(request).clear()
            vars(request).update(before)
            response = self.get_response(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The answer to what a view could not do."""
        return busy(request, exception) if outages.is_away(exception) else None


def server_error(request: HttpRequest) -> HttpResponseBase:
    """handler500: what went wrong outside a view – sessions, rights – may be the database too."""
    error = sys.exc_info()[1]
    if error is not None and outages.is_away(error):
        return busy(request, error)
    return defaults.server_error(request)


def busy(request: HttpRequest, error: BaseException) -> HttpResponse:
    """The answer in the form that whoever asked can read: a page, words for a part of one, JSON for scripts and programs."""
    vars(request)[_MARK] = True
    outages.let_go()
    # Never the text: in a refused row stands what people entered. Of a lost connection it is the same for every page.
    logger.warning("the database or the store does not answer: %s %s", error.__class__.__name__, _code(error))
    if request.path.startswith("/api/"):
        problem = {"type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": SHORT}
        response: HttpResponse = JsonResponse(problem, content_type="application/problem+json", status=503)
    elif _is_script(request):
        response = JsonResponse({"message": WORDS, "words": WORDS}, status=503)
    elif "HX-Request" in request.headers:
        # static/js/failures.js says it; the part of the page stays as it is.
        response = HttpResponse(WORDS, content_type="text/plain; charset=utf-8", status=503)
    else:
        response = HttpResponse(_page(request), status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    response.headers["Cache-Control"] = "no-store"
    return response


def _code(error: BaseException) -> str:
    told = error.__cause__ or error
    return str(getattr(told, "pgcode", None) or getattr(told, "sqlite_errorname", None) or "")


def _is_script(request: HttpRequest) -> bool:
    """Whether a script asks that reads JSON: drafts, files in parts, the phone's queue, cells of the matrix."""
    accepts = request.headers.get("Accept", "")
    return (
        held.is_automatic(request)
        or ("X-Background" in request.headers and "HX-Request" not in request.headers)
        or request.content_type == "application/json"
        or ("application/json" in accepts and "text/html" not in accepts)
    )


def _page(request: HttpRequest) -> str:
    """The page, with the form to send again where one was sent. It asks the database for nothing."""
    typed = _typed(request) if request.method == "POST" else None
    return loader.render_to_string(
        "503.html", {"typed": typed, "writes": request.method not in SAFE, "action": request.get_full_path()}
    )


def _typed(request: HttpRequest) -> Typed | None:
    """What the form held; None when it cannot be read.

    The token is the one that came: a form that another site made the browser send stays as worthless as it was.
    """
    try:
        fields, files = list(request.POST.lists()), list(request.FILES.lists())
    except (UnreadablePostError, MultiPartParserError, SuspiciousOperation):
        return None
    secret = any(held.is_secret(name) and any(values) for name, values in fields if name != CSRF_FIELD)
    if not fields or secret:
        return Typed(has_secret=secret)
    return Typed(fields, [(name, [upload.name or "" for upload in uploads]) for name, uploads in files])
