"""The bell: asks the worker to look into the outbox now. Without it the mail leaves with the next minute's tick."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

TICK = "notifications.tick"
# The beat rings every minute anyway; an older ring has nothing left to say.
EXPIRES_SECONDS = 55

logger = logging.getLogger(__name__)
_silent: ContextVar[bool] = ContextVar("bell_silent", default=False)


@contextmanager
def silenced() -> Iterator[None]:
    """Nobody is rung for within the block: whoever plays the past runs the rounds of its days himself."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def ring() -> None:
    """Ask for a round now; a broker that is away is logged and nothing else (the row in the database is the truth)."""
    if _silent.get():
        return
    try:
        current_app.send_task(TICK, expires=EXPIRES_SECONDS)
    except (OperationalError, OSError) as error:
        logger.warning("no bell, the next tick will find the mail: %s", error)


def ring_after_commit() -> None:
    """Ring once the running transaction has committed; not at all if it is rolled back."""
    transaction.on_commit(ring)
