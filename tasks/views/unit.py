"""A unit's own pages: its work, taking note of it, giving it back, asking for time, contributions."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from directive_tracker import clock
from directive_tracker.context import REVIEWS
from directive_tracker.row_ids import row_id
from directive_tracker.vietnamese import vn_date
from tasks import unit_work
from tasks.asking.service import say_not_ours
from tasks.chasing.section import questions_of
from tasks.enums import AssignmentState, ReportState, RoundDecision, SectionState
from tasks.errors import Refused, TransitionNotAllowed
from tasks.events import section as events_section
from tasks.extensions import PAST_DUE, is_past_due, permit_at_hand, request_extension
from tasks.forms.unit import ACCEPT, ContributionForm, ExtensionForm, GiveBackForm
from tasks.handing.parts import first_parts, page_of_parts
from tasks.handing.releasing import received_by
from tasks.lifecycle import acknowledge as acknowledge_work
from tasks.lifecycle import acknowledge_all as acknowledge_all_work
from tasks.models import Assignment, DirectiveTask, ProgressReport, UnitReport
from tasks.paging import PAGE_SIZE
from tasks.permissions import can_acknowledge, can_decide_section, can_give_back, can_request_extension, can_review
from tasks.querysets import reviewed_by
from tasks.ranking.reading import rankings_open_for
from tasks.reportview import sections_for_reading
from tasks.reviewing import accept_section, return_section
from tasks.unit_reading import chosen_unit
from tasks.views.reports import own_unit_ids
from units.models import Unit

# The name of the page of all works that others do something for, beside the groups of the own work.
OTHERS = "phoi-hop"
# And of all documents to report on.
TO_WRITE = "viet-bao-cao"


def home_of(unit_id: int, **query) -> str:
    """The address of the unit's own page."""
    return f"{reverse('tasks:unit_home')}?{urlencode({'don-vi': unit_id, **query})}"


@require_safe
@login_required
def unit_home(request):
    """ "Việc của đơn vị": what to do first, then everything in groups."""
    if not request.access.works_for_a_unit:
        raise PermissionDenied
    today = clock.today()
    own_ids = own_unit_ids(request)
    units = list(Unit.objects.filter(pk__in=own_ids).in_official_order())
    unit = chosen_unit(request.GET.get("don-vi", ""), units, request.access)
    own = unit.pk in own_ids
    context = {"unit": unit, "units": units, "own": own, "nav_current": "tasks:unit_home"}
    wanted = request.GET.get("nhom", "")
    if wanted == OTHERS and own:
        return _others_page(request, context)
    if wanted == TO_WRITE and own:
        return _to_write_page(request, context, today=today)
    if wanted in unit_work.HEADINGS:
        return _group_page(request, context, wanted, today=today)
    groups = unit_work.groups_of(request.user, unit, today=today)
    parts = first_parts(request.user, unit) if own else None
    if parts is not None:
        _note_reviews(request, bool(parts.works))
    to_write = unit_work.reports_to_write(unit, today=today) if own else []
    context |= {
        "groups": groups,
        "questions": questions_of([row.assignment for group in groups for row in group.rows], today=today)
        if own
        else None,
        "to_write": to_write[: unit_work.FIRST_TO_WRITE],
        "to_write_count": len(to_write),
        "sentence": unit_work.sentence_of(request.user, unit, groups, to_write, today=today),
        "rankings": rankings_open_for(request.user, unit.pk, today=today) if own else [],
        "for_head": _reports_for_head(request, unit),
        "parts": parts,
        "received": received_by(request.user, unit) if own else [],
        "dated": events_section.of_unit(unit, request.user, own=own, today=today),
        "asked": unit_work.asked_by(request.user, unit),
        "below": Unit.objects.filter(parent=unit, pk__in=request.access.visible_unit_ids).in_official_order(),
    }
    return render(request, "tasks/unit/home.html", context)


def _note_reviews(request, helped: bool) -> None:
    """Keep in the session whether the person may review something: what others do for the unit's work, or the lead work
    of tasks whose reviewing unit it is. The menu leads to the queue then."""
    reviews = helped or reviewed_by(DirectiveTask.objects.visible_to(request.user), own_unit_ids(request)).exists()
    if reviews != request.session.get(REVIEWS, False):
        request.session[REVIEWS] = reviews


def _reports_for_head(request, unit: Unit) -> list[UnitReport]:
    if unit.pk not in request.access.head_unit_ids:
        return []
    return list(
        UnitReport.objects.filter(unit=unit, state=ReportState.AWAITING_UNIT_HEAD)
        .select_related("directive", "period", "saved_by")
        .order_by("pk")
    )


