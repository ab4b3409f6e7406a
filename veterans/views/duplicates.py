"""Pairs that may be one person: the list, two entries side by side, and what is decided about them."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from directive_tracker import clock
from records import jobs_runner
from tasks.errors import Refused
from veterans.duplicates import choices, jobs, reasons, registry
from veterans.duplicates.deciding import decide_different
from veterans.duplicates.merging import merge
from veterans.duplicates.undoing import undo
from veterans.forms import PersonForm, grouped, own_communes
from veterans.models import DuplicatePair, Merge, Person
from veterans.permissions import can_change, can_search_duplicates
from veterans.querysets import access_for
from veterans.views.base import card_action, registrar_page
from veterans.views.card_duplicates import open_pairs

PAGE_SIZE = 25
SIDES = ("left", "right")
# From this score on: words beside the figure, best first.
_GRADES = ((95, "Rất giống"), (80, "Khá giống"), (0, "Có phần giống"))


class AreaForm(forms.Form):
    """Which pairs are shown."""

    area = forms.TypedChoiceField(label="Địa bàn", required=False, coerce=int, empty_value=None)

    def __init__(self, *args, communes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", "Tất cả"), *grouped(communes, whole_districts=True)]


def grade(score: int) -> str:
    """The score in words."""
    return next(words for least, words in _GRADES if score >= least)


@registrar_page
@require_safe
def pair_list(request):
    """Pairs that wait, the most alike first."""
    communes = list(own_communes(access_for(request.user).area_ids, clock.today()))
    form = AreaForm(request.GET, communes=communes)
    area = form.cleaned_data["area"] if form.is_valid() else None
    pairs = open_pairs(request.user)
    if area:
        pairs = pairs.filter(
            Q(first__residence=area)
            | Q(first__residence__parent=area)
            | Q(second__residence=area)
            | Q(second__residence__parent=area)
        )
    pairs = pairs.select_related("first__residence__parent", "second__residence__parent").order_by("-score", "pk")
    page = Paginator(pairs, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [
        {
            "pair": pair,
            "grade": grade(pair.score),
            "people": (pair.first, pair.second),
            "why": reasons.words(pair.reasons),
        }
        for pair in page
    ]
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "filtered": bool(area),
        "can_search": can_search_duplicates(request.user),
    }
    return render(request, "veterans/duplicates/list.html", context)


@registrar_page
@require_POST
def pair_search(request):
    """Look through the whole registry again, in the background."""
    if not can_search_duplicates(request.user):
        raise PermissionDenied("Việc tìm trong cả sổ dành cho cán bộ sổ tri ân cấp tỉnh.")
    job = jobs_runner.start(
        jobs.SEARCH, title="Tìm hồ sơ có thể trùng trong cả sổ", arguments={}, by=request.user, now=clock.now()
    )
    return redirect("records:job", pk=job.pk)


def _own_pair(request, pk: int) -> DuplicatePair:
    """The pair, if the user may see both entries. Errors: Http404."""
    pairs = DuplicatePair.objects.visible_to(request.user).select_related(
        "first__residence__parent", "second__residence__parent", "decided_by"
    )
    return get_object_or_404(pairs, pk=pk)


@registrar_page
@require_safe
def pair_detail(request, pk: int):
    """Two entries side by side."""
    return _show(request, _own_pair(request, pk))


def _show(request, pair: DuplicatePair, *, error: str = "", chosen=None, status: int = 200):
    """The page of a pair; `chosen` is what was sent, so that a refusal loses nothing."""
    chosen = chosen or {}
    rows = [
        {"line": line, "chosen": chosen.get(line.name, line.chosen)} for line in choices.lines(pair.first, pair.second)
    ]
    people = [
        {
            "side": side,
            "person": person,
            "groups": [str(row) for row in person.categories.order_by("category")],
            "visits": person.visits.count(),
            "kept": chosen.get("keep", "left") == side,
        }
        for side, person in zip(SIDES, (pair.first, pair.second), strict=True)
    ]
    waits = pair.state == DuplicatePair.State.PROPOSED and not any(
        each["person"].is_removed or each["person"].merged_into_id or each["person"].erased_at for each in people
    )
    context = {
        "pair": pair,
        "grade": grade(pair.score),
        "rows": rows,
        "people": people,
        "why": reasons.words(pair.reasons),
        "waits": waits,
        "error": error,
    }
    return render(request, "veterans/duplicates/pair.html", context, status=status)


def _acting(request, pk: int) -> DuplicatePair | None:
    """The pair to act on; None for a GET, which leads to its page."""
    pair = _own_pair(request, pk)
    if not (can_change(request.user, pair.first) and can_change(request.user, pair.second)):
        raise PermissionDenied("Anh/chị không quyết định được về hai hồ sơ này.")
    return pair if request.method == "POST" else None


@registrar_page
def pair_merge(request, pk: int):
    """Make one entry of the two, as chosen line by line."""
    pair = _acting(request, pk)
    if pair is None:
        return redirect("veterans:pair_detail", pk=pk)
    lines = choices.lines(pair.first, pair.second)
    names = ["keep", *(line.name for line in lines)]
    chosen = {name: request.POST[name] for name in names if request.POST.get(name) in SIDES}
    if "keep" not in chosen:
        return _show(request, pair, error="Hãy chọn hồ sơ giữ lại.", chosen=chosen, status=422)
    if chosen["keep"] == "left":
        kept, absorbed, other = pair.first, pair.second, "right"
    else:
        kept, absorbed, other = pair.second, pair.first, "left"
    try:
        versions = (int(request.POST.get(f"version_{kept.pk}", 0)), int(request.POST.get(f"version_{absorbed.pk}", 0)))
        merge(
            kept,
            absorbed,
            taken=[name for name, side in chosen.items() if side == other],
            versions=versions,
            by=request.user,
            now=clock.now(),
        )
    except Refused as refusal:
        return _show(request, _own_pair(request, pk), error=str(refusal), chosen=chosen, status=409)
    except ValidationError as wrong:
        return _show(request, _own_pair(request, pk), error=" ".join(wrong.messages), chosen=chosen, status=422)
    except ValueError:
        return _show(request, pair, error="Trang này gửi lên không đủ; hãy mở lại rồi chọn.", chosen=chosen, status=422)
    messages.success(request, "Đã gộp hai hồ sơ. Có thể tách lại ở cuối hồ sơ này.")
    return redirect("veterans:person_detail", pk=kept.pk)


@registrar_page
def pair_different(request, pk: int):
    """These are two people."""
    pair = _acting(request, pk)
    if pair is None:
        return redirect("veterans:pair_detail", pk=pk)
    try:
        decide_different(pair, because=request.POST.get("because", ""), by=request.user, now=clock.now())
    except Refused as refusal:
        return _show(request, pair, error=str(refusal), status=409)
    messages.success(request, "Đã ghi: không phải một người. Cặp này không hiện lại nữa.")
    return redirect("veterans:pair_list")


@card_action
def person_take_apart(request, person):
    """Undo a merge, from the card of the kept entry."""
    if not can_change(request.user, person):
        raise PermissionDenied("Anh/chị không sửa được hồ sơ này.")
    number = request.POST.get("merge", "")
    merged = get_object_or_404(
        Merge.objects.visible_to(request.user), pk=int(number[:18]) if number.isascii() and number.isdigit() else 0
    )
    if merged.kept_id != person.pk:
        raise PermissionDenied("Lần gộp này thuộc hồ sơ khác.")
    try:
        undo(merged, by=request.user, now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Đã tách lại: hai hồ sơ như trước khi gộp.")
    return redirect("veterans:person_detail", pk=person.pk)


@registrar_page
@require_POST
def person_likely(request):
    """Who may be meant by what is being typed; a part of the form's page."""
    form = PersonForm(
        request.POST,
        communes=own_communes(access_for(request.user).area_ids, clock.today()),
        today=clock.today(),
    )
    form.is_valid()
    but = request.POST.get("but", "")
    found = registry.likely(
        Person.objects.visible_to(request.user),
        typed_of(form),
        but=int(but[:18]) if but.isascii() and but.isdigit() else None,
    )
    return render(request, "veterans/duplicates/_likely.html", {"duplicates": found, "distinct": "distinct"})


def typed_of(form: PersonForm) -> dict:
    """What is compared of a form, as far as it can be read."""
    names = ("full_name", "other_name", "birth_year", "birth_month", "birth_day", "birth_is_estimated", "residence")
    typed = {name: form.cleaned_data.get(name) for name in (*names, "hamlet", "sex", "id_number", "phone")}
    return typed
