"""Báo cáo tổng hợp: the drafts of a directive, making one, one draft as it was frozen, the works behind its numbers."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from directive_tracker import clock
from tasks.enums import DirectiveState
from tasks.errors import Refused
from tasks.forms.summary import SummaryForm
from tasks.models import Directive, SummaryReport
from tasks.summary.making import make, typed_before
from tasks.summary.reading import shown, trace
from tasks.summary.rules import can_make_summary
from tasks.views.access import allowed
from tasks.views.figures import sees_brief

PAGE_SIZE = 25
FOUND = {"nav_current": "tasks:directive_list"}


@require_http_methods(["GET", "HEAD", "POST"])
@sees_brief
def summary_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The drafts of one directive, the newest first; the office makes the next one here."""
    issued = Directive.objects.visible_to(request.user).exclude(state=DirectiveState.DRAFT)
    directive = get_object_or_404(issued.select_related("office"), pk=pk)
    may_make = can_make_summary(request.user, directive)
    drafts = SummaryReport.objects.visible_to(request.user).filter(directive=directive)
    form = None
    if request.method == "POST":
        allowed(may_make)
        form = SummaryForm(request.POST, directive=directive, now=clock.now())
        made = _made(form, directive, request.user)
        if made is not None:
            messages.success(request, f"Đã lập dự thảo lần {made.draft_number}.")
            return redirect(made)
    elif may_make:
        form = SummaryForm(initial=typed_before(directive), directive=directive, now=clock.now())
    page = Paginator(drafts.for_listing(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "tasks/summary/list.html",
        {"directive": directive, "page": page, "form": form, **FOUND},
        status=422 if request.method == "POST" else 200,
    )


def _made(form: SummaryForm, directive: Directive, user) -> SummaryReport | None:
    """The new draft; None with the reason on the form."""
    if not form.is_valid():
        return None
    try:
        return make(directive, by=user, now=form.now, typed=form.typed, as_of=form.cleaned_data["as_of"])
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None


def _report(request: HttpRequest, pk: int) -> SummaryReport:
    rows = SummaryReport.objects.visible_to(request.user).select_related("directive", "made_by", "previous")
    return get_object_or_404(rows.defer("previous__data"), pk=pk)


@require_safe
@sees_brief
def summary(request: HttpRequest, pk: int) -> HttpResponse:
    """One draft as it was frozen, screen and print."""
    report = _report(request, pk)
    return render(
        request, "tasks/summary/summary.html", {"report": report, "shown": shown(report, request.user), **FOUND}
    )


@require_safe
@sees_brief
def summary_trace(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The works behind one number of a draft, as they were when it was frozen."""
    report = _report(request, pk)
    found = trace(report, name, request.user)
    if found is None:
        raise Http404
    return render(request, "tasks/summary/trace.html", {"report": report, "trace": found, **FOUND})
