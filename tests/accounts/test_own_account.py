""" "Tài khoản của tôi"."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from records.models import AuditEvent
from tests.factories import make_membership, make_unit, make_user

pytestmark = pytest.mark.django_db
NEW = "con duong xanh 1954"


@pytest.fixture
def person(client) -> User:
    user = make_user("dakha", full_name="Y Lan", phone="0260 3822 111", email="ylan@example.vn")
    client.force_login(user)
    return user


def change(client: Client, old: str, new: str, again: str):
    return client.post(
        reverse("accounts:password"), {"old_password": old, "new_password1": new, "new_password2": again}
    )


def test_a_stranger_is_asked_to_sign_in(client):
    assert client.get(reverse("accounts:profile"))["Location"] == "/accounts/login/?next=/accounts/profile/"


def test_the_page_names_the_roles_with_their_days(client, person):
    make_membership(person, make_unit("Huyện ủy Đắk Hà"), valid_from=date(2024, 1, 15), valid_to=date(2024, 3, 31))

    page = " ".join(client.get(reverse("accounts:profile")).content.decode().split())

    assert "Cán bộ đầu mối – Huyện ủy Đắk Hà" in page
    assert "từ 15/01/2024 đến hết 31/3/2024 (đã hết)" in page


def test_people_keep_their_own_name_phone_and_mail(client, person):
    data = {"full_name": "Y Lan Anh", "phone": "0260 3822 112", "email": "anh@example.vn", "position": "Bí thư"}

    response = client.post(reverse("accounts:profile"), data)

    person.refresh_from_db()
    assert response.status_code == 302
    assert (person.full_name, person.phone, person.email) == ("Y Lan Anh", "0260 3822 112", "anh@example.vn")
    assert person.position == ""
    assert AuditEvent.objects.get().data == {"fields": ["full_name", "phone", "email"]}


def test_a_refused_change_says_what_to_mend_and_keeps_what_was_typed(client, person):
    data = {"full_name": "Y Lan Anh", "phone": "gọi Hoa", "email": "anh@example.vn"}

    page = client.post(reverse("accounts:profile"), data).content.decode()

    assert "Có 1 chỗ cần sửa" in page
    assert "Số điện thoại chỉ gồm chữ số" in page
    assert 'value="gọi Hoa"' in page
    assert User.objects.get(pk=person.pk).full_name == "Y Lan"


def test_a_new_password_ends_the_sessions_on_other_machines_only(client, person):
    other = Client()
    other.force_login(person)

    response = change(client, "mat-khau-thu", NEW, NEW)

    assert response.status_code == 302
    assert User.objects.get(pk=person.pk).check_password(NEW)
    assert client.get(reverse("accounts:profile")).status_code == 200
    assert other.get(reverse("accounts:profile")).status_code == 302
    assert AuditEvent.objects.get().verb == "account.password_changed"


@pytest.mark.parametrize(
    ("old", "new", "again", "field"),
    [
        ("sai", NEW, NEW, "old_password"),
        ("mat-khau-thu", NEW, "khac", "new_password2"),
        ("mat-khau-thu", "ngan", "ngan", "new_password2"),
        ("mat-khau-thu", "123456789012", "123456789012", "new_password2"),
    ],
)
def test_a_refused_password_changes_nothing(client, person, old, new, again, field):
    response = change(client, old, new, again)

    assert response.status_code == 200
    assert list(response.context["password_form"].errors) == [field]
    assert User.objects.get(pk=person.pk).check_password("mat-khau-thu")


def test_guessing_the_old_password_has_to_wait(client, person):
    for _ in range(5):
        change(client, "sai", NEW, NEW)

    response = change(client, "mat-khau-thu", NEW, NEW)

    assert response.context["password_form"].errors["old_password"][0].startswith("Gõ sai quá nhiều lần.")
