"""How long the registry is kept: the office sets when the purpose ends; what is then due is listed, and a person decides.

Nothing is erased by a clock: the tick only tells. A person who agreed to be kept for later occasions (Consent "keep"),
who stands in a later one, or has an open request, is not due.
"""

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


def rule() -> RegistryRule:
    """What stands for the present campaign; unsaved defaults where nobody has set anything."""
    return RegistryRule.objects.filter(campaign=Campaign.objects.present()).first() or RegistryRule()


@transaction.atomic
def set_rule(*, purpose_ends_on: date | None, keep_months: int, living_days: int, by, now: datetime) -> RegistryRule:
    """Set when the purpose ends, how many months data stay afterwards, how many days "còn sống" holds.

    Of the open occasion, else of the last one: its purpose ends after its end. Errors: Refused before the first one.
    """
    campaign = Campaign.objects.present_one()
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


def due(people: QuerySet, *, today: date) -> QuerySet:
    """Those of the people whose data are to be erased, by given name; none before the last day of an occasion has passed.

    Of every occasion whose time is over: whoever was in the registry then, and stands in no later one – in a plan, with a
    visit or a gift that is promised or given.
    """
    over = Q()
    for found in _over(today):
        over |= _left_by(found)
    if not over:
        return people.none()
    newest = Consent.objects.filter(person=OuterRef("pk"), purpose=Consent.Purpose.KEEP).order_by("-pk")
    asked = DataRequest.objects.filter(
        person=OuterRef("pk"), state__in=(DataRequest.State.OPEN, DataRequest.State.ANSWERED)
    )
    return (
        people.filter(over, erased_at__isnull=True, merged_into__isnull=True)
        .annotate(may_keep=Subquery(newest.values("given")[:1]))
        .filter(Q(may_keep=False) | Q(may_keep__isnull=True), ~Exists(asked))
        .select_related("residence__parent")
        .by_given_name()
    )


def _over(today: date) -> list[RegistryRule]:
    """The rules of the occasions whose last day has passed, the newest occasion first."""
    rules = RegistryRule.objects.filter(purpose_ends_on__isnull=False).select_related("campaign")
    passed = [found for found in rules if (last := kept_until(found)) and today > last]
    return sorted(passed, key=lambda found: found.campaign.starts_on, reverse=True)


def _left_by(found: RegistryRule) -> Q:
    """Those whom one occasion leaves behind: there before it ended, and in no later one."""
    campaign = found.campaign
    later = Campaign.objects.filter(starts_on__gt=campaign.starts_on).values("pk")
    planned = PlanEntry.objects.planned().filter(person=OuterRef("pk"), plan__campaign__in=later)
    visited = Visit.objects.filter(person=OuterRef("pk"), campaign__in=later)
    thanked = Gift.objects.filter(
        person=OuterRef("pk"), source__campaign__in=later, state__in=(Gift.State.PROMISED, Gift.State.GIVEN)
    )
    left = Q(~Exists(planned), ~Exists(visited), ~Exists(thanked))
    return left if campaign.closed_at is None else left & Q(created_at__lte=campaign.closed_at)


def anonymise(people: QuerySet, numbers: list[int], *, by, now: datetime) -> int:
    """Erase the chosen ones of those that are due: all or none. Returns how many.

    Errors: Refused when there are too many, none, or one that is not due (any more).
    """
    if not numbers:
        raise Refused("Hãy chọn ít nhất một hồ sơ.")
    if len(numbers) > AT_ONCE:
        raise Refused(f"Mỗi lần chỉ làm được {AT_ONCE} hồ sơ.")
    today = day_of(now)
    with transaction.atomic():
        chosen = list(due(people.filter(pk__in=numbers), today=today))
        if len(chosen) != len(set(numbers)):
            raise Refused("Có hồ sơ không còn đến hạn (mới có ý kiến cho lưu, có yêu cầu, hoặc đã xóa). Hãy xem lại.")
        basis = f"Hết thời hạn lưu ngày {vn_date(kept_until(_over(today)[0]))}"
        for person in chosen:
            erasing.erase(person, kind=Erasure.Kind.RETENTION, basis=basis, by=by, now=now)
    return len(chosen)


def due_count(today: date) -> int:
    """How many are due in the whole registry, for the notice; 0 without a statement more where no end is set."""
    return due(Person.objects.all(), today=today).count()
