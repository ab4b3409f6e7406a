"""Workers are killed, frozen, cut off from the database, run with wrong clocks and with different code."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import services
from tests.faults.conftest import Report, Stage
from tests.faults.harness import ROOT, OwnServer, Scenario
from tests.faults.sink import Behaviour

pytestmark = pytest.mark.faults
PEOPLE = 1000
WORKERS = 4
# Seconds the mail server takes for a text: so long that most kills find a send open.
SLOW = 0.1


def test_01_without_a_fault_everybody_is_told_once(stage: Stage, report: Report):
    scene = stage(PEOPLE)
    scene.workers(WORKERS)

    verdict = report("1 none", "–", scene.finish())

    verdict.assert_kept()
    assert (verdict.expected, verdict.doubled, verdict.in_app_expected) == (1000, 0, 2000)


def test_02_twenty_killed_workers_lose_nothing(stage: Stage, report: Report):
    scene = stage(PEOPLE, Behaviour(slow=SLOW))
    scene.workers(WORKERS)
    scene.kill_workers(20, every=0.7, seconds=120)

    verdict = scene.finish()

    report("2 kill -9", f"20 kills, {verdict.open_kills} in an open send", verdict)
    verdict.assert_kept()
    assert verdict.open_kills >= 10
    assert verdict.doubled <= verdict.open_kills


def test_03_seventeen_rounds_at_once_plan_and_send_once(stage: Stage, report: Report):
    scene = stage(PEOPLE)
    scene.workers(17, rounds=1)

    verdict = report("3 ticks at once", "17 rounds", scene.finish())

    verdict.assert_kept()
    assert verdict.doubled == 0


def test_12_a_crashed_database_loses_nothing(stage: Stage, report: Report, own_server: OwnServer):
    scene = stage(PEOPLE, Behaviour(slow=SLOW))
    scene.workers(WORKERS)
    scene.wait_until(lambda: len(scene.sink.accepted) > 200, seconds=60, what="200 mails")
    _crash(scene, own_server)

    verdict = report("12 PostgreSQL restart", "-m immediate", scene.finish())

    verdict.assert_kept()
    assert verdict.doubled <= WORKERS


def _crash(scene: Scenario, server: OwnServer) -> None:
    scene.cut_from_database()
    server.crash()
    server.start()


@pytest.fixture(scope="session")
def faketime() -> str:
    """The library that shows another time to a process."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    if not found:
        services.install(["faketime"])
        found = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    if not found:
        services.give_up("không có libfaketime trên máy (gói Debian: faketime)")
    return str(found[0])


def test_13_clocks_that_differ_by_four_hours_double_nothing(stage: Stage, report: Report, faketime: str):
    scene = stage(PEOPLE, Behaviour(slow=SLOW))
    for shift in ("+2h", "+2h", "-2h", "-2h"):
        scene.worker(LD_PRELOAD=faketime, FAKETIME=shift, FAKETIME_DONT_FAKE_MONOTONIC="1", DONT_FAKE_MONOTONIC="1")

    verdict = report("13 clocks", "two +2 h, two −2 h", scene.finish())

    verdict.assert_kept()
    assert verdict.doubled == 0


def test_14_a_worker_that_stood_still_longer_than_its_lease_doubles_only_what_it_had_open(stage: Stage, report: Report):
    scene = stage(PEOPLE, Behaviour(slow=SLOW))
    scene.workers(WORKERS)
    scene.wait_until(lambda: len(scene.sink.accepted) > 100, seconds=60, what="the first mails")
    frozen = scene.freeze_in_a_send(20)
    key = scene.sink.of_door(frozen.door)[-1].key
    # Until another worker has taken the mail over and sent it.
    scene.wait_until(lambda: scene.sink.copies()[key] == 2, seconds=120, what="the mail of the frozen worker")
    stood = time.monotonic() - scene.cuts[0].since
    frozen.send(signal.SIGCONT)

    verdict = report("14 frozen worker", f"SIGSTOP {stood:.0f} s, lease {scene.lease} s", scene.finish())

    verdict.assert_kept()
    # On a busy machine the mail server itself may leave an acceptance unsaid.
    assert 1 <= verdict.doubled <= 1 + scene.sink.unanswered().total()
    # A send begins at the latest nine seconds after its mails were leased for eighteen.
    assert stood >= 8


