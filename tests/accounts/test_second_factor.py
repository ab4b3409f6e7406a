"""The second factor: codes, recovery codes, trusted browsers, switching on and off, the step after the password."""

import base64
import hashlib
import hmac
import re
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import codes, devices, second_factor, throttle
from accounts.models import Session, SignInFailure, TrustedDevice, User
from accounts.signing import WaitFirst
from records.models import AuditEvent
from tests.factories import make_membership, make_office_user, make_unit, make_user
from units.models import Role

pytestmark = pytest.mark.django_db

NOW = datetime(2024, 4, 15, 1, 0, tzinfo=UTC)
SECRET = b"12345678901234567890"
CODE, SETUP = "/accounts/buoc-hai/", "/accounts/buoc-hai/cai-dat/"
RECOVERY, REPLACE, OFF = "/accounts/buoc-hai/ma-du-phong/", "/accounts/buoc-hai/doi-may/", "/accounts/buoc-hai/tat/"


def totp(secret: bytes, seconds: float, digits: int = 6) -> str:
    """RFC 6238 with SHA-1 and steps of 30 seconds, written down once more."""
    digest = hmac.new(secret, struct.pack(">Q", int(seconds) // 30), hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def now_code(steps: int = 0) -> str:
    """The code of SECRET now, or so many steps later."""
    return totp(SECRET, time.time() + 30 * steps)


@pytest.fixture(autouse=True)
def _somebody():
    """The sign-in page of an installation that is in use."""
    make_user("nguoikhac")


@pytest.fixture
def person() -> User:
    """Somebody with an app whose secret is SECRET."""
    user = make_user("dakha", full_name="Y Lan")
    codes.store_app(user, SECRET, step=0, now=NOW)
    return user


@pytest.fixture
def inside(person, client) -> Client:
    """A browser on which that person has passed."""
    sign_in(client)
    client.post(CODE, {"code": now_code(-1)})
    assert client.session[second_factor.VERIFIED]["user"] == person.pk
    return client


def sign_in(client: Client, username: str = "dakha", **values: str):
    return client.post(reverse("accounts:login"), {"username": username, "password": "mat-khau-thu", **values})


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


def check(person: User, typed: str, now: datetime, rf) -> str:
    return second_factor.check(rf.post("/"), person, typed, now=now, at=NOW)


# --- the codes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_our_own_reckoning_gives_the_codes_of_rfc_6238(seconds, expected):
    assert totp(SECRET, seconds, digits=8) == expected


@pytest.mark.parametrize(("late", "step"), [(-60, None), (-30, -1), (0, 0), (29, 0), (30, 1), (60, None)])
def test_a_phone_may_be_half_a_minute_early_or_late(late, step):
    code = totp(SECRET, NOW.timestamp() + late)
    middle = int(NOW.timestamp()) // 30

    assert codes.matching_step(SECRET, code, after=-1, now=NOW) == (None if step is None else middle + step)


@pytest.mark.parametrize("typed", ["{}", " {} ", "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}", "wide"])
def test_a_code_is_taken_however_it_was_typed(typed):
    code = totp(SECRET, NOW.timestamp())
    wide = code.translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})

    text = wide if typed == "wide" else typed.format(code)

    assert codes.matching_step(SECRET, text, after=-1, now=NOW) == int(NOW.timestamp()) // 30


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "-12345", "1e5000", "\x00\x00"])
def test_what_is_no_code_is_refused(typed):
    assert codes.matching_step(SECRET, typed, after=-1, now=NOW) is None


def test_a_code_passes_once(person, rf):
    now = timezone.now()
    assert check(person, totp(SECRET, now.timestamp()), now, rf) == "app"
    with pytest.raises(second_factor.WrongCode):
        check(person, totp(SECRET, now.timestamp()), now, rf)


def test_an_older_code_does_not_pass_after_a_newer_one(person, rf):
    now = timezone.now()
    check(person, totp(SECRET, now.timestamp()), now, rf)
    with pytest.raises(second_factor.WrongCode):
        check(person, totp(SECRET, now.timestamp() - 30), now, rf)


def test_the_table_of_the_apps_opens_nothing(person):
    stored = TOTPDevice.objects.get().key
    plain = [SECRET.hex(), SECRET.decode(), base64.b32encode(SECRET).decode(), base64.b64encode(SECRET).decode()]
    assert [text for text in plain if text in stored] == []
    assert SECRET not in base64.urlsafe_b64decode(stored)


