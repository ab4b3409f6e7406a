"""What the office decides: sections of reports, extensions, conditions."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from directive_tracker import clock
from directive_tracker.row_ids import row_id, row_id_or_404
from directive_tracker.vietnamese import vn_datetime
from directive_tracker.workdays import WorkCalendar
from tasks import lifecycle, permissions, reviewing
from tasks.enums import SectionState
from tasks.errors import Refused
from tasks.extensions import decide_extension, what_became
from tasks.forms.office import ConditionForm, ConditionSettingForm, ExtensionDecisionForm, ReturnForm
from tasks.models import DirectiveTask, ExtensionRequest, ProgressReport, ReportRound, UnitReport
from tasks.reportview import SectionReading, put_beside, sections_for_reading, shows_whole
from tasks.rounds.places import places_of
from tasks.rounds.review_time import reviewer_of
from tasks.rounds.review_time import words as review_words
from tasks.rounds.settling import current_round
from tasks.timeliness import timeliness_kind, timeliness_words
from tasks.views.access import allowed, office_required
from units.calendar import work_calendar

NOT_READ = "Trang vừa bấm không cho biết đang hiện lần gửi nào. Xin đọc lại nội dung dưới đây rồi quyết định."


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a report section by section; accept the whole, or accept and return single sections."""
    report = get_object_or_404(
        UnitReport.objects.visible_to(request.user)
        .exclude(state__in=["draft", "awaiting_unit_head"])
        .select_related("unit", "directive", "period", "submitted_by"),
        pk=pk,
    )
    allowed(request.access.sees_all_assignments or request.access.works_for_a_unit)
    form, failed = None, None
    if request.method == "POST":
        if request.POST.get("decision") == "accept_all":
            return _accept_all(request, report)
        section = get_object_or_404(
            report.sections.visible_to(request.user).select_related(
                "assignment__task", "assignment__unit", "assignment__directive", "unit_report"
            ),
            pk=row_id_or_404(request.POST.get("section", "")),
        )
        allowed(permissions.can_review(request.user, section.assignment))
        form = decide_section(request, section)
        if form is None:
            return redirect(f"{report.get_review_url()}#muc-{section.pk}")
        failed = section.pk
    return render(
        request,
        "tasks/office/report_review.html",
        {**_review_context(request, report, form, failed), "form": form},
        status=422 if failed else 200,
    )


def _accept_all(request: HttpRequest, report: UnitReport) -> HttpResponse:
    """Accept what waits for this person and stood on the page; a contribution stays with the lead it is for."""
    sections = list(
        report.sections.visible_to(request.user)
        .exclude(state=SectionState.DRAFT)
        .select_related("assignment__task", "assignment__unit", "assignment__directive", "unit_report")
    )
    waiting = [section for section in sections if section.state == SectionState.SUBMITTED]
    mine = [section for section in waiting if permissions.can_review(request.user, section.assignment)]
    allowed(bool(mine) or not waiting)
    seen = marks_of(request.POST.getlist("seen"))
    read = [section for section in mine if section.pk in seen]  # what came in after the page was opened has not been
    try:
        accepted = reviewing.accept_sections(read, by=request.user, now=clock.now(), seen=seen)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(report.get_review_url())
    if accepted:
        messages.success(request, f"Đã chấp nhận {accepted} mục.")
    elif mine:
        messages.warning(request, NOT_READ)
    else:
        messages.success(request, "Không còn mục nào chờ xem xét.")
    for section in sections:
        if section.pk in seen and section not in waiting:
            messages.warning(request, f"Mục {section.assignment.task.code}: {reviewing.what_became_of(section)}")
    return redirect(report.get_review_url())


def marks_of(texts: list[str]) -> dict[int, int]:
    """Section id → number of its sending that stood on the page, out of "12-2"; what cannot be read is left out."""
    pairs = [[row_id(part) for part in text.split("-")] for text in texts]
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2 and None not in pair}


def decide_section(request: HttpRequest, section: ProgressReport) -> ReturnForm | None:
    """Accept or return; the bound form when something must be mended, None when done.

    A page that does not say which sending stood on it decides nothing: nobody knows what was read.
    """
    code = section.assignment.task.code
    seen = marks_of(request.POST.getlist("seen")).get(section.pk)
    if request.POST.get("decision") == "accept":
        try:
            if seen is None:
                raise Refused(NOT_READ)
            reviewing.accept_section(section, by=request.user, now=clock.now(), seen=seen)
        except Refused as refusal:
            messages.error(request, f"Mục {code}: {refusal}")
        else:
            messages.success(request, f"Đã chấp nhận mục {code}.")
        return None
    form = ReturnForm(request.POST, prefix=f"s{section.pk}", places=places_of(section, _round_on_page(section, seen)))
    if not form.is_valid():
        return form
    try:
        if seen is None:
            raise Refused(NOT_READ)
        reviewing.return_section(
            section,
            by=request.user,
            now=clock.now(),
            reason=form.cleaned_data["reason"],
            fields=tuple(form.cleaned_data["fields_to_mend"]),
            field_reasons=form.field_reasons,
            seen=seen,
            without_content=form.cleaned_data["without_content"],
        )
    except Refused as refusal:
        form.add_error(None, f"Mục {code}: {refusal}")
        return form
    messages.success(request, f"Đã trả lại mục {code} để đơn vị bổ sung.")
    return None