def _group_page(request, context: dict, key: str, *, today):
    """All of one group, 50 a page."""
    assignments = unit_work.group_assignments(request.user, context["unit"], key, today=today)
    page = Paginator(assignments, unit_work.GROUP_ROWS).get_page(request.GET.get("page"))
    rows = unit_work.rows_of(list(page), today=today)
    group = unit_work.Group(key, unit_work.HEADINGS[key], page.paginator.count, rows)
    context |= {"group": group, "page": page, "home_url": home_of(context["unit"].pk)}
    return render(request, "tasks/unit/group.html", context)


def _others_page(request, context: dict):
    """All works that others do something for, a page at a time."""
    page, works = page_of_parts(request.user, context["unit"], request.GET.get("page"))
    context |= {"page": page, "works": works, "home_url": home_of(context["unit"].pk)}
    return render(request, "tasks/unit/others.html", context)


def _to_write_page(request, context: dict, *, today):
    """All documents the unit reports on, a page at a time."""
    to_write = unit_work.reports_to_write(context["unit"], today=today)
    page = Paginator(to_write, PAGE_SIZE).get_page(request.GET.get("page"))
    context |= {"page": page, "to_write": page.object_list, "home_url": home_of(context["unit"].pk)}
    return render(request, "tasks/unit/to_write.html", context)


def own_assignment(request, pk: int) -> Assignment:
    """An assignment of a unit the user works for; 404 when unknown, 403 when somebody else's."""
    assignment = get_object_or_404(
        Assignment.objects.visible_to(request.user).select_related(
            "task", "unit", "directive", "acknowledged_by", "parent__unit"
        ),
        pk=pk,
    )
    if assignment.unit_id not in own_unit_ids(request):
        raise PermissionDenied
    return assignment


