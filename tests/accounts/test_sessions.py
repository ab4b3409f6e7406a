""" "Phiên của tôi", what ends sessions, and whom the waits for wrong passwords do not touch."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import browsers, signing, throttle
from accounts.agents import browser_words
from accounts.models import Session, TrustedDevice, User
from accounts.sessions import SessionStore, person_of_session
from accounts.views_sessions import mark_of
from records.models import AuditEvent
from tests.factories import make_reporter, make_unit, make_user

pytestmark = pytest.mark.django_db
MORNING = datetime(2024, 4, 15, 1, 0, tzinfo=UTC)
LOGIN = "/accounts/login/"
PAGE = "/accounts/phien/"
WRONG = "Tên đăng nhập hoặc mật khẩu không đúng."
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.4 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def dakha() -> User:
    return make_reporter(make_unit("Huyện ủy Đắk Hà"), "dakha", full_name="Y Lan")


def enter(client: Client, username: str = "dakha", password: str = "mat-khau-thu"):
    return client.post(LOGIN, {"username": username, "password": password})


def signed_in(username: str = "dakha", agent: str = CHROME, address: str = "203.0.113.7") -> Client:
    client = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    enter(client, username)
    return client


def is_in(client: Client) -> bool:
    return client.get("/accounts/profile/").status_code == 200


def rows_of(client: Client) -> list[str]:
    """The signed-in browsers as the page tells them, one line each."""
    page = client.get(PAGE).content.decode().partition('id="sessions-head"')[2].partition('id="devices-head"')[0]
    items = re.findall(r"<li>(.*?)</li>", page, flags=re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", item).split()) for item in items]


def mark(client: Client, words: str) -> str:
    page = client.get(PAGE).content.decode()
    items = re.findall(r"<li>(.*?)</li>", page, flags=re.DOTALL)
    return next(re.search(r"/accounts/phien/(\w+)/dong/", item)[1] for item in items if words in item)


# --- the page -------------------------------------------------------------------------------------


def test_the_page_lists_ones_own_browsers_this_one_first(dakha):
    with time_machine.travel(MORNING, tick=False) as clock:
        phone = signed_in(agent=IPHONE, address="198.51.100.4")
        clock.shift(timedelta(minutes=10))
        office = signed_in()
        signed_in(make_user("khach").username)

        assert rows_of(office) == [
            "Chrome trên Windows (máy này) đăng nhập 08:10 15/4/2024 · dùng gần nhất 08:10 15/4/2024 · địa chỉ 203.0.113.7",
            "Safari trên iPhone đăng nhập 08:00 15/4/2024 · dùng gần nhất 08:00 15/4/2024 · địa chỉ 198.51.100.4 "
            "Đăng xuất Safari trên iPhone",
        ]
        clock.shift(timedelta(minutes=25))
        office.get(PAGE)
        assert len(rows_of(office)) == 1  # The phone's has ended by itself.
        assert not is_in(phone)


def test_the_page_shows_no_key_of_a_session(dakha):
    office = signed_in()
    signed_in(agent=IPHONE)
    page = office.get(PAGE).content.decode()
    assert [row.session_key for row in Session.objects.all() if row.session_key in page] == []


def test_one_browser_is_signed_out(dakha):
    office, phone = signed_in(), signed_in(agent=IPHONE)

    response = office.post(f"/accounts/phien/{mark(office, 'iPhone')}/dong/")

    assert response["Location"] == PAGE
    assert (is_in(office), is_in(phone)) == (True, False)
    event = AuditEvent.objects.order_by("-pk")[0]
    assert (event.verb, event.actor, event.data) == ("account.session_ended", dakha, {"count": 1})


def test_all_others_are_signed_out(dakha):
    office, phone, third = signed_in(), signed_in(agent=IPHONE), signed_in()
    stranger = signed_in(make_user("khach").username)

    office.post("/accounts/phien/may-khac/")

    assert [is_in(client) for client in (office, phone, third, stranger)] == [True, False, False, True]
    assert AuditEvent.objects.get(verb="account.session_ended").data == {"count": 2}


def test_with_no_others_nothing_is_written_down(dakha):
    office = signed_in()
    page = office.post("/accounts/phien/may-khac/", follow=True).content.decode()
    assert "Không có máy nào khác đang đăng nhập." in page
    assert not AuditEvent.objects.filter(verb="account.session_ended").exists()


def test_the_own_browser_ends_as_by_signing_out(dakha):
    office = signed_in()
    response = office.post(f"/accounts/phien/{mark_of(office.session.session_key)}/dong/")
    assert response["Location"] == LOGIN
    assert AuditEvent.objects.order_by("-pk")[0].verb == "account.signed_out"


def test_sessions_and_machines_of_others_do_not_exist(dakha):
    theirs = signed_in(make_user("khach").username)
    key = theirs.session.session_key
    device = TrustedDevice.objects.create(
        user=User.objects.get(username="khach"),
        digest="x",
        trusted_at=datetime.now(UTC),
        expires_at=datetime.now(UTC) + timedelta(days=30),
    )
    office = signed_in()

    assert office.post(f"/accounts/phien/{mark_of(key)}/dong/").status_code == 404
    assert office.post("/accounts/phien/khong-co/dong/").status_code == 404
    assert office.post(f"/accounts/may-tin-cay/{device.pk}/thoi/").status_code == 404
    assert office.get("/accounts/da-go/999/").status_code == 404
    assert is_in(theirs)
    device.refresh_from_db()
    assert device.revoked_at is None


def test_a_trusted_machine_is_shown_and_taken_back(dakha):
    device = TrustedDevice.objects.create(
        user=dakha,
        digest="x",
        agent=IPHONE,
        ip="198.51.100.4",
        trusted_at=datetime.now(UTC),
        expires_at=datetime.now(UTC) + timedelta(days=30),
    )
    office = signed_in()
    assert f"/accounts/may-tin-cay/{device.pk}/thoi/" in office.get(PAGE).content.decode()

    office.post(f"/accounts/may-tin-cay/{device.pk}/thoi/")

    device.refresh_from_db()
    assert device.revoked_at is not None
    assert AuditEvent.objects.order_by("-pk")[0].verb == "account.device_untrusted"


@pytest.mark.parametrize(
    "path",
    ["/accounts/phien/may-khac/", "/accounts/phien/x/dong/", "/accounts/may-tin-cay/1/thoi/", "/accounts/da-go/1/bo/"],
)
def test_a_link_ends_nothing(dakha, path):
    assert signed_in().get(path).status_code == 405
    assert Client().post(path)["Location"].startswith(LOGIN)


def test_the_menu_and_the_profile_lead_there(dakha):
    assert signed_in().get("/accounts/profile/").content.decode().count('href="/accounts/phien/"') == 2


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (CHROME, "Chrome trên Windows"),
        (IPHONE, "Safari trên iPhone"),
        (CHROME + " Edg/124.0.0.0", "Edge trên Windows"),
        (CHROME.replace("Chrome/124", "coc_coc_browser/124.0 Chrome/118"), "Cốc Cốc trên Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0", "Firefox trên Linux"),
        (
            "Mozilla/5.0 (Linux; Android 13; SM-A146P) AppleWebKit/537.36 Chrome/124.0 Mobile Safari/537.36",
            "Chrome trên điện thoại Android",
        ),
        (IPHONE + " Zalo iOS/24", "Zalo trên iPhone"),
        ("curl/8.5", "Trình duyệt không rõ"),
        ("", "Trình duyệt không rõ"),
    ],
)
def test_a_browser_in_words(agent, words):
    assert browser_words(agent) == words


# --- what ends sessions -----------------------------------------------------------------------------


def test_a_locked_account_is_signed_out_at_the_same_moment(dakha):
    office = signed_in()
    dakha.is_active = False
    dakha.save()
    assert Session.objects.filter(user=dakha).count() == 0
    assert not is_in(office)


def test_an_account_locked_behind_our_back_is_signed_out_at_the_next_page(dakha):
    office = signed_in()
    User.objects.update(is_active=False)
    assert not is_in(office)
    assert not Session.objects.filter(user=dakha).exists()


def test_a_password_set_by_somebody_else_ends_the_session_and_says_so(dakha):
    office = signed_in()
    dakha.set_password("con duong xanh 1954")
    dakha.save()
    page = office.get("/accounts/profile/", follow=True).content.decode()
    assert "Phiên làm việc đã kết thúc vì mật khẩu vừa được đổi hoặc tài khoản có thay đổi." in page


def test_the_own_password_ends_the_rows_of_the_other_machines(dakha):
    office, phone = signed_in(), signed_in(agent=IPHONE)
    new = {
        "old_password": "mat-khau-thu",
        "new_password1": "con duong xanh 1954",
        "new_password2": "con duong xanh 1954",
    }

    assert office.post("/accounts/password/", new).status_code == 302

    assert Session.objects.filter(user=dakha).count() == 1
    assert (is_in(office), is_in(phone)) == (True, False)
    assert len(rows_of(office)) == 1


def test_all_sessions_but_one_of_a_person_can_be_ended(dakha):
    office, phone = signed_in(), signed_in(agent=IPHONE)
    assert signing.end_sessions(dakha, except_key=office.session.session_key) == 1
    assert (is_in(office), is_in(phone)) == (True, False)
    assert signing.end_sessions(dakha) == 1
    assert not is_in(office)


def test_a_new_sign_in_gets_a_new_key_and_a_new_beginning(dakha):
    client = Client()
    client.get(LOGIN)
    with time_machine.travel(MORNING, tick=False) as clock:
        enter(client)
        first = client.session.session_key
        clock.shift(timedelta(hours=13))
        enter(client)
        assert client.session.session_key != first
        assert Session.objects.get(user=dakha).began_at == MORNING + timedelta(hours=13)


# --- the waits ----------------------------------------------------------------------------------------


def guess(number: int, address: str | None = None) -> None:
    for count in range(number):
        enter(Client(REMOTE_ADDR=address or f"198.51.100.{count + 1}"), password="khong-phai")


def answer(client: Client, password: str = "mat-khau-thu", username: str = "dakha") -> str:
    response = enter(client, username, password)
    return "in" if response.status_code == 302 else response.context["form"].non_field_errors()[0][:25]


def test_strangers_all_over_the_world_do_not_shut_the_owner_out(dakha):
    office = signed_in()
    office.post("/accounts/logout/")
    guess(20)

    assert answer(Client(REMOTE_ADDR="203.0.113.99")) == "Gõ sai quá nhiều lần. Xin"
    assert answer(office) == "in"


def test_a_stranger_behind_the_same_address_does_not_either(dakha):
    office = signed_in(address="203.0.113.7")
    office.post("/accounts/logout/")
    guess(6, "203.0.113.7")

    assert answer(Client(REMOTE_ADDR="203.0.113.7")) == "Gõ sai quá nhiều lần. Xin"
    assert answer(office) == "in"


def test_guesses_at_the_owners_own_browser_wait_too(dakha):
    office = signed_in()
    office.post("/accounts/logout/")
    for _ in range(5):
        assert answer(office, "khong-phai") == WRONG[:25]
    assert answer(office) == "Gõ sai quá nhiều lần. Xin"


def test_the_browser_is_known_for_its_own_people_only(dakha):
    office = signed_in()
    request = office.get(PAGE).wsgi_request
    make_user("khach")
    assert browsers.own_browser(request, " DakHa ") != ""
    assert browsers.own_browser(request, "khach") == ""
    assert browsers.own_browser(request, "khong-co-ai") == ""


def test_another_password_ends_it(dakha):
    office = signed_in()
    request = office.get(PAGE).wsgi_request
    dakha.set_password("con duong xanh 1954")
    dakha.save()
    assert browsers.own_browser(request, "dakha") == ""


def test_the_owner_coming_home_does_not_give_guessers_new_tries(dakha):
    office = signed_in()
    guess(20)
    enter(office)
    assert answer(Client(REMOTE_ADDR="203.0.113.99")) == "Gõ sai quá nhiều lần. Xin"


def test_the_longest_wait_is_fifteen_minutes_and_five_where_strangers_count():
    assert [rule.longest for rule in throttle.RULES.values()] == [
        timedelta(minutes=15), timedelta(minutes=5), timedelta(minutes=5)
    ]  # fmt: skip


@pytest.fixture
def four_kinds(dakha):
    """Known, unknown, locked, and without a password: the answer is the same, and so is the work."""
    make_user("cuu", is_active=False)
    no_password = make_user("moi")
    no_password.set_unusable_password()
    no_password.save()
    return ["dakha", "khong-co-ai", "cuu", "moi"]


def test_all_kinds_of_accounts_get_the_same_answer(four_kinds):
    pages = []
    for number, username in enumerate(four_kinds):
        response = enter(Client(REMOTE_ADDR=f"198.51.100.{number}"), username, "khong-phai")
        text = re.sub(r'(name="csrfmiddlewaretoken" value=|"X-CSRFToken": )"\w+"', "", response.content.decode())
        pages.append((response.status_code, text.replace(f'value="{username}"', "")))
    assert pages[0][0] == 200
    assert WRONG in pages[0][1]
    assert [page == pages[0] for page in pages] == [True, True, True, True]


def test_all_kinds_of_accounts_cost_one_hash_and_the_same_statements(four_kinds, monkeypatch):
    enter(Client(), "dakha", "khong-phai")  # The first page of a process reads more.
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda self, password, salt: hashed.append(password) or encode(self, password, salt),
    )
    costs = []
    for number, username in enumerate(four_kinds):
        hashed.clear()
        with CaptureQueriesContext(connection) as queries:
            enter(Client(REMOTE_ADDR=f"198.51.100.{number}"), username, "khong-phai")
        costs.append((len(hashed), len(queries)))
    assert costs == [costs[0]] * 4
    assert costs[0][0] == 1


def test_the_person_read_with_a_session_serves_that_session_alone_and_once(client):
    first, second = make_user("mot"), make_user("hai")
    client.force_login(first)
    store = SessionStore(session_key=client.session.session_key)

    store.load()
    other = person_of_session(second.pk)
    store.load()
    own, again = person_of_session(str(first.pk)), person_of_session(first.pk)

    assert (other, own, again) == (None, first, None)
