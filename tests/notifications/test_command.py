"""manage.py run_reminders and the worker's tick."""

import json
from datetime import timedelta

import pytest
from celery import current_app
from django.core.management import CommandError, call_command

from notifications import jobs, outbox
from tests.factories import at, make_user

pytestmark = pytest.mark.django_db


def test_the_command_prints_json_alone(capsys):
    outbox.tell(key="x:1", kind="x", recipient=make_user(), title="Việc", now=at("2024-04-15", "18:00"), mail="own")

    call_command("run_reminders", now="2024-04-15T18:30")
    night = capsys.readouterr().out
    call_command("run_reminders", now="2024-04-16T00:30:00+00:00")
    morning = capsys.readouterr().out

    assert json.loads(night) == {"planned": 0, "held": 1, "sent": 0, "failed": 0, "superseded": 0}
    assert json.loads(morning) == {"planned": 0, "held": 0, "sent": 1, "failed": 0, "superseded": 0}


def test_a_moment_that_is_none_is_refused_in_one_sentence():
    with pytest.raises(CommandError, match="“hôm nay” không phải thời điểm dạng 2024-04-16T07:30"):
        call_command("run_reminders", now="hôm nay")


def test_the_tick_goes_by_the_pages_clock(monkeypatch):
    outbox.tell(key="x:1", kind="x", recipient=make_user(), title="Việc", now=at("2024-04-15", "08:00"), mail="own")
    monkeypatch.setattr("notifications.jobs.clock.now", lambda: at("2024-04-15", "08:01"))

    assert jobs.tick.name == "notifications.tick"
    assert jobs.tick() == {"planned": 0, "sent": 1, "failed": 0, "superseded": 0}


@pytest.mark.parametrize(("seconds", "rings"), [(20, 0), (0, 2)])
def test_a_tick_that_is_not_done_in_time_rings_for_two_to_go_on(monkeypatch, seconds, rings):
    rung = []
    monkeypatch.setattr(current_app._get_current_object(), "send_task", lambda name, **options: rung.append(name))
    monkeypatch.setattr(jobs, "BUDGET", timedelta(seconds=seconds))

    jobs.tick()

    assert rung == ["notifications.tick"] * rings
