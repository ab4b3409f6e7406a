"""A report on paper: the Word file to sign, and the scan of what was signed."""

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from directive_tracker import clock
from directive_tracker.row_ids import row_id_or_404
from records import partial, uploads
from records.models import PartialUpload, StoredFile
from tasks.exports.docx import CONTENT_TYPE
from tasks.exports.docx_unit_report import unit_report
from tasks.papers.scans import SCANS, attach_scan
from tasks.permissions import can_attach_signed
from tasks.reportview import sections_for_reading, shows_whole
from tasks.unit_reading import drafted_sections
from tasks.views.reports import own_unit_ids, visible_report


@require_safe
@login_required
def report_docx(request, pk: int) -> HttpResponse:
    """The report under the unit's head, from what is typed or, for its readers, from what was sent."""
    report = visible_report(request, pk)
    own = report.unit_id in own_unit_ids(request)
    if not own and not shows_whole(report, request.access):
        raise Http404
    typed = not report.submitted_at and (own or report.on_behalf)
    readings = drafted_sections(report) if typed else sections_for_reading(report, request.user)
    today, now = clock.today(), clock.now()
    data = unit_report(report, readings, today=today, moment=now, demo=settings.DEMO)
    response = HttpResponse(data, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="bao-cao-{report.pk}.docx"'
    return response


@require_POST
@login_required
def report_signed(request, pk: int) -> HttpResponse:
    """Attach the scan of the signed paper, or another one in its place; the former stays in the log."""
    report = visible_report(request, pk)
    if not can_attach_signed(request.user, report):
        raise PermissionDenied
    in_parts, now = "upload" in request.POST, clock.now()
    file = request.FILES.get("file")
    if file is None and not in_parts:
        messages.warning(request, "Hãy chọn tệp bản chụp đã ký (pdf hoặc ảnh).")
        return redirect(report)
    try:
        if in_parts:
            stored = _whole_of_parts(request, now=now)
        else:
            stored = uploads.store_upload(file, by=request.user, now=now, allow=SCANS)
    except partial.WrongPlace as place:
        return JsonResponse({"received": place.received}, status=409)
    except uploads.UploadRefused as refusal:
        if in_parts:
            return JsonResponse({"message": str(refusal)}, status=422)
        messages.error(request, str(refusal))
        return redirect(report)
    attach_scan(report, stored, by=request.user, now=now)
    messages.success(request, "Đã đính kèm bản chụp văn bản đã ký.")
    return JsonResponse({"go": report.get_absolute_url()}) if in_parts else redirect(report)


def _whole_of_parts(request, *, now: datetime) -> StoredFile:
    """The scan that came in parts. Errors: Http404 for a file of somebody else; those of records.partial.finish."""
    pk = row_id_or_404(request.POST.get("upload", ""))
    upload = get_object_or_404(PartialUpload.objects.visible_to(request.user), pk=pk)
    return partial.finish(upload, checksum=request.POST.get("checksum", ""), by=request.user, now=now, allow=SCANS)
