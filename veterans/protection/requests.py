"""What a person asks about the own data: received, answered, carried out or refused with a reason, each by its day."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Case, DateField, F, QuerySet, When

from records.audit import record
from tasks.errors import Refused
from units.calendar import work_calendar
from veterans.models import Consent, DataRequest, Erasure, Person
from veterans.people import day_of, locked
from veterans.protection import consents, erasing
from veterans.protection.law import ANSWER_DAYS, DONE_DAYS
from veterans.wording import words_or_refuse

OPEN_STATES = (DataRequest.State.OPEN, DataRequest.State.ANSWERED)
ALREADY = "Yêu cầu này đã được người khác xử lý: {state}. Hãy xem lại."


@transaction.atomic
def receive(
    person: Person, *, kind: str, asked_by: str, words: str = "", received_on: date, by, now: datetime
) -> DataRequest:
    """Write a request down; its days follow from the day of receipt.

    Args:
        asked_by: who asked: the person, or who for the person.

    Errors: Refused for a day in the future, without a name, or about an entry that is erased.
    """
    asked_by = words_or_refuse(asked_by, "Hãy ghi ai yêu cầu: chính người đó, hay ai thay mặt.", longest=200)
    if received_on > day_of(now):
        raise Refused("Ngày nhận yêu cầu không được sau hôm nay.")
    person = locked(person)
    if person.erased_at:
        raise Refused("Dữ liệu của hồ sơ này đã được xóa.")
    made = DataRequest.objects.create(
        person=person,
        kind=kind,
        asked_by=asked_by,
        words=" ".join(words.split())[:1000],
        received_on=received_on,
        answer_due=work_calendar().add(received_on, ANSWER_DAYS),
        done_due=received_on + timedelta(days=DONE_DAYS[kind]),
        recorded_by=by,
        recorded_at=now,
    )
    _log("person.data_asked", made, by=by, now=now)
    return made


@transaction.atomic
def answer(request: DataRequest, *, by, now: datetime) -> DataRequest:
    """The person has been told that the request came in and what happens. Errors: Refused when that was done."""
    request = _held(request, (DataRequest.State.OPEN,))
    request.state, request.answered_by, request.answered_at = DataRequest.State.ANSWERED, by, now
    request.save()
    _log("person.data_answered", request, by=by, now=now)
    return request


@transaction.atomic
def extend(request: DataRequest, *, because: str, by, now: datetime) -> DataRequest:
    """As many days again, once, with a reason that the person is told. Errors: Refused."""
    because = words_or_refuse(because, "Hãy ghi lý do gia hạn; lý do này phải báo cho người yêu cầu.", longest=300)
    request = _held(request, OPEN_STATES)
    if request.extended_because:
        raise Refused("Yêu cầu này đã được gia hạn một lần; không gia hạn thêm được.")
    if request.done_due < day_of(now):
        raise Refused("Đã quá hạn thực hiện; không gia hạn được nữa.")
    request.done_due += timedelta(days=DONE_DAYS[request.kind])
    request.extended_because = because
    request.save()
    _log("person.data_extended", request, by=by, now=now)
    return request


@transaction.atomic
def carry_out(request: DataRequest, *, outcome: str = "", by, now: datetime) -> DataRequest:
    """Say that it is done. A withdrawal takes every consent back, an erasure erases now and for ever.

    Errors: Refused; of an erasure those of erasing.erase.
    """
    request = _held(request, OPEN_STATES)
    _close(request, DataRequest.State.DONE, " ".join(outcome.split())[:500], by=by, now=now)
    _log("person.data_done", request, by=by, now=now)
    if request.kind == DataRequest.Kind.WITHDRAW:
        _take_consents_back(request, by=by, now=now)
    elif request.kind == DataRequest.Kind.ERASE:
        basis = f"Yêu cầu về dữ liệu số {request.pk}"
        erasing.erase(request.person, kind=Erasure.Kind.REQUEST, basis=basis, by=by, now=now)
        request.refresh_from_db()
    return request


@transaction.atomic
def refuse(request: DataRequest, *, reason: str, by, now: datetime) -> DataRequest:
    """Say why it cannot be done; the person is told. Errors: Refused without a reason."""
    reason = words_or_refuse(reason, "Hãy ghi vì sao không thực hiện được và căn cứ; điều này báo cho người yêu cầu.")
    request = _held(request, OPEN_STATES)
    _close(request, DataRequest.State.REFUSED, reason, by=by, now=now)
    _log("person.data_refused", request, by=by, now=now)
    return request


def by_due_day(requests: QuerySet) -> QuerySet:
    """Overdue first: each with `next_due`, the day of what comes next (answer, then carrying out)."""
    due = Case(
        When(state=DataRequest.State.OPEN, then=F("answer_due")), default=F("done_due"), output_field=DateField()
    )
    return requests.annotate(next_due=due).order_by("next_due", "pk")


def _held(request: DataRequest, states) -> DataRequest:
    request = DataRequest.objects.select_for_update(of=("self",)).select_related("person").get(pk=request.pk)
    if request.state not in states:
        raise Refused(ALREADY.format(state=request.get_state_display().lower()))
    return request


def _close(request: DataRequest, state: str, outcome: str, *, by, now: datetime) -> None:
    if request.answered_at is None:
        request.answered_by, request.answered_at = by, now
    request.state, request.outcome, request.closed_by, request.closed_at = state, outcome, by, now
    request.save()


def _take_consents_back(request: DataRequest, *, by, now: datetime) -> None:
    for consent in consents.standing(request.person).values():
        if consent.given and consent.purpose != Consent.Purpose.NOTIFIED:
            consents.note(
                request.person,
                purpose=consent.purpose,
                given=False,
                said_by=request.asked_by,
                way=Consent.Way.PAPER,
                on=request.received_on,
                by=by,
                now=now,
            )


def _log(verb: str, request: DataRequest, *, by, now: datetime) -> None:
    """On the person's entry: the kind of request and its number, no words."""
    record(verb, by=by, at=now, target=request.person, data={"step": f"request_{request.kind}", "request": request.pk})
