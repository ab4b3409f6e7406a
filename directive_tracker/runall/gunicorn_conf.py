"""gunicorn under `make run`: one process, eight threads, nothing but what the parent gives it."""

import os

from django.utils import timezone

from directive_tracker import clock, workdays
from directive_tracker.runall.processes import end_with_parent

wsgi_app = "directive_tracker.wsgi:application"
worker_class = "gthread"
workers = 1
threads = 8
timeout = 120
graceful_timeout = 3
keepalive = 5
loglevel = "warning"
control_socket_disable = True
if os.access("/dev/shm", os.W_OK):
    worker_tmp_dir = "/dev/shm"


def post_fork(server, worker) -> None:
    """The worker process ends with gunicorn itself."""
    end_with_parent()


def post_worker_init(worker) -> None:
    """Take the calendar's slow first import off the first page."""
    workdays.warm_up(clock.today().year, timezone.now().year)
