"""gunicorn with the settings it is shipped with: what it logs, and how it ends."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from directive_tracker.runall.processes import end_with_parent
from tests.check import PRODUCTION
from tests.deploying import ROOT
from tests.services import free_port

HOST = PRODUCTION["ALLOWED_HOSTS"]


class Running:
    """gunicorn, its port, what it says."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.port = free_port()
        self._log = folder / "log"
        environment = {
            "PATH": os.environ["PATH"],
            "ENV_FILE": "",
            **PRODUCTION,
            "DATABASE_URL": f"sqlite:///{folder}/empty.sqlite3",
            "CELERY_BROKER_URL": "memory://",
            "VAR_DIR": str(folder / "var"),
            "STATIC_ROOT": str(folder / "static"),
            "WEB_BIND": f"127.0.0.1:{self.port}",
            "WEB_WORKERS": "2",
            **variables,
        }
        self.expected = environment["WEB_WORKERS"]
        (folder / "static").mkdir()
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn_conf.py"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                preexec_fn=end_with_parent,
            )

    def lines(self) -> list[str]:
        return self._log.read_text("utf-8").splitlines()

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), 30)

    def say(self, request: bytes) -> bytes:
        """Send bytes and return the whole answer."""
        with self.connect() as line:
            line.sendall(request)
            return answer(line)

    def wait(self) -> None:
        """Return when a page comes and all workers are there."""
        until = time.monotonic() + 90
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(OSError):
                page = self.say(f"GET /healthz HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
                if b" 200 OK" in page and str(len(self.workers())) == self.expected:
                    return
            time.sleep(0.1)
        raise AssertionError("\n".join(self.lines()))

    def workers(self) -> list[int]:
        """The processes below the first one."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(word) for word in path.read_text().split()]


def answer(line: socket.socket) -> bytes:
    """Everything until the other side closes."""
    pieces = []
    while piece := line.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    started = Running(tmp_path)
    started.wait()
    yield started
    started.process.kill()
    started.process.wait(10)


@pytest.mark.embedded
def test_it_says_everything_as_json_without_addresses_and_finishes_what_it_has_in_hand(running):
    refused = running.say(b"GET /bc/bi-mat-cua-duong-dan/ HTTQ\r\n\r\n")
    assert len(running.workers()) == 2
    line = running.connect()
    line.sendall(b"GET /healthz HTTP/1.1\r\n")
    time.sleep(0.5)
    began = time.monotonic()

    running.process.send_signal(signal.SIGTERM)
    time.sleep(1)
    line.sendall(f"Host: {HOST}\r\n\r\n".encode())
    finished = answer(line)

    assert b" 400 Bad Request" in refused
    assert finished.startswith(b"HTTP/1.1 200 OK")
    assert running.process.wait(30) == 0
    assert time.monotonic() - began < 30
    told = [json.loads(text) for text in running.lines()]
    assert {"message": "Invalid request", "level": "WARNING"}.items() <= next(
        one for one in told if one["level"] == "WARNING" and one["logger"] == "gunicorn.error"
    ).items()
    assert "bi-mat" not in "\n".join(running.lines())
    assert "127.0.0.1" not in "\n".join(line for line in running.lines() if "Listening" not in line)


TOKEN = "mot-chuoi-ngau-nhien-rat-dai-0123456789"


@pytest.mark.embedded
def test_its_workers_count_together_and_what_ended_ones_counted_stays(tmp_path):
    folder = tmp_path / "metrics"
    started = Running(tmp_path, METRICS_TOKEN=TOKEN, PROMETHEUS_MULTIPROC_DIR=str(folder))
    started.wait()
    try:
        asked = f"GET /metrics HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode()
        counted = b'tracker_requests_total{method="GET",route="healthz",status="2xx"} '

        def figure() -> float:
            found = started.say(asked)
            assert b"200 OK" in found, found
            return float(found.partition(counted)[2].split(b"\n")[0])

        before, first_ones = figure(), started.workers()
        for _ in range(20):
            started.say(f"GET /healthz HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        for worker in first_ones:
            os.kill(worker, signal.SIGTERM)
        until = time.monotonic() + 30
        while set(started.workers()) & set(first_ones) and time.monotonic() < until:
            time.sleep(0.2)
        assert figure() == before + 20
        assert (folder / "counter_ended.db").exists()
        started.process.send_signal(signal.SIGTERM)
        assert started.process.wait(30) == 0
        assert not folder.exists()
    finally:
        started.process.kill()
        started.process.wait(10)


@pytest.mark.embedded
def test_a_number_of_workers_that_is_none_stops_the_start_by_name(tmp_path):
    started = Running(tmp_path, WEB_WORKERS="many")

    assert started.process.wait(60) == 1
    assert "WEB_WORKERS: phải là số nguyên từ 1 đến 200, không phải “many”" in "\n".join(started.lines())
