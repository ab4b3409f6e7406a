"""Inspections: written down place by place, sent to the units at once, answered on a phone, closed or sent back."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directive_tracker import clock
from directive_tracker.vietnamese import vn_number
from records import uploads
from records.models import StoredFile
from tasks.enums import DirectiveState
from tasks.errors import Refused
from tasks.events import inspections, rules
from tasks.events.listing import FINDING_FILTERS, counts_of, findings_of
from tasks.events.section import finding_rows
from tasks.forms.events import (
    PHOTO_NAMES,
    AnswerForm,
    CloseForm,
    FindingForm,
    InspectionForm,
    PlaceForm,
    SendBackForm,
)
from tasks.models import DirectiveTask, Finding, InspectedPlace, Inspection
from tasks.views.access import allowed
from units.calendar import work_calendar
from units.models import Unit

PAGE_SIZE = 25
MEND_WITHIN = 3  # working days, as the day a finding proposes


def _may_open_lists(request: HttpRequest) -> None:
    allowed(request.access.works_for_a_unit or request.access.sees_all_assignments)


def _usual_day() -> date:
    return work_calendar().add(clock.today(), MEND_WITHIN)


def _photo(form: Any, request: HttpRequest) -> StoredFile | None:
    """The checked picture; one that is refused becomes an error of its field. Errors: UploadRefused."""
    uploaded = form.cleaned_data.get("photo")
    if not uploaded:
        return None
    try:
        return uploads.store_upload(uploaded, by=request.user, now=clock.now(), allow=PHOTO_NAMES)
    except uploads.UploadRefused as refusal:
        form.add_error("photo", str(refusal))
        raise


# --- lists ------------------------------------------------------------------------------------------


@require_safe
@login_required
def inspection_list(request: HttpRequest) -> HttpResponse:
    """The inspections one may see, newest first; for who inspects, the tasks to begin one for."""
    _may_open_lists(request)
    rows = Inspection.objects.visible_to(request.user).for_listing()
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    counts = counts_of(request.user, [inspection.pk for inspection in page])
    for inspection in page:
        inspection.place_count, inspection.finding_count, inspection.closed_count = counts.get(inspection.pk, (0, 0, 0))
    context = {"page": page, "tasks": _tasks_to_inspect(request)}
    return render(request, "tasks/events/inspection_list.html", context)


def _tasks_to_inspect(request: HttpRequest) -> list[DirectiveTask]:
    """Tasks that the person's unit monitors; the office begins on the page of a task."""
    units = request.access.reporter_unit_ids | request.access.head_unit_ids
    if not units:
        return []
    watched = (
        DirectiveTask.objects.visible_to(request.user)
        .filter(monitors__in=units, directive__state=DirectiveState.ISSUED)
        .select_related("directive")
        .distinct()
        .order_by("directive", "order")
    )
    return [task for task in watched[:20] if rules.is_inspectable(task)]


@require_safe
@login_required
def finding_list(request: HttpRequest) -> HttpResponse:
    """The findings one may see by the day to mend them; filters."""
    _may_open_lists(request)
    today, chosen = clock.today(), request.GET.get("loc", "")
    page = Paginator(findings_of(request.user, chosen, today=today), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": finding_rows(list(page), request.user, today=today),
        "filters": [{"key": key, "words": words, "current": key == chosen} for key, words in FINDING_FILTERS],
    }
    return render(request, "tasks/events/finding_list.html", context)


# --- writing one down -------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def inspection_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the notebook of one day."""
    task = get_object_or_404(DirectiveTask.objects.visible_to(request.user).select_related("directive"), pk=pk)
    allowed(rules.can_inspect(request.user, task))
    posted = request.method == "POST"
    form = InspectionForm(request.POST if posted else None, today=clock.today())
    if posted and form.is_valid():
        try:
            found = inspections.begin_inspection(task, by=request.user, now=clock.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("tasks:place_new", found.pk)
    return render(
        request, "tasks/events/inspection_new.html", {"task": task, "form": form}, status=422 if posted else 200
    )


def _inspection(request: HttpRequest, pk: int) -> Inspection:
    rows = Inspection.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("task__directive", "unit", "recorded_by", "sent_by"), pk=pk)


