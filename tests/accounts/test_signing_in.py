"""Signing in, out and the waits between wrong passwords."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from accounts import throttle
from accounts.models import SignInFailure, User
from directive_tracker.addresses import client_address
from records.models import AuditEvent
from tests.factories import make_membership, make_office_user, make_user
from units.models import Role

pytestmark = pytest.mark.django_db

WRONG = "Tên đăng nhập hoặc mật khẩu không đúng."
NOW = datetime(2024, 4, 15, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _somebody():
    """The sign-in page of an installation that is in use."""
    make_user("nguoikhac")


def sign_in(client: Client, username: str, password: str = "mat-khau-thu", **values: str):
    return client.post(reverse("accounts:login"), {"username": username, "password": password, **values})


def events() -> list[tuple]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", "actor__username", "target_label"))


def test_the_address_of_the_contract_is_the_sign_in_page():
    assert reverse("accounts:login") == "/accounts/login/"


@pytest.mark.parametrize("typed", ["vanphong", "VanPhong", "  vanphong ", "van phong", "ＶＡＮＰＨＯＮＧ"])
def test_a_person_signs_in_however_the_phone_wrote_the_name(client, typed):
    user = make_office_user("vanphong", full_name="Trần Thị Lan")

    response = sign_in(client, typed)

    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)
    assert events() == [("account.signed_in", "vanphong", "Trần Thị Lan")]


def test_names_are_kept_in_one_spelling():
    assert make_user("Van Phong").username == "vanphong"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(client):
    make_user("dakha")

    known = sign_in(client, "dakha", "khong-phai")
    unknown = sign_in(client, "khong-co-ai", "khong-phai")

    assert (known.status_code, unknown.status_code) == (200, 200)
    assert known.context["form"].non_field_errors() == [WRONG]
    assert unknown.context["form"].non_field_errors() == [WRONG]
    assert unknown.context["form"]["username"].value() == "khong-co-ai"


def test_a_person_who_was_deactivated_gets_the_answer_of_a_stranger(client):
    make_user("cuu", is_active=False)

    response = sign_in(client, "cuu")

    assert response.context["form"].non_field_errors() == [WRONG]
    assert "_auth_user_id" not in client.session


def test_a_failure_names_the_account_but_never_what_was_typed_as_an_unknown_name(client):
    make_user("dakha", full_name="Y Lan")

    sign_in(client, "dakha", "khong-phai")
    sign_in(client, "mat-khau-go-nham-o", "khong-phai")

    assert events() == [("account.sign_in_failed", None, "Y Lan"), ("account.sign_in_failed", None, "")]
    assert "mat-khau-go-nham-o" not in str(list(AuditEvent.objects.values())) + str(
        list(SignInFailure.objects.values())
    )


def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(client):
    make_user("dakha")
    for _ in range(5):
        sign_in(client, "dakha", "khong-phai")

    response = sign_in(client, "dakha")

    assert response.context["form"].non_field_errors()[0].startswith("Gõ sai quá nhiều lần. Xin chờ 5 giây")
    assert "_auth_user_id" not in client.session


def test_an_unknown_name_waits_like_a_known_one(client):
    for _ in range(5):
        sign_in(client, "khong-co-ai", "khong-phai")

    response = sign_in(client, "khong-co-ai", "khong-phai")

    assert response.context["form"].non_field_errors()[0].startswith("Gõ sai quá nhiều lần.")


def test_another_person_at_the_same_address_does_not_wait(client):
    make_user("dakha")
    for _ in range(6):
        sign_in(client, "dakha", "khong-phai")

    assert sign_in(client, "nguoikhac").status_code == 302


def test_the_owner_of_an_account_does_not_wait_for_a_guesser_elsewhere():
    make_user("dakha")
    guesser, owner = Client(REMOTE_ADDR="203.0.113.9"), Client(REMOTE_ADDR="203.0.113.10")
    for _ in range(6):
        sign_in(guesser, "dakha", "khong-phai")

    assert sign_in(owner, "dakha").status_code == 302


def test_waits_double_and_end():
    rule = throttle.RULES["pair"]
    waits = [throttle.wait_after(count, rule).total_seconds() for count in (4, 5, 6, 7, 12, 13, 10_000)]
    assert waits == [0, 5, 10, 20, 640, 900, 900]


def test_the_wait_is_over_when_its_time_is_over():
    for _ in range(5):
        assert throttle.begin("dakha", "203.0.113.9", now=NOW) == 0
    assert throttle.begin("dakha", "203.0.113.9", now=NOW + timedelta(seconds=4)) == 1
    assert throttle.begin("dakha", "203.0.113.9", now=NOW + timedelta(seconds=5)) == 0
    assert throttle.begin("dakha", "203.0.113.9", now=NOW + timedelta(seconds=5)) == 10


def test_failures_are_forgotten_after_an_hour_and_after_a_right_password():
    for _ in range(5):
        throttle.begin("dakha", None, now=NOW)
    throttle.succeeded("dakha", None)
    assert throttle.begin("dakha", None, now=NOW) == 0
    for _ in range(4):
        throttle.begin("dakha", None, now=NOW)

    later = NOW + timedelta(hours=1, seconds=1)
    assert [throttle.begin("dakha", None, now=later) for _ in range(2)] == [0, 0]


def test_an_account_guessed_from_many_addresses_waits_too():
    for number in range(20):
        assert throttle.begin("dakha", f"203.0.113.{number}", now=NOW) == 0
    assert throttle.begin("dakha", "198.51.100.1", now=NOW) == 5


def test_many_names_from_one_address_wait_too():
    for number in range(50):
        assert throttle.begin(f"nguoi{number}", "203.0.113.9", now=NOW) == 0
    assert throttle.begin("nguoi51", "203.0.113.9", now=NOW) == 5


def test_old_counters_are_deleted():
    throttle.begin("dakha", None, now=NOW)
    throttle.clean_up(now=NOW + timedelta(days=1, seconds=1))
    assert SignInFailure.objects.count() == 0


@pytest.mark.parametrize(
    ("behind_proxy", "address"), [(None, "192.0.2.1"), (("HTTP_X_FORWARDED_PROTO", "https"), "198.51.100.7")]
)
def test_the_address_is_the_one_our_own_proxy_wrote(rf, behind_proxy, address):
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR="10.0.0.1, 198.51.100.7")
    with override_settings(SECURE_PROXY_SSL_HEADER=behind_proxy, TRUSTED_PROXIES=[ip_network("192.0.2.0/24")]):
        assert client_address(request) == address


def test_what_is_no_address_is_none(rf):
    assert client_address(rf.get("/", REMOTE_ADDR="")) is None


@pytest.mark.parametrize(
    ("target", "goes_to"),
    [
        ("/accounts/profile/?x=1", "/accounts/profile/?x=1"),
        ("https://example.com/", "/accounts/profile/"),
        ("//example.com/", "/accounts/profile/"),
        ("javascript:alert(1)", "/accounts/profile/"),
    ],
)
def test_one_goes_on_only_to_a_page_of_this_server(client, target, goes_to):
    make_user("dakha")
    assert sign_in(client, "dakha", next=target)["Location"] == goes_to


def test_signing_in_leads_to_the_home_of_the_role(client):
    make_membership(make_user("quantri"), role=Role.ADMINISTRATOR)
    assert sign_in(client, "quantri")["Location"] == "/quan-tri/"


def test_signing_in_needs_the_token_of_the_form():
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client, "nguoikhac").status_code == 403


@pytest.mark.parametrize("password", ["", "x" * 5000, "mật khẩu\x00"])
def test_odd_input_is_answered_with_the_form(client, password):
    response = sign_in(client, "nguoikhac", password)
    assert response.status_code == 200
    assert response.context["form"].errors


def test_signing_out_ends_the_session_and_is_kept(client):
    client.force_login(make_user("dakha", full_name="Y Lan"))

    response = client.post(reverse("accounts:logout"))

    assert response["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in client.session
    assert events() == [("account.signed_out", "dakha", "Y Lan")]


def test_a_link_cannot_sign_anybody_out(client):
    client.force_login(User.objects.get(username="nguoikhac"))
    assert client.get(reverse("accounts:logout")).status_code == 405
    assert "_auth_user_id" in client.session
