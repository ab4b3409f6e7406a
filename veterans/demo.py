"""The registry's part of the demo, played day by day through the functions the pages call.

Lists come in from 20/02 on, are verified step by step, communes are reviewed one after the other
(Thành phố Kon Tum last); the Front plans and its delegations go out (demo_thanks).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from accounts.models import User
from directive_tracker.workdays import WorkCalendar
from tasks.errors import Refused
from units.models import Area
from veterans import area_reviews, gratitude, living, people, verification
from veterans.demo_lists import waiting
from veterans.demo_people import CALLS, DEATHS, FINDINGS, LIVING_NEWS, OTHER_REVIEWS, PEOPLE, Entry
from veterans.demo_thanks import happenings
from veterans.enums import VERIFICATION_STEPS, Living, ReviewSource, ReviewState, Verification
from veterans.models import AreaReview, Condolence, Person

DAK_HA = "615"
LEGAL_BASIS = "Danh sách của Ủy ban MTTQ xã; đã báo cho người được ghi hoặc gia đình bằng lời."

# District → the day its list came in, the first day of reviewed communes, communes a working day.
SCHEDULE = {
    "615": (date(2024, 2, 20), date(2024, 3, 4), 2),
    "612": (date(2024, 2, 22), date(2024, 3, 6), 1),
    "611": (date(2024, 2, 27), date(2024, 3, 11), 1),
    "610": (date(2024, 3, 1), date(2024, 3, 18), 1),
    "616": (date(2024, 3, 4), date(2024, 3, 13), 1),
    "614": (date(2024, 3, 6), date(2024, 3, 14), 1),
    "613": (date(2024, 3, 8), date(2024, 3, 15), 1),
    "617": (date(2024, 3, 12), date(2024, 3, 19), 2),
    "618": (date(2024, 3, 14), date(2024, 3, 21), 1),
    "608": (date(2024, 3, 18), date(2024, 3, 25), 1),
}
# Working days from the list to each step.
STEP_AFTER = {Verification.HAMLET: 2, Verification.COMMUNE: 3, Verification.DISTRICT: 7, Verification.PROVINCE: 12}
DEATH_REPORTED, DEATH_CONFIRMED = date(2024, 3, 29), date(2024, 4, 2)
ENTRIES_A_DAY = 5


@dataclass(frozen=True)
class _Event:
    """Something that happens on a day; it is left out when the demo's visitors were quicker."""

    day: date
    hour: int
    minute: int
    do: Callable[[datetime], None]


def planned_events() -> list["_Event"]:
    """Everything that happens in the registry, in order; whoever plays day by day asks once.

    Errors: DoesNotExist when areas, units or the users mttq and dakha are missing.
    """
    return sorted(_events(), key=lambda event: (event.day, event.hour, event.minute))


def play_registry(
    *, first: date, last: date, at: Callable[[date, int, int], datetime], events: list["_Event"] | None = None
) -> int:
    """Play what happens in the registry from `first` to `last`, both included.

    Run again with later days it continues; what is there already stays as it is.

    Args:
        at: gives the aware moment of a day, hour and minute.
        events: what planned_events() gave; asked again where it is None.

    Returns how many events were played. Errors: DoesNotExist when areas, units or the users mttq
    and dakha are missing.
    """
    played = 0
    for event in planned_events() if events is None else events:
        if not first <= event.day <= last:
            continue
        try:
            event.do(at(event.day, event.hour, event.minute))
        except Refused:
            # Somebody who tries the demo has done it, or the opposite, by hand.
            continue
        played += 1
    return played


