"""Recording events, moving them to another day, saying that they took place or not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from directive_tracker.vietnamese import vn_date, vn_datetime
from records.audit import record
from records.models import StoredFile
from tasks.errors import Refused
from tasks.events.privacy import privacy_error
from tasks.models import Activity, ActivityFigure, ActivityPhoto, ActivityState, ActivityStep, Assignment

S = ActivityState
NOTE_MAX = 500
CAPTION_MAX = 200
MOST_PHOTOS = 20
# Nothing is planned further ahead, and nothing of a directive happened before it was given by more than this.
FARTHEST = timedelta(days=366)


@dataclass(frozen=True)
class ActivityInput:
    """What a unit says of an event. No hour: the whole day; no last day: it ends on the day it begins."""

    kind: str
    title: str
    starts_on: date
    starts_at: time | None = None
    ends_on: date | None = None
    ends_at: time | None = None
    place: str = ""
    area_id: int | None = None
    attendance: int | None = None
    figures: Mapping[int, int | None] | None = None


@transaction.atomic
def record_activity(
    assignment: Assignment, data: ActivityInput, *, by: Any, now: datetime, held: bool = False
) -> Activity:
    """Write an event down.

    Args:
        held: it took place already.

    Errors: Refused with a sentence.
    """
    refuse_days_that_cannot_be(data.starts_on, data.ends_on, today=timezone.localdate(now), held=held)
    state = S.HELD if held else S.PLANNED
    activity = Activity.objects.create(assignment=assignment, state=state, saved_by=by, saved_at=now, **_columns(data))
    _keep_figures(activity, data.figures)
    ActivityStep.objects.create(activity=activity, new_state=state, new_day=activity.starts_on, by=by, at=now)
    record("activity.recorded", by=by, at=now, target=activity, data={"day": activity.starts_on.isoformat()})
    return activity


@transaction.atomic
def change_activity(activity: Activity, data: ActivityInput, *, version: int, by: Any, now: datetime) -> Activity:
    """Mend what was written; another day goes through `postpone`, so the day stays unless it has not been held.

    Args:
        version: the one the page was opened with.

    Errors: Refused with a sentence; for a stale page who saved it when.
    """
    refuse_days_that_cannot_be(data.starts_on, data.ends_on, today=timezone.localdate(now), held=activity.is_held)
    old_day = activity.starts_on
    values = {**_columns(data), "version": version + 1, "saved_by": by, "saved_at": now}
    _save(activity, values, version=version)
    _keep_figures(activity, data.figures)
    if old_day != activity.starts_on:
        ActivityStep.objects.create(
            activity=activity,
            old_state=activity.state,
            new_state=activity.state,
            old_day=old_day,
            new_day=activity.starts_on,
            by=by,
            at=now,
        )
    record("activity.changed", by=by, at=now, target=activity, data=_moved(old_day, activity.starts_on))
    return activity


def hold(activity: Activity, *, attendance: int | None, by: Any, now: datetime) -> None:
    """It took place; how many came, where that is known. Errors: Refused."""
    if activity.starts_on > timezone.localdate(now):
        raise Refused(f"Sự kiện dự kiến ngày {vn_date(activity.starts_on)}, chưa đến ngày để ghi đã tổ chức.")
    values = {"attendance": attendance} if attendance is not None else {}
    _move(activity, S.HELD, "activity.held", by=by, now=now, values=values)


def postpone(activity: Activity, *, new_day: date, note: str, by: Any, now: datetime) -> None:
    """Move it to another day, keeping how long it lasts. Errors: Refused."""
    if activity.is_held:
        raise Refused("Sự kiện đã tổ chức, không lùi ngày nữa; ghi nhầm thì xin sửa.")
    if new_day == activity.starts_on:
        raise Refused(f"Ngày mới trùng ngày đang ghi ({vn_date(new_day)}).")
    last = new_day + (activity.ends_on - activity.starts_on)
    refuse_days_that_cannot_be(new_day, last, today=timezone.localdate(now), held=False)
    values = {"starts_on": new_day, "ends_on": last}
    _move(activity, S.POSTPONED, "activity.postponed", by=by, now=now, values=values, note=note)


def cancel(activity: Activity, *, note: str, by: Any, now: datetime) -> None:
    """It does not take place; it stays on record and leaves every count. Errors: Refused."""
    _move(activity, S.CANCELLED, "activity.cancelled", by=by, now=now, note=note)


@transaction.atomic
def _move(
    activity: Activity,
    new: ActivityState,
    verb: str,
    *,
    by: Any,
    now: datetime,
    values: dict | None = None,
    note: str = "",
) -> None:
    """One step, whoever else presses in the same moment."""
    if activity.is_cancelled or (new != S.POSTPONED and activity.state == new):
        last = activity.steps.select_related("by").first()
        done = f" ({last.by}, {vn_datetime(last.at)})" if last else ""
        raise Refused(f"Sự kiện đang ở tình trạng “{activity.get_state_display()}”{done}.")
    old_state, old_day, version = activity.state, activity.starts_on, activity.version
    changed = {**(values or {}), "state": new, "version": version + 1, "saved_by": by, "saved_at": now}
    _save(activity, changed, version=version)
    note = " ".join(note.split())[:NOTE_MAX]
    ActivityStep.objects.create(
        activity=activity,
        old_state=old_state,
        new_state=new,
        old_day=old_day,
        new_day=activity.starts_on,
        note=note,
        by=by,
        at=now,
    )
    record(verb, by=by, at=now, target=activity, data=_moved(old_day, activity.starts_on), reason=note)


def _moved(old: date, new: date) -> dict:
    return {"from": old.isoformat(), "to": new.isoformat()} if old != new else {}


def _save(activity: Activity, values: dict, *, version: int) -> None:
    """The filtered UPDATE lets one of two people win. Errors: Refused, saying who saved it when."""
    if not Activity.objects.filter(pk=activity.pk, version=version).update(**values):
        newer = Activity.objects.select_related("saved_by").get(pk=activity.pk)
        raise Refused(
            f"{newer.saved_by} vừa sửa sự kiện này lúc {vn_datetime(newer.saved_at)}. Nội dung anh/chị nhập vẫn còn "
            "dưới đây; xin xem lại bản mới rồi lưu."
        )
    for name, value in values.items():
        setattr(activity, name, value)


def _columns(data: ActivityInput) -> dict:
    return {
        "kind": data.kind,
        "title": " ".join(data.title.split()),
        "starts_on": data.starts_on,
        "starts_at": data.starts_at,
        "ends_on": data.ends_on or data.starts_on,
        "ends_at": data.ends_at,
        "place": " ".join(data.place.split()),
        "area_id": data.area_id,
        "attendance": data.attendance,
    }


def _keep_figures(activity: Activity, figures: Mapping[int, int | None] | None) -> None:
    """The figures as they are now; an emptied one is gone."""
    if figures is None:
        return
    activity.figures.filter(indicator__in=[pk for pk, value in figures.items() if value is None]).delete()
    for pk, value in figures.items():
        if value is not None:
            ActivityFigure.objects.update_or_create(activity=activity, indicator_id=pk, defaults={"value": value})


def refuse_days_that_cannot_be(first: date, last: date | None, *, today: date, held: bool) -> None:
    """Errors: Refused with a sentence saying what would be right."""
    if held and first > today:
        raise Refused(
            f"Ngày {vn_date(first)} chưa đến; sự kiện đã tổ chức thì ghi hôm nay ({vn_date(today)}) hoặc trước."
        )
    if abs(first - today) > FARTHEST:
        raise Refused(f"Ngày {vn_date(first)} cách hôm nay hơn một năm; xin xem lại năm.")
    if last is not None and last < first:
        raise Refused(f"Ngày cuối {vn_date(last)} đứng trước ngày đầu {vn_date(first)}.")
    if last is not None and last - first > FARTHEST:
        raise Refused(f"Sự kiện kéo dài đến {vn_date(last)}, hơn một năm; xin xem lại ngày cuối.")


# --- photos ---------------------------------------------------------------------------------------


@transaction.atomic
def add_photos(activity: Activity, files: Iterable[StoredFile], *, caption: str, by: Any, now: datetime) -> int:
    """Put pictures that passed the upload checks beside the event; how many.

    Errors: Refused: a caption that names a person, more pictures than a page shows.
    """
    caption = " ".join(caption.split())[:CAPTION_MAX]
    if error := privacy_error(caption, "Chú thích ảnh"):
        raise Refused(error)
    files = list(files)
    there = activity.photos.filter(removed_at__isnull=True).count()
    if there + len(files) > MOST_PHOTOS:
        raise Refused(f"Mỗi sự kiện giữ nhiều nhất {MOST_PHOTOS} ảnh; đã có {there} ảnh.")
    ActivityPhoto.objects.bulk_create(
        ActivityPhoto(activity=activity, file=file, caption=caption, added_by=by, added_at=now) for file in files
    )
    if files:
        record("activity.photos_added", by=by, at=now, target=activity, data={"count": len(files)})
    return len(files)


@transaction.atomic
def remove_photos(activity: Activity, pks: Iterable[int], *, by: Any, now: datetime) -> int:
    """Take pictures off the page; how many were there."""
    gone = activity.photos.filter(pk__in=list(pks), removed_at__isnull=True).update(removed_at=now)
    if gone:
        record("activity.photos_removed", by=by, at=now, target=activity, data={"count": gone})
    return gone
