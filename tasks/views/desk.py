"""The desk: going anywhere by words, and what waits for a review, one after the other."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from directive_tracker import clock
from directive_tracker.row_ids import row_id, row_id_or_404
from directive_tracker.workdays import WorkCalendar
from tasks import permissions, reviewing
from tasks.desk.finding import find
from tasks.desk.queue import last_before, read_queue
from tasks.forms.office import ReturnForm
from tasks.indicators.reading import lines_of
from tasks.models import ProgressReport
from tasks.reportview import put_beside, sections_for_reading
from tasks.views.access import allowed
from tasks.views.decisions import decide_section, make_decidable, marks_of
from units.calendar import work_calendar

AT_ONCE = 100


@require_safe
@login_required
def go(request: HttpRequest) -> HttpResponse:
    """Tìm: to any unit, document, task, part of the work or page; a part of the page while somebody types."""
    words = request.GET.get("q", "")[:100].strip()
    context = {"words": words, "groups": find(request.user, words)}
    return render(request, f"tasks/desk/go.html{'#found' if request.htmx else ''}", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def review_queue(request: HttpRequest) -> HttpResponse:
    """Chờ xem xét: what waits for this person, oldest first; read, answer, go on without leaving the page."""
    allowed(request.access.sees_all_assignments or request.access.works_for_a_unit)
    if request.method == "POST":
        if request.POST.get("decision") == "accept_chosen":
            return _accept_chosen(request)
        section = _visible(request, request.POST.get("section", ""))
        allowed(permissions.can_review(request.user, section.assignment))
        form = decide_section(request, section)
        if form is None:
            return _go_on(request, section)
        return _page(request, section, form, status=422)
    wanted = request.GET.get("muc", "")
    return _page(request, _visible(request, wanted) if wanted else None, None)


def _visible(request: HttpRequest, text: str) -> ProgressReport:
    """The sent section of that number. Errors: Http404 for anything the person may not know of."""
    sections = (
        ProgressReport.objects.visible_to(request.user)
        .exclude(state="draft")
        .select_related(
            "assignment__task", "assignment__unit", "assignment__directive", "assignment__parent", "unit_report"
        )
    )
    return get_object_or_404(sections, pk=row_id_or_404(text))


def _go_on(request: HttpRequest, section: ProgressReport | None = None) -> HttpResponseRedirect:
    """To what comes after the section that was answered, in the same page and search; back to one that still waits,
    because what the page showed of it was out of date."""
    kept = {name: request.GET[name] for name in ("q", "page") if request.GET.get(name)}
    after = row_id(request.POST.get("after"))
    if section and ProgressReport.objects.visible_to(request.user).waiting().filter(pk=section.pk).exists():
        kept["muc"] = str(section.pk)
    elif after is not None:
        kept["muc"] = str(after)
    return HttpResponseRedirect(f"{reverse('tasks:review_queue')}{'?' if kept else ''}{urlencode(kept)}")


def _accept_chosen(request: HttpRequest) -> HttpResponse:
    """Accept the ticked rows, each by its own right; what cannot be accepted is told by name."""
    chosen = marks_of(request.POST.getlist("chon"))
    if not chosen:
        messages.warning(request, "Chưa chọn mục nào. Xin đánh dấu các mục cần chấp nhận.")
        return redirect(request.get_full_path())
    sections = (
        ProgressReport.objects.visible_to(request.user)
        .exclude(state="draft")
        .filter(pk__in=list(chosen)[:AT_ONCE])
        .select_related(
            "assignment__task", "assignment__unit", "assignment__directive", "assignment__parent", "unit_report"
        )
    )
    mine, told = [], []
    for section in sections:
        if not permissions.can_review(request.user, section.assignment):
            told.append((section, "mục này không do anh/chị xem xét."))
        else:
            mine.append(section)
    accepted, refused = reviewing.accept_each(mine, by=request.user, now=clock.now(), seen=chosen)
    if accepted:
        messages.success(request, f"Đã chấp nhận {len(accepted)} mục.")
    for section, why in told + refused:
        messages.warning(
            request,
            f"Chưa chấp nhận mục {section.assignment.task.code} của {section.assignment.unit.short_name}: {why}",
        )
    if not sections:
        messages.warning(request, "Các mục đã chọn không còn chờ xem xét. Xin xem lại.")
    return _go_on(request)


def _page(
    request: HttpRequest, section: ProgressReport | None, form: ReturnForm | None, *, status: int = 200
) -> HttpResponse:
    today, words = clock.today(), request.GET.get("q", "")[:100]
    calendar = work_calendar()
    queue = read_queue(
        request.user,
        words,
        request.GET.get("page"),
        section.pk if section else None,
        today=today,
        calendar=calendar,
    )
    if section is None and queue.lines:
        section = queue.lines[0].section
    context = {
        "queue": queue,
        "page": queue.page,
        "words": words,
        "kept": {name: request.GET[name] for name in ("q", "page") if request.GET.get(name)},
        **(_reading(request, section, form, calendar=calendar) if section is not None else {}),
    }
    return render(request, "tasks/desk/queue.html", context, status=status)


def _reading(request: HttpRequest, section: ProgressReport, form: ReturnForm | None, *, calendar: WorkCalendar) -> dict:
    """The section with what the unit said the time before."""
    readings = sections_for_reading(section.unit_report, request.user, only=section.pk)
    put_beside(readings, request.access)
    make_decidable(request.user, readings, form=form, failed=section.pk if form else None, calendar=calendar)
    item = readings[0] if readings else None
    last = last_before(item.round, request.user) if item else None
    return {
        "item": item,
        "form": form,
        "last": last,
        "last_indicators": lines_of(item.section.assignment.task.indicators.all(), last.content) if last else [],
    }
