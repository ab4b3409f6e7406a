"""Whom a delegation calls on, in the order of its way, and who is not called on any more, with the reason."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from directive_tracker import vietnamese
from directive_tracker.vietnamese import vn_date
from veterans.enums import Honour, Living
from veterans.models import Delegation, GratitudePlan, Person, PlanEntry

# What a delegation goes out for; who is invited to a meeting comes to it.
CALLED_ON = (Honour.HOME, Honour.GIFT, Honour.HOUSE)
ASK_FIRST = "Có tin từ trần chưa được xác nhận; hãy hỏi lại trước khi đi."
# The official order of districts and communes is that of their codes.
WAY = ("person__residence__parent__code", "person__residence__code", "person__hamlet", "person__sort_key", "pk")


@dataclass(frozen=True)
class Stop:
    """One person on the way, with everything the plan has for the person.

    gone: why nobody calls on the person any more, "" otherwise; note: what to ask before going; visited: a call has been
    written down.
    """

    person: Person
    entries: tuple[PlanEntry, ...]
    gone: str
    note: str = ""
    visited: bool = False

    @property
    def forms(self) -> str:
        """How the person is thanked, in words."""
        return ", ".join(dict.fromkeys(str(entry.get_form_display()) for entry in self.entries))

    @property
    def key(self) -> int:
        """What stands for the stop in a form: its first entry."""
        return self.entries[0].pk


def gone_because(person: Person, plan: GratitudePlan) -> str:
    """Why a delegation of the plan does not call on the person; "" where it does. residence__parent is loaded."""
    if person.erased_at:
        return "Dữ liệu của hồ sơ đã được xóa"
    if person.merged_into_id or person.is_removed:
        return "Đã đưa khỏi danh sách"
    if person.is_deceased:
        return f"Đã từ trần ngày {vn_date(person.death_on)}" if person.death_on else "Đã từ trần"
    if person.living_state == Living.MOVED:
        return "Đã chuyển đi"
    commune = person.residence
    if plan.area_id not in (commune.pk, commune.parent_id, commune.parent.parent_id if commune.parent else None):
        return "Đã chuyển đến địa bàn khác"
    return ""


def standing(entries: QuerySet) -> QuerySet:
    """Of the entries those that stand in their plan and whose people nobody gone is among: gone_because in the database."""
    gone = (
        Q(person__removed_on__isnull=False)
        | Q(person__merged_into__isnull=False)
        | Q(person__erased_at__isnull=False)
        | Q(person__living_state__in=[Living.DECEASED, Living.MOVED])
    )
    inside = (
        Q(person__residence=F("plan__area"))
        | Q(person__residence__parent=F("plan__area"))
        | Q(person__residence__parent__parent=F("plan__area"))
    )
    return entries.planned().filter(inside).exclude(gone)


def way_key(entry: PlanEntry) -> tuple:
    """Where an entry stands on the way by itself: district, commune, hamlet, given name."""
    person, commune = entry.person, entry.person.residence
    district = commune.parent.code if commune.parent else ""
    return (district, commune.code, vietnamese.sort_key(person.hamlet), person.sort_key, entry.pk)


def grouped(entries: Iterable[PlanEntry]) -> list[list[PlanEntry]]:
    """The entries person by person, each person where its first entry stands."""
    groups: dict[int, list[PlanEntry]] = {}
    for entry in entries:
        groups.setdefault(entry.person_id, []).append(entry)
    return list(groups.values())


def stops_of(user, delegation: Delegation) -> tuple[list[Stop], int]:
    """The stops that the user may see, and how many people have left the user's areas. delegation.plan is loaded."""
    entries = (
        PlanEntry.objects.visible_to(user)
        .filter(delegation=delegation)
        .select_related("person__residence__parent")
        .prefetch_related("visits")
        .by_route()
    )
    stops = [stop_of(group, delegation.plan) for group in grouped(entries)]
    everybody = delegation.stops.values("person").distinct().count()
    return stops, everybody - len(stops)


def stop_of(group: list[PlanEntry], plan: GratitudePlan) -> Stop:
    """What the entries of one person come to."""
    person = group[0].person
    return Stop(
        person=person,
        entries=tuple(group),
        gone=gone_because(person, plan),
        note=ASK_FIRST if person.death_waits else "",
        visited=any(entry.visits.all() for entry in group),
    )