def _round_on_page(section: ProgressReport, seen: int | None) -> ReportRound | None:
    """The sending that stood on the page, whose places were offered there; else the newest."""
    return section.rounds.filter(number=seen).first() or current_round(section)


def make_decidable(
    user, sections: list[SectionReading], *, form: ReturnForm | None, failed: int | None, calendar: WorkCalendar
) -> None:
    """Say of each section how it stands and whether this person answers it, with the form to return it.

    Args:
        form, failed: what was typed to return the section with that pk and must be mended.
    """
    today = clock.today()
    for item in sections:
        section = item.section
        item.may_decide = permissions.can_decide_section(user, section)
        item.timeliness = timeliness_words(section.assignment, today=today)
        item.time_kind = timeliness_kind(section.assignment, today=today)
        item.review = review_words(item.round, reviewer_of(section.assignment), today=today, calendar=calendar)
        if section.pk == failed:
            item.form = form
        elif item.may_decide:
            item.form = ReturnForm(prefix=f"s{section.pk}", places=places_of(section, item.round))


def _review_context(request, report, form, failed) -> dict:
    sections = sections_for_reading(report, request.user)
    put_beside(sections, request.access)
    make_decidable(request.user, sections, form=form, failed=failed, calendar=work_calendar())
    return {
        "report": report,
        "shows_whole": shows_whole(report, request.access),
        "back_url": reverse("tasks:today" if request.access.is_office else "home"),
        "back_label": "Hôm nay" if request.access.is_office else "Trang đầu",
        "sections": sections,
        "waiting": sum(1 for item in sections if item.may_decide),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def extension_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a request for more time: the office; about the office's own work, whoever reviews it; about a part that
    was handed on, the unit that handed it on."""
    about_parts = ExtensionRequest.objects.visible_to(request.user).filter(pk=pk, assignment__role="part")
    allowed(request.access.sees_all_assignments or about_parts.exists())
    extension = get_object_or_404(
        ExtensionRequest.objects.visible_to(request.user).select_related(
            "assignment__task",
            "assignment__unit",
            "assignment__directive",
            "assignment__parent__unit",
            "requested_by",
            "decided_by",
        ),
        pk=pk,
    )
    if extension.state != "pending":
        messages.info(request, what_became(extension))
        return redirect(extension.assignment)
    allowed(permissions.can_decide_extension(request.user, extension))
    form = ExtensionDecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            decide_extension(
                extension,
                by=request.user,
                now=clock.now(),
                approve=form.cleaned_data["decision"] == "approve",
                granted_due=form.cleaned_data["granted_due"],
                reason=form.cleaned_data["reason"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Đã ghi quyết định và báo cho đơn vị.")
            return redirect("tasks:today" if request.access.is_office else extension.assignment)
    return render(
        request,
        "tasks/office/extension_decide.html",
        {
            "extension": extension,
            "form": form,
            "earlier": extension.assignment.extension_requests.exclude(pk=extension.pk).count(),
        },
        status=422 if request.method == "POST" else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def condition_set(request: HttpRequest, pk: int) -> HttpResponse:
    """Until when a task's condition is to be decided, and by whom."""
    tasks = DirectiveTask.objects.visible_to(request.user).select_related("directive", "condition_decider")
    task = get_object_or_404(tasks, pk=pk)
    allowed(permissions.can_set_condition(request.user, task))
    form = ConditionSettingForm(request.POST or None, today=clock.today(), task=task)
    if request.method == "POST" and form.is_valid():
        try:
            changed = lifecycle.set_condition(task, **form.cleaned_data, by=request.user, now=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Đã lưu ngày và bên quyết định." if changed else "Không có gì thay đổi.")
            return redirect(task)
    return render(
        request,
        "tasks/office/condition_set.html",
        {"task": task, "form": form, "nav_current": "tasks:directive_list"},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def condition_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer "nếu …": the task applies or not, and on what ground."""
    allowed(request.access.sees_all_assignments)
    task = get_object_or_404(
        DirectiveTask.objects.visible_to(request.user).select_related(
            "directive", "condition_decider", "condition_decided_by"
        ),
        pk=pk,
    )
    if task.condition_state in ("applies", "not_applies"):
        messages.info(
            request,
            f"{task.condition_decided_by} đã ghi quyết định lúc {vn_datetime(task.condition_decided_at)}: "
            f"{task.get_condition_state_display()}.",
        )
        return redirect(task)
    allowed(permissions.can_decide_condition(request.user, task))
    chosen = request.GET.get("chon")
    initial = {"applies": chosen} if chosen in ("yes", "no") else None
    form = ConditionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            lifecycle.decide_condition(
                task,
                applies=form.cleaned_data["applies"] == "yes",
                by=request.user,
                now=clock.now(),
                reason=form.cleaned_data["reason"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Đã ghi quyết định.")
            return redirect("tasks:today" if request.access.is_office else task)
    return render(
        request,
        "tasks/office/condition_decide.html",
        {"task": task, "form": form},
        status=422 if request.method == "POST" else 200,
    )
