"""A disk that fills while a backup is made or restored: said in words, nothing half done, or known to be half done; with room it works."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest

from tests.backups.places import BACKUP_KEY, ROOT, Home, Place, as_variable
from tests.backups.test_restoring import is_empty, without_written
from tests.faults.harness import OwnServer
from tests.services import free_port

pytestmark = pytest.mark.faults
FILES, BYTES = 200, 200_000
MB = 1024 * 1024


@dataclass
class Disk:
    """A disk of its own in memory, which can be made larger and smaller and filled by somebody else."""

    folder: Path

    def size(self, megabytes: int) -> None:
        """Give it this size from now on."""
        command = ["mount", "-o", f"remount,size={megabytes}m", str(self.folder)]
        subprocess.run(command, check=True, capture_output=True)

    def fill(self, *, leave: int) -> None:
        """Let somebody else take all but so many bytes."""
        disk = os.statvfs(self.folder)
        with (self.folder / "ballast").open("wb") as file:
            if (most := disk.f_bavail * disk.f_frsize - leave) > 0:
                os.posix_fallocate(file.fileno(), 0, most)

    def clear(self) -> None:
        """Let them give it back."""
        (self.folder / "ballast").unlink()


@pytest.fixture
def disk() -> Iterator[Disk]:
    """A disk of 200 MB."""
    folder = Path(tempfile.mkdtemp(prefix="tracker-disk-"))
    command = ["mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        folder.rmdir()
        pytest.skip("không được phép gắn đĩa tạm (mount -t tmpfs) trên máy này")
    yield Disk(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
    shutil.rmtree(folder, ignore_errors=True)


def with_files(home: Home) -> Place:
    """A little of everything, and 40 MB of files."""
    place = home.empty()
    place.settings["BACKUP_KEY"] = BACKUP_KEY
    place.do("prepare")
    place.do("store_many", count=FILES, size=BYTES)
    return place


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """An installation on SQLite; nobody may change it."""
    home = Home(None, tmp_path_factory.mktemp("on_sqlite"))
    yield with_files(home)
    home.close()


@pytest.fixture(scope="module")
def on_postgresql(own_server: OwnServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The same on PostgreSQL."""
    home = Home(own_server.address, tmp_path_factory.mktemp("on_postgresql"))
    yield with_files(home)
    home.close()


def backed_up(place: Place) -> Path:
    """A backup that the whole disks hold."""
    if not place.shown():
        assert place.run("backup")[0] == 0
    return place.backups / place.shown()[0]


@pytest.fixture
def target(disk: Disk) -> Iterator[Place]:
    """An empty machine whose database and files lie on the small disk."""
    home = Home(None, disk.folder)
    place = home.empty()
    place.settings["BACKUP_KEY"] = BACKUP_KEY
    yield place
    home.close()


