"""Diễn biến theo tuần of one directive: a page, and by htmx the part of it that other pages show."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from directive_tracker import clock
from tasks.enums import DirectiveState
from tasks.models import Directive
from tasks.views.figures import sees_figures
from tasks.whole.trend import build_trend


@require_safe
@sees_figures
def overview_trend(request: HttpRequest, pk: int) -> HttpResponse:
    """The four classes week by week: of the whole, or of the person's own units."""
    issued = Directive.objects.visible_to(request.user).exclude(state=DirectiveState.DRAFT)
    directive = get_object_or_404(issued, pk=pk)
    trend = build_trend(directive, request.user, today=clock.today())
    shown = {"trend": trend, "directive": directive, "now": clock.now(), "nav_current": "tasks:overview_home"}
    if request.htmx:
        response = render(request, "tasks/whole/_trend.html", {**shown, "alone": True})
    else:
        response = render(request, "tasks/whole/trend.html", shown)
    # Two answers at one address: the browser must not show the bare part when somebody comes back.
    patch_vary_headers(response, ["HX-Request"])
    return response
