"""How the whole stands at this moment, in figures: the same whichever machine is asked.

Each part stands for itself: what cannot be asked is missing, and `tracker_part_up` says which. Ten statements at most, each
along an index; nothing is counted that grows with the years.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import redis
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Count, Min, Q
from django.utils import timezone
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from directive_tracker import clock, replica
from directive_tracker.backups.container import NAME
from directive_tracker.watching.jobs import QUEUED_AT, recent_beats
from notifications.models import Message, MessageState, Pulse
from records.models import AuditEvent, Job, JobTally
from records.models.jobs import JobState

# Seconds that a scrape waits for Redis.
PATIENCE = 1.0
AWAY = (Error, RedisError, OSError)
Part = Callable[[], Iterator[Metric]]


class State(Collector):
    """Asks everything anew at each scrape."""

    def __init__(self, *, is_database_there: bool = True) -> None:
        self.is_database_there = is_database_there

    def describe(self) -> list[Metric]:
        """Nothing is known before it is asked; without this the registry would ask at once."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The figures of all parts, and of each part whether it could be asked."""
        up = GaugeMetricFamily("tracker_part_up", "Whether this part could be asked at this scrape.", labels=["part"])
        there = self.is_database_there
        for name, part in PARTS.items():
            if name in OF_DATABASE and not there:
                up.add_metric([name], 0)
                continue
            try:
                # All of a part or nothing of it.
                found = list(part())
            except AWAY:
                up.add_metric([name], 0)
                there = there and name != "database"
                continue
            up.add_metric([name], 1)
            yield from found
        yield up


def _gauge(name: str, help_text: str, value: float | None) -> Iterator[Metric]:
    if value is not None:
        yield GaugeMetricFamily(name, help_text, value=value)


def _age(moment: datetime | None, now: datetime) -> float | None:
    return None if moment is None else max(0.0, (now - moment).total_seconds())


# --- the database ------------------------------------------------------------------------------------


def _database() -> Iterator[Metric]:
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    yield from _gauge("tracker_database_seconds", "Seconds of the least question.", time.perf_counter() - began)