def _name(assignment: Assignment) -> str:
    return f"Việc {assignment.task.code}"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def acknowledge(request, pk: int):
    """ "Tiếp nhận"; pressed twice it says what is already so."""
    assignment = own_assignment(request, pk)
    home = home_of(assignment.unit_id)
    if request.method != "POST":
        return redirect(home)
    if can_acknowledge(request.user, assignment):
        try:
            acknowledge_work(assignment, by=request.user, now=clock.now())
            messages.success(request, f"Đã tiếp nhận việc {assignment.task.code}.")
        except TransitionNotAllowed as refusal:
            messages.warning(request, str(refusal))
    elif assignment.is_acknowledged:
        messages.info(
            request,
            f"{_name(assignment)} đã được {assignment.acknowledged_by} tiếp nhận ngày "
            f"{vn_date(assignment.acknowledged_on)}.",
        )
    else:
        messages.info(request, f"{_name(assignment)} đang ở trạng thái “{assignment.get_state_display()}”.")
    return redirect(home)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def acknowledge_all(request):
    """ "Tiếp nhận tất cả": every new piece of work of the unit."""
    unit_id = row_id(request.POST.get("don-vi"))
    if unit_id is None:
        return redirect("tasks:unit_home")
    if unit_id not in request.access.visible_unit_ids:
        raise Http404("Không có đơn vị này.")
    if unit_id not in own_unit_ids(request):
        raise PermissionDenied
    unit = get_object_or_404(Unit, pk=unit_id)
    new = unit_work.work_of(request.user, unit).filter(state=AssignmentState.ASSIGNED)
    ordered = new.select_related("task", "unit", "directive").order_by("pk")
    taken = acknowledge_all_work(ordered, by=request.user, now=clock.now())
    if taken:
        messages.success(request, f"Đã tiếp nhận {taken} việc.")
    else:
        messages.info(request, "Không còn việc nào chờ tiếp nhận.")
    return redirect(home_of(unit_id))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def give_back(request, pk: int):
    """ "Không phải việc của chúng tôi": a reason, and the office answers."""
    assignment = own_assignment(request, pk)
    if not can_give_back(request.user, assignment):
        messages.info(
            request,
            f"{_name(assignment)} đang ở trạng thái “{assignment.get_state_display()}”, "
            "chỉ việc chưa tiếp nhận mới trả lại được.",
        )
        return redirect(home_of(assignment.unit_id))
    form = GiveBackForm(request.POST or None, today=clock.today())
    if request.method == "POST" and form.is_valid():
        try:
            say_not_ours(
                assignment,
                by=request.user,
                now=clock.now(),
                reason=form.cleaned_data["reason"],
                named_unit=form.cleaned_data["named_unit"],
            )
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, f"Đã trả lại việc {assignment.task.code}; {assignment.decider_words} sẽ trả lời.")
        return redirect(home_of(assignment.unit_id))
    context = {"assignment": assignment, "form": form, "home_url": home_of(assignment.unit_id)}
    return render(request, "tasks/unit/give_back.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def extension_request(request, pk: int):
    """Ask for more time on one assignment: a date, a reason, the rules in sentences."""
    assignment = own_assignment(request, pk)
    requests = list(assignment.extension_requests.select_related("requested_by", "decided_by"))
    pending = next((item for item in requests if item.state == "pending"), None)
    may_ask = can_request_extension(request.user, assignment)
    form = ExtensionForm(request.POST or None, assignment=assignment, today=clock.today())
    if request.method == "POST":
        if pending or not may_ask:
            messages.info(
                request, "Phần việc đã có một đề nghị đang chờ quyết định." if pending else _why_not(assignment)
            )
            return redirect("tasks:extension_request", pk)
        if form.is_valid():
            answer = _ask(request, assignment, form)
            if answer is not None:
                return answer
    context = {
        "assignment": assignment,
        "form": form,
        "pending": pending,
        "requests": requests,
        "why_not": _why_no_time(assignment) if may_ask else _why_not(assignment),
        "home_url": home_of(assignment.unit_id),
    }
    return render(request, "tasks/unit/extension.html", context, status=422 if form.errors else 200)


def _why_no_time(assignment: Assignment) -> str:
    """Past the due day the office's permit is needed; "" where one may ask."""
    today = clock.today()
    if is_past_due(assignment, today=today) and permit_at_hand(assignment, today=today) is None:
        return PAST_DUE
    return ""


def _why_not(assignment: Assignment) -> str:
    if assignment.due_current is None:
        return "Phần việc không có thời hạn, không cần xin gia hạn."
    return f"Phần việc đang ở trạng thái “{assignment.get_state_display()}”, không xin gia hạn được."


def _ask(request, assignment: Assignment, form: ExtensionForm):
    """Ask; None where something is to be mended."""
    cleaned = form.cleaned_data
    try:
        request_extension(
            assignment, by=request.user, now=clock.now(), new_due=cleaned["new_due"], reason=cleaned["reason"]
        )
        messages.success(
            request,
            f"Đã gửi đề nghị gia hạn việc {assignment.task.code} đến {vn_date(cleaned['new_due'])}. "
            f"Hạn chỉ đổi khi {assignment.decider_words} đồng ý.",
        )
    except Refused as refusal:
        form.add_error("new_due", str(refusal))
        return None
    return redirect(home_of(assignment.unit_id))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def contribution_review(request, pk: int):
    """The lead reads what a coordinating unit contributed, then accepts or returns it."""
    section = get_object_or_404(
        ProgressReport.objects.visible_to(request.user)
        .exclude(state=SectionState.DRAFT)
        .select_related("assignment__task", "assignment__unit", "assignment__directive", "unit_report"),
        pk=pk,
    )
    if not can_review(request.user, section.assignment):
        raise PermissionDenied
    may_decide = can_decide_section(request.user, section)
    form = ContributionForm(request.POST if request.POST.get("do") == "return" else None)
    if request.method == "POST":
        answer = _decide(request, section, form, may_decide=may_decide)
        if answer is not None:
            return answer
    reading = next(r for r in sections_for_reading(section.unit_report, request.user) if r.section.pk == section.pk)
    context = {
        "section": section,
        "reading": reading,
        "may_decide": may_decide,
        "form": form,
        "nav_current": "tasks:unit_home",
    }
    return render(request, "tasks/unit/contribution.html", context, status=422 if form.errors else 200)


def _decide(request, section: ProgressReport, form: ContributionForm, *, may_decide: bool):
    """Do what was pressed; None when the reason is missing."""
    unit = section.assignment.unit
    if not may_decide:
        newest = section.rounds.order_by("-number").select_related("decided_by").first()
        decided = RoundDecision(newest.decision).label.lower()
        messages.info(request, f"{newest.decided_by} đã xem xét phần góp này: {decided}.")
        return redirect("tasks:contribution_review", section.pk)
    try:
        if request.POST.get("do") == ACCEPT:
            accept_section(section, by=request.user, now=clock.now())
            messages.success(request, f"Đã chấp nhận phần góp của {unit} cho việc {section.assignment.task.code}.")
        elif form.is_valid():
            return_section(section, by=request.user, now=clock.now(), reason=form.cleaned_data["reason"])
            messages.success(request, f"Đã trả lại phần góp để {unit} bổ sung.")
        else:
            return None
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("tasks:contribution_review", section.pk)
    return redirect("tasks:unit_home")
