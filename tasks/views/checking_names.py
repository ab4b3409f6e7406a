"""Names a draft is not sure about: which units and groups the words of a task, or a line under "Kính gửi", mean."""

from collections.abc import Callable
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from directive_tracker import clock
from tasks.assigning.bodies import bodies_of, find_bodies
from tasks.checking.names import choices_of, near
from tasks.drafting import assigning
from tasks.drafting.assigning import Body
from tasks.drafting.changes import last_number
from tasks.errors import Refused
from tasks.models import Addressee, Directive, TaskRecipient
from tasks.views.checking import check_address, on_draft, task_of

# So many bodies are ticked at once; a group stands for more.
MOST = 60


@require_http_methods(["GET", "HEAD", "POST"])
@on_draft
def check_name(request: HttpRequest, directive: Directive, task: int, recipient: int) -> HttpResponse:
    """Say which bodies the words of a task mean: here, or wherever nobody has said it; or take them out of the task."""
    row = task_of(request, directive, task)
    if row is None:
        return redirect(check_address(directive))
    back = check_address(directive, f"nv-{row.pk}")
    found = row.recipients.select_related("task__directive", "unit", "group").filter(pk=recipient).first()
    if found is None:
        # The words were fixed, on this task or on all of them: the card says as what.
        return redirect(back)
    who = {"by": request.user, "now": clock.now()}

    def take(bodies: list[Body]) -> None:
        if "drop" in request.POST:
            assigning.drop(found, **who)
        elif "everywhere" in request.POST:
            assigning.fix_words_everywhere(found, bodies, **who)
        else:
            assigning.fix_words(found, bodies, **who)

    return _page(request, directive, found.written or str(found), back, take, row=found)


@require_http_methods(["GET", "HEAD", "POST"])
@on_draft
def check_line(request: HttpRequest, directive: Directive, line: int) -> HttpResponse:
    """Say which bodies a line under "Kính gửi" means; with none chosen it stays words."""
    found = directive.addressees.prefetch_related("units", "groups").filter(pk=line).first()
    back = check_address(directive, "kinh-gui")
    if found is None:
        return redirect(back)

    def take(bodies: list[Body]) -> None:
        assigning.fix_line(found, bodies, by=request.user, now=clock.now())

    return _page(request, directive, found.written, back, take, line=found)


def _day(directive: Directive) -> date:
    """The day whose names count: the document's own, today's where it carries none."""
    return directive.issued_date or clock.today()


def _page(
    request: HttpRequest,
    directive: Directive,
    written: str,
    back: str,
    take: Callable[[list[Body]], None],
    *,
    row: TaskRecipient | None = None,
    line: Addressee | None = None,
) -> HttpResponse:
    """Near names, what a search finds, what is ticked already; a search keeps the ticks."""
    day = _day(directive)
    sent = request.POST if request.method == "POST" else request.GET
    ticked = list(bodies_of(sent.getlist("la")[:MOST], on=day).values())
    refusal = ""
    if request.method == "POST":
        try:
            take(ticked)
        except Refused as problem:
            refusal = str(problem)
        else:
            return redirect(back)
    search = request.GET.get("tim", "")[:80]
    meant = ticked if "tim" in request.GET or refusal else _meant(row, line)
    context = {
        "directive": directive,
        "written": written,
        "row": row,
        "line": line,
        "choices": choices_of(meant, near(written, directive.issuer, on=day), find_bodies(search, on=day)),
        "search": search,
        "found": bool(search),
        "refusal": refusal,
        "back_url": back,
        "seen": last_number(directive),
        "everywhere": _elsewhere(directive, row) if row else 0,
    }
    return render(request, "tasks/checking/name.html", context, status=422 if refusal else 200)


def _meant(row: TaskRecipient | None, line: Addressee | None) -> list[Body]:
    """What the words mean as things stand."""
    if line is not None:
        return [*line.groups.all(), *line.units.all()]
    body = row and (row.unit or row.group)
    return [body] if body else []


def _elsewhere(directive: Directive, row: TaskRecipient) -> int:
    """In how many other tasks the same words stand."""
    if not row.written:
        return 0
    others = directive.tasks.filter(recipients__written=row.written).exclude(pk=row.task_id)
    return others.distinct().count()
