"""Nobody whose role needs the second factor gets past it: role × what the session has shown × kind of page."""

import time
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import codes, second_factor
from accounts.models import HeldForm, User
from records.models import AuditEvent
from tests.accounts.test_second_factor import SECRET, totp
from tests.factories import at, make_area, make_membership, make_office, make_unit, make_user
from units.models import Role

pytestmark = pytest.mark.django_db

NEEDED = ["office", "registrar", "administrator"]
CODE, SETUP = "/accounts/buoc-hai/", "/accounts/buoc-hai/cai-dat/"
# One page of each kind that answers 200 to everybody who may be signed in, or a redirect to the role's first page.
PAGES = {
    "home": "/",
    "inbox": "/thong-bao/",
    "own account": "/accounts/profile/",
    "health": "/healthz",
}
# Where a session goes that has shown the password only, by page; "" is through.
NONE_YET = {"home": SETUP, "inbox": SETUP, "own account": "", "health": ""}
NOT_SHOWN = {"home": CODE, "inbox": CODE, "own account": CODE, "health": ""}
THROUGH = dict.fromkeys(PAGES, "")
# role: (has none, has one but has not shown it, has shown it)
TABLE = {
    "office": (NONE_YET, NOT_SHOWN, THROUGH),
    "registrar": (NONE_YET, NOT_SHOWN, THROUGH),
    "administrator": (NONE_YET, NOT_SHOWN, THROUGH),
    "reporter": (THROUGH, THROUGH, THROUGH),
    "unit_head": (THROUGH, THROUGH, THROUGH),
    "reader": (THROUGH, THROUGH, THROUGH),
    "reporter and registrar": (NONE_YET, NOT_SHOWN, THROUGH),
    "nobody": (THROUGH, THROUGH, THROUGH),
}


@pytest.fixture(autouse=True)
def _needed(settings):
    settings.SECOND_FACTOR_ROLES = NEEDED


def person(role: str) -> User:
    user = make_user()
    for part in role.split(" and "):
        if part == "registrar":
            make_membership(user, role=Role.REGISTRAR, area=make_area())
        elif part in ("office", "administrator"):
            make_membership(user, make_office(), part)
        elif part != "nobody":
            make_membership(user, make_unit(), part)
    return user


def browser(user: User, state: str) -> Client:
    """A signed-in browser; state: "none" has no second factor, "has" did not show it, "shown" did."""
    client = Client()
    client.force_login(user)
    if state != "none":
        codes.store_app(user, SECRET, step=0, now=timezone.now())
    if state == "shown":
        assert client.post(CODE, {"code": totp(SECRET, time.time())}).status_code == 302
    return client


def lead(client: Client, page: str) -> str:
    """The page of the second factor that one is led to from there, or ""."""
    location = client.get(page).headers.get("Location", "")
    return next((step for step in (SETUP, CODE) if location.partition("?")[0] == step), "")


@pytest.mark.parametrize("state", ["none", "has", "shown"])
@pytest.mark.parametrize("role", list(TABLE))
def test_each_role_is_led_where_the_table_says(role, state):
    client = browser(person(role), state)
    expected = TABLE[role][["none", "has", "shown"].index(state)]
    assert {name: lead(client, page) for name, page in PAGES.items()} == expected


@pytest.mark.parametrize("role", ["office", "administrator"])
@pytest.mark.parametrize(("state", "leads"), [("none", SETUP), ("has", CODE), ("shown", "")])
def test_the_administration_opens_after_the_second_factor(role, state, leads):
    client = browser(person(role), state)
    assert lead(client, "/quan-tri/") == leads
    assert lead(client, "/quan-tri/units/unit/") == leads
    assert client.get("/quan-tri/").status_code == (302 if leads else 200)


def test_the_administration_holds_even_without_the_middleware(settings, rf):
    user = person("administrator")
    client = browser(user, "has")
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "SecondFactor" not in name]
    assert client.get("/quan-tri/").status_code == 403
    request = rf.get("/quan-tri/")
    request.user, request.session = user, client.session
    assert admin.site.has_permission(request) is False


@pytest.mark.parametrize("role", ["office", "registrar", "administrator"])
def test_an_installation_that_asks_nobody_lets_everybody_through(settings, role):
    settings.SECOND_FACTOR_ROLES = []
    client = browser(person(role), "none")
    assert [lead(client, page) for page in PAGES.values()] == [""] * len(PAGES)


def test_a_role_that_has_ended_asks_for_nothing():
    user = make_user()
    make_membership(user, make_office(), Role.OFFICE, valid_to=at("2020-01-01").date())
    assert lead(browser(user, "none"), "/") == ""


def test_a_stranger_is_asked_for_the_password_first(client):
    assert client.get("/thong-bao/")["Location"] == "/accounts/login/?next=/thong-bao/"


def test_after_the_code_one_is_where_one_wanted_to_be():
    client = browser(person("office"), "has")
    location = client.get("/thong-bao/?trang=2")["Location"]
    assert location == f"{CODE}?next={quote('/thong-bao/?trang=2', safe='')}"
    assert client.post(location, {"code": totp(SECRET, time.time()), "next": "/thong-bao/?trang=2"})["Location"] == (
        "/thong-bao/?trang=2"
    )


