"""What the unit has been told about one part of the work, and what became of the mails."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from directive_tracker import clock
from notifications.history import told_about
from tasks.models import Assignment


@require_safe
@login_required
def assignment_told(request: HttpRequest, pk: int) -> HttpResponse:
    """Page "Nhắc việc" of one part: for everybody who may see the part."""
    found = Assignment.objects.visible_to(request.user).select_related("task", "unit", "directive")
    assignment = get_object_or_404(found, pk=pk)
    return render(
        request,
        "tasks/office/assignment_told.html",
        {"assignment": assignment, "told": told_about(assignment, now=clock.now())},
    )
