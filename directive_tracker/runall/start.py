"""Before the first page: the port, the lock on the data, the tables, the demo's days and its clock."""

import datetime as dt
import errno
import fcntl
import io
import json
import os
import socket
import time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db.models import Max
from django.utils import timezone

from directive_tracker import clock, env
from records.models import AuditEvent

FIRST_DAY = dt.date(2024, 4, 15)
CLOCK_STARTS = dt.time(8, 0)


class CannotStart(Exception):
    """The message is the one Vietnamese line that says what to do."""


def bound_socket(port: int) -> socket.socket:
    """Return a socket bound to 127.0.0.1:port; raises CannotStart when the port is taken.

    It does not listen yet: whoever waits for the port must not find it open before pages can be served.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EACCES:
            raise CannotStart(f"Không được phép dùng cổng {port}; hãy chạy: make run PORT=8000") from error
        raise CannotStart(f"Cổng {port} đang bận; hãy chạy với cổng khác: make run PORT={port + 1}") from error
    return listener


def locked_data(folder: Path, *, patience: float = 10.0) -> io.TextIOWrapper:
    """Return the open lock file of this data; the children inherit it, so it is held as long as any of them runs.

    Waits up to `patience` seconds for the children of a parent that was killed; raises CannotStart when the data are in use.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = open(folder / "run.lock", "a+", encoding="utf-8")  # noqa: SIM115 - stays open for the life of the process
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError as error:
            if _holder_lives(file) or time.monotonic() > until:
                file.close()
                raise CannotStart(
                    f"Chương trình đang chạy với dữ liệu trong {folder}; hãy dừng lần chạy trước (Ctrl+C ở cửa sổ đó)"
                ) from error
            time.sleep(0.2)
    file.seek(0)
    file.truncate()
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


def _holder_lives(file: io.TextIOWrapper) -> bool:
    """Return whether the parent that wrote its number into the lock file still runs."""
    file.seek(0)
    written = file.read().strip()
    if not written.isdigit():
        return True
    try:
        os.kill(int(written), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def newest_stored_event() -> dt.datetime | None:
    """Return the moment of the newest event in the journal, or None while it is empty."""
    return AuditEvent.objects.aggregate(newest=Max("at"))["newest"]


def prepare_demo(today: dt.date | str | None) -> None:
    """Play the demo up to its day where that is needed, and let its clock run.

    today: TODAY as given (a date or "now"), None when it was not. Raises CannotStart for a day before the newest event.
    """
    seeded = settings.VAR_DIR / "demo-seeded.json"
    if today is None and seeded.exists() and clock.demo_clock_started():
        clock.resume_demo_clock()
        return
    newest = newest_stored_event()
    newest_day = timezone.localdate(newest) if newest else None
    if today is None:
        # Also the way on after a first start that was broken off.
        day = max(FIRST_DAY, newest_day or FIRST_DAY)
    else:
        day = dt.datetime.now(timezone.get_default_timezone()).date() if today == env.NOW else today
        if newest_day and day < newest_day:
            raise CannotStart(
                f"TODAY={day} sớm hơn việc mới nhất đã ghi ({newest_day}); hãy chọn ngày từ {newest_day} trở đi, "
                f"hoặc xóa thư mục {settings.VAR_DIR} để bắt đầu lại"
            )
    call_command("seed_demo", today=day)
    clock.set_demo_clock(clock_start(day, newest_stored_event()))
    seeded.write_text(json.dumps({"today": day.isoformat()}), encoding="utf-8")


def clock_start(day: dt.date, newest: dt.datetime | None) -> dt.datetime:
    """Return where the demo's clock begins: 08:00 of the day, or just after the newest event where that is later."""
    morning = dt.datetime.combine(day, CLOCK_STARTS, timezone.get_default_timezone())
    return max(morning, newest + dt.timedelta(seconds=1)) if newest else morning