def test_a_secret_moved_to_another_person_opens_nothing(person):
    other = make_user("khac")
    TOTPDevice.objects.update(user=other)
    assert codes.take_app_code(other, totp(SECRET, NOW.timestamp()), now=NOW) is False


def test_a_secret_written_into_the_table_by_hand_opens_nothing(person):
    TOTPDevice.objects.update(key=SECRET.hex())
    assert codes.take_app_code(person, totp(SECRET, NOW.timestamp()), now=NOW) is False


def test_after_a_change_of_the_key_the_old_one_still_opens(person, settings):
    made = codes.new_recovery_codes(person)
    settings.FIELD_KEY_FALLBACKS, settings.FIELD_KEY = [settings.FIELD_KEY], bytes(range(32))

    assert codes.take_app_code(person, totp(SECRET, NOW.timestamp()), now=NOW) is True
    assert codes.take_recovery_code(person, made[0]) is True


# --- recovery codes -----------------------------------------------------------------------------------------------


def test_there_are_ten_recovery_codes_without_signs_that_look_alike(person):
    made = codes.new_recovery_codes(person)
    assert len(set(made)) == 10
    assert [code for code in made if not re.fullmatch(r"[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}", code)] == []
    assert set("01ILO") & set("".join(made)) == set()


def test_the_table_of_recovery_codes_opens_nothing(person):
    made = codes.new_recovery_codes(person)
    stored = list(StaticToken.objects.values_list("token", flat=True))
    assert len(stored) == 10
    assert {code.replace("-", "") for code in made} & set(stored) == set()
    assert [codes.take_recovery_code(person, token) for token in stored] == [False] * 10


@pytest.mark.parametrize("change", [str, str.lower, lambda code: code.replace("-", " "), lambda code: f" {code} "])
def test_a_recovery_code_passes_once_however_it_was_typed(person, change):
    made = codes.new_recovery_codes(person)
    assert codes.take_recovery_code(person, change(made[3])) is True
    assert codes.take_recovery_code(person, made[3]) is False
    assert codes.recovery_codes_left(person) == 9


def test_a_recovery_code_is_nobody_else_s(person):
    made = codes.new_recovery_codes(person)
    assert codes.take_recovery_code(make_user("khac"), made[0]) is False


def test_new_recovery_codes_end_the_old_ones(person):
    old = codes.new_recovery_codes(person)
    codes.new_recovery_codes(person)
    assert [codes.take_recovery_code(person, code) for code in old] == [False] * 10


# --- waits --------------------------------------------------------------------------------------------------------


def test_after_five_wrong_codes_one_waits_and_is_told_how_long(person, rf):
    moment = timezone.now()
    for _ in range(5):
        with pytest.raises(second_factor.WrongCode):
            check(person, "000000", moment, rf)
    with pytest.raises(WaitFirst, match="Xin chờ 5 giây rồi thử lại"):
        check(person, totp(SECRET, moment.timestamp()), moment, rf)


def test_whoever_has_to_wait_is_told_on_the_page(client, person):
    sign_in(client)
    client.post(CODE, {"code": "000000"})
    SignInFailure.objects.update(wait_until=timezone.now() + timedelta(minutes=9))

    response = client.post(CODE, {"code": now_code()})

    assert response.context["form"].errors["code"] == ["Gõ sai quá nhiều lần. Xin chờ 9 phút rồi thử lại."]
    assert "_auth_user_id" not in client.session


def test_the_waits_grow_to_a_quarter_of_an_hour_and_end(person, rf):
    moment = timezone.now()
    for _ in range(60):
        with pytest.raises(second_factor.WrongCode):
            check(person, "000000", moment, rf)
        moment += timedelta(minutes=15)
    assert check(person, totp(SECRET, moment.timestamp()), moment, rf) == "app"


def test_wrong_codes_make_nobody_wait_for_the_password_and_no_typed_name_counts_as_codes(client, person):
    sign_in(client)
    for _ in range(5):
        client.post(CODE, {"code": "000000"})
    assert sign_in(Client())["Location"] == CODE
    for _ in range(6):
        sign_in(Client(), f"second factor {person.pk}")
    assert throttle.begin(f"\0second factor {person.pk}", "198.51.100.1", now=timezone.now()) == 0


def test_a_guesser_elsewhere_makes_nobody_wait_on_the_own_browser(inside, person):
    inside.post(reverse("accounts:logout"))
    guesser = Client(REMOTE_ADDR="203.0.113.9")
    sign_in(guesser)
    for _ in range(25):
        guesser.post(CODE, {"code": "000000"})

    sign_in(inside)
    assert inside.post(CODE, {"code": now_code(1)}).status_code == 302


