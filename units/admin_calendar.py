"""The page "Lịch làm việc": a year at a glance, and every change by way of its preview."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from directive_tracker import clock
from directive_tracker.admin_mixins import ReadOnlyMixin, TrackerAdmin
from directive_tracker.vietnamese import vn_number
from directive_tracker.workdays import WorkCalendar
from records import jobs_runner
from records.spreadsheets import XLSX
from records.uploads import UploadRefused
from units import calendar_changes, jobs
from units.calendar import calendar_of
from units.calendar_changes import Change, Preview, Stale
from units.calendar_import import LAYOUT, accept, read_year, template_bytes
from units.calendar_year import file_name, months_of, named_days, year_words
from units.errors import Refused
from units.forms_calendar import EntryForm, YearFileForm, YearForm
from units.models import CalendarDay, CalendarYear
from units.models.calendar import FIRST_YEAR, LAST_YEAR

# Lines of a preview and errors of a file that a page shows; their number is always said.
SHOWN = 200
# Above so many moved days a job saves the change: 4 000 took 2.0 s on two busy cores, the preview among them.
MOVES_IN_REQUEST = 3000


def _administrators_only(request: HttpRequest) -> None:
    if not request.access.is_administrator:
        raise PermissionDenied


class _Now:
    """The calendar of now with what the office entered: two statements."""

    def __init__(self) -> None:
        self.own = {row.date: row for row in CalendarDay.objects.all()}
        self.years = {row.year: row for row in CalendarYear.objects.all()}
        self.calendar: WorkCalendar = calendar_of(
            self.own.values(), {year: row.announced for year, row in self.years.items()}
        )

    def number(self, year: int) -> str:
        """The notice of a year, as far as it was noted."""
        return self.years[year].notice_number if year in self.years else ""


@admin.register(CalendarDay)
class CalendarDayAdmin(ReadOnlyMixin, TrackerAdmin):
    """Rows are read here and written by units.calendar_changes alone, so that no change goes past its preview."""

    fields = ("date", "is_working", "reason", "notice_number", "swapped_with")

    def get_urls(self) -> list:
        """With the pages that change the calendar."""
        wrap = self.admin_site.admin_view
        return [
            path("ngay/", wrap(self.entry_view), name="units_calendar_entry"),
            path("bo/<int:pk>/", wrap(self.remove_view), name="units_calendar_remove"),
            path("nam/<int:year>/cong-bo/", wrap(self.year_view), name="units_calendar_year"),
            path("nam/<int:year>/tep.xlsx", wrap(self.file_view), name="units_calendar_file"),
            path("nhap/", wrap(self.import_view), name="units_calendar_import"),
            path("luu/", wrap(self.apply_view), name="units_calendar_apply"),
            *super().get_urls(),
        ]

    # --- the year ---------------------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """A year at a glance; `?nam=2025` another one. A year that cannot be is this one."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self._year_page(request, _year_asked(request))

    def _year_page(self, request: HttpRequest, year: int, **context: Any) -> HttpResponse:
        now, today = _Now(), clock.today()
        return self._page(
            request,
            "admin/calendar_year.html",
            f"Lịch làm việc năm {year}",
            year=year,
            before=year - 1 if year > FIRST_YEAR else None,
            after=year + 1 if year < LAST_YEAR else None,
            months=months_of(year, now.calendar, now.own, today=today),
            named=named_days(year, now.calendar, now.own),
            announced=now.calendar.is_announced(year),
            announced_words=year_words(now.calendar, year, now.number(year)),
            form=context.pop("form", None) or YearForm(initial={"notice_number": now.number(year)}),
            may_change=request.access.is_administrator,
            status=context.pop("status", 200),
        )

    def year_view(self, request: HttpRequest, year: int) -> HttpResponse:
        """Say that the days off of a year are official, or, after all, not; POST shows the preview."""
        _administrators_only(request)
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise Http404
        if request.method != "POST":
            return redirect(_year_address(year))
        form = YearForm(request.POST)
        if not form.is_valid():
            return self._year_page(request, year, form=form, status=422)
        return self._preview(request, form.change(year, announced=request.POST.get("announced") != "0"))

    def file_view(self, request: HttpRequest, year: int) -> HttpResponse:
        """The year as a workbook, to be corrected and brought back."""
        _administrators_only(request)
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise Http404
        now = _Now()
        response = HttpResponse(template_bytes(year, now.calendar, now.own, demo=settings.DEMO), content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="{file_name(year, clock.today())}"'
        response["X-Content-Type-Options"] = "nosniff"
        return response

    # --- changes ----------------------------------------------------------------------------------

    def entry_view(self, request: HttpRequest) -> HttpResponse:
        """A day off, a day worked, a swap; POST shows the preview."""
        _administrators_only(request)
        now = _Now()
        form = EntryForm(request.POST or None, calendar=now.calendar, own=set(now.own))
        if request.method == "POST" and form.is_valid():
            try:
                return self._preview(request, form.change())
            except Refused as refusal:
                form.add_error(None, str(refusal))
        status = 422 if request.method == "POST" else 200
        return self._page(request, "admin/calendar_entry.html", "Ghi vào lịch làm việc", form=form, status=status)

    def remove_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What taking an own entry away would do; nothing is changed by looking."""
        _administrators_only(request)
        row = get_object_or_404(CalendarDay, pk=pk)
        change = calendar_changes.removal_of(row, CalendarDay.objects.filter(date=row.swapped_with))
        try:
            return self._preview(request, change)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(_year_address(row.date.year))

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """A year by file; POST shows the errors, or the preview."""
        _administrators_only(request)
        form = YearFileForm(request.POST or None, request.FILES or None, initial={"year": _year_asked(request)})
        context: dict[str, Any] = {}
        if request.method == "POST" and form.is_valid():
            try:
                book, now = accept(form.cleaned_data["file"]), _Now()
                read = read_year(
                    book,
                    form.cleaned_data["year"],
                    calendar=now.calendar,
                    own=now.own,
                    announce=form.announcement(),
                )
                if not read.problems:
                    return self._preview(request, read.change, remarks=read.remarks, same=read.same)
                context = {"problems": read.problems[:SHOWN], "problem_count": len(read.problems)}
            except (UploadRefused, Refused) as refusal:
                form.add_error("file", str(refusal))
        return self._page(
            request,
            "admin/calendar_import.html",
            "Nhập lịch của một năm từ tệp",
            form=form,
            columns=LAYOUT.columns,
            year=_year_asked(request),
            status=422 if request.method == "POST" else 200,
            **context,
        )

    def apply_view(self, request: HttpRequest) -> HttpResponse:
        """Save what the preview showed; when it is no longer true, show what is."""
        _administrators_only(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            change = Change.unsealed(request.POST.get("change", ""))
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:units_calendarday_changelist")
        seen = request.POST.get("digest", "")
        try:
            shown = calendar_changes.preview(change)
            if shown.digest == seen and len(shown.moves) > MOVES_IN_REQUEST:
                return self._hand_over(request, change, seen)
            done = calendar_changes.apply(change, digest=seen, by=request.user, now=clock.now())
        except Stale as stale:
            if not stale.preview.has_work:
                messages.info(request, "Không có gì thay đổi: lịch đã đúng như vậy.")
                return redirect(_year_address(_year_of(change)))
            return self._preview_page(request, stale.preview, stale=str(stale), status=409)
        except Refused as refusal:
            messages.error(request, f"Chưa lưu: {refusal}")
            return redirect(_year_address(_year_of(change)))
        moved = f" Đã chuyển {vn_number(len(done.moves))} hạn." if done.moves else ""
        messages.success(request, f"Đã lưu lịch làm việc.{moved}")
        return redirect(_year_address(_year_of(change)))

    def _hand_over(self, request: HttpRequest, change: Change, digest: str) -> HttpResponse:
        """Let a job save it; its page says how it went."""
        job = jobs_runner.start(
            jobs.CALENDAR,
            title=f"Lưu lịch làm việc năm {_year_of(change)} và chuyển hạn",
            arguments={"change": change.sealed(), "digest": digest},
            by=request.user,
            now=clock.now(),
        )
        return redirect("records:job", pk=job.pk)

    # --- pages ------------------------------------------------------------------------------------

    def _preview(self, request: HttpRequest, change: Change, **context: Any) -> HttpResponse:
        """Errors: Refused when the change cannot stand."""
        return self._preview_page(request, calendar_changes.preview(change), **context)

    def _preview_page(self, request: HttpRequest, preview: Preview, **context: Any) -> HttpResponse:
        return self._page(
            request,
            "admin/calendar_preview.html",
            "Xem trước thay đổi lịch làm việc",
            preview=preview,
            moves=preview.moves[:SHOWN],
            shown=SHOWN,
            sealed=preview.change.sealed(),
            year=_year_of(preview.change),
            **context,
        )

    def _page(
        self, request: HttpRequest, template: str, title: str, *, status: int = 200, **context: Any
    ) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, **context}
        return TemplateResponse(request, template, context, status=status)


def _year_asked(request: HttpRequest) -> int:
    """The year of the address; this one where none is said, or one that cannot be."""
    text = request.GET.get("nam", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else clock.today().year


def _year_address(year: int) -> str:
    return f"{reverse('admin:units_calendarday_changelist')}?nam={year}"


def _year_of(change: Change) -> int:
    """The year a change is mostly about."""
    days: list[date] = [one.day for one in change.days]
    return change.years[0].year if change.years else min(days).year if days else clock.today().year
