"""The unit's report: opened, typed, sent, read, approved by the unit's head."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from directive_tracker import clock
from directive_tracker.prepared import Prepared
from directive_tracker.row_ids import row_id
from directive_tracker.vietnamese import vn_datetime
from records import uploads
from records.models import AuditEvent
from tasks.drafts.answers import answer, number_of
from tasks.drafts.checking import ReportIncomplete
from tasks.drafts.opening import open_report
from tasks.drafts.saving import Clash, DraftConflict, save_draft
from tasks.enums import ReportState, SectionState
from tasks.errors import Refused
from tasks.forms.report_editor import ReportEditor
from tasks.forms.unit import HeadReturnForm
from tasks.models import Directive, UnitReport
from tasks.permissions import (
    can_approve_as_head,
    can_attach_signed,
    can_edit_report,
    can_recall,
    can_report,
    can_report_on_behalf,
    can_take_from_head,
)
from tasks.querysets import access_for
from tasks.reporting import approve_by_head, keep_and_submit, return_by_head, submit
from tasks.reportpages import pages_of
from tasks.reportview import put_beside, sections_for_reading, shows_whole
from tasks.rounds.review_time import reviewer_of
from tasks.rounds.review_time import words as review_words
from tasks.unit_reading import drafted_sections, reports_of_units
from units.access import Access, Seer
from units.calendar import work_calendar
from units.models import Unit

PAGE = 25
# The button that keeps what was typed and goes on to the figures' Excel form.
FIGURES = "figures"
STATE_PILLS = {
    ReportState.DRAFT: ("doing", "Bản nháp"),
    ReportState.AWAITING_UNIT_HEAD: ("doing", "Chờ lãnh đạo duyệt"),
    ReportState.SUBMITTED: ("waiting", "Đã gửi, chờ xem xét"),
    ReportState.RETURNED: ("redo", "Cần bổ sung"),
    ReportState.RECALLED: ("redo", "Đã rút về, chưa gửi lại"),
    ReportState.DECIDED: ("done", "Đã xem xét xong"),
}


def own_unit_ids(request) -> frozenset[int]:
    """The units for which the person reports or decides."""
    return request.access.reporter_unit_ids | request.access.head_unit_ids


# What the pages of one report read with it.
_SHOWN = ("unit", "directive__office", "period", "saved_by", "submitted_by")


def _written(access: Access, pk: int) -> QuerySet:
    return UnitReport.objects.written_by(Seer(access)).select_related(*_SHOWN).filter(pk=pk)


_WRITTEN = Prepared(_written)


def visible_report(request, pk: int) -> UnitReport:
    """The report if the user may know of it; else 404."""
    return get_object_or_404(UnitReport.objects.visible_to(request.user).select_related(*_SHOWN), pk=pk)


def own_report(request, pk: int) -> UnitReport:
    """A report of a unit the user writes for; 404 when unknown, 403 when somebody else's."""
    number = row_id(str(pk))
    found = _WRITTEN.rows(number, key=(access_for(request.user),)) if number else []
    report = found[0] if found else visible_report(request, pk)
    entered = report.on_behalf and can_report_on_behalf(request.user, report.unit_id, report.directive)
    if report.unit_id not in own_unit_ids(request) and not entered:
        raise PermissionDenied
    return report


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report_open(request, directive_pk: int, unit_pk: int):
    """ "Báo cáo của đơn vị": the report at hand or a new one."""
    if unit_pk not in request.access.visible_unit_ids:
        get_object_or_404(Unit.objects.none())
    unit = get_object_or_404(Unit, pk=unit_pk)
    directive = get_object_or_404(Directive.objects.visible_to(request.user), pk=directive_pk)
    if unit_pk not in own_unit_ids(request):
        raise PermissionDenied
    home = f"{reverse('tasks:unit_home')}?don-vi={unit.pk}"
    if request.method != "POST":
        return redirect(home)
    if not can_report(request.user, unit.pk, directive):
        messages.warning(request, f"“{directive}” đã kết thúc theo dõi, không báo cáo nữa.")
        return redirect(home)
    try:
        report = open_report(unit, directive, by=request.user, now=clock.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect(home)
    return redirect("tasks:report_edit", report.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report_edit(request, pk: int):
    """The one form: a section per assignment; saved as a draft, then sent."""
    return edit_report(request, own_report(request, pk))


def edit_report(request, report: UnitReport):
    """The form of a report that the request's user writes, wherever it is opened (tasks/reportpages.py)."""
    if not can_edit_report(request.user, report):
        return _no_longer_editable(request, report)
    if request.method == "POST":
        return _save(request, report)
    editor = ReportEditor(report, today=clock.today(), open_section=number_of(request.GET.get("muc", ""), ""))
    return _form_page(request, editor)


def _no_longer_editable(request, report: UnitReport):
    if report.state == ReportState.AWAITING_UNIT_HEAD:
        sentence = "Báo cáo đang chờ lãnh đạo đơn vị duyệt, chưa sửa được."
    elif report.submitted_at:
        sentence = f"Báo cáo đã gửi lúc {vn_datetime(report.submitted_at)}, người gửi: {report.sender}."
    elif can_edit_report(request.user, report):
        sentence = "Báo cáo vừa được gửi đi rồi rút về. Xin mở lại và nhập tiếp."
    else:
        sentence = "Văn bản đã kết thúc theo dõi, báo cáo chỉ còn để xem."
    if _is_autosave(request):
        return JsonResponse({"message": sentence}, status=409)
    messages.info(request, sentence)
    return redirect(pages_of(request).sent_url(report))


def _is_autosave(request) -> bool:
    return request.headers.get("X-Autosave") == "1"


def _save(request, report: UnitReport):
    """Save what is right, then do what was pressed; errors keep everything typed on the page."""
    now, action = clock.now(), request.POST.get("do", "save")
    editor = ReportEditor(report, today=clock.today(), data=request.POST, files=request.FILES)
    valid = editor.is_valid()
    try:
        valid = editor.keep_files(by=request.user, now=now) and valid
    except Refused:
        report.refresh_from_db()
        return _no_longer_editable(request, report)
    data = editor.typed()
    done = answer(editor, data, action, by=request.user, now=now)
    sends = valid and action == "submit" and not _is_autosave(request)
    typed = {"by": request.user, "now": now, "version": editor.version, "sections": editor.sections}
    try:
        if sends:
            as_head = report.unit_id in request.access.head_unit_ids
            handed = keep_and_submit(report, data, **typed, as_head=as_head, files_changed=editor.files_changed)
            if not handed.clashes:
                return _handed(request, editor, handed.refusal)
            clashes = handed.clashes
        else:
            clashes = save_draft(report, data, **typed)
    except DraftConflict as conflict:
        return _conflict(request, editor, conflict)
    except Refused:
        report.refresh_from_db()
        return _no_longer_editable(request, report)
    clashes = editor.settle(clashes, data.sections, by=request.user, now=now) if clashes else []
    if _is_autosave(request):
        return JsonResponse(_saved(editor, clashes, now=now))
    if clashes:
        editor.show_clashes([block for block in editor.posted if block.clash])
        return _form_page(request, editor, status=409, conflict=" ".join(clash.sentence for clash in clashes))
    if not valid:
        editor.refresh()
        return _form_page(request, editor, status=422)
    if sends:
        # What met somebody else's version says the same as that.
        return _submit(request, report, editor)
    if done.sentence:
        (messages.success if done.is_done else messages.warning)(request, done.sentence)
    else:
        messages.success(request, f"Đã lưu nháp lúc {vn_datetime(now)}. Chưa gửi.")
    if action == FIGURES and (fill_url := pages_of(request).figures_fill_url(report)):
        return redirect(fill_url)
    url = pages_of(request).edit_url(report)
    return redirect(f"{url}?muc={done.section}#muc-{done.section}" if done.section else url)


def _saved(editor: ReportEditor, clashes: list[Clash], *, now) -> dict:
    """What a page that saves itself is told: versions, what is to be mended, which parts somebody else saved meanwhile."""
    return {
        "version": editor.report.version,
        "saved": f"{timezone.localtime(now):%H:%M}",
        "problems": len(editor.error_rows()),
        "parts": editor.saved_parts(),
        "clashes": [
            {"part": f"muc{clash.section.pk}" if clash.section else "chung", "message": clash.sentence}
            for clash in clashes
        ],
    }


def _conflict(request, editor: ReportEditor, conflict: DraftConflict):
    if _is_autosave(request):
        return JsonResponse({"message": str(conflict)}, status=409)
    editor.show_conflict()
    return _form_page(request, editor, status=409, conflict=str(conflict))


def _submit(request, report: UnitReport, editor: ReportEditor):
    """Send what has been kept."""
    as_head = report.unit_id in request.access.head_unit_ids
    try:
        submit(report, by=request.user, now=clock.now(), as_head=as_head, sections=editor.sections_as_saved)
    except Refused as refusal:
        return _handed(request, editor, refusal)
    return _handed(request, editor, None)


def _handed(request, editor: ReportEditor, refusal: Refused | None):
    """Say that the report was sent, or why not; what was typed is kept."""
    report = editor.report
    if isinstance(refusal, ReportIncomplete):
        editor.refresh()
        editor.show_problems(refusal.problems)
        return _form_page(request, editor, status=422)
    if refusal is not None:
        messages.warning(request, str(refusal))
    elif report.state == ReportState.AWAITING_UNIT_HEAD:
        messages.success(request, "Đã trình lãnh đạo đơn vị duyệt. Báo cáo chưa gửi Văn phòng.")
    else:
        messages.success(
            request, f"Đã gửi báo cáo đến {report.directive.office} lúc {vn_datetime(report.submitted_at)}."
        )
    return redirect(pages_of(request).sent_url(report))


def _form_page(request, editor: ReportEditor, *, status: int = 200, conflict: str = ""):
    report = editor.report
    to_head = (
        not report.on_behalf and report.unit.needs_head_approval and report.unit_id not in request.access.head_unit_ids
    )
    context = {
        "report": report,
        "pages": pages_of(request),
        "edit_url": pages_of(request).edit_url(report),
        "sent_url": pages_of(request).sent_url(report),
        "editor": editor,
        "form": editor.form,
        "blocks": editor.blocks,
        "errors": editor.error_rows() if editor.is_bound and not conflict else [],
        "conflict": conflict,
        "head_reason": head_reason(report),
        "send_label": "Trình lãnh đạo duyệt" if to_head else "Gửi báo cáo",
        "to_head": to_head,
        "waiting_sections": sum(1 for block in editor.blocks if block.wants_action),
        "presence_url": pages_of(request).presence_url(report),
        "upload_url": pages_of(request).upload_url(report),
        "parts_url": pages_of(request).parts_url(),
        "figures_form_url": pages_of(request).figures_form_url(report)
        if any(block.form.indicators for block in editor.editable)
        else "",
        "upload_most": settings.UPLOAD_MAX_BYTES,
        "upload_limits": f"Chọn được nhiều tệp một lần: {uploads.limits_sentence()}",
        "nav_current": "tasks:unit_reports",
    }
    return render(request, "tasks/unit/report_edit.html", context, status=status)


def head_reason(report: UnitReport) -> str:
    """Why the unit's head sent the report back last, while that still matters; else ""."""
    if not report.is_editable or not report.unit.needs_head_approval:
        return ""
    last = (
        AuditEvent.objects.about(report)
        .filter(
            verb__in=["report.returned_by_head", "report.submitted", "report.to_unit_head", "report.taken_from_head"]
        )
        .first()
    )
    return (last.reason or last.data.get("reason", "")) if last and last.verb == "report.returned_by_head" else ""


@require_safe
@login_required
def report_detail(request, pk: int):
    """What was sent, from the newest round of each section, with decisions and history."""
    report = visible_report(request, pk)
    own = report.unit_id in own_unit_ids(request)
    if report.state == ReportState.DRAFT and can_edit_report(request.user, report):
        return redirect("tasks:report_edit", report.pk)
    is_draft = own and report.state in (ReportState.DRAFT, ReportState.AWAITING_UNIT_HEAD)
    readings = drafted_sections(report) if is_draft else sections_for_reading(report, request.user)
    if not is_draft:
        put_beside(readings, request.access)
        today, calendar = clock.today(), work_calendar()
        for reading in readings:
            reviewer = reviewer_of(reading.section.assignment)
            reading.review = review_words(reading.round, reviewer, today=today, calendar=calendar)
    context = {
        "report": report,
        "readings": readings,
        "own": own,
        "shows_whole": own or shows_whole(report, request.access),
        "is_draft": is_draft,
        "may_edit": can_edit_report(request.user, report),
        "may_sign": can_attach_signed(request.user, report),
        "parts_url": pages_of(request).parts_url(),
        "upload_most": settings.UPLOAD_MAX_BYTES,
        "may_approve": can_approve_as_head(request.user, report),
        "may_recall": can_recall(request.user, report),
        "may_take_back": can_take_from_head(request.user, report),
        "pill": STATE_PILLS[ReportState(report.state)],
        "returned": [r for r in readings if r.section.state == SectionState.RETURNED],
        "waiting": [r for r in readings if r.section.state == SectionState.SUBMITTED],
        "recalled": [r for r in readings if r.section.state == SectionState.RECALLED],
        "nav_current": "tasks:unit_reports",
    }
    return render(request, "tasks/unit/report_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report_head(request, pk: int):
    """The unit's head reads, then lets it go to the office or asks for changes."""
    report = own_report(request, pk)
    if report.unit_id not in request.access.head_unit_ids:
        raise PermissionDenied
    if not can_approve_as_head(request.user, report):
        return _no_longer_editable(request, report) if report.submitted_at else redirect("tasks:report_edit", pk)
    form = HeadReturnForm(request.POST if request.POST.get("do") == "return" else None)
    if request.method == "POST":
        answer = _head_decides(request, report, form)
        if answer is not None:
            return answer
    context = {
        "report": report,
        "readings": [r for r in drafted_sections(report) if not r.section.is_empty or r.files or r.products],
        "form": form,
        "nav_current": "tasks:unit_reports",
    }
    return render(request, "tasks/unit/report_head.html", context, status=422 if form.errors else 200)


def _head_decides(request, report: UnitReport, form: HeadReturnForm):
    """Do what the head pressed; None when the reason is missing."""
    now = clock.now()
    try:
        if request.POST.get("do") == "approve":
            approve_by_head(report, by=request.user, now=now)
            messages.success(request, f"Đã duyệt và gửi {report.directive.office} lúc {vn_datetime(now)}.")
        elif form.is_valid():
            return_by_head(report, by=request.user, now=now, reason=form.cleaned_data["reason"])
            messages.success(request, "Đã đề nghị cán bộ đầu mối sửa báo cáo.")
            return redirect("tasks:unit_home")
        else:
            return None
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect(report)


@require_safe
@login_required
def unit_reports(request):
    """The reports of the person's units and the units below, newest first."""
    if not request.access.works_for_a_unit:
        raise PermissionDenied
    page = Paginator(reports_of_units(request.user), PAGE).get_page(request.GET.get("page"))
    for report in page:
        report.pill = STATE_PILLS[ReportState(report.state)]
        report.is_own = report.unit_id in own_unit_ids(request)
    context = {"page": page, "several_units": len(request.access.visible_unit_ids) > 1}
    return render(request, "tasks/unit/report_list.html", context)
