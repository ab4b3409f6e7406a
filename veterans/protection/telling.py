"""Who keeps the registry is told in the app when a request about data is due or late; no name, no mail."""

from datetime import datetime

from django.urls import reverse

from directive_tracker.vietnamese import vn_date
from notifications.outbox import Telling, tell_many
from units.calendar import work_calendar
from units.models import Membership, Role
from veterans.models import DataRequest
from veterans.people import day_of
from veterans.protection import requests

KIND = "data_request"
# Working days before the day that the first notice comes.
AHEAD = 1


def tell_due(now: datetime) -> int:
    """Write down what is due within a working day and what is late; each once a day of due and stage.

    Returns: how many are new. One statement where nothing is due.
    """
    today = day_of(now)
    open_ones = DataRequest.objects.filter(state__in=requests.OPEN_STATES).select_related("person__residence__parent")
    # Few are open at a time; the calendar is asked only where there are any.
    found = list(requests.by_due_day(open_ones))
    if not found:
        return 0
    last = work_calendar().add(today, AHEAD)
    found = [request for request in found if request.next_due <= last]
    keepers = _keepers(found, today)
    tellings = []
    for request in found:
        late = request.next_due < today
        step = "trả lời" if request.state == DataRequest.State.OPEN else "thực hiện"
        due = vn_date(request.next_due)
        words = f"đã quá hạn {step} ({due})" if late else f"{step} trước hết ngày {due}"
        stage = "late" if late else "due"
        for user in keepers[request.pk]:
            tellings.append(
                Telling(
                    key=f"{KIND}:{request.pk}:{request.next_due:%Y%m%d}:{request.state}:{stage}:{user.pk}",
                    kind=KIND,
                    recipient=user,
                    title=f"Yêu cầu về dữ liệu số {request.pk}: {words}",
                    url=reverse("veterans:data_request", args=[request.pk]),
                    target=request,
                )
            )
    return tell_many(tellings, now=now)


def _keepers(found: list[DataRequest], today) -> dict[int, list]:
    """Request → the registrars of the person's commune and of the areas above it. One statement."""
    above = {request.pk: _areas(request.person.residence) for request in found}
    areas: set[int] = set().union(*above.values())
    rows = (
        Membership.objects.active_on(today)
        .filter(role=Role.REGISTRAR, area__in=areas, user__is_active=True)
        .select_related("user")
        .order_by("pk")
    )
    keepers = list(rows)
    return {
        pk: list({row.user_id: row.user for row in keepers if row.area_id in places}.values())
        for pk, places in above.items()
    }


def _areas(commune) -> set[int]:
    district = commune.parent
    return {pk for pk in (commune.pk, commune.parent_id, district.parent_id if district else None) if pk}
