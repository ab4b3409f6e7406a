"""Delegations: the list by day, one delegation with its way, who goes along, whom it calls on."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directive_tracker import clock
from directive_tracker.row_ids import row_id
from tasks.errors import Refused
from veterans.delegations import route, writing
from veterans.delegations.stops import stops_of
from veterans.forms import own_communes
from veterans.forms_delegations import STATES, CancelForm, DelegationForm, PickFilterForm, members_text
from veterans.forms_papers import PaperForm
from veterans.models import Campaign, Delegation, GratitudePlan, PlanEntry
from veterans.permissions import can_add_delegation, can_change_delegation
from veterans.querysets import access_for
from veterans.views.base import registrar_page

PAGE_SIZE = 25
PICK_SIZE = 50
CLOSED = "Đợt đã kết thúc; các đoàn của đợt chỉ còn để xem."
WORDS = {"sap-di": "Sẽ đi", "da-di": "Đã đi", "khong-di": "Không đi"}


@registrar_page
@require_safe
def delegation_list(request):
    """The delegations of the present campaign, by day; how many people have none yet."""
    campaign = Campaign.objects.visible_to(request.user).present_one()
    wanted = request.GET.get("loc", "")
    wanted = wanted if wanted in STATES else "sap-di"
    seen = Delegation.objects.visible_to(request.user).filter(plan__campaign=campaign)
    counts = dict(seen.order_by().values_list("state").annotate(Count("pk")))
    rows = (
        seen.filter(state=STATES[wanted])
        .select_related("plan__area", "unit")
        .annotate(
            people=Count("stops__person", distinct=True),
            called=Count("stops__person", filter=Q(stops__visits__isnull=False), distinct=True),
        )
        .order_by("on" if wanted == "sap-di" else "-on", F("starts_at").asc(nulls_last=True), "pk")
    )
    context = {
        "campaign": campaign,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "waiting": _waiting_by_plan(request.user, campaign),
        "tabs": [
            {"key": key, "words": WORDS[key], "number": counts.get(str(state), 0), "current": key == wanted}
            for key, state in STATES.items()
        ],
        "today": clock.today(),
    }
    return render(request, "veterans/delegations/list.html", context)


def _waiting_by_plan(user, campaign) -> list[dict]:
    """The plans of which people wait for a delegation, and how many."""
    plans = GratitudePlan.objects.visible_to(user).filter(campaign=campaign)
    entries = PlanEntry.objects.visible_to(user).filter(plan__in=plans, delegation=None)
    rows = route.waiting(entries).order_by().values("plan", "plan__area__name")
    return list(rows.annotate(people=Count("person", distinct=True)).order_by("plan__area__code", "plan"))


def own_delegation(request, pk: int) -> Delegation:
    """The delegation, if the user may see it. Errors: Http404."""
    rows = Delegation.objects.visible_to(request.user).select_related("plan__campaign", "plan__area", "unit", "made_by")
    return get_object_or_404(rows, pk=pk)


def _changeable(request, pk: int) -> Delegation:
    """Errors: Http404, PermissionDenied."""
    delegation = own_delegation(request, pk)
    if not can_change_delegation(request.user, delegation):
        raise PermissionDenied(CLOSED)
    return delegation


def _version(request) -> int:
    return row_id(request.POST.get("version")) or 0


@registrar_page
@require_http_methods(["GET", "HEAD", "POST"])
def delegation_add(request):
    """Set a delegation up in one of the plans of the own areas."""
    plans = (
        GratitudePlan.objects.visible_to(request.user)
        .filter(campaign=Campaign.objects.visible_to(request.user).current())
        .order_by("area__code", "pk")
    )
    known = list(plans)
    asked = row_id(request.GET.get("ke-hoach"))
    initial = {"plan": next((row for row in known if row.pk == asked), known[0] if len(known) == 1 else None)}
    form = DelegationForm(request.POST or None, today=clock.today(), plans=plans, initial=initial)
    if request.method == "POST" and form.is_valid():
        if not can_add_delegation(request.user, form.cleaned_data["plan"]):
            raise PermissionDenied(CLOSED)
        try:
            made = writing.make(form.cleaned_data["plan"], form.details(), by=request.user, now=clock.now())
        except (Refused, ValidationError) as error:
            _refuse(form, error)
        else:
            messages.success(request, "Đã lập đoàn. Hãy chọn người đoàn đến thăm.")
            return redirect("veterans:delegation_pick", pk=made.pk)
    context = {"form": form, "delegation": None, "plans": known}
    return render(request, "veterans/delegations/form.html", context, status=422 if form.errors else 200)


@registrar_page
@require_http_methods(["GET", "HEAD", "POST"])
def delegation_edit(request, pk: int):
    """Change who goes when and how."""
    delegation = _changeable(request, pk)
    initial = {
        name: getattr(delegation, name)
        for name in ("name", "unit", "leader", "leader_title", "on", "starts_at", "starts_from", "vehicle", "note")
    }
    initial |= {"members": members_text(delegation), "version": delegation.version}
    form = DelegationForm(request.POST or None, today=clock.today(), initial=initial)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            writing.change(delegation, form.details(), version=version, by=request.user, now=clock.now())
        except (Refused, ValidationError) as error:
            _refuse(form, error)
        else:
            messages.success(request, "Đã lưu.")
            return redirect("veterans:delegation", pk=pk)
    context = {"form": form, "delegation": delegation}
    return render(request, "veterans/delegations/form.html", context, status=422 if form.errors else 200)


def _refuse(form, error: Refused | ValidationError) -> None:
    form.add_error(
        None, error if isinstance(error, ValidationError) and not hasattr(error, "error_dict") else str(error)
    )


@registrar_page
@require_safe
def delegation_detail(request, pk: int):
    """One delegation: who goes, whom it calls on in which order, its papers."""
    return show_delegation(request, own_delegation(request, pk))


def show_delegation(request, delegation: Delegation, *, cancel=None, paper=None, status: int = 200):
    """The page, with a form that was refused."""
    stops, hidden = stops_of(request.user, delegation)
    live = [stop for stop in stops if not stop.gone]
    may_change = can_change_delegation(request.user, delegation)
    context = {
        "delegation": delegation,
        "members": list(delegation.members.all()),
        "stops": stops,
        "first": live[0].key if live else None,
        "last": live[-1].key if live else None,
        "people": len(live),
        "gone": len(stops) - len(live) + hidden,
        "hidden": hidden,
        "called": sum(stop.visited for stop in live),
        "may_change": may_change and delegation.state == Delegation.State.PLANNED,
        "may_reopen": may_change and delegation.state == Delegation.State.DONE,
        "is_due": delegation.on <= clock.today(),
        "cancel": cancel or CancelForm(),
        "paper": paper or PaperForm(prefix="giay-to"),
        "today": clock.today(),
    }
    return render(request, "veterans/delegations/detail.html", context, status=status)


@registrar_page
@require_http_methods(["GET", "HEAD", "POST"])
def delegation_pick(request, pk: int):
    """Choose whom the delegation calls on, commune by commune."""
    delegation = _changeable(request, pk)
    mine = PlanEntry.objects.visible_to(request.user)
    if request.method == "POST":
        return _take(request, delegation, mine)
    communes = list(own_communes(access_for(request.user).area_ids, clock.today()))
    area = delegation.plan.area_id
    inside = [row for row in communes if area in (row.pk, row.parent_id, row.parent.parent_id if row.parent else None)]
    form = PickFilterForm(request.GET, communes=inside)
    wanted = form.cleaned_data if form.is_valid() else {}
    entries = route.waiting(mine.filter(plan=delegation.plan)).exclude(delegation=delegation)
    entries = entries.exclude(delegation__state=Delegation.State.DONE)
    if not wanted.get("ca"):
        entries = entries.filter(delegation=None)
    if wanted.get("xa"):
        entries = entries.filter(person__residence=wanted["xa"])
    rows = route.by_way(entries).select_related("person__residence__parent", "delegation")
    context = {
        "delegation": delegation,
        "form": form,
        "page": Paginator(rows, PICK_SIZE).get_page(request.GET.get("page")),
        "chosen": delegation.stops.values("person").distinct().count(),
        "filtered": any(wanted.values()),
    }
    return render(request, "veterans/delegations/pick.html", context)


def _take(request, delegation: Delegation, mine):
    """Each box says which entry and in which delegation the page showed it."""
    seen: dict[int, int | None] = {}
    for text in request.POST.getlist("nguoi"):
        entry, _, elsewhere = text.partition("-")
        if row_id(entry):
            seen[row_id(entry)] = row_id(elsewhere)
    if not seen:
        messages.error(request, "Chưa chọn ai. Hãy đánh dấu người đoàn đến thăm rồi bấm lại.")
        return redirect("veterans:delegation_pick", pk=delegation.pk)
    try:
        taken = route.take(delegation, seen, entries=mine, version=_version(request), by=request.user, now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("veterans:delegation_pick", pk=delegation.pk)
    if taken.people:
        messages.success(request, f"Đã thêm {taken.people} người vào đoàn.")
    for name, number in taken.moved.items():
        messages.info(request, f"{number} người được chuyển từ đoàn “{name}”.")
    if taken.left:
        messages.warning(request, f"Không thêm {len(taken.left)} mục. " + "; ".join(taken.left[:5]) + ".")
    return redirect("veterans:delegation", pk=delegation.pk)


def _act(request, pk: int, action, done: str):
    try:
        action()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        if done:
            messages.success(request, done)
    return redirect("veterans:delegation", pk=pk)


@registrar_page
@require_POST
def delegation_route(request, pk: int):
    """Earlier, later, off the way, by commune again. `do` is the act, with the entry behind it."""
    delegation = _changeable(request, pk)
    act, _, entry = request.POST.get("do", "").partition("-")
    number = row_id(entry) or 0
    given = {"version": _version(request), "by": request.user, "now": clock.now()}
    acts = {
        "up": (lambda: route.move(delegation, number, up=True, **given), ""),
        "down": (lambda: route.move(delegation, number, up=False, **given), ""),
        "off": (lambda: route.put_off(delegation, number, **given), "Đã bỏ một người khỏi đoàn."),
        "gone": (lambda: route.put_off_gone(delegation, **given), "Đã bỏ những người không còn đến thăm."),
        "sort": (lambda: route.sort_again(delegation, **given), "Đã xếp lại theo xã."),
    }
    if act not in acts:
        messages.error(request, "Không rõ nút nào được bấm; hãy bấm lại.")
        return redirect("veterans:delegation", pk=pk)
    return _act(request, pk, *acts[act])


@registrar_page
@require_POST
def delegation_state(request, pk: int):
    """Gone, not gone after all, or it does not go, with the reason."""
    delegation = _changeable(request, pk)
    given = {"version": _version(request), "by": request.user, "now": clock.now()}
    if request.POST.get("do") == "cancel":
        return _cancel(request, delegation, given)
    if request.POST.get("do") == "reopen":
        return _act(request, pk, lambda: writing.reopen(delegation, **given), "Đã ghi lại là chưa đi.")
    return _act(request, pk, lambda: writing.done(delegation, **given), "Đã ghi đoàn đã đi.")


def _cancel(request, delegation: Delegation, given: dict):
    form = CancelForm(request.POST)
    if form.is_valid():
        try:
            people = writing.cancel(delegation, why=form.cleaned_data["why"], **given)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            words = f"Đã ghi đoàn không đi. {people} người trở lại danh sách chờ xếp đoàn."
            messages.success(request, words if people else "Đã ghi đoàn không đi.")
            return redirect("veterans:delegation", pk=delegation.pk)
    return show_delegation(request, delegation, cancel=form, status=422)
