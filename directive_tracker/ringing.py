"""Rings for a worker. The queue is only a bell: what is to be done stands in the database and is found by the next tick."""

import logging
import time
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from celery import current_app
from kombu import Connection, pools
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from directive_tracker.breaker import REDIS_PATIENCE, redis_breaker

logger = logging.getLogger(__name__)

# A page waits for the queue no longer than this; workers, for whom it is the work, are more patient (settings).
_HASTY = {"socket_connect_timeout": REDIS_PATIENCE, "socket_timeout": REDIS_PATIENCE, "max_retries": 0}
_AWAY = (KombuError, RedisError, OSError)
# Who says at once that a kept connection is closed (a restart) is asked again on a new one; who is silent is not.
_AT_ONCE = 0.3


def ring(job: str, args: Sequence[Any] = (), **options: Any) -> bool:
    """Ask a worker to run a job soon; whether the queue took it. A queue that is away costs a page less than two seconds, once.

    Args:
        job: the name of the Celery function.
        args: its arguments.
        options: of Celery's send_task, `expires` for example.
    """
    if redis_breaker.is_open:
        return False
    began = time.monotonic()
    try:
        try:
            _publish(job, args, options)
        except _AWAY:
            if time.monotonic() - began > _AT_ONCE:
                raise
            _publish(job, args, options)
    except _AWAY as error:
        redis_breaker.failed(error)
        logger.warning("no bell for %s, the next tick will find the work: %s", job, error.__class__.__name__)
        return False
    redis_breaker.works()
    return True


def _publish(job: str, args: Sequence[Any], options: dict[str, Any]) -> None:
    connection = _connection(str(current_app.conf.broker_url))
    with pools.producers[connection].acquire(block=True, timeout=1) as producer:
        current_app.send_task(job, args=args, producer=producer, retry=False, **options)


@lru_cache(maxsize=4)
def _connection(url: str) -> Connection:
    """The queue as pages ask it; its pool is kombu's, which knows of forks."""
    is_redis = url.startswith("redis")
    return current_app.connection_for_write(url, transport_options=_HASTY if is_redis else {})
