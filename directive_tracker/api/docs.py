"""The description as a page to read and to try (Swagger UI, served by ourselves)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directive_tracker.demo_line import DEMO_LINE


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """For whoever programs the unit's system; nothing of a person stands in it."""
    return render(request, "api/docs.html", {"demo_line": DEMO_LINE if settings.DEMO else ""})
