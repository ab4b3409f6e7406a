"""Forms on pages of their own: add, change, a visit."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from directive_tracker import clock
from tasks.errors import Refused
from units.models import Area
from veterans import gratitude, living, moving, people
from veterans.duplicates import registry
from veterans.forms import PersonForm, VisitForm, own_communes
from veterans.forms_checking import MoveForm
from veterans.models import Campaign, Person
from veterans.permissions import can_change
from veterans.querysets import access_for
from veterans.views.base import own_person, registrar_page
from veterans.views.duplicates import typed_of

# The registrar has looked at the likely duplicates: this is somebody else.
DISTINCT = "distinct"


def _form(request, person: Person | None) -> PersonForm:
    today = clock.today()
    return PersonForm(
        request.POST or None,
        instance=person,
        communes=own_communes(access_for(request.user).area_ids, today),
        today=today,
        initial={"version": person.version} if person else None,
    )


def _duplicates(request, form: PersonForm, person: Person | None) -> list[tuple[Person, list[str]]]:
    """Likely duplicates the registrar has not been shown yet, with the reasons; none once "distinct" is ticked."""
    same = person is not None and not {"full_name", "other_name", "birth_year"} & set(form.changed_data)
    if same or request.POST.get(DISTINCT):
        return []
    return registry.likely(Person.objects.visible_to(request.user), typed_of(form), but=person.pk if person else None)


def _refuse(form, error: Refused | ValidationError) -> None:
    """Put an error of the room's functions where the page shows errors."""
    form.add_error(None, error.messages if isinstance(error, ValidationError) else str(error))


@registrar_page
@require_http_methods(["GET", "HEAD", "POST"])
def person_add(request):
    """A new entry; likely duplicates are shown before it is stored."""
    form = _form(request, None)
    duplicates: list[tuple[Person, list[str]]] = []
    if request.method == "POST" and form.is_valid():
        duplicates = _duplicates(request, form, None)
        if not duplicates:
            try:
                person = people.add_person(
                    fields=form.person_fields(), categories=form.categories(), by=request.user, now=clock.now()
                )
            except (Refused, ValidationError) as error:
                _refuse(form, error)
            else:
                registry.propose_for(person, now=clock.now())
                messages.success(request, "Đã thêm vào danh sách.")
                return redirect("veterans:person_detail", pk=person.pk)
    return _show(request, form, duplicates, person=None)


@registrar_page
@require_http_methods(["GET", "HEAD", "POST"])
def person_edit(request, pk: int):
    """Change an entry."""
    person = own_person(request, pk)
    if not can_change(request.user, person):
        raise PermissionDenied("Anh/chị không sửa được hồ sơ này.")
    if person.merged_into_id:
        return redirect("veterans:person_detail", pk=person.merged_into_id)
    if person.is_removed:
        messages.error(request, "Người này đã được đưa khỏi danh sách. Hãy đưa lại vào danh sách trước.")
        return redirect("veterans:person_detail", pk=pk)
    before = (person.full_name, person.verification)
    form = _form(request, person)
    duplicates: list[tuple[Person, list[str]]] = []
    if request.method == "POST" and form.is_valid():
        duplicates = _duplicates(request, form, person)
        if not duplicates:
            try:
                saved = people.change_person(
                    person,
                    fields=form.person_fields(),
                    categories=form.categories(),
                    version=form.cleaned_data["version"] or 0,
                    by=request.user,
                    now=clock.now(),
                )
            except (Refused, ValidationError) as error:
                _refuse(form, error)
            else:
                registry.propose_for(saved, now=clock.now())
                back = saved.verification != before[1]
                messages.success(
                    request,
                    "Đã lưu. Họ tên, năm sinh hoặc nơi cư trú thay đổi nên hồ sơ cần xác minh lại từ đầu."
                    if back
                    else "Đã lưu.",
                )
                return redirect("veterans:person_detail", pk=pk)
    # The form has written what was typed onto the object; the head keeps the stored name.
    return _show(request, form, duplicates, person=person, name=before[0])


def _show(request, form, duplicates, *, person: Person | None, name: str = ""):
    """The page of both forms; 422 when something has to be mended or looked at."""
    wrong = form.is_bound and (bool(form.errors) or bool(duplicates))
    context = {"form": form, "duplicates": duplicates, "person": person, "name": name, "distinct": DISTINCT}
    return render(request, "veterans/person_form.html", context, status=422 if wrong else 200)


@registrar_page
@require_http_methods(["GET", "HEAD", "POST"])
def visit_add(request, pk: int):
    """One visit to a person."""
    person = own_person(request, pk)
    if not can_change(request.user, person):
        raise PermissionDenied("Anh/chị không ghi được lần thăm cho người này.")
    campaign = Campaign.objects.visible_to(request.user).current()
    sources = list(campaign.sources.all()) if campaign else []
    known = list(person.gifts.standing().filter(source__in=sources).select_related("source", "visit", "unit"))
    form = VisitForm(request.POST or None, person=person, sources=sources, today=clock.today(), known=known)
    if request.method == "POST" and form.is_valid():
        try:
            gratitude.record_visit(person, by=request.user, now=clock.now(), **form.visit_of())
        except (Refused, ValidationError) as error:
            _refuse(form, error)
        else:
            messages.success(request, "Đã ghi lần thăm.")
            return redirect("veterans:person_detail", pk=pk)
    days = living.living_days()
    stale = not person.is_deceased and not person.living_is_fresh(clock.today(), days)
    context = {
        "form": form,
        "person": person,
        "campaign": campaign,
        "news_wanted": stale,
        "living_days": days,
    }
    return render(request, "veterans/visit_form.html", context, status=422 if form.errors else 200)


@registrar_page
@require_http_methods(["GET", "HEAD", "POST"])
def person_move(request, pk: int):
    """Somebody has moved; within the province the entry is the other commune's from then on."""
    person = own_person(request, pk)
    if not can_change(request.user, person):
        raise PermissionDenied("Anh/chị không sửa được hồ sơ này.")
    if person.is_removed:
        messages.error(request, "Người này đã được đưa khỏi danh sách. Hãy đưa lại vào danh sách trước.")
        return redirect("veterans:person_detail", pk=pk)
    today = clock.today()
    communes = (
        Area.objects.communes().valid_on(today).select_related("parent").order_by("parent__code", "sort_key", "pk")
    )
    form = MoveForm(
        request.POST or None,
        communes=communes,
        person=person,
        today=today,
        initial={"version": person.version, "on": today},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            moved = moving.move(
                person,
                to=data["to"],
                words=data["words"],
                on=data["on"],
                source=data["source"],
                version=data["version"] or 0,
                by=request.user,
                now=clock.now(),
            )
        except (Refused, ValidationError) as error:
            _refuse(form, error)
        else:
            return _moved(request, moved)
    context = {"form": form, "person": person}
    return render(request, "veterans/move_form.html", context, status=422 if form.errors else 200)


def _moved(request, person: Person):
    """Back to the card, or to the list when the entry has left the registrar's areas."""
    if can_change(request.user, person):
        messages.success(request, "Đã ghi chuyển đi.")
        return redirect("veterans:person_detail", pk=person.pk)
    messages.success(
        request, f"Đã ghi chuyển đi. Hồ sơ số {person.pk} nay do cán bộ của {person.residence.name} phụ trách."
    )
    return redirect("veterans:person_list")
