"""The month calendar, one day of it, and the same as a file for calendar programs."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from directive_tracker import clock
from directive_tracker.demo_line import DEMO_LINE
from directive_tracker.row_ids import row_id_or_404
from directive_tracker.vietnamese import vn_date, vn_weekday
from tasks.enums import DirectiveState
from tasks.events.month import (
    A_DAY,
    Entry,
    Wanted,
    activities_of,
    build_month,
    day_title,
    gather,
    last_of,
    month_word,
    read_month,
)
from tasks.exports import ics
from tasks.feeds.addresses import may_have
from tasks.models import Assignment, Directive
from tasks.views.access import allowed
from units.calendar import work_calendar
from units.models import Unit

PAGE_SIZE = 50
NEWEST = 20
MOST_UNITS = 300


def _number(text: str) -> int | None:
    """A pk out of an address, None for "". Errors: Http404 for anything else."""
    return row_id_or_404(text) if text else None


def _month(request: HttpRequest) -> date:
    first = read_month(request.GET.get("thang", ""), today=clock.today())
    if first is None:
        raise Http404("Tháng ghi dạng 2024-05.")
    return first


def _wanted(request: HttpRequest) -> tuple[Wanted, list[Directive], list[Unit]]:
    """Whose work of which document, and what can be chosen from (two statements). Errors: Http404, PermissionDenied."""
    allowed(request.access.works_for_a_unit or request.access.sees_all_assignments)
    directives = list(
        Directive.objects.visible_to(request.user)
        .exclude(state=DirectiveState.DRAFT)
        .order_by("-issued_on", "-pk")
        .only("pk", "short_title", "state")[:NEWEST]
    )
    chosen, unit_id = _number(request.GET.get("van-ban", "")), _number(request.GET.get("don-vi", ""))
    directive = next((row for row in directives if row.pk == chosen), None)
    if chosen is not None and directive is None:
        rows = Directive.objects.visible_to(request.user).exclude(state=DirectiveState.DRAFT)
        directive = rows.filter(pk=chosen).first()
        if directive is None:
            raise Http404("Không có văn bản này.")
        directives.append(directive)
    seen = Assignment.objects.visible_to(request.user).filter(unit=OuterRef("pk"))
    units = list(Unit.objects.filter(Exists(seen)).in_official_order()[:MOST_UNITS])
    if unit_id is not None and not any(unit.pk == unit_id for unit in units):
        raise Http404("Không có đơn vị này trong các đơn vị anh/chị được xem.")
    names_tasks = directive is not None or unit_id is not None or len(directives) == 1
    return Wanted(request.user, clock.today(), directive, unit_id, names_tasks), directives, units


def _query(request: HttpRequest, **changed: str) -> str:
    kept = {name: request.GET[name] for name in ("van-ban", "don-vi") if request.GET.get(name)}
    return f"?{urlencode({**kept, **{name: value for name, value in changed.items() if value}})}"


@require_safe
@login_required
def month(request: HttpRequest) -> HttpResponse:
    """A month in weeks; with ?ngay= one day with everything of it."""
    wanted, directives, units = _wanted(request)
    context: dict[str, Any] = {"directives": directives, "units": units, "wanted": wanted}
    if word := request.GET.get("ngay", ""):
        return _day_page(request, word, wanted, context)
    shown = build_month(_month(request), wanted, work_calendar())
    context |= {
        "month": shown,
        "limit": A_DAY,
        "weekdays": ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật"),
        "before_url": _query(request, thang=shown.before) if shown.before else "",
        "after_url": _query(request, thang=shown.after) if shown.after else "",
        "today_url": _query(request),
        "file_url": reverse("tasks:month_file") + _query(request, thang=shown.word),
        "kept": _query(request),
        "may_subscribe": may_have(request.user),
    }
    return render(request, "tasks/events/month.html", context)


def _day_page(request: HttpRequest, word: str, wanted: Wanted, context: dict[str, Any]) -> HttpResponse:
    try:
        day = date.fromisoformat(word)
    except ValueError:
        raise Http404("Ngày ghi dạng 2024-05-07.") from None
    found = gather(day, day, wanted, limit=A_DAY)
    others = [entry for entry in found.entries.get(day, []) if entry.activity is None]
    rows = activities_of(wanted).between(day, day).for_listing()
    context |= {
        "title": f"{vn_weekday(day)}, {vn_date(day)}",
        "why": day_title(day, work_calendar()),
        "others": others,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "back_url": reverse("tasks:month") + _query(request, thang=month_word(day)),
    }
    return render(request, "tasks/events/day.html", context)


@require_safe
@login_required
def month_file(request: HttpRequest) -> HttpResponse:
    """The month as .ics: kinds, units and codes of tasks; nothing that somebody typed about people or places."""
    wanted, _, _ = _wanted(request)
    first = _month(request)
    found = gather(first, last_of(first), wanted, limit=None)
    title = f"Lịch tháng {first.month}/{first.year}" + (f" – {DEMO_LINE}" if settings.DEMO else "")
    body = ics.write_ics([_ics_event(entry) for entry in [*found.spans, *found.all]], name=title, stamp=clock.now())
    response = HttpResponse(body, content_type=ics.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="lich-{month_word(first)}.ics"'
    return response


def _ics_event(entry: Entry) -> ics.IcsEvent:
    activity = entry.activity
    return ics.IcsEvent(
        uid=f"{entry.key}@theo-doi-chi-dao",
        title=entry.plain,
        first=entry.day,
        last=entry.last_day or entry.day,
        starts_at=activity.starts_at if activity else None,
        ends_at=activity.ends_at if activity else None,
        url=f"{settings.SITE_URL}{entry.url}",
        cancelled=entry.is_off,
    )
