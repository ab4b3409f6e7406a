"""Released papers: handing one out, what was sent to one's unit, which units have opened it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from directive_tracker import clock
from tasks.errors import Refused
from tasks.forms.office import ReasonForm
from tasks.forms.together import ReleaseForm
from tasks.handing import releasing, rules
from tasks.models import AssignmentProduct, ProductRelease, ReleaseRecipient
from tasks.views.access import allowed
from units.models import Unit, UnitGroup

PAGE = 50


def _nav(request: HttpRequest) -> str:
    return "tasks:unit_home" if request.access.works_for_a_unit else "tasks:assignment_list"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def release_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a delivered paper to recipients: the directive's, unless others are chosen."""
    delivery = get_object_or_404(
        AssignmentProduct.objects.visible_to(request.user).select_related(
            "product", "assignment__unit", "assignment__task", "assignment__directive", "file"
        ),
        pk=pk,
    )
    allowed(rules.can_release(request.user, delivery))
    assignment = delivery.assignment
    paper = releasing.paper_of(delivery)
    if paper is None:
        messages.info(request, "Văn bản này chưa được gửi cùng báo cáo nào, nên chưa phát hành được.")
        return redirect(assignment)
    today = clock.today()
    before = delivery.releases.standing().filter(**releasing.released_as(paper)).first()
    known = set(before.recipients.values_list("unit_id", flat=True)) if before else set()
    usual = [
        unit
        for unit in releasing.usual_recipients(assignment.directive, but=assignment.unit_id, today=today)
        if unit.pk not in known
    ]
    form = ReleaseForm(
        request.POST or None,
        units=Unit.objects.filter(pk__in=[unit.pk for unit in usual]).in_official_order(),
        groups=UnitGroup.objects.order_by("name"),
        today=today,
        initial={"units": [unit.pk for unit in usual]},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made, count = releasing.release(
                delivery, form.recipients(), words=form.cleaned_data["words"], by=request.user, now=clock.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Đã gửi văn bản cho {count} đơn vị.")
            return redirect(made)
    context = {
        "delivery": delivery,
        "assignment": assignment,
        "paper": paper,
        "before": before,
        "received": len(known),
        "form": form,
        "nav_current": _nav(request),
    }
    return render(request, "tasks/together/release_new.html", context, status=422 if form.errors else 200)


@require_safe
@login_required
def release_list(request: HttpRequest) -> HttpResponse:
    """ "Văn bản được gửi": what was handed to one's units and those below, newest first."""
    if not request.access.works_for_a_unit:
        raise PermissionDenied
    page = Paginator(releasing.received_list(request.user), PAGE).get_page(request.GET.get("page"))
    return render(request, "tasks/together/release_list.html", {"page": page, "nav_current": "tasks:unit_home"})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def release_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One released paper. A recipient reads it, and its unit has opened it then; who handed it out and the office see
    which units have, and remind the others."""
    release = get_object_or_404(
        ProductRelease.objects.visible_to(request.user).select_related(
            "delivery__product",
            "delivery__assignment__unit",
            "delivery__assignment__task",
            "delivery__assignment__directive",
            "file",
            "released_by",
            "withdrawn_by",
        ),
        pk=pk,
    )
    withdrawing = request.method == "POST" and request.POST.get("do") == "withdraw"
    form = ReasonForm(request.POST if withdrawing else None)
    if request.method == "POST":
        answer = _withdraw(request, release, form) if withdrawing else _remind(request, release)
        if answer is not None:
            return answer
    own = request.access.reporter_unit_ids | request.access.head_unit_ids
    if own and request.method == "GET":
        releasing.note_opened(release, own, now=clock.now())
    follows = rules.can_follow_release(request.user, release)
    rows = (
        ReleaseRecipient.objects.visible_to(request.user)
        .filter(release=release)
        .select_related("unit")
        .order_by("unit__sort_order", "pk")
    )
    context = {
        "release": release,
        "assignment": release.delivery.assignment,
        "is_accepted": release.delivery.delivered_on is not None,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")) if follows else None,
        "unopened": rows.unopened().count() if follows else 0,
        "may_remind": rules.can_remind_recipients(request.user, release),
        "form": form if rules.can_withdraw_release(request.user, release) else None,
        "nav_current": _nav(request),
    }
    return render(request, "tasks/together/release.html", context, status=422 if form.errors else 200)


def _remind(request: HttpRequest, release: ProductRelease) -> HttpResponse:
    allowed(rules.can_remind_recipients(request.user, release))
    try:
        count = releasing.remind(release, by=request.user, now=clock.now())
        messages.success(request, f"Đã nhắc {count} đơn vị chưa mở.")
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect(release)


def _withdraw(request: HttpRequest, release: ProductRelease, form: ReasonForm) -> HttpResponse | None:
    """Taken back, or None when what was typed is no reason. Of two who press, the second is told."""
    if release.is_withdrawn and rules.can_follow_release(request.user, release):
        messages.info(request, f"{release.withdrawn_by} đã thu hồi văn bản này trước đó.")
        return redirect(release)
    allowed(rules.can_withdraw_release(request.user, release))
    if not form.is_valid():
        return None
    try:
        releasing.withdraw(release, by=request.user, now=clock.now(), reason=form.cleaned_data["reason"])
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "Đã thu hồi văn bản; các đơn vị đã nhận được báo.")
    return redirect(release)
