"""Visits and calls of condolence, as the pages and the demo write them down."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction

from directive_tracker.vietnamese import vn_date, vn_datetime
from records.audit import record
from tasks.errors import Refused
from units.models import Unit
from veterans.campaigns import open_one
from veterans.enums import Honour
from veterans.gifts import Given, give
from veterans.models import Campaign, Condolence, Delegation, Person, PlanEntry, Visit
from veterans.people import day_of, locked
from veterans.wording import line


def record_visit(
    person: Person,
    *,
    on: date,
    unit: Unit,
    gifts: Iterable[Given] = (),
    form: Honour | str = Honour.HOME,
    to_family: bool = False,
    entry: PlanEntry | None = None,
    delegation: Delegation | None = None,
    received_by: str = "",
    note: str = "",
    by,
    now: datetime,
) -> Visit:
    """Write down one call of one unit, with what each source gave.

    Args:
        entry: the place of a plan it carries out; delegation: who went.

    Errors: Refused for a day in the future, before the campaign or the plan, or the same call again; TwiceRefused when a
    source has given already; ValidationError when the person had died or is off the list. Nothing is stored then.
    """
    if on > day_of(now):
        raise Refused("Ngày thăm không được sau hôm nay.")
    with transaction.atomic():
        campaign = open_one(hold=True)
        _refuse_early(on, campaign, entry)
        visit = Visit(
            person=locked(person),
            campaign=campaign,
            on=on,
            unit=unit,
            form=form,
            to_family=to_family,
            entry=entry,
            delegation=delegation,
            received_by=line(received_by),
            note=line(note),
            recorded_by=by,
            recorded_at=now,
        )
        visit.clean_fields()
        visit.clean()
        try:
            with transaction.atomic():
                visit.save()
        except IntegrityError:
            raise Refused(_same(visit)) from None
        give(visit, gifts, by=by, now=now)
        if to_family:
            _family_was_called_on(visit, by=by, now=now)
        record("person.visited", by=by, at=now, target=visit.person, data={"visit": visit.pk})
    return visit


def _refuse_early(on: date, campaign: Campaign, entry: PlanEntry | None) -> None:
    """Errors: Refused for a day before the campaign, or before the plan was made."""
    if on < campaign.starts_on:
        raise Refused(f"Ngày thăm {vn_date(on)} đứng trước ngày bắt đầu đợt ({vn_date(campaign.starts_on)}).")
    if entry is not None and on < day_of(entry.plan.made_at):
        raise Refused(f"Ngày thăm {vn_date(on)} đứng trước ngày lập kế hoạch ({vn_date(day_of(entry.plan.made_at))}).")


def _same(visit: Visit) -> str:
    known = (
        Visit.objects.filter(person=visit.person, on=visit.on, unit=visit.unit).select_related("recorded_by").first()
    )
    who = f" {known.recorded_by} ghi lúc {vn_datetime(known.recorded_at)}." if known else ""
    return f"Lần thăm này đã được ghi: cùng người, cùng ngày, cùng đơn vị.{who}"


def _family_was_called_on(visit: Visit, *, by, now: datetime) -> None:
    """A call on the family of somebody who died is the call of condolence that was proposed."""
    waiting = (
        Condolence.objects.select_for_update().filter(person=visit.person, state=Condolence.State.PROPOSED).first()
    )
    if waiting is not None:
        decide_condolence(
            waiting, done=True, note=f"Đoàn của {visit.unit.short_name}, {vn_date(visit.on)}", by=by, now=now
        )


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
    note = line(note)
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
