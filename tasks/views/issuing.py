"""Xem trước và giao: who will get what and who will be told, then the assignments."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from directive_tracker import clock
from directive_tracker.row_ids import row_id
from tasks.amending.effects import amendments_of, effects_of, mark_of
from tasks.assigning.bodies import key_of
from tasks.assigning.plan import build_plan
from tasks.assigning.warnings import warnings_in
from tasks.errors import Refused
from tasks.issuing import Seen, issue
from tasks.models import Amendment, Directive
from tasks.views.access import office_required


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def directive_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who will get what and who is told; on POST give the tasks as they were shown. Issuing again changes nothing."""
    directive = get_object_or_404(
        Directive.objects.visible_to(request.user).select_related("office", "issued_by"), pk=pk
    )
    if not directive.is_draft:
        messages.info(request, "Văn bản này đã giao; không có gì thay đổi.")
        return redirect(directive)
    changes = amendments_of(directive)
    refusal = ""
    if request.method == "POST":
        try:
            _refuse_other_changes(request, changes)
            result = issue(directive, by=request.user, now=clock.now(), seen=_seen(request))
        except Refused as problem:
            refusal = str(problem)
        else:
            if result.created:
                messages.success(request, f"Đã giao {result.created} phần việc cho {result.units} đơn vị.")
            elif result.is_new:
                messages.success(request, "Đã giao văn bản; các điểm sửa đổi có hiệu lực.")
            else:
                messages.info(request, "Văn bản này đã giao; không có gì thay đổi.")
            return redirect(directive)
    plan = build_plan(directive, now=clock.now())
    bodies = {key_of(unit) for unit in [*plan.preview.units, *plan.preview.addressed]}
    return render(
        request,
        "tasks/directives/issue.html",
        {
            "directive": directive,
            "plan": plan,
            "preview": plan.preview,
            "warnings": warnings_in(plan.preview, shown=bodies),
            "base": reverse("tasks:assigning", args=[directive.pk]),
            "check_url": reverse("tasks:check", args=[directive.pk]),
            "periods": directive.periods.all(),
            "refusal": refusal,
            "changes": changes,
            "effects": effects_of(changes, by=request.user, today=clock.today()) if changes else [],
            "changes_mark": mark_of(changes),
        },
        status=422 if refusal else 200,
    )


def _refuse_other_changes(request: HttpRequest, changes: list[Amendment]) -> None:
    """Nobody lets amendments take effect that were written down since. Errors: Refused."""
    if request.POST.get("changes", mark_of(changes)) != mark_of(changes):
        raise Refused("Các điểm sửa đổi văn bản khác đã đổi từ khi anh/chị xem. Hãy xem lại rồi giao.")


def _seen(request: HttpRequest) -> Seen | None:
    """What the form says was seen; None from a form that shows nothing."""
    number = row_id(request.POST.get("number", ""))
    return None if number is None else Seen(number, request.POST.get("mark", "")[:64])
