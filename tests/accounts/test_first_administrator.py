"""How an empty installation begins."""

import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from records.models import AuditEvent
from tests.factories import make_user
from units.models import Membership, Unit

pytestmark = pytest.mark.django_db
PAGE = "/accounts/first-administrator/"
ANSWERS = {
    "office_name": "Văn phòng Tỉnh ủy Kon Tum",
    "full_name": "Trần Thị Lan",
    "username": "Lan",
    "email": "",
    "password1": "con duong xanh 1954",
    "password2": "con duong xanh 1954",
}


def test_the_sign_in_page_leads_there_while_nobody_has_an_account(client):
    assert client.get(reverse("accounts:login"))["Location"] == PAGE
    assert client.get(PAGE).status_code == 200


def test_the_first_person_runs_the_office_and_is_signed_in(client):
    response = client.post(PAGE, ANSWERS)

    user = User.objects.get()
    assert response["Location"] == "/bat-dau/"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (user.username, user.full_name, user.is_superuser) == ("lan", "Trần Thị Lan", False)
    assert user.check_password("con duong xanh 1954")
    assert list(Unit.objects.values_list("name", "kind")) == [("Văn phòng Tỉnh ủy Kon Tum", "office")]
    assert set(Membership.objects.values_list("user", "role")) == {(user.pk, "administrator"), (user.pk, "office")}
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True)) == [
        "account.first_administrator",
        "account.signed_in",
    ]


def test_the_page_is_gone_with_the_first_account(client):
    make_user("nguoidau")
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, ANSWERS).status_code == 404
    assert client.get(reverse("accounts:login")).status_code == 200
    assert User.objects.count() == 1


@pytest.mark.parametrize(("setting", "value"), [("DEMO", True), ("EMBEDDED", False)])
def test_there_is_no_such_page_in_the_demo_or_on_a_server(client, settings, setting, value):
    setattr(settings, setting, value)
    assert client.get(PAGE).status_code == 404
    assert client.get(reverse("accounts:login")).status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "wrong"),
    [("password1", "ngan", "password2"), ("full_name", " ", "full_name"), ("office_name", "", "office_name")],
)
def test_refused_answers_make_nothing(client, field, value, wrong):
    response = client.post(PAGE, {**ANSWERS, field: value})

    assert response.status_code == 200
    assert wrong in response.context["form"].errors
    assert (User.objects.count(), Unit.objects.count()) == (0, 0)


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_of_two_first_visitors_at_once_one_becomes_administrator():
    gate, codes = threading.Barrier(2), []

    def found(name: str) -> None:
        browser = Client()
        browser.get(PAGE)
        gate.wait()
        try:
            codes.append(browser.post(PAGE, {**ANSWERS, "username": name}).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=found, args=(name,)) for name in ("lan", "hoa")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(codes) == [302, 404]
    assert (User.objects.count(), Unit.objects.count(), Membership.objects.count()) == (1, 1, 2)