@lru_cache(maxsize=1)
def newest_migrations() -> frozenset[tuple[str, str]]:
    """The last migration of each room, as the code has it; the code does not change while a process lives."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def pending_rooms() -> list[str]:
    """Rooms whose tables are older than the code. One statement. Errors: those of the database."""
    applied = set(MigrationRecorder.Migration.objects.using("default").values_list("app", "name"))
    return sorted({app for app, name in newest_migrations() - applied})


def _migrations() -> Iterator[Metric]:
    yield from _gauge("tracker_migrations_pending", "Rooms whose tables are older than the code.", len(pending_rooms()))


def _tick() -> Iterator[Metric]:
    last, held = Pulse.objects.filter(pk=1).values_list("last_tick", "held_since").first() or (None, None)
    yield from _gauge("tracker_tick_age_seconds", "Seconds since the last tick.", _age(last, timezone.now()))
    yield from _gauge("tracker_sending_held", "Whether all sending is held.", float(held is not None))


def _messages() -> Iterator[Metric]:
    now = clock.now()
    waiting = GaugeMetricFamily("tracker_messages", "Messages that are not out yet, or given up.", labels=["state"])
    failing = GaugeMetricFamily(
        "tracker_messages_failing", "Waiting messages whose last try failed.", labels=["channel"]
    )
    counts = dict.fromkeys(("planned", "held", "sending"), 0)
    by_channel = {"mail": 0, "webhook": 0, "sms": 0}
    oldest = None
    rows = (
        Message.objects.waiting()
        .order_by()
        .values_list("state", "address__channel")
        .annotate(
            count=Count("pk"),
            failed=Count("pk", filter=Q(attempts__gt=0, state=MessageState.PLANNED)),
            oldest=Min("due_at", filter=Q(due_at__lte=now) & ~Q(state=MessageState.HELD)),
        )
    )
    for state, channel, count, failed, due in rows:
        counts[state] += count
        by_channel[channel or "mail"] += failed
        oldest = min(filter(None, (oldest, due)), default=None)
    counts["dead"] = Message.objects.filter(state=MessageState.DEAD).count()
    for state, count in counts.items():
        waiting.add_metric([state], count)
    for channel, count in by_channel.items():
        failing.add_metric([channel], count)
    yield from (waiting, failing)
    yield from _gauge("tracker_messages_oldest_due_seconds", "Age of the oldest due message.", _age(oldest, now) or 0.0)
    today = GaugeMetricFamily("tracker_messages_today", "Today's messages by state.", labels=["state"])
    of_today = Message.objects.filter(day=clock.today()).order_by().values_list("state").annotate(count=Count("pk"))
    for state, count in of_today:
        today.add_metric([state], count)
    yield today


def _jobs() -> Iterator[Metric]:
    started = CounterMetricFamily("tracker_jobs_started", "Jobs begun.", labels=["job"])
    ended = CounterMetricFamily("tracker_jobs_ended", "Jobs ended, well or not.", labels=["job"])
    failed = CounterMetricFamily("tracker_jobs_failed", "Jobs that ended with an error.", labels=["job"])
    seconds = CounterMetricFamily("tracker_jobs_seconds", "Seconds of all ended jobs.", labels=["job"])
    for tally in JobTally.objects.all():
        started.add_metric([tally.name], tally.started)
        ended.add_metric([tally.name], tally.ended)
        failed.add_metric([tally.name], tally.failed)
        seconds.add_metric([tally.name], tally.seconds)
    yield from (started, ended, failed, seconds)
    open_jobs = Q(state__in=[JobState.QUEUED, JobState.RUNNING])
    waits, runs, oldest = Job.objects.filter(open_jobs).aggregate(
        waits=Count("pk", filter=Q(state=JobState.QUEUED)),
        runs=Count("pk", filter=Q(state=JobState.RUNNING)),
        oldest=Min("created_at", filter=Q(state=JobState.QUEUED)),
    ).values()  # fmt: skip
    work = GaugeMetricFamily("tracker_work", "Long work that people asked for, by state.", labels=["state"])
    work.add_metric(["queued"], waits)
    work.add_metric(["running"], runs)
    yield work
    yield from _gauge(
        "tracker_work_oldest_seconds", "Age of the oldest waiting work.", _age(oldest, clock.now()) or 0.0
    )


def _audit() -> Iterator[Metric]:
    unsealed = AuditEvent.objects.filter(number__isnull=True)
    count, oldest = unsealed.order_by().aggregate(count=Count("pk"), oldest=Min("at")).values()
    yield from _gauge("tracker_audit_unsealed", "Rows of the log that wait to be sealed.", count)
    yield from _gauge(
        "tracker_audit_unsealed_oldest_seconds", "Age of the oldest unsealed row.", _age(oldest, clock.now()) or 0.0
    )
    newest = AuditEvent.objects.filter(number__isnull=False).order_by("-number").values_list("number", "at").first()
    if newest is not None:
        yield from _gauge("tracker_audit_rows", "Number of the last sealed row.", newest[0])
        yield from _gauge("tracker_audit_newest_seconds", "Age of the last sealed row.", _age(newest[1], clock.now()))


def _replica() -> Iterator[Metric]:
    if replica.ALIAS not in settings.DATABASES:
        return
    yield from _gauge("tracker_replica_lag_seconds", "How far the replica is behind.", replica.standing()[1])


# --- the queue ---------------------------------------------------------------------------------------


def queue_state() -> tuple[int, float | None]:
    """How many jobs wait in the queue and for how many seconds the first of them. Errors: RedisError, OSError."""
    url = settings.CELERY_BROKER_URL
    if url.startswith("redis"):
        client = redis.Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
        try:
            # New ones come from the left, workers take from the right.
            with client.pipeline(transaction=False) as asked:
                asked.llen("celery")
                asked.lindex("celery", -1)
                length, first = asked.execute()
        finally:
            client.close()
        return length, _queued_for(first)
    if not url.startswith("filesystem"):
        return 0, None
    folder = Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"])
    moments = [entry.stat().st_mtime for entry in os.scandir(folder) if entry.name.endswith(".msg")]
    return len(moments), max(0.0, time.time() - min(moments)) if moments else None


def _queued_for(message: bytes | None) -> float | None:
    """Seconds since the message was sent, None where it does not say."""
    try:
        at = json.loads(message or b"{}").get("headers", {}).get(QUEUED_AT)
    except (ValueError, AttributeError):
        return None
    return max(0.0, time.time() - at) if isinstance(at, int | float) else None


def _queue() -> Iterator[Metric]:
    length, oldest = queue_state()
    yield from _gauge("tracker_queue_length", "Jobs that wait in the queue.", length)
    yield from _gauge("tracker_queue_oldest_seconds", "Age of the first job in the queue.", oldest or 0.0)


def _beat() -> Iterator[Metric]:
    yield from _gauge("tracker_beats", "Beats that rang within three minutes.", len(recent_beats()))


# --- files -------------------------------------------------------------------------------------------


def newest_backup() -> datetime | None:
    """When the newest whole backup was made, None without one. Errors: OSError."""
    folder = settings.BACKUP_DIR
    if not Path(folder).is_dir():
        return None
    named = [(entry, NAME.fullmatch(entry.name)) for entry in os.scandir(folder)]
    moments = [entry.stat().st_mtime for entry, found in named if found and not found["incomplete"]]
    return datetime.fromtimestamp(max(moments), UTC) if moments else None


def _backup() -> Iterator[Metric]:
    newest = newest_backup()
    yield from _gauge("tracker_backups", "Whether there is a whole backup.", float(newest is not None))
    yield from _gauge("tracker_backup_age_seconds", "Age of the newest whole backup.", _age(newest, timezone.now()))


def _storage() -> Iterator[Metric]:
    if not isinstance(default_storage, FileSystemStorage) or not os.path.isdir(settings.MEDIA_ROOT):
        return
    disk = os.statvfs(settings.MEDIA_ROOT)
    yield from _gauge("tracker_storage_free_bytes", "Free space for files.", disk.f_bavail * disk.f_frsize)
    yield from _gauge("tracker_storage_size_bytes", "Size of the disk for files.", disk.f_blocks * disk.f_frsize)


OF_DATABASE = frozenset({"migrations", "tick", "messages", "jobs", "audit"})
PARTS: dict[str, Part] = {
    "database": _database,
    "migrations": _migrations,
    "tick": _tick,
    "messages": _messages,
    "jobs": _jobs,
    "audit": _audit,
    "replica": _replica,
    "queue": _queue,
    "beat": _beat,
    "backup": _backup,
    "storage": _storage,
}
