"""Who stands on the way of a delegation, and in which order. A person stands once, with everything the plan has for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from records.audit import record
from tasks.errors import Refused
from veterans.delegations.stops import CALLED_ON, WAY, gone_because, grouped, standing, way_key
from veterans.delegations.writing import held, refuse_settled
from veterans.models import Delegation, PlanEntry

# More than anybody calls on in a day; their papers are written while the page waits.
MOST_STOPS = 100


@dataclass
class Taken:
    """What came of taking people: how many, from which delegations they moved, who stayed where they are and why."""

    people: int = 0
    moved: dict[str, int] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)


def waiting(entries: QuerySet) -> QuerySet:
    """Of the entries those that a delegation may still take along: to be called on, not called on yet, nobody gone.

    Who is in another delegation is among them; `delegation=None` are those without one.
    """
    return standing(entries).filter(form__in=CALLED_ON, visits=None)


def by_way(entries: QuerySet) -> QuerySet:
    """In the order of the way."""
    return entries.order_by(*WAY)


@transaction.atomic
def take(
    delegation: Delegation, seen: Mapping[int, int | None], *, entries: QuerySet, version: int, by, now: datetime
) -> Taken:
    """Put people on the way; each goes behind those of the own commune.

    Args:
        seen: entry → the delegation the page showed it in, None for without one. An entry that is elsewhere by now stays.
        entries: among which they must be, those the writer may see.

    Errors: Stale, Refused.
    """
    row = held(delegation, version)
    refuse_settled(row)
    others = {pk for pk in seen.values() if pk not in (None, row.pk)}
    # In the order of their keys, so that two writers wait and never lock each other out.
    known = {each.pk: each for each in Delegation.objects.select_for_update().filter(pk__in=others).order_by("pk")}
    found = list(
        entries.filter(plan=row.plan_id, pk__in=seen)
        .select_related("person__residence__parent")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    answer, fresh = Taken(), []
    for entry in found:
        refusal = _refusal(entry, row, seen[entry.pk], known)
        if refusal:
            answer.left.append(f"Hồ sơ số {entry.person_id} {refusal}")
        elif entry.delegation_id != row.pk:
            fresh.append(entry)
    answer.left += ["Một mục không còn trong kế hoạch"] * (len(seen) - len(found))
    _move_here(row, fresh, known, answer)
    if fresh:
        row.version += 1
        row.save(update_fields=["version"])
        record("registry.delegation_people_taken", by=by, at=now, target=row, data={"people": answer.people})
    return answer


def _refusal(entry: PlanEntry, row: Delegation, seen: int | None, known: Mapping[int, Delegation]) -> str:
    """Why an entry is not taken, "" where it is."""
    if entry.state != PlanEntry.State.PLANNED:
        return "vừa được đưa ra khỏi kế hoạch"
    if entry.form not in CALLED_ON:
        return "được mời gặp mặt, không có trong danh sách đến nhà"
    gone = gone_because(entry.person, row.plan)
    if gone:
        return gone[:1].lower() + gone[1:]
    if entry.delegation_id == row.pk:
        return ""
    if entry.delegation_id != seen:
        return f"vừa được xếp vào đoàn “{entry.delegation}”" if entry.delegation_id else "vừa được bỏ khỏi đoàn"
    if entry.delegation_id and known[entry.delegation_id].state == Delegation.State.DONE:
        return f"đoàn “{entry.delegation}” đã đi"
    return ""


def _move_here(row: Delegation, fresh: list[PlanEntry], known: Mapping[int, Delegation], answer: Taken) -> None:
    people = {entry.person_id: entry for entry in fresh}
    for entry in people.values():
        if entry.delegation_id:
            name = known[entry.delegation_id].name
            answer.moved[name] = answer.moved.get(name, 0) + 1
    Delegation.objects.filter(pk__in={entry.delegation_id for entry in fresh if entry.delegation_id}).update(
        version=F("version") + 1
    )
    way = _way(row)
    for entry in sorted(fresh, key=way_key):
        entry.delegation = row
        key = way_key(entry)
        # Behind the last one that comes before it by itself; a changed order stays as it is.
        place = max((number for number, other in enumerate(way, start=1) if way_key(other) < key), default=0)
        way.insert(place, entry)
    if len({entry.person_id for entry in way}) > MOST_STOPS:
        raise Refused(f"Một đoàn thăm nhiều nhất {MOST_STOPS} người; hãy chia thành các đoàn.")
    _number(grouped(way))
    answer.people = len(people)


def _way(row: Delegation) -> list[PlanEntry]:
    entries = PlanEntry.objects.select_for_update(of=("self",)).filter(delegation=row)
    return list(entries.select_related("person__residence__parent").by_route())


def _number(groups: Iterable[list[PlanEntry]]) -> None:
    """Write the order down."""
    way = [entry for group in groups for entry in group]
    for number, entry in enumerate(way, start=1):
        entry.position = number
    PlanEntry.objects.bulk_update(way, ["delegation", "position"])


def _changed(row: Delegation, verb: str, *, by, now: datetime, **data) -> None:
    row.version += 1
    row.save(update_fields=["version"])
    record(verb, by=by, at=now, target=row, data=data)


@transaction.atomic
def put_off(delegation: Delegation, entry: int, *, version: int, by, now: datetime) -> None:
    """Take a person off the way, with everything the plan has for it. Errors: Stale, Refused."""
    row = held(delegation, version)
    refuse_settled(row)
    groups = grouped(_way(row))
    group = _group_of(groups, entry)
    PlanEntry.objects.filter(pk__in=[each.pk for each in group]).update(delegation=None, position=0)
    groups.remove(group)
    _number(groups)
    _changed(row, "registry.delegation_people_put_off", by=by, now=now, people=1)


@transaction.atomic
def put_off_gone(delegation: Delegation, *, version: int, by, now: datetime) -> int:
    """Take everybody off the way on whom nobody calls any more. Returns how many. Errors: Stale, Refused."""
    row = held(delegation, version)
    refuse_settled(row)
    groups = grouped(_way(row))
    gone = [group for group in groups if gone_because(group[0].person, row.plan)]
    if not gone:
        raise Refused("Mọi người trong danh sách đều còn được đến thăm.")
    PlanEntry.objects.filter(pk__in=[each.pk for group in gone for each in group]).update(delegation=None, position=0)
    _number([group for group in groups if group not in gone])
    _changed(row, "registry.delegation_people_put_off", by=by, now=now, people=len(gone))
    return len(gone)


@transaction.atomic
def move(delegation: Delegation, entry: int, *, up: bool, version: int, by, now: datetime) -> None:
    """Call on a person earlier or later: change places with the next one who is called on. Errors: Stale, Refused."""
    row = held(delegation, version)
    refuse_settled(row)
    groups = grouped(_way(row))
    group = _group_of(groups, entry)
    live = [each for each in groups if each is group or not gone_because(each[0].person, row.plan)]
    other = live.index(group) + (-1 if up else 1)
    if not 0 <= other < len(live):
        raise Refused("Người này đã ở đầu đường đi." if up else "Người này đã ở cuối đường đi.")
    here, there = groups.index(group), groups.index(live[other])
    groups[here], groups[there] = groups[there], groups[here]
    _number(groups)
    _changed(row, "registry.delegation_route_changed", by=by, now=now)


@transaction.atomic
def sort_again(delegation: Delegation, *, version: int, by, now: datetime) -> None:
    """By commune again: district, commune, hamlet, given name. Errors: Stale, Refused."""
    row = held(delegation, version)
    refuse_settled(row)
    _number(grouped(sorted(_way(row), key=way_key)))
    _changed(row, "registry.delegation_route_changed", by=by, now=now)


def _group_of(groups: list[list[PlanEntry]], entry: int) -> list[PlanEntry]:
    """Errors: Refused where the entry is not on the way (any more)."""
    for group in groups:
        if any(each.pk == entry for each in group):
            return group
    raise Refused("Người này không còn trong danh sách của đoàn.")
