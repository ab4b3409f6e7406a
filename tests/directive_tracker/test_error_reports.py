"""SENTRY_DSN: a real server gets the errors, and nothing of what somebody typed."""

import gzip
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Sink:
    """A server that takes events the way Sentry does."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                sink.bodies.append(gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body)
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *args: object) -> None:
                """Be quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def dsn(self) -> str:
        return f"http://0123abcd@127.0.0.1:{self.server.server_port}/7"

    def events(self) -> list[dict]:
        """What is in the envelopes: each has a head, and a head and a body for each event."""
        return [json.loads(body.splitlines()[2]) for body in self.bodies]


@pytest.fixture
def sink() -> Iterator[Sink]:
    made = Sink()
    yield made
    made.server.shutdown()
    made.server.server_close()


def start(tmp_path: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    base = {"PATH": os.environ["PATH"], "ENV_FILE": "", "VAR_DIR": str(tmp_path / "var"), "DEMO": "true"}
    base["DJANGO_SETTINGS_MODULE"] = "directive_tracker.settings"
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**base, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.embedded
def test_errors_arrive_with_kind_place_and_number_and_without_anything_typed(sink, tmp_path):
    done = start(tmp_path, "-m", "tests.directive_tracker.error_reports", SENTRY_DSN=sink.dsn)
    assert done.returncode == 0, done.stderr
    events = sink.events()

    assert len(events) == 3
    typed, machine, job = events
    assert [one["type"] for one in typed["exception"]["values"]] == ["KeyError", "ValueError"]
    assert [one["value"] for one in typed["exception"]["values"]] == ["…", "…"]
    assert typed["exception"]["values"][1]["stacktrace"]["frames"][-1]["function"] == "broken"
    assert typed["tags"]["route"] == "broken"
    assert machine["exception"]["values"][0]["value"] == "[Errno 28] No space left on device"
    assert machine["tags"] == {"request_id": done.stdout.strip(), "route": "full"}
    assert job["logentry"] == {"message": "could not read %s", "formatted": "could not read %s"}
    assert job["tags"] == {"request_id": "0123456789abcdef0123456789abcdef", "job": "tasks.any"}
    for event in events:
        assert set(event) & {"request", "user", "extra", "breadcrumbs", "contexts", "modules"} == set()
        assert "vars" not in json.dumps(event["exception"]["values"] if "exception" in event else {})
    everything = b"".join(sink.bodies)
    assert [word for word in (b"zqxwkvjh", b"079099990017") if word in everything] == []


@pytest.mark.embedded
@pytest.mark.parametrize("dsn", ["có", "https://example.vn/7", "ftp://a@example.vn/7"])
def test_an_address_that_is_none_stops_the_start_by_name(tmp_path, dsn):
    done = start(tmp_path, "manage.py", "check", SENTRY_DSN=dsn)

    assert done.returncode == 1
    assert "SENTRY_DSN: phải có dạng https://khóa@máy/số" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.embedded
def test_without_an_address_nothing_is_sent(sink, tmp_path):
    assert start(tmp_path, "-m", "tests.directive_tracker.error_reports").returncode == 0

    assert sink.bodies == []
