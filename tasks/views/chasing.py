"""Chasing: the list of late work, nudges of many units, calls, what units say of a delay, letters for signature."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from directive_tracker import clock
from directive_tracker.row_ids import row_id_or_404
from tasks.chasing.letters import MOST_UNITS, groups_of, letter_work, mark_sent, usual_head, write_letters
from tasks.chasing.listing import FILTERS, chaseable, late_work, narrowed
from tasks.chasing.notes import CALL, NOTHING, explain_delay, note_call, said_about
from tasks.chasing.nudging import MOST, NudgePlan, nudge_together, plan_nudges, zalo_text
from tasks.errors import Refused
from tasks.forms.chasing import CallNoteForm, DelayForm, LetterForm, LetterSentForm, NudgeManyForm
from tasks.models import Assignment, CallNote, ChaseLetter
from tasks.models.chasing import with_days
from tasks.permissions import can_chase, can_explain_delay, can_mark_sent, can_note_call
from tasks.timeliness import days_overdue
from tasks.views.access import allowed, office_required
from tasks.views.reports import own_unit_ids
from units.calendar import work_calendar
from units.models import Unit
from units.people import contacts_of

PAGE_SIZE = 25
REPORT_WITHIN = 3  # working days, as the day a letter proposes


@require_safe
@login_required
def chase_list(request: HttpRequest) -> HttpResponse:
    """Late work with what was said about it; choose, then nudge or write a letter."""
    allowed(can_chase(request.user))
    today = clock.today()
    chosen = request.GET.get("loc", "")
    page = Paginator(late_work(request.user, request.GET, today=today), PAGE_SIZE).get_page(request.GET.get("page"))
    kept = {name: request.GET[name] for name in ("van-ban", "don-vi") if request.GET.get(name)}
    context = {
        "page": page,
        "rows": _rows(list(page.object_list), today=today),
        "filters": [
            {"url": f"?{urlencode({**kept, 'loc': key} if key else kept)}", "words": words, "current": key == chosen}
            for key, words in FILTERS
        ],
        "all_url": f"{reverse('tasks:nudge_preview')}?{urlencode({**kept, 'tat-ca': 1})}",
    }
    return render(request, "tasks/chasing/list.html", context)


def _rows(assignments: list[Assignment], *, today: date) -> list[dict[str, Any]]:
    """The lines of the list (two statements for what was said and whom to call)."""
    said = said_about([assignment.pk for assignment in assignments])
    contacts = contacts_of({assignment.unit_id for assignment in assignments}, today=today)
    return [
        {
            "assignment": assignment,
            "days_late": days_overdue(assignment, today=today),
            "said": (answer := said.get(assignment.pk, NOTHING)),
            "promise": answer.promise(today=today),
            "is_broken": answer.is_broken(today=today),
            "stale": answer.delay is not None and answer.asks_again(today=today),
            "contact": contacts.get(assignment.unit_id),
        }
        for assignment in assignments
    ]


# --- nudges of one or many units --------------------------------------------------------------------


def _chosen(request: HttpRequest, pks: Iterable[str]) -> QuerySet:
    """The assignments with these pks. Errors: Http404 when the person may not know of one of them."""
    wanted = {row_id_or_404(pk) for pk in pks}
    if len(wanted) > MOST:
        raise Http404("Quá nhiều việc trong một địa chỉ.")
    found = Assignment.objects.visible_to(request.user).filter(pk__in=wanted)
    if len(set(found.order_by().values_list("pk", flat=True))) != len(wanted):
        raise Http404("Không có phần việc này.")
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def nudge_preview(request: HttpRequest) -> HttpResponse:
    """Who will be told what, who is left out and why; one POST sends it."""
    allowed(can_chase(request.user))
    now, today = clock.now(), clock.today()
    posted = request.method == "POST"
    pks = (request.POST if posted else request.GET).getlist("viec")
    if pks:
        assignments = _chosen(request, pks)
    elif not posted and (request.GET.keys() & {"tat-ca", "don-vi", "van-ban"}):
        assignments = narrowed(request.user, request.GET, chaseable(request.user, today=today))
        if (count := assignments.count()) > MOST:
            messages.warning(request, f"Có {count} việc quá hạn; mỗi lần đôn đốc nhiều nhất {MOST} việc, xin chọn bớt.")
            return redirect("tasks:chase_list")
    else:
        messages.info(request, "Hãy chọn ít nhất một việc để đôn đốc.")
        return redirect("tasks:chase_list")
    form = NudgeManyForm(request.POST if posted else None)
    if posted and form.is_valid():
        try:
            plan = nudge_together(assignments, by=request.user, now=now, message=form.cleaned_data["message"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _told(request, plan)
    plan = plan_nudges(assignments, user=request.user, now=now)
    calendar = work_calendar()
    context = {
        "plan": plan,
        "form": form,
        "recipients": [
            {
                "recipient": recipient,
                "zalo": zalo_text(
                    recipient.unit,
                    recipient.assignments,
                    sender=_sender(request, recipient.assignments[0]),
                    today=today,
                    calendar=calendar,
                ),
            }
            for recipient in plan.recipients
        ],
    }
    return render(request, "tasks/chasing/preview.html", context, status=422 if posted else 200)


def _sender(request: HttpRequest, assignment: Assignment) -> str:
    """In whose name a text for a group speaks."""
    return assignment.directive.office.name if request.access.is_office else request.access.unit_name


def _told(request: HttpRequest, plan: NudgePlan) -> HttpResponse:
    """Say what was done, then back to where one came from."""
    works, units = plan.assignments, len(plan.recipients)
    messages.success(request, f"Đã đôn đốc {units} đơn vị, {len(works)} việc; {plan.people} người nhận được.")
    for left_out in plan.left_out[:3]:
        messages.info(request, f"Không đôn đốc {left_out.assignment}: {left_out.why}.")
    if len(plan.left_out) > 3:
        messages.info(request, f"Và {len(plan.left_out) - 3} việc khác không đôn đốc.")
    return redirect(works[0]) if len(works) == 1 else redirect("tasks:chase_list")


# --- calls ------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def call_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a call; with ?sua= the same call once more, as it should have been written."""
    assignment = get_object_or_404(
        Assignment.objects.visible_to(request.user).select_related("task", "unit", "directive"), pk=pk
    )
    allowed(can_note_call(request.user, assignment))
    corrects = None
    if wanted := request.GET.get("sua", ""):
        corrects = get_object_or_404(
            CallNote.objects.visible_to(request.user).filter(assignment=assignment, corrected_by__isnull=True),
            pk=row_id_or_404(wanted),
        )
    names = ("spoke_with", "called_on", "said", "promised_until")
    initial = {name: getattr(corrects, name) for name in names} if corrects else None
    form = CallNoteForm(request.POST or None, today=clock.today(), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            note_call(assignment, by=request.user, now=clock.now(), corrects=corrects, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Đã ghi cuộc gọi.")
            return redirect(assignment)
    said = said_about([assignment.pk]).get(assignment.pk, NOTHING)
    context = {
        "assignment": assignment,
        "form": form,
        "corrects": corrects,
        "calls": [note for note in said.notes if note.kind == CALL],
        "contact": contacts_of([assignment.unit_id], today=clock.today()).get(assignment.unit_id),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "tasks/chasing/call_note.html", context, status=status)


# --- what a unit says of a delay --------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def delay_note(request: HttpRequest, pk: int) -> HttpResponse:
    """The unit says why its work is late and when it expects to be done."""
    assignment = get_object_or_404(
        Assignment.objects.visible_to(request.user).select_related("task", "unit", "directive"), pk=pk
    )
    if assignment.unit_id not in own_unit_ids(request):
        raise PermissionDenied
    today = clock.today()
    if not can_explain_delay(request.user, assignment, today=today):
        messages.info(request, f"Việc {assignment.task.code} không quá hạn ở đơn vị, không cần nêu lý do.")
        return redirect(assignment)
    form = DelayForm(request.POST or None, assignment=assignment, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            explain_delay(assignment, by=request.user, now=clock.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Đã ghi lý do chậm và ngày dự kiến xong của việc {assignment.task.code}.")
            if request.POST.get("ve") == "viec":
                return redirect(assignment)
            return redirect(f"{reverse('tasks:unit_home')}?don-vi={assignment.unit_id}")
    context = {
        "assignment": assignment,
        "form": form,
        "said": said_about([assignment.pk]).get(assignment.pk, NOTHING),
        "home_url": f"{reverse('tasks:unit_home')}?don-vi={assignment.unit_id}",
        "back_to": request.POST.get("ve", ""),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "tasks/chasing/delay_note.html", context, status=status)


# --- letters ----------------------------------------------------------------------------------------


@require_safe
@office_required
def chase_letters(request: HttpRequest) -> HttpResponse:
    """The letters made so far, newest first."""
    letters = ChaseLetter.objects.visible_to(request.user).select_related("unit", "made_by", "file").order_by("-pk")
    page = Paginator(letters, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "tasks/chasing/letters.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def chase_letter_new(request: HttpRequest) -> HttpResponse:
    """Choose the units, see what their letters will list, make them."""
    now, today = clock.now(), clock.today()
    posted = request.method == "POST"
    work = letter_work(request.user, today=today)
    first = work.first()
    if first is None:
        messages.info(request, "Không có đơn vị nào có việc quá hạn để soạn công văn.")
        return redirect("tasks:chase_list")
    chosen = _chosen_units(request, work)
    calendar = work_calendar()
    form = LetterForm(
        request.POST if posted else None,
        today=today,
        head=usual_head(first.directive.office, request.user, today=today),
        report_by=calendar.add(today, REPORT_WITHIN),
    )
    if posted and form.is_valid():
        wanted = Unit.objects.filter(pk__in=chosen).in_official_order()
        try:
            letters = write_letters(
                wanted, by=request.user, now=now, report_by=form.cleaned_data["report_by"], head=form.head
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Đã soạn {len(letters)} công văn, sẵn sàng để trình ký.")
            return redirect(letters[0]) if len(letters) == 1 else redirect("tasks:chase_letters")
    counts = dict(work.order_by().values_list("unit").annotate(Count("pk")))
    # What the letters will list is shown for the first ones chosen; more than these are not made at once.
    shown = sorted(chosen & counts.keys())[:MOST_UNITS]
    groups = groups_of(list(work.filter(unit__in=shown)), today=today, calendar=calendar)
    context = {
        "form": form,
        "units": [
            {
                "unit": unit,
                "count": counts[unit.pk],
                "works": [with_days(line) for group in groups.get(unit.pk, []) for line in group["works"]],
                "chosen": unit.pk in chosen,
            }
            for unit in Unit.objects.filter(pk__in=counts).in_official_order()
        ],
    }
    return render(request, "tasks/chasing/letter_new.html", context, status=422 if posted else 200)


def _chosen_units(request: HttpRequest, work: QuerySet) -> set[int]:
    """Units named in the form or the address, or those of the assignments that were ticked in a list.

    Errors: Http404 for an address that names what is no unit.
    """
    if request.method == "POST":
        return {row_id_or_404(pk) for pk in request.POST.getlist("don-vi")}
    named = {row_id_or_404(pk) for pk in request.GET.getlist("don-vi")}
    ticked = {row_id_or_404(pk) for pk in request.GET.getlist("viec")[:MOST]}
    if ticked:
        named |= set(work.filter(pk__in=ticked).order_by().values_list("unit", flat=True))
    return named


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def chase_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter: what it lists, its file; the office writes down that it was sent."""
    letter = get_object_or_404(
        ChaseLetter.objects.visible_to(request.user).select_related("unit", "made_by", "sent_by", "file"), pk=pk
    )
    may_mark = can_mark_sent(request.user, letter)
    form = LetterSentForm(request.POST if request.method == "POST" else None, letter=letter, today=clock.today())
    if request.method == "POST":
        allowed(may_mark)
        if form.is_valid():
            try:
                mark_sent(letter, by=request.user, now=clock.now(), **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, "Đã ghi công văn đã gửi; đơn vị xem được từ bây giờ.")
                return redirect(letter)
    context = {"letter": letter, "form": form if may_mark else None}
    status = 422 if request.method == "POST" else 200
    return render(request, "tasks/chasing/letter.html", context, status=status)
