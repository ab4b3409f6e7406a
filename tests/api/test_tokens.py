"""Keys for other programs: made once shown, recognised while they hold, refused in words the moment they do not."""

import io
import logging
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from directive_tracker.logs import HideLinks
from records.models import AuditEvent
from tests.api.house import NOW, TODAY, Program, kind, make_token, program
from tests.factories import make_membership, make_office_user, make_reporter, make_unit, make_user
from units import tokens
from units.errors import Refused
from units.models import ApiToken, Membership, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return make_unit("Huyện ủy Đắk Hà")


@pytest.fixture
def user(unit):
    return make_reporter(unit, "dakha")


# --- the secret -----------------------------------------------------------------------------------------------------------


def test_a_secret_is_long_random_and_carries_its_check():
    first, second = tokens.new_secret(), tokens.new_secret()

    assert re.fullmatch(r"dt_[0-9A-Za-z]{49}", first)
    assert first != second
    assert tokens.is_wellformed(first)


@pytest.mark.parametrize(
    "text",
    ["", "dt_", "dt_" + "0" * 49, "xx_" + "0" * 49, "dt_" + "ă" * 49, "dt_" + "0" * 500, "dt_" + "-" * 49],
)
def test_what_is_no_secret_is_never_looked_up(text, django_assert_num_queries):
    with django_assert_num_queries(0), pytest.raises(tokens.TokenRefused):
        tokens.recognise(text, now=timezone.now(), at=NOW, today=TODAY)


def test_one_changed_letter_breaks_the_check():
    secret = tokens.new_secret()
    changed = secret[:10] + ("A" if secret[10] != "A" else "B") + secret[11:]

    assert not tokens.is_wellformed(changed)


def test_the_secret_stands_nowhere_in_the_database(user):
    token, secret = make_token(user)
    token.refresh_from_db()

    assert secret not in str(vars(token)) + str(list(AuditEvent.objects.values()))
    assert token.first_letters == secret[:8]


def test_the_log_masks_a_secret_wherever_it_was_put():
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(HideLinks())
    logger = logging.Logger("x")
    logger.addHandler(handler)
    secret = tokens.new_secret()

    logger.warning("Not Found: /api/v1/directives?token=%s", secret)

    assert out.getvalue() == "Not Found: /api/v1/directives?token=dt_…\n"


# --- made -----------------------------------------------------------------------------------------------------------------


def test_a_token_is_told_in_the_log_with_its_scopes(user, unit):
    make_token(user, unit, ["read", "report"])
    event = AuditEvent.objects.get(verb="api_token.made")

    assert (event.actor, event.topic, event.data["scopes"]) == (user, "sign_in", ["read", "report"])


@pytest.mark.parametrize(
    ("values", "words"),
    [({"scopes": []}, "ít nhất một việc"), ({"scopes": ["admin"]}, "ít nhất một việc"), ({"days": 366}, "Thời hạn")],
)
def test_no_scope_and_too_long_a_life_are_refused(user, values, words):
    with pytest.raises(Refused, match=words):
        make_token(user, **values)


def test_of_another_unit_no_token_is_made(user):
    with pytest.raises(Refused, match="không có vai trò"):
        make_token(user, make_unit("Đơn vị khác"))


def test_a_person_holds_so_many_and_no_more(user, monkeypatch):
    monkeypatch.setattr(tokens, "MOST", 2)
    make_token(user)
    make_token(user)

    with pytest.raises(Refused, match="nhiều nhất 2 mã"):
        make_token(user)


# --- at the door ------------------------------------------------------------------------------------------------------------


def test_the_token_says_whose_it_is_and_what_it_may_do(user, unit):
    answer = program(user, unit, ["read"]).get("/me")

    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in ("name", "roles", "scopes", "today")} == {
        "name": "Phần mềm",
        "roles": ["reporter"],
        "scopes": ["read"],
        "today": "2024-04-15",
    }
    assert answer.json()["expires_at"].endswith("+07:00")
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer"}, {"Authorization": "Basic eDp5"}])
def test_without_a_token_the_answer_says_how_to_send_one(header):
    answer = Program().client.get("/api/v1/me", headers=header)

    assert (answer.status_code, kind(answer)) == (401, "token-missing")
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'


