"""Kết thúc theo dõi: what is still open, the ending, its archive, and taking it back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from directive_tracker import clock
from records.models import Job
from tasks.closing.checking import open_points
from tasks.closing.ending import ARCHIVE, end, follow_again, start_archive
from tasks.closing.rules import can_end, can_follow_again, can_read_archives
from tasks.errors import Refused
from tasks.forms.closing import EndingForm, FollowAgainForm
from tasks.models import Directive, DirectiveArchive, SummaryReport
from tasks.views.access import allowed, office_required

ARCHIVES = 10


def _directive(request: HttpRequest, pk: int) -> Directive:
    found = Directive.objects.visible_to(request.user).select_related("office", "closed_by")
    return get_object_or_404(found, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def directive_end(request: HttpRequest, pk: int) -> HttpResponse:
    """What is open and the form that ends the following; once it is ended, its archives, for readers too."""
    directive = _directive(request, pk)
    if request.method == "POST":
        allowed(request.access.is_office)
        if directive.is_issued:
            return _end(request, directive)
        if directive.is_closed:
            messages.info(request, "Văn bản này đã kết thúc theo dõi; không có gì thay đổi.")
            return redirect("tasks:directive_end", directive.pk)
        allowed(False)
    if directive.is_closed:
        allowed(can_read_archives(request.user, directive))
        return _ended_page(request, directive, FollowAgainForm())
    allowed(can_end(request.user, directive))
    points = open_points(directive, request.user)
    form = EndingForm(is_open=bool(points), initial={"closed_on": clock.today()})
    return _ending_page(request, directive, form, points)


def _end(request: HttpRequest, directive: Directive) -> HttpResponse:
    points = open_points(directive, request.user)
    form = EndingForm(request.POST, is_open=bool(points))
    if form.is_valid():
        try:
            end(directive, form.ending(), by=request.user, now=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Đã kết thúc theo dõi. Hồ sơ lưu trữ đang được lập.")
            return redirect("tasks:directive_end", directive.pk)
    return _ending_page(request, directive, form, points)


def _ending_page(request: HttpRequest, directive: Directive, form: EndingForm, points) -> HttpResponse:
    summaries = SummaryReport.objects.visible_to(request.user).filter(directive=directive).for_listing()
    context = {"directive": directive, "form": form, "points": points, "summary": summaries.first()}
    return render(request, "tasks/closing/end.html", context, status=422 if form.errors else 200)


def _ended_page(request: HttpRequest, directive: Directive, form: FollowAgainForm) -> HttpResponse:
    archives = DirectiveArchive.objects.visible_to(request.user).filter(directive=directive)
    jobs = Job.objects.visible_to(request.user).filter(kind=ARCHIVE, arguments__directive=directive.pk)
    context = {
        "directive": directive,
        "form": form,
        "archives": archives.select_related("file", "by").order_by("-pk")[:ARCHIVES],
        "job": jobs.order_by("-pk").first(),
        "may_follow": can_follow_again(request.user, directive),
    }
    return render(request, "tasks/closing/ended.html", context, status=422 if form.errors else 200)


@require_POST
@office_required
def directive_follow_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an ending back, with the reason."""
    directive = _directive(request, pk)
    if not can_follow_again(request.user, directive):
        messages.info(request, "Văn bản này không ở trạng thái đã kết thúc; không có gì thay đổi.")
        return redirect(directive)
    form = FollowAgainForm(request.POST)
    if form.is_valid():
        try:
            follow_again(directive, by=request.user, now=clock.now(), reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(request, "Đã theo dõi lại. Số liệu, nhắc việc tiếp tục từ hôm nay.")
            return redirect(directive)
    return _ended_page(request, directive, form)


@require_POST
@office_required
def directive_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the archive made again, where making it failed or was stopped."""
    directive = _directive(request, pk)
    allowed(directive.is_closed)
    start_archive(directive, by=request.user, now=clock.now())
    messages.success(request, "Đang lập hồ sơ lưu trữ.")
    return redirect("tasks:directive_end", directive.pk)
