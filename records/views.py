"""Files through the door that asks who may see them; the page of a long job."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST, require_safe

from directive_tracker import clock, crypto
from directive_tracker.next_page import safe_next
from records import access, jobs_runner, pictures
from records.audit import record
from records.errors import UploadRefused
from records.models import Job, StoredFile

# What a browser may show; everything else is handed over as a file. Chosen by our own check of the
# extension, never by what the uploader claimed.
SHOWN = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
# For every kind: nothing is loaded, nothing runs, and no page of ours can be reached. The PDF viewers of Chromium and
# Firefox are programs of the browser itself and show the file all the same.
LOCKED = "default-src 'none'; frame-ancestors 'none'; sandbox"


@require_safe
@never_cache
@login_required
def file(request: HttpRequest, pk: int) -> FileResponse:
    """Hand over one stored file to somebody who may see it; for all others it does not exist."""
    return hand_over(request, get_object_or_404(StoredFile, pk=pk))


def hand_over(request: HttpRequest, stored: StoredFile) -> FileResponse:
    """The file itself, for the request's user, and a line in the log. Errors: Http404."""
    if not access.may_see(request.user, stored):
        raise Http404
    response = content_of(stored)
    if request.method == "GET":
        record("file.downloaded", by=request.user, at=clock.now(), target=stored)
    return response


def content_of(stored: StoredFile) -> FileResponse:
    """The file's answer, sealed ones opened; the caller has asked for the right and writes the log. Errors: Http404."""
    shown_as = SHOWN.get(stored.extension.lower())
    try:
        content = stored.open_plain()
    except FileNotFoundError:
        raise Http404("Tệp không còn trong kho lưu.") from None
    except crypto.Unreadable:
        raise Http404("Tệp được mã hóa bằng một khóa mà máy chủ không còn giữ. Hãy báo quản trị viên.") from None
    response = FileResponse(
        content,
        as_attachment=shown_as is None,
        filename=stored.original_name,
        content_type=shown_as or "application/octet-stream",
    )
    response["Content-Length"] = stored.size
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = LOCKED
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@require_safe
@cache_control(private=True, max_age=300)
@login_required
def thumbnail(request: HttpRequest, pk: int) -> HttpResponse:
    """A small picture of a stored photo, for whoever may see the photo; looking at a list is no download."""
    stored = get_object_or_404(StoredFile, pk=pk, extension__in=list(pictures.FORMATS))
    if not access.may_see(request.user, stored):
        raise Http404
    try:
        with stored.open_plain() as content:
            small = pictures.thumbnail(content.read())
    except (FileNotFoundError, UploadRefused, crypto.Unreadable):
        raise Http404("Không có ảnh.") from None
    response = HttpResponse(small, content_type="image/jpeg")
    response["Content-Security-Policy"] = LOCKED
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _own_job(request: HttpRequest, pk: int) -> Job:
    return get_object_or_404(Job.objects.visible_to(request.user).select_related("result_file"), pk=pk)


@require_safe
@never_cache
@login_required
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """How far an own job is; htmx asks again while it runs, without JavaScript there is a link."""
    template = "records/_job.html" if request.htmx else "records/job.html"
    return render(request, template, {"job": _own_job(request, pk)})


@require_POST
@login_required
def job_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask an own job to stop."""
    found = _own_job(request, pk)
    if not jobs_runner.cancel(found, now=clock.now()):
        messages.info(request, "Việc đã kết thúc, không còn gì để hủy.")
    # Whoever stopped it on a page of its own goes on there.
    return redirect(safe_next(request) or reverse("records:job", args=[found.pk]))
