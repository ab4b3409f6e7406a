"""What an empty installation needs beside its first account: the office, and who runs it."""

from datetime import date

from accounts.models import User
from units.models import Membership, Role, Unit, UnitKind


def found_office(*, user: User, office_name: str, today: date) -> None:
    """Make the office (or take the one that is there) and let the user work and administrate in it."""
    office = Unit.objects.filter(kind=UnitKind.OFFICE).in_official_order().first()
    if office is None:
        office = Unit.objects.create(
            name=office_name, short_name=office_name[:60], code="van-phong", kind=UnitKind.OFFICE
        )
    for role in (Role.ADMINISTRATOR, Role.OFFICE):
        Membership.objects.create(user=user, unit=office, role=role, valid_from=today)
