"""Signed papers the office still waits for."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from directive_tracker import clock
from directive_tracker.row_ids import row_id_or_404
from tasks.errors import Refused
from tasks.forms.papers import MissingScansForm
from tasks.models import UnitReport
from tasks.papers.missing import missing_scans, page_of_missing
from tasks.papers.reminding import MOST, Plan, plan_reminders, remind
from tasks.views.access import office_required
from units.calendar import work_calendar


def _asked(request: HttpRequest) -> tuple[MissingScansForm, str]:
    """The filter, and what of it means nothing, as words."""
    form = MissingScansForm(request.GET, user=request.user)
    form.is_valid()  # a condition that means nothing is said and left out, the other holds
    dropped = ", ".join(str(form.fields[name].label) for name in form.errors)
    return form, f"Đã bỏ qua: {dropped}. Điều kiện khác vẫn giữ." if dropped else ""


@require_safe
@office_required
def missing_scan_list(request: HttpRequest) -> HttpResponse:
    """Thiếu bản chụp đã ký: which reports, since when, whom to telephone."""
    form, dropped = _asked(request)
    page, rows = page_of_missing(
        missing_scans(request.user, **form.chosen),
        request.GET.get("page"),
        today=clock.today(),
        calendar=work_calendar(),
    )
    kept = request.GET.copy()
    kept.pop("page", None)
    kept["tat-ca"] = "1"
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "dropped": dropped,
        "remind_all_url": f"{reverse('tasks:missing_scans_remind')}?{kept.urlencode()}",
        "nav_current": "tasks:today",
    }
    return render(request, "tasks/papers/missing.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def missing_scan_remind(request: HttpRequest) -> HttpResponse:
    """Who will be reminded of which scans, who is left out and why; one POST tells them."""
    posted, now = request.method == "POST", clock.now()
    keys = (request.POST if posted else request.GET).getlist("bao-cao")
    if keys:
        reports = _these(request, keys)
    elif not posted and "tat-ca" in request.GET:
        reports = missing_scans(request.user, **_asked(request)[0].chosen)
        if reports.order_by().values("pk")[: MOST + 1].count() > MOST:
            messages.warning(request, f"Mỗi lần nhắc nhiều nhất {MOST} báo cáo; xin lọc theo văn bản hoặc đơn vị.")
            return redirect("tasks:missing_scans")
    else:
        messages.info(request, "Hãy chọn ít nhất một báo cáo để nhắc.")
        return redirect("tasks:missing_scans")
    refusal = ""
    if posted:
        try:
            return _reminded(request, remind(reports, by=request.user, now=now))
        except Refused as refused:
            refusal = str(refused)
    plan = plan_reminders(reports, user=request.user, now=now)
    context = {"plan": plan, "refusal": refusal, "nav_current": "tasks:today"}
    return render(request, "tasks/papers/remind.html", context, status=422 if posted else 200)


def _these(request: HttpRequest, keys: list[str]) -> QuerySet[UnitReport]:
    """The reports with these keys. Errors: Http404 when the person may not know of one of them, or they are too many."""
    wanted = {row_id_or_404(key) for key in keys}
    found = UnitReport.objects.visible_to(request.user).filter(pk__in=wanted)
    if len(wanted) > MOST or found.order_by().count() != len(wanted):
        raise Http404("Không có báo cáo này.")
    return found


def _reminded(request: HttpRequest, plan: Plan) -> HttpResponse:
    """Say what was done, and of what nobody was reminded."""
    count, units = len(plan.reports), len(plan.recipients)
    messages.success(request, f"Đã nhắc {units} đơn vị về {count} báo cáo; {plan.people} người nhận được.")
    for left_out in plan.left_out[:3]:
        messages.info(request, f"Không nhắc {left_out.report.unit.short_name}: {left_out.why}.")
    if len(plan.left_out) > 3:
        messages.info(request, f"Và {len(plan.left_out) - 3} báo cáo khác không nhắc.")
    return redirect("tasks:missing_scans")
