"""The number of the present request, carried into whatever it sets off: log lines, error pages, jobs, the jobs of jobs.

It is set for the length of one request or one job and is empty in commands. Threads and greenlets have their own.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

# What nginx calls $request_id, or a UUID. Nothing else is taken over: the number stands in every line of the log, and a
# free text could carry anything into it.
_FORM = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Running:
    """What this thread is at work on: the request it goes back to and, in a worker, the job."""

    request_id: str
    job: str = ""
    job_id: str = ""


_running: ContextVar[Running | None] = ContextVar("watching_running", default=None)


def running() -> Running | None:
    """What runs now, None outside requests and jobs."""
    return _running.get()


def current() -> str:
    """The number of the request (in a job: of the one that asked for it), "" outside."""
    found = _running.get()
    return found.request_id if found else ""


def new() -> str:
    """A number nobody can guess or meet by chance."""
    return secrets.token_hex(16)


def accepted(text: object) -> str:
    """The number as somebody trusted gave it, "" where it is none."""
    return text if isinstance(text, str) and _FORM.fullmatch(text) else ""


def begin(request_id: str) -> None:
    """From here on this thread works for the request, until `end`."""
    _running.set(Running(request_id))


def end(**kwargs: object) -> None:
    """The answer is sent (Django's request_finished): what comes now belongs to nobody."""
    _running.set(None)


@contextmanager
def under(request_id: str, *, job: str = "", job_id: str = "") -> Iterator[Running]:
    """Work for a request (and as a job) within the block."""
    found = Running(request_id, job, job_id)
    token = _running.set(found)
    try:
        yield found
    finally:
        _running.reset(token)


@contextmanager
def back_to(request_id: str) -> Iterator[None]:
    """Go on for the request that asked for this work, where it is known; the job stays what it is."""
    found = _running.get()
    with under(request_id or current(), job=found.job if found else "", job_id=found.job_id if found else ""):
        yield
