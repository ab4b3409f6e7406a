"""The demo's occasion: the Front plans from the verified list, has the plan approved, and its delegations go out district by district."""

from collections.abc import Iterator
from datetime import date, datetime, time
from functools import partial
from typing import Any

from tasks.enums import DirectiveState
from tasks.errors import Refused
from tasks.models import DirectiveTask
from units.models import Area, AreaLevel, Unit
from veterans import campaigns, gratitude
from veterans.delegations import route, writing
from veterans.delegations.writing import Details
from veterans.enums import Honour, SourceLevel
from veterans.gifts import Given
from veterans.models import Campaign, Delegation, Gift, GiftSource, GratitudePlan, Person, PlanEntry, Visit
from veterans.planning import choosing, money, plans, wishes
from veterans.planning.money import Fund

CAMPAIGN = "Kỷ niệm 70 năm Chiến thắng Điện Biên Phủ"
OPENED = date(2024, 2, 19)
# Field of the campaign → the directive's task.
CAMPAIGN_TASKS = {"review_task": "1b.1", "plan_task": "1b.2", "visit_task": "1b.3"}
INTENT = (
    "Thể hiện lòng biết ơn đối với những người trực tiếp tham gia Chiến dịch; thăm tận nhà người cao tuổi, đi lại khó khăn.\n"
    "Mỗi người được thăm ít nhất một lần trước ngày 07/5; không trùng, không sót."
)
FUNDS = {
    SourceLevel.PROVINCE: Fund(each=2_000_000, goods="Túi quà", budget=80_000_000),
    SourceLevel.COMPANY: Fund(each=1_000_000, goods="", budget=20_000_000),
}
PLANNED, ADDED = date(2024, 3, 25), date(2024, 4, 16)
SUBMITTED, APPROVED = date(2024, 3, 27), date(2024, 3, 29)
MADE = date(2024, 4, 10)
# Before its delegations went out the Front called on somebody who was ill.
EARLY = (date(2024, 4, 5), "Nguyễn Văn Hoà")
# District → day; 29/4 was swapped for Saturday 04/5.
DAYS = {
    "615": date(2024, 4, 22),
    "608": date(2024, 4, 23),
    "612": date(2024, 4, 24),
    "611": date(2024, 4, 25),
    "610": date(2024, 4, 26),
    "616": date(2024, 5, 2),
    "614": date(2024, 5, 3),
    "613": date(2024, 5, 4),
    "617": date(2024, 5, 6),
    "618": date(2024, 5, 3),
}
# The delegation that could not go, and when that was written down.
CANCELLED = ("618", date(2024, 5, 2), "Mưa lớn, đường vào xã sạt lở; xã thăm thay.")
MEETING = date(2024, 5, 4)
LEADERS = ("Phó Chủ tịch Ủy ban MTTQ tỉnh", "Ủy viên Ban Thường trực Ủy ban MTTQ tỉnh")
TOWN = "608"
# Day, hour, minute, what is done then.
Happening = tuple[date, int, int, Any]


def happenings(by: Any) -> Iterator[Happening]:
    """Everything of the occasion, in no particular order."""
    yield OPENED, 16, 0, partial(_open, by)
    yield PLANNED, 9, 0, partial(_plan, by)
    yield PLANNED, 10, 0, partial(_put_in, by)
    yield SUBMITTED, 16, 0, partial(_submit, by)
    yield APPROVED, 15, 30, partial(_approve, by)
    yield EARLY[0], 15, 0, partial(_early, by)
    yield ADDED, 9, 0, partial(_put_in, by)
    for place, (district, day) in enumerate(DAYS.items()):
        yield MADE, 14, place, partial(_delegation, district, day, by)
        # Who was verified late is taken along by the delegation of the own district.
        yield ADDED, 10, place, partial(_take, district, by)
        if district != CANCELLED[0]:
            yield day, 16, place, partial(_go, district, day, by)
    yield CANCELLED[1], 9, 30, partial(_cancel, by)
    yield MEETING, 11, 0, partial(_meet, by)


