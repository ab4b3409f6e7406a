"""How long the registry is kept: the office sets when the purpose ends; what is then due is listed, and a person decides.

Nothing is erased by a clock: the tick only tells. A person who agreed to be kept for later occasions (Consent "keep"),
whom an occasion still holds, or has an open request, is not due.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from directive_tracker.vietnamese import vn_date
from records.audit import record
from tasks.errors import Refused
from veterans.campaigns import NONE_OPEN
from veterans.models import (
    Campaign,
    Consent,
    DataRequest,
    Erasure,
    Gift,
    Person,
    PlanEntry,
    RegistryRule,
    Visit,
)
from veterans.people import day_of
from veterans.protection import erasing

# So many are erased by one decision, so that it can be looked at.
AT_ONCE = 100


def rule(campaign: Campaign | None = None) -> RegistryRule:
    """What stands for an occasion, the present one unless given; unsaved defaults where nobody has set anything."""
    whose = campaign or Campaign.objects.present()
    return RegistryRule.objects.filter(campaign=whose).first() or RegistryRule()


@transaction.atomic
def set_rule(
    *,
    purpose_ends_on: date | None,
    keep_months: int,
    living_days: int,
    by,
    now: datetime,
    campaign: Campaign | None = None,
) -> RegistryRule:
    """Set when the purpose ends, how many months data stay afterwards, how many days "còn sống" holds.

    Args:
        campaign: one that is over as well; else the open one, else the last one: its purpose ends after its end.

    Errors: Refused before the first occasion.
    """
    campaign = campaign or Campaign.objects.present_one()
    if campaign is None:
        raise Refused(NONE_OPEN)
    row = RegistryRule.objects.select_for_update().filter(campaign=campaign).first() or RegistryRule(campaign=campaign)
    old = _values(row) if row.pk else {}
    row.purpose_ends_on, row.keep_months, row.living_days = purpose_ends_on, keep_months, living_days
    row.set_by, row.set_at = by, now
    row.full_clean()
    row.save()
    record("registry.rule_set", by=by, at=now, target=row, data={"from": old, "to": _values(row)})
    return row


def _values(row: RegistryRule) -> dict:
    ends = row.purpose_ends_on.isoformat() if row.purpose_ends_on else None
    return {"purpose_ends_on": ends, "keep_months": row.keep_months, "living_days": row.living_days}


def kept_until(found: RegistryRule) -> date | None:
    """The last day on which data are kept, None while the end of the purpose is open: 31/8 and 6 months are 28/2."""
    if found.purpose_ends_on is None:
        return None
    return months_after(found.purpose_ends_on, found.keep_months)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    passed = day.month - 1 + months
    year, month = day.year + passed // 12, passed % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    last = date.fromordinal(following.toordinal() - 1).day
    return date(year, month, min(day.day, last))


@dataclass(frozen=True)
class Occasions:
    """Of all occasions, those whose last day has passed, and those that still hold their people.

    last: the newest day that passed; ended: when the last of them was closed, None where one is still open; since: when the
    first that holds was opened, None where none holds.
    """

    last: date | None
    ended: datetime | None
    holding: tuple[int, ...]
    since: datetime | None


def occasions(today: date) -> Occasions:
    """Read from the rules of all occasions (1 statement). One whose purpose has no end yet holds its people."""
    over: dict[Campaign, date] = {}
    holding = []
    for campaign in Campaign.objects.select_related("rule").order_by("pk"):
        found = getattr(campaign, "rule", None)
        last = kept_until(found) if found else None
        if last is None or today <= last:
            holding.append(campaign)
        else:
            over[campaign] = last
    closed = [campaign.closed_at for campaign in over]
    return Occasions(
        last=max(over.values(), default=None),
        ended=None if None in closed else max(filter(None, closed), default=None),
        holding=tuple(campaign.pk for campaign in holding),
        since=min((campaign.opened_at for campaign in holding), default=None),
    )


def due(people: QuerySet, *, today: date, found: Occasions | None = None) -> QuerySet:
    """Those of the people whose data are to be erased, by given name; none before the last day of an occasion has passed.

    Whoever was in the registry before the end of an occasion whose time is over, and is held by none whose time is not:
    an earlier one that keeps longer, or a later one. It holds who stands in a plan of it, was visited or has a gift
    promised or given, and who came into the registry only when it had been opened.
    """
    found = found or occasions(today)
    if found.last is None:
        return people.none()
    if found.ended is not None:
        people = people.filter(created_at__lte=found.ended)
    if found.since is not None:
        people = people.filter(~_held(found.holding), created_at__lt=found.since)
    newest = Consent.objects.filter(person=OuterRef("pk"), purpose=Consent.Purpose.KEEP).order_by("-pk")
    asked = DataRequest.objects.filter(
        person=OuterRef("pk"), state__in=(DataRequest.State.OPEN, DataRequest.State.ANSWERED)
    )
    return (
        people.filter(erased_at__isnull=True, merged_into__isnull=True)
        .annotate(may_keep=Subquery(newest.values("given")[:1]))
        .filter(Q(may_keep=False) | Q(may_keep__isnull=True), ~Exists(asked))
        .select_related("residence__parent")
        .by_given_name()
    )


def _held(campaigns: tuple[int, ...]) -> Q:
    """Of a person: one of these occasions plans for, visited or gives to them."""
    planned = PlanEntry.objects.planned().filter(person=OuterRef("pk"), plan__campaign__in=campaigns)
    visited = Visit.objects.filter(person=OuterRef("pk"), campaign__in=campaigns)
    thanked = Gift.objects.filter(
        person=OuterRef("pk"), source__campaign__in=campaigns, state__in=(Gift.State.PROMISED, Gift.State.GIVEN)
    )
    return Q(Exists(planned)) | Q(Exists(visited)) | Q(Exists(thanked))


def anonymise(people: QuerySet, numbers: list[int], *, by, now: datetime) -> int:
    """Erase the chosen ones of those that are due: all or none. Returns how many.

    Errors: Refused when there are too many, none, or one that is not due (any more).
    """
    if not numbers:
        raise Refused("Hãy chọn ít nhất một hồ sơ.")
    if len(numbers) > AT_ONCE:
        raise Refused(f"Mỗi lần chỉ làm được {AT_ONCE} hồ sơ.")
    today = day_of(now)
    found = occasions(today)
    with transaction.atomic():
        chosen = list(due(people.filter(pk__in=numbers), today=today, found=found))
        if len(chosen) != len(set(numbers)):
            raise Refused("Có hồ sơ không còn đến hạn (mới có ý kiến cho lưu, có yêu cầu, hoặc đã xóa). Hãy xem lại.")
        basis = f"Hết thời hạn lưu ngày {vn_date(found.last)}"
        for person in chosen:
            erasing.erase(person, kind=Erasure.Kind.RETENTION, basis=basis, by=by, now=now)
    return len(chosen)


def due_count(today: date) -> int:
    """How many are due in the whole registry, for the notice; 0 without a statement more where no end is set."""
    return due(Person.objects.all(), today=today).count()
