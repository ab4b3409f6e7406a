"""Units and accounts: the office, the Standing Committee, units in a tree of two levels, their reporters and heads."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from django.contrib.auth.hashers import make_password
from simple_history.utils import bulk_create_with_history

from accounts.models import User
from directive_tracker import vietnamese
from directive_tracker.scale import words
from units.models import Membership, Role, Unit, UnitKind

USERNAME = "scale{:06d}"
UNIT_CODE = "scale-{:05d}"
# The first account is the office's, the second the Standing Committee's; of the others every fiftieth is the office's.
OFFICE_EVERY = 50
# Units 7, 8 and 9 of each ten stand below the first of the ten.
CHILDREN = (7, 8, 9)
APPROVAL_EVERY = 10


@dataclass
class Cast:
    """Who is there: keys of the users by what they are, and the units."""

    office: Unit
    units: list[Unit]
    officers: list[int] = field(default_factory=list)
    reporters: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    heads: dict[int, int] = field(default_factory=dict)
    users: int = 0

    def reporter(self, unit: Unit) -> int:
        """Who writes for the unit; the office where the unit has nobody."""
        return (self.reporters.get(unit.pk) or self.officers)[0]


def make_cast(*, units: int, users: int, password: str, now: datetime, random: Random) -> Cast:
    """Create the units and the accounts; they all have the one password, hashed once."""
    office = _the(UnitKind.OFFICE, "scale-van-phong", "Văn phòng cấp ủy", "Văn phòng", 0)
    committee = _the(UnitKind.STANDING_COMMITTEE, "scale-thuong-truc", "Thường trực cấp ủy", "Thường trực", 1)
    cast = Cast(office, _units(units))
    accounts = [_account(number, random, now) for number in range(1, users + 1)]
    hashed = make_password(password)
    for account in accounts:
        account.password = hashed
    User.objects.bulk_create(accounts, batch_size=500)
    memberships = []
    for number, account in enumerate(accounts):
        unit, role = _place(number, cast, committee)
        memberships.append(
            Membership(
                user=account,
                unit=unit,
                role=role,
                is_contact=role == Role.REPORTER and unit.pk not in cast.reporters,
            )
        )
        if role == Role.OFFICE:
            cast.officers.append(account.pk)
        elif role == Role.REPORTER:
            cast.reporters[unit.pk].append(account.pk)
        elif role == Role.UNIT_HEAD:
            cast.heads[unit.pk] = account.pk
    Membership.objects.bulk_create(memberships, batch_size=500)
    cast.users = len(accounts)
    return cast


def _the(kind: str, code: str, name: str, short_name: str, order: int) -> Unit:
    """The unit of that kind, made where there is none."""
    found = Unit.objects.filter(kind=kind).order_by("pk").first()
    if found is None:
        found = Unit(kind=kind, code=code, name=name, short_name=short_name, sort_order=order)
        found.save()
    return found


def _units(count: int) -> list[Unit]:
    """The units; those below another one are created after it."""
    made: list[Unit] = []
    for number in range(count):
        kind, name, short_name = words.unit_name(number)
        made.append(
            Unit(
                kind=kind,
                code=UNIT_CODE.format(number + 1),
                name=name,
                short_name=short_name,
                sort_order=100 + number,
                phone=words.phone(number),
                email=f"{UNIT_CODE.format(number + 1)}@example.vn",
                needs_head_approval=number % APPROVAL_EVERY == APPROVAL_EVERY - 1,
                search_key=vietnamese.fold(f"{name} {short_name}")[:400],
            )
        )
    above = [unit for number, unit in enumerate(made) if number % 10 not in CHILDREN]
    below = [unit for number, unit in enumerate(made) if number % 10 in CHILDREN]
    tops = bulk_create_with_history(above, Unit, batch_size=500)
    by_code = {unit.code: unit for unit in tops}
    for number, unit in enumerate(made):
        if number % 10 in CHILDREN:
            unit.parent = by_code[UNIT_CODE.format(number - number % 10 + 1)]
    by_code |= {unit.code: unit for unit in bulk_create_with_history(below, Unit, batch_size=500)}
    return [by_code[unit.code] for unit in made]


def _account(number: int, random: Random, now: datetime) -> User:
    username, name = USERNAME.format(number), words.person_name(random)
    telephone = words.phone(500_000 + number)
    return User(
        username=username,
        full_name=name,
        position=random.choice(words.POSITIONS),
        phone=telephone,
        email=f"{username}@example.vn",
        date_joined=now,
        search_key=vietnamese.fold(f"{name} {username} {telephone}")[:300],
        sort_key=vietnamese.name_key(name)[:400],
    )


def _place(number: int, cast: Cast, committee: Unit) -> tuple[Unit, str]:
    """Where the account of that number (from 0) works, as what: reporter, head, further reporters, unit after unit."""
    if number == 1:
        return committee, Role.READER
    if number % OFFICE_EVERY == 0:
        return cast.office, Role.OFFICE
    # Counting only the accounts of units.
    place = number - 2 - (number - 1) // OFFICE_EVERY
    turn, at = divmod(place, len(cast.units))
    return cast.units[at], Role.UNIT_HEAD if turn == 1 else Role.REPORTER
