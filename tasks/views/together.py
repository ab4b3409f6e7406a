"""Who works on a piece of work with its unit: the table, handing on, partners, parts that were left, idle work."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from directive_tracker import clock
from directive_tracker.row_ids import row_id
from directive_tracker.vietnamese import fold
from tasks.errors import Refused
from tasks.forms.together import AskForm, EndPartsForm, HandOnForm, PartnerForm
from tasks.handing import contributions, giving, idle, rules
from tasks.models import Assignment, AssignmentProduct, Partner
from tasks.views.access import allowed, office_required
from units.models import Unit

PAGE = 50
# Units found by name, of those that are not below the own one.
FOUND = 20


def _assignment(request: HttpRequest, pk: int) -> Assignment:
    """One the person may see, else 404."""
    found = Assignment.objects.visible_to(request.user).select_related("task", "unit", "directive__office", "parent")
    return get_object_or_404(found, pk=pk)


def _nav(request: HttpRequest) -> str:
    return "tasks:unit_home" if request.access.works_for_a_unit else "tasks:assignment_list"


def _here(assignment: Assignment) -> str:
    return reverse("tasks:together", args=[assignment.pk])


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def who_works(request: HttpRequest, pk: int) -> HttpResponse:
    """Contributing units and parts in one table; for the unit's own people also asking for contributions."""
    assignment = _assignment(request, pk)
    allowed(rules.can_see_together(request.user, assignment))
    may_ask = rules.can_ask(request.user, assignment)
    rows = contributions.others_of(assignment, request.user)
    form = AskForm(request.POST or None)
    chosen = {row_id(text) for text in request.POST.getlist("phan-viec")} - {None}
    if request.method == "POST":
        allowed(may_ask)
        if form.is_valid() and _ask(request, assignment, rows.filter(pk__in=chosen), form):
            return redirect(_here(assignment))
    own = rules.works_for(request.user, assignment.unit_id)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "assignment": assignment,
        "page": page,
        "lines": contributions.lines_of(page, request.user, own=own, today=clock.today()),
        "count": contributions.count_of(assignment, request.user),
        "partners": Partner.objects.visible_to(request.user).filter(assignment=assignment, ended_at__isnull=True),
        "form": form,
        "chosen": chosen,
        "own": own,
        "may_ask": may_ask,
        "may_hand_on": rules.can_hand_on(request.user, assignment),
        "may_keep_partners": rules.can_keep_partners(request.user, assignment),
        "left": own and not assignment.is_open and bool(giving.left_open(assignment)),
        "nav_current": _nav(request),
    }
    return render(request, "tasks/together/table.html", context, status=422 if form.errors else 200)


