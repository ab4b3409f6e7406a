"""Figures of a directive: every sum down to the report it comes from, and figures reported twice."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from directive_tracker import clock
from tasks.enums import DirectiveState
from tasks.errors import Refused
from tasks.forms.fields import WrittenField
from tasks.indicators.book import build_book, build_indicator, doubt_rows, find_doubts, left_out, left_out_rows
from tasks.indicators.comparing import checks_of_rounds
from tasks.indicators.deciding import can_decide_figures, count_again, keep_both, leave_out
from tasks.indicators.reconciling import ask_to_reconcile, reconcile
from tasks.indicators.rules import can_set_figures
from tasks.models import Directive, Indicator, IndicatorValue
from tasks.views.access import allowed
from tasks.views.figures import sees_brief, sees_figures

UNITS_A_PAGE = 50
DOUBTS_A_PAGE = 25
NAV = "tasks:directive_list"


class ReasonForm(forms.Form):
    """Why."""

    reason = WrittenField(
        label="Lý do", max_length=500, rows=2, required=True, error_messages={"required": "Xin ghi lý do."}
    )


def _issued(request: HttpRequest, pk: int) -> Directive:
    rows = Directive.objects.visible_to(request.user).exclude(state=DirectiveState.DRAFT)
    return get_object_or_404(rows.select_related("office"), pk=pk)


@require_safe
@sees_figures
def directive_figures(request: HttpRequest, pk: int) -> HttpResponse:
    """Every indicator of the directive with what it comes to."""
    directive = _issued(request, pk)
    book = build_book(directive, request.user, request.access)
    return render(
        request,
        "tasks/indicators/book.html",
        {"book": book, "directive": directive, "now": clock.now(), "nav_current": NAV},
    )


@require_safe
@sees_figures
def indicator_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One indicator: total, units, periods, reports."""
    rows = Indicator.objects.visible_to(request.user).exclude(task__directive__state=DirectiveState.DRAFT)
    indicator = get_object_or_404(rows.select_related("task__directive__office"), pk=pk)
    result = build_indicator(indicator, request.user, request.access)
    return render(
        request,
        "tasks/indicators/indicator.html",
        {
            "result": result,
            "indicator": indicator,
            "page": Paginator(result.units, UNITS_A_PAGE).get_page(request.GET.get("page")),
            "may_decide": request.access.is_office and indicator.task.directive.is_issued,
            "may_set": can_set_figures(request.user, indicator.task.directive),
            "now": clock.now(),
            "nav_current": NAV,
        },
    )


@require_safe
@sees_brief
def figure_doubts(request: HttpRequest, pk: int) -> HttpResponse:
    """Figures probably reported twice, side by side; below them what was left out."""
    directive = _issued(request, pk)
    page = Paginator(find_doubts(directive), DOUBTS_A_PAGE).get_page(request.GET.get("page"))
    out = Paginator(left_out(directive), DOUBTS_A_PAGE).get_page(request.GET.get("ra"))
    return render(
        request,
        "tasks/indicators/doubts.html",
        {
            "directive": directive,
            "page": page,
            "rows": doubt_rows(page, directive, request.user, request.access),
            "out": out,
            "out_rows": left_out_rows(out, request.user, request.access),
            "nav_current": NAV,
        },
    )


def _figure(request: HttpRequest, pk: int) -> IndicatorValue:
    """An accepted total the user may see; else 404. Who sees it without being the office gets 403."""
    rows = IndicatorValue.objects.visible_to(request.user).totals().speaking()
    row = get_object_or_404(
        rows.select_related(
            "indicator__task",
            "left_out_by",
            "round__section__assignment__directive__office",
            "round__section__assignment__unit",
            "round__section__assignment__task",
            "round__section__unit_report__period",
            "round__section__unit_report__unit",
        ),
        pk=pk,
    )
    allowed(can_decide_figures(request.user, row.round.section.assignment))
    return row


