"""Events of a unit: recorded in a minute on a phone, then moved, held or cancelled; the list of all of them."""

from collections.abc import Callable
from typing import NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from directive_tracker import clock
from directive_tracker.row_ids import row_id
from records import uploads
from tasks.enums import CountedFrom
from tasks.errors import Refused
from tasks.events import activities, rules
from tasks.events.listing import activities_of
from tasks.forms.events import PHOTO_NAMES, ActivityForm, CancelForm, HoldForm, PostponeForm
from tasks.models import Activity, ActivityFigure, ActivityPhoto, Assignment
from tasks.views.access import allowed
from units.models import Area, AreaLevel, Unit

PAGE_SIZE = 25


class StepPage(NamedTuple):
    """One thing that becomes of an event: its service, form, words."""

    service: Callable[..., None]
    form: type
    label: str
    done: str


# The verb in the address → what it does.
STEPS = {
    "da-to-chuc": StepPage(activities.hold, HoldForm, "Đã tổ chức", "Đã ghi sự kiện đã tổ chức."),
    "lui-ngay": StepPage(activities.postpone, PostponeForm, "Lùi ngày", "Đã lùi ngày sự kiện."),
    "huy": StepPage(activities.cancel, CancelForm, "Hủy sự kiện", "Đã hủy sự kiện; lịch vẫn ghi lại."),
}


def areas_of(unit: Unit) -> QuerySet:
    """Where a unit's events may be: its own area and those inside it, of a unit without one the districts."""
    areas = Area.objects.valid_on(clock.today())
    if unit.area_id:
        areas = areas.filter(Q(pk=unit.area_id) | Q(parent=unit.area_id))
    else:
        areas = areas.filter(level=AreaLevel.DISTRICT)
    return areas.order_by("level", "sort_key", "pk")


def _assignment(request: HttpRequest, pk: int) -> Assignment:
    """An assignment the person may see. Errors: Http404."""
    rows = Assignment.objects.visible_to(request.user).select_related("task", "unit__area", "directive")
    return get_object_or_404(rows, pk=pk)


def _activity(request: HttpRequest, pk: int) -> Activity:
    """An event the person may see, with its figures and the pictures that are on the page. Errors: Http404."""
    shown = ActivityPhoto.objects.filter(removed_at__isnull=True).select_related("file").order_by("pk")
    rows = (
        Activity.objects.visible_to(request.user)
        .select_related("assignment__task", "assignment__unit__area", "assignment__directive", "area", "saved_by")
        .prefetch_related(
            Prefetch("photos", queryset=shown, to_attr="shown_photos"),
            Prefetch(
                "figures", queryset=ActivityFigure.objects.select_related("indicator").order_by("indicator__order")
            ),
        )
    )
    return get_object_or_404(rows, pk=pk)


def _form(request: HttpRequest, assignment: Assignment, activity: Activity | None = None) -> ActivityForm:
    posted = request.method == "POST"
    return ActivityForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        today=clock.today(),
        areas=areas_of(assignment.unit),
        # How many events, how many people: that is counted and asked for once.
        indicators=assignment.task.indicators.filter(counted_from=CountedFrom.NOTHING).order_by("order"),
        activity=activity,
    )


def _keep_photos(request: HttpRequest, activity: Activity, form: ActivityForm) -> None:
    """Store the pictures that are fit; the others are told, the event is kept whatever they are."""
    kept = []
    for uploaded in form.cleaned_data["photos"]:
        try:
            kept.append(uploads.store_upload(uploaded, by=request.user, now=clock.now(), allow=PHOTO_NAMES))
        except uploads.UploadRefused as refusal:
            messages.warning(request, f"Không nhận ảnh: {refusal}")
    try:
        activities.add_photos(activity, kept, caption=form.cleaned_data["caption"], by=request.user, now=clock.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def activity_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write an event down under one part of the unit's work."""
    assignment = _assignment(request, pk)
    allowed(rules.can_record_activity(request.user, assignment))
    form = _form(request, assignment)
    if request.method == "POST" and form.is_valid():
        try:
            activity = activities.record_activity(
                assignment, form.typed(), by=request.user, now=clock.now(), held=form.cleaned_data["held"]
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Đã ghi sự kiện ngày {activity.when}.")
            _keep_photos(request, activity, form)
            if request.POST.get("do") == "again":
                return redirect("tasks:activity_new", assignment.pk)
            return redirect(activity)
    context = {"assignment": assignment, "form": form, "back_url": assignment.get_absolute_url()}
    return render(request, "tasks/events/activity_form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def activity_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend an event, add and take off pictures."""
    activity = _activity(request, pk)
    allowed(rules.can_change_activity(request.user, activity))
    form = _form(request, activity.assignment, activity)
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        try:
            version = form.cleaned_data["version"]
            activities.change_activity(activity, form.typed(), version=version, by=request.user, now=now)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            activity.refresh_from_db()
            # Saving again is then a choice made knowingly.
            form.data = {**form.data.dict(), "version": activity.version}
        else:
            gone = [row_id(value) for value in request.POST.getlist("bo-anh")[:100]]
            activities.remove_photos(activity, gone, by=request.user, now=now)
            messages.success(request, "Đã lưu sự kiện.")
            _keep_photos(request, activity, form)
            return redirect(activity)
    context = {
        "assignment": activity.assignment,
        "activity": activity,
        "form": form,
        "back_url": activity.get_absolute_url(),
    }
    return render(request, "tasks/events/activity_form.html", context, status=422 if form.is_bound else 200)


@require_safe
@login_required
def activity_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One event: when, where, how many, pictures, what became of it."""
    activity = _activity(request, pk)
    may_change = rules.can_change_activity(request.user, activity)
    context = {
        "activity": activity,
        "assignment": activity.assignment,
        "steps": list(activity.steps.select_related("by").order_by("-pk")),
        "may_change": may_change,
        "waits_for_word": activity.waits_for_word(today=clock.today()),
        "may_hold": may_change and not activity.is_held and activity.starts_on <= clock.today(),
    }
    return render(request, "tasks/events/activity.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def activity_step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """It took place, it moves to another day, it does not take place."""
    activity = _activity(request, pk)
    allowed(rules.can_change_activity(request.user, activity))
    step = STEPS[verb]
    posted = request.method == "POST"
    form = step.form(request.POST if posted else None, activity=activity, today=clock.today())
    if posted and form.is_valid():
        try:
            step.service(activity, by=request.user, now=clock.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, step.done)
            return redirect(activity)
    context = {"activity": activity, "form": form, "label": step.label, "danger": verb == "huy"}
    return render(request, "tasks/events/activity_step.html", context, status=422 if posted else 200)


@require_safe
@login_required
def activity_list(request: HttpRequest) -> HttpResponse:
    """Every event one may see, the newest day first; of one part of the work or of one task where the address says so."""
    allowed(request.access.works_for_a_unit or request.access.sees_all_assignments)
    rows, about = activities_of(request.user, request.GET)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "tasks/events/activity_list.html", {"page": page, "about": about})
