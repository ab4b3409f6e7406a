"""Run in a process of its own with SENTRY_DSN: things go wrong over what somebody typed, and are reported."""

import logging
import sys
from typing import NoReturn

import django
import sentry_sdk
from django.http import HttpRequest
from django.urls import path

django.setup()

from django.test import Client, override_settings  # noqa: E402 - after the settings are there

from directive_tracker.watching import ids  # noqa: E402

CANARY = "zqxwkvjh"
CARD = "079099990017"


def broken(request: HttpRequest, word: str) -> NoReturn:
    """Fails with somebody's data in its variables, its words and its cause."""
    secret = f"{CANARY} {CARD} {request.POST.get('name')}"
    try:
        raise KeyError(secret)
    except KeyError as error:
        raise ValueError(secret) from error


def full(request: HttpRequest) -> NoReturn:
    """Fails over a machine."""
    raise OSError(28, "No space left on device")


urlpatterns = [path("hong/<str:word>/", broken, name="broken"), path("day/", full, name="full")]

if __name__ == "__main__":
    with override_settings(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["testserver"]):
        client = Client(raise_request_exception=False, headers={"user-agent": CANARY, "referer": f"http://x/{CANARY}"})
        client.cookies["ten"] = CANARY
        client.post(f"/hong/{CANARY}/?q={CANARY}", {"name": CANARY})
        print(client.get("/day/")["X-Request-ID"])
    logging.getLogger("tasks").info("not sent %s", CANARY)
    with ids.under("0123456789abcdef0123456789abcdef", job="tasks.any", job_id="1"):
        logging.getLogger("tasks").error("could not read %s", f"{CANARY} {CARD}", extra={"person": CANARY})
    sentry_sdk.flush(10)
    sys.exit(0)
