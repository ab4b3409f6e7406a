"""Whom a plan holds: putting people in with the gifts that are promised to them, and taking them out again.

The order in which rows are held is the same everywhere: people by number, the plan, its entries and gifts.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from directive_tracker.vietnamese import vn_date
from records.audit import record
from tasks.errors import Refused
from veterans import gifts
from veterans.enums import Finding, Honour, Living, Verification
from veterans.gifts import Given
from veterans.models import DuplicatePair, Gift, GiftSource, GratitudePlan, Person, PlanEntry, PlanFunding
from veterans.people import locked
from veterans.planning import plans
from veterans.wording import words_or_refuse

# Each costs some statements; so many are done within a second.
MOST_AT_ONCE = 50
MOVED_AWAY = "Đã chuyển khỏi địa bàn của kế hoạch."
PAIR = "Có cặp hồ sơ nghi trùng chưa xem."
WITH_GIFTS = frozenset({Honour.HOME.value, Honour.GIFT.value})


@dataclass(frozen=True)
class LeftOut:
    """Somebody who was not put in, and why; pair: a registrar may still say so."""

    person: Person
    why: str
    form: str
    pair: bool = False


@dataclass(frozen=True)
class Twice:
    """A gift that was not promised, because its source has one for this person already."""

    person: Person
    source: GiftSource
    why: str


@dataclass
class PutIn:
    """What came of putting people in."""

    added: list[PlanEntry] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    twice: list[Twice] = field(default_factory=list)


@transaction.atomic
def put_in(
    plan: GratitudePlan,
    wanted: Mapping[int, str],
    *,
    lines: Collection[int],
    even_pairs: Collection[int] = (),
    by,
    now: datetime,
) -> PutIn:
    """Put people into the plan; whoever cannot be is left out and told why, everybody else is in.

    Args:
        wanted: person → form of Honour.
        lines: the plan's funding rows of which a gift is promised, to whom is called on at home or gets a gift.
        even_pairs: people who are put in although a pair with them is undecided.

    Errors: Refused for more than MOST_AT_ONCE, while the plan waits for its approval, after the campaign.
    """
    if len(wanted) > MOST_AT_ONCE:
        raise Refused(f"Mỗi lần đưa vào được nhiều nhất {MOST_AT_ONCE} người.")
    people = list(
        Person.objects.select_for_update(of=("self",))
        .filter(pk__in=list(wanted))
        .select_related("residence__parent")
        .order_by("pk")
    )
    plan = plans.held(plan)
    plans.refuse_waiting(plan)
    known = set(plan.entries.planned().filter(person__in=people).values_list("person", "form"))
    paired = open_pairs_of([person.pk for person in people]) - set(even_pairs)
    chosen = [row for row in plan.funding.select_related("source") if row.pk in set(lines)]
    found = PutIn()
    for person in people:
        form = Honour(wanted[person.pk]).value
        why = _why_not(person, plan)
        if not why and (person.pk, form) in known:
            why = f"Đã có trong kế hoạch này với hình thức {Honour(form).label.lower()}."
        if why or person.pk in paired:
            found.left_out.append(LeftOut(person, why or PAIR, form, pair=not why))
            continue
        entry = PlanEntry.objects.create(plan=plan, person=person, form=form, added_by=by, added_at=now)
        found.added.append(entry)
        if form in WITH_GIFTS:
            found.twice += _promise(entry, chosen, by=by, now=now)
    if found.added:
        record("registry.plan_people_added", by=by, at=now, target=plan, data={"count": len(found.added)})
    return found


def _why_not(person: Person, plan: GratitudePlan) -> str:
    """Why somebody cannot be in this plan, "" where nothing stands against it."""
    if not person.is_listed:
        return "Không còn trong danh sách."
    if person.is_deceased:
        return "Đã từ trần."
    if person.death_waits:
        return "Đang có tin từ trần, chờ xác nhận."
    if person.living_state == Living.MOVED:
        return "Đã chuyển đi."
    commune = person.residence
    if plan.area_id not in (commune.pk, commune.parent_id, commune.parent and commune.parent.parent_id):
        return MOVED_AWAY
    if (person.living_state, person.verification, person.finding) != (
        Living.LIVING,
        Verification.PROVINCE,
        Finding.ENOUGH,
    ):
        return "Chưa được xác minh xong là người còn sống, đủ căn cứ."
    return ""


def open_pairs_of(people: Collection[int]) -> set[int]:
    """Who of these people stands in a pair that nobody has decided. One statement."""
    pairs = DuplicatePair.objects.filter(
        Q(first__in=people) | Q(second__in=people), state=DuplicatePair.State.PROPOSED
    ).values_list("first", "second")
    return {pk for pair in pairs for pk in pair} & set(people)


def _promise(entry: PlanEntry, lines: Iterable[PlanFunding], *, by, now: datetime) -> list[Twice]:
    """Promise the gift of each line; what a source has done already is returned, not stored."""
    kind = kind_of(entry.form)
    refused = []
    for row in lines:
        if not row.each and not row.goods:
            continue
        given = Given(row.source, money=row.each, goods=row.goods, kind=kind)
        try:
            gifts.promise(entry.person, given, unit=entry.plan.unit, entry=entry, by=by, now=now)
        except gifts.TwiceRefused as refusal:
            refused.append(Twice(entry.person, row.source, str(refusal)))
    return refused


def kind_of(form: str) -> str:
    """Money for a house is no gift of the day: a source may give both."""
    return Gift.Kind.HOUSE if form == Honour.HOUSE else Gift.Kind.GIFT


@transaction.atomic
def change_gifts(entry: PlanEntry, lines: Collection[int], *, why: str = "", by, now: datetime) -> list[Twice]:
    """Make the promises to this entry those of the given funding rows; returns what a source has done already.

    Args:
        lines: funding rows of the plan; why: for promises that fall away.

    Errors: Refused for an entry that is out of the plan, without a reason, and as gifts.promise.
    """
    locked(entry.person)
    plan = plans.held(entry.plan)
    plans.refuse_waiting(plan)
    row = _held_entry(entry)
    live = {gift.source_id: gift for gift in row.gifts.filter(state=Gift.State.PROMISED)}
    given = set(row.gifts.filter(state=Gift.State.GIVEN).values_list("source", flat=True))
    known = {each.pk: each for each in plan.funding.select_related("source")}
    wanted = {known[pk].source_id: known[pk] for pk in lines if pk in known}
    # What a source promised that has no funding row is not asked about here.
    asked = {each.source_id for each in known.values()}
    for source, gift in live.items():
        if source in asked and source not in wanted:
            gifts.withdraw(gift, why=why, by=by, now=now)
    new = [each for source, each in wanted.items() if source not in live and source not in given]
    refused = _promise(row, new, by=by, now=now)
    record("registry.plan_gifts_changed", by=by, at=now, target=plan, data={"count": 1})
    return refused


@transaction.atomic
def drop(entry: PlanEntry, *, why: str, by, now: datetime) -> PlanEntry:
    """Take somebody out of the plan, with a reason; what was promised to the entry falls away for the same reason.

    Errors: Refused without a reason, when the entry is out already, or when the visit has been made.
    """
    why = words_or_refuse(why, "Hãy ghi vì sao đưa người này ra khỏi kế hoạch.", longest=300)
    locked(entry.person)
    plan = plans.held(entry.plan)
    row = _dropped(_held_entry(entry), why, by=by, now=now)
    record("registry.plan_people_dropped", by=by, at=now, target=plan, data={"count": 1})
    return row


def _held_entry(entry: PlanEntry) -> PlanEntry:
    row = PlanEntry.objects.select_for_update(of=("self",)).select_related("person", "plan__unit").get(pk=entry.pk)
    if row.state == PlanEntry.State.DROPPED:
        raise Refused("Người này đã được đưa ra khỏi kế hoạch trước đó.")
    return row


def _dropped(row: PlanEntry, why: str, *, by, now: datetime) -> PlanEntry:
    made = row.visits.order_by("on").values_list("on", flat=True).first()
    if made:
        raise Refused(f"Người này đã được thăm theo kế hoạch ngày {vn_date(made)}, không đưa ra được.")
    for gift in row.gifts.filter(state=Gift.State.PROMISED):
        gifts.withdraw(gift, why=why, by=by, now=now)
    row.state, row.dropped_because, row.delegation, row.position = PlanEntry.State.DROPPED, why, None, 0
    row.dropped_by, row.dropped_at = by, now
    row.save()
    return row


def _moved_away(plan: GratitudePlan):
    return PlanEntry.objects.planned().living_outside(plan).filter(visits=None)


def count_moved_away(plan: GratitudePlan) -> int:
    """How many of the plan live outside its area by now: a number, for the names are another registrar's."""
    return _moved_away(plan).count()


@transaction.atomic
def drop_moved_away(plan: GratitudePlan, *, by, now: datetime) -> int:
    """Take out whoever lives outside the plan's area by now and has not been visited; how many, MOST_AT_ONCE at most.

    Their registrar of today plans for them; whoever keeps this plan may not see the entry any more.
    """
    people = list(_moved_away(plan).order_by("person").values_list("person", flat=True)[:MOST_AT_ONCE])
    list(Person.objects.select_for_update(of=("self",)).filter(pk__in=people).order_by("pk"))
    held = plans.held(plan)
    done = [_dropped(row, MOVED_AWAY, by=by, now=now) for row in _moved_away(held).filter(person__in=people)]
    if done:
        record("registry.plan_people_dropped", by=by, at=now, target=held, data={"count": len(done)})
    return len(done)
