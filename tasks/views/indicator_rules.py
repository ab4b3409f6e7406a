"""The office sets a task's figures: what each means, how it is put together, what is usual, targets of single units."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from directive_tracker import clock
from tasks.enums import AssignmentRole
from tasks.errors import Refused
from tasks.forms.indicator_rules import IndicatorForm, TargetsForm
from tasks.indicators.rules import add_indicator, can_set_figures, change_indicator, set_targets, takes_target
from tasks.models import DirectiveTask, Indicator
from tasks.views.access import allowed, office_required
from units.models import Unit

UNITS_A_PAGE = 50


def _indicator(request: HttpRequest, pk: int) -> Indicator:
    rows = Indicator.objects.visible_to(request.user).select_related("task__directive__office")
    indicator = get_object_or_404(rows.prefetch_related("categories"), pk=pk)
    allowed(can_set_figures(request.user, indicator.task.directive))
    return indicator


def _add_problem(form, error: Refused | ValidationError) -> None:
    """A refusal beside its field where it names one."""
    if isinstance(error, ValidationError):
        for name, words in error.message_dict.items():
            form.add_error(name if name in form.fields else None, words)
    else:
        form.add_error(None, str(error))


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def indicator_rules(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one figure."""
    indicator = _indicator(request, pk)
    frozen = indicator.values.exists()
    form = IndicatorForm(
        request.POST or None, indicator=indicator, frozen=frozen, with_target=takes_target(indicator.task)
    )
    posted = request.method == "POST"
    if posted and form.is_valid():
        try:
            changed = change_indicator(
                indicator, form.values(), form.category_names(), by=request.user, now=clock.now()
            )
        except (Refused, ValidationError) as error:
            _add_problem(form, error)
        else:
            messages.success(request, "Đã lưu chỉ tiêu." if changed else "Chỉ tiêu không thay đổi.")
            return redirect(indicator.task)
    return render(
        request,
        "tasks/indicators/rules.html",
        {"form": form, "indicator": indicator, "task": indicator.task, "frozen": frozen},
        status=422 if posted else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def indicator_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for one more figure in a task."""
    tasks = DirectiveTask.objects.visible_to(request.user).select_related("directive__office")
    task = get_object_or_404(tasks, pk=pk)
    allowed(can_set_figures(request.user, task.directive))
    form = IndicatorForm(request.POST or None, indicator=None, frozen=False, with_target=takes_target(task))
    posted = request.method == "POST"
    if posted and form.is_valid():
        try:
            indicator = add_indicator(task, form.values(), form.category_names(), by=request.user, now=clock.now())
        except (Refused, ValidationError) as error:
            _add_problem(form, error)
        else:
            messages.success(request, f"Đã thêm chỉ tiêu “{indicator.name}”.")
            return redirect(task)
    return render(
        request,
        "tasks/indicators/rules.html",
        {"form": form, "indicator": None, "task": task, "frozen": False},
        status=422 if posted else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def indicator_targets(request: HttpRequest, pk: int) -> HttpResponse:
    """Targets of single units, where they differ; fifty units a page."""
    indicator = _indicator(request, pk)
    allowed(takes_target(indicator.task))
    leads = Unit.objects.filter(
        assignments__task=indicator.task_id, assignments__role=AssignmentRole.LEAD
    ).in_official_order()
    page = Paginator(leads, UNITS_A_PAGE).get_page(request.GET.get("page"))
    own = {row.unit_id: row.target for row in indicator.targets.all()}
    form = TargetsForm(request.POST or None, indicator=indicator, units=page, own=own)
    posted = request.method == "POST"
    if posted and form.is_valid():
        try:
            changed = set_targets(indicator, form.targets(), by=request.user, now=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, f"Đã lưu mức phấn đấu của {changed} đơn vị." if changed else "Không có gì thay đổi."
            )
            return redirect(request.get_full_path())
    return render(
        request,
        "tasks/indicators/targets.html",
        {"form": form, "indicator": indicator, "page": page},
        status=422 if posted else 200,
    )
