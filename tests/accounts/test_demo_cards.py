"""The cards "Vào vai …" of the demo."""

import pytest
from django.urls import reverse

from records.models import AuditEvent
from tests.factories import make_office_user, make_user

pytestmark = pytest.mark.django_db
CARDS = ["vanphong", "dakha", "mttq", "thuongtruc"]


def test_the_demo_shows_four_cards(client, settings):
    settings.DEMO = True

    page = client.get(reverse("accounts:login")).content.decode()

    assert [page.count(f'value="{name}"') for name in CARDS] == [1, 1, 1, 1]
    assert "DỮ LIỆU THỬ – SỐ LIỆU GIẢ ĐỊNH" in page


def test_there_are_no_cards_outside_the_demo(client):
    make_user("nguoi")
    page = client.get(reverse("accounts:login")).content.decode()
    assert [name for name in CARDS if f'value="{name}"' in page] == []


def test_a_card_signs_in_as_that_person(client, settings):
    settings.DEMO = True
    user = make_office_user("vanphong")

    response = client.post(reverse("accounts:demo_sign_in"), {"username": "vanphong"})

    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)
    assert AuditEvent.objects.get().data == {"way": "demo"}


def test_the_cards_are_refused_outside_the_demo(client):
    make_office_user("vanphong")
    assert client.post(reverse("accounts:demo_sign_in"), {"username": "vanphong"}).status_code == 404
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("username", ["", "nguoithat", "VANPHONG"])
def test_only_the_people_of_the_demo_have_cards(client, settings, username):
    settings.DEMO = True
    make_user("nguoithat")
    assert client.post(reverse("accounts:demo_sign_in"), {"username": username}).status_code == 404


def test_a_card_of_a_deactivated_person_says_so(client, settings):
    settings.DEMO = True
    make_user("dakha", is_active=False)
    response = client.post(reverse("accounts:demo_sign_in"), {"username": "dakha"})
    assert response["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in client.session
