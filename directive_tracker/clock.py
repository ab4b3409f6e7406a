"""The clock of due dates, notices and pages.

It is the real clock, but in the demo it can be set to another day, from where it runs on. The
setting is one small file, so that the web server and the worker see a change at once and a
restart can resume. Sessions, throttles, leases and tokens use Django's real time instead.
"""

import fcntl
import json
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

from directive_tracker.vietnamese import ZONE

logger = logging.getLogger(__name__)


class ClockError(RuntimeError):
    """The demo's clock was to be set outside the demo."""


class _Anchor(NamedTuple):
    """At the real moment `real_at` the demo's clock showed `demo_at`."""

    demo_at: datetime
    real_at: datetime

    def at(self, real_now: datetime) -> datetime:
        """What the demo's clock shows at a real moment."""
        return self.demo_at + (real_now - self.real_at)


# Path and state of the file last read, and what it said. Replaced as a whole, never changed,
# so that threads need no lock.
_last_read: tuple[str, tuple[int, int, int], _Anchor | None] | None = None


def now() -> datetime:
    """Return the present moment as an aware datetime in Asia/Ho_Chi_Minh; the demo's, if it is set.

    Arguments: none. Errors: none; a damaged clock file is logged and the real time given.
    """
    real_now = timezone.now()
    anchor = _anchor() if settings.DEMO else None
    return (anchor.at(real_now) if anchor else real_now).astimezone(ZONE)


def today() -> date:
    """Return the present date in Asia/Ho_Chi_Minh; the demo's, if it is set.

    Arguments: none. Errors: none.
    """
    return now().date()


def is_shifted() -> bool:
    """Return whether `now()` differs from the real time: only in the demo, once its clock is set.

    Arguments: none. Errors: none.
    """
    return bool(settings.DEMO and _anchor())


def demo_clock_started() -> bool:
    """Return whether a demo clock is stored, whatever DEMO says (production must refuse to start then).

    Arguments: none. Errors: none.
    """
    return _anchor() is not None


def set_demo_clock(moment: datetime) -> None:
    """Let the demo's clock show this moment now and run on from it.

    Arguments: moment, an aware datetime.
    Errors: ClockError outside the demo, ValueError when the moment is naive, OSError when the file
    cannot be written.
    """
    _only_in_demo()
    if moment.tzinfo is None:
        raise ValueError("an aware datetime is needed")
    with _locked():
        _write(_Anchor(moment, timezone.now()))


def keep_demo_clock() -> None:
    """Store what the demo's clock shows now; the worker does so each minute.

    After a stop `resume_demo_clock` continues from here instead of jumping over the time the
    demo was off. Does nothing while no clock is set.
    Arguments: none. Errors: ClockError outside the demo, OSError when the file cannot be written.
    """
    _only_in_demo()
    # Under the lock, or a clock moved by the banner in the same instant would be undone.
    with _locked():
        anchor = _anchor()
        if anchor:
            real_now = timezone.now()
            _write(_Anchor(anchor.at(real_now), real_now))


def resume_demo_clock() -> datetime | None:
    """Let the stored demo clock run on from the moment it was last kept; for the start of the demo.

    Arguments: none. Returns the moment, or None when no clock is stored.
    Errors: ClockError outside the demo, OSError when the file cannot be written.
    """
    _only_in_demo()
    with _locked():
        anchor = _anchor()
        if anchor is None:
            return None
        _write(_Anchor(anchor.demo_at, timezone.now()))
        return anchor.demo_at.astimezone(ZONE)


def _only_in_demo() -> None:
    """Refuse to touch the clock anywhere but in the demo."""
    if not settings.DEMO:
        raise ClockError("the clock can be set in the demo only")


def _path() -> Path:
    """Where the clock is stored."""
    return Path(settings.VAR_DIR) / "clock.json"


def _anchor() -> _Anchor | None:
    """The stored anchor or None; the file is read again only when it has changed."""
    global _last_read
    path = os.path.join(settings.VAR_DIR, "clock.json")
    try:
        state = os.stat(path)
    except FileNotFoundError:
        return None
    # The inode too: two changes within one tick of the file system's clock have the same mtime.
    stamp = (state.st_mtime_ns, state.st_ino, state.st_size)
    known = _last_read
    if known is not None and known[:2] == (path, stamp):
        return known[2]
    anchor = _read(path)
    _last_read = (path, stamp, anchor)
    return anchor


def _read(path: str) -> _Anchor | None:
    """Read the file; None and a line in the log when it makes no sense."""
    try:
        with open(path, encoding="utf-8") as file:
            stored = json.load(file)
        anchor = _Anchor(datetime.fromisoformat(stored["demo_at"]), datetime.fromisoformat(stored["real_at"]))
        if anchor.demo_at.tzinfo is None or anchor.real_at.tzinfo is None:
            raise ValueError("moments without a time zone")
    except (OSError, ValueError, KeyError, TypeError) as error:
        logger.error("clock file %s cannot be used, showing the real time: %s", path, error)
        return None
    return anchor


def _write(anchor: _Anchor) -> None:
    """Replace the file in one step, so that no reader ever sees half of it."""
    path = _path()
    content = {"demo_at": anchor.demo_at.astimezone(ZONE).isoformat(), "real_at": anchor.real_at.isoformat()}
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix="clock-", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file)
        os.replace(temporary, path)
    except OSError:
        os.unlink(temporary)
        raise


@contextmanager
def _locked() -> Iterator[None]:
    """One writer at a time, among all processes of the demo."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
