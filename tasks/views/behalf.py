"""The office enters a unit's report."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from directive_tracker import clock
from tasks.behalf.entering import open_on_behalf
from tasks.errors import Refused
from tasks.forms.behalf import BehalfForm
from tasks.models import Assignment
from tasks.permissions import can_report_on_behalf


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report_behalf(request, pk: int):
    """From what the report of the unit that has this work is entered; then the form itself."""
    found = Assignment.objects.visible_to(request.user).select_related("unit", "directive__office", "task")
    assignment = get_object_or_404(found, pk=pk)
    if not can_report_on_behalf(request.user, assignment.unit_id, assignment.directive):
        raise PermissionDenied
    form = BehalfForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        basis = form.cleaned_data["basis"]
        try:
            report = open_on_behalf(
                assignment.unit, assignment.directive, basis=basis, by=request.user, now=clock.now()
            )
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return redirect(assignment)
        return redirect("tasks:report_edit", report.pk)
    context = {"assignment": assignment, "form": form, "nav_current": "tasks:assignment_list"}
    return render(request, "tasks/behalf/start.html", context, status=422 if form.errors else 200)