def _doubts_of(row: IndicatorValue) -> str:
    return reverse("tasks:figure_doubts", args=[row.round.section.assignment.directive_id])


@require_http_methods(["GET", "HEAD", "POST"])
@sees_figures
def figure_leave_out(request: HttpRequest, pk: int) -> HttpResponse:
    """ "Không tính số này" with a reason; of one that is out, "Tính lại"."""
    row = _figure(request, pk)
    posted, again = request.method == "POST", request.POST.get("do") == "again"
    form = ReasonForm(request.POST if posted and not again else None)
    refused = ""
    try:
        if again:
            count_again(row, by=request.user, now=clock.now())
            messages.success(request, "Đã tính lại số này vào tổng.")
            return redirect(_doubts_of(row))
        if posted and form.is_valid():
            leave_out(row, by=request.user, now=clock.now(), reason=form.cleaned_data["reason"])
            messages.success(request, "Đã để số này ra ngoài; tổng không gồm số này nữa.")
            return redirect(_doubts_of(row))
    except Refused as refusal:
        refused = str(refusal)
    return render(
        request,
        "tasks/indicators/leave_out.html",
        {"row": row, "form": form, "refused": refused, "back": _doubts_of(row), "nav_current": NAV},
        status=422 if posted else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sees_figures
def figures_keep_both(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """ "Cả hai đều đúng" with a reason: two figures are not shown as doubtful again."""
    first, second = _figure(request, pk), _figure(request, other)
    if first.indicator_id != second.indicator_id or first.pk == second.pk:
        raise Http404
    form = ReasonForm(request.POST or None)
    posted = request.method == "POST"
    if posted and form.is_valid():
        try:
            keep_both(first, second, by=request.user, now=clock.now(), reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(request, "Đã ghi: cả hai số đều đúng.")
            return redirect(_doubts_of(first))
    return render(
        request,
        "tasks/indicators/keep_both.html",
        {"first": first, "second": second, "form": form, "back": _doubts_of(first), "nav_current": NAV},
        status=422 if posted else 200,
    )


class WordForm(forms.Form):
    """What holding the figure against the record came to."""

    reason = WrittenField(
        label="Kết quả đối chiếu",
        max_length=500,
        rows=2,
        required=True,
        error_messages={"required": "Xin ghi kết quả đối chiếu."},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sees_figures
def figure_reconcile(request: HttpRequest, pk: int) -> HttpResponse:
    """A figure beside what is on record: "Đề nghị đối chiếu" asks the unit, "Đã đối chiếu" takes a word."""
    row = _figure(request, pk)
    task = row.indicator.task
    found = {}
    prefetch_related_objects([row.indicator], "categories")
    if not task.words_and_counts_only:
        found = checks_of_rounds([row.round_id], [row.indicator], {task.pk: task.directive_id}, request.access)
    check = found.get((row.round_id, row.indicator.code))
    if check is None:
        raise Http404
    back = reverse("tasks:indicator_detail", args=[row.indicator_id])
    posted, asks = request.method == "POST", request.POST.get("do") == "ask"
    form = WordForm(request.POST if posted and not asks else None)
    refused = ""
    try:
        if posted and asks:
            ask_to_reconcile(row, check, by=request.user, now=clock.now())
            messages.success(request, "Đã đề nghị đơn vị đối chiếu, ghi ở mục trao đổi của phần việc.")
            return redirect(back)
        if posted and form.is_valid():
            reconcile(row, by=request.user, now=clock.now(), word=form.cleaned_data["reason"])
            messages.success(request, "Đã ghi kết quả đối chiếu.")
            return redirect(back)
    except Refused as refusal:
        refused = str(refusal)
    return render(
        request,
        "tasks/indicators/reconcile.html",
        {"row": row, "check": check, "form": form, "refused": refused, "back": back, "nav_current": NAV},
        status=422 if posted else 200,
    )