def test_a_session_alone_opens_nothing(user):
    asked = Program()
    asked.client.force_login(user)

    assert asked.get("/me").status_code == 401
    assert asked.get("/me").cookies == {}


def test_a_token_in_the_address_opens_nothing(user):
    _, secret = make_token(user)

    assert Program().get("/me", {"token": secret}).status_code == 401


def test_last_use_is_noted_once_a_minute(user, django_assert_num_queries):
    token, secret = make_token(user)
    Program(secret).get("/me")
    token.refresh_from_db()
    first = token.last_used_at

    with django_assert_num_queries(2):
        Program(secret).get("/me")
    token.refresh_from_db()

    assert first is not None
    assert token.last_used_at == first


def refusal(secret: str) -> tuple[int, str, str]:
    answer = Program(secret).get("/me")
    return answer.status_code, kind(answer), answer.json().get("detail", "")


def test_a_revoked_token_is_refused_at_once(user):
    token, secret = make_token(user)
    Program(secret).get("/me")
    tokens.revoke(token, by=user, now=timezone.now(), at=NOW)

    status, name, words = refusal(secret)

    assert (status, name) == (401, "token-revoked")
    assert words.startswith("Mã truy cập đã bị hủy lúc ")


def test_an_expired_token_is_refused(user):
    _, secret = make_token(user, now=timezone.now() - timedelta(days=31), days=30)

    assert refusal(secret)[:2] == (401, "token-expired")


def test_a_deactivated_person_s_token_is_refused(user):
    _, secret = make_token(user)
    user.is_active = False
    user.save()

    assert refusal(secret)[:2] == (401, "token-holder-deactivated")


def test_a_unit_s_token_ends_with_the_membership(user, unit):
    make_membership(user, make_unit("Đơn vị khác"))
    _, secret = make_token(user, unit)
    Membership.objects.filter(user=user, unit=unit).update(valid_to=TODAY - timedelta(days=1))

    status, name, words = refusal(secret)

    assert (status, name) == (401, "token-membership-ended")
    assert words == (
        "Người giữ mã không còn vai trò ở Huyện ủy Đắk Hà. Người của đơn vị vào trang “Mã truy cập API” để nhận giữ."
    )


def test_a_further_role_ends_a_person_s_token_but_not_a_unit_s(user, unit):
    """What was made as a reporter must not open what belongs to an office that came later."""
    _, own = make_token(user)
    _, of_unit = make_token(user, unit)
    make_office_user("khac")
    make_membership(user, None, Role.OFFICE)

    assert refusal(own)[:2] == (401, "token-role-changed")
    assert refusal(of_unit)[0] == 200


def test_a_known_token_that_is_refused_is_told_once_a_day(user):
    _, secret = make_token(user)
    user.is_active = False
    user.save()

    for _ in range(3):
        refusal(secret)

    event = AuditEvent.objects.get(verb="api_token.refused")
    assert (event.actor, event.reason) == (None, "Tài khoản của người giữ mã đã khóa.")


def test_wrong_tokens_from_one_machine_are_slowed_and_right_ones_are_not(user, monkeypatch):
    monkeypatch.setattr("directive_tracker.api.auth.FREE", 3)
    right = program(user)
    answers = [Program(tokens.new_secret()).get("/me") for _ in range(5)]

    assert [answer.status_code for answer in answers] == [401, 401, 401, 429, 429]
    assert answers[-1]["Retry-After"] == "600"
    assert right.get("/me").status_code == 200


def test_a_unit_s_token_reaches_no_other_unit_of_its_holder(user, unit):
    other = make_unit("Đơn vị khác")
    make_membership(user, other)
    below = make_unit("Đảng ủy xã", parent=unit)
    _, secret = make_token(user, unit)

    access = tokens.recognise(secret, now=timezone.now(), at=NOW, today=TODAY).access

    assert access.visible_unit_ids == {unit.pk, below.pk}
    assert (access.reporter_unit_ids, access.area_ids, set(access.roles)) == ({unit.pk}, frozenset(), {"reporter"})


def test_an_office_s_person_gives_a_unit_s_token_nothing_of_the_office(user, unit):
    make_membership(user, None, Role.OFFICE)
    _, secret = make_token(user, unit)

    assert not tokens.recognise(secret, now=timezone.now(), at=NOW, today=TODAY).access.is_office


