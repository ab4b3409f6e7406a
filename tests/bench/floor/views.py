"""One page of each kind, each with one indexed query over the same tables as ours (detail: one more for the history)."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from tasks.enums import OPEN_STATES
from tasks.models import Assignment, Nudge, StatusChange, Tally

ROWS = 25


def _open():
    """Open parts by due day: the words of the partial index assignment_open_due."""
    return Assignment.objects.filter(state__in=OPEN_STATES).select_related("task", "unit").order_by("due_current", "pk")


def healthz(request):
    """By which one knows that the server has started."""
    return HttpResponse("ok")


@login_required
def listing(request):
    """Open parts by due day, of one unit where ?unit= names it."""
    rows = _open().filter(unit=request.GET["unit"]) if "unit" in request.GET else _open()
    return render(request, "floor/list.html", {"rows": rows[:ROWS]})


@login_required
def overdue(request):
    """Open parts past their day."""
    return render(request, "floor/list.html", {"rows": _open().filter(due_current__lt=timezone.localdate())[:ROWS]})


@login_required
def detail(request, pk):
    """One part and its history."""
    part = Assignment.objects.select_related("task", "unit").get(pk=pk)
    history = StatusChange.objects.filter(assignment=pk).select_related("by").order_by("pk")
    return render(request, "floor/detail.html", {"part": part, "history": history})


@login_required
def search(request):
    """Parts whose words hold what is looked for, by a trigram index over one plain column (tests/bench/prepare.py)."""
    rows = Assignment.objects.raw(
        "SELECT a.*, b.words FROM bench_search b JOIN tasks_assignment a ON a.id = b.id "
        "WHERE b.words LIKE %s ORDER BY b.due, b.id LIMIT 25",
        [f"%{request.GET['q']}%"],
    )
    return render(request, "floor/search.html", {"rows": rows})


@login_required
def summary(request, directive):
    """The kept figures of a document's units."""
    rows = (
        Tally.objects.filter(directive=directive, unit__isnull=False)
        .select_related("unit")
        .order_by("unit__sort_order")
    )
    return render(request, "floor/summary.html", {"rows": rows})


@login_required
def write(request, pk):
    """Note something about one part: one UPDATE, one INSERT."""
    Assignment.objects.filter(pk=pk).update(updated_at=timezone.now())
    Nudge.objects.create(assignment_id=pk, by=request.user, at=timezone.now(), message=request.POST["message"][:500])
    return HttpResponseRedirect(f"/detail/{pk}/")
