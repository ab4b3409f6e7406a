"""The list of people, and for those without the right to names the figures alone."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from directive_tracker import clock
from veterans import searching
from veterans.figures import COLUMNS, public_districts, public_figures, registry_figures
from veterans.forms import FilterForm, own_communes
from veterans.models import Person
from veterans.permissions import can_keep_registry, can_read_figures
from veterans.querysets import PersonQuerySet, access_for
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
        today = clock.today()
        table = public_districts(today)
        context = {
            "figures": public_figures(today),
            "rows": table.rows,
            "columns": [COLUMNS[name] for name in table.columns],
        }
        return render(request, "veterans/figures.html", context)
    today = clock.today()
    area_ids = access_for(request.user).area_ids
    communes = list(own_communes(area_ids, today))
    name = request.session.get(SESSION_KEY, "") if NAME_FLAG in request.GET else ""
    form = FilterForm({**request.GET.dict(), "q": name}, communes=communes)
    wanted = form.cleaned_data if form.is_valid() else {}
    page, more = page_of(chosen(Person.objects.visible_to(request.user), wanted), wanted.get("q", ""), request.GET)
    context = {
        "form": form,
        "page": page,
        "more": more,
        "figures": registry_figures(today, area_ids=area_ids),
        "filtered": any(wanted.values()),
        "off": bool(wanted.get("off")),
    }
    return render(request, "veterans/person_list.html", context)


def page_of(people: PersonQuerySet, name: str, asked: Mapping[str, str]) -> tuple[Page, bool]:
    """The page that was asked for, with what its rows show, and whether more fit the name than can be leafed through."""
    if not searching.words_of(name):
        rows = people.by_given_name().select_related("residence__parent").prefetch_related("categories")
        return Paginator(rows, PAGE_SIZE).get_page(asked.get("page")), False
    fit = searching.candidates(people, name)
    page = Paginator(fit.ids, PAGE_SIZE).get_page(asked.get("page"))
    page.object_list = searching.in_order(people.prefetch_related("categories"), list(page.object_list))
    return page, fit.more


def chosen(people: PersonQuerySet, wanted: dict) -> PersonQuerySet:
    """The people who fit the filter, but for the name."""
    people = people.taken_off() if wanted.get("off") else people.on_the_list()
    if wanted.get("area"):
        people = people.in_area(wanted["area"])
    if wanted.get("category"):
        people = people.filter(categories__category=wanted["category"])
    if wanted.get("living"):
        people = people.filter(living_state=wanted["living"])
    if wanted.get("verification"):
        people = people.filter(verification=wanted["verification"])
    return people


@registrar_page
@require_POST
def person_filter(request):
    """Take the filter: the name into the session, the rest into the address."""
    name = searching.readable(request.POST.get("q", ""))
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
    typed = request.POST.get("q", "")
    found = searching.found(Person.objects.visible_to(request.user), typed)
    return render(request, "veterans/_found.html", {"found": found, "typed": bool(typed.strip())})
