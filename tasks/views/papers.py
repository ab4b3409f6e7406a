"""Signed papers the office still waits for."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directive_tracker import clock
from records.spreadsheets import XLSX
from tasks.forms.papers import MissingScansForm
from tasks.papers.missing import MOST_ROWS, missing_scans, page_of_missing, sheet_of_missing
from tasks.views.access import office_required
from units.calendar import work_calendar


def _asked(request: HttpRequest) -> tuple[MissingScansForm, str]:
    """The filter, and what of it means nothing, as words."""
    form = MissingScansForm(request.GET, user=request.user)
    form.is_valid()  # a condition that means nothing is said and left out, the other holds
    dropped = ", ".join(str(form.fields[name].label) for name in form.errors)
    return form, f"Đã bỏ qua: {dropped}. Điều kiện khác vẫn giữ." if dropped else ""


@require_safe
@office_required
def missing_scan_list(request: HttpRequest) -> HttpResponse:
    """Thiếu bản chụp đã ký: which reports, since when, whom to telephone."""
    form, dropped = _asked(request)
    page, rows = page_of_missing(
        missing_scans(request.user, **form.chosen),
        request.GET.get("page"),
        today=clock.today(),
        calendar=work_calendar(),
    )
    context = {"form": form, "page": page, "rows": rows, "dropped": dropped, "nav_current": "tasks:today"}
    return render(request, "tasks/papers/missing.html", context)


@require_safe
@office_required
def missing_scan_sheet(request: HttpRequest) -> HttpResponse:
    """The same as a workbook, at most MOST_ROWS of them."""
    form, _ = _asked(request)
    reports = missing_scans(request.user, **form.chosen)[: MOST_ROWS + 1]
    response = HttpResponse(sheet_of_missing(reports, demo=settings.DEMO), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="thieu-ban-chup-da-ky.xlsx"'
    return response
