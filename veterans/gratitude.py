"""Visits and calls of condolence, as the pages and the demo write them down."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from directive_tracker import vietnamese
from records.audit import record
from tasks.errors import Refused
from units.models import Unit
from veterans.enums import GiftSource
from veterans.models import Condolence, Person, Visit
from veterans.people import day_of, locked


def record_visit(
    person: Person,
    *,
    on: date,
    unit: Unit,
    source: GiftSource | str,
    gift: str = "",
    money: int = 0,
    received_by: str = "",
    note: str = "",
    by,
    now: datetime,
) -> Visit:
    """Write down one visit of one giver.

    Errors: Refused for a day in the future, or the same giver on the same day; ValidationError
    when the person had died or is off the list.
    """
    if on > day_of(now):
        raise Refused("Ngày thăm không được sau hôm nay.")
    try:
        with transaction.atomic():
            visit = Visit(
                person=locked(person),
                on=on,
                unit=unit,
                source=source,
                gift=" ".join(vietnamese.nfc(gift).split()),
                money=money,
                received_by=" ".join(vietnamese.nfc(received_by).split()),
                note=" ".join(vietnamese.nfc(note).split()),
                recorded_by=by,
                recorded_at=now,
            )
            visit.clean_fields()
            visit.clean()
            visit.save()
            record("person.visited", by=by, at=now, target=visit.person, data={"visit": visit.pk})
    except IntegrityError:
        raise Refused("Lần thăm này đã được ghi: cùng người, cùng ngày, cùng đơn vị và cùng nguồn quà.") from None
    return visit


def propose_condolence(person: Person, *, now: datetime) -> None:
    """A death has been confirmed: somebody should call on the family. Inside the caller's transaction."""
    Condolence.objects.create(person=person, proposed_at=now)


def withdraw_condolence(person: Person, *, by, now: datetime) -> None:
    """The death was no death: what was proposed, or written down as done, falls away with it."""
    for row in Condolence.objects.select_for_update().filter(person=person).exclude(state=Condolence.State.WITHDRAWN):
        row.state = Condolence.State.WITHDRAWN
        row.decided_by, row.decided_at = by, now
        row.save()


@transaction.atomic
def decide_condolence(condolence: Condolence, *, done: bool, note: str = "", by, now: datetime) -> Condolence:
    """Write down that the family was called on, or why not.

    Errors: Refused without a reason for not calling, or when it has been decided or the death was withdrawn.
    """
    note = " ".join(vietnamese.nfc(note).split())
    if not done and not note:
        raise Refused("Hãy ghi vì sao không thăm viếng.")
    row = Condolence.objects.select_for_update().select_related("person").get(pk=condolence.pk)
    if row.state != Condolence.State.PROPOSED:
        who = f" {row.decided_by}" if row.decided_by_id else ""
        raise Refused(f"Mục này đã được ghi “{row.get_state_display().lower()}”{who and ' bởi' + who}.")
    row.state = Condolence.State.DONE if done else Condolence.State.DECLINED
    row.decided_by, row.decided_at, row.note = by, now, note
    row.clean_fields()
    row.save()
    verb = "person.condolence_done" if done else "person.condolence_declined"
    record(verb, by=by, at=now, target=row.person, data={"condolence": row.pk})
    return row
