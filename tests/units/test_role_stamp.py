"""A session knows with which roles it began: when one of them is gone, so is the session."""

from datetime import date, timedelta

import pytest

from accounts.models import Session
from records.models import AuditEvent
from tests.factories import at, make_membership, make_unit, make_user
from units.models import Membership, Role

pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 15)
NOW = at(TODAY, "09:00")
PASSWORD = "mat-khau-thu"


class Now:
    """The pages' clock, moved by the test."""

    moment = NOW


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    Now.moment = NOW
    monkeypatch.setattr("directive_tracker.clock.now", lambda: Now.moment)
    monkeypatch.setattr("directive_tracker.clock.today", lambda: Now.moment.date())
    return Now


@pytest.fixture
def unit():
    return make_unit("Huyện ủy Đắk Hà")


@pytest.fixture
def user(unit):
    user = make_user("dakha")
    make_membership(user, unit)
    return user


def sign_in(client, user):
    answer = client.post("/accounts/login/", {"username": user.username, "password": PASSWORD})
    assert answer.status_code == 302
    return answer


def test_the_stamp_is_made_at_sign_in(client, user, unit):
    sign_in(client, user)

    assert client.session["roles"] == [f"reporter:unit:{unit.pk}"]


def test_a_lost_role_ends_the_session_and_says_why(client, user, unit):
    other = make_membership(user, make_unit(), Role.UNIT_HEAD)
    sign_in(client, user)
    before = client.get("/don-vi/").status_code
    Membership.objects.filter(pk=other.pk).update(valid_to=TODAY - timedelta(days=1))

    answer = client.get("/don-vi/", follow=True)

    page = answer.content.decode()
    assert before == 200
    assert answer.redirect_chain[0][0] == "/accounts/login/?next=/don-vi/"
    assert "Vai trò của anh/chị vừa thay đổi nên phiên làm việc đã kết thúc." in page
    assert Session.objects.filter(user=user).count() == 0
    assert AuditEvent.objects.filter(verb="account.roles_lost", actor=user).count() == 1


def test_whoever_signs_in_again_goes_on_with_the_roles_that_are_left(client, user, unit):
    other = make_membership(user, make_unit(), Role.UNIT_HEAD)
    sign_in(client, user)
    other.delete()
    client.get("/don-vi/")

    sign_in(client, user)

    assert client.get("/don-vi/").status_code == 200
    assert client.session["roles"] == [f"reporter:unit:{unit.pk}"]


def test_a_role_that_moved_to_another_unit_is_a_lost_one(client, user):
    sign_in(client, user)
    user.memberships.update(unit=make_unit())

    assert client.get("/don-vi/").status_code == 302


def test_a_new_role_ends_nothing(client, user):
    sign_in(client, user)
    make_membership(user, make_unit(), Role.UNIT_HEAD)

    assert client.get("/don-vi/").status_code == 200


def test_a_unit_that_came_below_ends_nothing(client, user, unit):
    below = make_unit("Đảng ủy xã", parent=unit)
    sign_in(client, user)
    below.parent = None
    below.save()

    assert client.get("/don-vi/").status_code == 200


def test_what_was_typed_when_the_role_went_is_kept(client, user, unit):
    other = make_membership(user, make_unit(), Role.UNIT_HEAD)
    sign_in(client, user)
    client.get("/don-vi/")
    other.delete()

    client.post("/thay-mat/", {"reason": "Lý do đã gõ"})
    answer = sign_in(client, user)

    assert "Lý do đã gõ" in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("last", "moment", "signed_in"),
    [
        (TODAY, at(TODAY, "23:59"), True),
        (TODAY, at(TODAY + timedelta(days=1), "00:00"), False),
    ],
)
def test_a_role_ends_at_midnight_in_viet_nam(client, user, clock, last, moment, signed_in):
    user.memberships.update(valid_to=last)
    sign_in(client, user)
    clock.moment = moment

    assert (client.get("/don-vi/").status_code == 200) == signed_in


@pytest.mark.parametrize(
    ("moment", "shown"), [(at(TODAY, "23:59"), False), (at(TODAY + timedelta(days=1), "00:00"), True)]
)
def test_a_role_that_begins_tomorrow_gives_nothing_today(client, user, clock, moment, shown):
    make_membership(user, make_unit("Thường trực"), Role.READER, valid_from=TODAY + timedelta(days=1))
    sign_in(client, user)
    clock.moment = moment

    assert ("Trình Thường trực" in client.get("/don-vi/").content.decode()) == shown


def test_signing_in_as_somebody_else_makes_a_stamp_anew(client, user):
    reader = make_user("thuongtruc")
    home = make_unit("Thường trực")
    make_membership(reader, home, Role.READER)
    sign_in(client, user)

    sign_in(client, reader)

    assert client.session["roles"] == [f"reader:unit:{home.pk}"]
