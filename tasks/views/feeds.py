"""Lịch cho phần mềm khác: the person's addresses, and the calendar that stands behind one."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from directive_tracker import clock
from directive_tracker.addresses import client_address
from directive_tracker.demo_line import DEMO_LINE
from directive_tracker.row_ids import row_id_or_404
from tasks.errors import Refused
from tasks.exports import ics
from tasks.feeds.addresses import make, may_have, note_read, read, revoke, units_of
from tasks.feeds.entries import entries_of
from tasks.links import guessing
from tasks.models import CalendarFeed
from tasks.views.access import allowed
from units.models import Unit

NAV = "tasks:month"
REFRESH = timedelta(hours=6)
UNKNOWN = "Không có lịch này. Có thể địa chỉ chép thiếu, hoặc đã được tạo lại hay hủy."
SLOWER = "Máy này vừa mở nhiều địa chỉ lịch không đúng. Xin chờ 10 phút."


@require_safe
@never_cache
@login_required
def feed_list(request: HttpRequest) -> HttpResponse:
    """The calendars the person may have, which have an address, and when it was last read."""
    return _list_page(request)


def _list_page(request: HttpRequest, *, shown: CalendarFeed | None = None, address: str = "") -> HttpResponse:
    allowed(may_have(request.user))
    alive = CalendarFeed.objects.visible_to(request.user).alive().select_related("unit")
    by_unit = {feed.unit_id: feed for feed in alive}
    units = units_of(request.user)
    rows: list[tuple[Unit | None, CalendarFeed | None]] = [(None, by_unit.pop(None, None))]
    rows += [(unit, by_unit.pop(unit.pk, None)) for unit in units]
    # Of a unit that was left: the address can still be taken back.
    rows += [(feed.unit, feed) for feed in by_unit.values()]
    context = {
        "rows": rows,
        "own": {unit.pk for unit in units},
        "shown": shown,
        "address": address,
        "nav_current": NAV,
    }
    return render(request, "tasks/feeds/list.html", context)


@require_POST
@never_cache
@login_required
def feed_make(request: HttpRequest) -> HttpResponse:
    """Make an address, or a new one in place of the old; this answer alone shows it."""
    allowed(may_have(request.user))
    unit, wanted = None, request.POST.get("unit", "")
    if wanted:
        pks = [own.pk for own in units_of(request.user)]
        unit = get_object_or_404(Unit.objects.filter(pk__in=pks), pk=row_id_or_404(wanted))
    try:
        feed, address = make(request.user, unit, now=clock.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("tasks:feed_list")
    return _list_page(request, shown=feed, address=address)


@require_POST
@login_required
def feed_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an address back, at once and for ever."""
    feed = get_object_or_404(CalendarFeed.objects.visible_to(request.user), pk=pk)
    if revoke(feed, by=request.user, now=clock.now()):
        messages.success(request, "Đã hủy địa chỉ. Phần mềm lịch không đọc được nữa.")
    else:
        messages.info(request, "Địa chỉ này đã hủy từ trước.")
    return redirect("tasks:feed_list")


@require_safe
def feed_file(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar, for whoever holds its address: no sign-in, no cookie, nothing of the rest of the site."""
    feed = read(token)
    if feed is None:
        wait = guessing.too_many(client_address(request))
        response = HttpResponse(
            f"{SLOWER if wait else UNKNOWN}\n", content_type="text/plain; charset=utf-8", status=429 if wait else 404
        )
    else:
        response = _calendar(request, feed)
        # Its reader keeps it and asks whether it has changed.
        response["Cache-Control"] = "private"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _calendar(request: HttpRequest, feed: CalendarFeed) -> HttpResponse:
    today = clock.today()
    name = f"Việc của {feed.unit.short_name}" if feed.unit else "Việc theo văn bản chỉ đạo"
    title = f"{name} – {DEMO_LINE}" if settings.DEMO else name
    body = ics.write_ics(entries_of(feed, today=today), name=title, stamp=feed.made_at, refresh=REFRESH)
    if feed.last_read_on != today and request.method == "GET":
        note_read(feed, today=today)
    response = HttpResponse(body, content_type=ics.CONTENT_TYPE)
    response["Content-Disposition"] = 'inline; filename="lich.ics"'
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response)
