"""Documents on their way in: what arrived in a watched place, scans that are being read."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from directive_tracker import clock
from directive_tracker.row_ids import row_id
from records import jobs_runner
from records.errors import UploadRefused
from tasks import permissions
from tasks.arriving.deciding import bring_back, ignore, record_incoming
from tasks.arriving.reading import TABS, page_of, recent_scans, tab_of
from tasks.arriving.sources import active
from tasks.checking.landing import landing
from tasks.enums import IncomingState, ScanState
from tasks.errors import AlreadyRecorded, Refused
from tasks.models import IncomingFile, ScanReading
from tasks.scanning.ending import end
from tasks.views.access import allowed, office_required


@require_safe
@never_cache
@office_required
def incoming_list(request: HttpRequest) -> HttpResponse:
    """Văn bản đến: what waits, and what became of the others."""
    tab = tab_of(request.GET.get("xem", ""))
    left_out = row_id(request.GET.get("vua-bo-qua", ""))
    context = {
        "tab": tab,
        "tabs": TABS,
        "page": page_of(request.user, tab, request.GET.get("page")),
        "scans": recent_scans(request.user) if tab is TABS[0] else [],
        "left_out": IncomingFile.objects.visible_to(request.user)
        .filter(pk=left_out, state=IncomingState.IGNORED)
        .first()
        if left_out
        else None,
        "places": [source.label for source in active().values()],
        "nav_current": "tasks:directive_list",
    }
    return render(request, "tasks/arriving/list.html", context)


def _incoming(request: HttpRequest, pk: int) -> IncomingFile:
    return get_object_or_404(IncomingFile.objects.visible_to(request.user), pk=pk)


@require_POST
@office_required
def incoming_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a waiting file; a scan is read first."""
    incoming = _incoming(request, pk)
    allowed(permissions.can_record_directive(request.user))
    try:
        taken = record_incoming(incoming, by=request.user, now=clock.now())
    except AlreadyRecorded as refusal:
        messages.error(request, str(refusal))
        return redirect(landing(refusal.directive))
    except (UploadRefused, Refused) as refusal:
        messages.error(request, str(refusal))
        return redirect("tasks:incoming_list")
    if taken.reading is not None:
        return redirect(taken.reading)
    messages.success(request, "Đã ghi văn bản." if taken.created else "Văn bản này đã được ghi trước đây.")
    return redirect(landing(taken.directive))


@require_POST
@office_required
def incoming_ignore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a waiting file off the list; the next page offers to put it back."""
    incoming = _incoming(request, pk)
    try:
        ignore(incoming, by=request.user, now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("tasks:incoming_list")
    return redirect(f"{reverse('tasks:incoming_list')}?vua-bo-qua={incoming.pk}")


@require_POST
@office_required
def incoming_bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a file that was left out back onto the list."""
    try:
        bring_back(_incoming(request, pk), by=request.user, now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Đã đưa tệp trở lại danh sách chờ ghi.")
    return redirect("tasks:incoming_list")


def _scan(request: HttpRequest, pk: int) -> ScanReading:
    found = ScanReading.objects.visible_to(request.user)
    return get_object_or_404(found.select_related("file", "job", "directive", "begun_by", "incoming"), pk=pk)


@require_safe
@never_cache
@office_required
def scan(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a scan is read, and how it ended; htmx asks again, without JavaScript there is a link."""
    found = _scan(request, pk)
    goes_to = landing(found.directive) if found.directive is not None else ""
    context = {"scan": found, "goes_to": goes_to, "nav_current": "tasks:directive_list"}
    return render(request, f"tasks/arriving/{'_scan' if request.htmx else 'scan'}.html", context)


@require_POST
@office_required
def scan_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop reading a scan and take its file away."""
    found, now = _scan(request, pk), clock.now()
    allowed(permissions.can_record_directive(request.user))
    if not end(found, ScanState.STOPPED, by=request.user, now=now):
        messages.info(request, "Việc đọc bản quét này đã kết thúc trước đó; không còn gì để dừng.")
    elif found.job is not None:
        jobs_runner.cancel(found.job, now=now)
    return redirect(found)
