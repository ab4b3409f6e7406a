"""How long the registry is kept: the office sets when the purpose ends; what is then due is listed, and a person decides.

Nothing is erased by a clock: the tick only tells. A person who agreed to be kept for later occasions (Consent "keep"), and
one with an open request, is not due.
"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from directive_tracker.vietnamese import vn_date
from records.audit import record
from tasks.errors import Refused
from veterans.campaigns import open_one
from veterans.models import Campaign, Consent, DataRequest, Erasure, Person, RegistryRule
from veterans.people import day_of
from veterans.protection import erasing

# So many are erased by one decision, so that it can be looked at.
AT_ONCE = 100


def rule() -> RegistryRule:
    """What stands for the present campaign; unsaved defaults where nobody has set anything."""
    return RegistryRule.objects.filter(campaign=Campaign.objects.present()).first() or RegistryRule()


@transaction.atomic
def set_rule(*, purpose_ends_on: date | None, keep_months: int, living_days: int, by, now: datetime) -> RegistryRule:
    """Set when the purpose ends, how many months data stay afterwards, how many days "còn sống" holds."""
    campaign = open_one()
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
    months = found.purpose_ends_on.month - 1 + found.keep_months
    year, month = found.purpose_ends_on.year + months // 12, months % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    last = date.fromordinal(following.toordinal() - 1).day
    return date(year, month, min(found.purpose_ends_on.day, last))


def due(people: QuerySet, *, today: date, found: RegistryRule) -> QuerySet:
    """Those of the people whose data are to be erased, by given name; none before the last day has passed."""
    last = kept_until(found)
    if last is None or today <= last:
        return people.none()
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


def anonymise(people: QuerySet, numbers: list[int], *, by, now: datetime) -> int:
    """Erase the chosen ones of those that are due: all or none. Returns how many.

    Errors: Refused when there are too many, none, or one that is not due (any more).
    """
    if not numbers:
        raise Refused("Hãy chọn ít nhất một hồ sơ.")
    if len(numbers) > AT_ONCE:
        raise Refused(f"Mỗi lần chỉ làm được {AT_ONCE} hồ sơ.")
    found = rule()
    with transaction.atomic():
        chosen = list(due(people.filter(pk__in=numbers), today=day_of(now), found=found))
        if len(chosen) != len(set(numbers)):
            raise Refused("Có hồ sơ không còn đến hạn (mới có ý kiến cho lưu, có yêu cầu, hoặc đã xóa). Hãy xem lại.")
        basis = f"Hết thời hạn lưu ngày {vn_date(kept_until(found))}"
        for person in chosen:
            erasing.erase(person, kind=Erasure.Kind.RETENTION, basis=basis, by=by, now=now)
    return len(chosen)


def due_count(today: date) -> int:
    """How many are due in the whole registry, for the notice; 0 without a statement more where no end is set."""
    return due(Person.objects.all(), today=today, found=rule()).count()
