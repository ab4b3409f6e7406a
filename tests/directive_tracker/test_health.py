"""What monitors ask."""

import datetime as dt
import json

import time_machine
from django.core.cache import cache
from django.db import DatabaseError, connection

from directive_tracker import clock, health, jobs, logs
from notifications.models import Pulse

AT = dt.datetime(2024, 4, 15, 8, 0, tzinfo=dt.UTC)


def test_healthz_answers_without_touching_the_database(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok")


def test_readyz_says_that_everything_is_in_order(client, db, settings, tmp_path):
    _folder_queue(settings, tmp_path)
    Pulse.objects.update_or_create(pk=1, defaults={"last_tick": AT})
    with time_machine.travel(AT + dt.timedelta(seconds=59), tick=False):
        response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "database": "ok",
        "queue": "ok",
        "migrations": "ok",
        "last_tick": "2024-04-15T08:00:00+00:00",
    }


def test_readyz_is_degraded_but_200_while_no_tick_comes(client, db, settings, tmp_path):
    _folder_queue(settings, tmp_path)
    Pulse.objects.update_or_create(pk=1, defaults={"last_tick": AT})
    with time_machine.travel(AT + dt.timedelta(minutes=3), tick=False):
        response = client.get("/readyz")

    assert (response.status_code, response.json()["status"]) == (200, "degraded")


def test_readyz_is_degraded_before_the_first_tick(client, db, settings, tmp_path):
    _folder_queue(settings, tmp_path)

    response = client.get("/readyz")

    assert (response.status_code, response.json()["status"], response.json()["last_tick"]) == (200, "degraded", None)


def test_readyz_fails_when_the_queue_s_folder_is_gone(client, db, settings, tmp_path):
    _folder_queue(settings, tmp_path / "nowhere")

    response = client.get("/readyz")

    assert (response.status_code, response.json()["queue"]) == (503, "unreachable")


def test_readyz_fails_without_detail_when_the_database_is_gone(client, db, settings, tmp_path, monkeypatch):
    _folder_queue(settings, tmp_path)

    def refuse(*args: object) -> None:
        raise DatabaseError("password of the database: geheim")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", refuse)
        response = client.get("/readyz")

    assert response.status_code == 503
    assert [response.json()[key] for key in ("status", "database", "migrations")] == [
        "failed",
        "unreachable",
        "unknown",
    ]
    assert "geheim" not in response.content.decode()


def test_readyz_sees_a_real_redis_and_its_absence(redis_url):
    assert health._queue(redis_url) == "ok"
    assert health._queue("redis://127.0.0.1:1/0") == "unreachable"


def test_the_heartbeat_keeps_the_demo_s_clock(settings, tmp_path):
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    with time_machine.travel(AT, tick=False) as traveller:
        clock.set_demo_clock(AT)
        traveller.shift(dt.timedelta(minutes=7))
        jobs.heartbeat()

    stored = json.loads((tmp_path / "clock.json").read_text())
    assert stored["demo_at"] == "2024-04-15T15:07:00+07:00"


def test_a_log_line_is_one_json_object_with_what_the_caller_added():
    record = logs.logging.makeLogRecord(
        {"name": "tasks", "levelname": "INFO", "msg": "đã ghi %s", "args": ("1a.1",), "unit": 7}
    )

    line = json.loads(logs.JsonFormatter().format(record))

    assert {key: line[key] for key in ("level", "logger", "message", "unit")} == {
        "level": "INFO",
        "logger": "tasks",
        "message": "đã ghi 1a.1",
        "unit": 7,
    }


def _folder_queue(settings, folder) -> None:
    """Let the queue be a folder, as in the embedded default."""
    cache.clear()
    settings.CELERY_BROKER_URL = "filesystem://localhost"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_out": str(folder)}
