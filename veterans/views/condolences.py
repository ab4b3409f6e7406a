"""Calls of condolence: what a confirmed death proposes, until somebody has gone or says why not."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from directive_tracker import clock
from tasks.errors import Refused
from veterans import gratitude
from veterans.forms_checking import CondolenceForm
from veterans.models import Condolence
from veterans.permissions import can_change
from veterans.views.base import registrar_page

PAGE_SIZE = 25


@registrar_page
@require_safe
def condolence_list(request):
    """Those of the registrar's areas: proposed ones first, or one kind."""
    wanted = request.GET.get("loc", "")
    state = wanted if wanted in Condolence.State.values else Condolence.State.PROPOSED
    seen = Condolence.objects.visible_to(request.user)
    counts = dict(seen.order_by().values_list("state").annotate(Count("pk")))
    rows = seen.filter(state=state).select_related("person__residence__parent", "decided_by")
    rows = (
        rows.order_by("proposed_at", "pk")
        if state == Condolence.State.PROPOSED
        else rows.order_by("-decided_at", "-pk")
    )
    context = {
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "tabs": [
            {"key": key, "words": words, "number": counts.get(key, 0), "current": key == state}
            for key, words in Condolence.State.choices
        ],
    }
    return render(request, "veterans/condolence_list.html", context)


@registrar_page
@require_http_methods(["GET", "HEAD", "POST"])
def condolence_decide(request, pk: int):
    """What became of one."""
    row = get_object_or_404(
        Condolence.objects.visible_to(request.user).select_related("person__residence__parent", "decided_by"), pk=pk
    )
    if not can_change(request.user, row.person):
        raise PermissionDenied("Anh/chị không ghi được mục này.")
    form = CondolenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            gratitude.decide_condolence(
                row, done=data["done"] == "1", note=data["note"], by=request.user, now=clock.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Đã ghi kết quả thăm viếng.")
            return redirect("veterans:condolence_list")
    context = {"form": form, "condolence": row, "person": row.person}
    return render(request, "veterans/condolence_form.html", context, status=422 if form.errors else 200)
