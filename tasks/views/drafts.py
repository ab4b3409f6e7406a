"""Beside the report form: who else has it open."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from directive_tracker import clock
from records import partial
from records.errors import UploadRefused
from records.models import PartialUpload
from tasks.drafts.answers import number_of
from tasks.drafts.files import attach, attach_paper
from tasks.drafts.presence import note_presence, others_present
from tasks.errors import Refused
from tasks.models import UnitReport
from tasks.permissions import can_edit_report
from tasks.reportpages import pages_of
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


@require_POST
@login_required
def report_file(request, pk: int):
    """A file that came in parts joins its section; the answer is its line on the page."""
    return take_file(request, own_report(request, pk), PartialUpload.objects.visible_to(request.user))


def take_file(request, report: UnitReport, waiting: QuerySet[PartialUpload]):
    """The same for whoever writes the report, wherever it is opened (tasks/reportpages.py).

    Args:
        waiting: the files on their way that may join it.
    """
    if not can_edit_report(request.user, report):
        raise PermissionDenied
    upload = get_object_or_404(waiting, pk=number_of(request.POST.get("upload", ""), ""))
    section, delivery = (number_of(request.POST.get(name, ""), "") for name in ("section", "paper"))
    doing = {"checksum": request.POST.get("checksum", ""), "by": request.user, "now": clock.now()}
    pages = pages_of(request)
    try:
        if "paper" in request.POST:
            product = attach_paper(report, section, delivery, upload, **doing)
            return render(request, "tasks/unit/_paper_file.html", {"file": product.file, "pages": pages})
        item = attach(report, section, upload, **doing)
    except partial.WrongPlace as place:
        return JsonResponse({"received": place.received}, status=409)
    except (Refused, UploadRefused) as refusal:
        return JsonResponse({"message": str(refusal)}, status=422)
    return render(
        request, "tasks/unit/_attached.html", {"item": item, "prefix": f"muc{item.section_id}", "pages": pages}
    )