def _ask(request: HttpRequest, assignment: Assignment, others: QuerySet, form: AskForm) -> bool:
    """Ask; False with the sentence in the form."""
    try:
        asked = contributions.ask(
            assignment,
            others,
            words=form.cleaned_data["words"],
            wanted_by=form.cleaned_data["wanted_by"],
            by=request.user,
            now=clock.now(),
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, f"Đã đề nghị {len(asked)} đơn vị góp.")
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def hand_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Give units below a part of the work; units elsewhere are looked for by name and confirmed."""
    assignment = _assignment(request, pk)
    allowed(rules.works_for(request.user, assignment.unit_id))
    if not rules.can_hand_on(request.user, assignment):
        messages.info(request, giving.why_not(assignment))
        return redirect(_here(assignment))
    elsewhere = "khac" in request.GET
    word = fold(request.GET.get("tim", ""))[:60].strip()
    today = clock.today()
    units = _units(assignment, elsewhere=elsewhere, word=word, today=today)
    papers = AssignmentProduct.objects.visible_to(request.user).filter(assignment=assignment, product__has_paper=True)
    form = HandOnForm(
        request.POST or None,
        units=units,
        deliveries=papers.select_related("product").order_by("product__order"),
        latest=giving.latest_due(assignment),
        under=not elsewhere,
        name=assignment.unit.name,
        plain=assignment.task.words_and_counts_only,
    )
    if request.method == "POST" and form.is_valid() and _hand_on(request, assignment, form):
        return redirect(_here(assignment))
    context = {
        "assignment": assignment,
        "form": form,
        "elsewhere": elsewhere,
        "word": request.GET.get("tim", ""),
        "searched": bool(word),
        "any_unit": form.fields["units"].queryset.exists(),
        "nav_current": _nav(request),
    }
    return render(request, "tasks/together/hand_on.html", context, status=422 if form.errors else 200)


def _units(assignment: Assignment, *, elsewhere: bool, word: str, today) -> QuerySet:
    """Which units can be chosen: those below, or some of the others whose name holds the word."""
    fit = rules.receivers(assignment, today=today)
    under = rules.below(assignment.unit)
    if not elsewhere:
        return fit.filter(pk__in=under)
    if not word:
        return Unit.objects.none()
    found = fit.exclude(pk__in=under).filter(search_key__contains=word).values_list("pk", flat=True)[:FOUND]
    return Unit.objects.filter(pk__in=list(found)).in_official_order()


def _hand_on(request: HttpRequest, assignment: Assignment, form: HandOnForm) -> bool:
    """Hand on; False with the sentence in the form."""
    cleaned = form.cleaned_data
    data = giving.PartInput(
        words=cleaned["words"],
        due=cleaned["due"],
        across=cleaned.get("across", False),
        deliveries=tuple(delivery.pk for delivery in cleaned.get("deliveries", ())),
    )
    try:
        parts = giving.hand_on(assignment, cleaned["units"], data, by=request.user, now=clock.now())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    names = ", ".join(part.unit.short_name for part in parts)
    messages.success(request, f"Đã giao lại cho {len(parts)} đơn vị: {names}.")
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def parts_left(request: HttpRequest, pk: int) -> HttpResponse:
    """Parts that are open though the unit's own work has ended: end them all, or leave them."""
    assignment = _assignment(request, pk)
    allowed(rules.works_for(request.user, assignment.unit_id) and assignment.directive.is_issued)
    left = giving.left_open(assignment)
    form = EndPartsForm(request.POST or None)
    if not left:
        messages.info(request, "Không còn phần giao lại nào đang mở.")
        return redirect(_here(assignment))
    if request.method == "POST" and form.is_valid():
        try:
            ended = giving.end_parts(assignment, by=request.user, now=clock.now(), reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Đã kết thúc {ended} phần đã giao lại.")
            return redirect(_here(assignment))
    context = {"assignment": assignment, "left": left, "form": form, "nav_current": _nav(request)}
    return render(request, "tasks/together/parts_left.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def partners(request: HttpRequest, pk: int) -> HttpResponse:
    """Bodies without an account: add one, or take one off the list."""
    assignment = _assignment(request, pk)
    allowed(rules.can_keep_partners(request.user, assignment))
    rows = Partner.objects.visible_to(request.user).filter(assignment=assignment, ended_at__isnull=True)
    ending = row_id(request.POST.get("thoi"))
    form = PartnerForm(request.POST if request.method == "POST" and ending is None else None)
    if ending is not None:
        partner = get_object_or_404(rows.select_related("assignment"), pk=ending)
        try:
            giving.end_partner(partner, by=request.user, now=clock.now())
            messages.success(request, f"Đã đưa {partner.name} ra khỏi danh sách.")
        except Refused as refusal:
            messages.warning(request, str(refusal))
        return redirect("tasks:partners", assignment.pk)
    if form.is_bound and form.is_valid():
        try:
            partner = giving.add_partner(assignment, **form.cleaned_data, by=request.user, now=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Đã ghi {partner.name}.")
            return redirect(_here(assignment))
    context = {"assignment": assignment, "partners": rows, "form": form, "nav_current": _nav(request)}
    return render(request, "tasks/together/partners.html", context, status=422 if form.errors else 200)


@require_safe
@office_required
def idle_work(request: HttpRequest) -> HttpResponse:
    """ "Việc không ai đang làm": what waits on nobody, with what to do about each."""
    context = {"sections": idle.idle_sections(today=clock.today()), "nav_current": "tasks:today"}
    return render(request, "tasks/together/idle.html", context)
