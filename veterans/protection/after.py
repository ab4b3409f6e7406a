"""After an occasion: what is kept of it, on what ground, until which day, and what the clock takes away.

The clock takes pictures and names of those who went along; what phones sent goes after thirty days (village.keeping).
Persons are erased by a person's decision alone (retention).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from directive_tracker.vietnamese import vn_datetime
from records.audit import record
from tasks.errors import Refused
from veterans.enums import KeptKind
from veterans.models import (
    Campaign,
    Consent,
    Delegation,
    DelegationMember,
    Gift,
    Keeping,
    Person,
    PlanApproval,
    RegistryRule,
    SentVisit,
    Visit,
    VisitPhoto,
)
from veterans.people import day_of
from veterans.protection.law import AFTER, Kept
from veterans.protection.retention import kept_until, months_after
from veterans.wording import line

MOST_MONTHS = 600
BATCH = 200
# What stands where a name was.
NO_NAME = "Đã xóa tên"


@dataclass(frozen=True)
class Line:
    """One kind as the page says it. until: the last day, None where there is none (yet); count: rows that are there."""

    kind: KeptKind
    rule: Kept
    basis: str
    months: int | None
    until: date | None
    count: int
    set_by: object = None
    set_at: datetime | None = None


def table(campaign: Campaign) -> list[Line]:
    """What the occasion leaves behind, kind by kind; a fixed number of statements."""
    stored = {row.kind: row for row in campaign.keepings.select_related("set_by")}
    rule = RegistryRule.objects.filter(campaign=campaign).first()
    starts = _starts(campaign, rule)
    return [_line(kind, campaign, stored.get(kind), rule, starts) for kind in KeptKind]


def _line(
    kind: KeptKind, campaign: Campaign, row: Keeping | None, rule: RegistryRule | None, starts: date | None
) -> Line:
    default = AFTER[kind]
    months = row.months if row else default.months
    until = months_after(starts, months) if starts and months is not None else None
    if kind == KeptKind.OTHERS:
        months, until = (rule.keep_months, kept_until(rule)) if rule else (months, None)
    return Line(
        kind=kind,
        rule=default,
        basis=row.basis if row else default.basis,
        months=months,
        until=until,
        count=_COUNTS[kind](campaign),
        set_by=row.set_by if row else None,
        set_at=row.set_at if row else None,
    )


def _starts(campaign: Campaign, rule: RegistryRule | None) -> date | None:
    """From which day the months count: the end of the occasion, or of its purpose where that is later; None while it is open."""
    if campaign.closed_at is None:
        return None
    closed = day_of(campaign.closed_at)
    return max(closed, rule.purpose_ends_on) if rule and rule.purpose_ends_on else closed


# --- how many -----------------------------------------------------------------------------------------


def agreed(people: QuerySet) -> QuerySet:
    """Those whose newest answer is that they may be kept for later occasions."""
    newest = Consent.objects.filter(person=OuterRef("pk"), purpose=Consent.Purpose.KEEP).order_by("-pk")
    return people.annotate(may_keep=Subquery(newest.values("given")[:1])).filter(may_keep=True)


def _people() -> QuerySet:
    return Person.objects.filter(erased_at__isnull=True, merged_into__isnull=True)


def people_left() -> tuple[int, int]:
    """The people of the registry who agreed to be kept for a further occasion, and the others. Two statements."""
    kept = agreed(_people()).count()
    return kept, _people().count() - kept


def _pictures(campaign: Campaign, kind: str) -> QuerySet:
    return VisitPhoto.objects.filter(visit__campaign=campaign, kind=kind)


def _leaders(campaign: Campaign) -> QuerySet:
    return Delegation.objects.filter(plan__campaign=campaign).exclude(leader=NO_NAME)


def _members(campaign: Campaign) -> QuerySet:
    return DelegationMember.objects.filter(delegation__plan__campaign=campaign).exclude(name=NO_NAME)


def _accounts(campaign: Campaign) -> int:
    given = Gift.objects.filter(source__campaign=campaign, state__in=(Gift.State.GIVEN, Gift.State.DOUBLED))
    return Visit.objects.filter(campaign=campaign).count() + given.count()


_COUNTS: dict[KeptKind, Callable[[Campaign], int]] = {
    KeptKind.AGREED: lambda campaign: agreed(_people()).count(),
    KeptKind.OTHERS: lambda campaign: _people().count() - agreed(_people()).count(),
    KeptKind.ACCOUNTS: _accounts,
    KeptKind.SIGNED: lambda campaign: _pictures(campaign, VisitPhoto.Kind.SIGNED_LIST).count(),
    KeptKind.PICTURES: lambda campaign: _pictures(campaign, VisitPhoto.Kind.PERSON).count(),
    KeptKind.DELEGATIONS: lambda campaign: _leaders(campaign).count() + _members(campaign).count(),
    KeptKind.PHONES: lambda campaign: SentVisit.objects.filter(
        copy__delegation__plan__campaign=campaign, sealed__isnull=False
    ).count(),
    KeptKind.APPROVALS: lambda campaign: PlanApproval.objects.filter(plan__campaign=campaign).count(),
}


# --- setting ------------------------------------------------------------------------------------------


@transaction.atomic
def set_keeping(
    campaign: Campaign, kind: str, *, basis: str, months: int | None, seen: str | None = None, by, now: datetime
) -> Keeping:
    """Keep one kind for another time, or on another ground.

    Args:
        months: after the end of the occasion; None without end. seen: `seen_as` of what the writer had before the eyes.

    Errors: Refused without a ground, for a kind whose time is fixed, for a shorter time than the law asks for, for
    pictures or names without end, and where somebody else set it meanwhile.
    """
    kind, basis = KeptKind(kind), line(basis)
    default = AFTER[kind]
    if not default.can_be_set:
        raise Refused("Thời hạn của mục này không đặt ở đây.")
    if not basis:
        raise Refused("Hãy ghi căn cứ lưu.")
    if len(basis) > 300:
        raise Refused(f"Căn cứ dài nhất 300 ký tự; đang có {len(basis)}.")
    if months is None and not default.for_ever:
        raise Refused("Ảnh và tên người không lưu vô thời hạn. Hãy ghi số tháng, ví dụ 12.")
    if months is not None and not default.least <= months <= MOST_MONTHS:
        raise Refused(f"Số tháng phải từ {default.least} đến {MOST_MONTHS}.")
    # One after the other: two people may set the same kind at once.
    held = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    row = Keeping.objects.filter(campaign=held, kind=kind).first()
    if row is not None and seen is not None and seen != seen_as(row.set_at):
        raise Refused(
            f"{row.set_by} đã đặt lại mục này lúc {vn_datetime(row.set_at)}, sau khi anh/chị mở trang. "
            "Hãy xem lại trang rồi đặt lại."
        )
    before = {"basis": row.basis if row else default.basis, "months": row.months if row else default.months}
    row = row or Keeping(campaign=held, kind=kind)
    row.basis, row.months, row.set_by, row.set_at = basis, months, by, now
    row.save()
    after = {"basis": basis, "months": months}
    record("registry.keeping_set", by=by, at=now, target=row, data={"from": before, "to": after})
    return row


def seen_as(set_at: datetime | None) -> str:
    """What a form carries along of what it showed: when it was set, or nothing for the default."""
    return set_at.isoformat() if set_at else ""


# --- what the clock takes away ------------------------------------------------------------------------


def carry_out(*, now: datetime) -> int:
    """Take away what is over in the occasions that have ended. Returns how many rows; a later call finds nothing more."""
    done = 0
    for campaign in Campaign.objects.filter(state=Campaign.State.CLOSED).order_by("pk"):
        for kind in _TAKEN:
            while taken := _take(campaign, kind, now=now):
                done += taken
    return done


@transaction.atomic
def _take(campaign: Campaign, kind: KeptKind, *, now: datetime) -> int:
    """Some of one kind, if its last day has passed. The occasion is held: whoever opens it again comes before or after."""
    held = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    row = Keeping.objects.filter(campaign=held, kind=kind).first()
    starts = _starts(held, RegistryRule.objects.filter(campaign=held).first())
    months = row.months if row else AFTER[kind].months
    if starts is None or months is None or day_of(now) <= months_after(starts, months):
        return 0
    count = _TAKEN[kind](held)
    if count:
        data = {"kept_kind": f"kept_{kind}", "count": count}
        record("registry.keeping_ended", by=None, at=now, target=held, data=data)
    return count


def _take_pictures(campaign: Campaign, kind: str) -> int:
    rows = list(_pictures(campaign, kind).select_related("file").order_by("pk")[:BATCH])
    VisitPhoto.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        row.file.remove()
    return len(rows)


def _take_names(campaign: Campaign) -> int:
    leaders = _leaders(campaign).update(leader=NO_NAME, leader_title="")
    return leaders + _members(campaign).update(name=NO_NAME, title="")


_TAKEN: dict[KeptKind, Callable[[Campaign], int]] = {
    KeptKind.SIGNED: lambda campaign: _take_pictures(campaign, VisitPhoto.Kind.SIGNED_LIST),
    KeptKind.PICTURES: lambda campaign: _take_pictures(campaign, VisitPhoto.Kind.PERSON),
    KeptKind.DELEGATIONS: _take_names,
}
