"""Asks a program with a production server's settings for pages of every kind and prints what it answers, as JSON.

Run by test_headers.py in a process of its own: settings cannot be loaded twice in one. The database is a fresh SQLite
file, queue and cache are of this process; everything else is as on a server.
"""

import json
import re
import sys
import types
from base64 import b32decode
from datetime import date
from importlib import import_module
from time import time
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

HOST = "theodoi.example"
PASSWORD = "con duong xanh 1954"
SETUP = "/accounts/buoc-hai/cai-dat/"


def crash(request: HttpRequest) -> HttpResponse:
    """A page with a fault."""
    raise RuntimeError("on purpose")


def prepare() -> None:
    """Load the program, make its tables and an address with a fault."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": static}
    settings.LOGGING = {"version": 1, "disable_existing_loggers": True, "root": {"level": "CRITICAL"}}
    django.setup()
    if not connection.introspection.table_names():
        call_command("migrate", verbosity=0, interactive=False)
    module: Any = types.ModuleType("urls_with_a_fault")
    module.urlpatterns = [path("loi/", crash), path("", include("directive_tracker.urls"))]
    sys.modules[module.__name__] = module
    settings.ROOT_URLCONF = module.__name__


def answers() -> dict[str, Any]:
    """Responses by the name of the request."""
    # What has models can be imported only after the program is loaded.
    second_factor, factories = import_module("tests.accounts.test_second_factor"), import_module("tests.factories")
    totp = second_factor.totp
    user = factories.make_user("quantri", password=PASSWORD)
    factories.make_membership(user, factories.make_office(), "administrator", valid_from=date(2020, 1, 1))
    secure = {
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": HOST,
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_FOR": "203.0.113.9",
    }
    browser = Client(raise_request_exception=False, **secure)
    plain = Client(REMOTE_ADDR="127.0.0.1", HTTP_HOST=HOST)
    form = {"username": "quantri", "password": PASSWORD}
    found = {
        "plain http": plain.get("/accounts/login/"),
        "health over plain http": plain.get("/healthz"),
        "sign-in page": browser.get("/accounts/login/"),
        "stranger": browser.get("/thong-bao/"),
        "unknown": browser.get("/khong-co/"),
        "unknown host": browser.get("/accounts/login/", HTTP_HOST="khac.example"),
        "host below": browser.get("/accounts/login/", HTTP_HOST=f"a.{HOST}"),
        "fault": browser.get("/loi/"),
        "without the form's token": Client(enforce_csrf_checks=True, **secure).post("/accounts/login/", form),
        "wrong method": browser.get("/accounts/logout/"),
        "foreign next": Client(**secure).post("/accounts/login/?next=https://khac.example/", form),
        "signed in": browser.post("/accounts/login/", form),
        "own account": browser.get("/accounts/profile/"),
        "administration before the second factor": browser.get("/quan-tri/"),
        "setting up": browser.get(SETUP),
    }
    secret = b32decode(
        re.search(r'dt-secret"[^>]*>([A-Z2-7 ]+)<', found["setting up"].content.decode())[1].replace(" ", "")
    )
    found["recovery codes"] = browser.post(SETUP, {"code": totp(secret, time() - 30)})
    found["administration"] = browser.get("/quan-tri/")
    browser.post("/accounts/logout/")
    found["password again"] = browser.post("/accounts/login/", form)
    found["code"] = browser.post("/accounts/buoc-hai/", {"code": totp(secret, time()), "trust": "on"})
    return found


def main() -> None:
    """Print status, headers and cookies of every answer."""
    prepare()
    told = {
        name: {
            "status": response.status_code,
            "headers": dict(response.headers),
            "cookies": {cookie: morsel.OutputString() for cookie, morsel in response.cookies.items()},
        }
        for name, response in answers().items()
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
