"""The bell: asks the worker to look into the outbox now. Without it the mail leaves with the next minute's tick."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction

from directive_tracker import ringing

TICK = "notifications.tick"
SYSTEMS = "notifications.tell_systems"
# The beat rings every minute anyway; an older ring has nothing left to say.
EXPIRES_SECONDS = 55

_silent: ContextVar[bool] = ContextVar("bell_silent", default=False)


@contextmanager
def silenced() -> Iterator[None]:
    """Nobody is rung for within the block: whoever plays the past runs the rounds of its days himself."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def ring(job: str = TICK) -> None:
    """Ask for a round now, of mail or of what goes to other systems; a broker that is away is logged and nothing else (the
    row in the database is the truth)."""
    if _silent.get():
        return
    ringing.ring(job, expires=EXPIRES_SECONDS)


def ring_after_commit() -> None:
    """Ring once the running transaction has committed; not at all if it is rolled back."""
    transaction.on_commit(ring)
