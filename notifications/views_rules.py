"""Page "Quy tắc nhắc việc": which rungs the ladder has, which are in use, which go by mail."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from directive_tracker import clock
from directive_tracker.vietnamese import vn_number
from notifications import rules
from notifications.forms import RuleForm
from notifications.models import Audience
from notifications.office import office_only


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def general(request: HttpRequest) -> HttpResponse:
    """The rules for every document that has none of its own."""
    office_only(request)
    return ladder_page(request, target=None)


def ladder_page(request: HttpRequest, *, target: models.Model | None, **context: Any) -> HttpResponse:
    """Show and change the ladder in general or of one row; the caller has checked who asks.

    What was typed for a new rung stays in its form when it is refused.
    """
    form = RuleForm(request.POST if "add" in request.POST else None, general=target is None)
    if request.method == "POST":
        if "add" not in request.POST:
            _switch(request, target)
            return redirect(request.path)
        if form.is_valid() and _added(request, form, target):
            return redirect(request.path)
    rows = rules.rows_of(target)
    return render(
        request,
        "notifications/rules.html",
        {
            "rows": rows,
            "form": form,
            "target": target,
            "by_mail": sum(1 for row in rows if row.in_force.by_mail and row.in_force.is_active),
            "audiences": dict(Audience.choices),
            **context,
        },
        status=422 if form.errors else 200,
    )


def _switch(request: HttpRequest, target: models.Model | None) -> None:
    shown = request.POST.getlist("stage")
    used, mailed = set(request.POST.getlist("used")), set(request.POST.getlist("mailed"))
    wanted = {stage: (stage in used, stage in mailed) for stage in shown}
    changed = rules.switch(wanted, target=target, by=request.user, now=clock.now())
    if changed:
        messages.success(request, f"Đã đổi {vn_number(changed)} bậc nhắc; có hiệu lực từ lượt lập tới.")
    else:
        messages.info(request, "Không có gì thay đổi.")


def _added(request: HttpRequest, form: RuleForm, target: models.Model | None) -> bool:
    try:
        rule = rules.add(**form.rung(), target=target, by=request.user, now=clock.now())
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, f"Đã thêm bậc nhắc: {rule.name}.")
    return True
