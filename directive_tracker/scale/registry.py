"""Invented people of the registry, in areas that are there or invented with them."""

from collections import deque
from contextlib import nullcontext
from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import NamedTuple

from directive_tracker import vietnamese
from directive_tracker.scale import words
from directive_tracker.scale.directives import at
from directive_tracker.scale.gratitude import Thanks
from directive_tracker.scale.loader import Rows, indexes_set_aside
from units.models import Area, AreaLevel
from veterans import name_keys, sensitive
from veterans.enums import Category, Finding, Living, SensitiveKind, Sex, Verification
from veterans.models import Person, PersonCategory, SensitiveValue

DISTRICTS, COMMUNES = 10, 10
HAMLETS = 12
# Of a hundred entries so many are second mentions of somebody else's, written a little differently.
TWICE = 3
# From so many on their indexes are made afterwards.
MANY = 20_000
# How far back the first mention stands.
_BACK = 200
# Reading the value of an enumeration costs as much as a random number.
_ID_NUMBER, _PHONE = SensitiveKind.ID_NUMBER.value, SensitiveKind.PHONE.value
_CATEGORIES = [category.value for category in Category]
_SEXES = {False: Sex.MALE.value, True: Sex.FEMALE.value}
_LIVING = {False: Living.UNKNOWN.value, True: Living.LIVING.value}
_WHOLE, _ENOUGH = Verification.PROVINCE.value, Finding.ENOUGH.value
_CHECKED = {False: Verification.NEW.value, True: Verification.COMMUNE.value}


class _Told(NamedTuple):
    """What one entry says of somebody."""

    name: str
    sex: str
    year: int | None
    commune: int
    hamlet: str
    number: str
    phone: str


def make_people(tables: list[Rows], count: int, *, by: int | None, today: date, random: Random) -> None:
    """`count` people, evenly over the communes, every thirty-third mentioned twice; nobody deceased, nobody removed."""
    if not count:
        return
    communes = list(Area.objects.valid_on(today).communes().order_by("pk").values_list("pk", flat=True))
    communes = communes or _areas()
    begun = at(today - timedelta(days=30), 8)
    people = Rows(
        Person,
        *("full_name", "sex", "birth_year", "birth_is_estimated", "residence_id", "hamlet", "living_state"),
        *("living_on", "living_source", "verification", "finding", "verified_on", "verified_by_id"),
        *("search_key", "sort_key"),
        created_by_id=by,
        created_at=begun,
    )
    groups = Rows(PersonCategory, "person_id", "category", "paper")
    sealed = Rows(
        SensitiveValue,
        *("person_id", "kind", "sealed", "key_id", "blind", "blind_tail"),
        updated_by_id=by,
        updated_at=begun,
    )
    tables += [people, groups, sealed]
    thanks = None if by is None else Thanks(tables, by=by, today=today)
    with indexes_set_aside(tables, Person, PersonCategory, SensitiveValue) if count >= MANY else nullcontext():
        _write(people, groups, sealed, thanks, count=count, communes=communes, by=by, today=today, random=random)


def _write(
    people: Rows,
    groups: Rows,
    sealed: Rows,
    thanks: Thanks | None,
    *,
    count: int,
    communes: list[int],
    by: int | None,
    today: date,
    random: Random,
) -> None:
    """The rows of everybody."""
    before: deque[_Told] = deque(maxlen=_BACK)
    verified = 0
    for number in range(count):
        again = bool(before) and random.random() * 100 < TWICE
        told = _again(random.choice(before), random) if again else _somebody(number, communes, random)
        if not again:
            before.append(told)
        pk, is_verified = _add(people, told, by=by, today=today, random=random)
        if thanks and is_verified:
            thanks.add(pk, verified := verified + 1, random)
        groups.add(pk, _CATEGORIES[number % len(_CATEGORIES)], "có giấy tờ" if number % 2 else "")
        _seal(sealed, pk, told)


def _somebody(number: int, communes: list[int], random: Random) -> _Told:
    female = random.random() < 0.4
    name = words.highland_name(female, random) if random.random() < 0.5 else words.person_name(random)
    if " Thị " in name:
        female = True
    year = random.randint(1920, 1938)
    return _Told(
        name,
        _SEXES[female],
        year if random.random() > 0.05 else None,
        communes[number % len(communes)],
        f"Thôn {number // len(communes) % HAMLETS + 1}",
        _id_number(year, female, random) if random.random() < 0.8 else "",
        f"095{random.randrange(10**7):07d}" if random.random() < 0.4 else "",
    )


def _id_number(year: int, female: bool, random: Random) -> str:
    """An invented number: an old one of nine digits, or a new one with century and sex, year and six digits."""
    if random.random() < 0.25:
        return f"23{random.randrange(10**7):07d}"
    return f"062{int(female)}{year % 100:02d}{random.randrange(10**6):06d}"


def _again(told: _Told, random: Random) -> _Told:
    """A second mention: without accents, with another year, or without its number."""
    kind = random.randrange(4)
    if kind == 0:
        return told._replace(name=vietnamese.fold(told.name).title(), phone="")
    if kind == 1 and told.year:
        return told._replace(year=told.year + random.choice((-1, 1)))
    if kind == 2:
        return told._replace(number="")
    return told._replace(phone="")


@lru_cache(maxsize=50_000)
def _keys(name: str) -> tuple[str, str]:
    """By what a name is found and sorted; many people share one."""
    return name_keys.search_key(name), vietnamese.name_key(name)[:400]


def _add(people: Rows, told: _Told, *, by: int | None, today: date, random: Random) -> tuple[int, bool]:
    """Write one entry; its key, and whether it is of somebody alive whom every level has found to belong here."""
    living = random.random() < 0.7
    checked = by is not None and random.random() < 0.5
    # Of those that were checked every second has come to the end of the way.
    whole = checked and random.random() < 0.5
    pk = people.add(
        told.name,
        told.sex,
        told.year,
        None if told.year is None else random.random() < 0.2,
        told.commune,
        told.hamlet,
        _LIVING[living],
        today - timedelta(days=random.randint(5, 300)) if living else None,
        "trưởng thôn" if living else "",
        _WHOLE if whole else _CHECKED[checked],
        _ENOUGH if checked else "",
        today - timedelta(days=5) if checked else None,
        by if checked else None,
        *_keys(told.name),
    )
    return pk, whole and living


def _seal(sealed: Rows, pk: int, told: _Told) -> None:
    """The sensitive things of one entry, sealed as the registry does it."""
    for kind, value in ((_ID_NUMBER, told.number), (_PHONE, told.phone)):
        if value:
            sealed.add(*sensitive.seal(pk, kind, value))


def _areas() -> list[int]:
    """A province with ten districts of ten communes; the keys of the communes."""
    province = Area.objects.create(level=AreaLevel.PROVINCE, code="99", name="Tỉnh thử")
    communes = []
    for district in range(DISTRICTS):
        above = Area.objects.create(
            level=AreaLevel.DISTRICT, code=f"99{district}", name=f"Huyện {district + 1}", parent=province
        )
        communes += [
            Area.objects.create(
                level=AreaLevel.COMMUNE, code=f"99{district}{commune:02d}", name=f"Xã {commune + 1}", parent=above
            ).pk
            for commune in range(COMMUNES)
        ]
    return communes