def test_16_everything_together_loses_nothing(stage: Stage, report: Report, own_server: OwnServer):
    behaviour = Behaviour(slow=SLOW, refused_for_now=0.1, drop_after=0.01, hang=0.01, drop_inside=0.02)
    scene = stage(PEOPLE, behaviour)
    scene.workers(WORKERS)
    scene.kill_workers(4, every=0.7, seconds=60)
    frozen = scene.freeze_in_a_send(20)
    behaviour.closed_until = time.monotonic() + 2
    time.sleep(2)
    _crash(scene, own_server)
    scene.kill_workers(10, every=0.7, seconds=90)
    time.sleep(max(0.0, scene.cuts[0].since + scene.lease + 1 - time.monotonic()))
    if frozen.lives:
        frozen.send(signal.SIGCONT)

    verdict = scene.finish(seconds=300)

    report("16 all together", f"10 kills, crash, freeze, {_words(verdict.injected)}", verdict)
    verdict.assert_kept()


def _words(injected: dict[str, int]) -> str:
    return ", ".join(f"{number}× {what}" for what, number in sorted(injected.items()))


@contextmanager
def _older_code(folder: Path) -> Iterator[Path]:
    """The newest earlier commit that has the same migrations: the program before the last deploy."""

    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()

    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("không có kho git: không có mã nguồn của bản trước")
    migrations = ("*/migrations/*.py",)
    for commit in git("rev-list", "--skip=1", "--max-count=50", "HEAD").split():
        if not git("diff", "--name-only", commit, "--", *migrations) and git(
            "diff", "--name-only", commit, "--", "*.py"
        ):
            break
    else:
        pytest.skip("các bản trước trong kho git có cấu trúc bảng khác bản này")
    git("worktree", "add", "--quiet", "--detach", str(folder), commit)
    try:
        yield folder
    finally:
        git("worktree", "remove", "--force", str(folder))


def test_21_old_and_new_code_side_by_side_tell_everybody_once(stage: Stage, report: Report, tmp_path: Path):
    scene = stage(100)
    with _older_code(tmp_path / "older") as older:
        workers = [*scene.workers(2), *scene.workers(2, cwd=older)]
        people = 100
        until = time.monotonic() + 60
        while time.monotonic() < until:
            time.sleep(6)
            people = scene.do("prepare", people=100, mail_due="2024-04-15", app_due="2024-04-22", first=people)
        assert all(process.lives for process in workers)
        verdict = report("21 old and new code", "60 s, 2 workers each", scene.finish())

    verdict.assert_kept()
    assert (verdict.expected, verdict.doubled) == (people, 0)
    old = [send for process in workers[2:] for send in scene.sink.of_door(process.door)]
    new = [send for process in workers[:2] for send in scene.sink.of_door(process.door)]
    assert min(len(old), len(new)) >= 50


def test_23_sessions_that_end_every_two_seconds_lose_nothing(stage: Stage, report: Report):
    scene = stage(PEOPLE, Behaviour(slow=SLOW))
    scene.workers(WORKERS)
    scene.wait_until(lambda: len(scene.sink.accepted) > 50, seconds=60, what="the first mails")
    cut = 0
    while not scene.all_told():
        scene.cut_from_database()
        ended = scene.ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name <> 'tester'"
        )
        cut += len(ended)
        time.sleep(2)
        assert time.monotonic() < scene.began + 180

    verdict = report("23 pg_terminate_backend", f"{cut} sessions, every 2 s", scene.finish())

    verdict.assert_kept()
    assert cut >= 8
