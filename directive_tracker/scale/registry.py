"""Invented people of the registry, in areas that are there or invented with them."""

from datetime import date, timedelta
from random import Random

from directive_tracker import vietnamese
from directive_tracker.scale import words
from directive_tracker.scale.directives import at
from directive_tracker.scale.loader import Rows
from units.models import Area, AreaLevel
from veterans.enums import Category, Living, Sex, Verification
from veterans.models import Person, PersonCategory

DISTRICTS, COMMUNES = 10, 10
HAMLETS = 12


def make_people(tables: list[Rows], count: int, *, by: int | None, today: date, random: Random) -> None:
    """`count` people, evenly over the communes; nobody deceased, nobody removed."""
    if not count:
        return
    communes = list(Area.objects.valid_on(today).communes().order_by("pk").values_list("pk", flat=True))
    communes = communes or _areas()
    people = Rows(
        Person,
        *("full_name", "sex", "birth_year", "birth_is_estimated", "residence_id", "hamlet", "living_state"),
        *("living_on", "living_source", "verification", "verified_on", "verified_by_id", "search_key", "sort_key"),
        created_by_id=by,
        created_at=at(today - timedelta(days=30), 8),
    )
    groups = Rows(PersonCategory, "person_id", "category", "paper")
    tables += [people, groups]
    for number in range(count):
        name = words.person_name(random)
        year = random.randint(1920, 1938) if random.random() > 0.05 else None
        living = random.random() < 0.7
        checked = by is not None and random.random() < 0.5
        pk = people.add(
            name,
            (Sex.FEMALE if " Thị " in name else Sex.MALE).value,
            year,
            None if year is None else random.random() < 0.2,
            communes[number % len(communes)],
            f"Thôn {number // len(communes) % HAMLETS + 1}",
            (Living.LIVING if living else Living.UNKNOWN).value,
            today - timedelta(days=random.randint(5, 300)) if living else None,
            "trưởng thôn" if living else "",
            (Verification.COMMUNE if checked else Verification.NEW).value,
            today - timedelta(days=5) if checked else None,
            by if checked else None,
            f"|{vietnamese.fold(name)}||",
            vietnamese.name_key(name)[:400],
        )
        groups.add(pk, list(Category)[number % len(Category)].value, "có giấy tờ" if number % 2 else "")


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
