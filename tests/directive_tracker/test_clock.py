"""The clock of pages and due dates, and how the demo sets it."""

import json
import os
import subprocess
import sys
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from directive_tracker import clock
from directive_tracker.vietnamese import ZONE

REAL = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
DEMO_START = datetime(2024, 4, 15, 8, 0, tzinfo=ZONE)


@pytest.fixture
def demo(settings, tmp_path):
    """A demo with its own var directory."""
    settings.DEMO = True
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture
def real_time():
    """The real clock, standing still until it is moved."""
    with time_machine.travel(REAL, tick=False) as traveller:
        yield traveller


def test_without_a_demo_clock_the_real_time_is_shown_in_viet_nam(demo, real_time):
    assert clock.now() == REAL
    assert clock.now().isoformat() == "2026-11-25T10:00:00+07:00"
    assert clock.today() == date(2026, 11, 25)
    assert not clock.is_shifted()
    assert not clock.demo_clock_started()


def test_the_day_changes_at_midnight_in_viet_nam(demo, real_time):
    real_time.move_to(datetime(2026, 11, 25, 17, 0, tzinfo=UTC))

    assert clock.today() == date(2026, 11, 26)


def test_the_demo_clock_starts_where_it_is_set_and_runs_on(demo, real_time):
    clock.set_demo_clock(DEMO_START)
    real_time.shift(timedelta(minutes=90))

    assert clock.now() == datetime(2024, 4, 15, 9, 30, tzinfo=ZONE)
    assert clock.today() == date(2024, 4, 15)
    assert clock.is_shifted()
    assert clock.demo_clock_started()


def test_the_clock_can_be_moved_again(demo, real_time):
    clock.set_demo_clock(DEMO_START)
    clock.now()
    clock.set_demo_clock(DEMO_START + timedelta(days=1))

    assert clock.now() == datetime(2024, 4, 16, 8, 0, tzinfo=ZONE)


def test_the_file_names_both_moments(demo, real_time):
    clock.set_demo_clock(DEMO_START)

    assert json.loads((demo / "clock.json").read_text()) == {
        "demo_at": "2024-04-15T08:00:00+07:00",
        "real_at": "2026-11-25T03:00:00+00:00",
    }
    assert sorted(path.name for path in demo.iterdir()) == ["clock.json", "clock.lock"]


def test_a_change_by_another_process_is_seen_at_once(demo):
    clock.set_demo_clock(DEMO_START)
    assert clock.today() == date(2024, 4, 15)
    elsewhere = (
        "from datetime import datetime\nfrom django.conf import settings\n"
        f"settings.configure(DEMO=True, VAR_DIR={str(demo)!r}, USE_TZ=True)\n"
        "from directive_tracker import clock\n"
        "clock.set_demo_clock(datetime(2024, 5, 7, 8, tzinfo=clock.ZONE))\n"
    )

    subprocess.run([sys.executable, "-c", elsewhere], check=True, env={**os.environ, "PYTHONPATH": os.getcwd()})

    assert clock.today() == date(2024, 5, 7)


def test_a_restart_resumes_where_the_clock_was_last_kept(demo, real_time):
    clock.set_demo_clock(DEMO_START)
    real_time.shift(timedelta(hours=1))
    clock.keep_demo_clock()
    real_time.shift(timedelta(days=3))

    assert clock.resume_demo_clock() == datetime(2024, 4, 15, 9, 0, tzinfo=ZONE)
    assert clock.now() == datetime(2024, 4, 15, 9, 0, tzinfo=ZONE)


def test_keeping_the_clock_does_not_change_what_it_shows(demo, real_time):
    clock.set_demo_clock(DEMO_START)
    real_time.shift(timedelta(seconds=59))
    clock.keep_demo_clock()
    real_time.shift(timedelta(seconds=1))

    assert clock.now() == datetime(2024, 4, 15, 8, 1, tzinfo=ZONE)


def test_keeping_and_resuming_do_nothing_before_the_clock_is_set(demo):
    clock.keep_demo_clock()

    assert clock.resume_demo_clock() is None
    assert not clock.demo_clock_started()


def test_the_worker_never_undoes_a_move_made_at_the_same_time(demo):
    clock.set_demo_clock(DEMO_START)
    stop = threading.Event()

    def keep():
        while not stop.is_set():
            clock.keep_demo_clock()

    worker = threading.Thread(target=keep)
    worker.start()
    try:
        for day in range(16, 31):
            clock.set_demo_clock(datetime(2024, 4, day, 8, tzinfo=ZONE))
            assert clock.today() == date(2024, 4, day)
    finally:
        stop.set()
        worker.join()
    assert clock.today() == date(2024, 4, 30)


def test_outside_the_demo_a_stored_clock_is_ignored_but_can_be_noticed(demo, settings, real_time):
    clock.set_demo_clock(DEMO_START)
    settings.DEMO = False

    assert clock.now() == REAL
    assert not clock.is_shifted()
    assert clock.demo_clock_started()


@pytest.mark.parametrize(
    "change", [lambda: clock.set_demo_clock(DEMO_START), clock.keep_demo_clock, clock.resume_demo_clock]
)
def test_outside_the_demo_the_clock_cannot_be_touched(demo, settings, change):
    settings.DEMO = False

    with pytest.raises(clock.ClockError):
        change()
    assert list(demo.iterdir()) == []


def test_a_moment_without_a_time_zone_is_refused(demo):
    with pytest.raises(ValueError, match="aware"):
        clock.set_demo_clock(datetime(2024, 4, 15, 8, 0))


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"demo_at": "x", "real_at": "y"}',
        '{"demo_at": 1, "real_at": 2}',
        '{"demo_at": "2024-04-15T08:00:00", "real_at": "2026-11-25T03:00:00"}',
    ],
)
def test_a_damaged_file_is_logged_and_the_real_time_shown(demo, real_time, caplog, content):
    (demo / "clock.json").write_text(content)

    assert clock.now() == REAL
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    clock.now()
    assert len(caplog.records) == 1


def test_a_failed_write_leaves_the_old_clock_and_no_litter(demo, real_time, monkeypatch):
    clock.set_demo_clock(DEMO_START)

    def full_disk(*_):
        raise OSError("no space")

    monkeypatch.setattr(clock.os, "replace", full_disk)
    with pytest.raises(OSError, match="no space"):
        clock.set_demo_clock(DEMO_START + timedelta(days=1))

    assert clock.now() == DEMO_START
    assert sorted(path.name for path in demo.iterdir()) == ["clock.json", "clock.lock"]
