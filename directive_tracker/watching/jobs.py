"""The number of a request travels with the jobs it asks for, so that a line of a worker's log leads back to it.

The functions listen to Celery's own signals (directive_tracker/celery.py), the only place between a sender and a worker.
"""

import logging
import time
from typing import Any

from celery import Task

from directive_tracker.watching import ids

# Headers of a message. A job of a job carries the number on; what beat rings for begins a new one.
REQUEST_ID, QUEUED_AT = "request_id", "queued_at"

logger = logging.getLogger("directive_tracker.jobs")
_open: dict[str, tuple[Any, float]] = {}


def label(headers: dict[str, Any] | None = None, **kwargs: object) -> None:
    """Write onto a message which request it goes back to, and when it was sent (seconds of the real clock)."""
    if headers is not None:
        headers[REQUEST_ID] = ids.current() or ids.new()
        headers[QUEUED_AT] = time.time()


def begin(task_id: str, task: Task, **kwargs: object) -> None:
    """From here on the worker's lines carry the number."""
    given = ids.accepted(getattr(task.request, REQUEST_ID, None))
    block = ids.under(given or ids.new(), job=task.name, job_id=task_id)
    block.__enter__()
    _open[task_id] = (block, time.perf_counter())


def end(task_id: str, task: Task, state: str | None = None, **kwargs: object) -> None:
    """Write one line about how the job ended."""
    block, began = _open.pop(task_id, (None, 0.0))
    if block is None:
        return
    ms = round((time.perf_counter() - began) * 1000, 1)
    # Without a state the process was told to end in the middle.
    logger.info("%s %s", task.name, state or "STOPPED", extra={"state": state or "STOPPED", "ms": ms})
    block.__exit__(None, None, None)
