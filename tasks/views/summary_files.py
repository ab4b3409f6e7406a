"""The Word file and the PDF of a summary report."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from directive_tracker import clock
from records.office_suite import find_program
from records.views import hand_over
from tasks.exports.templates import TemplateRefused
from tasks.models import SummaryFile, SummaryReport
from tasks.summary import files, jobs
from tasks.views.figures import sees_brief


def _report(request: HttpRequest, pk: int) -> SummaryReport:
    rows = SummaryReport.objects.visible_to(request.user).select_related("directive", "template__file")
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "HEAD"])
@sees_brief
def summary_word(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The Word file; a very long one is made by a job first."""
    report, now = _report(request, pk), clock.now()
    made = files.made_file(report, SummaryFile.Kind.DOCX)
    if made is None and request.method == "HEAD":
        return HttpResponse()
    if made is None and files.is_long(report):
        return redirect("records:job", pk=jobs.start(report, SummaryFile.Kind.DOCX, by=request.user, now=now).pk)
    try:
        made = made or files.word_file(report, by=request.user, now=now)
    except TemplateRefused as refusal:
        messages.error(request, f"Mẫu riêng của báo cáo này không điền được: {refusal}")
        return redirect(report)
    return hand_over(request, made.file)


@require_http_methods(["GET", "HEAD", "POST"])
@sees_brief
def summary_pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The PDF where there is one; else a page that makes it, or says how to print without."""
    report = _report(request, pk)
    made = files.made_file(report, SummaryFile.Kind.PDF)
    if made is not None:
        return hand_over(request, made.file)
    can_make = find_program() is not None
    if request.method == "POST" and can_make:
        return redirect("records:job", pk=jobs.start(report, SummaryFile.Kind.PDF, by=request.user, now=clock.now()).pk)
    context = {"report": report, "can_make": can_make, "nav_current": "tasks:directive_list"}
    return render(request, "tasks/summary/pdf.html", context, status=422 if request.method == "POST" else 200)
