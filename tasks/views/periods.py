"""The periods of a directive: laid out with a preview, mended, removed while nobody has reported."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from directive_tracker import clock
from tasks.errors import Refused
from tasks.forms.periods import LayoutForm, PeriodForm
from tasks.models import Directive, ReportingPeriod
from tasks.periods.laying import day_words
from tasks.periods.setting import FIELDS, can_set_periods, change, lay, preview, remove
from tasks.views.access import allowed, office_required
from units.calendar import work_calendar

_DAYS = ("starts_on", "opens_on", "cutoff_on", "due_on")


def _with_words(rows):
    """(row, its four days in words with weekday and day off)."""
    calendar = work_calendar()
    return [
        (row, [day_words(day, calendar) if day else "không ghi" for day in (getattr(row, name) for name in _DAYS)])
        for row in rows
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def period_list(request: HttpRequest, pk: int) -> HttpResponse:
    """What there is; below it the layout of new ones. POST with `preview` only shows the rows."""
    directive = get_object_or_404(Directive.objects.visible_to(request.user).select_related("office"), pk=pk)
    may_set = can_set_periods(request.user, directive)
    posted = request.method == "POST"
    if posted:
        allowed(may_set)
    form = LayoutForm(request.POST if posted else None)
    planned = []
    if posted and form.is_valid():
        try:
            planned = preview(directive, form.layout())
            if "preview" not in request.POST:
                made = lay(directive, form.layout(), by=request.user, now=clock.now())
                words = f"Đã lập {len(made)} kỳ báo cáo." if made else "Các kỳ này đã có; không lập thêm."
                messages.success(request, words)
                return redirect(request.path)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    periods = directive.periods.annotate(reports=Count("unit_reports")).order_by("cutoff_on", "kind")
    return render(
        request,
        "tasks/periods/list.html",
        {
            "directive": directive,
            "rows": _with_words(periods),
            "form": form if may_set else None,
            "planned": _with_words(planned),
            "new": sum(1 for period in planned if not period.exists),
            "nav_current": "tasks:directive_list",
        },
        status=422 if posted and form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def period_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend one period or take it away."""
    rows = ReportingPeriod.objects.visible_to(request.user).select_related("directive__office")
    period = get_object_or_404(rows, pk=pk)
    allowed(can_set_periods(request.user, period.directive))
    posted, removing = request.method == "POST", request.POST.get("do") == "remove"
    form = PeriodForm(request.POST if posted and not removing else None, period=period)
    refused = ""
    try:
        if removing:
            remove(period, by=request.user, now=clock.now())
            messages.success(request, f"Đã bỏ {period.name}.")
            return redirect("tasks:period_list", period.directive_id)
        if posted and form.is_valid():
            values = {name: form.cleaned_data[name] for name in FIELDS}
            changed = change(period, values, by=request.user, now=clock.now())
            messages.success(request, "Đã lưu kỳ báo cáo." if changed else "Kỳ báo cáo không thay đổi.")
            return redirect("tasks:period_list", period.directive_id)
    except Refused as refusal:
        refused = str(refusal)
    return render(
        request,
        "tasks/periods/edit.html",
        {
            "period": period,
            "form": form,
            "refused": refused,
            "reports": period.unit_reports.count(),
            "nav_current": "tasks:directive_list",
        },
        status=422 if posted else 200,
    )
