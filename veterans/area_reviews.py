"""How far the review of the communes has come, by source: written cell by cell, read as one table.

The one rule of "đã rà soát" lives here: at least one source has finished a commune and none is still under way.
"""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from directive_tracker import vietnamese
from records.audit import record
from tasks.errors import Refused
from units.models import Area
from veterans.campaigns import open_one
from veterans.enums import ReviewSource, ReviewState
from veterans.models import AreaReview, Campaign
from veterans.people import day_of
from veterans.wording import line

# The word of a cell without a row; never stored.
NOT_BEGUN = ""
NOT_BEGUN_WORDS = "Chưa rà soát"


def reviewed(communes: QuerySet, today: date) -> QuerySet:
    """Those of the communes that count as reviewed at the end of that day."""
    return communes.filter(reviewed_by(today, campaign=Campaign.objects.present()))


def reviewed_by(day: date, *, campaign, since: date | None = None) -> Q:
    """The condition on communes: reviewed in that campaign at the end of that day.

    Args:
        campaign: its key, or a subquery that gives it.
        since: only those that no source had finished before that day.
    """
    rows = AreaReview.objects.filter(campaign=campaign, area=OuterRef("pk"))
    tomorrow = datetime.combine(day + timedelta(days=1), time.min, tzinfo=vietnamese.ZONE)
    found = Q(Exists(rows.filter(reviewed_on__lte=day))) & ~Q(
        Exists(rows.filter(state=ReviewState.DOING, at__lt=tomorrow))
    )
    return found if since is None else found & ~Q(Exists(rows.filter(reviewed_on__lt=since)))


def is_reviewed(states: list[str]) -> bool:
    """The same rule for the states of one commune's sources."""
    return bool({ReviewState.DONE, ReviewState.NOBODY} & set(states)) and ReviewState.DOING not in states


@transaction.atomic
def write(
    area: Area,
    source: str,
    *,
    state: str,
    people: int | None = None,
    signed_by: str = "",
    on: date | None = None,
    note: str = "",
    was: str | None = None,
    by,
    now: datetime,
) -> AreaReview | None:
    """Set one cell of the table.

    Args:
        state: of ReviewState, or NOT_BEGUN, which takes the row away; the history keeps what stood there.
        people: how many were found; needed for DONE, nought for NOBODY.
        on: the day it was finished, today without one; of no meaning while it is under way.
        was: the state the writer had before the eyes; None when it does not matter.

    Returns the row, or None. Errors: Refused for what cannot be, or when somebody has written the cell in the meantime;
    ValidationError for an area that is no commune.
    """
    campaign = open_one()
    row = AreaReview.objects.select_for_update().filter(area=area, campaign=campaign, source=source).first()
    before = row.state if row else NOT_BEGUN
    if was is not None and was != before:
        raise Refused(_changed_meanwhile(area, row))
    if state == NOT_BEGUN:
        if row:
            _delete(row, by=by, now=now)
        return None
    row = row or AreaReview(area=area, campaign=campaign, source=source)
    row.state = state
    row.people = _people(state, people)
    row.signed_by = line(signed_by)
    row.note = line(note)
    row.reviewed_on = _day(state, on, day_of(now))
    row.by, row.at = by, now
    row.clean_fields()
    row.clean()
    row._history_user, row._history_date = by, now
    row.save()
    record("area.reviewed", by=by, at=now, target=row, data=_data(row))
    return row


def _people(state: str, people: int | None) -> int | None:
    """How many people a finished list names. Errors: Refused."""
    if state == ReviewState.NOBODY:
        if people:
            raise Refused("Đã ghi “không có ai” thì số người để trống.")
        return 0
    if state == ReviewState.DONE and people == 0:
        raise Refused("Không có ai thì chọn “Xong, không có ai”.")
    return people


def _day(state: str, on: date | None, today: date) -> date | None:
    """The day a list was finished. Errors: Refused."""
    if state == ReviewState.DOING:
        return None
    if on and on > today:
        raise Refused("Ngày rà soát xong không được sau hôm nay.")
    return on or today


def _delete(row: AreaReview, *, by, now: datetime) -> None:
    record("area.review_reopened", by=by, at=now, target=row, data=_data(row))
    row._history_user, row._history_date = by, now
    row.delete()


def _data(row: AreaReview) -> dict[str, str]:
    """Which cell, for the log; the words stand in apps.py."""
    return {"review_source": f"review_{row.source}", "review_state": f"review_{row.state}"}


def _changed_meanwhile(area: Area, row: AreaReview | None) -> str:
    if row is None:
        return f"{area.name}: trong lúc sửa, người khác đã đưa ô này về “{NOT_BEGUN_WORDS.lower()}”."
    when = vietnamese.vn_date(row.at.astimezone(vietnamese.ZONE).date())
    return f"{area.name}: trong lúc sửa, {row.by} đã ghi “{row.get_state_display().lower()}” ngày {when}."


def people_found(area: Area) -> int:
    """How many people of the commune are on the list."""
    return area.people.on_the_list().count()


def finish(area: Area, *, by, now: datetime, source: str = ReviewSource.COMMUNE, signed_by: str = "") -> AreaReview:
    """Write a commune down as finished, with as many people as the list has of it. Errors: as write()."""
    count = people_found(area)
    state = ReviewState.DONE if count else ReviewState.NOBODY
    row = write(area, source, state=state, people=count, signed_by=signed_by, was=NOT_BEGUN, by=by, now=now)
    assert row is not None
    return row