@require_safe
@login_required
def inspection_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One inspection with the places the person may see, and what came of each finding."""
    inspection = _inspection(request, pk)
    today = clock.today()
    places = list(
        InspectedPlace.objects.visible_to(request.user)
        .filter(inspection=inspection)
        .select_related("unit")
        .order_by("unit__sort_order", "pk")
    )
    found = Finding.objects.filter(place__in=[place.pk for place in places]).for_listing().order_by("pk")
    by_place: dict[int, list] = {}
    for row in finding_rows(found, request.user, today=today):
        by_place.setdefault(row.finding.place_id, []).append(row)
    may_write = rules.can_write_inspection(request.user, inspection)
    context = {
        "inspection": inspection,
        "places": [(place, by_place.get(place.pk, [])) for place in places],
        "may_write": may_write,
        "units_told": len({row.finding.place.unit_id for rows in by_place.values() for row in rows}),
        "finding_count": sum(len(rows) for rows in by_place.values()),
    }
    return render(request, "tasks/events/inspection.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def place_new(request: HttpRequest, pk: int) -> HttpResponse:
    """One place more, with what has to be mended there."""
    inspection = _inspection(request, pk)
    allowed(rules.can_write_inspection(request.user, inspection))
    posted = request.method == "POST"
    units = Unit.objects.filter(pk__in=[unit.pk for unit in inspections.units_answerable(inspection.task)])
    form = PlaceForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        today=clock.today(),
        mend_by=_usual_day(),
        units=units.in_official_order(),
    )
    if posted and form.is_valid():
        try:
            place = _add_place(request, inspection, form)
        except (Refused, uploads.UploadRefused) as refusal:
            if not form.errors:
                form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Đã ghi {place.name}.")
            return redirect("tasks:place_new", pk) if request.POST.get("do") == "again" else redirect(inspection)
    context = {"inspection": inspection, "form": form}
    return render(request, "tasks/events/place_new.html", context, status=422 if posted else 200)


def _add_place(request: HttpRequest, inspection: Inspection, form: PlaceForm) -> InspectedPlace:
    """The place and its finding, or neither. Errors: Refused, UploadRefused."""
    data, now = form.cleaned_data, clock.now()
    photo = _photo(form, request)
    place = inspections.add_place(
        inspection, kind=data["kind"], name=data["name"], unit=data["unit"], by=request.user, now=now
    )
    if data["words"]:
        inspections.add_finding(
            place, words=data["words"], mend_by=data["mend_by"], photo=photo, by=request.user, now=now
        )
    return place


def _place(request: HttpRequest, pk: int) -> InspectedPlace:
    rows = InspectedPlace.objects.visible_to(request.user).select_related("unit", "inspection__task__directive")
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def finding_new(request: HttpRequest, pk: int) -> HttpResponse:
    """One more finding at a place."""
    place = _place(request, pk)
    allowed(rules.can_write_inspection(request.user, place.inspection))
    posted = request.method == "POST"
    form = FindingForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        today=clock.today(),
        mend_by=_usual_day(),
    )
    if posted and form.is_valid():
        data = form.cleaned_data
        try:
            photo = _photo(form, request)
            inspections.add_finding(
                place, words=data["words"], mend_by=data["mend_by"], photo=photo, by=request.user, now=clock.now()
            )
        except (Refused, uploads.UploadRefused) as refusal:
            if not form.errors:
                form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Đã ghi kiến nghị tại {place.name}.")
            return redirect(place.inspection)
    return render(
        request, "tasks/events/finding_new.html", {"place": place, "form": form}, status=422 if posted else 200
    )


@require_POST
@login_required
def place_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Strike a place out before it is sent."""
    place = _place(request, pk)
    allowed(rules.can_write_inspection(request.user, place.inspection))
    try:
        inspections.remove_place(place, by=request.user, now=clock.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"Đã bỏ {place.name}.")
    return redirect(place.inspection)


