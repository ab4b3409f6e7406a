"""`make run`'s command: one parent, three programs, nothing left behind."""

import contextlib
import datetime as dt
import email
import email.message
import email.policy
import fcntl
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from directive_tracker import clock
from directive_tracker.demo import DEMO_ACCOUNTS
from directive_tracker.runall import start
from records.models import AuditEvent
from tests.services import free_port

ROOT = Path(__file__).resolve().parents[2]
MARK = "TRACKER_TEST_RUN"


class Run:
    """`manage.py runall` with data and a port of its own; `mark` stands in the environment of all its processes."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.var = folder / "var"
        self.port = int(variables.get("PORT", free_port()))
        self.mark = f"{os.getpid()}-{time.monotonic_ns()}"
        self._output = folder / f"output-{self.mark}"
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "ENV_FILE": "", MARK: self.mark}
        environment |= {"VAR_DIR": str(self.var), "PORT": str(self.port), "DEMO": "false", **variables}
        with self._output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "runall"], cwd=ROOT, env=environment, stdout=output, stderr=output
            )

    @property
    def output(self) -> str:
        """Everything printed so far."""
        return self._output.read_text(encoding="utf-8")

    def wait_for_address(self, seconds: float = 240) -> None:
        """Return when the address stands on the last line."""
        wanted = f"http://127.0.0.1:{self.port}/"
        wait_until(lambda: wanted in self.output.splitlines() or self.process.poll() is not None, seconds)
        assert wanted in self.output.splitlines(), self.output

    def pids(self) -> list[int]:
        """The processes of this run that live, the parent included; found by the mark in their environment."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    if f"{MARK}={self.mark}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                        found.append(int(entry.name))
        return found

    def end(self) -> None:
        """Leave nothing running, whatever the test did."""
        for pid in self.pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(10)


def wait_until(condition, seconds: float) -> None:
    """Return as soon as the condition holds; fail after `seconds`."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.1)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[type[Run]]:
    """Start runs that the fixture ends."""
    started: list[Run] = []

    def begin(**variables: str) -> Run:
        started.append(Run(tmp_path, **variables))
        return started[-1]

    yield begin
    for one in started:
        one.end()


def answer(port: int, path: str) -> int:
    """Return the status of a page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    return connection.getresponse().status


def mails_of(running: Run) -> list[email.message.EmailMessage]:
    """Return the mails that lie in var/mail now; one that is just being written has no headers yet."""
    files = (running.var / "mail").iterdir()
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]


@pytest.mark.embedded
def test_it_serves_pages_ends_cleanly_and_leaves_nothing_running(run):
    running = run()
    running.wait_for_address()

    assert answer(running.port, "/healthz") == 200
    # runall, gunicorn and its worker, celery and its beat
    wait_until(lambda: len(running.pids()) == 5, 30)
    running.process.send_signal(signal.SIGTERM)

    assert running.process.wait(15) == 0
    assert running.pids() == []
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", running.port))


@pytest.mark.embedded
def test_nothing_survives_when_the_parent_is_killed_and_the_next_start_works(run):
    running = run()
    running.wait_for_address()
    wait_until(lambda: len(running.pids()) == 5, 30)

    running.process.kill()
    running.process.wait(5)

    wait_until(lambda: running.pids() == [], 15)
    again = run(PORT=str(running.port))
    again.wait_for_address()


@pytest.mark.embedded
def test_when_one_child_dies_all_stop_with_code_1(run):
    running = run()
    running.wait_for_address()
    commands = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in running.pids()}

    os.kill(min(pid for pid, command in commands.items() if b"celery" in command), signal.SIGKILL)

    assert running.process.wait(20) == 1
    assert running.output.splitlines()[-1] == "Việc nền đã dừng (mã -9), nên tất cả dừng theo"
    wait_until(lambda: running.pids() == [], 5)


@pytest.mark.embedded
def test_a_second_start_on_the_same_data_is_refused_in_one_line(run):
    running = run()
    running.wait_for_address()

    second = run()

    assert second.process.wait(30) == 1
    assert second.output == (
        f"Chương trình đang chạy với dữ liệu trong {running.var}; hãy dừng lần chạy trước (Ctrl+C ở cửa sổ đó)\n"
    )
    assert answer(running.port, "/healthz") == 200


@pytest.mark.embedded
def test_a_busy_port_is_said_in_one_line_before_anything_is_started(run):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        running = run(PORT=str(port))

        assert running.process.wait(30) == 1

    assert running.output == f"Cổng {port} đang bận; hãy chạy với cổng khác: make run PORT={port + 1}\n"


