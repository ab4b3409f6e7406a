"""The folder in which gunicorn's workers count together (prometheus_client's multiprocess mode).

prometheus_client looks for the folder when it is first imported: `prepare` comes before that, in gunicorn's settings. Without
a folder (one process, as under `make run`) the figures stand in the process's memory.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "PROMETHEUS_MULTIPROC_DIR"
_LOCK = "lock"


def prepare() -> Path:
    """Make a fresh folder, in memory where there is such a place, and name it in the environment for all workers.

    A folder that the environment names already is used and emptied: what an earlier server counted is over.
    """
    given = os.environ.get(NAME, "")
    if given:
        folder = Path(given)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in folder.glob("*.db"):
            left.unlink(missing_ok=True)
        return folder
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="theodoi-metrics-", dir=memory))
    os.environ[NAME] = str(folder)
    return folder


def remove(folder: Path) -> None:
    """Take the folder away when the server ends."""
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def locked(folder: Path, *, alone: bool) -> Iterator[None]:
    """Read the folder with others, or change what stands in it alone."""
    handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)
