"""The whole at a glance: overview of one directive."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from directive_tracker import clock
from tasks.forms.whole import WholeFilterForm, YearFilterForm, asked_part
from tasks.instructions.rules import can_write_instruction
from tasks.overview import Overview, build_overview
from tasks.templatetags.tallies import works_address
from tasks.timeliness import Timeliness
from tasks.views.figures import issued_or_404, sees_brief, sees_figures
from tasks.whole.charts import class_bar, legend, stack_of
from tasks.whole.waiting import filters_of
from tasks.whole.wall import build_wall
from tasks.whole.year import YEARS, build_year


@require_safe
@sees_figures
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """Four classes, what is newly late, for whom work waits, by unit, by task, who has reported."""
    directive = issued_or_404(request, pk)
    page = build_overview(directive, request.access, today=clock.today(), **asked_part(request.GET))
    form = WholeFilterForm(request.GET, part=page.part)
    bases = _bases(page)
    return render(
        request,
        "tasks/figures/overview.html",
        {
            "page": page,
            "form": form if page.is_whole else None,
            "dropped": form.dropped if page.is_whole else "",
            "bases": bases,
            "late_url": _list_url(bases["total"], timeliness=Timeliness.OPEN_OVERDUE, due_from=page.late.first),
            "waiting": [(row, _list_url(bases["total"], **filters_of(row.what, row.who_pk))) for row in page.waiting],
            "matrix_url": _matrix_url(page),
            "year": page.reports.day.year,
            "now": clock.now(),
            "can_write_instruction": request.access.is_reader and can_write_instruction(request.user, directive),
            "nav_current": "tasks:overview_home",
        },
    )


def _bases(page: Overview) -> dict[str, str]:
    """The lists of works behind the figures: of the headline, of units' rows, of tasks' rows; as addresses in markup.

    Empty where no list shows this person the same: a unit's people find the work of others in no list, and the list of a
    document holds more than the own work where they monitor tasks.
    """
    base = works_address(directive=page.directive.pk, **page.part.params)
    if page.is_whole:
        return {"total": base, "units": base, "tasks": base}
    only = page.units[0].pk if len(page.units) == 1 else None
    own = works_address(directive=page.directive.pk, unit=only) if only else ""
    return {"total": own, "units": base, "tasks": "" if page.published else base}


def _matrix_url(page: Overview) -> str:
    """The matrix of the same part."""
    chosen = {"dieu": page.part.clause.pk} if page.part.clause else {}
    chosen |= {"nhom": page.part.group[0]} if page.part.group else {}
    address = reverse("tasks:matrix", args=[page.directive.pk])
    return f"{address}?{urlencode(chosen)}" if chosen else address


def _list_url(base: str, **filters: object) -> str:
    """The list with more conditions, "" where there is none."""
    return mark_safe(f"{base}&amp;{escape(urlencode(filters))}") if base else ""


@require_safe
def wall(request: HttpRequest, pk: int) -> HttpResponse:
    """The wall screen, for office and readers; by htmx what is refreshed alone.

    Nobody stands before it: a session that ended is said in words, where other pages would show the sign-in form.
    """
    if not request.user.is_authenticated:
        return render(request, "tasks/whole/wall_ended.html", status=403)
    if not request.access.sees_all_assignments:
        raise PermissionDenied
    directive = issued_or_404(request, pk)
    page = build_wall(directive, request.access, now=clock.now(), today=clock.today())
    stack = stack_of("Bốn nhóm thống kê", page.total)
    shown = {"page": page, "bar": class_bar(stack, key="wall"), "legend": legend(stack, key="wall")}
    answer = render(request, "tasks/whole/_wall.html" if request.htmx else "tasks/whole/wall.html", shown)
    patch_vary_headers(answer, ["HX-Request"])
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
@sees_brief
def year(request: HttpRequest, year: int) -> HttpResponse:
    """Every document of a year with its sums, or every unit; 25 a page."""
    if not YEARS[0] <= year <= YEARS[1]:
        raise Http404("Không có năm này.")
    today = clock.today()
    form = YearFilterForm(request.GET)
    chosen = form.chosen
    page = build_year(request.user, year, **chosen, asked=request.GET.get("page"), today=today)
    # The list of works of everything that is followed holds the same only where the year does.
    same = chosen["kind"] == "dang" and year >= today.year
    return render(
        request,
        "tasks/whole/year.html",
        {
            "shown": page,
            "page": page.page,
            "form": form,
            "dropped": form.dropped,
            "by_unit": chosen["by_unit"],
            "filtered": bool(chosen["kind"]),
            "rows": [(directive, line, works_address(directive=directive.pk)) for directive, line in page.rows],
            "base": works_address(followed="on") if same else "",
            "years": [number for number in (year - 1, year + 1) if YEARS[0] <= number <= min(YEARS[1], today.year)],
            "now": clock.now(),
            "nav_current": "tasks:overview_home",
        },
    )
