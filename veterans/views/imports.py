"""Lists of persons: brought, looked at, imported, taken back. No name of a person stands in an address."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directive_tracker import clock, crypto
from records.audit import record
from records.errors import UploadRefused
from records.spreadsheets import XLSX
from tasks.errors import Refused
from units.models import Area
from veterans.forms_imports import ListForm
from veterans.importing import applying, checking, errorfile, jobs, memory, reverting, showing, taking
from veterans.lists.codes import FileRefused
from veterans.models import ImportedRow, PersonImport
from veterans.querysets import access_for
from veterans.views.base import registrar_page

RECENT = 15
PAGE_SIZE = 25
State = PersonImport.State
# A file of so many bytes is read while the person waits: some two thousand rows.
AT_ONCE = 150_000


def _own(request, pk: int) -> PersonImport:
    """Errors: Http404."""
    rows = PersonImport.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("file", "area", "job", "uploaded_by", "applied_by", "reverted_by"), pk=pk
    )


@registrar_page
@require_http_methods(["GET", "HEAD", "POST"])
def import_list(request):
    """Bring a list; the last ones below."""
    now = clock.now()
    seen = PersonImport.objects.visible_to(request.user)
    senders = list(seen.order_by("sender").values_list("sender", flat=True).distinct()[:100])
    area_ids = access_for(request.user).area_ids
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ListForm(*sent, area_ids=area_ids, senders=senders)
    if request.method == "POST" and form.is_valid():
        try:
            checked = taking.accept(form.cleaned_data["file"])
            area: Area = form.cleaned_data["area"]
            found = taking.begin(checked, sender=form.cleaned_data["sender"], area=area, by=request.user, now=now)
        except UploadRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            if found.state == State.READING and found.job_id is None:
                record("import.brought", by=request.user, at=now, target=found)
                _read(found, request, now)
            return redirect("veterans:import", pk=found.pk)
    page = Paginator(
        seen.select_related("file", "area", "uploaded_by").order_by("-pk"), RECENT, allow_empty_first_page=True
    ).get_page(request.GET.get("page"))
    context = {"form": form, "page": page}
    return render(request, "veterans/imports/list.html", context, status=422 if form.errors else 200)


def _read(found: PersonImport, request, now) -> None:
    """Read it at once where it is small, else by a job."""
    checking.begin_again(found)
    if found.file.size <= AT_ONCE:
        checking.check_at_once(found, by=request.user, now=now)
    else:
        jobs.start_reading(found, by=request.user, now=now)


@registrar_page
@require_safe
def import_detail(request, pk: int):
    """What was recognised and what an import would do, or has done; how far a job is."""
    return _show(request, _own(request, pk))


def _show(request, found: PersonImport, *, status: int = 200):
    now = clock.now()
    is_reverting = jobs.is_reverting(found)
    is_busy = is_reverting or found.state in (State.READING, State.APPLYING)
    wanted = request.GET.get("xem", "")
    outcome = wanted if wanted in ImportedRow.Outcome.values else _first(found)
    page = None
    if not is_busy and outcome:
        rows = found.rows.filter(outcome=outcome).order_by("pk")
        page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
        if found.emptied_at is None and page.object_list:
            record("import.rows_read", by=request.user, at=now, target=found, data={"count": len(page.object_list)})
    before = taking.taken_before(found) if found.state == State.CHECKED else None
    context = {
        "found": found,
        "is_busy": is_busy,
        "is_reverting": is_reverting,
        "refusal_title": "Chưa gỡ được" if found.state == State.APPLIED else "Chưa nhập được",
        "is_stuck": is_busy and (found.job is None or not found.job.is_running),
        "lines": showing.lines(found),
        "outcome": outcome,
        "page": page,
        "rows": showing.rows(found, page.object_list) if page else [],
        "codes": showing.codes(found),
        "tables": found.columns,
        "converted": showing.converted(found),
        "before": before,
        "may_apply": found.state == State.CHECKED and showing.to_do(found) > 0,
        "nothing": showing.nothing(found),
        "may_revert": reverting.may_revert(found, now=now),
        "revert_until": reverting.last_moment(found) if found.applied_at else None,
    }
    return render(request, "veterans/imports/detail.html", context, status=status)


def _first(found: PersonImport) -> str:
    """The kind of rows to look at first: errors, then what is new."""
    counts = found.summary.get("counts", {})
    return next((kind for kind in ("error", "update", "create", "keep") if counts.get(kind)), "")


@registrar_page
@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request, pk: int):
    """Which column was taken for what, with three values of each; put right, the list is read again."""
    found = _own(request, pk)
    now = clock.now()
    if found.state != State.CHECKED:
        messages.info(request, showing.meanwhile(found))
        return redirect("veterans:import", pk=pk)
    problem, chosen = "", {}
    if request.method == "POST":
        chosen = showing.chosen_columns(found, request.POST)
        try:
            changed = memory.correct(found, chosen, by=request.user, now=now)
        except Refused as refusal:
            problem = str(refusal)
        except ValueError:
            problem = "Có cột chưa chọn đúng loại. Hãy chọn trong danh sách."
        else:
            if changed:
                _read(found, request, now)
                messages.success(request, "Đã sửa cột và đọc lại danh sách. Lần sau cùng nơi gửi được đọc như vậy.")
            else:
                messages.info(request, "Không có cột nào thay đổi.")
            return redirect("veterans:import", pk=pk)
    try:
        tables = showing.tables_with_samples(found, chosen)
    except (OSError, crypto.Unreadable, FileRefused):
        messages.error(request, checking.MISSING_FILE)
        return redirect("veterans:import", pk=pk)
    record("import.rows_read", by=request.user, at=now, target=found, data={"count": showing.SAMPLES})
    context = {"found": found, "tables": tables, "roles": memory.ROLES.items(), "problem": problem}
    return render(request, "veterans/imports/columns.html", context, status=422 if problem else 200)


@registrar_page
@require_POST
def import_read_again(request, pk: int):
    """Read the kept file again, against the registry of now."""
    found = _own(request, pk)
    is_running = found.job is not None and found.job.is_running
    if found.state in (State.APPLIED, State.REVERTED, State.CANCELLED) or is_running:
        messages.info(request, showing.meanwhile(found))
    else:
        _read(found, request, clock.now())
    return redirect("veterans:import", pk=pk)


@registrar_page
@require_POST
def import_apply(request, pk: int):
    """Import what the page showed; a long list by a job."""
    found = _own(request, pk)
    now = clock.now()
    if found.state != State.CHECKED:
        messages.info(request, showing.meanwhile(found))
        return redirect("veterans:import", pk=pk)
    if showing.to_do(found) > applying.AT_ONCE:
        jobs.start_import(found, by=request.user, now=now)
        return redirect("veterans:import", pk=pk)
    try:
        counts = applying.apply(found, by=request.user, now=now)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Đã nhập: tạo {counts['created']} hồ sơ, cập nhật {counts['updated']}.")
    return redirect("veterans:import", pk=pk)


@registrar_page
@require_POST
def import_revert(request, pk: int):
    """Take the whole list back; a long one by a job."""
    found = _own(request, pk)
    now = clock.now()
    if jobs.is_reverting(found):
        return redirect("veterans:import", pk=pk)
    if reverting.may_revert(found, now=now) and showing.to_do(found) > applying.AT_ONCE:
        jobs.start_reverting(found, by=request.user, now=now)
        return redirect("veterans:import", pk=pk)
    try:
        counts = reverting.revert(found, by=request.user, now=now)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        words = f"Đã gỡ danh sách: bỏ {counts['removed']} hồ sơ, trả lại {counts['put_back']} hồ sơ như trước."
        messages.success(request, words)
    return redirect("veterans:import", pk=pk)


@registrar_page
@require_POST
def import_leave(request, pk: int):
    """Leave a list that was not imported; what was read of it and the file go."""
    found = _own(request, pk)
    try:
        checking.leave(found, by=request.user, now=clock.now())
    except Refused:
        messages.info(request, showing.meanwhile(found))
        return redirect("veterans:import", pk=pk)
    messages.success(request, "Đã bỏ danh sách này; chưa có gì được nhập.")
    return redirect("veterans:imports")


@registrar_page
@require_POST
def import_errors(request, pk: int):
    """The rows with errors, as they were typed, to be mended and sent again; written down who took them."""
    found = _own(request, pk)
    try:
        content = errorfile.error_file(found)
    except Refused as refusal:
        messages.info(request, str(refusal))
        return redirect("veterans:import", pk=pk)
    except (OSError, crypto.Unreadable, FileRefused):
        messages.error(request, checking.MISSING_FILE)
        return redirect("veterans:import", pk=pk)
    count = found.summary.get("counts", {}).get("error", 0)
    record("import.errors_taken", by=request.user, at=clock.now(), target=found, data={"count": count})
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="danh-sach-{found.pk}-dong-loi.xlsx"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
