"""Beside the report form: who else has it open."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.views.decorators.http import require_POST

from tasks.drafts.presence import note_presence, others_present
from tasks.permissions import can_edit_report
from tasks.views.reports import own_report


@require_POST
@login_required
def report_presence(request, pk: int) -> JsonResponse:
    """The open form says every few seconds that it is there, and is told who else is."""
    report = own_report(request, pk)
    if not can_edit_report(request.user, report):
        raise PermissionDenied
    note_presence(report, user=request.user)
    return JsonResponse({"others": others_present(report, user=request.user)})