# --- taken over -------------------------------------------------------------------------------------------------------------


def test_a_colleague_takes_over_and_the_program_goes_on_in_that_name(user, unit):
    token, secret = make_token(user, unit)
    colleague = make_reporter(unit, "dongnghiep")
    Membership.objects.filter(user=user).update(valid_to=TODAY - timedelta(days=1))

    tokens.take_over(token, by=colleague, now=timezone.now(), at=NOW, today=TODAY)

    assert Program(secret).get("/me").json()["holder"] == str(colleague)
    event = AuditEvent.objects.get(verb="api_token.taken_over")
    assert (event.actor, event.data) == (colleague, {"from": str(user), "to": str(colleague)})


def test_a_stranger_takes_over_nothing(user, unit):
    token, _ = make_token(user, unit)

    with pytest.raises(Refused, match="không phải cán bộ đầu mối"):
        tokens.take_over(token, by=make_user("la"), now=timezone.now(), at=NOW, today=TODAY)


@pytest.mark.parametrize("state", ["revoked", "own", "held"])
def test_what_cannot_be_taken_over_says_why(user, unit, state):
    token, _ = make_token(user, None if state == "own" else unit)
    colleague = make_reporter(unit, "dongnghiep")
    if state == "revoked":
        tokens.revoke(token, by=user, now=timezone.now(), at=NOW)
    words = {"revoked": "đã hủy hoặc hết hạn", "own": "Mã của cá nhân", "held": "đang giữ mã này rồi"}[state]

    with pytest.raises(Refused, match=words):
        tokens.take_over(token, by=user if state == "held" else colleague, now=timezone.now(), at=NOW, today=TODAY)


# --- the page ---------------------------------------------------------------------------------------------------------------


def test_the_page_shows_the_token_once(client, user, unit):
    client.force_login(user)
    data = {"name": "Phần mềm văn bản", "unit": unit.pk, "scopes": ["read", "report"], "days": "90"}
    made = client.post("/ma-api/", data).content.decode()
    secret = re.search(r"dt_[0-9A-Za-z]{49}", made)[0]

    again = client.get("/ma-api/").content.decode()

    assert Program(secret).get("/me").status_code == 200
    assert secret not in again
    assert "Phần mềm văn bản" in again


def test_the_page_says_what_is_missing_and_makes_nothing(client, user):
    client.force_login(user)
    answer = client.post("/ma-api/", {"name": "", "days": "400"})

    assert answer.status_code == 422
    for words in ("Xin ghi mã dùng cho phần mềm nào.", "Hãy chọn ít nhất một việc", "Xin chọn một thời hạn"):
        assert words in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_the_page_revokes_and_a_stranger_s_is_unknown(client, user, unit):
    token, secret = make_token(user, unit)
    client.force_login(make_reporter(make_unit("Đơn vị khác"), "la"))
    foreign = client.post(f"/ma-api/{token.pk}/huy/").status_code
    client.force_login(user)

    done = client.post(f"/ma-api/{token.pk}/huy/").status_code

    assert (foreign, done) == (404, 302)
    assert refusal(secret)[1] == "token-revoked"


def test_who_must_pass_the_second_factor_makes_no_token_before(client, settings):
    settings.SECOND_FACTOR_ROLES = ["office"]
    client.force_login(make_office_user())

    answer = client.post("/ma-api/", {"name": "x", "scopes": ["read"], "days": "90"})

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/buoc-hai/")
    assert not ApiToken.objects.exists()


def test_an_administrator_sees_that_there_is_one_and_revokes_it(client, user):
    token, secret = make_token(user)
    administrator = make_user("quantri")
    make_membership(administrator, make_unit("Trung tâm tin học"), Role.ADMINISTRATOR)
    client.force_login(administrator)
    shown = client.get(f"/quan-tri/units/apitoken/{token.pk}/change/").content.decode()

    answer = client.post(f"/ma-api/{token.pk}/huy/")

    assert f"/ma-api/{token.pk}/huy/" in shown
    assert secret not in shown
    assert answer["Location"] == "/quan-tri/units/apitoken/"
    assert refusal(secret)[1] == "token-revoked"