# --- the step after the password ----------------------------------------------------------------------------------


def test_without_a_second_factor_the_password_is_enough(client):
    make_office_user("vanphong")
    assert sign_in(client, "vanphong").status_code == 302
    assert "_auth_user_id" in client.session


def test_with_a_second_factor_the_password_alone_signs_nobody_in(client, person):
    response = sign_in(client)

    assert response["Location"] == CODE
    assert "_auth_user_id" not in client.session
    assert client.get("/accounts/profile/")["Location"].startswith("/accounts/login/")


def test_the_code_signs_in_and_leads_where_one_wanted_to_go(client, person):
    sign_in(client, next="/accounts/profile/?x=1")

    response = client.post(CODE, {"code": now_code()})

    assert response["Location"] == "/accounts/profile/?x=1"
    assert client.session["_auth_user_id"] == str(person.pk)
    assert verbs() == ["account.second_factor_passed", "account.signed_in"]


def test_the_session_s_key_changes_at_every_step(client, person):
    client.get(CODE)
    sign_in(client)
    waiting = client.session.session_key
    client.post(CODE, {"code": now_code()})
    assert waiting != client.session.session_key
    assert Session.objects.filter(session_key=waiting).exists() is False


def test_a_foreign_address_is_not_gone_to(client, person):
    sign_in(client, next="https://example.com/")
    assert client.post(CODE, {"code": now_code()})["Location"] == "/accounts/profile/"


def test_a_wrong_code_says_what_to_do_and_leaves_an_event(client, person):
    sign_in(client)

    response = client.post(CODE, {"code": "000000"})

    assert response.context["form"].errors["code"] == [second_factor.WRONG]
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor, event.target_id) == ("account.second_factor_failed", None, person.pk)


def test_an_empty_form_uses_no_try_up(client, person):
    sign_in(client)
    response = client.post(CODE, {"code": "", "recovery": ""})
    assert response.context["form"].errors["code"] == ["Xin gõ mã 6 chữ số, hoặc một mã dự phòng."]
    assert verbs() == []


def test_after_ten_minutes_the_password_is_asked_again(client, person):
    sign_in(client)
    session = client.session
    session[second_factor.WAITING] = {
        **session[second_factor.WAITING],
        "until": (timezone.now() - timedelta(seconds=1)).isoformat(),
    }
    session.save()

    response = client.post(CODE, {"code": now_code()}, follow=True)

    assert response.redirect_chain == [("/accounts/login/", 302)]
    assert "Đã quá 10 phút kể từ khi gõ mật khẩu. Xin đăng nhập lại." in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_the_wait_for_the_code_ends_ten_minutes_after_the_password(client, person):
    sign_in(client)
    until = datetime.fromisoformat(client.session[second_factor.WAITING]["until"])
    assert timedelta(minutes=9, seconds=50) < until - timezone.now() <= timedelta(minutes=10)


