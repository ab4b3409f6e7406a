"""The disk is full: under the database, and under the files that people send."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest

from tests import services
from tests.faults.conftest import Report
from tests.faults.harness import NOW, House, OwnRedis, OwnServer, scenario
from tests.faults.sink import Behaviour

pytestmark = pytest.mark.faults
SmallDisk = Callable[[int], Path]


@pytest.fixture
def small_disk() -> Iterator[SmallDisk]:
    """small_disk(megabytes) → a folder that holds no more than that."""
    mounted: list[Path] = []

    def mount(megabytes: int) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="tracker-disk-"))
        command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
        if subprocess.run(command, check=False, capture_output=True).returncode:
            folder.rmdir()
            # Neither apt nor PyPI can give the right to mount, so this is no failure anywhere.
            pytest.skip("không được phép gắn đĩa tạm (mount -t tmpfs) trên máy này")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        shutil.rmtree(folder, ignore_errors=True)


def fill(folder: Path) -> Path:
    """Leave no byte free; the file that takes them."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        block = b"x" * 65536
        with contextlib.suppress(OSError):
            while True:
                file.write(block)
        with contextlib.suppress(OSError):
            while True:
                file.write(b"x")
    return ballast


@pytest.fixture
def full_house(small_disk: SmallDisk, own_redis: OwnRedis, tmp_path: Path) -> Iterator[tuple[House, OwnServer, Path]]:
    """A house whose database lies on a small disk."""
    disk = small_disk(320)
    folder = disk / "postgres"
    folder.mkdir()
    disk.chmod(0o711)
    try:
        server = OwnServer(folder)
    except services.Unavailable as reason:
        services.give_up(str(reason))
    house = House(server, own_redis.url, tmp_path)
    yield house, server, disk
    house.close()
    server.close()


def test_22_a_full_disk_under_the_database_loses_nothing(
    full_house: tuple[House, OwnServer, Path], report: Report, tmp_path: Path
):
    house, server, disk = full_house
    with scenario(house, 300, tmp_path, Behaviour(slow=0.1)) as scene:
        scene.workers(4)
        scene.wait_until(lambda: len(scene.sink.accepted) > 60, seconds=60, what="60 mails")
        ballast = fill(disk)
        scene.cut_from_database()
        # The next piece of the database's journal cannot be written: the server gives up.
        for _ in range(3):
            with contextlib.suppress(psycopg2.Error):
                scene.ask("SELECT pg_switch_wal()")
        with pytest.raises(psycopg2.OperationalError):
            scene.ask("SELECT 1")
        time.sleep(5)
        assert all(process.lives for process in scene.processes)
        ballast.unlink()
        with contextlib.suppress(RuntimeError):
            server.crash()
        server.start()

        verdict = report("22 disk full (database)", "5 s without a byte", scene.finish())

    verdict.assert_kept()
    assert verdict.doubled <= 4


def test_22_a_full_disk_under_the_files_refuses_in_words_and_keeps_no_half(
    small_disk: SmallDisk, own_server: OwnServer, own_redis: OwnRedis, tmp_path: Path
):
    disk = small_disk(4)
    house = House(own_server, own_redis.url, tmp_path, MEDIA_ROOT=str(disk))
    with contextlib.closing(house), scenario(house, 0, tmp_path) as scene:
        assert scene.do("attach", size=1_000_000, now=NOW) == {"refusal": "", "rows": 1, "files": 1}
        # Room for half of the next file.
        with (disk / "ballast").open("wb") as file:
            file.write(b"x" * 2_500_000)
        refused = scene.do("attach", size=1_500_000, now=NOW)
        os.unlink(disk / "ballast")
        again = scene.do("attach", size=1_500_000, now=NOW)

    assert refused == {
        "refusal": "Máy chủ không còn chỗ để lưu tệp “bao-cao.txt”; tệp chưa được nhận. "
        "Hãy báo quản trị viên rồi gửi lại sau.",
        "rows": 1,
        "files": 2,
    }
    assert again == {"refusal": "", "rows": 2, "files": 2}
