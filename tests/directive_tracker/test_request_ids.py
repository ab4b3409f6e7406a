"""A request has a number; its answer, its lines in the log, its error page and its jobs carry it."""

import io
import json
import logging
import re
import time

import pytest
from celery import current_app
from celery.contrib.testing.worker import start_worker
from celery.signals import before_task_publish
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from directive_tracker import logs
from directive_tracker.urls import urlpatterns as own_patterns
from directive_tracker.watching import ids, jobs
from records import jobs_runner
from records.models import Job, JobTally
from tests.factories import at, make_office_user

NUMBER = "0123456789abcdef0123456789abcdef"
BEHIND_PROXY = {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")}
CARD, PHONE, MAIL, NAME = "001066001234", "0912 345 678", "nguyen.van.a@example.vn", "Nguyễn Văn Tèo"


def broken(request: HttpRequest, word: str = "") -> HttpResponse:
    """A page that fails over what somebody typed."""
    raise ValueError(f"{NAME} {CARD}")


def full(request: HttpRequest) -> HttpResponse:
    raise OSError(28, "No space left on device")


urlpatterns = [path("hong/<str:word>/", broken, name="broken"), path("day/", full), *own_patterns]


@pytest.fixture
def written():
    """What a production server would have written."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(logs.JsonFormatter())
    handler.addFilter(logs.HideLinks())
    # Not at the root: a worker that starts sets that up anew.
    loggers = [logging.getLogger(name) for name in ("directive_tracker", "celery", "django", "django.request")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.INFO)
    for logger in loggers[:3]:
        logger.addHandler(handler)
    yield lambda: [json.loads(line) for line in text.getvalue().splitlines()]
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


def access_lines(written) -> list[dict]:
    return [line for line in written() if line["logger"] == "directive_tracker.access"]


# --- where the number comes from ---------------------------------------------------------------------


def test_every_answer_carries_a_number_of_its_own(client, db):
    first, second = client.get("/accounts/login/")["X-Request-ID"], client.get("/khong-co/")["X-Request-ID"]

    assert re.fullmatch("[0-9a-f]{32}", first)
    assert re.fullmatch("[0-9a-f]{32}", second)
    assert first != second


@pytest.mark.parametrize("number", [NUMBER, "01234567-89ab-cdef-0123-456789abcdef"])
def test_a_trusted_proxy_s_number_is_taken_over(client, settings, number):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    assert client.get("/healthz", headers={"x-request-id": number})["X-Request-ID"] == number


@pytest.mark.parametrize(
    ("given", "address", "behind"),
    [
        (NUMBER, "127.0.0.1", False),
        (NUMBER, "10.9.9.9", True),
        ("0912345678", "127.0.0.1", True),
        (NUMBER.upper(), "127.0.0.1", True),
        (NUMBER + "\n", "127.0.0.1", True),
        (NUMBER + "0", "127.0.0.1", True),
        (f"{NUMBER},{NUMBER}", "127.0.0.1", True),
        ("", "127.0.0.1", True),
    ],
)
def test_a_stranger_s_number_or_another_text_is_not(client, given, address, behind):
    with override_settings(**(BEHIND_PROXY if behind else {})):
        answer = client.get("/healthz", headers={"x-request-id": given}, REMOTE_ADDR=address)

    assert answer["X-Request-ID"] not in ("", given)
    assert re.fullmatch("[0-9a-f]{32}", answer["X-Request-ID"])


def test_after_the_answer_nothing_is_numbered(client):
    client.get("/healthz")

    assert ids.running() is None


# --- the access line ---------------------------------------------------------------------------------


def test_a_request_leaves_one_line_without_address_and_person(client, written, db):
    user = make_office_user()
    client.force_login(user)
    answer = client.get("/phan-viec/", {"q": NAME, "so": CARD})

    (line,) = access_lines(written)
    assert answer.status_code == 200
    assert sorted(line) == ["level", "logger", "message", "method", "ms", "request_id", "route", "status", "time"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "tasks:assignment_list", 200)
    assert line["message"] == "GET tasks:assignment_list 200"
    assert line["request_id"] == answer["X-Request-ID"]
    assert 0 < line["ms"] < 60_000


@pytest.mark.parametrize(
    ("address", "route"),
    [(f"/{CARD}/", "unknown"), ("/bc/bi-mat-cua-toi/", "tasks:report_link"), ("/..%2f", "unknown")],
)
def test_an_address_as_it_was_typed_never_stands_in_the_log(client, written, db, address, route):
    client.get(address)

    lines = written()
    assert {line["route"] for line in lines if "route" in line} == {route}
    assert [word for word in (CARD, "bi-mat", "%2f", "/..") if word in json.dumps(lines)] == []


def test_what_machines_ask_every_few_seconds_and_files_of_the_look_leave_no_line(client, written, db):
    for address in ("/healthz", "/readyz", "/static/css/theme.css", "/static/khong-co.css"):
        client.get(address)

    assert access_lines(written) == []


# --- errors ------------------------------------------------------------------------------------------


@override_settings(ROOT_URLCONF=__name__)
def test_an_error_page_shows_the_number_under_which_the_log_tells_of_it(written, db):
    client = Client(raise_request_exception=False)
    answer = client.get(f"/hong/{CARD}/", headers={"user-agent": NAME.encode()})

    number = answer["X-Request-ID"]
    (error,) = [line for line in written() if line["level"] == "ERROR"]
    assert answer.status_code == 500
    assert f"Mã sự việc: <code>{number}</code>" in answer.content.decode()
    assert (error["request_id"], error["message"]) == (number, "Internal Server Error: broken")
    assert 'raise ValueError(f"{NAME} {CARD}")\nValueError: …' in error["traceback"]
    assert [word for word in (CARD, NAME) if word in json.dumps(written(), ensure_ascii=False)] == []


@override_settings(ROOT_URLCONF=__name__)
def test_what_a_machine_says_stays_in_the_log(written, db):
    Client(raise_request_exception=False).get("/day/")

    (error,) = [line for line in written() if line["level"] == "ERROR"]
    assert error["traceback"].endswith("OSError: [Errno 28] No space left on device")


def test_a_refused_address_is_told_under_the_same_number(client, written, db):
    number = client.get("/khong-co/")["X-Request-ID"]

    (refused,) = [line for line in written() if line["logger"] == "django.request"]
    assert (refused["request_id"], refused["message"]) == (number, "Not Found: unknown")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"số {CARD}, máy {PHONE}", "số …, máy …"),
        ("máy 0912345678 và 0912.345.678", "máy … và …"),
        ("+84912345678", "…"),
        (f"refused: <{MAIL}>", "refused: <…>"),
        ("Not Found: /accounts/loi-moi/abc-def/", "Not Found: /accounts/loi-moi/…/"),
        (
            "2024-04-15 08:00:05, 12 of 0.0123456789 s, port 5432",
            "2024-04-15 08:00:05, 12 of 0.0123456789 s, port 5432",
        ),
        (f"request {NUMBER}", f"request {NUMBER}"),
        ("row 1234567890123", "row 1234567890123"),
    ],
)
def test_numbers_of_people_and_addresses_are_taken_out_of_any_line(text, shown):
    assert logs.masked(text) == shown


def test_an_error_that_came_from_another_tells_of_both_and_repeats_neither():
    try:
        try:
            int(CARD + "x")
        except ValueError as error:
            raise DataError(f"invalid input: {NAME}") from error
    except DataError as error:
        told = logs.trace_of(error)

    assert told.count("Traceback (most recent call last):") == 2
    assert told.endswith("DataError: …")
    assert [told.index("\nValueError: …") < told.index("\nDataError: …"), NAME in told] == [True, False]


# --- jobs --------------------------------------------------------------------------------------------


def worker():
    """A worker in a thread, with a queue in memory: what it takes from the queue has gone through a message."""
    # The bells that all tests of this process rang before lie there too.
    current_app.control.purge()
    return start_worker(current_app, pool="solo", perform_ping_check=False, loglevel="INFO", shutdown_timeout=20)


def send_heartbeat(**more):
    """Put the job into the queue by a connection of its own.

    The pool of this process may lead to another queue: it is made at the first use, and a test of the doctor may have
    set another address just then.
    """
    with current_app.connection_for_write() as link:
        return current_app.send_task("tracker.heartbeat", connection=link, **more)


def _told(written, job: str, *, within: float = 10) -> dict:
    """The line about the end of a job."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        found = [line for line in written() if line["logger"] == "directive_tracker.jobs" and line["job"] == job]
        if found:
            return found[-1]
        time.sleep(0.05)
    raise AssertionError(f"no line about {job}")


@pytest.mark.django_db(transaction=True)
def test_a_job_s_lines_lead_back_to_the_request_that_asked_for_it(written):
    with worker(), ids.under(NUMBER):
        sent = send_heartbeat()
        line = _told(written, "tracker.heartbeat")

    assert (line["request_id"], line["job_id"], line["state"]) == (NUMBER, sent.id, "SUCCESS")
    assert line["message"] == "tracker.heartbeat SUCCESS"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("headers", [None, {"request_id": NAME}])
def test_a_job_that_nobody_asked_for_or_whose_number_was_forged_begins_a_number(written, headers):
    # What stands in the queue is written by whoever reaches it: here without our own label.
    before_task_publish.disconnect(jobs.label)
    try:
        with worker():
            send_heartbeat(headers=headers)
            line = _told(written, "tracker.heartbeat")
    finally:
        before_task_publish.connect(jobs.label)

    assert re.fullmatch("[0-9a-f]{32}", line["request_id"])


@pytest.mark.django_db(transaction=True)
def test_a_job_that_fails_is_told_of_without_what_it_was_about(written, monkeypatch):
    def failing():
        raise ValueError(f"{NAME} {CARD}")

    monkeypatch.setattr(current_app.tasks["tracker.heartbeat"], "run", failing)
    with worker(), ids.under(NUMBER):
        send_heartbeat(args=[])
        line = _told(written, "tracker.heartbeat")

    (error,) = [line for line in written() if line["logger"] == "celery.app.trace" and line["level"] == "ERROR"]
    assert (line["state"], error["request_id"], error["job"]) == ("FAILURE", NUMBER, "tracker.heartbeat")
    assert "raised unexpected: ValueError: …" in error["message"]
    tally = JobTally.objects.get(name="tracker.heartbeat")
    assert (tally.started, tally.ended, tally.failed) == (1, 1, 1)
    assert tally.last_started_at <= tally.last_ended_at
    assert [word for word in (CARD, NAME) if word in json.dumps(written(), ensure_ascii=False)] == []


@pytest.mark.django_db
def test_a_row_of_work_keeps_the_number_even_where_its_bell_was_lost(monkeypatch):
    seen = []
    monkeypatch.setitem(
        jobs_runner._kinds,
        "any",
        jobs_runner._Kind(lambda job, progress, now: seen.append(ids.current()), bell="none"),
    )
    with ids.under(NUMBER):
        job = jobs_runner.start("any", title="x", arguments={}, by=make_office_user(), now=at("2024-04-15", "08:00"))

    jobs_runner.run_waiting(at("2024-04-15", "08:02"))

    assert (Job.objects.get(pk=job.pk).request_id, seen, ids.running()) == (NUMBER, [NUMBER], None)