@pytest.mark.parametrize("change", ["password", "inactive"])
def test_a_password_changed_or_an_account_locked_meanwhile_ends_the_wait(client, person, change):
    sign_in(client)
    if change == "password":
        person.set_password("con duong xanh 1954")
    person.is_active = change != "inactive"
    person.save()

    assert client.post(CODE, {"code": now_code()})["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in client.session


def test_nobody_reaches_the_code_page_without_a_password(client, person):
    assert client.get(CODE)["Location"] == "/accounts/login/"
    assert client.post(CODE, {"code": now_code()})["Location"] == "/accounts/login/"


def test_a_recovery_code_serves_instead_of_the_phone_and_says_how_many_are_left(client, person):
    made = codes.new_recovery_codes(person)
    sign_in(client)

    page = client.post(CODE, {"recovery": made[0].lower()}, follow=True).content.decode()

    assert "Đã dùng một mã dự phòng; còn 9 mã." in page
    assert verbs() == ["account.second_factor_passed", "account.recovery_used", "account.signed_in"]
    assert AuditEvent.objects.filter(verb="account.recovery_used").get().data == {"count": 9}


def test_a_mark_of_one_person_serves_no_other(inside, person):
    other = make_user("khac")
    inside.force_login(other)
    session = inside.session
    session[second_factor.VERIFIED] = {"user": person.pk, "way": "app", "at": ""}
    session.save()
    request = inside.get("/accounts/profile/").wsgi_request
    assert second_factor.is_verified(request) is False


# --- trusted browsers ---------------------------------------------------------------------------------------------


@pytest.fixture
def trusted(client, person) -> Client:
    """A browser that the person trusts, signed out again."""
    sign_in(client)
    client.post(CODE, {"code": now_code(-1), "trust": "on"})
    client.post(reverse("accounts:logout"))
    return client


def passes(client: Client, username: str = "dakha") -> bool:
    """Whether the password alone signs in."""
    sign_in(client, username)
    found = "_auth_user_id" in client.session
    client.post(reverse("accounts:logout"))
    return found


def test_a_trusted_browser_asks_for_the_password_only(trusted, person):
    sign_in(trusted)
    assert trusted.session["_auth_user_id"] == str(person.pk)
    assert trusted.session[second_factor.VERIFIED]["way"] == "device"


def test_the_cookie_is_the_browser_s_alone_and_lives_thirty_days(trusted):
    cookie = trusted.cookies["device"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"], cookie["path"]) == (True, "Lax", 2592000, "/")


def test_the_table_of_browsers_opens_nothing(trusted):
    row = TrustedDevice.objects.get()
    assert trusted.cookies["device"].value not in f"{row.digest}{row.agent}"
    assert re.fullmatch("[0-9a-f]{64}", row.digest)
    assert row.expires_at - row.trusted_at == timedelta(days=30)


def test_another_browser_is_not_trusted(trusted):
    assert passes(Client()) is False


def test_trust_is_one_person_s(trusted):
    codes.store_app(make_user("khac"), b"0" * 20, step=0, now=NOW)
    assert passes(trusted, "khac") is False


def test_two_people_may_trust_one_browser(trusted):
    other = b"09876543210987654321"
    codes.store_app(make_user("khac"), other, step=0, now=NOW)
    sign_in(trusted, "khac")
    trusted.post(CODE, {"code": totp(other, time.time()), "trust": "on"})
    trusted.post(reverse("accounts:logout"))

    assert [passes(trusted, "khac"), passes(trusted)] == [True, True]


def test_a_value_that_somebody_else_put_into_the_cookie_is_never_trusted(client, person):
    client.cookies["device"] = "dat-vao-tu-truoc-0123456789"
    sign_in(client)
    client.post(CODE, {"code": now_code(), "trust": "on"})
    attacker = Client()
    attacker.cookies["device"] = "dat-vao-tu-truoc-0123456789"

    assert passes(attacker) is False


def test_trust_ends_after_thirty_days(trusted):
    TrustedDevice.objects.update(
        trusted_at=timezone.now() - timedelta(days=30), expires_at=timezone.now() - timedelta(seconds=1)
    )
    assert passes(trusted) is False


def test_trust_ends_when_it_is_taken_back(trusted, person):
    assert devices.untrust(TrustedDevice.objects.get(), by=person, at=NOW, now=timezone.now()) is True
    assert devices.untrust(TrustedDevice.objects.get(), by=person, at=NOW, now=timezone.now()) is False
    assert passes(trusted) is False
    assert verbs().count("account.device_untrusted") == 1


def test_trust_ends_with_the_password_wherever_it_is_changed(trusted, person):
    person.set_password("mat-khau-thu")
    person.save()
    assert passes(trusted) is False


def test_a_new_password_on_the_own_page_takes_all_trust_back(inside, person):
    sign_in(other := Client())
    other.post(CODE, {"code": now_code(), "trust": "on"})
    new = "con duong xanh 1954"
    inside.post("/accounts/password/", {"old_password": "mat-khau-thu", "new_password1": new, "new_password2": new})
    assert devices.in_force(person, now=timezone.now()).count() == 0
    assert "account.device_untrusted" in verbs()


@pytest.mark.parametrize("value", ["", ".", "x" * 5000, ".".join("x" * 50)])
def test_odd_cookies_are_answered_with_the_code_page(client, person, value):
    client.cookies["device"] = value
    assert sign_in(client)["Location"] == CODE


# --- setting it up ------------------------------------------------------------------------------------------------


def offered(client: Client) -> bytes:
    """The secret that the page offers, as somebody types it in."""
    page = client.get(SETUP).content.decode()
    typed = re.search(r'<p class="dt-secret"[^>]*>([A-Z2-7 ]+)</p>', page)[1]
    assert [len(group) for group in typed.split()] == [4] * 8
    return base64.b32decode(typed.replace(" ", ""))


def set_up(client: Client):
    secret = offered(client)
    return secret, client.post(SETUP, {"code": totp(secret, time.time())})


@pytest.fixture
def newcomer(client) -> User:
    user = make_user("moi", full_name="A Mới")
    client.force_login(user)
    return user


def test_the_page_offers_one_secret_until_it_is_confirmed_and_stores_it_nowhere(client, newcomer):
    first, second = offered(client), offered(client)
    assert first == second
    assert TOTPDevice.objects.count() == 0
    assert base64.b32encode(first).decode() not in str(client.session.items())


def test_the_picture_and_the_link_carry_the_same_address(client, newcomer):
    page = client.get(SETUP).content.decode()
    address = codes.app_address(newcomer, offered(client))

    assert address.startswith("otpauth://totp/moi?secret=")
    assert address.endswith("&issuer=Theo%20d%C3%B5i%20v%C4%83n%20b%E1%BA%A3n%20ch%E1%BB%89%20%C4%91%E1%BA%A1o")
    assert f'href="{address.replace("&", "&amp;")}"' in page
    assert '<svg viewBox="0 0' in page
    assert "style=" not in page


def test_the_first_code_switches_it_on_and_shows_ten_recovery_codes_once(client, newcomer):
    _, response = set_up(client)

    shown = re.findall(r"<li>([2-9A-Z]{5}-[2-9A-Z]{5})</li>", response.content.decode())
    assert len(shown) == 10
    assert codes.take_recovery_code(newcomer, shown[0]) is True
    assert second_factor.has(newcomer) is True
    assert client.session[second_factor.VERIFIED]["user"] == newcomer.pk
    assert verbs() == ["account.second_factor_on"]
    assert shown[1] not in client.get(SETUP).content.decode()


def test_the_code_that_switched_it_on_signs_nobody_in(client, newcomer):
    secret, _ = set_up(client)
    other = Client()
    sign_in(other, "moi")
    used = totp(secret, TOTPDevice.objects.get().last_t * 30)
    assert other.post(CODE, {"code": used}).context["form"].errors["code"] == [second_factor.WRONG]


def test_a_wrong_first_code_switches_nothing_on(client, newcomer):
    offered(client)
    response = client.post(SETUP, {"code": "000000"})
    assert response.context["form"].errors["code"] == [second_factor.WRONG]
    assert TOTPDevice.objects.count() == 0


def test_sending_the_form_again_shows_no_codes_a_second_time(client, newcomer):
    secret, _ = set_up(client)
    again = client.post(SETUP, {"code": totp(secret, time.time())}, follow=True)
    assert "hãy lập mã mới" in again.content.decode()
    assert TOTPDevice.objects.count() == 1


def test_switching_it_on_signs_out_everywhere_else(client, newcomer):
    other = Client()
    other.force_login(newcomer)
    set_up(client)
    assert other.get("/accounts/profile/").status_code == 302
    assert client.get("/accounts/profile/").status_code == 200


def test_somebody_who_has_it_cannot_set_up_another_with_the_password_alone(client, person):
    client.force_login(person)
    assert client.get(SETUP)["Location"] == f"{CODE}?next={SETUP.replace('/', '%2F')}"
    assert client.post(SETUP, {"code": "000000"}).status_code == 302
    assert TOTPDevice.objects.get().last_t == 0


def test_a_stranger_sets_nothing_up(client):
    for page in (SETUP, RECOVERY, REPLACE, OFF):
        assert client.get(page)["Location"] == f"/accounts/login/?next={page}"


# --- changing it --------------------------------------------------------------------------------------------------


def test_the_page_says_what_there_is(inside, person):
    codes.new_recovery_codes(person)
    page = inside.get(SETUP).content.decode()
    assert "Còn 10 trên 10 mã chưa dùng." in page
    assert OFF in page


@pytest.mark.parametrize("proof", ["password", "code"])
def test_new_recovery_codes_come_after_the_password_or_a_code(inside, person, proof):
    data = {"password": "mat-khau-thu"} if proof == "password" else {"code": now_code()}
    response = inside.post(RECOVERY, data)
    assert len(re.findall(r"<li>[2-9A-Z]{5}-[2-9A-Z]{5}</li>", response.content.decode())) == 10
    assert verbs()[-1] == "account.recovery_renewed"


@pytest.mark.parametrize("data", [{}, {"password": "sai"}, {"code": "000000"}, {"password": "sai", "code": "now"}])
def test_without_proof_there_are_no_new_recovery_codes(inside, person, data):
    data = {key: now_code() if value == "now" else value for key, value in data.items()}
    assert inside.post(RECOVERY, data).context["form"].errors
    assert "account.recovery_renewed" not in verbs()


def test_a_wrong_password_uses_no_code_up(inside, person):
    code = now_code()
    inside.post(OFF, {"password": "sai", "code": code})
    assert inside.post(OFF, {"password": "mat-khau-thu", "code": code}).status_code == 302


def test_switching_it_off_takes_password_and_code(inside, person):
    assert inside.post(OFF, {"password": "mat-khau-thu"}).context["form"].errors
    assert inside.post(OFF, {"code": now_code()}).context["form"].errors
    assert second_factor.has(person) is True

    inside.post(OFF, {"password": "mat-khau-thu", "code": now_code(1)})

    assert second_factor.has(person) is False
    assert (TOTPDevice.objects.count(), StaticToken.objects.count()) == (0, 0)
    assert verbs()[-1] == "account.second_factor_off"


def test_whose_role_needs_it_cannot_switch_it_off(inside, person, settings):
    settings.SECOND_FACTOR_ROLES = ["office"]
    make_membership(person, make_unit(), Role.OFFICE)
    assert inside.get(OFF).status_code == 403
    assert inside.post(OFF, {"password": "mat-khau-thu", "code": now_code()}).status_code == 403
    assert OFF not in inside.get(SETUP).content.decode()
    assert second_factor.has(person) is True


def test_another_phone_replaces_the_old_one_only_when_it_has_been_confirmed(inside, person):
    old = codes.new_recovery_codes(person)
    assert inside.post(REPLACE, {"password": "mat-khau-thu", "code": now_code()})["Location"] == SETUP

    secret = offered(inside)
    assert codes.take_app_code(person, now_code(1), now=timezone.now()) is True
    inside.post(SETUP, {"code": totp(secret, time.time())})

    assert codes.take_app_code(person, now_code(1), now=timezone.now()) is False
    assert codes.take_app_code(person, totp(secret, time.time() + 30), now=timezone.now()) is True
    assert codes.take_recovery_code(person, old[0]) is False
    assert TOTPDevice.objects.count() == 1


def test_a_recovery_code_opens_the_way_to_another_phone(inside, person):
    made = codes.new_recovery_codes(person)
    assert inside.post(REPLACE, {"password": "mat-khau-thu", "recovery": made[0]})["Location"] == SETUP


def test_another_phone_may_come_for_ten_minutes_only(inside, person):
    inside.post(REPLACE, {"password": "mat-khau-thu", "code": now_code()})
    session = inside.session
    session["second_factor_replacing"] = (timezone.now() - timedelta(seconds=1)).isoformat()
    session.save()
    assert "dt-secret" not in inside.get(SETUP).content.decode()


# --- an administrator takes it off ----------------------------------------------------------------------------------


def reset(person: User, by: User | None, reason: str = "Mất điện thoại") -> bool:
    return second_factor.reset(person, by=by, now=timezone.now(), at=NOW, reason=reason)


def test_a_reset_takes_everything_and_ends_sessions_and_trust(trusted, person):
    sign_in(trusted)
    administrator = make_user("quantri")

    assert reset(person, administrator) is True

    assert (second_factor.has(person), StaticToken.objects.count()) == (False, 0)
    assert trusted.get("/accounts/profile/").status_code == 302
    assert TrustedDevice.objects.filter(revoked_at=None).count() == 0
    event = AuditEvent.objects.filter(verb="account.second_factor_off").get()
    assert (event.actor, event.target_id, event.data) == (administrator, person.pk, {"reason": "Mất điện thoại"})


def test_without_a_second_factor_there_is_nothing_to_reset():
    assert reset(make_user("khac"), None) is False
    assert verbs() == []


# --- at the same moment -------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_of_many_at_the_same_moment_one_code_passes_once(kind):
    user = make_user("dakha")
    codes.store_app(user, SECRET, step=0, now=NOW)
    typed = codes.new_recovery_codes(user)[0] if kind == "recovery" else totp(SECRET, NOW.timestamp())
    start = Barrier(6)

    def attempt(number: int) -> str:
        request = RequestFactory().post("/", REMOTE_ADDR=f"203.0.113.{number}")
        start.wait()
        try:
            return second_factor.check(request, user, typed, now=NOW, at=NOW)
        except second_factor.WrongCode:
            return ""
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(attempt, range(6))) == ["", "", "", "", "", kind]
