"""Kết thúc theo dõi, and taking that back. The figures stay what they were on that day; the archive is made by a job."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from directive_tracker.vietnamese import ZONE, nfc, vn_date
from notifications import outbox
from notifications.models import Pulse
from records import jobs_runner
from records.audit import record
from records.models import Job
from tasks import tallies
from tasks.closing.checking import open_points
from tasks.enums import OPEN_STATES, DirectiveState
from tasks.errors import Refused
from tasks.lifecycle import required_reason
from tasks.models import Assignment, Directive, Nudge, ProgressReport, UnitReport, UpwardReport

ARCHIVE = "directive_archive"
UNANSWERED = "Văn bản còn việc chưa xong. Hãy xem lại; nếu vẫn kết thúc thì đánh dấu vào ô đồng ý."


@dataclass(frozen=True)
class Ending:
    """What is written down when a document is ended. anyway: the person has seen what is open and ends it all the same."""

    day: date
    report_number: str
    anyway: bool = False


def end(directive: Directive, ending: Ending, *, by: Any, now: datetime) -> Job:
    """End the following of a document: read-only from now on, nothing is reminded, figures as on the day; its archive is
    begun. Returns the job that makes the archive.

    Raises:
        Refused: it is not followed (any more), the day is impossible, there is no number, or something is open and nobody
            said that it does not matter.
    """
    refuse_day(directive, ending.day, today=timezone.localdate(now, ZONE))
    number = " ".join(nfc(ending.report_number).split())
    if not number:
        raise Refused("Hãy ghi số của báo cáo tổng hợp, ví dụ 125-BC/VPTU.")
    job = _end(directive, ending, number, by=by, now=now)
    # Afterwards and by itself: who sends mails locks them in another order, and what is not taken back here is taken back
    # when it would leave (tasks/notice_kinds.py).
    _take_back_notices(directive)
    return job


@transaction.atomic
def _end(directive: Directive, ending: Ending, number: str, *, by: Any, now: datetime) -> Job:
    held = Directive.objects.select_for_update().get(pk=directive.pk)
    if held.is_closed:
        raise Refused(f"{held.closed_by} đã kết thúc theo dõi văn bản này ngày {vn_date(held.closed_on)}.")
    if not held.is_issued:
        raise Refused("Văn bản chưa giao thì chưa kết thúc theo dõi được.")
    points = open_points(held, by)
    if points and not ending.anyway:
        raise Refused(UNANSWERED)
    # The open classes depend on the day: they are brought to this one and stay there.
    tallies.roll_forward(held, today=timezone.localdate(now, ZONE))
    values = {
        "state": DirectiveState.CLOSED,
        "closed_on": ending.day,
        "closed_by": by,
        "closing_report": number,
    }
    _set(directive, values)
    _touch_open_work(directive, now=now)
    data = {
        "from": DirectiveState.ISSUED.label,
        "to": DirectiveState.CLOSED.label,
        "closed_on": ending.day.isoformat(),
        "closing_report": number,
        "left_open": {point.words: point.count for point in points},
    }
    record("directive.closed", by=by, at=now, target=directive, data=data)
    return start_archive(directive, by=by, now=now)


def start_archive(directive: Directive, *, by: Any, now: datetime) -> Job:
    """Have the archive made of a document that was ended."""
    title = f"Hồ sơ lưu trữ: {directive.short_title}"
    return jobs_runner.start(ARCHIVE, title=title[:200], arguments={"directive": directive.pk}, by=by, now=now)


@transaction.atomic
def follow_again(directive: Directive, *, by: Any, now: datetime, reason: str) -> None:
    """Take an ending back: the work goes on from today. The archive that was made stays.

    Errors: Refused without a reason, or when it is followed already.
    """
    reason = required_reason(reason, "lý do theo dõi lại")
    held = Directive.objects.select_for_update().get(pk=directive.pk)
    if not held.is_closed:
        raise Refused("Văn bản này đang được theo dõi rồi.")
    data = {
        "from": DirectiveState.CLOSED.label,
        "to": DirectiveState.ISSUED.label,
        "closed_on": held.closed_on.isoformat() if held.closed_on else None,
        "closing_report": held.closing_report,
    }
    _set(directive, {"state": DirectiveState.ISSUED, "closed_on": None, "closed_by": None, "closing_report": ""})
    _touch_open_work(directive, now=now)
    tallies.roll_forward(directive, today=timezone.localdate(now, ZONE))
    # What would have been told meanwhile is looked at anew, from today's day on.
    Pulse.objects.plan_anew()
    record("directive.followed_again", by=by, at=now, target=directive, data=data, reason=reason)


def refuse_day(directive: Directive, day: date, *, today: date) -> None:
    """Errors: Refused for a day to come, or one before the document was issued."""
    if day > today:
        raise Refused(f"Ngày {vn_date(day)} chưa tới. Hãy ghi ngày đến hôm nay.")
    if directive.issued_on is not None and day < directive.issued_on:
        raise Refused(f"Văn bản giao ngày {vn_date(directive.issued_on)}; ngày kết thúc phải từ ngày đó trở đi.")


def _set(directive: Directive, values: dict[str, Any]) -> None:
    Directive.objects.filter(pk=directive.pk).update(**values)
    for name, value in values.items():
        setattr(directive, name, value)


def _touch_open_work(directive: Directive, *, now: datetime) -> None:
    """What was open is another thing from now on: calendars in other programs take over what is newer (tasks/feeds)."""
    Assignment.objects.filter(directive=directive, state__in=OPEN_STATES).update(updated_at=now)


def _take_back_notices(directive: Directive) -> None:
    """What was planned about the document, its work and its reports and has not left is not told any more."""
    outbox.supersede_all(
        (
            Directive.objects.filter(pk=directive.pk),
            directive.tasks.all(),
            directive.periods.all(),
            Assignment.objects.filter(directive=directive),
            UnitReport.objects.filter(directive=directive),
            ProgressReport.objects.filter(assignment__directive=directive),
            Nudge.objects.filter(assignment__directive=directive),
            UpwardReport.objects.filter(directive=directive),
        )
    )
