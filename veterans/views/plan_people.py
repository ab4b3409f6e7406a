"""Whom a plan holds: the list, putting in by commune, one entry with its gifts, taking out."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directive_tracker import clock
from directive_tracker.row_ids import row_id
from directive_tracker.vietnamese import vn_number
from tasks.errors import Refused
from units.models import Area
from veterans import living
from veterans.enums import Honour
from veterans.forms import grouped
from veterans.forms_plans import WISHES, DropForm, GiftsForm
from veterans.models import Gift, GratitudePlan, Person, PlanEntry
from veterans.permissions import can_change_plan
from veterans.planning import candidates, choosing, plans, wishes
from veterans.querysets import access_for
from veterans.views.base import registrar_page
from veterans.views.plans import NOT_YOURS, changing, own_plan

PAGE_SIZE = 25
# What the list of a plan shows besides all who stand in it.
KINDS = {"": "Trong kế hoạch", "xem": "Cần xem lại", "ra": "Đã đưa ra"}


class Places:
    """The communes of a plan for the filter, and which of them is chosen. One statement."""

    def __init__(self, request, plan: GratitudePlan) -> None:
        self.all: list[Area] = list(plans.communes_of(plan.area))
        typed = row_id(request.GET.get("dia-ban", ""))
        self.communes = [each.pk for each in self.all if typed in (each.pk, each.parent_id)]
        self.area = typed if self.communes else None
        # One commune, not a district as a whole.
        self.commune = next((each for each in self.all if each.pk == self.area), None)
        self.communes = self.communes or [each.pk for each in self.all]

    def choices(self) -> list:
        """For a <select>: those of today, districts as a whole included."""
        today = clock.today()
        valid = [
            each for each in self.all if each.valid_from <= today and (not each.valid_to or each.valid_to >= today)
        ]
        return grouped(valid, whole_districts=True)


@registrar_page
@require_safe
def plan_people(request, pk: int):
    """The people of a plan whom the user may see, by commune and tên."""
    plan = own_plan(request, pk)
    places = Places(request, plan)
    kind = request.GET.get("loc", "")
    kind = kind if kind in KINDS else ""
    form = request.GET.get("hinh-thuc", "")
    form = form if form in Honour.values else ""
    rows = PlanEntry.objects.visible_to(request.user).filter(plan=plan)
    rows = rows.filter(state=PlanEntry.State.DROPPED) if kind == "ra" else rows.planned()
    if kind == "xem":
        rows = rows.to_be_looked_at()
    if form:
        rows = rows.filter(form=form)
    if places.area:
        rows = rows.filter(person__residence__in=places.communes)
    rows = (
        rows.select_related("person__residence__parent", "delegation", "dropped_by")
        .prefetch_related("gifts__source", "visits")
        .order_by("person__residence", "person__sort_key", "person", "pk")
    )
    context = {
        "plan": plan,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "kind": kind,
        "kinds": [{"key": key, "words": words, "current": key == kind} for key, words in KINDS.items()],
        "form": form,
        "forms": Honour.choices,
        "area": places.area,
        "choices": places.choices(),
        "may_edit": _may_add(request, plan),
    }
    return render(request, "veterans/plans/people.html", context)


def _may_add(request, plan: GratitudePlan) -> bool:
    return can_change_plan(request.user, plan) and plan.state != GratitudePlan.State.SUBMITTED


# --- putting in --------------------------------------------------------------------------------------------------------


@dataclass
class Typed:
    """What was sent: whom, how, which sources give, whom in spite of an undecided pair."""

    forms: dict[int, str] = field(default_factory=dict)
    ticked: set[int] = field(default_factory=set)
    lines: set[int] = field(default_factory=set)
    pairs: set[int] = field(default_factory=set)


def _typed(request) -> Typed:
    post = request.POST
    found = Typed(*({}, *(_ids(post.getlist(name)) for name in ("pick", "line", "pair"))))
    # Who is put in in spite of a pair is put in.
    found.ticked |= found.pairs
    for pk in found.ticked:
        form = post.get(f"form-{pk}", "")
        found.forms[pk] = form if form in Honour.values else ""
    return found


def _ids(values: list[str]) -> set[int]:
    """Numbers of rows among what was sent; what is none is left out."""
    found = (row_id(value) for value in values[: choosing.MOST_AT_ONCE * 2])
    return {pk for pk in found if pk is not None}


@registrar_page
@require_http_methods(["GET", "HEAD", "POST"])
def plan_choose(request, pk: int):
    """The verified living people who may be put in; POST puts in those who were ticked, or a whole commune."""
    plan = own_plan(request, pk)
    changing(request, plan)
    places = Places(request, plan)
    if request.method != "POST":
        return _show_choice(request, plan, places, Typed(lines=set(plan.funding.values_list("pk", flat=True))))
    typed, error, result, passed = _typed(request), "", None, 0
    try:
        wanted, passed = _wanted(request, plan, places, typed)
        result = choosing.put_in(
            plan, wanted, lines=typed.lines, even_pairs=typed.pairs, by=request.user, now=clock.now()
        )
    except Refused as refusal:
        error = str(refusal)
    if error or result.left_out or result.twice or passed:
        shown = typed if error else Typed(lines=typed.lines)
        return _show_choice(request, plan, places, shown, error=error, result=result, passed=passed)
    messages.success(request, f"Đã đưa {vn_number(len(result.added))} người vào kế hoạch.")
    return redirect(request.get_full_path())


def _wanted(request, plan: GratitudePlan, places: Places, typed: Typed) -> tuple[dict[int, str], int]:
    """Person → form, and how many of a whole commune are passed by because of an undecided pair. Errors: Refused."""
    people = Person.objects.visible_to(request.user)
    if request.POST.get("all"):
        if places.commune is None:
            raise Refused("Hãy chọn một xã, phường hoặc thị trấn trước, rồi mới đưa cả xã vào.")
        rows = candidates.candidates(people, plan, communes=places.communes, wish=_wish(request))
        free = candidates.without_pairs(rows)
        found = list(free.prefetch_related("wishes")[: choosing.MOST_AT_ONCE])
        if not found:
            raise Refused(f"Ở {places.commune.name} không còn ai để đưa vào theo cách này.")
        passed = rows.count() - free.count()
        return {each.pk: wishes.proposed(row.form for row in each.wishes.all()).value for each in found}, passed
    if not typed.ticked:
        raise Refused("Chưa chọn người nào. Hãy đánh dấu ở đầu dòng rồi bấm lại.")
    wrong = [form for form in typed.forms.values() if not form]
    if wrong:
        raise Refused("Có người chưa chọn hình thức; hãy tải lại trang rồi chọn lại.")
    seen = set(people.filter(pk__in=typed.ticked).values_list("pk", flat=True))
    if not seen:
        raise Refused("Những người đã chọn không còn thuộc địa bàn anh/chị phụ trách; hãy tải lại trang.")
    return {each: form for each, form in typed.forms.items() if each in seen}, 0


def _wish(request) -> str:
    typed = request.GET.get("nguyen-vong", "")
    return typed if typed in dict(WISHES) else ""


def _show_choice(request, plan, places: Places, typed: Typed, *, error: str = "", result=None, passed: int = 0):
    """The page; 422 where nothing could be done, 200 with what came of it where somebody was left out."""
    only_new, wish = request.GET.get("loc", "") != "ca", _wish(request)
    rows = candidates.candidates(
        Person.objects.visible_to(request.user), plan, communes=places.communes, wish=wish, only_new=only_new
    )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    people = candidates.shown(page.object_list, plan, today=clock.today(), days=living.living_days())
    context = {
        "plan": plan,
        "page": page,
        "people": [(each, typed.forms.get(each.person.pk) or each.form) for each in people],
        "typed": typed,
        "forms": Honour.choices,
        "lines": plan.funding.select_related("source"),
        "only_new": only_new,
        "wish": wish,
        "wishes": WISHES,
        "area": places.area,
        "commune": places.commune,
        "choices": places.choices(),
        "most": choosing.MOST_AT_ONCE,
        "error": error,
        "result": result,
        "passed": passed,
        "may_edit": _may_add(request, plan),
    }
    return render(request, "veterans/plans/choose.html", context, status=422 if error else 200)


@registrar_page
@require_POST
def plan_moved_away(request, pk: int):
    """Take out whoever lives outside the area by now."""
    plan = own_plan(request, pk)
    changing(request, plan)
    try:
        done = choosing.drop_moved_away(plan, by=request.user, now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Đã đưa {vn_number(done)} người ra khỏi kế hoạch.")
    return redirect("veterans:plan_detail", pk=pk)


# --- one entry ---------------------------------------------------------------------------------------------------------


def _gift_words(row, gift: Gift | None) -> str:
    """A source with its gift, and how far it is."""
    what = ", ".join(part for part in (f"{vn_number(row.each)} đồng" if row.each else "", row.goods) if part)
    state = f" – {gift.get_state_display().lower()}" if gift else ""
    return f"{row.source}: {what or 'chưa ghi suất quà'}{state}"


def _gifts_form(entry: PlanEntry, data=None) -> GiftsForm:
    live = {gift.source_id: gift for gift in entry.gifts.all() if gift.state in (Gift.State.PROMISED, Gift.State.GIVEN)}
    rows = list(entry.plan.funding.select_related("source"))
    choices = [(row.pk, _gift_words(row, live.get(row.source_id))) for row in rows]
    ticked = [row.pk for row in rows if row.source_id in live]
    return GiftsForm(data, prefix="gifts", choices=choices, initial={"lines": ticked})


@registrar_page
@require_http_methods(["GET", "HEAD", "POST"])
def plan_entry(request, pk: int):
    """One person in one plan: which sources give, and taking out with a reason."""
    rows = PlanEntry.objects.visible_to(request.user).select_related(
        "plan__campaign",
        "plan__area",
        "plan__unit",
        "person__residence__parent",
        "delegation",
        "added_by",
        "dropped_by",
    )
    entry = get_object_or_404(rows.prefetch_related("gifts__source", "visits"), pk=pk)
    may_change = can_change_plan(request.user, entry.plan)
    if request.method == "POST" and not may_change:
        raise PermissionDenied(NOT_YOURS)
    dropping = request.POST.get("do") == "drop"
    drop_form = DropForm(request.POST if dropping else None, prefix="drop")
    gifts_form = _gifts_form(entry, request.POST if request.method == "POST" and not dropping else None)
    sent = drop_form if dropping else gifts_form
    told: list[choosing.Twice] = []
    if request.method == "POST" and sent.is_valid():
        try:
            if dropping:
                choosing.drop(entry, why=sent.cleaned_data["reason"], by=request.user, now=clock.now())
                messages.success(request, "Đã đưa ra khỏi kế hoạch; suất quà đã hứa thôi không trao.")
                return redirect(reverse("veterans:plan_people", args=[entry.plan_id]))
            data = sent.cleaned_data
            told = choosing.change_gifts(entry, data["lines"], why=data["reason"], by=request.user, now=clock.now())
        except Refused as refusal:
            sent.add_error(None, str(refusal))
        else:
            if not told:
                messages.success(request, "Đã lưu các suất quà.")
                return redirect("veterans:plan_entry", pk=pk)
            for each in told:
                sent.add_error(None, each.why)
    context = {
        "entry": entry,
        "plan": entry.plan,
        "gifts_form": gifts_form,
        "drop_form": drop_form,
        "refused": [sent] if sent.errors else [],
        "dropping": dropping,
        "may_see_plan": entry.plan.area_id in access_for(request.user).area_ids,
        "may_change": may_change and entry.state == PlanEntry.State.PLANNED,
    }
    return render(request, "veterans/plans/entry.html", context, status=422 if sent.errors else 200)
