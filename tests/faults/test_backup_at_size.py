"""Backup, restore and move at 20 000 assignments and 1 000 files, with timings; killed at any moment; the demo's data moved."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator

import psycopg2
import pytest

from tests.backups.equal import differences, tables
from tests.backups.places import BACKUP_KEY, ROOT, Home, Place, as_variable
from tests.backups.test_restoring import ALWAYS_WRITTEN, is_empty, without_written
from tests.faults.harness import OwnServer

pytestmark = pytest.mark.faults
SIZE = ["--assignments", "20000", "--units", "500", "--users", "1000", "--people", "5000", "--today", "2024-04-15"]
FILES, BYTES = 1000, 200_000
NOW = "2024-04-15T10:00:00+07:00"
# The log of the new system has a line about the move itself; each database keeps its own book of migrations.
OWN = {"records_auditevent", "django_migrations"}


@pytest.fixture(scope="module")
def homes(own_server: OwnServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Home]]:
    """Places on both databases."""
    made = {
        "sqlite": Home(None, tmp_path_factory.mktemp("on_sqlite")),
        "postgresql": Home(own_server.address, tmp_path_factory.mktemp("on_postgresql")),
    }
    yield made
    for home in made.values():
        home.close()


@pytest.fixture(scope="module")
def large(homes: dict[str, Home]) -> dict[str, Place]:
    """20 000 assignments and 1 000 files on either; nobody may change them."""
    found = {}
    for name, home in homes.items():
        place = home.empty()
        place.settings |= {"BACKUP_KEY": BACKUP_KEY, "NOW": NOW}
        assert place.run("migrate")[0] == 0
        code, _, err = place.run("seed_scale", *SIZE)
        assert code == 0, err
        place.do("store_many", count=FILES, size=BYTES)
        assert place.do("plan", now=NOW) > 0
        found[name] = place
    return found


def timed(place: Place, *arguments: str, code: int = 0) -> float:
    """Seconds of a command."""
    begun = time.monotonic()
    said = place.run(*arguments)
    assert said[0] == code, said
    return time.monotonic() - begun


def empty(home: Home) -> Place:
    place = home.empty()
    place.settings["BACKUP_KEY"] = BACKUP_KEY
    return place


def environment(place: Place) -> dict[str, str]:
    return place.environment(
        BACKUP_KEY=as_variable(BACKUP_KEY), FIELD_KEY=as_variable(place.settings["FIELD_KEY"]), LOG_LEVEL="ERROR"
    )


# How much of its work a command has done when it is killed, by the time that takes undisturbed; the next time may be twice as fast.
MOMENTS = (0.05, 0.2, 0.4)


def begin(place: Place, *arguments: str) -> subprocess.Popen:
    """Start a command as a process of its own; back when it has said its first words, with which its work begins."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(place),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    process.stderr.readline()
    return process


def seconds_of_work(place: Place, *arguments: str) -> float:
    """How long a command works, from its first words."""
    process = begin(place, *arguments)
    begun = time.monotonic()
    process.communicate()
    assert process.returncode == 0
    return time.monotonic() - begun


def kill_after(place: Place, seconds: float, *arguments: str) -> int:
    """Start a command and kill -9 it after so many seconds of its work; the code it ended with."""
    process = begin(place, *arguments)
    time.sleep(seconds)
    process.kill()
    process.stderr.close()
    return process.wait()


@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_wiped_and_restored_without_a_difference(large: dict[str, Place], homes: dict[str, Home], name: str, capsys):
    source, target = large[name], empty(homes[name])
    # At the moment of the backup nothing has become due since.
    target.settings["NOW"] = NOW
    made = timed(source, "backup")
    path = source.backups / source.shown()[-1]
    checked = timed(source, "backup", "--check", str(path))
    restored = timed(target, "restore", str(path))
    rows = sum(count for _, count in tables(source))

    assert without_written(target, ALWAYS_WRITTEN) == without_written(source, ALWAYS_WRITTEN)
    assert target.schema() == source.schema()
    assert target.files() == source.files()
    assert len(source.files()) == FILES
    assert target.run("verify_audit")[0] == 0
    with capsys.disabled():
        print(
            f"\n{name}: {rows} rows, {FILES} files of {BYTES} bytes, backup of {path.stat().st_size / 1e6:.0f} MB: "
            f"made and read back {made:.1f} s, checked {checked:.1f} s, restored {restored:.1f} s ({rows / restored:.0f} rows/s), 0 differences"
        )


