"""What ended workers counted is kept in one file, not one file each.

gunicorn replaces its workers after some thousand requests. Left alone, prometheus_client keeps the files of each for ever:
after a busy week a scrape would read thousands.
"""

from pathlib import Path

from prometheus_client.mmap_dict import MmapedDict

from directive_tracker.watching.folder import locked

KEPT = "ended"
_SUMMED = ("counter", "histogram")


def fold(folder: Path, pid: int) -> None:
    """Add what the worker counted to what all ended ones did, and remove its files. Called by gunicorn when it is gone."""
    with locked(folder, alone=True):
        for kind in _SUMMED:
            left = folder / f"{kind}_{pid}.db"
            if left.exists():
                _add(left, folder / f"{kind}_{KEPT}.db")
                left.unlink()
        for left in folder.glob(f"gauge_live*_{pid}.db"):
            left.unlink()


def _add(source: Path, target: Path) -> None:
    sums = MmapedDict(str(target))
    try:
        for key, value, _, _ in MmapedDict.read_all_values_from_file(str(source)):
            known, _ = sums.read_value(key)
            sums.write_value(key, known + value, 0.0)
    finally:
        sums.close()
