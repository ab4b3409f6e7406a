"""What every answer says to the browser: walked over every address here, and on a production server's settings."""

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from accounts.models import User
from tests import check
from tests.directive_tracker.test_settings import PRODUCTION, start
from tests.factories import make_area, make_assignment, make_membership, make_office, make_unit, make_user
from units.models import Role

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = {"int": "1", "str": "x", "slug": "x", "path": "x", "uuid": "00000000-0000-0000-0000-000000000000"}


def sample(group: re.Match) -> str:
    """What a group of a regular expression takes: the first of its words, a number, or anything."""
    return "1" if group[1].startswith("[0-9]") else group[1].partition("|")[0].replace(".*", "khong-co")


def addresses(resolver: URLResolver | None = None, before: str = "/") -> Iterator[str]:
    """One address of every pattern; where a number is asked for it is 1."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry.pattern, RoutePattern):
            filled = re.sub(r"<(?:(\w+):)?\w+>", lambda m: SAMPLES[m[1] or "str"], str(entry.pattern))
        else:
            filled = re.sub(r"\(\?P<\w+>(.*?)\)", sample, str(entry.pattern).strip("^$"))
        if isinstance(entry, URLResolver):
            yield from addresses(entry, before + filled)
        else:
            assert isinstance(entry, URLPattern)
            yield before + filled


def faults(headers: dict[str, str]) -> list[str]:
    """What is missing or too weak in the headers of one answer."""
    policy = headers.get("Content-Security-Policy", "")
    wanted = {
        "policy": re.search(r"default-src '(self|none)'", policy) and "unsafe" not in policy,
        "framing": "frame-ancestors" in policy or "sandbox" in policy,
        "sniffing": headers.get("X-Content-Type-Options") == "nosniff",
        "referrer": headers.get("Referrer-Policy") in ("same-origin", "strict-origin", "no-referrer"),
        "permissions": "camera=()" in headers.get("Permissions-Policy", ""),
        "opener": headers.get("Cross-Origin-Opener-Policy") == "same-origin",
        "resource": headers.get("Cross-Origin-Resource-Policy") == "same-origin",
        "frame": headers.get("X-Frame-Options") in ("DENY", "SAMEORIGIN"),
        "cache": {"no-store", "private"} <= set(re.split(r",\s*", headers.get("Cache-Control", ""))),
    }
    return [name for name, kept in wanted.items() if not kept]


def everything() -> User:
    """One person with every role, so that as many pages as possible open."""
    user = make_user()
    for role in (Role.OFFICE, Role.ADMINISTRATOR, Role.READER):
        make_membership(user, make_office(), role)
    make_membership(user, make_unit(), Role.REPORTER)
    make_membership(user, role=Role.REGISTRAR, area=make_area())
    make_assignment()
    return user


# --- here ---------------------------------------------------------------------------------------------------------


def test_the_walk_knows_every_pattern():
    found = list(addresses())
    assert len(found) == len(list(_patterns(get_resolver())))
    assert [address for address in found if re.search(r"[<>()?^$]", address)] == []
    assert {"/accounts/login/", "/healthz", "/quan-tri/", "/quan-tri/units/unit/"} <= set(found)


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        yield from _patterns(entry) if isinstance(entry, URLResolver) else [entry]


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_address_answers_a_stranger_with_every_header(method):
    make_user()
    weak = {}
    for address in addresses():
        response = getattr(Client(raise_request_exception=False), method)(address)
        if faults(response.headers):
            weak[address] = (response.status_code, faults(response.headers))
    assert weak == {}


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_no_address_is_asked_in_any_other_way(method):
    """Without a database: what no page takes reaches none. The interface for programs says so itself, with a reason."""
    client = Client(raise_request_exception=False)
    found = {}
    for path in addresses():
        if not path.startswith("/api/"):
            answer = getattr(client, method)(path)
            found.setdefault((answer.status_code, answer.get("Allow", ""), not faults(answer.headers)), []).append(path)

    assert list(found) == [(405, "GET, HEAD, POST", True)]


@pytest.mark.django_db
def test_every_page_of_a_signed_in_person_has_every_header_and_is_never_stored(client):
    client.force_login(everything())
    weak, opened = {}, 0
    for address in addresses():
        response = client.get(address)
        opened += response.status_code == 200
        if faults(response.headers):
            weak[address] = (response.status_code, faults(response.headers))
    assert weak == {}
    assert opened > 40


@pytest.mark.django_db
def test_cookies_are_for_the_server_alone_and_stay_on_this_site(client):
    user = make_user("dakha")
    make_membership(user, make_unit())
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"username": "dakha", "password": "mat-khau-thu"})
    client.post("/accounts/profile/", {"full_name": "Y Lan", "email": "y@example.vn", "phone": ""})

    seen = {
        name: (bool(cookie["httponly"]), cookie["samesite"], cookie["domain"])
        for name, cookie in client.cookies.items()
    }
    assert set(seen.values()) == {(True, "Lax", "")}
    assert {"sessionid", "csrftoken", "messages"} <= set(seen)


@pytest.mark.parametrize("path", ["/static/css/theme.css", "/static/img/mark.svg"])
def test_static_files_carry_the_policy_and_may_be_stored(path, client):
    response = client.get(path)
    assert response.status_code == 200
    assert faults(response.headers) == ["cache"]
    assert "max-age" in response.headers["Cache-Control"]


AWAY = (
    "https://khac.example/",
    "//khac.example/",
    "/\\khac.example",
    "\\\\khac.example",
    "javascript:alert(1)",
    "https:khac",
)
# Under which a page could take another address from the request.
NAMES = ("next", "url", "tiep", "back", "return", "redirect", "to", "return_to", "success_url", "path", "page", "place")


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_page_leads_away_from_this_server(method):
    user = everything()
    client = Client(raise_request_exception=False)
    led = []
    for number, address in enumerate(addresses()):
        if "sessionid" not in client.cookies or not client.cookies["sessionid"].value:
            client.force_login(user)
        data = {name: AWAY[(number + place) % len(AWAY)] for place, name in enumerate(NAMES)}
        away = AWAY[number % 2]
        response = getattr(client, method)(address, data, HTTP_REFERER=away, HTTP_HX_CURRENT_URL=away)
        location = response.headers.get("Location", response.headers.get("HX-Redirect", ""))
        if leads_away(location):
            led.append((address, location))
    assert led == []


def leads_away(location: str) -> bool:
    """Whether a browser would leave this server."""
    return bool(re.match(r"(?i)\s*(?:[a-z]+:|[/\\]{2})", location))


@pytest.mark.parametrize("target", AWAY)
def test_such_an_address_would_lead_away(target):
    assert leads_away(target) is True


@pytest.mark.django_db
@pytest.mark.parametrize("target", AWAY)
def test_signing_in_leads_only_to_a_page_of_this_server(target):
    make_user("dakha")
    client = Client()
    for address, form in (("/accounts/login/", {"next": target}), (f"/accounts/login/?next={quote(target)}", {})):
        response = client.post(address, {"username": "dakha", "password": "mat-khau-thu", **form})
        assert response["Location"] == "/accounts/profile/"


# --- a production server ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def answers(tmp_path_factory, django_db_setup, django_db_blocker) -> dict[str, dict]:
    """What production_answers.py was told."""
    folder = tmp_path_factory.mktemp("production")
    if settings.SQLITE:
        # The tables are there already; making them once more costs more than everything else.
        with django_db_blocker.unblock(), closing(sqlite3.connect(folder / "db.sqlite3")) as copy:
            connection.ensure_connection()
            connection.connection.backup(copy)
    done = start(
        folder,
        "from tests.directive_tracker import production_answers as p\np.main()",
        **{**PRODUCTION, "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3", "EMBEDDED": "false"},
        MEDIA_ROOT=str(folder / "media"),
        AUDIT_HEAD_FILE=str(folder / "head.json"),
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


STATUS = {
    "plain http": 301,
    "health over plain http": 200,
    "sign-in page": 200,
    "stranger": 302,
    "unknown": 404,
    "unknown host": 400,
    "host below": 400,
    "fault": 500,
    "without the form's token": 403,
    "wrong method": 405,
    "foreign next": 302,
    "signed in": 302,
    "own account": 200,
    "administration before the second factor": 302,
    "setting up": 200,
    "recovery codes": 200,
    "administration": 200,
    "password again": 302,
    "code": 302,
}


def test_production_answers_as_it_should(answers):
    assert {name: answer["status"] for name, answer in answers.items()} == STATUS


def test_production_says_every_header_on_every_answer(answers):
    assert {name: faults(answer["headers"]) for name, answer in answers.items()} == {name: [] for name in STATUS}


def test_production_holds_browsers_to_https_for_a_year(answers):
    over_http = {"plain http", "health over plain http"}
    told = {name for name, answer in answers.items() if "Strict-Transport-Security" in answer["headers"]}
    assert told == set(STATUS) - over_http
    assert answers["code"]["headers"]["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert answers["plain http"]["headers"]["Location"] == "https://theodoi.example/accounts/login/"


def test_production_s_cookies_are_secure_and_bound_to_the_host(answers):
    cookies = {
        name: text for answer in answers.values() for name, text in answer["cookies"].items() if "Max-Age=0" not in text
    }
    assert set(cookies) == {"__Host-sessionid", "__Host-csrftoken", "__Host-device", "__Host-browser"}
    for text in cookies.values():
        parts = text.split("; ")[1:]
        assert {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"} <= set(parts)
        assert not [part for part in parts if part.startswith("Domain")]


def test_production_goes_nowhere_else_after_signing_in(answers):
    assert answers["foreign next"]["headers"]["Location"] == "/quan-tri/"
    assert answers["administration before the second factor"]["headers"]["Location"].startswith("/accounts/buoc-hai/")


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"FIELD_KEY": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}, "FIELD_KEY: phải là 32 byte ngẫu nhiên"),
        ({"FIELD_KEY": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}, "FIELD_KEY: phải là 32 byte ngẫu nhiên"),
        ({"SECRET_KEY": "abcdefgh" * 8}, "SECRET_KEY: phải dài ít nhất 50 ký tự ngẫu nhiên"),
        ({"SECRET_KEY_FALLBACKS": "cu"}, "SECRET_KEY_FALLBACKS: mỗi khóa phải dài ít nhất 50 ký tự"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS: phải là tên máy đầy đủ"),
        ({"ALLOWED_HOSTS": ".theodoi.example"}, "ALLOWED_HOSTS: phải là tên máy đầy đủ"),
        ({"ALLOWED_HOSTS": "theodoi.example,*.vn"}, "ALLOWED_HOSTS: phải là tên máy đầy đủ"),
        ({"SITE_URL": "http://theodoi.example"}, "SITE_URL: phải bắt đầu bằng https://"),
        ({"SITE_URL": "https://khac.example"}, "SITE_URL: phải là một tên trong ALLOWED_HOSTS"),
        ({"CSRF_TRUSTED_ORIGINS": "http://theodoi.example"}, "CSRF_TRUSTED_ORIGINS: chỉ gồm địa chỉ https://"),
        ({"CSRF_TRUSTED_ORIGINS": "https://*.example"}, "CSRF_TRUSTED_ORIGINS: chỉ gồm địa chỉ https://"),
        ({"TRUSTED_PROXIES": "nginx"}, "TRUSTED_PROXIES: phải là các mạng dạng 10.1.0.0/16"),
        ({"ADMIN_ALLOWED_NETWORKS": "10.1.0.0/99"}, "ADMIN_ALLOWED_NETWORKS: phải là các mạng dạng 10.1.0.0/16"),
        ({"SECOND_FACTOR_ROLES": "reporter"}, "SECOND_FACTOR_ROLES: chỉ gồm office, registrar"),
    ],
)
def test_production_does_not_start_with(tmp_path, variables, named):
    done = start(tmp_path, **{**PRODUCTION, **variables})
    assert done.returncode == 1
    assert f"Biến môi trường {named}" in done.stderr


@pytest.mark.parametrize(
    ("weakness", "passes"),
    [
        ("", True),
        ("SECURE_HSTS_SECONDS = 0", False),
        ("SESSION_COOKIE_SECURE = False", False),
        ("SECURE_SSL_REDIRECT = False", False),
        ("DEBUG = True", False),
    ],
)
def test_make_check_looks_at_production_and_fails_when_it_is_weak(tmp_path, weakness, passes):
    (tmp_path / "weakened.py").write_text(f"from directive_tracker.settings import *\n{weakness}\n")
    environment = {
        **check.PRODUCTION,
        "PATH": str(Path(sys.executable).parent),
        "ENV_FILE": "",
        "VAR_DIR": str(tmp_path / "var"),
        "PYTHONPATH": f"{tmp_path}:{ROOT}",
        "DJANGO_SETTINGS_MODULE": "weakened",
    }
    done = subprocess.run(check.DEPLOY, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) is passes, done.stderr


def test_make_check_runs_the_look_at_production(monkeypatch):
    ran = {}
    monkeypatch.setattr(
        check,
        "passed",
        lambda name, command, environment: ran.update({name: (command, environment)}) or name != "check --deploy",
    )
    assert check.main() == 1
    command, environment = ran["check --deploy"]
    assert command == check.DEPLOY
    assert {key: environment[key] for key in ("EMBEDDED", "DEMO", "ALLOWED_HOSTS")} == {
        "EMBEDDED": "false",
        "DEMO": "false",
        "ALLOWED_HOSTS": "theodoi.example",
    }
