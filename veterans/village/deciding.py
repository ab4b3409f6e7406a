"""What a registrar does with what waits: record it, take what is missing over into the call on record, or set it aside.

Each holds the person first and then the row, so that of two registrars at the same moment the second is told what the first did.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction

from directive_tracker.vietnamese import vn_datetime
from records.audit import record
from tasks.errors import Refused
from units.models import Unit
from veterans import gratitude
from veterans.gifts import Given, give
from veterans.models import Gift, SentVisit, Visit
from veterans.people import locked
from veterans.village import content, receiving
from veterans.wording import words_or_refuse

Outcome = SentVisit.Outcome


def _held(sent: SentVisit) -> SentVisit:
    """The row under lock, with its person held. Errors: Refused when it does not wait any more: who did what when."""
    person = locked(sent.person)
    row = (
        SentVisit.objects.select_for_update(of=("self",))
        .select_related("copy__user", "copy__delegation__plan__campaign", "copy__delegation__unit", "decided_by")
        .get(pk=sent.pk)
    )
    if row.outcome != Outcome.WAITING:
        raise Refused(decided_words(row))
    if row.person_id != person.pk:
        raise Refused("Hồ sơ này vừa được gộp vào hồ sơ khác. Hãy tải lại trang.")
    row.person = person
    return row


def decided_words(row: SentVisit) -> str:
    """Who has decided about it, what and when: for a page that was open too long."""
    when = vn_datetime(row.decided_at or row.received_at)
    who = row.decided_by if row.decided_by_id else "Máy gửi lại và"
    return f"{who} đã xử lý mục này lúc {when}: {row.get_outcome_display().lower()}."


@transaction.atomic
def record_it(
    sent: SentVisit,
    *,
    on: date,
    unit: Unit,
    form: str,
    to_family: bool,
    received_by: str,
    note: str,
    gifts: Iterable[Given],
    by,
    now: datetime,
) -> SentVisit:
    """Record it, as it was sent or with changes. Errors: Refused, ValidationError; nothing has changed then."""
    row = _held(sent)
    typed = content.opened(row)
    visit = gratitude.record_visit(
        row.person,
        on=on,
        unit=unit,
        gifts=gifts,
        form=form,
        to_family=to_family,
        entry=receiving.entry_of(row),
        delegation=row.copy.delegation if unit.pk == row.copy.delegation.unit_id else None,
        received_by=received_by,
        note=note,
        by=by,
        now=now,
    )
    row.outcome, row.decided_by = Outcome.RECORDED, by
    return _finished(row, visit, typed, by=by, now=now)


@transaction.atomic
def take_over(sent: SentVisit, *, by, now: datetime) -> SentVisit:
    """Hang the gifts and pictures that the call on record lacks on it; what stands there stays.

    Errors: Refused without such a call, or for a source that has given at another one.
    """
    row = _held(sent)
    typed = content.opened(row)
    values = content.values_of(typed, row.copy.delegation.plan.campaign)
    visit = receiving.visit_on_record(row, values["on"])
    if visit is None:
        raise Refused("Trong sổ chưa có lần thăm nào của đơn vị này với người này trong ngày đó.")
    give(visit, missing_gifts(visit, values), by=by, now=now)
    row.outcome, row.decided_by = Outcome.RECORDED, by
    return _finished(row, visit, typed, by=by, now=now)


def missing_gifts(visit: Visit, values: dict[str, Any]) -> list[Given]:
    """Of the gifts that were sent those of sources which stand with no gift at the call on record."""
    there = set(visit.gifts.filter(kind=Gift.Kind.GIFT).values_list("source", flat=True))
    return [each for each in values["gifts"] if each.source.pk not in there]


def _finished(row: SentVisit, visit: Visit, typed: dict[str, Any], *, by, now: datetime) -> SentVisit:
    done = receiving.finish(row, visit, typed, typed["pictures"], by=by, now=now)
    record("person.sent_recorded", by=by, at=now, target=row.person, data={"sent": row.pk, "visit": visit.pk})
    return done


@transaction.atomic
def set_aside(sent: SentVisit, *, reason: str, by, now: datetime) -> SentVisit:
    """Do not record it, with a reason; content and pictures stay for their thirty days. Errors: Refused without a reason."""
    reason = words_or_refuse(reason, "Hãy ghi vì sao không ghi lần thăm này vào sổ.", longest=300)
    row = _held(sent)
    row.outcome, row.decision = Outcome.SET_ASIDE, reason
    row.decided_by, row.decided_at = by, now
    row.save()
    record("person.sent_set_aside", by=by, at=now, target=row.person, data={"sent": row.pk})
    return row
