"""Tệp của tôi, and the button "Xuất Excel" of every list."""

import io

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from directive_tracker import clock
from records import jobs_runner, sheets
from records.jobs import SHEET
from records.own_files import lines_of, remove
from records.own_files import own_files as files_of
from records.spreadsheets import XLSX

PAGE_SIZE = 25


@require_safe
@never_cache
@login_required
def own_files(request: HttpRequest) -> HttpResponse:
    """The files the person asked for: what, when, how far, until when they are kept."""
    page = Paginator(files_of(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "records/own_files.html", {"page": page, "lines": lines_of(list(page))})


@require_POST
@login_required
def own_file_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one of the own files away before its time."""
    job = get_object_or_404(files_of(request.user), pk=pk)
    if remove(job, by=request.user, now=clock.now()):
        messages.success(request, f"Đã xóa tệp của “{job.title}”.")
    else:
        messages.info(request, "Tệp này đã được xóa trước đó.")
    return redirect("records:own_files")


@require_POST
@login_required
def sheet(request: HttpRequest, key: str) -> HttpResponse:
    """A list as an Excel file: a short one at once, a long one by a job. `loc` is what stands in the address of its page."""
    params = sheets.params_of(request.POST.get("loc", ""))
    asked = sheets.Asked(request.user, params, clock.now())
    opened = sheets.open_list(key, asked)
    if opened.count(sheets.AT_ONCE + 1) <= sheets.AT_ONCE:
        return _at_once(key, asked, opened)
    job = jobs_runner.start(
        SHEET,
        title=f"Xuất Excel: {opened.title}"[:200],
        # Written anew: what was typed may hold signs that a database does not keep.
        arguments={"list": key, "filter": params.urlencode()},
        by=request.user,
        now=asked.now,
    )
    return redirect("records:job", pk=job.pk)


def _at_once(key: str, asked: sheets.Asked, opened: sheets.Opened) -> HttpResponse:
    buffer = io.BytesIO()
    written = sheets.write(key, asked, buffer, opened=opened)
    response = HttpResponse(buffer.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, written.name)
    return response
