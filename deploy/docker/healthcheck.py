"""Is this container's process well? healthcheck.py web | worker | beat; exit 0 or 1. Loads nothing of the program.

web: /healthz answers. worker: it answers a ping over Redis. beat: it noted within ten minutes when it called its jobs (it does so
every three).
"""

import http.client
import os
import socket
import sys
import time
from pathlib import Path

from celery import Celery
from kombu.exceptions import OperationalError

PORT = 8000
BEAT_SCHEDULE = Path("/data/beat-schedule")
BEAT_SILENCE = 600.0


def given(name: str) -> str:
    """A variable, or what stands in the file that NAME_FILE names."""
    path = os.environ.get(f"{name}_FILE", "")
    return (Path(path).read_text(encoding="utf-8") if path else os.environ.get(name, "")).strip()


def web() -> bool:
    """Whether a page comes, asked for by a name the program answers to."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=8)
    try:
        connection.request("GET", "/healthz", headers={"Host": given("ALLOWED_HOSTS").split(",")[0].strip()})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def worker() -> bool:
    """Whether the worker of this container answers."""
    queue = Celery(broker=given("CELERY_BROKER_URL"), set_as_current=False)
    queue.conf.broker_transport_options = {"socket_connect_timeout": 5, "socket_timeout": 10}
    name = f"celery@{socket.gethostname()}"
    try:
        return bool(queue.control.ping(destination=[name], timeout=8))
    except (OperationalError, OSError):
        return False


def beat(schedule: Path = BEAT_SCHEDULE) -> bool:
    """Whether beat wrote down lately what it has called."""
    try:
        return time.time() - schedule.stat().st_mtime < BEAT_SILENCE
    except OSError:
        return False


def main(arguments: list[str]) -> int:
    """Ask; 0 when it is well."""
    ask = {"web": web, "worker": worker, "beat": beat}.get(arguments[0] if arguments else "")
    if ask is None:
        print("healthcheck.py web | worker | beat", file=sys.stderr)
        return 2
    return 0 if ask() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
