"""What the tests of the administration pages share."""

from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import make_area, make_membership, make_office, make_user


def address(model: str, page: str = "changelist", *args: object) -> str:
    return reverse(f"admin:{model.replace('.', '_')}_{page}", args=args)


def person(role: str) -> User | None:
    """One person with that role only."""
    if role == "stranger":
        return None
    user = make_user(role)
    if role == "registrar":
        make_membership(user, role=role, area=make_area())
    elif role != "nobody":
        make_membership(user, make_office(), role)
    return user


def signed_in(user: User | None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def shown(response) -> list[str]:
    return [str(row) for row in response.context["cl"].result_list]


def inline(prefix: str, rows: list[dict] = (), initial: int = 0) -> dict[str, str]:
    """The hidden fields and rows of one attached table."""
    data = {
        f"{prefix}-TOTAL_FORMS": str(len(rows)),
        f"{prefix}-INITIAL_FORMS": str(initial),
        f"{prefix}-MIN_NUM_FORMS": "0",
        f"{prefix}-MAX_NUM_FORMS": "1000",
    }
    for number, row in enumerate(rows):
        data.update({f"{prefix}-{number}-{name}": str(value) for name, value in row.items()})
    return data
