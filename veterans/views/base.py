"""What every page of the registry begins with."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache

from veterans.models import Person
from veterans.permissions import can_keep_registry

NOT_FOR_YOU = "Danh sách tri ân chỉ dành cho cán bộ phụ trách sổ của địa bàn."


def registrar_page(view):
    """A page for registrars only, never kept by a browser or a proxy.

    Strangers go to the sign-in; a page about one person is 404 for whom may not see the person
    (own_person), every other page 403 for who is no registrar.
    """

    @never_cache
    @login_required
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if "pk" not in kwargs and not can_keep_registry(request.user):
            raise PermissionDenied(NOT_FOR_YOU)
        return view(request, *args, **kwargs)

    return guarded


def card_action(view):
    """A button of the card: POST acts; a reload or a bookmark of its address leads to the card."""

    @registrar_page
    @wraps(view)
    def acting(request, pk: int):
        person = own_person(request, pk)
        if request.method != "POST":
            return redirect("veterans:person_detail", pk=pk)
        return view(request, person)

    return acting


def own_person(request, pk: int) -> Person:
    """The person, if the user may see it. Errors: Http404."""
    people = Person.objects.visible_to(request.user).select_related(
        "residence__parent", "verified_by", "death_reported_by", "death_confirmed_by", "removed_by", "created_by"
    )
    return get_object_or_404(people, pk=pk)
