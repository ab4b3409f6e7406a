"""gunicorn in production: `python -m gunicorn -c deploy/gunicorn_conf.py`, under systemd and in the container alike.

Under systemd the listening socket is handed over (theodoi-web.socket) and `bind` is not looked at.
"""

import logging
import os
import sys
from typing import Any

from django.conf import settings
from django.utils import timezone
from gunicorn.glogging import Logger

from directive_tracker import clock, env, workdays
from directive_tracker.logs import HideLinks, JsonFormatter
from directive_tracker.watching import folder

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "directive_tracker.settings")
try:
    # Also reads ENV_FILE, in which the variables below may stand.
    TRUSTED_PROXIES = settings.TRUSTED_PROXIES
    # A sync worker stands still while the database or the virus scanner answers; with twice the cores and one, a core has
    # something to do meanwhile. More only adds memory and database connections: PostgreSQL needs
    # max_connections > (web machines × workers) + (worker machines × (concurrency + 1)) + 10.
    # Not WEB_CONCURRENCY, which gunicorn reads itself and answers with a traceback.
    workers = env.number("WEB_WORKERS", default=2 * (os.cpu_count() or 1) + 1, least=1, most=200)
except env.SettingError as error:
    sys.exit(str(error))

# The workers count together for /metrics; prometheus_client looks for the folder when it is first imported.
metrics_folder = folder.prepare()

from directive_tracker.watching import dead  # noqa: E402 - see above

wsgi_app = "directive_tracker.wsgi:application"
bind = env.text("WEB_BIND", "127.0.0.1:8000")

# Sync workers measured best (2 workers, 2 cores, list page): 262 pages/s with p95 40 ms, against 123 and 90 ms with threads
# (the interpreter's lock) and 92 and 145 ms with ASGI, where kept database connections do not hold. nginx takes slow
# clients off their hands: it buffers request and answer whole.
worker_class = "sync"

# Loaded once, then forked: the workers share the memory of the code, and a new one stands in milliseconds instead of the
# seconds that loading takes, so that a restart keeps nobody waiting. Consequences: `kill -HUP` does not load new code (an
# upgrade restarts the service), and nothing may open a connection, a thread or a random generator while loading.
preload_app = True
# Whatever leaks, in libraries in C above all, ends with its process. Jitter, so that they do not all go at once.
max_requests = 2000
max_requests_jitter = 400

# Work over 2 s is a job; a page that takes a minute is stuck and would hold its worker for ever.
timeout = 60
# Requests in hand may finish; below TimeoutStopSec=35 and stop_grace_period, after which everything is killed.
graceful_timeout = 30
# Between nginx and a sync worker each request has a connection of its own.
keepalive = 2
# Connections that wait while all workers are busy or being replaced.
backlog = 512
# The workers' sign of life is a file touched each second: never on a disk that may be slow or full.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
# Whose X-Forwarded-Proto gunicorn itself believes; over the socket file it is nginx alone.
forwarded_allow_ips = ",".join(map(str, TRUSTED_PROXIES))
# Longer addresses than ours are an attack: filters and search words stay far below.
limit_request_line = 8190
control_socket_disable = True
# No access log: it would hold the secrets of mailed links and what people search for. The program writes its own.
accesslog = None
errorlog = "-"
loglevel = "info"


class SafeLogger(Logger):
    """gunicorn's own lines as JSON, without addresses: neither of machines nor of pages."""

    def setup(self, cfg: Any) -> None:
        """Give every handler our form."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonFormatter())
            if not any(isinstance(one, HideLinks) for one in handler.filters):
                handler.addFilter(HideLinks())

    def warning(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Log; of a request that is none, neither what stood in it nor from where it came."""
        if str(msg).startswith("Invalid request from ip="):
            msg, args = "Invalid request", ()
        super().warning(msg, *args, **kwargs)

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Log with the traceback, without the page's address."""
        if str(msg).startswith("Error handling request"):
            msg, args = "Error handling request", ()
        super().exception(msg, *args, **kwargs)


logger_class = SafeLogger
# What the application's loading writes before its own logging is set up goes the same way.
logging.captureWarnings(True)


def when_ready(server: Any) -> None:
    """Take the calendar's slow first import off the first page: once, before the workers are forked."""
    workdays.warm_up(clock.today().year, timezone.now().year)


def child_exit(server: Any, worker: Any) -> None:
    """What an ended worker counted stays counted."""
    dead.fold(metrics_folder, worker.pid)


def on_exit(server: Any) -> None:
    """Leave nothing behind."""
    folder.remove(metrics_folder)
