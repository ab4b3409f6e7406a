"""Inspections: writing down what was seen, sending it to the units, their answers, closing or sending back."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from directive_tracker.vietnamese import vn_date, vn_datetime
from records.audit import record
from records.models import StoredFile
from tasks.enums import AssignmentRole
from tasks.errors import Refused
from tasks.events import telling
from tasks.events.privacy import privacy_error
from tasks.events.rules import NO_EVENTS, inspecting_unit_id, is_inspectable, refuse_own_unit
from tasks.models import (
    Assignment,
    DirectiveTask,
    Finding,
    FindingState,
    FindingStep,
    InspectedPlace,
    Inspection,
    StepKind,
)
from units.models import Unit

F = FindingState
WORDS_MIN, WORDS_MAX = 3, 500
PLACE_MIN, PLACE_MAX = 2, 200
# A notebook of one day; more than these are two inspections.
MOST_PLACES = 60
# A day further off is a slip of the pen.
FARTHEST = timedelta(days=366)


def units_answerable(task: DirectiveTask) -> list[Unit]:
    """The units that carry the task, in the official order: only these answer for a place."""
    carrying = Assignment.objects.filter(task=task).exclude(role=AssignmentRole.INFORMED).exclude(state__in=NO_EVENTS)
    return list(Unit.objects.filter(pk__in=carrying.values("unit")).in_official_order())


@transaction.atomic
def begin_inspection(task: DirectiveTask, *, day: date, by: Any, now: datetime) -> Inspection:
    """Open the notebook of one day; nobody but the inspecting unit sees it until it is sent. Errors: Refused."""
    today = timezone.localdate(now)
    unit_id = inspecting_unit_id(by, task)
    if unit_id is None or not is_inspectable(task):
        raise Refused("Nhiệm vụ này không ghi cuộc kiểm tra được.")
    if day > today:
        raise Refused(f"Ngày kiểm tra {vn_date(day)} chưa đến; hãy ghi hôm nay ({vn_date(today)}) hoặc trước đó.")
    if task.directive.issued_on and day < task.directive.issued_on:
        raise Refused(f"Ngày kiểm tra {vn_date(day)} trước ngày giao văn bản ({vn_date(task.directive.issued_on)}).")
    inspection = Inspection.objects.create(task=task, unit_id=unit_id, day=day, recorded_by=by, recorded_at=now)
    record("inspection.begun", by=by, at=now, target=inspection)
    return inspection


@transaction.atomic
def add_place(inspection: Inspection, *, kind: str, name: str, unit: Unit, by: Any, now: datetime) -> InspectedPlace:
    """Write down one place that was looked at. Errors: Refused with a sentence."""
    _hold_open(inspection)
    refuse_own_unit(by, unit, inspection.task)
    name = " ".join(name.split())
    _between(name, "tên nơi kiểm tra", PLACE_MIN, PLACE_MAX)
    if error := privacy_error(name, "Nơi kiểm tra"):
        raise Refused(error)
    if inspection.places.count() >= MOST_PLACES:
        raise Refused(f"Mỗi cuộc kiểm tra ghi nhiều nhất {MOST_PLACES} nơi; xin lập cuộc kiểm tra khác.")
    return InspectedPlace.objects.create(inspection=inspection, kind=kind, name=name, unit=unit)


@transaction.atomic
def add_finding(
    place: InspectedPlace, *, words: str, mend_by: date, photo: StoredFile | None, by: Any, now: datetime
) -> Finding:
    """Write down what has to be mended there and by when. Errors: Refused with a sentence."""
    _hold_open(place.inspection)
    words = " ".join(words.split())
    _between(words, "kiến nghị", WORDS_MIN, WORDS_MAX)
    if error := privacy_error(words, "Kiến nghị"):
        raise Refused(error)
    _refuse_day(mend_by, today=timezone.localdate(now))
    return Finding.objects.create(
        place=place, words=words, mend_by=mend_by, photo=photo, recorded_by=by, recorded_at=now
    )


@transaction.atomic
def remove_place(place: InspectedPlace, *, by: Any, now: datetime) -> None:
    """Strike a place out before the inspection is sent. Errors: Refused."""
    _hold_open(place.inspection)
    place.delete()


@transaction.atomic
def send_inspection(inspection: Inspection, *, by: Any, now: datetime) -> int:
    """Send it: each unit with findings is told at once, once; the number of findings.

    Errors: Refused: no place yet, sent by somebody else in the same moment, a day to mend that is over meanwhile.
    """
    if not inspection.places.exists():
        raise Refused("Cuộc kiểm tra chưa có nơi nào; hãy ghi ít nhất một nơi rồi gửi.")
    today = timezone.localdate(now)
    findings = list(
        Finding.objects.filter(place__inspection=inspection).select_related("place__unit", "place__inspection__task")
    )
    for unit in {finding.place.unit for finding in findings}:
        refuse_own_unit(by, unit, inspection.task)
    over = next((finding for finding in findings if finding.mend_by < today), None)
    if over is not None:
        raise Refused(
            f"Ngày khắc phục {vn_date(over.mend_by)} tại “{over.place.name}” đã qua; hãy bỏ nơi đó và ghi lại."
        )
    if not Inspection.objects.filter(pk=inspection.pk, sent_at__isnull=True).update(sent_at=now, sent_by=by):
        raise Refused(_sent_words(inspection))
    inspection.sent_at, inspection.sent_by = now, by
    record("inspection.sent", by=by, at=now, target=inspection, data={"count": len(findings)})
    telling.tell_found(inspection, findings, now=now)
    return len(findings)


def _hold_open(inspection: Inspection) -> None:
    """Lock the notebook so that nothing is added to what has been sent. Errors: Refused."""
    if not Inspection.objects.select_for_update().filter(pk=inspection.pk, sent_at__isnull=True).exists():
        raise Refused(_sent_words(inspection))


def _sent_words(inspection: Inspection) -> str:
    sent = Inspection.objects.select_related("sent_by").get(pk=inspection.pk)
    return f"Cuộc kiểm tra đã được {sent.sent_by} gửi các đơn vị lúc {vn_datetime(sent.sent_at)}, không sửa nữa."


# --- answers --------------------------------------------------------------------------------------


@transaction.atomic
def answer(
    finding: Finding, *, words: str, done_on: date, photo: StoredFile | None, by: Any, now: datetime
) -> FindingStep:
    """The unit says what it did and when it was done. Errors: Refused with a sentence."""
    today = timezone.localdate(now)
    words = " ".join(words.split())
    _between(words, "nội dung trả lời", WORDS_MIN, WORDS_MAX)
    if error := privacy_error(words, "Trả lời"):
        raise Refused(error)
    day = finding.place.inspection.day
    if done_on > today:
        raise Refused(f"Ngày khắc phục xong {vn_date(done_on)} chưa đến; làm xong rồi hãy trả lời.")
    if done_on < day:
        raise Refused(f"Ngày khắc phục xong {vn_date(done_on)} trước ngày kiểm tra ({vn_date(day)}).")
    _move(finding, F.ANSWERED, from_=(F.OPEN, F.SENT_BACK))
    step = _step(finding, StepKind.ANSWERED, words=words, done_on=done_on, photo=photo, by=by, now=now)
    record("finding.answered", by=by, at=now, target=finding, data={"done": done_on.isoformat()})
    telling.tell_inspectors(finding, now=now)
    return step


@transaction.atomic
def send_back(finding: Finding, *, words: str, mend_by: date, by: Any, now: datetime) -> FindingStep:
    """What was done is not enough; a new day. Errors: Refused with a sentence."""
    refuse_own_unit(by, finding.place.unit, finding.place.inspection.task)
    words = " ".join(words.split())
    _between(words, "việc cần làm thêm", WORDS_MIN, WORDS_MAX)
    if error := privacy_error(words, "Kiến nghị"):
        raise Refused(error)
    _refuse_day(mend_by, today=timezone.localdate(now))
    version = finding.mend_version + 1
    _move(finding, F.SENT_BACK, from_=(F.ANSWERED,), mend_by=mend_by, mend_version=version)
    step = _step(finding, StepKind.SENT_BACK, words=words, mend_by=mend_by, by=by, now=now)
    record("finding.sent_back", by=by, at=now, target=finding, data={"mend_by": mend_by.isoformat()})
    telling.tell_sent_back(finding, words=words, now=now)
    return step


@transaction.atomic
def close(finding: Finding, *, words: str, by: Any, now: datetime) -> FindingStep:
    """It is mended. Errors: Refused with a sentence."""
    refuse_own_unit(by, finding.place.unit, finding.place.inspection.task)
    words = " ".join(words.split())[:WORDS_MAX]
    if error := privacy_error(words, "Nhận xét"):
        raise Refused(error)
    _move(finding, F.CLOSED, from_=(F.OPEN, F.ANSWERED, F.SENT_BACK))
    step = _step(finding, StepKind.CLOSED, words=words, by=by, now=now)
    record("finding.closed", by=by, at=now, target=finding)
    telling.tell_closed(finding, now=now)
    return step


def _move(finding: Finding, new: FindingState, *, from_: tuple[FindingState, ...], **values: Any) -> None:
    """One of two people who press at once wins; the other one is told who did what. Errors: Refused."""
    old = finding.state
    if old not in from_ or not Finding.objects.filter(pk=finding.pk, state=old).update(state=new, **values):
        last = FindingStep.objects.filter(finding=finding).select_related("by").order_by("-pk").first()
        done = f"{last.by}, {vn_datetime(last.at)}: {last.get_kind_display().lower()}. " if last else ""
        raise Refused(f"{done}Kiến nghị không còn ở tình trạng như trên trang này; xin xem lại rồi làm tiếp.")
    for name, value in {"state": new, **values}.items():
        setattr(finding, name, value)


def _step(finding: Finding, kind: StepKind, *, by: Any, now: datetime, **values: Any) -> FindingStep:
    return FindingStep.objects.create(finding=finding, kind=kind, by=by, at=now, **values)


def _refuse_day(mend_by: date, *, today: date) -> None:
    if mend_by < today:
        raise Refused(f"Ngày khắc phục {vn_date(mend_by)} đã qua; hãy ghi từ hôm nay ({vn_date(today)}) trở đi.")
    if mend_by - today > FARTHEST:
        raise Refused(f"Ngày khắc phục {vn_date(mend_by)} xa quá một năm; xin xem lại.")


def _between(text: str, what: str, least: int, most: int) -> None:
    if len(text) < least:
        raise Refused(f"Hãy ghi {what} (ít nhất {least} ký tự).")
    if len(text) > most:
        raise Refused(f"Phần {what} dài {len(text)} ký tự; xin rút gọn còn {most}.")
