"""What is measured: real gunicorn servers over databases of one real PostgreSQL, and what they and it cost."""

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import psycopg2

from directive_tracker.env import new_field_key
from tests import services
from tests.bench.pages import HOST

ROOT = Path(__file__).resolve().parents[2]
APP, FLOOR = "directive_tracker.settings", "tests.bench.floor.settings"
WORKERS = 2
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """One gunicorn with its workers."""

    process: subprocess.Popen
    port: int

    def cpu(self) -> float:
        """CPU seconds of the master and its workers so far."""
        return cpu_of_tree(self.process.pid)


class Bench:
    """The services of one run.

    Args:
        postgres: address of an empty database in a server where databases can be made.
        redis: address of a Redis.
        scratch: a folder that is removed afterwards.
    """

    def __init__(self, postgres: str, redis: str, scratch: Path) -> None:
        self.postgres, self.scratch = postgres, scratch
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "PYTHONPATH": str(ROOT),
            "ENV_FILE": "",
            "DEMO": "false",
            "EMBEDDED": "false",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "FIELD_KEY": new_field_key(),
            "ALLOWED_HOSTS": HOST,
            "CELERY_BROKER_URL": redis,
            "EMAIL_URL": f"filemail:///{scratch / 'mail'}",
            "VAR_DIR": str(scratch),
            "STATIC_ROOT": str(scratch / "static"),
            "MEDIA_ROOT": str(scratch / "media"),
            "AUDIT_HEAD_FILE": str(scratch / "audit-head.json"),
        }
        with contextlib.closing(psycopg2.connect(postgres)) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (row,) = cursor.fetchall()
            # The backend's parent is the server itself; it must run on this machine to be measured.
            self.postmaster = parent_of(row[0])
            cursor.execute("SELECT version()")
            self.version = cursor.fetchone()[0].partition(" (")[0]

    def database(self, name: str) -> str:
        """A new database; its address."""
        with contextlib.closing(psycopg2.connect(self.postgres)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
                cursor.execute(f'CREATE DATABASE "{name}"')
        return self.postgres.rpartition("/")[0] + f"/{name}"

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        with contextlib.closing(psycopg2.connect(self.postgres)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def vacuum(self, address: str) -> None:
        """Settle what was loaded, so that no cleaning falls into the measuring."""
        with contextlib.closing(psycopg2.connect(address)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")

    def run(self, address: str, *arguments: str, settings: str = APP) -> str:
        """Run Python with these arguments under the servers' settings; what it wrote to stdout. Errors: SystemExit."""
        environment = {**self.environment, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": settings}
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=environment, check=False, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(arguments)}: {done.stdout[-2000:]}\n{done.stderr[-4000:]}")
        return done.stdout

    def ask(self, address: str, *arguments: str, settings: str = APP) -> dict:
        """The same for a program that answers with JSON."""
        return json.loads(self.run(address, *arguments, settings=settings))

    @contextlib.contextmanager
    def server(self, address: str, *, settings: str = APP) -> Iterator[Server]:
        """gunicorn, sync, two workers, as performance.md compares them."""
        port = services.free_port()
        name = "directive_tracker.wsgi" if settings == APP else "tests.bench.floor.wsgi"
        options = (
            f"--workers {WORKERS} --worker-class sync --bind 127.0.0.1:{port} --log-level error --no-control-socket"
        )
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", f"{name}:application", *options.split()],
            cwd=ROOT,
            env={**self.environment, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": settings},
        )
        try:
            _wait(port)
            yield Server(process, port)
        finally:
            process.terminate()
            process.wait(20)

    def postgres_cpu(self) -> float:
        """CPU seconds of the database server and all its processes so far."""
        return cpu_of_tree(self.postmaster)


@contextlib.contextmanager
def bench() -> Iterator[Bench]:
    """All services, brought or found. Errors: services.Unavailable."""
    scratch = Path(tempfile.mkdtemp(prefix="tracker-bench-"))
    try:
        with services.postgres() as postgres, services.redis_server() as redis:
            yield Bench(postgres, redis, scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _wait(port: int) -> None:
    """Return when the server answers."""
    for _ in range(300):
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/healthz", headers={"Host": HOST})
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise SystemExit("gunicorn does not answer")


def parent_of(pid: int) -> int:
    """The parent of a process. Errors: Unavailable when it does not run on this machine."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except FileNotFoundError:
        raise services.Unavailable("PostgreSQL không chạy trên máy này, không đo được CPU của nó") from None


def cpu_of_tree(pid: int) -> float:
    """CPU seconds of a process, of its living children and of those it has waited for."""
    seconds = 0.0
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        # The exact time of the one thread each of these processes has; the ticks of stat are ten milliseconds.
        seconds += int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
        ended = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[13:15]
        seconds += sum(map(int, ended)) / TICK
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            seconds += cpu_of_tree(int(child))
    return seconds
