"""`manage.py runall`: the whole embedded default under one parent – web server, worker and beat."""

import argparse
import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from types import FrameType

from celery import current_app
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from directive_tracker.backups import loading
from directive_tracker.demo import DEMO_ACCOUNTS, demo_password
from directive_tracker.runall import start
from directive_tracker.runall.processes import Child, end_with_parent, stop_all
from records import headfile

STOP_SECONDS = 8
FIRST_PAGE_SECONDS = 60


class Command(BaseCommand):
    """Prepare the data, start the children, say where it is; stop everything when one ends or we are asked to."""

    help = "Chạy trang web, việc nền và lịch trên một máy (make run)."
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """--end-with-parent: stop when the process that started us ends, even by kill -9 (make run asks for it)."""
        parser.add_argument("--end-with-parent", action="store_true")

    def handle(self, *args: object, **options: object) -> None:
        """Run until stopped: exit code 0 after SIGTERM or Ctrl-C, 1 when it cannot start or a child ended by itself."""
        _on_stop_signals(_leave)
        if options["end_with_parent"]:
            end_with_parent()
        try:
            if not settings.EMBEDDED:
                raise start.CannotStart("runall chỉ chạy trên một máy (EMBEDDED=true); xem .env.example")
            lock = start.locked_data(settings.VAR_DIR)
            listener = start.bound_socket(settings.PORT)
            self._prepare()
        except start.CannotStart as reason:
            sys.exit(str(reason))
        stopping = threading.Event()
        _on_stop_signals(lambda number, frame: stopping.set())
        children = _start_children(lock.fileno(), listener.fileno())
        # The children hold the socket now; ours would keep the port taken after them.
        listener.close()
        try:
            self._ring()
            address = f"http://127.0.0.1:{settings.PORT}/"
            if _first_page(address, children, stopping):
                self._say_where(address)
            ended = _watch(children, stopping)
        finally:
            stop_all(children, seconds=STOP_SECONDS)
        if ended is not None:
            sys.exit(f"{ended.name} đã dừng (mã {ended.ended()}), nên tất cả dừng theo")

    def _prepare(self) -> None:
        """Bring tables and demo up to date; our connection is closed before anyone forks."""
        _refuse_half_restored()
        # migrate rewrites permissions even when there is nothing to do; a warm start need not wait for that.
        executor = MigrationExecutor(connection)
        if settings.DEMO and not executor.loader.applied_migrations:
            # Somebody threw the demo's database away to begin again; its head file would call the new log a cut one.
            headfile.set_aside()
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0)
        if settings.DEMO:
            start.prepare_demo(settings.TODAY)
        connections.close_all()

    def _ring(self) -> None:
        """Ask for the first ticks now; beat's own come a minute later."""
        for name in ("tracker.heartbeat", "notifications.tick"):
            current_app.send_task(name)

    def _say_where(self, address: str) -> None:
        """Print the accounts and, last, the address."""
        if settings.DEMO:
            self.stdout.write("\nTài khoản dùng thử (DỮ LIỆU THỬ – SỐ LIỆU GIẢ ĐỊNH):")
            for username, who in DEMO_ACCOUNTS:
                self.stdout.write(f"  {username:<15} {who}")
            self.stdout.write(f"Demo password: {demo_password()}")
        self.stdout.write(address)
        self.stdout.flush()


def _on_stop_signals(handler: Callable[[int, FrameType | None], object]) -> None:
    """Let SIGTERM, Ctrl-C and a closed terminal call the handler."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, handler)


def _leave(number: int, frame: FrameType | None) -> None:
    """End at once: nothing has been started yet."""
    sys.exit(0)


def _start_children(lock: int, listener: int) -> list[Child]:
    """Start web server and worker; `lock` and `listener` are open files they inherit."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore:You're running the worker"}
    web = [sys.executable, "-m", "gunicorn", "-c", "python:directive_tracker.runall.gunicorn_conf"]
    web += ["--bind", f"fd://{listener}"]
    worker = [sys.executable, "-m", "celery", "--quiet", "-A", "directive_tracker", "worker", "-B", "-P", "threads"]
    worker += ["-c", "2", "-l", "WARNING", "-s", str(settings.VAR_DIR / "beat"), "-n", "runall@%h"]
    worker += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return [
        Child("Máy chủ web", web, environment=environment, keep=(lock, listener)),
        Child("Việc nền", worker, environment=environment, keep=(lock,)),
    ]


def _first_page(address: str, children: list[Child], stopping: threading.Event) -> bool:
    """Wait until the first page answers; False when that did not happen because something ended."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + FIRST_PAGE_SECONDS
    while time.monotonic() < until and not stopping.is_set() and all(child.ended() is None for child in children):
        try:
            opener.open(address, timeout=FIRST_PAGE_SECONDS).close()
            return True
        except urllib.error.HTTPError:
            # It answers, if not well; the address is worth more than silence.
            return True
        except OSError:
            time.sleep(0.1)
    return False


def _refuse_half_restored() -> None:
    """Errors: CannotStart where a restore is not through. To begin with new, empty data would hide that it is missing."""
    left = loading.left_half()
    if left and loading.state_of_target()[0] in ("empty", "unused"):
        raise start.CannotStart(
            "Lần khôi phục trước bị ngắt lúc đang nạp; hãy chạy lại: manage.py restore TÊN-TỆP. "
            f"Không khôi phục nữa thì xóa tệp: rm {left}"
        )
    if loading.mark_is_there():
        raise start.CannotStart("Lần khôi phục trước chưa xong; hãy chạy lại: manage.py restore TÊN-TỆP")


def _watch(children: list[Child], stopping: threading.Event) -> Child | None:
    """Wait until asked to stop (None) or until a child has ended (that one)."""
    while not stopping.wait(0.3):
        for child in children:
            if child.ended() is not None:
                return child
    return None
