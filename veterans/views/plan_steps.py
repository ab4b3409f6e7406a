"""The money of a plan, its papers, and its way up: submitted, sent back, approved."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directive_tracker import clock
from directive_tracker.row_ids import row_id
from directive_tracker.vietnamese import vn_number
from records import jobs_runner
from records.errors import UploadRefused
from tasks.drafts.handed_papers import HandedPaper, fill_in
from tasks.drafts.opening import open_report
from tasks.errors import Refused
from tasks.exports.docx import CONTENT_TYPE
from tasks.permissions import can_report
from veterans.forms_plans import ApprovalForm, MoneyForm, ReturnForm
from veterans.models import GratitudePlan
from veterans.planning import jobs, money, paper, plans
from veterans.views.base import registrar_page
from veterans.views.plans import changing, own_plan, refuse, show_plan, task_of


@registrar_page
@require_http_methods(["GET", "HEAD", "POST"])
def plan_money(request, pk: int):
    """What every source gives: one gift, and the money set aside."""
    plan = own_plan(request, pk)
    changing(request, plan)
    rows = {row.source_id: row for row in plan.funding.all()}
    form = MoneyForm(
        request.POST or None, sources=list(plan.campaign.sources.all()), rows=rows, initial={"version": plan.version}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            renewed = money.set_money(
                plan,
                form.funds(),
                renew=data["renew"],
                version=data["version"] or 0,
                by=request.user,
                now=clock.now(),
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            more = f" Đã sửa {vn_number(renewed)} suất đã hứa theo mức mới." if renewed else ""
            messages.success(request, f"Đã lưu kinh phí.{more}")
            return redirect("veterans:plan_detail", pk=pk)
    context = {"plan": plan, "form": form, "balance": money.balance_of(plan)}
    return render(request, "veterans/plans/money.html", context, status=422 if form.errors else 200)


@registrar_page
@require_POST
def plan_submit(request, pk: int):
    """The plan goes up for approval."""
    plan = own_plan(request, pk)
    changing(request, plan)
    try:
        plans.submit(plan, version=row_id(request.POST.get("version")) or 0, by=request.user, now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Đã trình. Khi có văn bản phê duyệt, hãy ghi số, ngày và người ký.")
    return redirect("veterans:plan_detail", pk=pk)


@registrar_page
@require_http_methods(["GET", "HEAD", "POST"])
def plan_return(request, pk: int):
    """The plan has to be changed; a GET leads to its page."""
    plan = own_plan(request, pk)
    changing(request, plan)
    if request.method != "POST":
        return redirect("veterans:plan_detail", pk=pk)
    form = ReturnForm(request.POST, prefix="return")
    if form.is_valid():
        data = form.cleaned_data
        try:
            plans.send_back(plan, why=data["reason"], version=data["version"] or 0, by=request.user, now=clock.now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Đã ghi: kế hoạch phải sửa lại.")
            return redirect("veterans:plan_detail", pk=pk)
    return show_plan(request, own_plan(request, pk), status=422, returned=form)


@registrar_page
@require_http_methods(["GET", "HEAD", "POST"])
def plan_approve(request, pk: int):
    """Write down by which paper the plan was approved."""
    plan = own_plan(request, pk)
    changing(request, plan)
    form = ApprovalForm(
        request.POST or None, request.FILES or None, today=clock.today(), initial={"version": plan.version}
    )
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        version, upload = data.pop("version") or 0, data.pop("file")
        try:
            plans.approve(plan, upload=upload, version=version, by=request.user, now=clock.now(), **data)
        except UploadRefused as refusal:
            form.add_error("file", str(refusal))
        except (Refused, ValidationError) as error:
            refuse(form, error)
        else:
            messages.success(request, "Đã ghi phê duyệt kế hoạch.")
            return redirect("veterans:plan_detail", pk=pk)
    context = {
        "plan": plan,
        "form": form,
        "people": plans.people_in(plan),
        "money": plans.budget_of(plan),
        "waits": plan.state == GratitudePlan.State.SUBMITTED,
    }
    return render(request, "veterans/plans/approve.html", context, status=422 if form.errors else 200)


@registrar_page
@require_safe
def plan_paper(request, pk: int):
    """The plan as a Word file for approval: numbers, no names."""
    plan = own_plan(request, pk)
    content = paper.plan_file(plan, now=clock.now(), demo=settings.DEMO)
    answer = HttpResponse(content, content_type=CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="ke-hoach-tri-an-{plan.pk}.docx"'
    return answer


@registrar_page
@require_http_methods(["GET", "HEAD", "POST"])
def plan_names(request, pk: int):
    """Ask for the list of names; a job writes it, and the log says who asked what for. A GET leads to the plan."""
    plan = own_plan(request, pk)
    if request.method != "POST":
        return redirect("veterans:plan_detail", pk=pk)
    job = jobs_runner.start(
        jobs.PLAN_NAMES,
        title="Danh sách kèm theo kế hoạch tri ân",
        arguments={"plan": plan.pk},
        by=request.user,
        now=clock.now(),
    )
    return redirect("records:job", pk=job.pk)


@registrar_page
@require_http_methods(["GET", "HEAD", "POST"])
def plan_report(request, pk: int):
    """Go on to the unit's report, with the approval's paper filled in where the report owes a plan; a GET leads back."""
    plan = own_plan(request, pk)
    if request.method != "POST":
        return redirect("veterans:plan_detail", pk=pk)
    task, approval = task_of(request.user, plan), plan.approvals.select_related("file").first()
    if task is None or approval is None:
        messages.error(request, "Chưa có phê duyệt, hoặc đợt chưa gắn với nhiệm vụ lập kế hoạch.")
        return redirect("veterans:plan_detail", pk=pk)
    if not can_report(request.user, plan.unit_id, task.directive):
        raise PermissionDenied("Báo cáo do cán bộ đầu mối của đơn vị lập kế hoạch gửi.")
    given = HandedPaper(approval.number, approval.symbol, approval.approved_on, approval.signer, approval.file)
    try:
        report = open_report(plan.unit, task.directive, by=request.user, now=clock.now())
        filled = fill_in(report, task, given, by=request.user, now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("veterans:plan_detail", pk=pk)
    messages.success(
        request,
        f"Đã điền văn bản số {approval} vào mục {task.code}. Hãy xem lại rồi gửi báo cáo."
        if filled
        else f"Mục {task.code} không còn chỗ trống cho văn bản của kế hoạch; những gì đã gõ được giữ nguyên.",
    )
    return redirect("tasks:report_edit", report.pk)
