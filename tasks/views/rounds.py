"""A unit takes back what it sent: from the office before the decision, from its own head before the sending."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from directive_tracker import clock
from directive_tracker.row_ids import row_id_or_404
from tasks.errors import Refused
from tasks.permissions import can_recall, can_take_from_head
from tasks.rounds.recalling import recall, take_from_head
from tasks.views.reports import own_report


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report_recall(request: HttpRequest, pk: int) -> HttpResponse:
    """ "Rút về": the whole report, or the section of `muc`; then it opens for typing."""
    report = own_report(request, pk)
    if request.method != "POST":
        return redirect(report)
    if not can_recall(request.user, report):
        messages.info(request, f"Báo cáo đang ở trạng thái “{report.get_state_display()}”, không rút về được.")
        return redirect(report)
    wanted = request.POST.get("muc", "")
    sections = None
    if wanted:
        found = report.sections.visible_to(request.user).select_related("assignment__task", "assignment__unit")
        sections = [get_object_or_404(found, pk=row_id_or_404(wanted))]
    try:
        count = recall(report, by=request.user, now=clock.now(), sections=sections)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect(report)
    messages.success(
        request, f"Đã rút {count} mục về để sửa. Văn phòng không còn xem xét các mục này cho đến khi gửi lại."
    )
    return redirect("tasks:report_edit", report.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """ "Lấy lại để sửa", and for the head "Tự sửa": a report that waits for the unit's head opens for typing again."""
    report = own_report(request, pk)
    if request.method != "POST":
        return redirect(report)
    if not can_take_from_head(request.user, report):
        messages.info(request, f"Báo cáo đang ở trạng thái “{report.get_state_display()}”, không lấy lại được.")
        return redirect(report)
    try:
        take_from_head(report, by=request.user, now=clock.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect(report)
    messages.success(request, "Đã lấy lại báo cáo để sửa; lãnh đạo đơn vị chưa duyệt.")
    return redirect("tasks:report_edit", report.pk)
