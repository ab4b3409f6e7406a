"""A unit's figures by Excel: the form to take away, and its numbers back into the draft, shown before they are kept."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from directive_tracker import clock
from directive_tracker.vietnamese import fold
from records.audit import record
from records.spreadsheets import XLSX
from records.uploads import UploadRefused, check_upload
from tasks.drafts.reading import last_rounds, load_sections
from tasks.errors import Refused
from tasks.forms.fields import WrittenField
from tasks.forms.indicators import COMMENT_LONGEST
from tasks.indicators import sheets_filling
from tasks.indicators.sheets import Line, lines_of, write_form
from tasks.indicators.sheets_reading import read_form
from tasks.models import ProgressReport, UnitReport
from tasks.permissions import can_edit_report
from tasks.reportview import read_round
from tasks.views.access import allowed
from tasks.views.reports import own_report

NAV = "tasks:unit_reports"


class SheetForm(forms.Form):
    """The filled-in form."""

    file = forms.FileField(
        label="Tệp Excel đã ghi số",
        help_text="Tệp .xlsx tải từ báo cáo này. Chưa ghi gì cho đến khi anh/chị xem và bấm ghi.",
        error_messages=dict.fromkeys(("required", "missing", "invalid"), "Hãy chọn tệp.")
        | {"empty": "Tệp này trống. Hãy kiểm tra lại tệp đã chọn."},
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )


def _editable(request: HttpRequest, pk: int) -> tuple[UnitReport, list[ProgressReport]]:
    """A report the person may type on now, with its sections. Errors: Http404, PermissionDenied."""
    report = own_report(request, pk)
    allowed(can_edit_report(request.user, report))
    return report, load_sections(report)


@require_safe
@login_required
def report_figures_form(request: HttpRequest, pk: int) -> HttpResponse:
    """The Excel form with what the report asks for."""
    report, sections = _editable(request, pk)
    lines = list(lines_of(sections))
    content = write_form(report, lines, _last(report, lines), now=clock.now(), demo=settings.DEMO)
    response = HttpResponse(content, content_type=XLSX)
    name = "-".join(
        fold(f"so lieu {report.unit.short_name} {report.period.name if report.period else 'giua ky'}").split()
    )
    kept = "".join(sign for sign in name if sign.isalnum() or sign == "-")[:80]
    response["Content-Disposition"] = content_disposition_header(True, f"{kept}.xlsx")
    return response


def _last(report: UnitReport, lines: list[Line]) -> dict[str, int]:
    """Key of a line → what was accepted or sent last."""
    rounds = last_rounds(report)
    read = {assignment: read_round(round_) for assignment, round_ in rounds.items()}
    found = {}
    for line in lines:
        content = read.get(line.section.assignment_id, {})
        code = line.indicator.code
        if line.part is None:
            value = (content.get("indicators") or {}).get(code)
        else:
            parts = (content.get("indicator_parts") or {}).get(code) or []
            value = next((part["value"] for part in parts if part["code"] == line.part.code), None)
        if value is not None:
            found[line.key] = value
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report_figures_fill(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a filled-in form in: first shown, then kept in the draft."""
    report, sections = _editable(request, pk)
    if request.method == "POST" and "du-lieu" in request.POST:
        return _keep(request, report, sections)
    posted = request.method == "POST"
    form = SheetForm(request.POST, request.FILES) if posted else SheetForm()
    found = None
    if posted and form.is_valid():
        try:
            checked = check_upload(form.cleaned_data["file"], allow=(".xlsx",))
            filled = read_form(checked.data)
            last = _last(report, list(lines_of(sections)))
            found = sheets_filling.plan(report, sections, filled, clean_comment=_clean_comment, last=last)
        except (UploadRefused, Refused) as refusal:
            form.add_error("file", str(refusal))
    return _page(request, report, sections, form, found)


def _clean_comment(words: str, plain: bool) -> str:
    """As the report's form checks it. Errors: ValidationError."""
    return WrittenField(max_length=COMMENT_LONGEST, plain=plain).clean(words)


def _page(
    request: HttpRequest,
    report: UnitReport,
    sections: list[ProgressReport],
    form: SheetForm,
    found: sheets_filling.Plan | None,
) -> HttpResponse:
    context = {
        "report": report,
        "form": form,
        "plan": found,
        "sealed": sheets_filling.seal(report, found) if found and found.changes else "",
        "has_figures": next(lines_of(sections), None) is not None,
        "nav_current": NAV,
    }
    wrong = form.errors or (found is not None and found.problems)
    return render(request, "tasks/unit/figures_sheet.html", context, status=422 if wrong else 200)


def _keep(request: HttpRequest, report: UnitReport, sections: list[ProgressReport]) -> HttpResponse:
    """Put what was shown into the draft."""
    try:
        kept = sheets_filling.fill(
            report, sections, request.POST["du-lieu"], request.POST.getlist("ghi"), by=request.user, now=clock.now()
        )
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("tasks:report_figures_fill", report.pk)
    for clash in kept.clashes:
        messages.warning(request, f"{clash.sentence.partition(';')[0]}; số của phần này chưa ghi, xin nạp lại tệp.")
    if kept.count:
        record("report.figures_filled", by=request.user, at=clock.now(), target=report, data={"count": kept.count})
        messages.success(request, sheets_filling.kept_words(kept))
    return redirect(reverse("tasks:report_edit", args=[report.pk]))
