"""The page of what an entry said before."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directive_tracker import clock
from records.audit import record
from veterans.history import history_of
from veterans.views.base import own_person, registrar_page
from veterans.views.card import event_words

PAGE_SIZE = 25


@registrar_page
@require_safe
def person_history(request, pk: int):
    """Change by change, for whoever may see the entry; reading it is logged like reading the card."""
    person = own_person(request, pk)
    record("person.read", by=request.user, at=clock.now(), target=person)
    page = Paginator(history_of(person, event_words), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "veterans/person_history.html", {"person": person, "page": page})