@pytest.mark.embedded
def test_the_demo_starts_prints_its_accounts_and_sends_its_first_mail(run):
    running = run(DEMO="true")
    running.wait_for_address()

    lines = running.output.splitlines()
    password = re.fullmatch(r"Demo password: (\S+)", lines[-2])
    assert password and len(password[1]) >= 12
    printed = [line.split()[0] for line in lines[-2 - len(DEMO_ACCOUNTS) : -2]]
    assert printed == [username for username, _ in DEMO_ACCOUNTS]
    assert lines[-1] == f"http://127.0.0.1:{running.port}/"
    wait_until(lambda: any(mail["X-Notification-Key"] for mail in mails_of(running)), 90)
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(15) == 0
    assert running.pids() == []


def test_the_newest_stored_event_is_none_in_an_empty_journal(db):
    assert start.newest_stored_event() is None


@pytest.fixture
def demo(settings, tmp_path, db, monkeypatch) -> list[dt.date]:
    """A demo in a folder of its own whose seeding only notes for which day it was asked."""
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    seeded: list[dt.date] = []
    monkeypatch.setattr(start, "call_command", lambda name, today: seeded.append(today))
    return seeded


def _event(text: str) -> None:
    """Store an event at that moment, in Việt Nam."""
    AuditEvent.objects.create(at=timezone.make_aware(dt.datetime.fromisoformat(text)), verb="test.event")


def test_the_first_start_plays_the_demo_up_to_15_april_and_its_clock_begins_at_eight(demo):
    start.prepare_demo(None)

    assert demo == [dt.date(2024, 4, 15)]
    assert clock.now().isoformat(timespec="minutes") == "2024-04-15T08:00+07:00"


def test_a_later_start_goes_on_with_the_stored_clock(demo):
    start.prepare_demo(None)
    clock.set_demo_clock(dt.datetime(2024, 4, 18, 9, 30, tzinfo=dt.UTC))

    start.prepare_demo(None)

    assert demo == [dt.date(2024, 4, 15)]
    assert clock.now().isoformat(timespec="minutes") == "2024-04-18T16:30+07:00"


def test_a_start_after_one_that_was_broken_off_plays_on(demo):
    _event("2024-03-20 10:00")

    start.prepare_demo(None)

    assert demo == [dt.date(2024, 4, 15)]


def test_a_given_day_plays_the_demo_up_to_it(demo):
    start.prepare_demo(None)

    start.prepare_demo(dt.date(2024, 5, 6))

    assert demo == [dt.date(2024, 4, 15), dt.date(2024, 5, 6)]
    assert clock.now().isoformat(timespec="minutes") == "2024-05-06T08:00+07:00"


def test_the_clock_begins_after_the_newest_event_of_its_day(demo):
    _event("2024-04-15 14:20:05")

    start.prepare_demo(dt.date(2024, 4, 15))

    assert clock.now().isoformat(timespec="seconds") == "2024-04-15T14:20:06+07:00"


def test_a_given_day_before_the_newest_event_is_refused(demo, tmp_path):
    # 23:30 in UTC of the 15th is already the 16th in Việt Nam.
    AuditEvent.objects.create(at=dt.datetime(2024, 4, 15, 23, 30, tzinfo=dt.UTC), verb="test.event")

    with pytest.raises(start.CannotStart) as refusal:
        start.prepare_demo(dt.date(2024, 4, 15))

    assert str(refusal.value) == (
        "TODAY=2024-04-15 sớm hơn việc mới nhất đã ghi (2024-04-16); hãy chọn ngày từ 2024-04-16 trở đi, "
        f"hoặc xóa thư mục {tmp_path} để bắt đầu lại"
    )
    assert demo == []
    assert not clock.demo_clock_started()


def test_the_data_are_free_again_when_the_lock_is_closed(tmp_path):
    start.locked_data(tmp_path).close()

    with start.locked_data(tmp_path, patience=0) as lock:
        assert lock.name == str(tmp_path / "run.lock")


def test_a_lock_left_to_the_children_of_a_killed_parent_is_waited_for(tmp_path):
    # A number no process has: the parent is gone, but the file is still held.
    (tmp_path / "run.lock").write_text("999999999\n")
    with (tmp_path / "run.lock").open("a+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        begun = time.monotonic()

        with pytest.raises(start.CannotStart):
            start.locked_data(tmp_path, patience=0.5)

    assert time.monotonic() - begun >= 0.5