def start(place: Place, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    """Start a command as a process of its own."""
    keys = {"BACKUP_KEY": as_variable(BACKUP_KEY), "FIELD_KEY": as_variable(place.settings["FIELD_KEY"])}
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=place.environment(**keys, **variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def stopped_before_loading(place: Place, path: Path) -> subprocess.Popen[str]:
    """A restore that has looked at everything and is held before its first file."""
    process = start(place, "restore", str(path))
    for line in process.stderr:
        if line.startswith("Chép "):
            process.send_signal(signal.SIGSTOP)
            return process
    raise AssertionError(f"it has ended: {process.wait()}")


def findings(place: Place, check: str) -> list[tuple[str, str]]:
    """What doctor finds."""
    said = start(place, "doctor", "--json").communicate(timeout=120)[0]
    return [(each["level"], each["says"]) for each in json.loads(said)["findings"] if each["check"] == check]


def started(place: Place) -> tuple[int, str]:
    """What the start of the program says where it refuses to."""
    process = start(place, "runall", PORT=str(free_port()))
    try:
        err = process.communicate(timeout=60)[1]
    except subprocess.TimeoutExpired:
        # It works: its children end with it.
        process.terminate()
        process.communicate(timeout=60)
        raise
    return process.returncode, err.strip()


# Room for a part of the files; for all of them and a part of the database: what is there then needs no room again.
@pytest.mark.parametrize(("leave", "then"), [(10 * MB, 150 * MB), (FILES * (BYTES + 4096) + 2 * MB, 25 * MB)])
def test_a_disk_that_fills_while_a_restore_loads(on_sqlite: Place, target: Place, disk: Disk, leave: int, then: int):
    path = backed_up(on_sqlite)
    process = stopped_before_loading(target, path)
    disk.fill(leave=leave)
    process.send_signal(signal.SIGCONT)
    out, err = process.communicate(timeout=120)
    left = sorted(each.name for each in target.folder.glob(".*"))
    was_empty = is_empty(target)
    disk.clear()
    disk.fill(leave=then)
    again = target.run("restore", str(path))

    assert (process.returncode, out) == (2, "")
    assert "đĩa đã đầy" in err or "đĩa của cơ sở dữ liệu đã đầy" in err
    assert "sửa xong hãy chạy lại lệnh này." in err
    assert was_empty
    assert left == []
    assert again[0] == 0, again[2]
    assert without_written(target) == without_written(on_sqlite)
    assert target.files() == on_sqlite.files()


def test_a_disk_without_room_is_refused_before_anything_is_written(on_sqlite: Place, target: Place, disk: Disk):
    disk.fill(leave=30 * MB)

    code, _, err = target.run("restore", str(backed_up(on_sqlite)))

    assert code == 2
    assert "MB ở đó. Hãy dọn đĩa rồi chạy lại lệnh này." in err
    assert is_empty(target)
    assert target.files() == {}


def test_files_and_database_that_only_fit_one_without_the_other_are_refused(on_sqlite, target, disk):
    disk.fill(leave=FILES * (BYTES + 4096) + MB)

    code, _, err = target.run("restore", str(backed_up(on_sqlite)))

    assert code == 2
    assert "MB ở đó. Hãy dọn đĩa rồi chạy lại lệnh này." in err
    assert target.files() == {}


# No room to read the database; a little, for the first step but not for the others.
@pytest.mark.parametrize(
    ("leave", "words"),
    [
        (0, "tracker.sqlite3: đĩa đã đầy. Sửa xong hãy chạy lại lệnh này."),
        (
            48 * 1024,
            "Đĩa của cơ sở dữ liệu đã đầy (database or disk is full). Dữ liệu đã nạp nhưng khôi phục chưa xong",
        ),
    ],
)
def test_a_disk_that_fills_after_the_data_are_in_is_known_and_said_until_the_same_command_goes_on(
    on_sqlite: Place, target: Place, disk: Disk, leave: int, words: str
):
    path = backed_up(on_sqlite)
    (target.folder / "erased.jsonl").write_text("không phải sổ xóa\n")
    first = target.run("restore", str(path))
    (target.folder / "erased.jsonl").unlink()
    disk.fill(leave=leave)
    full = target.run("restore", str(path))
    disk.clear()
    ready, said, begun = target.do("readyz"), findings(target, "restore"), started(target)
    again = target.run("restore", str(path))

    assert first[0] == 2
    assert full[0] == 2
    assert words in full[2]
    assert ready == 503
    assert said == [
        ("error", "Lần khôi phục trước dừng giữa chừng: dữ liệu đã nạp nhưng chưa dùng được, mọi thư bị giữ.")
    ]
    assert begun == (1, "Lần khôi phục trước chưa xong; hãy chạy lại: manage.py restore TÊN-TỆP")
    assert again[0] == 0, again[2]
    assert "làm tiếp từ đó." in again[2]
    assert without_written(target) == without_written(on_sqlite)
    assert findings(target, "restore") == [("ok", "Không có lần khôi phục nào dở dang.")]


def test_killed_while_it_loads_is_said_and_the_program_does_not_begin_with_empty_data(on_sqlite, target):
    path = backed_up(on_sqlite)
    left = target.folder / ".tracker.sqlite3.restoring"
    process = stopped_before_loading(target, path)
    process.send_signal(signal.SIGCONT)
    while not left.exists():
        assert process.poll() is None
        time.sleep(0.001)
    process.kill()
    process.communicate(timeout=120)
    said, begun = findings(target, "restore"), started(target)
    again = target.run("restore", str(path), "--to-empty")

    assert process.returncode == -9
    assert said == [("error", f"Một lần khôi phục đang nạp, hoặc đã bị ngắt lúc nạp: có tệp {left}.")]
    assert begun == (
        1,
        "Lần khôi phục trước bị ngắt lúc đang nạp; hãy chạy lại: manage.py restore TÊN-TỆP. "
        f"Không khôi phục nữa thì xóa tệp: rm {left}",
    )
    assert again[0] == 0, again[2]
    assert not left.exists()
    assert without_written(target) == without_written(on_sqlite)


def test_a_database_server_whose_disk_fills_undoes_everything(on_postgresql: Place, own_server: OwnServer, disk: Disk):
    path, home = backed_up(on_postgresql), on_postgresql.home
    target = home.empty()
    target.settings["BACKUP_KEY"] = BACKUP_KEY
    folder = disk.folder / "tables"
    folder.mkdir()
    shutil.chown(folder, "postgres")
    disk.folder.chmod(0o755)
    execute(own_server, f"CREATE TABLESPACE small LOCATION '{folder}'")
    try:
        execute(own_server, f"ALTER DATABASE {target.database} SET TABLESPACE small")
        disk.fill(leave=4 * MB)
        code, _, err = target.run("restore", str(path))
        was_empty = is_empty(target)
        disk.clear()
        again = target.run("restore", str(path))

        assert code == 2
        assert "đích vẫn như trước: đĩa của cơ sở dữ liệu đã đầy" in err
        assert "No space left on device" in err
        assert was_empty
        assert again[0] == 0, again[2]
        assert without_written(target) == without_written(on_postgresql)
        assert target.files() == on_postgresql.files()
    finally:
        execute(own_server, f"DROP DATABASE {target.database} WITH (FORCE)")
        execute(own_server, "DROP TABLESPACE small")


def execute(server: OwnServer, sql: str) -> None:
    with contextlib.closing(psycopg2.connect(server.address)) as connection:
        connection.autocommit = True
        connection.cursor().execute(sql)


@pytest.mark.parametrize("name", ["on_sqlite", "on_postgresql"])
def test_a_full_disk_ends_a_backup_and_leaves_the_older_ones(request, name: str, disk: Disk):
    place: Place = request.getfixturevalue(name)
    whole = place.run("backup", "--to", str(disk.folder))
    (first,) = sorted(disk.folder.glob("theodoi-*"))
    said = []
    # All but the first files; all files, and the database not.
    for leave in (5 * MB, FILES * BYTES + MB // 8):
        disk.fill(leave=leave)
        said.append(place.run("backup", "--to", str(disk.folder)))
        disk.clear()
    left = sorted(each.name for each in disk.folder.iterdir())

    assert whole[0] == 0
    assert [(code, out) for code, out, _ in said] == [(2, ""), (2, "")]
    assert all("đĩa đã đầy" in err and "Chưa có gì được lưu." in err for _, _, err in said)
    assert left == [".lock", first.name]
    assert place.run("backup", "--check", str(first))[0] == 0


def test_a_database_that_cannot_be_copied_beside_itself_is_no_backup(target: Place, disk: Disk):
    target.do("prepare")
    disk.fill(leave=40 * MB)

    code, _, err = target.run("backup")

    assert code == 2
    assert "Đĩa chứa cơ sở dữ liệu còn" in err
    assert target.shown() == []
    assert target.hidden() == []
