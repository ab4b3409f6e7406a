"""Units, people, roles and deputies by workbook: upload, result of the check, import, current state."""

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directive_tracker import clock
from records import jobs_runner
from records.audit import record
from records.spreadsheets import XLSX
from records.uploads import UploadRefused
from units import jobs
from units.errors import Refused
from units.forms_import import ImportForm
from units.importing import service
from units.importing.layout import LAYOUTS
from units.importing.snapshot import take_snapshot
from units.importing.workbook import row_count, state_bytes, template_bytes
from units.models import ImportState, ListImport

RECENT = 10
DAMAGED = "Không còn đọc được tệp này. Hãy nộp lại tệp."


def administrators_only(view):
    """Only administrators; a signed-in stranger gets 403, for the page is known to exist."""

    @wraps(view)
    @never_cache
    @login_required
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.access.is_administrator:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def _import_of(request: HttpRequest, pk: int) -> ListImport:
    rows = ListImport.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("file", "error_file", "job", "uploaded_by", "applied_by"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def upload(request: HttpRequest) -> HttpResponse:
    """Take a workbook in, check it, and show what was found; nothing is changed yet."""
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        try:
            accepted = service.accept(form.cleaned_data["file"])
            found = service.begin(accepted, by=request.user, now=now)
        except UploadRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            if accepted.book.row_count > service.ROWS_IN_REQUEST:
                _hand_over(found, jobs.CHECK, f"Kiểm tra tệp “{found}”", ImportState.WAITING, {}, request, now)
            else:
                service.run_check(found, accepted.book, now=now)
            return redirect("units:import_check", pk=found.pk)
    context = {
        "form": form,
        "layouts": LAYOUTS,
        "recent": ListImport.objects.visible_to(request.user).select_related("file", "uploaded_by", "applied_by")[
            :RECENT
        ],
    }
    return render(request, "units/import.html", context, status=422 if request.method == "POST" else 200)


def _hand_over(
    found: ListImport, kind: str, title: str, state: str, arguments: dict, request: HttpRequest, now
) -> None:
    """Let a job do it; the workbook is at work until then. Of two requests at once only the first starts one."""
    with transaction.atomic():
        if ListImport.objects.filter(pk=found.pk, state=found.state).update(state=state):
            given = {"import": found.pk, **arguments}
            job = jobs_runner.start(kind, title=title[:200], arguments=given, by=request.user, now=now)
            ListImport.objects.filter(pk=found.pk).update(job=job)


@require_safe
@administrators_only
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """What the check found, or how far a job is with it."""
    found = _import_of(request, pk)
    outcome = found.outcome
    context = {
        "found": found,
        "outcome": outcome,
        "lines": service.lines_of(outcome),
        "is_stuck": found.is_busy and (found.job is None or not found.job.is_running),
        "shown": service.SHOWN,
    }
    return render(request, "units/import_check.html", context)


@require_POST
@administrators_only
def check_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Check the same file against the database of now."""
    found = _import_of(request, pk)
    if found.state == ImportState.APPLIED or (found.is_busy and found.job and found.job.is_running):
        messages.info(request, service.NOT_NOW)
        return redirect("units:import_check", pk=found.pk)
    now = clock.now()
    try:
        book = service.book_of(found)
    except (UploadRefused, OSError):
        messages.error(request, DAMAGED)
        return redirect("units:import")
    if book.row_count > service.ROWS_IN_REQUEST:
        _hand_over(found, jobs.CHECK, f"Kiểm tra tệp “{found}”", ImportState.WAITING, {}, request, now)
    else:
        service.run_check(found, book, now=now)
        messages.success(request, "Đã kiểm tra lại.")
    return redirect("units:import_check", pk=found.pk)


@require_POST
@administrators_only
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Import what the page showed: all of it, or with only_right the rows without errors."""
    found = _import_of(request, pk)
    only_right = request.POST.get("only_right") == "1"
    if found.state != ImportState.CHECKED:
        messages.info(request, service.NOT_NOW)
        return redirect("units:import_check", pk=found.pk)
    now = clock.now()
    digest = request.POST.get("digest", "") or found.digest
    try:
        book = service.book_of(found)
        if book.row_count > service.ROWS_IN_REQUEST:
            arguments = {"only_right": only_right, "digest": digest}
            _hand_over(found, jobs.APPLY, f"Nhập tệp “{found}”", ImportState.APPLYING, arguments, request, now)
            return redirect("units:import_check", pk=found.pk)
        plan = service.run_import(found, book, by=request.user, now=now, only_right=only_right, digest=digest)
    except (UploadRefused, OSError):
        messages.error(request, DAMAGED)
        return redirect("units:import")
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Đã nhập {len(plan.items)} dòng.")
    return redirect("units:import_check", pk=found.pk)


@require_safe
@administrators_only
def template(request: HttpRequest) -> HttpResponse:
    """The empty workbook."""
    return _download(template_bytes(demo=settings.DEMO), "mau-don-vi-nguoi-vai-tro.xlsx")


@require_POST
@administrators_only
def export(request: HttpRequest) -> HttpResponse:
    """The current state in the same layout; POST, since it is written down who took it."""
    now = clock.now()
    snapshot = take_snapshot()
    if (rows := row_count(snapshot)) > service.ROWS_IN_REQUEST:
        title = "Tải danh sách đơn vị, người, vai trò"
        job = jobs_runner.start(jobs.EXPORT, title=title, arguments={}, by=request.user, now=now)
        return redirect("records:job", pk=job.pk)
    record("units.exported", by=request.user, at=now, data={"count": rows})
    return _download(state_bytes(snapshot, demo=settings.DEMO), jobs.state_name(now))


def _download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
