"""Below /api/ there are no cookies, and every error is problem+json whoever made it."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from directive_tracker.api.problems import CONTENT_TYPE, plain, response_of

PREFIX = "/api/"
# Of a page that becomes a problem, what was about its text.
OF_THE_TEXT = frozenset({"content-type", "content-length", "content-encoding", "content-disposition", "etag"})


class ApiMiddleware:
    """Stands outside of everything that may answer with a page.

    The session's cookie opens nothing there, so no other site can make a browser call it (no CSRF). HEAD is answered as
    GET without its body.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        request.COOKIES = {}
        request.META.pop("HTTP_COOKIE", None)
        is_head = request.method == "HEAD"
        if is_head:
            request.method = request.META["REQUEST_METHOD"] = "GET"
        response = self.get_response(request)
        response.cookies.clear()
        if response.status_code >= 400 and response.get("Content-Type") != CONTENT_TYPE:
            problem = response_of(plain(response.status_code))
            for name, value in response.items():
                if name.lower() not in OF_THE_TEXT:
                    problem[name] = value
            response = problem
        if is_head:
            response["Content-Length"] = str(len(response.content))
            response.content = b""
        return response
