"""Is the process alive, and is it ready? For load balancers and monitors; no sign-in, no data."""

import datetime as dt
import os

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu import Connection
from kombu.exceptions import OperationalError

from directive_tracker.backups import loading
from directive_tracker.watching.state import pending_rooms
from notifications.models import Pulse

# The tick comes every minute; after three missed ones somebody should look.
TICK_OVERDUE = dt.timedelta(minutes=3)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer as long as the process lives; touches nothing else."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether database, queue, tables and tick are in order.

    503 when pages cannot work. A missing tick is "degraded" with 200: the pages work, taking web servers out would not help.
    """
    database = _database()
    report = {
        "database": database,
        "queue": _queue(settings.CELERY_BROKER_URL),
        "migrations": _migrations() if database == "ok" else "unknown",
    }
    if database == "ok" and loading.mark_is_there():
        # The data are there, but people who were erased may be too: nobody may work with them yet.
        report["restore"] = "unfinished"
    failed = any(word != "ok" for word in report.values())
    tick, fresh = _tick()
    status = "failed" if failed else "ok" if fresh else "degraded"
    return JsonResponse({"status": status, **report, "last_tick": tick}, status=503 if failed else 200)


def _database() -> str:
    """Return "ok" or "unreachable"."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return "unreachable"
    return "ok"


def _queue(url: str) -> str:
    """Return "ok" or "unreachable"; the folder of the embedded default must be writable."""
    if url.startswith("filesystem"):
        folder = settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_out"]
        return "ok" if os.access(folder, os.W_OK) else "unreachable"
    try:
        with Connection(url, connect_timeout=2) as queue:
            queue.ensure_connection(max_retries=0, timeout=2)
    except (OperationalError, OSError):
        return "unreachable"
    return "ok"


def _migrations() -> str:
    """Return "ok", or "pending" while the code expects tables that are not there yet."""
    try:
        return "pending" if pending_rooms() else "ok"
    except Error:
        return "unknown"


def _tick() -> tuple[str | None, bool]:
    """Return the moment of the last round of reminding, by the database's clock, and whether it is recent enough."""
    try:
        last = Pulse.objects.filter(pk=1).values_list("last_tick", flat=True).first()
    except Error:
        return None, False
    if last is None:
        return None, False
    return last.isoformat(), timezone.now() - last < TICK_OVERDUE
