"""An upgrade while people work: new tables under the old program, then the new program machine by machine; nobody notices.

The release before is the last commit without any of the steps that come after the squashed ones (FAULTS_BEFORE names another).
FAULTS_RATE and FAULTS_ASSIGNMENTS change the load: make faults ARGS=tests/faults/test_upgrade.py.
"""

import io
import os
import random
import re
import subprocess
import sys
import tarfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import quantiles
from typing import Any

import pytest

from tests import services
from tests.faults.harness import ROOT, Hand, House, Process
from tests.faults.sink import HOST
from tests.faults.spaces import wait_for_port
from tests.faults.visitor import OK, Answer, Visitor
from tests.upgrading import new_steps

pytestmark = pytest.mark.faults
RATE = int(os.environ.get("FAULTS_RATE", "50"))
ASSIGNMENTS = int(os.environ.get("FAULTS_ASSIGNMENTS", "20000"))
MACHINES, WORKERS, READERS, SENDERS = 2, 3, 12, 30
PASSWORD, OFFICER = "con duong xanh 1954", "scale000001"
# Seconds before `migrate`, and after the last machine is new.
CALM = 10
# Seconds by which an answer may take longer while the tables change than the longest before: the two that `migrate` waits for a
# lock at most, and as many to catch up with those who came meanwhile.
LONGER = 4.0
# 48 turns make fifty requests: one report (opened, filled in, sent), five comments, pages.
REPORT_EVERY, COMMENTS = 48, (3,)
# Seconds by which a turn may begin late before the machine is known not to carry the pace.
TOO_LATE = 20

STATES_OF_JOBS = "SELECT state, count(*) FROM records_job WHERE id = ANY(%s) GROUP BY state"
COMMENTED = "SELECT text FROM tasks_comment WHERE text LIKE 'lời %%'"
REPORTED = """
    SELECT r.content->>'results' FROM tasks_reportround r
    JOIN tasks_progressreport s ON s.id = r.section_id JOIN tasks_unitreport u ON u.id = s.unit_report_id
    WHERE r.content->>'results' LIKE 'khóa %%' AND u.submitted_at IS NOT NULL"""
REPORTERS = """
    SELECT u.username, array_agg(a.id ORDER BY a.id) FROM accounts_user u
    JOIN units_membership m ON m.user_id = u.id AND m.role = 'reporter'
    JOIN tasks_assignment a ON a.unit_id = m.unit_id AND a.state = 'in_progress' AND a.role = 'lead'
    JOIN tasks_directivetask t ON t.id = a.task_id JOIN tasks_directive d ON d.id = t.directive_id
    WHERE d.state = 'issued' GROUP BY u.username HAVING count(*) >= 5 ORDER BY u.username LIMIT %s"""


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True).stdout


def the_release_before(folder: Path) -> str:
    """Lay its files into the folder; the commit."""
    if not (ROOT / ".git").exists():
        services.give_up("không có kho git: không có mã nguồn của bản trước")
    steps = [f"{step.app_label}/migrations/{step.name}.py" for step, _ in new_steps()]
    added = _git("log", "--diff-filter=A", "--format=%H", "--", *steps).decode().split()
    commit = os.environ.get("FAULTS_BEFORE") or f"{added[-1]}^"
    with tarfile.open(fileobj=io.BytesIO(_git("archive", commit))) as archive:
        archive.extractall(folder, filter="data")
    return _git("rev-parse", "--short", commit).decode().strip()


class Release:
    """The files of one version and what it collects."""

    def __init__(self, code: Path, static: Path, house: House, database: str) -> None:
        self.code, self.static, self._house, self._database = code, static, house, database
        self.run("collectstatic", "--no-input", "--verbosity", "0")

    @property
    def variables(self) -> dict[str, str]:
        """Of this version's processes; files of people lie in one place for all."""
        media = self._house.folder / "media"
        return {
            "STATIC_ROOT": str(self.static),
            "MEDIA_ROOT": str(media),
            "PYTHONPATH": str(self.code),
            # The office signs in by its password alone: the second step is not what is tried here.
            "SECOND_FACTOR_ROLES": "unit_head",
        }

    def run(self, *arguments: str) -> str:
        """manage.py of this version; what it printed."""
        return self._house.manage(self._database, *arguments, cwd=self.code, **self.variables)


