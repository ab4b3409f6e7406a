""" "Soát văn bản": the draft's tasks beside its text, and the steps of checking them."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from directive_tracker import clock
from directive_tracker.row_ids import row_id
from directive_tracker.vietnamese import vn_date
from tasks import permissions
from tasks.checking.page import check_page
from tasks.checking.splitting import cuts_of, parts_to_show
from tasks.checking.steps import Done, perform, refuse_changed
from tasks.drafting import editing
from tasks.drafting.changes import last_number
from tasks.errors import Refused
from tasks.models import Directive, DirectiveTask
from tasks.views.access import office_required

# No step of a draft has such a number: a page that is only opened is not old.
NEWEST = 2**31 - 1


def on_draft(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand the view the draft of that number; whoever comes after it was issued is told so and led to the document."""

    @wraps(view)
    @office_required
    def guarded(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        rows = Directive.objects.visible_to(request.user).select_related("office", "issued_by")
        directive = get_object_or_404(rows, pk=pk)
        if not permissions.can_edit_draft(request.user, directive):
            by = f" ({directive.issued_by})" if directive.issued_by else ""
            words = f"Văn bản này đã được giao ngày {vn_date(directive.issued_on)}{by}, không còn là dự thảo để soát."
            messages.info(request, words)
            return redirect(directive)
        return view(request, directive, **kwargs)

    return guarded


def check_address(directive: Directive, anchor: str = "") -> str:
    """The page of a draft, at a place of it."""
    return reverse("tasks:check", args=[directive.pk]) + (f"#{anchor}" if anchor else "")


@require_http_methods(["GET", "HEAD", "POST"])
@on_draft
def check(request: HttpRequest, directive: Directive) -> HttpResponse:
    """The text at the left, its tasks at the right. POST takes one step: what the pressed button says."""
    if request.method != "POST":
        return _show(request, directive, Done())
    refused = False
    try:
        done = perform(
            directive,
            request.POST.get("do", ""),
            chosen=request.POST.getlist("chon"),
            seen=request.POST.get("seen", ""),
            by=request.user,
            now=clock.now(),
            today=clock.today(),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        done, refused = Done(), True
    if done.words:
        messages.success(request, done.words)
    if request.htmx or refused:
        # What was ticked stays ticked where nothing came of it.
        ticked = request.POST.getlist("chon") if refused else ()
        return _show(request, directive, done, ticked=ticked, status=422 if refused and not request.htmx else 200)
    return redirect(check_address(directive, done.anchor))


def _show(
    request: HttpRequest, directive: Directive, done: Done, *, ticked: Sequence[str] = (), status: int = 200
) -> HttpResponse:
    context = {
        "directive": directive,
        "page": check_page(directive, today=clock.today()),
        "goes_to": done.anchor,
        "ticked": set(ticked),
        "alone": request.htmx,
    }
    template = "tasks/checking/_board.html" if request.htmx else "tasks/checking/check.html"
    return render(request, template, context, status=status)


def stale_words(request: HttpRequest, directive: Directive, pk: int) -> str:
    """Who did what since the page was shown that is sent now, where that touched the task; "" otherwise.

    Who only opens a page may well open what others changed.
    """
    seen = (row_id(request.POST.get("seen")) or 0) if request.method == "POST" else NEWEST
    try:
        refuse_changed(directive, {pk}, seen=min(seen, NEWEST))
    except Refused as refusal:
        return str(refusal)
    return ""


def task_of(request: HttpRequest, directive: Directive, pk: int, *, keeps_typed: bool = False) -> DirectiveTask | None:
    """The task, as the page that was sent still shows it; else None, and the person is told who did what when.

    Arguments: keeps_typed, the page tells it itself and shows what was typed.
    Errors: Http404 for a number that never was a task of this draft.
    """
    words = stale_words(request, directive, pk)
    row = directive.tasks.select_related("reviewing_unit", "condition_decider").filter(pk=pk).first()
    if row is None and not _was_there(directive, pk):
        raise Http404
    if words and (row is None or not keeps_typed):
        messages.error(request, words)
        return None
    return row


def _was_there(directive: Directive, pk: int) -> bool:
    """Whether the number was a task of the draft."""
    return any(str(pk) in change.before.get("tasks", ()) for change in directive.draft_changes.all())


@require_http_methods(["GET", "HEAD", "POST"])
@on_draft
def check_split(request: HttpRequest, directive: Directive, task: int) -> HttpResponse:
    """The parts a task would be split into, and the places where one may cut it by hand; POST splits."""
    row = task_of(request, directive, task)
    if row is None:
        return redirect(check_address(directive))
    refusal = ""
    if request.method == "POST":
        who = {"by": request.user, "now": clock.now()}
        try:
            if "places" in request.POST:
                places = [place for word in request.POST.getlist("place") if (place := row_id(word)) is not None]
                made = editing.split_at(row, places, **who)
            else:
                made = editing.split_by_verbs(row, **who)
        except Refused as problem:
            refusal = str(problem)
        else:
            return redirect(check_address(directive, f"nv-{made[0].pk}"))
    context = {
        "directive": directive,
        "task": row,
        "parts": parts_to_show(row),
        "stretches": cuts_of(row),
        "chosen": set(request.POST.getlist("place")),
        "seen": last_number(directive),
        "refusal": refusal,
        "back_url": check_address(directive, f"nv-{row.pk}"),
    }
    return render(request, "tasks/checking/split.html", context, status=422 if refusal else 200)
