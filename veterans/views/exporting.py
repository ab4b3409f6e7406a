"""The list as a file: which people, what for, a second look where sensitive columns are wanted; a job writes it."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from directive_tracker import clock
from records import jobs_runner
from units.models import Area, Membership, Role
from veterans.enums import SensitiveKind
from veterans.forms import own_communes
from veterans.forms_protection import ExportForm
from veterans.models import Person
from veterans.permissions import export_areas
from veterans.protection import exporting
from veterans.protection.jobs import EXPORT
from veterans.querysets import access_for
from veterans.views.base import registrar_page


@registrar_page
@require_http_methods(["GET", "HEAD", "POST"])
def export(request):
    """Ask for the file; its page says how far it is. Sensitive columns are confirmed a second time."""
    today = clock.today()
    communes = list(own_communes(access_for(request.user).area_ids, today))
    with_kinds = bool(export_areas(request.user))
    if request.method != "POST":
        form = ExportForm(communes=communes, with_kinds=with_kinds)
        return render(request, "veterans/data/export.html", {"form": form})
    form = ExportForm(request.POST, communes=communes, with_kinds=with_kinds)
    if not form.is_valid():
        return render(request, "veterans/data/export.html", {"form": form}, status=422)
    kinds = form.cleaned_data.get("kinds") or []
    if kinds and not request.POST.get("confirmed"):
        labels = dict(SensitiveKind.choices)
        context = {
            "form": form,
            "confirm": [str(labels[kind]) for kind in kinds],
            "count": exporting.chosen(Person.objects.visible_to(request.user), form.wanted()).count(),
        }
        return render(request, "veterans/data/export.html", context)
    job = jobs_runner.start(
        EXPORT,
        title="Xuất danh sách tri ân",
        arguments={
            "filter": form.wanted(),
            "words": form.words(),
            "purpose": form.cleaned_data["purpose"],
            "kinds": kinds,
            "area": _area_of(request.user, today),
        },
        by=request.user,
        now=clock.now(),
    )
    return redirect("records:job", pk=job.pk)


def _area_of(user, today) -> int:
    """The area under which the log keeps the export: the highest one of the registrar's own, or of whom the user acts for."""
    whom = [person for person in (user, getattr(user, "acting_for", None)) if person is not None]
    rows = Membership.objects.active_on(today).filter(user__in=whom, role=Role.REGISTRAR).select_related("area")
    order = {"province": 0, "district": 1, "commune": 2}
    areas = sorted((row.area for row in rows), key=lambda area: (order.get(area.level, 3), area.pk))
    return areas[0].pk if areas else Area.objects.filter(pk__in=access_for(user).area_ids).order_by("pk")[0].pk