class Machine:
    """One server with one version of the program: gunicorn as production runs it, or a worker with its beat."""

    def __init__(self, name: str, house: House, database: str, folder: Path) -> None:
        self.name, self.house, self.database, self.log = name, house, database, folder / f"{name}.log"
        self.address = (HOST, services.free_port())
        self.process: Process | None = None

    def start_web(self, release: Release) -> None:
        """Return when it answers."""
        where = {"WEB_BIND": f"{HOST}:{self.address[1]}", "WEB_WORKERS": str(WORKERS)}
        self._start(release, "gunicorn", "-c", "deploy/gunicorn_conf.py", **where)
        wait_for_port(*self.address, seconds=90)
        until = time.monotonic() + 90
        while Visitor(self.address, patience=30).get("/healthz").status != 200:
            assert time.monotonic() < until, self.process.said()
            time.sleep(0.2)

    def start_worker(self, release: Release) -> None:
        """One that also ticks."""
        options = f"--beat --schedule {self.log.with_suffix('.beat')} --concurrency 1 --without-gossip --without-mingle"
        self._start(release, "celery", "-A", "directive_tracker", "worker", "--loglevel", "WARNING", *options.split())

    def _start(self, release: Release, *command: str, **more: str) -> None:
        environment = self.house.environment(self.database, 25, **release.variables, **more)
        command = (sys.executable, "-m", *command)
        self.process = Process(self.name, list(command), environment, self.log, cwd=release.code)

    def stop(self) -> None:
        """As a service manager does: it ends what is in hand."""
        if self.process is not None:
            self.process.ask_to_end()
            self.process.wait(60)


