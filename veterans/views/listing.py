"""The list of people, and for those without the right to names the figures alone."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from directive_tracker import clock
from veterans import searching
from veterans.figures import public_figures, registry_figures
from veterans.forms import FilterForm, own_communes
from veterans.models import Person
from veterans.permissions import can_keep_registry, can_read_figures
from veterans.querysets import access_for
from veterans.views.base import NOT_FOR_YOU, registrar_page

PAGE_SIZE = 25
# The name looked for waits in the session; the address only says that one is looked for.
SESSION_KEY = "registry_name"
NAME_FLAG = "ten"


@never_cache
@login_required
@require_safe
def person_list(request):
    """The people of the registrar's areas, sorted by tên; figures for office and readers."""
    if not can_keep_registry(request.user):
        if not can_read_figures(request.user):
            raise PermissionDenied(NOT_FOR_YOU)
        return render(request, "veterans/figures.html", {"figures": public_figures(clock.today())})
    today = clock.today()
    area_ids = access_for(request.user).area_ids
    communes = list(own_communes(area_ids, today))
    name = request.session.get(SESSION_KEY, "") if NAME_FLAG in request.GET else ""
    form = FilterForm({**request.GET.dict(), "q": name}, communes=communes)
    wanted = form.cleaned_data if form.is_valid() else {}
    people = chosen(Person.objects.visible_to(request.user), wanted)
    page = Paginator(people, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "figures": registry_figures(today, area_ids=area_ids),
        "filtered": any(wanted.values()),
        "off": bool(wanted.get("off")),
    }
    return render(request, "veterans/person_list.html", context)


def chosen(people: QuerySet, wanted: dict) -> QuerySet:
    """The people who fit the filter, with what a row of the list shows."""
    people = people.taken_off() if wanted.get("off") else people.on_the_list()
    if wanted.get("area"):
        people = people.in_area(wanted["area"])
    if wanted.get("category"):
        people = people.filter(categories__category=wanted["category"])
    if wanted.get("living"):
        people = people.filter(living_state=wanted["living"])
    if wanted.get("verification"):
        people = people.filter(verification=wanted["verification"])
    name = wanted.get("q", "")
    return (
        searching.matching(people, name)
        .by_given_name(first=name)
        .select_related("residence__parent")
        .prefetch_related("categories")
    )


@registrar_page
@require_POST
def person_filter(request):
    """Take the filter: the name into the session, the rest into the address."""
    name = request.POST.get("q", "").strip()[:120]
    kept = {
        key: request.POST[key] for key in ("area", "category", "living", "verification", "off") if request.POST.get(key)
    }
    if name:
        request.session[SESSION_KEY] = name
        kept[NAME_FLAG] = "1"
    else:
        request.session.pop(SESSION_KEY, None)
    query = f"?{urlencode(kept)}" if kept else ""
    return redirect(reverse("veterans:person_list") + query)


@registrar_page
@require_POST
def person_search(request):
    """The first people whom the words fit, while they are typed; a part of the list's page."""
    people, more = searching.found(Person.objects.visible_to(request.user), request.POST.get("q", "")[:120])
    context = {
        "people": people,
        "more": more,
        "shown": searching.SHOWN,
        "typed": bool(request.POST.get("q", "").strip()),
    }
    return render(request, "veterans/_found.html", context)
