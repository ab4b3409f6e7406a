"""The number of a request travels with the jobs it asks for, so that a line of a worker's log leads back to it; and how often
which job ran is counted in the database, where every machine's /metrics finds it.

The functions listen to Celery's own signals (directive_tracker/celery.py), the only place between a sender and a worker.
"""

import logging
import os
import re
import socket
import time
from typing import Any

from celery import Task
from celery.states import SUCCESS
from django.apps import apps
from django.core.cache import cache
from django.db import Error, transaction
from django.db.models import F
from django.db.models.functions import Now

from directive_tracker.watching import ids

# Headers of a message. A job of a job carries the number on; what beat rings for begins a new one.
REQUEST_ID, QUEUED_AT, BEAT = "request_id", "queued_at", "beat"
# Which beats rang lately: name → moment (seconds). Two of them harm nothing, but somebody should know.
BEATS, BEATS_FOR = "watching.beats", 180
_BEAT_FORM = re.compile(r"[\w.-]{1,80}:\d{1,10}")

logger = logging.getLogger("directive_tracker.jobs")
_open: dict[str, tuple[Any, float]] = {}
_beat: list[str] = []


def this_is_beat(**kwargs: object) -> None:
    """This process is the one that rings each minute."""
    _beat[:] = [f"{socket.gethostname()[:80]}:{os.getpid()}"]


def label(headers: dict[str, Any] | None = None, **kwargs: object) -> None:
    """Write onto a message which request it goes back to, and when it was sent (seconds of the real clock)."""
    if headers is not None:
        headers[REQUEST_ID] = ids.current() or ids.new()
        headers[QUEUED_AT] = time.time()
        if _beat:
            headers[BEAT] = _beat[0]


def begin(task_id: str, task: Task, **kwargs: object) -> None:
    """From here on the worker's lines carry the number."""
    given = ids.accepted(getattr(task.request, REQUEST_ID, None))
    block = ids.under(given or ids.new(), job=task.name, job_id=task_id)
    block.__enter__()
    _open[task_id] = (block, time.perf_counter())
    _count(task.name, started=1, last_started_at=Now())
    _note_beat(getattr(task.request, BEAT, None))


def end(task_id: str, task: Task, state: str | None = None, **kwargs: object) -> None:
    """Write one line about how the job ended."""
    block, began = _open.pop(task_id, (None, 0.0))
    if block is None:
        return
    seconds = time.perf_counter() - began
    ms = round(seconds * 1000, 1)
    # Without a state the process was told to end in the middle.
    logger.info("%s %s", task.name, state or "STOPPED", extra={"state": state or "STOPPED", "ms": ms})
    try:
        _count(task.name, ended=1, failed=int(state != SUCCESS), seconds=seconds, last_ended_at=Now())
    finally:
        block.__exit__(None, None, None)


def _count(name: str, **changes: Any) -> None:
    """Add to the job's row. A database that is away costs a count, never a job."""
    tallies = apps.get_model("records", "JobTally")._default_manager
    added = {key: value if key.endswith("_at") else F(key) + value for key, value in changes.items()}
    try:
        # In a block of its own: tests and commands may run a job within a transaction, which must not break.
        with transaction.atomic():
            if not tallies.filter(name=name[:100]).update(**added):
                tallies.bulk_create([tallies.model(name=name[:100])], ignore_conflicts=True)
                tallies.filter(name=name[:100]).update(**added)
    except Error as error:
        logger.warning("not counted: %s (%s)", name, error.__class__.__name__)


def _note_beat(name: object) -> None:
    if not isinstance(name, str) or not _BEAT_FORM.fullmatch(name):
        return
    now = time.time()
    known = cache.get(BEATS) or {}
    recent = {key: at for key, at in known.items() if now - at < BEATS_FOR}
    cache.set(BEATS, {**recent, name: now}, BEATS_FOR)


def recent_beats() -> list[str]:
    """Names ("machine:process") of the beats that rang within the last three minutes."""
    now = time.time()
    return sorted(name for name, at in (cache.get(BEATS) or {}).items() if now - at < BEATS_FOR)
