"""The administration opens only from the networks that the settings name, and nobody can invent an address."""

import re
from ipaddress import ip_network

import pytest
from django.test import Client, RequestFactory

from accounts.models import SignInFailure
from directive_tracker.addresses import client_address
from tests.factories import make_membership, make_office, make_reporter, make_unit, make_user
from units.models import Role

pytestmark = pytest.mark.django_db

PROXY = ("HTTP_X_FORWARDED_PROTO", "https")
PAGES = [
    "/quan-tri",
    "/quan-tri/",
    "/quan-tri/units/unit/",
    "/quan-tri/login/",
    "/quan-tri/jsi18n/",
    "/quan-tri/khong/",
]


@pytest.fixture(autouse=True)
def _networks(settings):
    settings.ADMIN_ALLOWED_NETWORKS = [ip_network("10.1.0.0/16"), ip_network("fd00::/8")]
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.0/8"), ip_network("10.9.9.9/32")]


def administrator(**meta: str) -> Client:
    user = make_user()
    make_membership(user, make_office(), Role.ADMINISTRATOR)
    client = Client(**meta)
    client.force_login(user)
    return client


def statuses(client: Client) -> list[int]:
    return [client.get(page).status_code for page in PAGES]


@pytest.mark.parametrize("address", ["203.0.113.9", "10.2.0.1", "::ffff:10.2.0.1", "fe80::1%eth0", "", "unix"])
def test_outside_nothing_below_is_there(address):
    assert statuses(administrator(REMOTE_ADDR=address)) == [404] * len(PAGES)
    assert statuses(Client(REMOTE_ADDR=address)) == [404] * len(PAGES)


def test_outside_no_method_says_more():
    client = administrator(REMOTE_ADDR="203.0.113.9")
    methods = ("post", "put", "patch", "delete", "head", "options")
    found = {
        path: [getattr(client, method)(path).status_code for method in methods] for path in ("/quan-tri/", "/khong-co/")
    }
    assert found == {key: [404, 405, 405, 405, 404, 405] for key in ("/quan-tri/", "/khong-co/")}


def without_token(response) -> bytes:
    """The page without the form tokens, which are others each time."""
    return re.sub(rb'"X-CSRFToken": "\w+"|name="csrfmiddlewaretoken" value="\w+"', b"", response.content)


@pytest.mark.parametrize("signed_in", [False, True])
def test_outside_the_answer_is_that_of_an_unknown_address(signed_in):
    client = Client(REMOTE_ADDR="203.0.113.9")
    if signed_in:
        client.force_login(make_reporter(make_unit()))
    client.get("/accounts/login/")
    there, nowhere = client.get("/quan-tri/"), client.get("/khong-co-trang-nay/")
    assert without_token(there) == without_token(nowhere)
    # Each request has a number of its own.
    assert there.headers.pop("X-Request-ID") != nowhere.headers.pop("X-Request-ID")
    assert dict(there.headers) == dict(nowhere.headers)


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3", "fd00::1"])
def test_inside_it_opens(address):
    client = administrator(REMOTE_ADDR=address)
    assert client.get("/quan-tri/").status_code == 200
    assert client.get("/quan-tri/units/unit/").status_code == 200
    assert Client(REMOTE_ADDR=address).get("/quan-tri/")["Location"] == "/accounts/login/?next=/quan-tri/"


def test_other_pages_open_from_anywhere():
    assert Client(REMOTE_ADDR="203.0.113.9").get("/accounts/login/").status_code in (200, 302)


def test_without_networks_it_opens_from_anywhere(settings):
    settings.ADMIN_ALLOWED_NETWORKS = []
    assert administrator(REMOTE_ADDR="203.0.113.9").get("/quan-tri/").status_code == 200


@pytest.mark.parametrize(
    ("behind_proxy", "opened_by", "forwarded", "address"),
    [
        # No proxy: what the caller says counts for nothing.
        (False, "203.0.113.9", "10.1.2.3", "203.0.113.9"),
        (False, "127.0.0.1", "10.1.2.3", "127.0.0.1"),
        # Behind our proxy: whom the proxy saw, not what the caller wrote before it.
        (True, "127.0.0.1", "203.0.113.9", "203.0.113.9"),
        (True, "127.0.0.1", "10.1.2.3, 203.0.113.9", "203.0.113.9"),
        (True, "127.0.0.1", "10.1.2.3,10.1.2.3 ,\t203.0.113.9 ", "203.0.113.9"),
        (True, "127.0.0.1", "10.1.2.3", "10.1.2.3"),
        # Two proxies of ours in a row; the caller pretends to be the inner one.
        (True, "127.0.0.1", "203.0.113.9, 10.9.9.9", "203.0.113.9"),
        (True, "127.0.0.1", "10.1.2.3, 203.0.113.9, 10.9.9.9", "203.0.113.9"),
        # Past the proxy, straight to the program: a header from there is worth nothing.
        (True, "203.0.113.9", "10.1.2.3", "203.0.113.9"),
        (True, "203.0.113.9", "127.0.0.1", "203.0.113.9"),
        (True, "10.1.2.3", "10.1.9.9", "10.1.2.3"),
        # A proxy that names nobody, or no address: unknown, never the proxy itself.
        (True, "127.0.0.1", "", None),
        (True, "127.0.0.1", "10.1.2.3, unknown", None),
        (True, "127.0.0.1", "10.1.2.3, 203.0.113.9:4711", None),
        # Over a socket file only this machine's proxy can come.
        (True, "", "10.1.2.3, 203.0.113.9", "203.0.113.9"),
        (False, "", "10.1.2.3", None),
        (True, "127.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"),
        (True, "127.0.0.1", "fe80::1%eth0", "fe80::1"),
    ],
)
def test_the_caller_s_address_cannot_be_invented(settings, behind_proxy, opened_by, forwarded, address):
    settings.SECURE_PROXY_SSL_HEADER = PROXY if behind_proxy else None
    request = RequestFactory().get("/", REMOTE_ADDR=opened_by, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == address


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_CLIENT_IP"])
def test_no_header_of_the_caller_opens_the_administration(settings, header):
    for behind_proxy in (None, PROXY):
        settings.SECURE_PROXY_SSL_HEADER = behind_proxy
        client = administrator(REMOTE_ADDR="203.0.113.9", **{header: "10.1.2.3"})
        assert client.get("/quan-tri/").status_code == 404


def test_no_header_of_the_caller_gets_round_the_waits(settings):
    settings.SECURE_PROXY_SSL_HEADER = PROXY
    make_user("dakha")
    for number in range(5):
        Client(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=f"10.1.2.{number}, 203.0.113.9").post(
            "/accounts/login/", {"username": "dakha", "password": "sai"}
        )
    # All five count for one address.
    counted = SignInFailure.objects.filter(subject__startswith="pair:").values_list("count", flat=True)
    assert list(counted) == [5]
