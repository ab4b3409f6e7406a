"""The last hour of a period: everybody sends at once. The stage, the faults in it, and the tester's own count."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import psycopg2

from tests.bench.pages import CSRF
from tests.bench.servers import cpu_of_tree, parent_of
from tests.faults.harness import HOST, ROOT, Process, Scenario
from tests.services import free_port

WORKERS = 4  # two for each core of a machine with two: one of them reads a file while the other asks the database
FILE_BYTES = 200_000
LONGEST, PATIENCE = 120, 240  # seconds a person waits for one answer, and goes on trying
SITE = "theodoi.example.vn"
TICK = os.sysconf("SC_CLK_TCK")

# One line for each report that was sent: how often each thing is there that must be there once.
SENT = """
    SELECT r.id, u.username, r.state,
        (SELECT count(*) FROM tasks_progressreport s WHERE s.unit_report_id = r.id),
        (SELECT count(*) FROM tasks_reportround n JOIN tasks_progressreport s ON s.id = n.section_id
          WHERE s.unit_report_id = r.id),
        (SELECT string_agg(n.content->>'results', '|') FROM tasks_reportround n
           JOIN tasks_progressreport s ON s.id = n.section_id WHERE s.unit_report_id = r.id),
        (SELECT array_agg(f.sha256::text) FROM tasks_sectionfile x JOIN tasks_progressreport s ON s.id = x.section_id
           JOIN records_storedfile f ON f.id = x.file_id WHERE s.unit_report_id = r.id AND x.removed_at IS NULL),
        (SELECT count(*) FROM tasks_reportround_files x JOIN tasks_reportround n ON n.id = x.reportround_id
           JOIN tasks_progressreport s ON s.id = n.section_id WHERE s.unit_report_id = r.id),
        (SELECT count(*) FROM records_auditevent e WHERE e.verb = 'report.submitted' AND e.target_type = 'tasks.unitreport'
           AND e.target_id = r.id),
        (SELECT count(*) FROM tasks_statuschange c JOIN tasks_progressreport s ON s.assignment_id = c.assignment_id
          WHERE s.unit_report_id = r.id AND c.new_state = 'submitted')
    FROM tasks_unitreport r LEFT JOIN accounts_user u ON u.id = r.submitted_by_id"""
FILES = """
    SELECT f.file, f.sha256, EXISTS (SELECT 1 FROM tasks_sectionfile x WHERE x.file_id = f.id) FROM records_storedfile f"""


@dataclass
class Count:
    """What the database and the disk hold after a rush, against what the people were told."""

    sent: int
    accepted: int
    refused: list[str]
    lost: list[str]
    doubled: list[str]
    wrong: list[str]
    files: int
    files_wrong: list[str]
    # Files of nobody: rows without a section, and files on the disk without a row.
    rows_of_nobody: int
    bytes_of_nobody: int


@dataclass
class Rush:
    """One rush with what it took."""

    told: list[dict]
    seconds: float
    driver_cpu: float
    requests: int
    web_cpu: float
    database_cpu: float
    # Of both cores, what was used by processes that are none of ours, 0 to 1.
    others: float
    faults: list[str] = field(default_factory=list)
    # The moments at which the last fault was over.
    back_at: float = 0.0

    @property
    def times(self) -> list[float]:
        """Seconds of every sending that was accepted."""
        return [one["submit_seconds"] for one in self.told if one["accepted"]]

    def percentile(self, percent: int) -> float:
        """Milliseconds below which so many of a hundred sendings stayed."""
        return (median(self.times) if percent == 50 else quantiles(self.times, n=100)[percent - 1]) * 1000

    @property
    def statuses(self) -> Counter:
        """How often each answer to a sending came."""
        return Counter(status for one in self.told for status in one["statuses"])

    @property
    def trouble(self) -> int:
        """How often somebody had to try again, with the form or with the sending."""
        return sum(one["trouble_before"] + len(one["statuses"]) - 1 for one in self.told)

    @property
    def slowest_recovery(self) -> float:
        """Seconds until a sending that failed was accepted, at most; from the failure, or from when the database answered
        again where that is later."""
        failed = [one for one in self.told if one["failed_at"]]
        return max((one["accepted_at"] - max(one["failed_at"], self.back_at) for one in failed), default=0.0)


class Place:
    """gunicorn as production runs it, over the scenario's database, and the crowd in front of it."""

    def __init__(self, scene: Scenario, people: int) -> None:
        self.scene = scene
        self.people = scene.do("sign_in", people=people)
        # As on a server that has run for hours: nothing of how the scenario was made is still to be written.
        scene.ask("CHECKPOINT")
        self.port = free_port()
        self.media = scene.folder / "media"
        self._more = {
            "MEDIA_ROOT": str(self.media),
            "STATIC_ROOT": str(scene.folder / "static"),
            "PYTHONPATH": str(ROOT),
        }
        collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
        scene.start("static", collect, **self._more).wait(120)
        self.web = self._start()
        scene.wait_until(
            lambda: len(self.children()) == WORKERS and self._answers(), seconds=60, what="gunicorn with its workers"
        )

    def _start(self) -> Process:
        command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn_conf.py"]
        where = {"WEB_BIND": f"{HOST}:{self.port}", "WEB_WORKERS": str(WORKERS)}
        return self.scene.start("web", command, **self._more, **where)

    def _answers(self) -> bool:
        connection = HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", "/healthz", headers={"Host": SITE})
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def children(self) -> list[int]:
        """The workers' processes."""
        master = self.web.pid
        return [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]

    def kill_worker(self) -> None:
        """kill -9 one that is at work; gunicorn starts another."""
        os.kill(self.scene.chance.choice(self.children()), signal.SIGKILL)

    def wait_for_files(self, share: float) -> None:
        """Until so much of what people send lies on the disk: now somebody's sending is under way."""
        until = time.monotonic() + LONGEST
        while sum(len(names) for *_, names in os.walk(self.media)) < share * len(self.people):
            assert time.monotonic() < until, "nobody sends any more"
            time.sleep(0.01)

    def crowd(self, people: list, *, seconds: float, twice_every: int, retries: bool) -> subprocess.Popen:
        """Start the crowd."""
        plan = {
            **{"host": SITE, "port": self.port, "cookie": "__Host-sessionid", "csrf_cookie": "__Host-csrftoken"},
            **{"csrf": CSRF, "people": people, "seconds": seconds, "longest": LONGEST, "patience": PATIENCE},
            **{"file_bytes": FILE_BYTES, "twice_every": twice_every, "retries": retries},
        }
        process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("crowd.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        process.stdin.write(json.dumps(plan))
        process.stdin.close()
        return process

    def rush(
        self,
        people: list,
        *,
        seconds: float,
        twice_every: int = 0,
        during: Callable[["Place"], tuple[list[str], float]] | None = None,
    ) -> Rush:
        """Everybody within so many seconds; `during` does harm meanwhile; it says what, and when the
        last of it was over (time.monotonic)."""
        postmaster = self._postmaster()
        web, database, busy, begun = cpu_of_tree(self.web.pid), cpu_of_tree(postmaster), _busy(), time.monotonic()
        process = self.crowd(people, seconds=seconds, twice_every=twice_every, retries=during is not None)
        faults, back_at = during(self) if during else ([], 0.0)
        answer = json.loads(process.stdout.read())
        assert process.wait(10) == 0
        took = time.monotonic() - begun
        web_cpu, database_cpu = cpu_of_tree(self.web.pid) - web, cpu_of_tree(self._postmaster()) - database
        ours = web_cpu + database_cpu + answer["cpu_seconds"]
        return Rush(
            answer["people"],
            answer["seconds"],
            answer["cpu_seconds"],
            answer["requests"],
            web_cpu,
            database_cpu,
            max(0.0, _busy() - busy - ours) / (took * (os.cpu_count() or 1)),
            faults,
            back_at,
        )

    def _postmaster(self) -> int:
        """The database server's first process: the parent of a connection's."""
        with closing(psycopg2.connect(self.scene.house.server.url(self.scene.database))) as connection:
            return parent_of(connection.info.backend_pid)

    def count(self, told: list[dict]) -> Count:
        """Hold the people's answers against the database and the disk."""
        rows = {row[0]: row for row in self.scene.ask(SENT)}
        stored = self.scene.ask(FILES)
        count = Count(0, sum(one["accepted"] for one in told), [], [], [], [], len(stored), [], 0, 0)
        expected = {one["report"]: one for one in told}
        for pk, name, state, sections, rounds, results, sums, of_round, sealed, moves in rows.values():
            one = expected.get(pk)
            if one is None or state != "submitted":
                continue
            count.sent += 1
            who = (
                f"{name}: {sections} sections, {rounds} rounds, {sums}, {of_round} files of rounds, {sealed} in the log"
            )
            if max(rounds, len(sums or ()), of_round, sealed, moves) > 1:
                count.doubled.append(who)
            elif (sections, rounds, sums, of_round, sealed, moves) != (1, 1, [one["sha256"]], 1, 1, 1):
                count.lost.append(who)
            if name != f"nguoi{one['number']}" or results != f"Đã hoàn thành, đơn vị số {one['number']}.":
                count.wrong.append(f"{name}: {results}")
        for one in told:
            if not one["accepted"]:
                count.refused.append(f"{one['number']}: {one['statuses']}")
            elif rows.get(one["report"], (0, "", ""))[2] != "submitted":
                count.lost.append(f"{one['number']}: was told that it is sent")
        for unit, reports in Counter(row[1] for row in rows.values() if row[2] == "submitted").items():
            if reports > 1:
                count.doubled.append(f"{unit}: {reports} reports")
        self._count_files(stored, count)
        return count

    def _count_files(self, stored: list[tuple[Any, ...]], count: Count) -> None:
        """Every file of a section is on the disk with its checksum; what belongs to nobody is counted."""
        on_disk = {str(path.relative_to(self.media)): path for path in self.media.rglob("*") if path.is_file()}
        for name, checksum, is_used in stored:
            path = on_disk.pop(name, None)
            count.rows_of_nobody += not is_used
            if path is None or hashlib.sha256(path.read_bytes()).hexdigest() != checksum:
                count.files_wrong.append(name)
        count.bytes_of_nobody = len(on_disk)


def _busy() -> float:
    """Seconds that all cores have worked so far."""
    numbers = [int(word) for word in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
    return (sum(numbers[:3]) + sum(numbers[5:8])) / TICK
