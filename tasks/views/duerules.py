"""How a product's due day is found: the office's form, with the day it gives."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from directive_tracker import clock
from tasks import permissions
from tasks.duerules import explain
from tasks.enums import DueKind
from tasks.errors import Refused
from tasks.forms.duerules import PERIODIC, DueRuleForm
from tasks.models import Product
from tasks.rulesetting import set_rule
from tasks.views.access import allowed, office_required
from units.calendar import work_calendar

FROM_RECEIPT = (DueKind.AFTER_RECEIPT, *PERIODIC)


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def product_due(request: HttpRequest, pk: int, product: int) -> HttpResponse:
    """Set the rule of a draft's product. POST with `preview` only shows the day; without it the rule is saved."""
    rows = Product.objects.visible_to(request.user).select_related("task__directive")
    row = get_object_or_404(rows, pk=product, task=pk)
    allowed(permissions.can_edit_draft(request.user, row.task.directive))
    saves = request.method == "POST" and "preview" not in request.POST
    form = DueRuleForm(request.POST if request.method == "POST" else None, product=row)
    words = _shown(row) if not form.is_bound or form.is_valid() else ""
    if saves and form.is_valid():
        try:
            changed = set_rule(row, by=request.user, now=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Đã lưu cách tính hạn." if changed else "Cách tính hạn không thay đổi.")
            return redirect(_back(request, row))
    unfinished = not saves and form.is_bound and not words and form.is_only_unfinished()
    context = {
        "form": form,
        "saves": saves,
        "unfinished": unfinished,
        "task": row.task,
        "product": row,
        "words": words,
        "lacks_event": row.due_kind in (DueKind.BEFORE_EVENT, DueKind.AFTER_EVENT)
        and row.task.directive.event_date is None,
        "back_url": _back(request, row),
        "supposes_today": row.due_kind in FROM_RECEIPT,
    }
    return render(request, "tasks/directives/product_due.html", context, status=422 if saves else 200)


def _back(request: HttpRequest, product: Product) -> str:
    """Where the person came from: the task, or the page where the draft is checked (?ve=soat)."""
    if request.GET.get("ve") == "soat":
        return f"{reverse('tasks:check', args=[product.task.directive_id])}#nv-{product.task_id}"
    return product.task.get_absolute_url()


def _shown(product: Product) -> str:
    """The rule with its day, as if the work were given today."""
    words = explain(product, product.task.directive, work_calendar(), received=clock.today())
    return words[:1].upper() + words[1:]
