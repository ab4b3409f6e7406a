"""The description as a page to read and to try (Swagger UI, served by ourselves)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """For whoever programs the unit's system; nothing of a person stands in it."""
    return render(request, "api/docs.html")
