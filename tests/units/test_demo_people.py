"""The invented people of the demo."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import hashers

from accounts.models import User
from directive_tracker import demo_people
from directive_tracker.demo import DEMO_ACCOUNTS
from directive_tracker.demo_people import create_demo_people
from units.access import resolve_access
from units.models import Membership, Unit
from units.reference import load_reference

pytestmark = pytest.mark.django_db

NOW = datetime(2024, 2, 15, 7, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


@pytest.fixture
def users():
    load_reference()
    return create_demo_people("bon-chu-va-so-1234", NOW)


def access(user):
    return resolve_access(user, today=NOW.date())


def test_every_printed_account_can_sign_in(users):
    assert [users[name].check_password("bon-chu-va-so-1234") for name, _ in DEMO_ACCOUNTS] == [True] * 11


def test_the_password_is_hashed_once(monkeypatch):
    calls = []
    monkeypatch.setattr(demo_people, "make_password", lambda p: calls.append(p) or hashers.make_password(p))
    load_reference()
    create_demo_people("mot-lan", NOW)
    assert calls == ["mot-lan"]
    assert User.objects.values("password").distinct().count() == 1


def test_nobody_is_superuser_and_only_two_see_the_admin(users):
    assert User.objects.filter(is_superuser=True).count() == 0
    assert sorted(User.objects.filter(is_staff=True).values_list("username", flat=True)) == ["quantri", "vanphong"]


def test_every_recipient_has_one_contact_and_one_head(users):
    recipients = Unit.objects.filter(sort_order__gte=100, sort_order__lt=500)
    assert recipients.count() == 22
    for unit in recipients:
        roles = sorted(unit.memberships.exclude(role="registrar").values_list("role", "is_contact"))
        assert roles == [("reporter", True), ("unit_head", False)]


def test_roles_are_as_printed(users):
    roles = {name: sorted(access(users[name]).roles) for name, _ in DEMO_ACCOUNTS}
    assert roles == {
        "vanphong": ["office"],
        "thuongtruc": ["reader"],
        "tuyengiao": ["reporter"],
        "mttq": ["registrar", "reporter"],
        "tinhdoan": ["reporter"],
        "quansu": ["reporter"],
        "ubnd": ["reporter"],
        "dakha": ["registrar", "reporter"],
        "dakhring": ["reporter"],
        "dakha.lanhdao": ["unit_head"],
        "quantri": ["administrator"],
    }


def test_registrars_see_their_areas_and_all_below(users):
    # 1 province + 10 districts + 102 communes; 1 district + 11 communes.
    assert len(access(users["mttq"]).area_ids) == 113
    assert len(access(users["dakha"]).area_ids) == 12


def test_dak_ha_sees_its_communes_and_wants_approval(users):
    unit = Unit.objects.get(code="hu-dak-ha")
    assert unit.needs_head_approval is True
    assert len(access(users["dakha"]).visible_unit_ids) == 12
    assert len(access(users["dakhring"]).visible_unit_ids) == 1


def test_addresses_and_telephones_are_invented(users):
    for user in users.values():
        user.full_clean()
        assert user.email.endswith("@example.vn")
        assert user.phone.startswith(("0260 0", "0950 "))
    assert len({user.phone for user in users.values()}) == len(users)


def test_creating_again_changes_nothing(users):
    before = (User.objects.count(), Membership.objects.count(), Unit.objects.get(code="hu-dak-ha").history.count())
    create_demo_people("mat-khau-khac", NOW)
    after = (User.objects.count(), Membership.objects.count(), Unit.objects.get(code="hu-dak-ha").history.count())
    assert after == before
    assert User.objects.get(username="mttq").check_password("bon-chu-va-so-1234")