def _open(by: Any, now: datetime) -> None:
    """The Front begins the occasion, which carries out three tasks of the directive."""
    if Campaign.objects.exists():
        raise Refused("Đã có đợt tri ân.")
    issued = DirectiveTask.objects.filter(directive__state=DirectiveState.ISSUED, code__in=CAMPAIGN_TASKS.values())
    tasks = {task.code: task for task in issued}
    campaigns.open_campaign(
        name=CAMPAIGN,
        starts_on=OPENED,
        honour_day=date(2024, 5, 7),
        ends_on=date(2024, 5, 15),
        basis="Văn bản của Ban Thường vụ Tỉnh ủy; Hướng dẫn 114/HD-MTTW-BTT",
        tasks={field: tasks.get(code) for field, code in CAMPAIGN_TASKS.items()},
        by=by,
        now=now,
    )


def _our_plan() -> GratitudePlan:
    """The Front's plan for the province. Errors: Refused where a visitor has made none, or ended the occasion."""
    found = GratitudePlan.objects.filter(campaign=campaigns.open_one(), area__level=AreaLevel.PROVINCE).first()
    if found is None:
        raise Refused("Chưa có kế hoạch của tỉnh.")
    return found


def _front() -> Unit:
    return Unit.objects.get(code="mttq")


def _plan(by: Any, now: datetime) -> None:
    province = Area.objects.filter(level=AreaLevel.PROVINCE).order_by("pk").first()
    plan = plans.make_plan(area=province, unit=_front(), title="", intent=INTENT, by=by, now=now)
    sources = {row.level: row.pk for row in campaigns.open_one().sources.all()}
    funds = {sources[level]: fund for level, fund in FUNDS.items()}
    money.set_money(plan, funds, version=plan.version, by=by, now=now)


def _put_in(by: Any, now: datetime) -> None:
    """Whoever is verified by then and in no plan: at home, and in the town to the meeting as well."""
    plan = _our_plan()
    people = Person.objects.verified_living().exclude(plan_entries__plan=plan).order_by("pk")
    people = list(people.select_related("residence__parent"))
    if not people:
        raise Refused("Không có ai để đưa vào kế hoạch.")
    lines = list(plan.funding.filter(source__level=SourceLevel.PROVINCE).values_list("pk", flat=True))
    in_town = [person for person in people if person.residence.parent.code == TOWN and not person.needs_vehicle]
    for person in people:
        wished = [Honour.HOME, Honour.MEETING] if person in in_town else [Honour.HOME]
        wishes.write(person, wished, by=by, now=now)
    found = choosing.put_in(plan, {person.pk: Honour.HOME for person in people}, lines=lines, by=by, now=now)
    if not found.added:
        raise Refused("Không có ai được đưa thêm vào kế hoạch.")
    if in_town:
        choosing.put_in(plan, {person.pk: Honour.MEETING for person in in_town}, lines=[], by=by, now=now)


def _submit(by: Any, now: datetime) -> None:
    plan = _our_plan()
    if not plan.is_draft:
        raise Refused("Kế hoạch đã được trình.")
    plans.submit(plan, version=plan.version, by=by, now=now)


def _approve(by: Any, now: datetime) -> None:
    plan = _our_plan()
    plans.approve(
        plan,
        number="15",
        symbol="KH/MTTQ",
        approved_on=APPROVED,
        signer="Người ký (giả định)",
        version=plan.version,
        by=by,
        now=now,
    )


def _delegation(district: str, day: date, by: Any, now: datetime) -> None:
    """One delegation a district, with everybody of it who is to be called on at home."""
    plan, number = _our_plan(), list(DAYS).index(district) + 1
    if Delegation.objects.filter(plan=plan, name=f"Đoàn số {number}").exists():
        raise Refused("Đã có đoàn này.")
    details = Details(
        name=f"Đoàn số {number}",
        unit=_front(),
        leader=f"Trưởng đoàn số {number} (giả định)",
        leader_title=LEADERS[number % len(LEADERS)],
        on=day,
        starts_at=time(7, 0),
        starts_from="Trụ sở Ủy ban MTTQ tỉnh",
        vehicle="Xe 16 chỗ",
        members=(("Cán bộ Hội Cựu chiến binh tỉnh (giả định)", ""), ("Cán bộ Tỉnh đoàn (giả định)", "")),
    )
    writing.make(plan, details, by=by, now=now)
    _take(district, by, now)