def test_a_fragment_is_answered_with_the_header_that_moves_the_page():
    client = browser(person("office"), "has")
    response = client.get(
        "/thong-bao/?manh=1", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL="http://testserver/thong-bao/?x=1"
    )
    assert response.status_code == 200
    assert response["HX-Redirect"] == f"{CODE}?next={quote('/thong-bao/?x=1', safe='')}"


@pytest.mark.parametrize("address", ["https://example.com/x", "//example.com/", "javascript:alert(1)", ""])
def test_the_page_that_a_browser_names_is_gone_back_to_only_if_it_is_ours(address):
    client = browser(person("office"), "has")
    response = client.get("/thong-bao/", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL=address)
    assert response["HX-Redirect"] == CODE


def test_what_was_typed_is_kept_until_the_code_has_been_shown():
    user = person("administrator")
    client = browser(user, "has")
    client.get("/")  # The browser is known from its first page on.

    response = client.post(
        "/quan-tri/units/calendarday/add/", {"note": "Nghỉ bù"}, HTTP_REFERER="http://testserver/quan-tri/"
    )
    assert response["Location"] == f"{CODE}?next={quote('/quan-tri/', safe='')}"
    held = HeldForm.objects.get()
    after = client.post(CODE, {"code": totp(SECRET, time.time()), "next": "/quan-tri/"})

    assert (held.user, held.path) == (user, "/quan-tri/units/calendarday/add/")
    assert after["Location"].startswith("/accounts/")
    page = client.get(after["Location"]).content.decode()
    assert "Nghỉ bù" in page


def test_a_draft_that_sends_itself_gets_words_instead_of_a_page():
    client = browser(person("office"), "has")
    response = client.post("/thong-bao/", {"note": "x"}, HTTP_X_AUTOSAVE="1")
    assert response.status_code == 401
    assert "xác thực bước thứ hai" in response.json()["message"]


@pytest.mark.parametrize("method", ["get", "post", "head"])
def test_no_method_gets_past(method):
    client = browser(person("office"), "has")
    response = getattr(client, method)("/thong-bao/")
    assert (response.status_code, response["Location"].partition("?")[0]) == (302, CODE)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_what_no_page_takes_is_refused_before_it_is_asked_who_comes(method):
    client = browser(person("office"), "has")
    assert getattr(client, method)("/thong-bao/").status_code == 405


def count(client: Client) -> int:
    """How many statements a page costs."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/accounts/profile/").status_code == 200
    return len(captured)


@pytest.mark.parametrize(("role", "state"), [("reporter", "none"), ("office", "shown")])
def test_who_needs_none_and_who_has_passed_pay_no_statement(settings, role, state):
    client = browser(person(role), state)
    client.get("/accounts/profile/")

    with_gate = count(client)

    settings.SECOND_FACTOR_ROLES = []
    assert with_gate == count(client)


# --- the administrator who helps ------------------------------------------------------------------------------------


@pytest.fixture
def helper() -> Client:
    return browser(person("administrator"), "shown")


def reset_page(user: User) -> str:
    return f"/quan-tri/accounts/user/{user.pk}/second-factor/"


def test_an_administrator_takes_it_off_with_a_reason(helper, mailoutbox):
    lost = person("office")
    client = browser(lost, "shown")
    assert reset_page(lost) in helper.get(f"/quan-tri/accounts/user/{lost.pk}/change/").content.decode()

    response = helper.post(reset_page(lost), {"reason": "Mất điện thoại, đã gọi lại"})

    assert response["Location"] == f"/quan-tri/accounts/user/{lost.pk}/change/"
    assert second_factor.has(lost) is False
    assert client.get("/")["Location"].startswith("/accounts/login/")
    event = AuditEvent.objects.filter(verb="account.second_factor_off").get()
    assert (event.target_id, event.data) == (lost.pk, {"reason": "Mất điện thoại, đã gọi lại"})


@pytest.mark.parametrize("reason", ["", "x", "   "])
def test_without_a_reason_it_stays(helper, reason):
    lost = person("office")
    browser(lost, "has")
    assert helper.post(reset_page(lost), {"reason": reason}).status_code == 200
    assert helper.get(reset_page(lost)).status_code == 200
    assert second_factor.has(lost) is True


def test_nobody_takes_the_own_one_off_there(helper):
    own = User.objects.get()
    assert helper.post(reset_page(own), {"reason": "Tự bỏ cho mình"}).status_code == 302
    assert second_factor.has(own) is True


@pytest.mark.parametrize(("role", "status"), [("office", 403), ("reporter", 403)])
def test_others_cannot_take_it_off(role, status):
    lost = person("administrator")
    browser(lost, "has")
    assert browser(person(role), "shown").post(reset_page(lost), {"reason": "Mất máy"}).status_code == status
    assert second_factor.has(lost) is True


@pytest.mark.parametrize("pk", ["999999", "abc", "_5F"])
def test_an_unknown_person_is_not_found(helper, pk):
    assert helper.get(f"/quan-tri/accounts/user/{pk}/second-factor/").status_code == 404
