"""Pages of the demo alone: the next working day, and the tour of five minutes. Elsewhere they are 404."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from directive_tracker import clock
from directive_tracker.demo_story.tour import tour_steps
from directive_tracker.next_page import safe_next
from directive_tracker.vietnamese import ZONE, vn_date, vn_weekday
from notifications.rounds import run_round
from tasks.digests.making import make_meanwhile
from tasks.ranking.days import note_days
from units.calendar import work_calendar

MORNING = time(8, 0)
View = Callable[..., HttpResponse]


def demo_only(view: View) -> View:
    """Let the page exist in the demo only."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@demo_only
@never_cache
@require_POST
def next_day(request: HttpRequest) -> HttpResponse:
    """Move the clock to 08:00 of the next working day and send what that morning asks for.

    Units and office do nothing by themselves: what happens next is the visitor's to try.
    """
    before = clock.today()
    day = work_calendar().next_working_day(before)
    moment = datetime.combine(day, MORNING, ZONE)
    make_meanwhile(clock.now(), moment)
    clock.set_demo_clock(moment)
    note_days(before, day - timedelta(days=1), now=moment)
    sent = run_round(now=moment)["sent"]
    days_off = (day - before).days - 1
    words = [f"Hôm nay là {vn_weekday(day)} {vn_date(day)}"]
    if days_off:
        words.append(f"đã qua {days_off} ngày nghỉ")
    words.append(f"{sent} thư nhắc việc đã gửi" if sent else "không có thư nhắc việc nào phải gửi")
    messages.info(request, " · ".join(words) + ".")
    return redirect(safe_next(request) or "/")


@demo_only
@never_cache
@require_safe
def tour(request: HttpRequest) -> HttpResponse:
    """The story in six steps, each ticked once somebody has done it; open to those who have not signed in."""
    steps = tour_steps()
    done = sum(step.done for step in steps)
    return render(request, "demo/tour.html", {"steps": steps, "done": done})