def _take(district: str, by: Any, now: datetime) -> None:
    plan = _our_plan()
    found = Delegation.objects.filter(plan=plan, name=f"Đoàn số {list(DAYS).index(district) + 1}").first()
    waiting = PlanEntry.objects.planned().filter(plan=plan, form=Honour.HOME, delegation=None)
    waiting = waiting.filter(person__residence__parent__code=district, visits=None)
    if found is None or not waiting.exists():
        raise Refused("Không có ai để xếp vào đoàn.")
    seen = dict.fromkeys(waiting.values_list("pk", flat=True))
    route.take(found, seen, entries=PlanEntry.objects.all(), version=found.version, by=by, now=now)


def _gifts_of(entry: PlanEntry) -> list[Given]:
    promised = Gift.objects.filter(entry=entry, state=Gift.State.PROMISED).select_related("source")
    return [Given(gift.source, money=gift.money, goods=gift.goods, kind=gift.kind) for gift in promised]


def _call(entry: PlanEntry, day: date, gifts: list[Given], by: Any, now: datetime, **more: Any) -> bool:
    """Write one call down, unless a visitor of the demo has done so."""
    if Visit.objects.filter(person=entry.person_id, on=day, unit=_front()).exists():
        return False
    gratitude.record_visit(
        entry.person, on=day, unit=_front(), gifts=gifts, entry=entry, form=entry.form, by=by, now=now, **more
    )
    return True


def _early(by: Any, now: datetime) -> None:
    entry = PlanEntry.objects.planned().filter(plan=_our_plan(), person__full_name=EARLY[1], form=Honour.HOME).first()
    if entry is None:
        raise Refused("Người này không còn trong kế hoạch.")
    if not _call(entry, EARLY[0], _gifts_of(entry), by, now):
        raise Refused("Đã ghi lần thăm này.")


def _go(district: str, day: date, by: Any, now: datetime) -> None:
    """The delegation comes home and writes down whom it called on; a company gave to the first of the way."""
    plan = _our_plan()
    found = Delegation.objects.filter(plan=plan, on=day, name=f"Đoàn số {list(DAYS).index(district) + 1}").first()
    if found is None or found.state != Delegation.State.PLANNED:
        raise Refused("Đoàn này không đi.")
    company = GiftSource.objects.get(campaign=plan.campaign, level=SourceLevel.COMPANY, order=4)
    stops = [stop for stop in found.stops.planned().by_route().select_related("person") if not stop.person.is_deceased]
    for place, stop in enumerate(stop for stop in stops if stop.person.is_listed and not stop.person.death_waits):
        gifts = _gifts_of(stop)
        if place == 0:
            gifts.append(Given(company, money=1_000_000))
        _call(stop, day, gifts, by, now, delegation=found)
    writing.done(found, version=found.version, by=by, now=now)


def _cancel(by: Any, now: datetime) -> None:
    district, _, why = CANCELLED
    found = Delegation.objects.filter(plan=_our_plan(), name=f"Đoàn số {list(DAYS).index(district) + 1}").first()
    if found is None:
        raise Refused("Không có đoàn này.")
    writing.cancel(found, why=why, version=found.version, by=by, now=now)


def _meet(by: Any, now: datetime) -> None:
    """The meeting of the province: who was invited came."""
    entries = PlanEntry.objects.planned().filter(plan=_our_plan(), form=Honour.MEETING).select_related("person")
    came = [entry for entry in entries if entry.person.is_listed and not entry.person.is_deceased]
    written = [_call(entry, MEETING, [], by, now) for entry in came]
    if not any(written):
        raise Refused("Đã ghi buổi gặp mặt.")
