"""The language of a request."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation


class LanguageMiddleware:
    """Show pages in the language the person chose, else in Vietnamese.

    The choice is Django's language cookie or, without one, `user.language`. The browser's
    Accept-Language is not asked: offices often run English Windows, and Django's own middleware
    would give them English. Stands after AuthenticationMiddleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.known = {code for code, _ in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Activate the language, answer, and say in the answer which language it is."""
        language = self._chosen(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    def _chosen(self, request: HttpRequest) -> str:
        """The cookie's language, the user's, or the default; unknown codes count as none."""
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if cookie in self.known:
            return cookie
        profile = getattr(getattr(request, "user", None), "language", "")
        return profile if profile in self.known else settings.LANGUAGE_CODE
