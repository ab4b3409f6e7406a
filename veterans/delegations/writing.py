"""What is done to a delegation: made, changed, gone, not gone. Rights are asked by the pages; the rules stand here.

Every function holds the row, compares the version the writer saw, and writes the log in one transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction

from directive_tracker.vietnamese import vn_date, vn_datetime
from records import verbs
from records.audit import record
from records.models import AuditEvent
from tasks.errors import Refused
from units.models import Unit
from veterans.models import Campaign, Delegation, DelegationMember, GratitudePlan
from veterans.people import day_of
from veterans.wording import line

S = Delegation.State
MOST_MEMBERS = 40


@dataclass(frozen=True)
class Details:
    """What is written about a delegation. members: (name, title), in their order."""

    name: str
    unit: Unit
    leader: str
    on: date
    leader_title: str = ""
    starts_at: time | None = None
    starts_from: str = ""
    vehicle: str = ""
    note: str = ""
    members: Sequence[tuple[str, str]] = ()

    def texts(self) -> dict[str, str]:
        """The lines, in their stored form."""
        names = ("name", "leader", "leader_title", "starts_from", "vehicle", "note")
        return {name: line(getattr(self, name)) for name in names}


class Stale(Refused):
    """Somebody else was quicker."""


def held(delegation: Delegation, version: int) -> Delegation:
    """Hold the row until the end of the transaction. Errors: Stale when it is not the version that was seen."""
    row = Delegation.objects.select_for_update().get(pk=delegation.pk)
    if row.version != version:
        raise Stale(_who_was_quicker(row))
    row.plan = GratitudePlan.objects.select_related("campaign", "area").get(pk=row.plan_id)
    refuse_closed(row.plan.campaign)
    return row


def _who_was_quicker(row: Delegation) -> str:
    last = AuditEvent.objects.about(row).select_related("actor").first()
    if last is None:
        return "Trong lúc anh/chị xem, đoàn này đã được sửa. Hãy xem lại rồi làm tiếp."
    what = verbs.words(last.verb)
    return (
        f"Trong lúc anh/chị xem, {last.actor or 'hệ thống'} đã {what[:1].lower()}{what[1:]} lúc {vn_datetime(last.at)}."
        " Hãy xem lại rồi làm tiếp."
    )


def refuse_closed(campaign: Campaign) -> None:
    """Errors: Refused when the campaign is over."""
    if not campaign.is_open:
        raise Refused(f"Đợt “{campaign}” đã kết thúc; các đoàn của đợt chỉ còn để xem.")


def refuse_settled(row: Delegation) -> None:
    """Errors: Refused for a delegation that has gone or will not go."""
    if row.state == S.DONE:
        raise Refused("Đoàn này đã ghi là đã đi. Hãy ghi lại là chưa đi rồi mới sửa.")
    if row.state == S.CANCELLED:
        raise Refused("Đoàn này không đi; hãy lập đoàn mới.")


def _refuse_day(on: date, plan: GratitudePlan) -> None:
    made, campaign = day_of(plan.made_at), plan.campaign
    if on < made:
        raise Refused(f"Ngày đi {vn_date(on)} đứng trước ngày lập kế hoạch ({vn_date(made)}).")
    if not campaign.starts_on <= on <= campaign.ends_on:
        days = f"{vn_date(campaign.starts_on)} – {vn_date(campaign.ends_on)}"
        raise Refused(f"Ngày đi {vn_date(on)} nằm ngoài đợt ({days}).")


@transaction.atomic
def make(plan: GratitudePlan, details: Details, *, by, now: datetime) -> Delegation:
    """Set a delegation up. Errors: Refused for a day out of the campaign or before the plan; ValidationError."""
    plan = GratitudePlan.objects.select_related("campaign").select_for_update(of=("self",)).get(pk=plan.pk)
    refuse_closed(plan.campaign)
    _refuse_day(details.on, plan)
    row = Delegation(plan=plan, made_by=by, made_at=now)
    _write(row, details)
    record("registry.delegation_made", by=by, at=now, target=row)
    return row


@transaction.atomic
def change(delegation: Delegation, details: Details, *, version: int, by, now: datetime) -> Delegation:
    """Write it anew. Errors: Stale, Refused, ValidationError."""
    row = held(delegation, version)
    refuse_settled(row)
    if details.on != row.on:
        _refuse_day(details.on, row.plan)
    row.version += 1
    _write(row, details)
    record("registry.delegation_changed", by=by, at=now, target=row)
    return row


def _write(row: Delegation, details: Details) -> None:
    row.unit, row.on, row.starts_at = details.unit, details.on, details.starts_at
    for name, words in details.texts().items():
        setattr(row, name, words)
    row.clean_fields()
    row.save()
    row.members.all().delete()
    members = [
        DelegationMember(delegation=row, name=line(name), title=line(title), order=place)
        for place, (name, title) in enumerate(details.members)
    ]
    DelegationMember.objects.bulk_create(members)


@transaction.atomic
def cancel(delegation: Delegation, *, why: str, version: int, by, now: datetime) -> int:
    """It does not go; whom it was to call on waits for another one. Returns how many people that are.

    Errors: Refused without a reason, or for one that has gone; Stale.
    """
    why = line(why)
    if not why:
        raise Refused("Hãy ghi vì sao đoàn không đi.")
    if len(why) > 300:
        raise Refused(f"Lý do chỉ ghi được 300 ký tự; đang có {len(why)}.")
    row = held(delegation, version)
    refuse_settled(row)
    people = row.stops.values("person").distinct().count()
    row.stops.update(delegation=None, position=0)
    row.state, row.cancelled_because = S.CANCELLED, why
    row.version += 1
    row.save()
    record("registry.delegation_cancelled", by=by, at=now, target=row, data={"people": people}, reason=why)
    return people


@transaction.atomic
def done(delegation: Delegation, *, version: int, by, now: datetime) -> Delegation:
    """It has gone. Errors: Refused before its day, or without anybody to call on; Stale."""
    row = held(delegation, version)
    refuse_settled(row)
    if row.on > day_of(now):
        raise Refused(f"Đoàn đi ngày {vn_date(row.on)}; chưa đến ngày nên chưa ghi được là đã đi.")
    if not row.stops.exists():
        raise Refused("Đoàn chưa có ai để thăm. Hãy chọn người, hoặc ghi là đoàn không đi.")
    row.state = S.DONE
    row.version += 1
    row.save()
    record("registry.delegation_done", by=by, at=now, target=row)
    return row


@transaction.atomic
def reopen(delegation: Delegation, *, version: int, by, now: datetime) -> Delegation:
    """Take "gone" back. Errors: Refused for one that is not written down as gone; Stale."""
    row = held(delegation, version)
    if row.state != S.DONE:
        raise Refused("Chỉ đoàn đã ghi là đã đi mới ghi lại là chưa đi được.")
    row.state = S.PLANNED
    row.version += 1
    row.save()
    record("registry.delegation_reopened", by=by, at=now, target=row)
    return row