@require_POST
@login_required
def inspection_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the units know; from then on nothing of it is changed."""
    inspection = _inspection(request, pk)
    allowed(rules.can_write_inspection(request.user, inspection))
    try:
        count = inspections.send_inspection(inspection, by=request.user, now=clock.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"Đã gửi kết quả kiểm tra: {vn_number(count)} kiến nghị chờ đơn vị trả lời.")
    return redirect(inspection)


# --- one finding ------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def finding_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding: the unit answers, whoever inspected closes it or sends it back."""
    finding = get_object_or_404(
        Finding.objects.visible_to(request.user).select_related(
            "place__unit", "place__inspection__unit", "place__inspection__task__directive", "recorded_by"
        ),
        pk=pk,
    )
    user, action = request.user, request.POST.get("do", "") if request.method == "POST" else ""
    may = {
        "answer": rules.can_answer_finding(user, finding),
        "send_back": rules.can_send_back_finding(user, finding),
        "close": rules.can_close_finding(user, finding),
    }
    if request.method == "POST":
        takes_part = may["answer"] or may["close"] or user_takes_part(request, finding)
        allowed(takes_part and action in may)
        if not may[action]:
            return _changed_meanwhile(request, finding)
    forms = _forms(request, action)
    if action and forms[action].is_valid():
        try:
            return _do(request, finding, action, forms[action])
        except (Refused, uploads.UploadRefused) as refusal:
            if not forms[action].errors:
                forms[action].add_error(None, str(refusal))
    context = {
        "finding": finding,
        "place": finding.place,
        "inspection": finding.place.inspection,
        "steps": list(finding.steps.select_related("by", "photo").order_by("-pk")),
        "is_overdue": finding.is_overdue(today=clock.today()),
        "forms": {name: form for name, form in forms.items() if may[name]},
        "wrong": forms.get(action),
    }
    return render(request, "tasks/events/finding.html", context, status=422 if action else 200)


def user_takes_part(request: HttpRequest, finding: Finding) -> bool:
    """Whether it was the person's to answer or to judge in another state: told what happened instead of refused."""
    own = request.access.reporter_unit_ids | request.access.head_unit_ids
    return finding.place.unit_id in own or rules.may_judge_finding(request.user, finding)


def _changed_meanwhile(request: HttpRequest, finding: Finding) -> HttpResponse:
    last = finding.steps.select_related("by").order_by("-pk").first()
    who = f" {last.by}: {last.get_kind_display().lower()}." if last else ""
    messages.info(request, f"Kiến nghị đang ở tình trạng “{finding.get_state_display()}”.{who}")
    return redirect(finding)


def _forms(request: HttpRequest, action: str) -> dict[str, Any]:
    """The three forms; only the one that was pressed is bound."""

    def posted(name: str) -> Any:
        return request.POST if name == action else None

    return {
        "answer": AnswerForm(
            posted("answer"), request.FILES if action == "answer" else None, today=clock.today(), prefix="answer"
        ),
        "send_back": SendBackForm(posted("send_back"), mend_by=_usual_day(), prefix="back"),
        "close": CloseForm(posted("close"), prefix="close"),
    }


def _do(request: HttpRequest, finding: Finding, action: str, form: Any) -> HttpResponse:
    """Do what was pressed. Errors: Refused, UploadRefused."""
    data, by, now = form.cleaned_data, request.user, clock.now()
    if action == "answer":
        photo = _photo(form, request)
        inspections.answer(finding, words=data["words"], done_on=data["done_on"], photo=photo, by=by, now=now)
        messages.success(request, "Đã gửi trả lời; bên kiểm tra sẽ xác nhận.")
    elif action == "send_back":
        inspections.send_back(finding, words=data["words"], mend_by=data["mend_by"], by=by, now=now)
        messages.success(request, "Đã đề nghị đơn vị khắc phục thêm.")
    else:
        inspections.close(finding, words=data["words"], by=by, now=now)
        messages.success(request, "Đã xác nhận khắc phục.")
    return redirect(finding)