@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_killed_at_any_moment_backup_and_restore_leave_nothing_half(large, homes, name):
    source = large[name]
    other = source.folder / "killed"
    whole = seconds_of_work(source, "backup", "--to", str(source.folder / "undisturbed"))
    for share in MOMENTS:
        assert kill_after(source, share * whole, "backup", "--to", str(other)) == -9
        # It gets its name when all of it is written; what comes after that is reading it back.
        assert [source.run("backup", "--check", str(path))[0] for path in other.glob("theodoi-*")] in ([], [0])
        if share == MOMENTS[0]:
            assert list(other.glob("theodoi-*")) == []
        for path in other.glob("theodoi-*"):
            path.unlink()
    assert timed(source, "backup", "--to", str(other)) > 0
    (path,) = other.glob("theodoi-*")
    whole = seconds_of_work(empty(homes[name]), "restore", str(path))
    target = empty(homes[name])
    for share in MOMENTS:
        assert kill_after(target, share * whole, "restore", str(path)) == -9
        time.sleep(1)
        assert is_empty(target) or "unfinished_restore" in target.tables()
    assert timed(target, "restore", str(path)) > 0
    assert without_written(target) == without_written(source)
    assert target.files() == source.files()


def test_moved_to_postgresql_whole_and_killed_half_way(large: dict[str, Place], homes: dict[str, Home], capsys):
    pilot, target = large["sqlite"], empty(homes["postgresql"])
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, "manage.py", "move_to_postgresql", "--from", str(pilot.folder)],
            cwd=ROOT,
            env=environment(target),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for_copy(target)
        process.kill()
        assert process.wait() == -9
        time.sleep(1)
        assert target.tables()["accounts_user"][0] == 0
    seconds = timed(target, "move_to_postgresql", "--from", str(pilot.folder))
    rows = sum(count for _, count in tables(pilot))

    assert differences(pilot, target, but=OWN) == []
    assert target.files() == pilot.files()
    assert len(target.files()) == FILES
    assert target.run("verify_audit")[0] == 0
    with capsys.disabled():
        print(f"\nmoved {rows} rows and {FILES} files in {seconds:.1f} s ({rows / seconds:.0f} rows/s), 0 differences")


def test_the_data_of_a_played_demo_move_without_a_difference(homes: dict[str, Home], capsys):
    pilot, target = homes["sqlite"].empty(), empty(homes["postgresql"])
    pilot.settings["DEMO"] = True
    code, _, err = pilot.run("seed_demo", "--today", "2024-04-15")
    assert code == 0, err
    # What the start of a pilot for trying leaves beside its data.
    (pilot.folder / "clock.json").write_text("{}")

    refused = target.run("move_to_postgresql", "--from", str(pilot.folder))
    target.settings["DEMO"] = True
    seconds = timed(target, "move_to_postgresql", "--from", str(pilot.folder))
    rows, filled = sum(count for _, count in tables(pilot)), sum(count > 0 for _, count in tables(pilot))

    assert refused[0] == 2
    assert "là dữ liệu của bản dùng thử; không chuyển vào hệ thống chạy thật." in refused[2]
    assert differences(pilot, target, but=OWN) == []
    assert target.files() == pilot.files() != {}
    assert filled > 60
    assert target.run("verify_audit")[0] == 0
    with capsys.disabled():
        print(
            f"\nmoved the demo: {rows} rows in {filled} tables, {len(pilot.files())} files, {seconds:.1f} s, 0 differences"
        )


def wait_for_copy(target: Place) -> None:
    """Return when the move is copying tables."""
    until = time.monotonic() + 120
    with contextlib.closing(psycopg2.connect(target.home.server)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        while time.monotonic() < until:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND query LIKE 'COPY %%'", [target.database]
            )
            if cursor.fetchone()[0]:
                return
            time.sleep(0.002)
    raise AssertionError("nothing was copied within two minutes")
