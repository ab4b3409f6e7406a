"""What the Standing Committee and the office look at: matrix, side panel, one-page brief (overview: views/whole.py)."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from directive_tracker import clock
from directive_tracker.prepared import Prepared
from directive_tracker.row_ids import row_id
from records import jobs_runner
from tasks.brief import build_brief
from tasks.enums import DirectiveState
from tasks.forms.figures import MatrixFilterForm
from tasks.instructions.rules import can_write_instruction
from tasks.jobs import MATRIX_XLSX
from tasks.matrix import build_matrix
from tasks.matrix_screen import screen_of
from tasks.models import Assignment, Directive
from tasks.panel import build_panel
from units.access import Access, Seer
from units.calendar import with_calendar


def _guarded(allows: Callable[[Access], bool]):
    """A decorator: signed in, and with a role that has this page; else 403, for the page is known."""

    def decorate(view):
        @wraps(view)
        @login_required
        def guarded(request, *args, **kwargs):
            if not allows(request.access):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


sees_figures = _guarded(lambda access: access.sees_all_assignments or access.works_for_a_unit)
sees_brief = _guarded(lambda access: access.sees_all_assignments)


def issued(request: HttpRequest):
    """The directives with figures that the person may see."""
    return Directive.objects.visible_to(request.user).exclude(state=DirectiveState.DRAFT)


def _one(access: Access, pk: int) -> QuerySet:
    return with_calendar(Directive.objects.visible_to(Seer(access)).exclude(state=DirectiveState.DRAFT)).filter(pk=pk)


_ONE = Prepared(_one)


def issued_or_404(request: HttpRequest, pk: int) -> Directive:
    """One of them, with `calendar` (units.calendar.calendar_from). Errors: Http404."""
    for directive in _ONE.rows(pk, key=(request.access,)):
        return directive
    raise Http404


def _home(request: HttpRequest, name: str, title: str) -> HttpResponse:
    """The page of the newest issued directive, or words that say there is none."""
    newest = issued(request).order_by("-issued_on", "-pk").values_list("pk", flat=True).first()
    if newest is not None:
        return redirect(name, newest)
    return render(request, "tasks/figures/empty.html", {"title": title})


@require_safe
@sees_figures
def overview_home(request: HttpRequest) -> HttpResponse:
    """Tổng quan of the newest directive."""
    return _home(request, "tasks:overview", "Tổng quan")


@require_safe
@sees_figures
def matrix_home(request: HttpRequest) -> HttpResponse:
    """The matrix of the newest directive."""
    return _home(request, "tasks:matrix", "Nhiệm vụ × đơn vị")


@require_safe
@sees_brief
def brief_home(request: HttpRequest) -> HttpResponse:
    """The brief of the newest directive; a reader's first page."""
    return _home(request, "tasks:brief", "Trình Thường trực")


@require_safe
@sees_figures
def matrix(request: HttpRequest, pk: int) -> HttpResponse:
    """Every task against every unit; ?xoay=1 turns it round. By htmx the table alone, for a page that embeds it."""
    directive = get_object_or_404(issued(request), pk=pk)
    chosen = request.GET
    turned = bool(chosen.get("xoay"))
    whole = build_matrix(
        directive,
        request.user,
        today=clock.today(),
        clause_id=row_id(chosen.get("dieu")),
        group_id=row_id(chosen.get("nhom")),
        only_chase=bool(chosen.get("don_doc")),
    )
    screen = screen_of(whole, chosen.dict(), turned=turned)
    shown = {
        "directive": directive,
        "matrix": screen.matrix,
        "screen": screen,
        "turned": turned,
        "filtered": any(chosen.get(name) for name in ("don_doc", "dieu", "nhom")),
        # Of a table of many screens a phone gets links to each unit's list instead of all the lines.
        "lines_on_phone": screen.is_whole,
        "now": clock.now(),
    }
    if request.htmx:
        response = render(request, "tasks/figures/_matrix_part.html", {**shown, "alone": True})
    else:
        form = MatrixFilterForm(chosen or None, clauses=whole.clauses, unit_groups=whole.unit_groups)
        page = {"form": form, "to_chase": whole.to_chase, "nav_current": "tasks:matrix_home"}
        response = render(request, "tasks/figures/matrix.html", {**shown, **page})
    # Two answers at one address: the browser must not show the bare table when somebody comes back.
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
@login_required
def assignment_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """One assignment at a glance: in the side panel by htmx, else as a page."""
    assignment = get_object_or_404(
        Assignment.objects.visible_to(request.user).select_related(
            "task__clause", "task__directive", "unit", "directive"
        ),
        pk=pk,
    )
    page = build_panel(assignment, request.user, request.access, today=clock.today())
    template = "tasks/figures/panel.html" if request.htmx else "tasks/figures/panel_page.html"
    response = render(
        request,
        template,
        {
            "page": page,
            "assignment": assignment,
            "task": assignment.task,
            "kicker": f"{assignment.task.code} · {assignment.unit.name}",
            "close_url": reverse("tasks:matrix", args=[assignment.directive_id]),
            "nav_current": "tasks:matrix_home",
        },
    )
    # The matrix's links are boosted, and htmx would put the panel's address above the table.
    response["HX-Push-Url"] = "false"
    # Two answers at one address: the browser must not show the bare panel when somebody comes back.
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
@sees_brief
def brief(request: HttpRequest, pk: int) -> HttpResponse:
    """The one A4 page for the Standing Committee, screen and print."""
    directive = get_object_or_404(issued(request), pk=pk)
    return render(
        request,
        "tasks/figures/brief.html",
        {
            "page": build_brief(directive, request.user, today=clock.today()),
            "now": clock.now(),
            "demo": settings.DEMO,
            "can_write_instruction": request.access.is_reader and can_write_instruction(request.user, directive),
            "nav_current": "tasks:brief_home",
        },
    )


@require_POST
@sees_figures
def export_matrix(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the workbook; a job makes it, its page says how far it is."""
    directive = get_object_or_404(issued(request), pk=pk)
    job = jobs_runner.start(
        MATRIX_XLSX,
        title=f"Xuất Excel: nhiệm vụ × đơn vị – {directive.short_title}"[:200],
        arguments={"directive": directive.pk},
        by=request.user,
        now=clock.now(),
    )
    return redirect("records:job", pk=job.pk)