def _events() -> Iterator[_Event]:
    """Everything that is planned, in no particular order."""
    calendar = WorkCalendar({})
    users = {user.username: user for user in User.objects.filter(username__in=["mttq", "dakha"])}
    for district, (listed, reviewed, pace) in SCHEDULE.items():
        keeper = users["dakha" if district == DAK_HA else "mttq"]
        for place, entry in enumerate(PEOPLE[district]):
            day = calendar.add(listed, place // ENTRIES_A_DAY)
            minute = 10 * (place % ENTRIES_A_DAY)
            yield _Event(day, 9, minute, partial(_add, entry, keeper))
            for step in VERIFICATION_STEPS[1 : VERIFICATION_STEPS.index(entry.reached) + 1]:
                by = users["mttq"] if step == Verification.PROVINCE else keeper
                yield _Event(calendar.add(day, STEP_AFTER[step]), 14, minute, partial(_verify, entry, step, by))
        yield from _reviews(calendar, district, reviewed, pace, keeper)
    yield from _deaths(users)
    yield from _checked(users)
    for day, hour, minute, do in waiting(users):
        yield _Event(day, hour, minute, do)
    for day, hour, minute, do in happenings(users["mttq"]):
        yield _Event(day, hour, minute, do)


def _reviews(calendar: WorkCalendar, district: str, start: date, pace: int, by) -> Iterator[_Event]:
    """The communes of a district, in the order of their codes, some a working day."""
    communes = Area.objects.communes().valid_on(start).filter(parent__code=district).order_by("code")
    for place, commune in enumerate(communes):
        day = calendar.add(start, place // pace)
        yield _Event(day, 16, place, partial(_review, commune, by))


def _deaths(users: dict[str, User]) -> Iterator[_Event]:
    """Deaths are reported by one and confirmed by another."""
    for place, (name, reporter, second, day, source) in enumerate(DEATHS):
        died = date.fromisoformat(day) if day else None
        yield _Event(DEATH_REPORTED, 10, place, partial(_report_death, name, source, died, users[reporter]))
        if second:
            yield _Event(DEATH_CONFIRMED, 10, place, partial(_confirm_death, name, users[second]))


def _checked(users: dict[str, User]) -> Iterator[_Event]:
    """What was not enough, what is to be looked at again, who lives, whose family was called on, the lists of others."""
    for place, (name, level, finding, by, day, reason) in enumerate(FINDINGS):
        found = partial(_found, name, level, finding, reason, users[by])
        yield _Event(date.fromisoformat(day), 15, 10 + place, found)
    for day, by, source, names in LIVING_NEWS:
        for place, name in enumerate(names):
            yield _Event(date.fromisoformat(day), 9, 40 + place, partial(_lives, name, source, users[by]))
    for place, (code, source, by, began, done, count, signed) in enumerate(OTHER_REVIEWS):
        keeper = users[by]
        finished = partial(_other_review, code, source, count, signed, keeper)
        yield _Event(date.fromisoformat(began), 10, 30 + place, partial(_other_review, code, source, None, "", keeper))
        yield _Event(date.fromisoformat(done), 11, 10 + place, finished)
    for place, (name, by, day, note) in enumerate(CALLS):
        yield _Event(date.fromisoformat(day), 16, 30 + place, partial(_called, name, note, users[by]))


def _find(name: str) -> Person:
    """The demo's person of that name. Errors: Refused when a visitor has changed the name."""
    person = Person.objects.filter(full_name=name, created_by__username__in=["mttq", "dakha"]).first()
    if person is None:
        raise Refused("Không còn người này trong bản thử.")
    return person


def _add(entry: Entry, by, now: datetime) -> None:
    """One line of the list is typed in."""
    day = people.day_of(now)
    commune = Area.objects.communes().valid_on(day).get(code=entry.commune)
    if Person.objects.filter(full_name=entry.name, residence=commune).exists():
        raise Refused("Đã có trong danh sách.")
    estimated = entry.birth.startswith("~")
    parts = [int(part) for part in entry.birth.lstrip("~").split("/") if part]
    day_, month, year = [None] * (3 - len(parts)) + parts
    known = entry.state != Living.UNKNOWN
    evidence = {entry.category: (entry.paper, entry.number)}
    if entry.second:
        evidence[entry.second] = ("Lời kể, xã xác nhận", "")
    people.add_person(
        fields={
            "full_name": entry.name,
            "other_name": entry.other_name,
            "sex": entry.sex,
            "birth_day": day_,
            "birth_month": month,
            "birth_year": year,
            "birth_is_estimated": estimated if year else None,
            "residence": commune,
            "hamlet": entry.hamlet,
            "living_state": entry.state,
            "living_on": day if known else None,
            "living_source": ("Trưởng thôn" if entry.hamlet.startswith("Thôn") else "Gia đình") if known else "",
            "legal_basis": LEGAL_BASIS,
            "needs_interpreter": "i" in entry.needs,
            "needs_vehicle": "v" in entry.needs,
            "relative_contact": entry.contact,
            "relative_phone": entry.phone,
        },
        categories=evidence,
        by=by,
        now=now,
    )


def _verify(entry: Entry, step: Verification, by, now: datetime) -> None:
    person = _find(entry.name)
    if person.review_asked:
        raise Refused("Đang chờ xem lại.")
    verification.verify(person, to=step, by=by, now=now)


def _review(commune: Area, by, now: datetime) -> None:
    if AreaReview.objects.filter(area=commune, source=ReviewSource.COMMUNE).exists():
        raise Refused("Đã rà soát.")
    area_reviews.finish(commune, by=by, now=now, signed_by="Chủ tịch UBND")


def _other_review(code: str, source: str, count: int | None, signed: str, by, now: datetime) -> None:
    """A list of others than the commune begins (no count yet) or is finished."""
    commune = Area.objects.communes().valid_on(people.day_of(now)).get(code=code)
    row = AreaReview.objects.filter(area=commune, source=source).first()
    if (row is not None) == (count is None) or (row and row.state != ReviewState.DOING):
        raise Refused("Đã ghi.")
    if count is None:
        area_reviews.write(commune, source, state=ReviewState.DOING, by=by, now=now)
    else:
        state = ReviewState.DONE if count else ReviewState.NOBODY
        area_reviews.write(commune, source, state=state, people=count or None, signed_by=signed, by=by, now=now)


def _found(name: str, level: Verification, finding: str, reason: str, by, now: datetime) -> None:
    """A level found something else than "đủ"; without a finding somebody asks to look again."""
    if finding:
        verification.verify(_find(name), to=level, finding=finding, reason=reason, by=by, now=now)
    else:
        verification.ask_again(_find(name), reason=reason, by=by, now=now)


def _lives(name: str, source: str, by, now: datetime) -> None:
    person = _find(name)
    if person.living_on == people.day_of(now):
        raise Refused("Đã xác nhận hôm nay.")
    living.confirm_living(person, source=source, by=by, now=now)


def _called(name: str, note: str, by, now: datetime) -> None:
    row = Condolence.objects.filter(person=_find(name), state=Condolence.State.PROPOSED).first()
    if row is None:
        raise Refused("Không có đề nghị thăm viếng.")
    gratitude.decide_condolence(row, done=True, note=note, by=by, now=now)


def _report_death(name: str, source: str, died: date | None, by, now: datetime) -> None:
    living.report_death(_find(name), source=source, died_on=died, by=by, now=now)


def _confirm_death(name: str, by, now: datetime) -> None:
    living.confirm_death(_find(name), by=by, now=now)