@dataclass
class Person:
    """Somebody signed in, and what they write into: parts with the form beside each, or the report of a unit."""

    visitor: Visitor
    forms: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    report: str = ""
    # A person sends one report after the other.
    alone: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Load:
    """Requests at a fixed pace, whatever the answers take; `machines` are those in the balancer."""

    machines: list[Machine]
    readers: list[Person]
    senders: list[Person]
    answers: list[tuple[str, Answer]] = field(default_factory=list)
    # What was accepted, by its words.
    comments: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    # Seconds by which a turn began later than its time, at most.
    late: float = 0
    began: float = 0
    ended: float = 0
    over: threading.Event = field(default_factory=threading.Event)
    _in_hand: Counter[str] = field(default_factory=Counter)
    _balancer: threading.Lock = field(default_factory=threading.Lock)
    _chance: random.Random = field(default_factory=lambda: random.Random(7))

    def run(self) -> None:
        """Until `over`."""
        self.began = time.monotonic()
        with ThreadPoolExecutor(max_workers=300) as pool:
            due, number = self.began, 0
            while not self.over.wait(max(due - time.monotonic(), 0)) and self.late < TOO_LATE:
                report = number % REPORT_EVERY == 0
                pool.submit(self._safely, self._report if report else self._one, number, due)
                due += (3 if report else 1) / RATE
                number += 1
            self.ended = time.monotonic()

    def _safely(self, turn: Callable[[int], None], number: int, due: float) -> None:
        self.late = max(self.late, time.monotonic() - due)
        try:
            turn(number)
        except (AssertionError, KeyError, IndexError) as trouble:
            self.troubles.append(f"{number}: {trouble!r}")

    def _ask(self, what: str, person: Person, path: str, fields: list[tuple[str, str]] | None = None) -> Answer:
        """One request on a connection of its own, by one of the machines."""
        with self._balancer:
            machine = self._chance.choice(self.machines)
            self._in_hand[machine.name] += 1
        try:
            visitor = Visitor(machine.address, patience=60, cookies=person.visitor.cookies)
            answer = visitor.get(path) if fields is None else visitor.post(path, fields)
        finally:
            with self._balancer:
                self._in_hand[machine.name] -= 1
        self.answers.append((what, answer))
        return answer

    def take_out(self, machine: Machine) -> None:
        """Nobody is sent there any more; return when the last who was has an answer."""
        with self._balancer:
            self.machines.remove(machine)
        until = time.monotonic() + 60
        while self._in_hand[machine.name]:
            assert time.monotonic() < until, f"{self._in_hand[machine.name]} requests still in hand"
            time.sleep(0.05)

    def put_in(self, machine: Machine) -> None:
        with self._balancer:
            self.machines.append(machine)

    def _one(self, number: int) -> None:
        """A page, or some words beside a part of the work."""
        person = self.readers[number % len(self.readers)]
        part = list(person.forms)[number // len(self.readers) % len(person.forms)]
        if number % 10 in COMMENTS:
            words = f"lời {number} lúc nâng cấp"
            fields = [pair for pair in person.forms[part] if pair[0] != "text"] + [("text", words)]
            if self._ask("POST comment", person, f"/phan-viec/{part}/trao-doi/", fields).status == 302:
                self.comments.append(words)
            return
        paths = {"part": f"/phan-viec/{part}/", "list": "/phan-viec/?word=doing&role=lead", "notices": "/thong-bao/"}
        name = list(paths)[number % 3]
        self._ask(f"GET {name}", person, paths[name])

    def _report(self, number: int) -> None:
        """A unit opens a report, writes and sends it."""
        person = self.senders[number // REPORT_EVERY % len(self.senders)]
        with person.alone:
            words, token = f"khóa {number}", [("csrfmiddlewaretoken", person.visitor.token)]
            opened = self._ask("POST open", person, person.report, token)
            page = self._ask("GET form", person, opened.target)
            form = page.form(having="chung-version")
            sent = self._ask("POST report", person, form.url, form.filled(results__=words, do="submit"))
            # What was sent leads away from the form.
            if sent.status == 302 and sent.target != form.url:
                self.reports.append(words)


def sign_in(machine: Machine, name: str, password: str) -> Visitor:
    visitor = Visitor(machine.address)
    answer = visitor.sign_in(name, password, on=(machine.address, machine.address))
    assert answer.status == 302, answer.text[:500]
    return visitor


def readers_of(house: House, database: str, machine: Machine, password: str) -> list[Person]:
    """Reporters with work of their own, and the form in which they write beside each of it."""
    found = []
    for name, parts in house.server.ask(database, REPORTERS, [READERS]):
        visitor = sign_in(machine, name, password)
        forms = {part: visitor.get(f"/phan-viec/{part}/trao-doi/").form(having="text").fields for part in parts[:5]}
        found.append(Person(visitor, forms))
    assert len(found) == READERS
    return found


def senders_of(machine: Machine, places: list[dict[str, Any]]) -> list[Person]:
    """One a unit."""
    return [
        Person(
            sign_in(machine, place["username"], PASSWORD),
            report=f"/don-vi/bao-cao/mo/{place['directive']}/{place['unit']}/",
        )
        for place in places
    ]


def ask_for_export(office: Visitor, directive: int, machine: Machine) -> int:
    """The office asks one machine for an Excel file that a worker makes; the job."""
    token = {"csrfmiddlewaretoken": office.token}
    asked = office.post(f"/ma-tran/{directive}/xuat/", token, on=machine.address)
    assert asked.target.startswith("/viec-nen/"), (asked.status, asked.text[:300])
    return int(asked.target.split("/")[-2])


def wait_for_jobs(house: House, database: str, jobs: list[int], worker: Machine) -> None:
    """Until each has its file."""
    until = time.monotonic() + 180
    while (states := dict(house.server.ask(database, STATES_OF_JOBS, [jobs]))) != {"done": len(jobs)}:
        assert time.monotonic() < until, f"{states}\n{worker.process.said()}"
        time.sleep(1)


@contextmanager
def under_load(load: Load) -> Iterator[None]:
    """The people work; at the end everybody finishes what they are at."""
    runner = threading.Thread(target=load.run)
    runner.start()
    try:
        yield
    finally:
        load.over.set()
        runner.join()


def test_nobody_notices_that_the_tables_change_and_the_program_after_them(
    house: House, tmp_path: Path, log: Callable[[str, list[str]], None]
):
    with ExitStack() as stack:
        commit = the_release_before(tmp_path / "before")
        database = house.server.create()
        stack.callback(house.server.drop, database)
        before = Release(tmp_path / "before", tmp_path / "static-before", house, database)
        after = Release(ROOT, tmp_path / "static-after", house, database)
        before.run("migrate", "--verbosity", "0")
        said = before.run(*f"seed_scale --assignments {ASSIGNMENTS} --units 100 --users 300".split())
        # As that release makes them.
        hand = Hand(
            house.environment(database, 25, **before.variables),
            ["env", f"--chdir={before.code}", sys.executable, "-m", "tests.faults.hand"],
        )
        stack.callback(hand.close)
        places = hand.do(database, "prepare_senders", count=SENDERS, password=PASSWORD)
        house.server.ask(database, "ANALYZE")
        machines = [Machine(f"web-{number}", house, database, tmp_path) for number in range(MACHINES)]
        worker = Machine("worker", house, database, tmp_path)
        for machine in [*machines, worker]:
            stack.callback(machine.stop)
        for machine in machines:
            machine.start_web(before)
        worker.start_worker(before)
        password = re.search(r"Mật khẩu chung: (\S+)", said)[1]
        readers = readers_of(house, database, machines[0], password)
        load = Load(list(machines), readers, senders_of(machines[1], places))
        export = partial(ask_for_export, sign_in(machines[0], OFFICER, password), places[0]["directive"])

        marks = {}
        with under_load(load):
            time.sleep(CALM)
            jobs = [export(one) for one in machines]
            marks["migrate"] = time.monotonic()
            after.run("migrate", "--verbosity", "0")
            marks["machines"] = time.monotonic()
            jobs += [export(one) for one in machines]
            for machine in machines:
                load.take_out(machine)
                machine.stop()
                machine.start_web(after)
                load.put_in(machine)
                jobs += [export(one) for one in machines]
            worker.stop()
            jobs.append(export(machines[0]))
            worker.start_worker(after)
            marks["calm"] = time.monotonic()
            time.sleep(CALM)
            marks["end"] = time.monotonic()

        wait_for_jobs(house, database, jobs, worker)
        plan = after.run("showmigrations", "--plan")
        stored = {
            "comments": Counter(text for (text,) in house.server.ask(database, COMMENTED)),
            "reports": Counter(text for (text,) in house.server.ask(database, REPORTED)),
        }

    lines = table(load, marks)
    log(f"upgrade from {commit} at {RATE} requests/s", lines)
    assert load.late < TOO_LATE, "this machine does not carry the pace: FAULTS_RATE"
    assert load.troubles == []
    assert [(what, one.status, one.text[:200]) for what, one in load.answers if one.kind != OK] == []
    assert stored == {"comments": Counter(load.comments), "reports": Counter(load.reports)}
    assert len(load.comments) + len(load.reports) >= len(load.answers) // 10
    assert "[ ]" not in plan
    assert len(load.answers) >= 0.95 * RATE * (load.ended - load.began)
    assert longest(load, marks["migrate"], marks["machines"]) <= longest(load, load.began, marks["migrate"]) + LONGER


def longest(load: Load, start: float, end: float) -> float:
    """Seconds of the slowest answer."""
    return max(one.seconds for _, one in between(load, start, end))


def between(load: Load, start: float, end: float) -> list[tuple[str, Answer]]:
    return [(what, one) for what, one in load.answers if start <= one.at < end]


def table(load: Load, marks: dict[str, float]) -> list[str]:
    """The run as lines of Markdown."""
    lines = ["| | s | requests | writes | failed | p50 ms | p95 ms | longest s |", "|---|---|---|---|---|---|---|---|"]
    stretches = [
        ("the old program", load.began, marks["migrate"]),
        ("`migrate`, the old program on both", marks["migrate"], marks["machines"]),
        ("machine by machine, then the worker", marks["machines"], marks["calm"]),
        ("the new program", marks["calm"], float("inf")),
    ]
    for name, start, end in stretches:
        found = between(load, start, end)
        times = sorted(one.seconds for _, one in found) or [0.0]
        cuts = quantiles(times, n=100) if len(times) > 1 else times * 99
        lines.append(
            f"| {name} | {min(end, marks['end']) - start:.1f} | {len(found)} | {sum(what.startswith('POST') for what, _ in found)} "
            f"| {sum(one.kind != OK for _, one in found)} | {cuts[49] * 1000:.0f} | {cuts[94] * 1000:.0f} | {times[-1]:.2f} |"
        )
    lines.append(
        f"{len(load.comments)} comments and {len(load.reports)} reports accepted; a turn began {load.late:.2f} s late at most"
    )
    return lines
