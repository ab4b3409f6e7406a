"""Báo cáo lên cấp trên: the office's list, one report with its history, what is done about it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from directive_tracker import clock
from directive_tracker.row_ids import row_id
from records.uploads import UploadRefused
from tasks.errors import Refused
from tasks.forms.office import ReasonForm
from tasks.forms.upward import UpwardForm, UpwardSentForm
from tasks.models import Directive, UpwardReport, UpwardState
from tasks.upward.listing import TABS, upward_of
from tasks.upward.writing import change, drop, mark_sent, reopen, write
from tasks.views.access import allowed, office_required

PAGE_SIZE = 25
_STEPS = {
    "reopen": ("Mở lại", reopen, "Đã mở lại.", (UpwardState.SENT, UpwardState.DROPPED)),
    "drop": ("Không phải gửi nữa", drop, "Đã ghi không phải gửi nữa.", (UpwardState.OPEN,)),
}


@require_safe
@office_required
def upward_list(request: HttpRequest) -> HttpResponse:
    """What the office owes the bodies above, the soonest first; what was sent and dropped beside it."""
    state, reports = upward_of(request.user, request.GET.get("xem", ""))
    page = Paginator(reports, PAGE_SIZE).get_page(request.GET.get("page"))
    today = clock.today()
    return render(
        request,
        "tasks/upward/list.html",
        {
            "page": page,
            "rows": [(row, row.is_overdue(today=today)) for row in page],
            "tabs": [(name, tab.label, tab == state) for name, tab in TABS.items()],
            "nav_current": "tasks:today",
        },
    )


def _found(request: HttpRequest, pk: int) -> UpwardReport:
    rows = UpwardReport.objects.visible_to(request.user).select_related("directive", "cited", "file", "made_by")
    return get_object_or_404(rows, pk=pk)


@require_safe
@office_required
def upward_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One report: to whom, until when, how it was sent, and every step."""
    report = _found(request, pk)
    return render(
        request,
        "tasks/upward/detail.html",
        {
            "report": report,
            "is_overdue": report.is_overdue(today=clock.today()),
            "steps": report.steps.select_related("by", "file").order_by("-pk"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def upward_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what a document obliges the office to report; what a cited document says is filled in."""
    directive = get_object_or_404(Directive.objects.visible_to(request.user), pk=pk)
    allowed(not directive.is_closed)
    number = row_id(request.GET.get("vien-dan"))
    cited = directive.cited_documents.filter(pk=number).first() if number else None
    initial = {"cited": cited, "to_whom": cited.issuer, "about": f"Kết quả thực hiện {cited}"} if cited else {}
    form = UpwardForm(request.POST or None, directive=directive, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            report = write(directive, form.wanted(), by=request.user, now=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Đã ghi báo cáo lên cấp trên.")
            return redirect(report)
    return _form_page(request, form, directive, "Ghi báo cáo lên cấp trên", directive.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def upward_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an open one."""
    report = _found(request, pk)
    allowed(report.is_open and not report.directive.is_closed)
    form = UpwardForm(request.POST or None, directive=report.directive, initial=UpwardForm.initial_of(report))
    if request.method == "POST" and form.is_valid():
        try:
            change(report, form.wanted(), by=request.user, now=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Đã lưu.")
            return redirect(report)
    return _form_page(request, form, report.directive, "Sửa báo cáo lên cấp trên", report.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def upward_sent(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that it was sent: day, number, signer, file."""
    report = _found(request, pk)
    allowed(report.is_open and not report.directive.is_closed)
    form = UpwardSentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            mark_sent(report, form.sent(), upload=form.cleaned_data["file"], by=request.user, now=clock.now())
        except UploadRefused as refusal:
            form.add_error("file", str(refusal))
        except Refused as refusal:
            form.add_error("sent_on", str(refusal))
        else:
            messages.success(request, "Đã ghi báo cáo đã gửi.")
            return redirect(report)
    return _form_page(request, form, report.directive, "Ghi đã gửi", report.get_absolute_url(), about=str(report))


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def upward_step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Open it again, or note that it need not be sent: with the reason."""
    report = _found(request, pk)
    label, service, done, states = _STEPS[verb]
    allowed(report.state in states and not report.directive.is_closed)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            service(report, reason=form.cleaned_data["reason"], by=request.user, now=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect(report)
    return _form_page(request, form, report.directive, label, report.get_absolute_url(), about=str(report))


def _form_page(
    request: HttpRequest, form, directive: Directive, title: str, back: str, *, about: str = ""
) -> HttpResponse:
    context = {"form": form, "directive": directive, "title": title, "back": back, "about": about}
    return render(request, "tasks/upward/form.html", context, status=422 if request.method == "POST" else 200)
