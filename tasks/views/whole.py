"""The whole at a glance: overview of one directive."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from directive_tracker import clock
from tasks.forms.whole import WholeFilterForm, asked_part
from tasks.instructions.rules import can_write_instruction
from tasks.overview import Overview, build_overview
from tasks.templatetags.tallies import works_address
from tasks.timeliness import Timeliness
from tasks.views.figures import issued, sees_figures
from tasks.whole.waiting import filters_of
from units.calendar import with_calendar


@require_safe
@sees_figures
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """Four classes, what is newly late, for whom work waits, by unit, by task, who has reported."""
    directive = get_object_or_404(with_calendar(issued(request)), pk=pk)
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


def _list_url(base: str, **filters: object) -> str:
    """The list with more conditions, "" where there is none."""
    return mark_safe(f"{base}&amp;{escape(urlencode(filters))}") if base else ""
